package agency_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/agency"
)

const (
	bandung  = "bandungkota.go.id"
	sumedang = "sumedangkab.go.id"
	layanan  = "layanan@" + bandung
)

var (
	operator = simpul.Acting("t-operator", simpul.RoleOperator, "")
	public   = simpul.Acting("t-nobody", simpul.RoleAdmin, "") // a role that needs an agency, without one
	monday   = time.Date(2026, 11, 23, 9, 0, 0, 123_456_789, time.UTC)
)

func adminOf(id string) simpul.Principal {
	return simpul.Acting("t-"+id, simpul.RoleAdmin, simpul.AgencyID(id))
}

// room is the agency room on a database, with a clock that the test moves.
type room struct {
	db           *sqldb.DB
	now          time.Time
	agencies     *agency.Agencies
	applications *agency.Applications
	notices      []simpul.Notice
}

// Notify keeps what people would be told, each key once.
func (r *room) Notify(_ context.Context, _ *sqldb.Tx, n simpul.Notice) error {
	known := func(other simpul.Notice) bool { return n.Key != "" && n.Key == other.Key }
	if !slices.ContainsFunc(r.notices, known) {
		r.notices = append(r.notices, n)
	}
	return nil
}

func (r *room) clock() time.Time { return r.now }

func newRoom(db *sqldb.DB) *room {
	r := &room{db: db, now: monday}
	clock := func() time.Time { return r.now }
	r.agencies, r.applications = agency.NewAgencies(db, clock, r), agency.NewApplications(db, clock, r)
	return r
}

// furnished is a room with two agencies and one application of the first.
func furnished(t *testing.T, db *sqldb.DB) *room {
	t.Helper()
	r := newRoom(db)
	r.putAgency(t, bandung, false)
	r.putAgency(t, sumedang, false)
	r.putApplication(t, layanan)
	return r
}

func specOf(id string, suspended bool) agency.Spec {
	return agency.Spec{Name: "Pemerintah " + id, Level: agency.Kota, Region: "32.73", Suspended: suspended}
}

func (r *room) putAgency(t testing.TB, id string, suspended bool) {
	t.Helper()
	if _, err := r.agencies.Put(t.Context(), operator, id, specOf(id, suspended), false); err != nil {
		t.Fatal(err)
	}
}

func (r *room) putApplication(t testing.TB, id string) {
	t.Helper()
	if _, err := r.applications.Put(t.Context(), operator, id, agency.ApplicationSpec{Name: "Layanan Warga"}, false); err != nil {
		t.Fatal(err)
	}
}

func (r *room) issue(t testing.TB, application string) (agency.Key, simpul.Secret) {
	t.Helper()
	key, secret, err := r.applications.IssueKey(t.Context(), operator, application, agency.KeyWish{Label: "uji"})
	if err != nil {
		t.Fatal(err)
	}
	return key, secret
}

// exec runs statements as the nation.
func exec(t testing.TB, db *sqldb.DB, statements ...string) {
	t.Helper()
	err := db.Write(context.Background(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, s := range statements {
			if _, err := tx.Exec(context.Background(), s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// revisionsAfter is what a follower of the revision log would be given.
func revisionsAfter(t testing.TB, db *sqldb.DB, after int64) (all []sqldb.Revision) {
	t.Helper()
	err := db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		all, err = sqldb.All(t.Context(), tx, func(scan sqldb.Scan) (r sqldb.Revision, err error) {
			return r, scan(&r.Seq, &r.Kind, &r.ID)
		}, `SELECT seq, kind, id FROM revision WHERE seq > $1 ORDER BY seq`, after)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func lastRevision(t testing.TB, db *sqldb.DB) int64 {
	t.Helper()
	last, err := db.LastRevision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return last
}

// checkRefusal checks the code and the place, and that both languages say what
// is wrong and what to do.
func checkRefusal(t *testing.T, err error, code simpul.Code, place string) {
	t.Helper()
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok || e.Code != code || e.Place != place {
		t.Errorf("got %v, want %s at %q", err, code, place)
		return
	}
	for _, text := range []simpul.Text{e.Message, e.Remedy} {
		if text.ID == "" || text.EN == "" || text.ID == text.EN {
			t.Errorf("%+v does not speak both languages", text)
		}
	}
}

// nobody is told anything.
type nobody struct{}

func (nobody) Notify(context.Context, *sqldb.Tx, simpul.Notice) error { return nil }
