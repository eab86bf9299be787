package app

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
	"simpul/internal/registry/audit"
	"simpul/internal/registry/duty"
	"simpul/internal/registry/retention"
	"simpul/internal/registry/signin"
)

// retain builds the room of retention and names who drops what is over.
func (h *Hub) retain() {
	h.Retention = retention.New(h.db, h.Proposals, clock.System)
	h.Retention.Keep(trailKeeper{h.db, clock.System})
	h.Retention.Keep(
		keeper{"notice", func(ctx context.Context, before time.Time) (int64, error) { return h.Notices.Prune(ctx, before) }},
		keeper{"evidence", func(ctx context.Context, before time.Time) (int64, error) { return h.Exchanges.Prune(ctx, before) }},
		h.recordKeeper(simpul.Terbuka), h.recordKeeper(simpul.Terbatas), h.recordKeeper(simpul.Tertutup),
		keeper{"violation", func(ctx context.Context, before time.Time) (int64, error) { return h.violations.Prune(ctx, before) }},
		keeper{"metering-hour", func(ctx context.Context, before time.Time) (int64, error) { return h.Metering.PruneHours(ctx, before) }},
		keeper{"metering-day", func(ctx context.Context, before time.Time) (int64, error) { return h.Metering.PruneDays(ctx, before) }},
		keeper{"tracker", func(ctx context.Context, before time.Time) (int64, error) { return h.Tracker.Prune(ctx, before) }},
		keeper{"tracker-key", func(ctx context.Context, before time.Time) (int64, error) { return h.trackerKeys.Prune(ctx, before) }},
		keeper{"incident", func(ctx context.Context, before time.Time) (int64, error) { return h.Incidents.Prune(ctx, before) }},
		keeper{"onboarding", func(ctx context.Context, before time.Time) (int64, error) { return h.Onboarding.Prune(ctx, before) }},
		keeper{"session", func(ctx context.Context, before time.Time) (int64, error) { return h.SignIn.PruneSessions(ctx, before) }},
		keeper{"signin", func(ctx context.Context, before time.Time) (int64, error) { return h.SignIn.PruneAttempts(ctx, before) }},
	)
}

// keeper has a room drop what is over. The rooms are named when they are called:
// not all of them are open when the keepers are made.
type keeper struct {
	kind  string
	prune func(context.Context, time.Time) (int64, error)
}

func (k keeper) Kind() string { return k.kind }

func (k keeper) Prune(ctx context.Context, before time.Time) (int64, error) {
	return k.prune(ctx, before)
}

// prunings is where the trail shows everything that was ever dropped of a kind.
func prunings(kind string) string {
	return audit.ListPath + "?" + url.Values{"action": {"retention.prune"}, "subject": {kind}}.Encode()
}

func (h *Hub) retentionScreens(mux *http.ServeMux) {
	retention.NewPages(h.Retention, signin.Gate(), duty.PagePath, prunings,
		retention.Further{Title: simpul.Text{ID: "Kunci catatan dan pemusnahannya", EN: "Keys of records and their destruction"}, Href: evidence.KeysPath}).Register(mux)
}

func (h *Hub) retentionAPI(api *httpapi.API) { retention.Register(api, h.Retention) }

// trailKeeper drops the oldest events of the audit trail, never those of the
// last year.
type trailKeeper struct {
	db  *sqldb.DB
	now clock.Clock
}

func (trailKeeper) Kind() string { return "trail" }

func (k trailKeeper) Prune(ctx context.Context, before time.Time) (n int64, err error) {
	if floor := k.now().AddDate(0, 0, -retention.TrailFloor); before.After(floor) {
		before = floor
	}
	err = k.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		n, err = trail.Prune(ctx, tx, before)
		return err
	})
	return n, err
}

// keeping is the act of changing how long something is kept.
type keeping struct{ room *retention.Service }

func (keeping) Name() string             { return retention.ActionChange }
func (keeping) Needs() simpul.Permission { return simpul.WriteRetention }
func (keeping) Title() simpul.Text {
	return simpul.Text{ID: "Ubah masa simpan", EN: "Change how long something is kept"}
}

// SubjectName is what the pages call the kind.
func (keeping) SubjectName(kind string) simpul.Text { return retention.TitleOf(kind) }

func (k keeping) State(ctx context.Context, tx *sqldb.Tx, subject string) ([]byte, error) {
	return k.room.Present(ctx, tx, subject)
}

func (k keeping) Execute(ctx context.Context, tx *sqldb.Tx, p duty.Proposal) error {
	return k.room.PutApproved(ctx, tx, actor(p.Decider), p.Before, p.Content)
}

func (keeping) Show(content []byte) ([]duty.Fact, error) {
	w, err := retention.ReadWish(content)
	return []duty.Fact{
		{Term: simpul.Text{ID: "Disimpan (hari)", EN: "Kept for (days)"}, Value: strconv.Itoa(w.Days)},
		{Term: simpul.Text{ID: "Dasar hukum", EN: "Legal basis"}, Value: w.Basis},
	}, err
}

// actor is who the trail names for a party of a proposal.
func actor(p duty.Party) simpul.Principal { return simpul.Principal{ID: p.ID, Account: p.Account} }
