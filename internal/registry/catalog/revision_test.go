package catalog_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/catalog"
)

const all = math.MaxInt64

// contractWith is a contract whose one answer has the members, by name and type.
func contractWith(members string) json.RawMessage {
	return json.RawMessage(strings.Replace(openAPI, `{"kode":{"type":"string"}}`, members, 1))
}

func contracted(members string) func(*catalog.Spec) {
	return func(s *catalog.Spec) { s.Contract = contractWith(members) }
}

// toldChange is what a list of revisions says to somebody.
func toldChange(t *testing.T, r *room, p simpul.Principal) (lines []string) {
	t.Helper()
	found, err := r.Revisions(t.Context(), p, kota, all, 100)
	if err != nil {
		return []string{plainly(err)}
	}
	for _, one := range found {
		lines = append(lines, strings.Join([]string{one.Version, string(one.State), one.Author}, " "))
	}
	return lines
}

func TestEachChangeLeavesARevision(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, provider := newRoom(t, db), providerOf(kemendagri)
		put := func(change func(*catalog.Spec)) {
			t.Helper()
			r.now = r.now.Add(time.Hour)
			if _, err := r.Put(t.Context(), provider, kota, lid(change), false); err != nil {
				t.Fatal(err)
			}
		}
		put(draft)
		put(nil)
		put(nil)                                                                          // the same
		put(func(s *catalog.Spec) { s.Contract = json.RawMessage(" " + openAPI + "\n") }) // the same to a program
		put(func(s *catalog.Spec) { s.Version = "1.1" })
		if _, err := r.Put(t.Context(), provider, kota, lid(retired), true); err != nil { // a try
			t.Fatal(err)
		}
		if _, err := r.Advance(t.Context(), provider, kota, "closing", "", false); err != nil {
			t.Fatal(err)
		}
		put(retired)
		want := []string{"1.0 retired t-" + kemendagri, "1.1 published t-" + kemendagri, "1.1 published t-" + kemendagri, "1.0 published t-" + kemendagri, "1.0 draft t-" + kemendagri}
		if diff := cmp.Diff(want, toldChange(t, r, provider)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if err := r.Delete(t.Context(), provider, kota); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, toldChange(t, r, provider)); diff != "" {
			t.Errorf("after the LID is deleted (-want +got)\n%s", diff)
		}
		one, err := r.Revision(t.Context(), provider, kota, 3)
		if err != nil || one.Spec.Version != "1.1" || !one.At.Equal(monday.Add(5*time.Hour).Truncate(time.Millisecond)) || len(one.Digest) != 64 {
			t.Errorf("revision 3: %+v, %v", one, err)
		}
	})
}

func TestAnApprovedChangeLeavesARevisionOfItsProposer(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, provider := newRoom(t, db), providerOf(kemendagri)
		closed := lid(func(s *catalog.Spec) { s.Class, s.LegalBasis = simpul.Tertutup, "UU 24/2013" })
		if _, err := r.Put(t.Context(), provider, kota, closed, false); err != nil {
			t.Fatal(err)
		}
		if got := toldChange(t, r, provider); !cmp.Equal(got, []string{plainly(simpul.NotFound(simpul.Text{ID: "LID", EN: "LID"}, kota))}) {
			t.Errorf("a proposal left a revision: %q", got)
		}
		if err := r.approve(t.Context(), provider, r.proposed[0]); err != nil {
			t.Fatal(err)
		}
		if got := toldChange(t, r, provider); len(got) != 1 || !strings.HasPrefix(got[0], "1.0 published") || strings.HasSuffix(got[0], " ") {
			t.Errorf("got %q", got)
		}
	})
}

// Others see what was live, without the origin and without who works there; what
// was never live is toldChange like what is not there.
func TestOthersSeeWhatWasLive(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, kota, lid(draft))
		nothing := plainly(simpul.NotFound(simpul.Text{ID: "LID", EN: "LID"}, kota))
		for _, p := range []simpul.Principal{providerOf(bandung), public} {
			if got := toldChange(t, r, p); !cmp.Equal(got, []string{nothing}) {
				t.Errorf("%s sees of a draft: %q", p.ID, got)
			}
		}
		secret := func(s *catalog.Spec) { draft(s); s.Title, s.Upstream = "Rahasia dapur", "http://10.9.9.9/rahasia" }
		r.put(t, kota, lid(nil))
		r.put(t, kota, lid(secret))
		r.put(t, kota, lid(func(s *catalog.Spec) { s.Version = "1.1" }))
		for _, p := range []simpul.Principal{providerOf(bandung), public} {
			if diff := cmp.Diff([]string{"1.1 published ", "1.0 published "}, toldChange(t, r, p)); diff != "" {
				t.Errorf("%s (-want +got)\n%s", p.ID, diff)
			}
			for number := int64(1); number < 6; number++ {
				one, err := r.Revision(t.Context(), p, kota, number)
				if live := number == 2 || number == 4; live != (err == nil) {
					t.Errorf("%s reads revision %d: %v", p.ID, number, err)
				}
				checkNothingLeaks(t, one)
			}
			c, err := r.Diff(t.Context(), p, kota, 0, 0)
			if err != nil || c.From.Number != 2 || c.To.Number != 4 || len(c.Facts) != 1 {
				t.Errorf("%s compares the last two: %+v, %v", p.ID, c, err)
			}
			checkNothingLeaks(t, c)
			for _, pair := range [][2]int64{{1, 2}, {2, 3}, {3, 4}, {2, 9}} {
				_, err := r.Diff(t.Context(), p, kota, pair[0], pair[1])
				checkRefusal(t, err, simpul.CodeNotFound, "")
			}
		}
		if got := toldChange(t, r, operator); len(got) != 4 {
			t.Errorf("the operator sees %q", got)
		}
	})
}

func checkNothingLeaks(t *testing.T, shown any) {
	t.Helper()
	text, err := json.Marshal(shown)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"10.1.2.3", "10.9.9.9", "Rahasia", "t-operator"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("%s stands in %s", secret, text)
		}
	}
}

// Nothing alters or removes a revision: there is no such statement, and
// PostgreSQL would refuse it.
func TestRevisionsStay(t *testing.T) {
	source, err := os.ReadFile("store.go")
	if err != nil {
		t.Fatal(err)
	}
	if found := regexp.MustCompile(`(?i)(UPDATE|DELETE FROM|TRUNCATE|ON CONFLICT[^;]*)\s+catalog_revision`).Find(source); found != nil {
		t.Errorf("a statement changes revisions: %s", found)
	}
	db := testkit.Postgres(t)
	r := newRoom(t, db)
	r.put(t, kota, lid(nil))
	for _, statement := range []string{`UPDATE catalog_revision SET author = 'lain'`, `DELETE FROM catalog_revision`, `TRUNCATE catalog_revision`} {
		err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(t.Context(), statement)
			return err
		})
		if !errors.Is(err, sqldb.ErrScope) {
			t.Errorf("%s: %v", statement, err)
		}
	}
	err = db.Write(t.Context(), simpul.AgencyScope(bandung), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO catalog_revision (address, number, agency, digest, contract, author, at, version, state, document)
			SELECT address, 99, agency, digest, contract, author, at, version, state, document FROM catalog_revision`)
		return err
	})
	if !errors.Is(err, sqldb.ErrScope) {
		t.Errorf("another agency adds a revision: %v", err)
	}
	if got := toldChange(t, r, operator); len(got) != 1 {
		t.Errorf("got %q", got)
	}
}

// A LID that was stored before there were revisions has what it is as its first,
// which is written when it changes.
func TestALIDOfTheFormerFormGetsItsFirstRevision(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		document, err := json.Marshal(lid(nil))
		if err != nil {
			t.Fatal(err)
		}
		exec(t, db, `INSERT INTO catalog_address (address, agency, retired) VALUES ('`+kota+`', '`+kemendagri+`', false)`,
			`INSERT INTO catalog_lid (address, agency, class, state, title, document, created_at, updated_at)
			VALUES ('`+kota+`', '`+kemendagri+`', 'terbuka', 'published', 'Kota', '`+string(document)+`', 1000, 2000)`)
		check := func(p simpul.Principal, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, toldChange(t, r, p)); diff != "" {
				t.Errorf("%s (-want +got)\n%s", p.ID, diff)
			}
			first, err := r.Revision(t.Context(), p, kota, 1)
			if err != nil || first.At.UnixMilli() != 2000 || first.Spec.Title != lid(nil).Title {
				t.Errorf("%s reads the first: %+v, %v", p.ID, first, err)
			}
		}
		check(public, "1.0 published ")
		check(operator, "1.0 published ")
		r.put(t, kota, lid(nil))
		check(operator, "1.0 published ")
		r.put(t, kota, lid(func(s *catalog.Spec) { s.Version = "1.1" }))
		check(operator, "1.1 published t-operator", "1.0 published ")
		check(public, "1.1 published ", "1.0 published ")
	})
}

// holders is who depends on LIDs, for tests.
type holders map[simpul.Address]int

func (holders) Pin(context.Context, *sqldb.Tx, simpul.Address, string) (func() error, error) {
	return func() error { return nil }, nil
}

func (holders) Tell(context.Context, *sqldb.Tx, simpul.Address, string, simpul.Notice) error {
	return nil
}

func (h holders) InEffect(_ context.Context, _ *sqldb.Tx, address simpul.Address) (int, error) {
	return h[address], nil
}

func (h holders) Agencies(_ context.Context, _ *sqldb.Tx, address simpul.Address) ([]simpul.AgencyID, error) {
	if h[address] == 0 {
		return nil, nil
	}
	return []simpul.AgencyID{bandung}, nil
}

func TestABreakingChangeNeedsAHigherMajorVersion(t *testing.T) {
	const two, one = `{"kode":{"type":"string"},"nama":{"type":"string"}}`, `{"kode":{"type":"string"}}`
	versioned := func(v, members string) catalog.Spec {
		return lid(func(s *catalog.Spec) { s.Version, s.Contract = v, contractWith(members) })
	}
	asDraft := func(s catalog.Spec) catalog.Spec { draft(&s); return s }
	for _, c := range []struct {
		name   string
		grants int
		puts   []catalog.Spec // the last is judged
		place  string         // of the refusal; "" for none
	}{
		{"a field goes", 2, []catalog.Spec{versioned("1.0", two), versioned("1.0", one)}, "spec.contract"},
		{"a field goes under a higher minor version", 2, []catalog.Spec{versioned("1.0", two), versioned("1.9", one)}, "spec.contract"},
		{"a field goes under a higher major version", 2, []catalog.Spec{versioned("1.0", two), versioned("2.0", one)}, ""},
		{"a field goes that nobody may call", 0, []catalog.Spec{versioned("1.0", two), versioned("1.0", one)}, ""},
		{"a field comes", 2, []catalog.Spec{versioned("1.0", one), versioned("1.0", two)}, ""},
		{"nothing changes", 2, []catalog.Spec{versioned("1.0", two), versioned("1.0", two)}, ""},
		{"a draft before it was ever live", 2, []catalog.Spec{asDraft(versioned("1.0", two)), versioned("1.0", one)}, ""},
		{"to be a draft first", 2, []catalog.Spec{versioned("1.0", two), asDraft(versioned("1.0", one)), versioned("1.0", one)}, "spec.contract"},
		{"to be a draft", 2, []catalog.Spec{versioned("1.0", two), asDraft(versioned("1.0", one))}, ""},
		{"the version falls", 0, []catalog.Spec{versioned("1.2", two), versioned("1.1", two)}, "spec.version"},
		{"the major version falls", 0, []catalog.Spec{versioned("10", two), versioned("9.9.9", two)}, "spec.version"},
		{"the version falls as a draft first", 0, []catalog.Spec{versioned("1.2", two), asDraft(versioned("1.0", two)), versioned("1.1", two)}, "spec.version"},
		{"another way to write the version", 0, []catalog.Spec{versioned("1.0", two), versioned("1", two)}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRoom(t, testkit.SQLite(t))
			r.Service.Connect(holders{kota: c.grants}, nil)
			last := len(c.puts) - 1
			for _, s := range c.puts[:last] {
				r.put(t, kota, s)
			}
			before := toldChange(t, r, operator)
			_, err := r.Put(t.Context(), operator, kota, c.puts[last], false)
			if c.place == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			checkRefusal(t, err, simpul.CodeConflict, c.place)
			if diff := cmp.Diff(before, toldChange(t, r, operator)); diff != "" {
				t.Errorf("a refused change left something (-want +got)\n%s", diff)
			}
			plan, perr := r.Plan(t.Context(), operator, kota, c.puts[last])
			if perr != nil || plan.Refused == nil || plainly(plan.Refused) != plainly(err) {
				t.Errorf("the plan says %v (%v), the put %v", plan.Refused, perr, err)
			}
		})
	}
}

func TestTheRefusalNamesWhatBreaksAndTheWayOut(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.Service.Connect(holders{kota: 3}, nil)
		r.put(t, kota, lid(contracted(`{"a":{"type":"string"},"b":{"type":"string"},"c":{"type":"string"},"d":{"type":"string"}}`)))
		_, err := r.Put(t.Context(), providerOf(kemendagri), kota, lid(contracted(`{}`)), false)
		checkRefusal(t, err, simpul.CodeConflict, "spec.contract")
		e, _ := errors.AsType[*simpul.Error](err)
		for _, words := range []string{"3 izin", "GET / → 200 → a", "GET / → 200 → c", "Dan 1 perubahan lain", "2.0", "1.x"} {
			if !strings.Contains(e.Message.ID+e.Remedy.ID, words) {
				t.Errorf("%q is not in %q %q", words, e.Message.ID, e.Remedy.ID)
			}
		}
	})
}

// What the second person approves is judged again.
func TestAnApprovedChangeIsHeldToTheRule(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		closed := func(members string) catalog.Spec {
			return lid(func(s *catalog.Spec) {
				s.Class, s.LegalBasis, s.Contract = simpul.Tertutup, "UU 24/2013", contractWith(members)
			})
		}
		r.put(t, kota, closed(`{"a":{"type":"string"}}`))
		if _, err := r.Put(t.Context(), operator, kota, closed(`{}`), false); err != nil {
			t.Fatal(err)
		}
		r.Service.Connect(holders{kota: 1}, nil)
		checkRefusal(t, r.approve(t.Context(), operator, r.proposed[1]), simpul.CodeConflict, "spec.contract")
		_, err := r.Put(t.Context(), operator, kota, closed(`{"b":{"type":"string"}}`), false)
		checkRefusal(t, err, simpul.CodeConflict, "spec.contract")
	})
}

func TestAPlanOfWhatIsNotThere(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, "master/Rancangan", lid(draft))
		for _, address := range []string{"master/Rancangan", "master/Baru"} {
			c, err := r.Plan(t.Context(), providerOf(bandung), address, lid(func(s *catalog.Spec) { s.Agency = bandung }))
			if err != nil || c.From.Digest != "" || c.Contract.Additions != 1 || c.Refused != nil {
				t.Errorf("%s: %+v, %v", address, c, err)
			}
		}
		r.put(t, kota, lid(nil))
		c, err := r.Plan(t.Context(), providerOf(bandung), kota, lid(contracted(`{}`)))
		if err != nil || c.Contract.Breaking != 1 || c.Refused != nil {
			t.Errorf("against what is live: %+v, %v", c, err)
		}
		c.To = catalog.Revision{} // what was sent
		c.Facts = nil
		checkNothingLeaks(t, c)
	})
}

func TestAHistoryInWords(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		for i, members := range []string{`{"a":{"type":"string"}}`, `{"a":{"type":"string"}}`, `{"a":{"type":"string"},"b":{"type":"string"},"c":{"type":"string"}}`, `{"b":{"type":"string"}}`} {
			r.put(t, kota, lid(func(s *catalog.Spec) { s.Title, s.Contract = "Kota edisi "+string(rune('a'+i)), contractWith(members) }))
		}
		want := []string{"2 perubahan yang memutus", "2 tambahan", "hanya keterangan; kontrak tetap", "bentuk pertama"}
		for range 2 { // read, and remembered
			steps, err := r.History(t.Context(), public, kota, all, 10)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range steps {
				got = append(got, s.Summary().ID)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		}
		page, err := r.History(t.Context(), public, kota, 3, 1)
		if err != nil || len(page) != 1 || page[0].Number != 2 || page[0].First {
			t.Errorf("a page in the middle: %+v, %v", page, err)
		}
		if rest, err := r.History(t.Context(), public, kota, 1, 10); err != nil || len(rest) != 0 {
			t.Errorf("after the last: %+v, %v", rest, err)
		}
	})
}
