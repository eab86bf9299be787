package standard_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/standard"
)

func TestAListIsStoredAsItWasGiven(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := furnished(t, db)
		got, err := r.lists.Get(t.Context(), public, string(standard.Kemendagri))
		if err != nil {
			t.Fatal(err)
		}
		provinces := somProvinces()
		want := listSpec(kemendagri, append(provinces, code("91.71", "Kota Jayapura", "91")))
		want.Successions, want.Mappings, want.Count = standard.KemendagriHistory(), standard.KemendagriToBPS(provinces), 8
		want.Codes = slices.Concat(want.Codes[:2], want.Codes[7:], want.Codes[2:7]) // in order of code
		if diff := cmp.Diff(want, got.Spec); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		again, err := r.lists.Put(t.Context(), steward, string(standard.Kemendagri), got.Spec, false)
		if diff := cmp.Diff(got.Spec, again.Spec); err != nil || diff != "" || again.Created {
			t.Errorf("%v (-before +after)\n%s", err, diff)
		}
		bare := got.Spec
		bare.Codes, bare.Successions, bare.Mappings = nil, nil, nil // as a list of lists shows it
		kept, err := r.lists.Put(t.Context(), steward, string(standard.Kemendagri), bare, false)
		if diff := cmp.Diff(got.Spec, kept.Spec); err != nil || diff != "" {
			t.Errorf("what was not given is gone: %v (-before +after)\n%s", err, diff)
		}
		bare.Successions, bare.Mappings = []standard.Succession{}, []standard.Mapping{}
		emptied, err := r.lists.Put(t.Context(), steward, string(standard.Kemendagri), bare, false)
		if err != nil || len(emptied.Spec.Codes) != 8 || len(emptied.Spec.Successions) != 0 || len(emptied.Spec.Mappings) != 0 {
			t.Errorf("what was given empty stays: %+v %v", emptied.Spec, err)
		}
	})
}

// The same code answers per date, and a question without a list is refused
// where the lists disagree.
func TestTheSameCodeAnswersPerDate(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := furnished(t, db)
		renamed := []standard.Code{during(code("7", "Lama", ""), "", "2020-01-01"), during(code("7", "Baru", ""), "2020-01-01", "")}
		r.put(t, steward, "contoh", listSpec(kemendagri, renamed))
		for _, c := range []struct {
			list, code string
			on         standard.Day
			want       string
		}{
			{"contoh", "7", "2019-12-31", "Lama"},
			{"contoh", "7", "2020-01-01", "Baru"},
			{"contoh", "7", "", "Baru"},
			{"wilayah-kemendagri", "91", "", "Papua"},
			{"wilayah-bps", "91", "", "Papua Barat"},
			{"wilayah-kemendagri", "93", "2022-07-25", "Papua Selatan"},
			{"", "32", "", "Jawa Barat"},
		} {
			var got standard.Found
			var err error
			if c.list == "" {
				got, err = r.lists.Find(t.Context(), public, c.code, c.on)
			} else {
				got, err = r.lists.Lookup(t.Context(), public, c.list, c.code, c.on)
			}
			if err != nil || got.Name.ID != c.want {
				t.Errorf("%s %s on %s: %q %v, want %q", c.list, c.code, c.on, got.Name.ID, err, c.want)
			}
		}
		_, err := r.lists.Lookup(t.Context(), public, "wilayah-kemendagri", "93", "2022-07-24")
		checkRefusal(t, err, simpul.CodeNotFound, "query.date")
		_, err = r.lists.Lookup(t.Context(), public, "wilayah-kemendagri", "93", "kemarin")
		checkRefusal(t, err, simpul.CodeInvalid, "query.date")
		_, err = r.lists.Lookup(t.Context(), public, "wilayah-kemendagri", "00", "")
		checkRefusal(t, err, simpul.CodeNotFound, "")
		_, err = r.lists.Find(t.Context(), public, "91", "")
		checkRefusal(t, err, simpul.CodeConflict, "query.list")
		for _, candidate := range []string{"Papua (wilayah-kemendagri)", "Papua Barat (wilayah-bps)"} {
			if !strings.Contains(err.Error(), candidate) {
				t.Errorf("%v does not name %s", err, candidate)
			}
		}
	})
}

// 34 provinces became 38 within half a year.
func TestTheProvincesOf2022(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := furnished(t, db)
		for day, want := range map[standard.Day]int{"2022-07-24": 3, "2022-07-25": 6, "2022-12-07": 6, "2022-12-08": 7} {
			for _, list := range []standard.ListID{standard.Kemendagri, standard.BPS} {
				all, err := r.lists.Codes(t.Context(), public, string(list), standard.CodeQuery{On: day, Limit: 100})
				if err != nil || len(all) != want {
					t.Errorf("%s on %s: %d provinces, want %d: %v", list, day, len(all), want, err)
				}
			}
		}
		got, err := r.lists.Lookup(t.Context(), public, "wilayah-bps", "94", "")
		if err != nil || len(got.Mappings) != 1 || got.Mappings[0].List != standard.Kemendagri || got.Mappings[0].Target != "91" {
			t.Errorf("BPS 94 is %+v, %v", got.Mappings, err)
		}
		history, err := r.lists.History(t.Context(), public, "wilayah-kemendagri", "94")
		if err != nil || len(history.Successions) != 1 || !strings.Contains(history.Successions[0].Source, "UU Nomor 15") || len(history.Successions[0].To) != 4 {
			t.Errorf("%+v, %v", history, err)
		}
	})
}

func TestListsThatCannotBe(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := furnished(t, db)
		for _, c := range []struct {
			name, id string
			change   func(*standard.ListSpec)
			code     simpul.Code
			place    string
		}{
			{"a bad name", "Wilayah", func(*standard.ListSpec) {}, simpul.CodeInvalid, "metadata.id"},
			{"an agency that is not there", "x", func(s *standard.ListSpec) { s.Agency = "none.go.id" }, simpul.CodeDenied, ""},
			{"an event on a day without its codes", "x", func(s *standard.ListSpec) {
				s.Successions = []standard.Succession{{Day: "2020-01-01", Kind: standard.Split, From: []string{"1"}, To: []string{"2", "3"}}}
			}, simpul.CodeInvalid, "spec.successions[0].to"},
			{"an event of unknown codes", "x", func(s *standard.ListSpec) {
				s.Successions = []standard.Succession{{Day: "2020-01-01", Kind: standard.Replace, From: []string{"8"}, To: []string{"2"}}}
			}, simpul.CodeInvalid, "spec.successions[0].from"},
			{"a split into one", "x", func(s *standard.ListSpec) {
				s.Successions = []standard.Succession{{Day: "2021-01-01", Kind: standard.Split, From: []string{"1"}, To: []string{"2"}}}
			}, simpul.CodeInvalid, "spec.successions[0].from"},
			{"an event without a date", "x", func(s *standard.ListSpec) {
				s.Successions = []standard.Succession{{Kind: standard.Replace, From: []string{"1"}, To: []string{"2"}}}
			}, simpul.CodeInvalid, "spec.successions[0].date"},
			{"a mapping of what no code can be", "x", func(s *standard.ListSpec) {
				s.Mappings = []standard.Mapping{{Code: "1\x00", Relation: standard.Exact, List: "wilayah-bps", Target: "91"}}
			}, simpul.CodeInvalid, "spec.mappings[0].code"},
			{"an event of what no code can be", "x", func(s *standard.ListSpec) {
				s.Successions = []standard.Succession{{Day: "2020-01-01", Kind: standard.Replace, From: []string{"\x00"}, To: []string{"2"}}}
			}, simpul.CodeInvalid, "spec.successions[0]"},
			{"a mapping to nothing", "x", func(s *standard.ListSpec) {
				s.Mappings = []standard.Mapping{{Code: "1", Relation: standard.Exact, List: "wilayah-bps", Target: "00"}}
			}, simpul.CodeInvalid, "spec.mappings[0].target"},
			{"a mapping to itself", "x", func(s *standard.ListSpec) {
				s.Mappings = []standard.Mapping{{Code: "1", Relation: standard.Exact, List: "x", Target: "2"}}
			}, simpul.CodeInvalid, "spec.mappings[0].list"},
			{"exactly two things", "x", func(s *standard.ListSpec) {
				s.Mappings = []standard.Mapping{{Code: "1", Relation: standard.Exact, List: "wilayah-bps", Target: "91"}, {Code: "1", Relation: standard.Exact, List: "wilayah-bps", Target: "94"}}
			}, simpul.CodeInvalid, "spec.mappings[1].target"},
			{"another agency's name", "wilayah-bps", func(*standard.ListSpec) {}, simpul.CodeDenied, ""},
		} {
			t.Run(c.name, func(t *testing.T) {
				s := listSpec(kemendagri, []standard.Code{code("1", "Satu", ""), during(code("2", "Dua", ""), "2021-01-01", ""), during(code("3", "Tiga", ""), "2021-01-01", "")})
				c.change(&s)
				_, err := r.lists.Put(t.Context(), steward, c.id, s, false)
				checkRefusal(t, err, c.code, c.place)
			})
		}
		s := listSpec(bps, nil)
		s.Agency = kemendagri
		_, err := r.lists.Put(t.Context(), operator, "wilayah-bps", s, false)
		checkRefusal(t, err, simpul.CodeConflict, "spec.agency")
	})
}

// A draft is its agency's: to everybody else it does not exist, in the same
// words as what does not exist.
func TestTheWrongTenantReachesNoList(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := furnished(t, db)
		draft := listSpec(kemendagri, []standard.Code{code("rahasia", "RAHASIA", "")})
		draft.State = standard.ListDraft
		r.put(t, steward, "rancangan", draft)
		ctx := t.Context()
		tries := map[string]func(p simpul.Principal, id string) error{
			"Get":    func(p simpul.Principal, id string) error { _, err := r.lists.Get(ctx, p, id); return err },
			"Delete": func(p simpul.Principal, id string) error { return r.lists.Delete(ctx, p, id) },
			"Lookup": func(p simpul.Principal, id string) error {
				_, err := r.lists.Lookup(ctx, p, id, "rahasia", "")
				return err
			},
			"History": func(p simpul.Principal, id string) error {
				_, err := r.lists.History(ctx, p, id, "rahasia")
				return err
			},
			"Codes": func(p simpul.Principal, id string) error {
				_, err := r.lists.Codes(ctx, p, id, standard.CodeQuery{Parent: "*", Limit: 10})
				return err
			},
			"Import": func(p simpul.Principal, id string) error {
				_, err := r.lists.Import(ctx, p, id, standard.CSV, strings.NewReader("code,name_id\n1,a\n"), false)
				return err
			},
			"Export": func(p simpul.Principal, id string) error {
				return r.lists.Export(ctx, p, id, standard.CSV, &strings.Builder{})
			},
		}
		for _, p := range []simpul.Principal{stranger, public} {
			for name, try := range tries {
				existing, missing := try(p, "rancangan"), try(p, "tiada")
				if got, want := words(existing, "rancangan"), words(missing, "tiada"); simpul.CodeOf(existing) != simpul.CodeNotFound || got != want {
					t.Errorf("%s as %q: %q, but what is missing: %q", name, p.ID, got, want)
				}
			}
			if _, err := r.lists.Find(ctx, p, "rahasia", ""); simpul.CodeOf(err) != simpul.CodeNotFound {
				t.Errorf("find: %v", err)
			}
			if n, err := r.lists.Count(ctx, p, "rancangan", ""); n != 0 || err != nil {
				t.Errorf("counts %d, %v", n, err)
			}
			all, err := r.lists.List(ctx, p, httpapi.Page{Limit: 100})
			if err != nil || len(all) != 2 {
				t.Errorf("lists %d, %v", len(all), err)
			}
			_, err = r.lists.Put(ctx, p, "rancangan", draft, false)
			checkRefusal(t, err, simpul.CodeDenied, "")
			if _, err = r.lists.Import(ctx, p, "wilayah-kemendagri", standard.CSV, strings.NewReader("code,name_id\n1,a\n"), false); simpul.CodeOf(err) != simpul.CodeDenied {
				t.Errorf("import into another's published list: %v", err)
			}
			if err = r.lists.Delete(ctx, p, "wilayah-kemendagri"); simpul.CodeOf(err) != simpul.CodeNotFound {
				t.Errorf("delete: %v", err)
			}
		}
		mine := draft
		mine.Agency = bps
		_, err := r.lists.Put(ctx, stranger, "rancangan", mine, false)
		checkRefusal(t, err, simpul.CodeConflict, "")
		if got, err := r.lists.Lookup(ctx, steward, "rancangan", "rahasia", ""); err != nil || got.Name.ID != "RAHASIA" {
			t.Errorf("its owner: %v, %v", got, err)
		}
	})
}

func words(err error, id string) string {
	return strings.ReplaceAll(err.Error(), id, "…")
}
