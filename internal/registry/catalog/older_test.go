package catalog_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/catalog"
)

// version is a LID of that version, whose upstream tells it from others.
func version(v string, change func(*catalog.Spec)) catalog.Spec {
	return lid(func(s *catalog.Spec) {
		s.Version, s.Context, s.Upstream = v, "kota", upstream+"/"+v
		if change != nil {
			change(s)
		}
	})
}

const legacyOf = "t/" + kemendagri + "/kota/"

func TestAHigherMajorVersionStandsBesideTheOneBefore(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.callers.inEffect = 3
		r.put(t, kota, version("1.0", nil))
		r.put(t, kota, version("1.2", nil))
		if got := r.callers.topics(); got != nil || r.callers.pinned != nil {
			t.Errorf("within one major version: told %v, pinned %v", got, r.callers.pinned)
		}
		r.put(t, kota, version("2.0", func(s *catalog.Spec) { s.Class, s.LegalBasis = simpul.Terbatas, "UU" }))
		if diff := cmp.Diff([]string{"master/Kota lid.superseded 1"}, r.callers.topics()); diff != "" || !slices.Equal(r.callers.pinned, []string{"master/Kota 1"}) {
			t.Errorf("told %s, pinned %v", diff, r.callers.pinned)
		}
		r.put(t, kota, version("10.0", nil)) // 10 is more than 2
		d := loaded(t, db, silent)
		route, err := d.Resolve(kota)
		if err != nil || route.Version != "10.0" || route.Fixed || route.Ending != nil || len(route.Older) != 2 {
			t.Fatalf("got %+v, %v", route, err)
		}
		for i, want := range []string{"2.0", "1.2"} {
			older := route.Older[i]
			if older.Version != want || older.Upstream.String() != upstream+"/"+want || older.Class != simpul.Terbuka || older.Owner != kemendagri {
				t.Errorf("older %d: got %+v", i, older)
			}
			if e := older.Ending; e == nil || !e.Since.Equal(monday.Truncate(time.Millisecond)) || !e.Sunset.Equal(day(2027, 2, 22)) || e.Successor != kota || e.Version != "10.0" {
				t.Errorf("older %d ends %+v", i, e)
			}
		}
		for _, v := range []string{"1.2", "2.0", "10.0"} {
			if named, err := d.Resolve(legacyOf + v); err != nil || named.Version != v || !named.Fixed || named.Older != nil {
				t.Errorf("%s: got %+v, %v", v, named, err)
			}
		}
		if _, err := d.Resolve(legacyOf + "1.0"); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("what was replaced within one major version: %v", err)
		}
	})
}

// day is its beginning in western Indonesia.
func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.FixedZone("WIB", 7*60*60))
}

func TestHowLongTheVersionBeforeAnswers(t *testing.T) {
	for _, c := range []struct {
		name    string
		until   string
		callers int
		want    time.Time // zero where it is refused
	}{
		{"by default", "", 3, day(2027, 2, 22)},
		{"by default, for nobody", "", 0, day(2027, 2, 22)},
		{"later", "2028-01-01", 3, day(2028, 1, 1)},
		{"thirty days", "2026-12-23", 3, day(2026, 12, 23)},
		{"a day less", "2026-12-22", 3, time.Time{}},
		{"a day less, for nobody", "2026-12-22", 0, day(2026, 12, 22)},
		{"at once, for nobody", "2026-11-23", 0, day(2026, 11, 23)},
		{"no day", "2027-02-30", 0, time.Time{}},
		{"a moment", "2027-02-20T00:00:00Z", 0, time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRoom(t, testkit.SQLite(t))
			r.put(t, kota, version("1.0", nil))
			r.callers.inEffect = c.callers
			_, err := r.Put(t.Context(), providerOf(kemendagri), kota, version("2.0", func(s *catalog.Spec) { s.OlderUntil = c.until }), false)
			if c.want.IsZero() {
				checkRefusal(t, err, simpul.CodeInvalid, "spec.olderUntil")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			route, _ := loaded(t, r.db, silent).Resolve(kota)
			if got := route.Older[0].Ending.Sunset; !got.Equal(c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestTheEndOfTheVersionBeforeCanMove(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, kota, version("1.0", nil))
		r.put(t, kota, version("2.0", nil))
		r.callers.inEffect = 1
		sunset := func() time.Time {
			route, err := loaded(t, db, silent).Resolve(kota)
			if err != nil {
				t.Fatal(err)
			}
			return route.Older[0].Ending.Sunset
		}
		until := func(text string) catalog.Spec {
			return version("2.1", func(s *catalog.Spec) { s.OlderUntil = text })
		}
		r.put(t, kota, until("2027-06-01"))
		if got := sunset(); !got.Equal(day(2027, 6, 1)) {
			t.Errorf("put off: got %v", got)
		}
		r.put(t, kota, until(""))
		if got := sunset(); !got.Equal(day(2027, 6, 1)) {
			t.Errorf("left out: got %v", got)
		}
		_, err := r.Put(t.Context(), operator, kota, until("2026-12-01"), false)
		checkRefusal(t, err, simpul.CodeInvalid, "spec.olderUntil")
		r.now = day(2027, 5, 1)
		r.put(t, kota, until("2027-06-01")) // written back as it was
		if got := sunset(); !got.Equal(day(2027, 6, 1)) {
			t.Errorf("written back: got %v", got)
		}
	})
}

func TestAVersionDoesNotComeBack(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	put := func(v string, change func(*catalog.Spec)) error {
		_, err := r.Put(t.Context(), providerOf(kemendagri), kota, version(v, change), false)
		return err
	}
	for _, c := range []struct {
		version string
		change  func(*catalog.Spec)
		refused bool
	}{
		{"2.0", nil, false}, {"1.9", nil, true}, {"3.0", nil, false}, {"2.0", nil, true}, {"3.0.1", nil, false},
		{"1.0", draft, false}, {"2.0", nil, true}, {"02", nil, true}, {"3", nil, true},
	} {
		err := put(c.version, c.change)
		if c.refused {
			checkRefusal(t, err, simpul.CodeConflict, "spec.version")
		} else if err != nil {
			t.Errorf("%s: %v", c.version, err)
		}
	}
}

// An older call address goes on naming the version that it named: no other LID
// takes it, and it goes with the LID.
func TestAnOlderAddressStaysWithItsVersion(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, kota, version("1.0", nil))
		r.put(t, kota, version("2.0", nil))
		taken := version("1.0", nil)
		_, err := r.Put(t.Context(), providerOf(kemendagri), "master/Desa", taken, false)
		checkRefusal(t, err, simpul.CodeConflict, "spec.context")
		if err := r.Delete(t.Context(), providerOf(kemendagri), kota); err != nil {
			t.Fatal(err)
		}
		r.put(t, "master/Desa", taken)
		r.put(t, kota, lid(nil)) // begins anew, without what came before
		route, err := loaded(t, db, silent).Resolve(kota)
		if err != nil || route.Version != "1.0" || len(route.Older) != 0 {
			t.Errorf("got %+v, %v", route, err)
		}
	})
}

// The database itself keeps another agency from earlier versions.
func TestEarlierVersionsAreTheirOwners(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, kota, version("1.0", nil))
		r.put(t, kota, version("2.0", nil))
		_, err := r.Put(t.Context(), providerOf(bandung), kota, version("3.0", nil), false)
		checkRefusal(t, err, simpul.CodeDenied, "")
		_, err = r.Put(t.Context(), providerOf(bandung), kota, version("3.0", func(s *catalog.Spec) { s.Agency = bandung }), false)
		checkRefusal(t, err, simpul.CodeConflict, "metadata.id")
		if slices.Contains(r.callers.pinned, "master/Kota 2") {
			t.Error("another agency pinned grants")
		}
		if strings.HasSuffix(t.Name(), "sqlite") {
			return // it has no second line
		}
		err = db.Read(t.Context(), simpul.AgencyScope(bandung), func(tx *sqldb.Tx) error {
			n, err := sqldb.One(t.Context(), tx, func(scan sqldb.Scan) (n int, err error) { return n, scan(&n) }, `SELECT COUNT(*) FROM catalog_version`)
			if n != 0 {
				t.Errorf("another agency sees %d", n)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestATrialKeepsNoVersion(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	r.put(t, kota, version("1.0", nil))
	if _, err := r.Put(t.Context(), operator, kota, version("2.0", nil), true); err != nil {
		t.Fatal(err)
	}
	if route, _ := loaded(t, r.db, silent).Resolve(kota); route.Version != "1.0" || len(route.Older) != 0 {
		t.Errorf("got %+v", route)
	}
}
