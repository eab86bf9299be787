package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/duty"
	"simpul/internal/registry/retention"
	"simpul/internal/registry/signin"
)

// openSealing builds what seals the personal part of records, and what knows
// whether the clock is right.
func (h *Hub) openSealing() {
	h.keys = evidence.NewKeys(h.db, sealer{h.vault}, clock.System)
	h.timekeeper = evidence.NewTimekeeper()
}

// openCleaner builds what removes records of this process that are past their
// retention. Whoever reads the journal in order is named here: it holds back what it
// has not read.
func (h *Hub) openCleaner() {
	h.cleaner = evidence.NewCleaner(h.db, h.journal, h.keys, h.keptFor, clock.System,
		evidence.Follower{Name: "index", Position: h.index.Position},
		evidence.Follower{Name: "metering", Position: h.metered},
		evidence.Follower{Name: "log", Position: h.logged},
		evidence.Follower{Name: "tracker", Position: func() uint64 { return behind(h.journal, h.following.Lag) }},
	)
}

// logged is up to where records are in the evidence log; a process that has none
// holds nothing back.
func (h *Hub) logged() uint64 {
	if h.Ledger == nil {
		return h.journal.Last()
	}
	return h.Ledger.Covered()
}

// metered is up to where exchanges are counted, at least.
func (h *Hub) metered() uint64 { return behind(h.journal, h.meter.Lag) }

// behind is the position of a follower that tells how many records it lacks.
func behind(j *evidence.Journal, lag func() uint64) uint64 {
	last := j.Last() // before the lag, which may grow meanwhile
	return last - min(last, lag())
}

// keptFor is for how many days records of each class are kept.
func (h *Hub) keptFor(ctx context.Context) (map[simpul.LIDClass]int, error) {
	days := map[simpul.LIDClass]int{}
	for _, class := range []simpul.LIDClass{simpul.Terbuka, simpul.Terbatas, simpul.Tertutup} {
		rule, err := h.Retention.Rule(ctx, retention.RecordKind(class))
		if err != nil {
			return nil, err
		}
		days[class] = max(rule.Days, rule.Minimum)
	}
	return days, nil
}

// tendJournal removes what is over until ctx ends, after it has made sure that
// nothing else is missing.
func (h *Hub) tendJournal(ctx context.Context) {
	if err := h.cleaner.Check(ctx); err != nil && ctx.Err() == nil {
		h.log.ErrorContext(ctx, "evidence journal: records are missing", "error", err)
		h.tellMissing(ctx, err)
	}
	h.cleaner.Run(ctx, h.log)
}

// tellMissing tells the operators of records that are gone and that no policy removed.
func (h *Hub) tellMissing(ctx context.Context, err error) {
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok {
		return
	}
	r := h.journal.Removal()
	h.tell(ctx, simpul.Notice{
		Topic: "journal.miss", Key: fmt.Sprintf("journal-missing-%s-%d", r.Journal, r.Through), Holding: simpul.WriteRetention, Link: evidence.KeysPath, Urgent: true,
		Title: simpul.Text{ID: "Catatan pertukaran hilang di mesin " + hostname(), EN: "Records of exchanges are missing on machine " + hostname()},
		Body:  simpul.Text{ID: e.Message.ID + " " + e.Remedy.ID, EN: e.Message.EN + " " + e.Remedy.EN},
	}, "")
}

// recordKeeper erases the personal part of records of the class that are over. The
// records themselves are removed by whichever process holds them.
func (h *Hub) recordKeeper(class simpul.LIDClass) keeper {
	k := keeper{kind: retention.RecordKind(class)}
	k.prune = func(ctx context.Context, before time.Time) (int64, error) { return h.keys.Expire(ctx, class, before) }
	return k
}

func (h *Hub) keyScreens(mux *http.ServeMux) {
	evidence.NewKeyPages(h.keys, h.Proposals, signin.Gate(), h.keptFor, duty.PagePath).Register(mux)
}

// destroying is the act of destroying a key before its time.
type destroying struct{ keys *evidence.Keys }

func (destroying) Name() string             { return evidence.ActionDestroy }
func (destroying) Needs() simpul.Permission { return simpul.WriteRetention }
func (destroying) Title() simpul.Text {
	return simpul.Text{ID: "Musnahkan kunci bukti", EN: "Destroy an evidence key"}
}

// SubjectName is the key's own name.
func (destroying) SubjectName(key string) simpul.Text { return simpul.Text{ID: key, EN: key} }

func (d destroying) State(ctx context.Context, tx *sqldb.Tx, subject string) ([]byte, error) {
	return d.keys.Present(ctx, tx, subject)
}

func (d destroying) Execute(ctx context.Context, tx *sqldb.Tx, p duty.Proposal) error {
	return d.keys.DestroyApproved(ctx, tx, actor(p.Decider), p.Content)
}

// Show tells what is lost, since nobody can bring it back.
func (destroying) Show(content []byte) ([]duty.Fact, error) {
	d, err := evidence.ReadDestruction(content)
	key := duty.Fact{Term: simpul.Text{ID: "Kunci", EN: "Key"}, Value: d.Key}
	if d.Reason == "" { // the state before: the key is there
		return []duty.Fact{key}, err
	}
	key.Value = ""
	return []duty.Fact{
		key,
		{Term: simpul.Text{ID: "Terhapus untuk selamanya", EN: "Erased for ever"}, Value: "subject, case, persons, field_key, digest_key: " + d.Key},
		{Term: simpul.Text{ID: "Alasan", EN: "Reason"}, Value: d.Reason},
	}, err
}
