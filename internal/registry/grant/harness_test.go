package grant_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/grant"
)

const (
	kemendagri = "kemendagri.go.id"
	bps        = "bps.go.id"
	bandung    = "bandungkota.go.id"
	layanan    = "layanan@" + bandung
	kota       = "master/Kota"
	desa       = "master/Desa"
	rahasia    = "master/Rahasia"
)

var (
	operator  = simpul.Acting("t-operator", simpul.RoleOperator, "")
	public    = simpul.Acting("t-nobody", simpul.RoleProvider, "") // a role that needs an agency, without one
	monday    = time.Date(2026, 11, 23, 9, 0, 0, 123_456_789, time.UTC)
	everyPage = httpapi.Page{Limit: 1000}
)

func of(id string) simpul.Principal {
	return simpul.Acting("t-"+id, simpul.RoleAdmin, simpul.AgencyID(id))
}

// classes are those of the LIDs that somebody may ask for.
func classes() map[simpul.Address]simpul.LIDClass {
	return map[simpul.Address]simpul.LIDClass{kota: simpul.Terbuka, desa: simpul.Terbatas, rahasia: simpul.Tertutup}
}

// shelf is a catalogue: kemendagri provides Kota, Desa, Rahasia and a draft, bps
// provides Sensus. A class may be another for a while.
type shelf struct {
	now map[simpul.Address]simpul.LIDClass
}

func newShelf() *shelf { return &shelf{classes()} }

type fields []string

func (f fields) HasField(path string) bool {
	return strings.Contains(strings.Join(f, " ")+" ", path+" ")
}

func (f fields) HasParameter(name string) bool { return name == "kode" || name == "tahun" }

func (*shelf) Owner(_ context.Context, scope simpul.Scope, address simpul.Address) (simpul.AgencyID, grant.Contract, error) {
	switch {
	case address == kota || address == desa || address == rahasia:
		return kemendagri, fields{"items", "items.kode", "items.nama"}, nil
	case address == "master/Rencana" && scope.Covers(kemendagri):
		return kemendagri, nil, nil
	case address == "statistik/Sensus":
		return bps, fields{"jumlah"}, nil
	}
	return "", nil, simpul.NotFound(simpul.Text{ID: "LID", EN: "LID"}, string(address))
}

func (s *shelf) Subject(ctx context.Context, tx *sqldb.Tx, address simpul.Address) (grant.Subject, error) {
	provider, contract, err := s.Owner(ctx, tx.Scope(), address)
	if err == nil && !tx.Scope().Covers(provider) {
		err = simpul.NotFound(simpul.Text{ID: "LID", EN: "LID"}, string(address))
	}
	return grant.Subject{Provider: provider, Class: s.now[address], Contract: contract, Fields: true}, err
}

// room is the grants on a database with three agencies, their LIDs and two
// applications, and a clock that the test moves.
type room struct {
	*grant.Service
	db    *sqldb.DB
	now   time.Time
	shelf *shelf
	post  *post
}

func newRoom(t testing.TB, db *sqldb.DB) *room {
	t.Helper()
	r := &room{db: db, now: monday, shelf: newShelf(), post: &post{}}
	r.Service = grant.New(db, r.shelf, r.post, grant.DefaultLimits(), r.clock)
	for _, id := range []string{kemendagri, bps, bandung} {
		exec(t, db, fmt.Sprintf(`INSERT INTO agency_agency (id, name, level, created_at, updated_at) VALUES ('%s', 'A', 'nasional', 0, 0)`, id))
	}
	for _, id := range []string{layanan, "lain@" + bandung, "sensus@" + bps} {
		_, agency, _ := strings.Cut(id, "@")
		exec(t, db, fmt.Sprintf(`INSERT INTO agency_application (id, agency, name, created_at, updated_at) VALUES ('%s', '%s', 'A', 0, 0)`, id, agency))
	}
	for address, agency := range map[string]string{kota: kemendagri, desa: kemendagri, rahasia: kemendagri, "master/Rencana": kemendagri, "statistik/Sensus": bps} {
		exec(t, db, fmt.Sprintf(`INSERT INTO catalog_lid (address, agency, class, state, title, document, created_at, updated_at)
			VALUES ('%s', '%s', 'terbuka', 'published', 'T', '{}', 0, 0)`, address, agency))
	}
	return r
}

func (r *room) clock() time.Time { return r.now }

// spec is a grant of kemendagri to bandung, changed.
func spec(change func(*grant.Spec)) grant.Spec {
	s := grant.Spec{LID: kota, Application: layanan, Purpose: "Melayani warga", LegalBasis: "UU 25/2009"}
	if change != nil {
		change(&s)
	}
	return s
}

func (r *room) put(t testing.TB, id string, s grant.Spec) {
	t.Helper()
	if _, err := r.Put(t.Context(), operator, id, s, false); err != nil {
		t.Fatal(err)
	}
}

// nextYear is an end that every class allows.
func nextYear() *time.Time {
	end := monday.AddDate(1, 0, 0).Truncate(time.Hour)
	return &end
}

// closed is a grant of kemendagri on its closed LID to bandung, changed.
func closed(change func(*grant.Spec)) grant.Spec {
	until := monday.AddDate(0, 6, 0).Truncate(time.Hour)
	return spec(func(s *grant.Spec) {
		s.LID, s.Fields, s.Until, s.RatePerMinute = rahasia, []string{"items.kode"}, &until, 60
		s.Agreement = &grant.Agreement{Number: "PKS-12/2026", Date: "2026-11-02"}
		if change != nil {
			change(s)
		}
	})
}

// exec runs a statement as the nation.
func exec(t testing.TB, db *sqldb.DB, statement string) {
	t.Helper()
	err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(t.Context(), statement)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
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

// plainly is what an error says to people, with the name that was tried taken
// out.
func plainly(err error, name string) string {
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok {
		return "uncoded"
	}
	return strings.ReplaceAll(fmt.Sprint(e.Code, e.Place, e.Message, e.Remedy, e.Owner), name, "…")
}
