package traffic

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

const (
	kemendagri simpul.AgencyID      = "kemendagri.go.id"
	bandung    simpul.AgencyID      = "bandungkota.go.id"
	layanan    simpul.ApplicationID = "layanan@bandungkota.go.id"
	kota       simpul.Address       = "master/Kota"
	izin       simpul.GrantID       = "izin-bandung"
	grantKind  simpul.SubjectKind   = simpul.SubjectGrant
)

var (
	operator = simpul.Acting("t-operator", simpul.RoleOperator, "")
	provider = simpul.Acting("t-provider", simpul.RoleProvider, kemendagri)
	consumer = simpul.Acting("t-consumer", simpul.RoleProvider, bandung)
	stranger = simpul.Acting("t-stranger", simpul.RoleProvider, "bps.go.id")
	nobody   = simpul.Acting("t-nobody", simpul.RoleProvider, "") // a role that needs an agency, without one
	everyone = httpapi.Page{Limit: 1000}
)

// ticking is a clock that the test moves.
type ticking struct{ at time.Time }

func (c *ticking) now() time.Time       { return c.at }
func (c *ticking) pass(d time.Duration) { c.at = c.at.Add(d) }

// registry knows one grant of kemendagri to layanan on kota.
type registry struct {
	ratePerMin int
	origins    int
}

func (r registry) Parties(_ context.Context, p simpul.Principal, s simpul.Subject) (Parties, error) {
	known := map[string]Parties{
		"grant/" + string(izin):          {kemendagri, bandung},
		"lid/" + string(kota):            {kemendagri, ""},
		"application/" + string(layanan): {"", bandung},
		"agency/" + string(bandung):      {"", bandung},
	}
	parties, ok := known[s.String()]
	if !ok || !p.Scope().Covers(parties.Provider) && !p.Scope().Covers(parties.Consumer) && s.Kind != simpul.SubjectLID {
		return Parties{}, simpul.NotFound(kindLimit, s.String())
	}
	return parties, nil
}

func (r registry) Declared(_ context.Context, p simpul.Principal, _ []simpul.Subject) (all []Declared, err error) {
	if r.ratePerMin > 0 && (p.Scope().Covers(kemendagri) || p.Scope().Covers(bandung)) {
		all = append(all, Declared{Subject: simpul.Subject{Kind: grantKind, ID: string(izin)}, RatePerMin: r.ratePerMin, Parties: Parties{kemendagri, bandung}})
	}
	if r.origins > 0 && p.Scope().Covers(kemendagri) {
		all = append(all, Declared{Subject: simpul.Subject{Kind: simpul.SubjectLID, ID: string(kota)}, Title: "Kota", Origins: r.origins, Parties: Parties{kemendagri, ""}})
	}
	return all, nil
}

// node is a limiter on a database, at the clock.
func node(t testing.TB, db *sqldb.DB, name string, clock *ticking) *Limiter {
	t.Helper()
	calendar, err := ParseCalendar("")
	if err != nil {
		t.Fatal(err)
	}
	l := New(Config{DB: db, Calendar: calendar, Calls: 1 << 20, Node: name, Clock: clock.now, Log: slog.New(slog.DiscardHandler)})
	if err := l.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return l
}

func serviceOn(t testing.TB, db *sqldb.DB, r registry, clock *ticking) *Service {
	t.Helper()
	calendar, err := ParseCalendar("")
	if err != nil {
		t.Fatal(err)
	}
	return NewService(db, r, calendar, clock.now)
}

// set stores a limit as the operator.
func set(t testing.TB, db *sqldb.DB, clock *ticking, id string, spec Spec) {
	t.Helper()
	if _, err := serviceOn(t, db, registry{}, clock).Put(t.Context(), operator, id, spec, false); err != nil {
		t.Fatal(err)
	}
}

// follow refreshes a limiter as the revision log would.
func follow(t testing.TB, l *Limiter, ids ...string) {
	t.Helper()
	var changes []sqldb.Revision
	for _, id := range ids {
		changes = append(changes, sqldb.Revision{Kind: revisionLimit, ID: id})
	}
	if err := l.Refresh(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
}

var plainRoute = &simpul.Route{Address: kota, Owner: kemendagri}

// callAt is a call of layanan to kota.
func callAt(at time.Time, perMinute int) Call {
	return Call{Grant: izin, Application: layanan, RatePerMin: perMinute, Route: plainRoute, At: at}
}

// admitted makes calls that end at once, until one is refused or there were so
// many, and returns how many were admitted and the refusal.
func admitted(l *Limiter, c Call, most int) (n int, err error) {
	for n < most {
		p, err := l.Admit(c)
		if err != nil {
			return n, err
		}
		p.Release()
		n++
	}
	return n, nil
}

// checkRefusal checks the code, and that both languages say what is wrong and
// what to do.
func checkRefusal(t testing.TB, err error, code simpul.Code) *simpul.Error {
	t.Helper()
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok || e.Code != code {
		t.Fatalf("got %v, want %s", err, code)
	}
	for _, text := range []simpul.Text{e.Message, e.Remedy} {
		if text.ID == "" || text.EN == "" || text.ID == text.EN {
			t.Errorf("%+v does not speak both languages", text)
		}
	}
	return e
}
