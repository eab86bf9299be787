package standard_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/standard"
)

const (
	kemendagri = "kemendagri.go.id"
	bps        = "bps.go.id"
)

var (
	operator  = simpul.Acting("t-operator", simpul.RoleOperator, "")
	steward   = simpul.Acting("t-steward", simpul.RoleSteward, kemendagri)
	stranger  = simpul.Acting("t-stranger", simpul.RoleSteward, bps)
	authority = simpul.Acting("t-authority", simpul.RoleAuthority, "")
	public    = simpul.Principal{}
	now       = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
)

type room struct {
	db        *sqldb.DB
	lists     *standard.Lists
	standards *standard.Standards
	bindings  *standard.Bindings
	metadata  *standard.Metadatas
	told      []simpul.Notice
}

func newRoom(t testing.TB, db *sqldb.DB) *room {
	t.Helper()
	exec(t, db, `INSERT INTO agency_agency (id, name, level, created_at, updated_at) VALUES
		('kemendagri.go.id', 'Kementerian Dalam Negeri', 'nasional', 0, 0), ('bps.go.id', 'Badan Pusat Statistik', 'nasional', 0, 0)`)
	clock := func() time.Time { return now }
	r := &room{db: db, lists: standard.NewLists(db, clock)}
	r.standards = standard.NewStandards(db, r, clock)
	r.metadata = standard.NewMetadatas(db, r, clock)
	r.bindings = standard.NewBindings(db, shelf{}, clock)
	return r
}

// furnished is a room with the provinces in both lists.
func furnished(t testing.TB, db *sqldb.DB) *room {
	t.Helper()
	r := newRoom(t, db)
	provinces := somProvinces()
	bpsList := listSpec(bps, standard.BPSProvinces(provinces))
	bpsList.Successions = standard.BPSHistory()
	r.put(t, stranger, string(standard.BPS), bpsList)
	list := listSpec(kemendagri, append(provinces, code("91.71", "Kota Jayapura", "91")))
	list.Successions, list.Mappings = standard.KemendagriHistory(), standard.KemendagriToBPS(provinces)
	r.put(t, steward, string(standard.Kemendagri), list)
	return r
}

func somProvinces() (all []standard.Code) {
	for _, p := range [][2]string{{"32", "Jawa Barat"}, {"91", "Papua"}, {"92", "Papua Barat"}, {"93", "Papua Selatan"}, {"94", "Papua Tengah"}, {"95", "Papua Pegunungan"}, {"96", "Papua Barat Daya"}} {
		c := code(p[0], p[1], "")
		c.From, _ = standard.KemendagriSince(p[0])
		all = append(all, c)
	}
	return all
}

func code(id, name, parent string) standard.Code {
	return standard.Code{Code: id, Name: standard.Names{ID: name}, Parent: parent}
}

func during(c standard.Code, from, until standard.Day) standard.Code {
	c.From, c.Until = from, until
	return c
}

func listSpec(agency simpul.AgencyID, codes []standard.Code) standard.ListSpec {
	return standard.ListSpec{Agency: agency, Title: standard.Names{ID: "Kode wilayah", EN: "Region codes"}, State: standard.ListPublished, Codes: codes}
}

func (r *room) put(t testing.TB, p simpul.Principal, id string, s standard.ListSpec) {
	t.Helper()
	if _, err := r.lists.Put(t.Context(), p, id, s, false); err != nil {
		t.Fatal(err)
	}
}

func exec(t testing.TB, db *sqldb.DB, statement string) {
	t.Helper()
	err := db.Write(context.Background(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(context.Background(), statement)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkRefusal checks code and place, and that both languages say what is wrong
// and what to do.
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

// Notify keeps what people are told.
func (r *room) Notify(_ context.Context, _ *sqldb.Tx, n simpul.Notice) error {
	r.told = append(r.told, n)
	return nil
}
