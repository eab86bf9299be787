package catalog_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/catalog"
)

// ends deprecates a LID from monday on.
func ends(sunset string, successor simpul.Address) func(*catalog.Spec) {
	return func(s *catalog.Spec) {
		s.State = catalog.Deprecated
		s.Deprecation = &catalog.Deprecation{Since: "2026-11-23", Sunset: sunset, Successor: successor, Reason: "Digabung ke data wilayah."}
	}
}

func TestHowALIDIsDeprecated(t *testing.T) {
	with := func(change func(*catalog.Deprecation)) func(*catalog.Spec) {
		return both(ends("2027-02-21", ""), func(s *catalog.Spec) { change(s.Deprecation) })
	}
	for _, c := range []struct {
		name   string
		change func(*catalog.Spec)
		place  string // of the refusal; empty where it is accepted
	}{
		{"ninety days ahead", ends("2027-02-21", ""), ""},
		{"a day less", ends("2027-02-20", ""), "spec.deprecation.sunset"},
		{"much later", ends("2030-01-01", ""), ""},
		{"announced for later", with(func(d *catalog.Deprecation) { d.Since, d.Sunset = "2026-12-01", "2027-03-01" }), ""},
		{"announced for later, too near", with(func(d *catalog.Deprecation) { d.Since = "2026-12-01" }), "spec.deprecation.sunset"},
		{"backdated", with(func(d *catalog.Deprecation) { d.Since, d.Sunset = "2020-01-01", "2026-12-24" }), "spec.deprecation.sunset"},
		{"ends before it begins", with(func(d *catalog.Deprecation) { d.Sunset = "2026-11-23" }), "spec.deprecation.sunset"},
		{"no beginning", with(func(d *catalog.Deprecation) { d.Since = "" }), "spec.deprecation.since"},
		{"no end", with(func(d *catalog.Deprecation) { d.Sunset = "kapan-kapan" }), "spec.deprecation.sunset"},
		{"no reason", with(func(d *catalog.Deprecation) { d.Reason = " \n" }), "spec.deprecation.reason"},
		{"a reason that cannot be read", with(func(d *catalog.Deprecation) { d.Reason = "Digabung\x00 ke wilayah" }), "spec.deprecation.reason"},
		{"nothing said", func(s *catalog.Spec) { s.State = catalog.Deprecated }, "spec.deprecation"},
		{"a successor that is none", with(func(d *catalog.Deprecation) { d.Successor = "wilayah" }), "spec.deprecation.successor"},
		{"planned", func(s *catalog.Spec) { ends("2027-02-20", "")(s); s.State = catalog.Published }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRoom(t, testkit.SQLite(t))
			r.put(t, kota, lid(nil))
			_, err := r.Put(t.Context(), providerOf(kemendagri), kota, lid(c.change), false)
			if c.place == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			code := simpul.CodeInvalid
			checkRefusal(t, err, code, c.place)
		})
	}
}

// fixed are timers of a life cycle in which every step takes so many days.
type fixed int

func (f fixed) Due(_ string, from time.Time) time.Time {
	if f == 0 {
		return time.Time{}
	}
	return from.AddDate(0, 0, int(f))
}

func TestTheLifeCycleSaysHowLongADeprecatedLIDAnswers(t *testing.T) {
	for _, c := range []struct {
		timers fixed
		sunset string
		ok     bool
	}{{10, "2026-12-03", true}, {10, "2026-12-02", false}, {0, "2027-02-20", false}, {0, "2027-02-21", true}} {
		r := newRoom(t, testkit.SQLite(t))
		r.Connect(r.callers, c.timers)
		r.put(t, kota, lid(nil))
		if _, err := r.Put(t.Context(), operator, kota, lid(ends(c.sunset, "")), false); (err == nil) != c.ok {
			t.Errorf("%d days, %s: %v", c.timers, c.sunset, err)
		}
	}
}

// Who was told of a day is not surprised by a nearer one.
func TestAnEndThatWasAnnouncedComesNoNearer(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, kota, lid(nil))
		put := func(change func(*catalog.Spec)) error {
			_, err := r.Put(t.Context(), providerOf(kemendagri), kota, lid(change), false)
			return err
		}
		if err := put(ends("2027-06-01", "")); err != nil {
			t.Fatal(err)
		}
		r.now = r.now.AddDate(0, 0, 60) // 22 January
		for sunset, ok := range map[string]bool{"2027-06-01": true, "2027-06-02": true, "2027-04-22": true, "2027-04-21": false} {
			if err := put(ends(sunset, "")); (err == nil) != ok {
				t.Errorf("%s: %v", sunset, err)
			}
			if err := put(nil); err != nil {
				t.Fatal(err)
			}
			if err := put(ends("2027-06-01", "")); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestEverybodyIsToldOfAnEnd(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, "master/Wilayah", lid(nil))
		for _, step := range []struct {
			change func(*catalog.Spec)
			want   []string
		}{
			{nil, nil},
			{ends("2027-03-01", "master/Wilayah"), []string{"master/Kota lid.deprecated"}},
			{both(ends("2027-03-01", "master/Wilayah"), func(s *catalog.Spec) { s.Title = "Kota (lama)" }), nil},
			{ends("2027-04-01", "master/Wilayah"), []string{"master/Kota lid.deprecated"}},
			{nil, []string{"master/Kota lid.deprecated"}},
			{ends("2027-04-01", ""), []string{"master/Kota lid.deprecated"}},
			{both(ends("2027-04-01", ""), retired), []string{"master/Kota lid.retired"}},
		} {
			r.put(t, kota, lid(step.change))
			if diff := cmp.Diff(step.want, r.callers.topics()); diff != "" {
				t.Errorf("%s", diff)
			}
		}
	})
}

func TestRemindersComeBeforeAnEnd(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	r.put(t, kota, version("1.0", nil))
	r.put(t, kota, version("2.0", nil)) // 1 ends on 22 February
	r.put(t, "master/Desa", lid(nil))
	r.put(t, "master/Desa", lid(ends("2027-03-01", "master/Kota")))
	r.put(t, "master/Lain", lid(nil))
	d := loaded(t, r.db, silent)
	seen := map[string]bool{}
	for _, c := range []struct {
		now  time.Time
		want []string
	}{
		{day(2027, 1, 1), nil},
		{day(2027, 1, 23), []string{"master/Kota lid.superseded 1"}},
		{day(2027, 1, 31), []string{"master/Desa lid.deprecated", "master/Kota lid.superseded 1"}},
		{day(2027, 2, 15), []string{"master/Desa lid.deprecated", "master/Kota lid.superseded 1"}},
		{day(2027, 2, 21), []string{"master/Desa lid.deprecated", "master/Kota lid.superseded 1"}},
		{day(2027, 2, 22), []string{"master/Desa lid.deprecated"}},
		{day(2027, 2, 28), []string{"master/Desa lid.deprecated"}},
		{day(2027, 3, 1), nil},
	} {
		r.now, r.callers.told = c.now, nil
		if err := r.WarnOfEnds(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		for _, told := range r.callers.told {
			n := told.notice
			if n.Key == "" || n.Due.IsZero() || n.Title.EN == n.Title.ID || n.Body.EN == n.Body.ID {
				t.Errorf("%+v", n)
			}
			seen[n.Key] = true
			if last := n.Due.Sub(c.now) <= 24*time.Hour; n.Urgent != last {
				t.Errorf("%s at %v is urgent: %v", n.Key, c.now, n.Urgent)
			}
		}
		if diff := cmp.Diff(c.want, r.callers.topics()); diff != "" {
			t.Errorf("%v: %s", c.now, diff)
		}
	}
	if len(seen) != 6 { // three each, whoever hears one twice is told once
		t.Errorf("%d different reminders: %v", len(seen), seen)
	}
}

func TestALIDThatIsCalledIsNotTakenAway(t *testing.T) {
	announced := ends("2027-03-01", "")
	for _, c := range []struct {
		name    string
		before  func(*catalog.Spec)
		next    func(*catalog.Spec)
		callers int
		who     simpul.Principal
		at      time.Time
		says    string // in the remedy; empty where it is allowed
	}{
		{"nobody calls", nil, retired, 0, providerOf(kemendagri), monday, ""},
		{"without notice", nil, retired, 2, providerOf(kemendagri), monday, "21 February 2027"},
		{"made a draft", nil, draft, 2, providerOf(kemendagri), monday, "21 February 2027"},
		{"by the operator", nil, retired, 2, operator, monday, ""},
		{"before the day", announced, both(announced, retired), 2, providerOf(kemendagri), day(2027, 3, 1).Add(-time.Millisecond), "1 March 2027"},
		{"on the day", announced, both(announced, retired), 2, providerOf(kemendagri), day(2027, 3, 1), ""},
		{"on a day of its own", announced, both(ends("2026-11-24", ""), retired), 2, providerOf(kemendagri), day(2026, 12, 1), "1 March 2027"},
		{"made a draft on the day", announced, draft, 2, providerOf(kemendagri), day(2027, 3, 1), "1 March 2027"},
		{"before the day, for nobody", announced, both(announced, retired), 0, providerOf(kemendagri), day(2026, 12, 1), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRoom(t, testkit.SQLite(t))
			r.put(t, kota, lid(nil))
			r.put(t, kota, lid(c.before))
			r.callers.inEffect, r.now = c.callers, c.at
			_, err := r.Put(t.Context(), c.who, kota, lid(c.next), false)
			if c.says == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			checkRefusal(t, err, simpul.CodeConflict, "spec.state")
			if e, ok := errors.AsType[*simpul.Error](err); !ok || !strings.Contains(e.Remedy.EN, c.says) {
				t.Errorf("%v does not name %s", e.Remedy.EN, c.says)
			}
		})
	}
}

func TestWhatFollowsALID(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		for _, address := range []string{"g/A", "g/B", "g/C"} {
			r.put(t, address, lid(nil))
		}
		r.put(t, "g/Draft", lid(draft))
		r.put(t, "g/Theirs", lid(func(s *catalog.Spec) { draft(s); s.Agency = bandung }))
		r.put(t, "g/Retired", lid(nil))
		r.put(t, "g/Retired", lid(retired))
		names := func(address, successor simpul.Address) error {
			_, err := r.Put(t.Context(), providerOf(kemendagri), string(address), lid(ends("2027-03-01", successor)), false)
			return err
		}
		const place = "spec.deprecation.successor"
		unknown := plainly(names("g/A", "g/Missing"), "g/Missing")
		for _, address := range []simpul.Address{"g/Draft", "g/Theirs", "g/Retired"} {
			err := names("g/A", address)
			checkRefusal(t, err, simpul.CodeInvalid, place)
			if got := plainly(err, string(address)); got != unknown {
				t.Errorf("%s is told from what does not exist: %s", address, got)
			}
		}
		checkRefusal(t, names("g/A", "g/A"), simpul.CodeInvalid, place)
		for _, step := range [][2]simpul.Address{{"g/A", "g/B"}, {"g/B", "g/C"}} {
			if err := names(step[0], step[1]); err != nil {
				t.Fatal(err)
			}
		}
		err := names("g/C", "g/A")
		checkRefusal(t, err, simpul.CodeInvalid, place)
		if e, _ := errors.AsType[*simpul.Error](err); e == nil || !strings.Contains(e.Message.EN, "g/C → g/A → g/B → g/C") {
			t.Errorf("the chain is not named: %v", err)
		}
		if route, _ := loaded(t, db, silent).Resolve("g/C"); route.Ending != nil {
			t.Errorf("what was refused was kept: %+v", route.Ending)
		}
	})
}

// A circle is found also where it goes through another agency's LID that has
// retired since.
func TestACircleOfTwoAgenciesIsFound(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		theirs := func(s *catalog.Spec) { s.Agency = bandung }
		r.put(t, "g/A", lid(nil))
		r.put(t, "g/B", lid(theirs))
		r.put(t, "g/C", lid(nil))
		r.put(t, "g/B", lid(both(ends("2027-03-01", "g/A"), theirs)))
		r.put(t, "g/C", lid(ends("2027-03-01", "g/B")))
		r.put(t, "g/B", lid(both(ends("2027-03-01", "g/A"), theirs, retired)))
		_, err := r.Put(t.Context(), providerOf(kemendagri), "g/A", lid(ends("2027-03-01", "g/C")), false)
		checkRefusal(t, err, simpul.CodeInvalid, "spec.deprecation.successor")
	})
}

func TestTwoAgenciesThatNameEachOtherAtOnce(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		for range 5 {
			r.put(t, "g/A", lid(nil))
			r.put(t, "g/B", lid(func(s *catalog.Spec) { s.Agency = bandung }))
			var pair sync.WaitGroup
			var errs [2]error
			pair.Go(func() {
				_, errs[0] = r.Put(context.Background(), providerOf(kemendagri), "g/A", lid(ends("2027-03-01", "g/B")), false)
			})
			pair.Go(func() {
				_, errs[1] = r.Put(context.Background(), providerOf(bandung), "g/B", lid(func(s *catalog.Spec) { ends("2027-03-01", "g/A")(s); s.Agency = bandung }), false)
			})
			pair.Wait()
			if (errs[0] == nil) == (errs[1] == nil) {
				t.Fatalf("got %v and %v, want one refusal", errs[0], errs[1])
			}
		}
	})
}

func TestWhoeverCallsIsLedToTheLiveEnd(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		for _, address := range []string{"g/A", "g/B", "g/C", "g/Other"} {
			r.put(t, address, lid(nil))
		}
		d := loaded(t, db, silent)
		change := func(address string, s catalog.Spec) {
			t.Helper()
			before := lastRevision(t, db)
			r.put(t, address, s)
			if err := d.Refresh(t.Context(), revisionsAfter(t, db, before)); err != nil {
				t.Fatal(err)
			}
		}
		leads := func(key string) simpul.Address {
			route, _ := d.Resolve(key)
			if route == nil || route.Ending == nil {
				return "–"
			}
			return route.Ending.Successor
		}
		other, _ := d.Resolve("g/Other")
		change("g/A", lid(ends("2027-03-01", "g/B")))
		if got := leads("g/A"); got != "g/B" {
			t.Errorf("A leads to %s", got)
		}
		change("g/B", lid(ends("2027-03-01", "g/C")))
		if got := leads("g/A"); got != "g/C" {
			t.Errorf("once B ends, A leads to %s", got)
		}
		change("g/B", lid(both(ends("2027-03-01", "g/C"), retired)))
		if a, b := leads("g/A"), leads("g/B"); a != "g/C" || b != "g/C" {
			t.Errorf("once B is retired, A leads to %s and B to %s", a, b)
		}
		change("g/C", lid(draft))
		if a := leads("g/A"); a != "" {
			t.Errorf("where nothing is live, A leads to %s", a)
		}
		if again, _ := d.Resolve("g/Other"); again != other {
			t.Error("a LID that nobody touched has another route")
		}
	})
}

func TestARetiredLIDIsGone(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, "master/Wilayah", lid(nil))
		r.put(t, kota, version("1.0", nil))
		r.put(t, kota, version("2.0", nil))
		r.put(t, kota, version("2.0", ends("2027-03-01", "master/Wilayah")))
		r.put(t, kota, version("2.0", both(ends("2027-03-01", "master/Wilayah"), retired)))
		r.put(t, "g/Draft", lid(draft))
		r.put(t, "g/Draft", lid(retired))
		check := func(d *catalog.Directory, keys ...string) {
			t.Helper()
			for _, key := range keys {
				route, err := d.Resolve(key)
				checkRefusal(t, err, simpul.CodeGone, "")
				e, _ := errors.AsType[*simpul.Error](err)
				if e == nil || !strings.Contains(e.Remedy.EN, "master/Wilayah") || e.Owner != kemendagri {
					t.Errorf("%s: %+v", key, e)
				}
				if route == nil || route.Address != kota || route.Operations != nil || route.Ending == nil || route.Ending.Successor != "master/Wilayah" || !route.Ending.Sunset.Equal(monday.Truncate(time.Millisecond)) {
					t.Errorf("%s: %+v", key, route)
				}
			}
			if _, err := d.Resolve("g/Draft"); simpul.CodeOf(err) != simpul.CodeNotFound {
				t.Errorf("a draft that nobody saw is told: %v", err)
			}
		}
		check(loaded(t, db, silent), kota, legacyOf+"2.0", legacyOf+"1.0")
		_, err := loaded(t, db, silent).LID(kota)
		checkRefusal(t, err, simpul.CodeGone, "")
		if err := r.Delete(t.Context(), providerOf(kemendagri), kota); err != nil {
			t.Fatal(err)
		}
		check(loaded(t, db, silent), kota, legacyOf+"1.0")
	})
}

// Whom nobody told of an end before such things were kept is told now.
func TestALIDThatRetiredLongAgoIsGone(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	r.put(t, kota, lid(nil))
	r.put(t, kota, lid(retired))
	exec(t, r.db, `UPDATE catalog_address SET successor = '', retired_at = 0`)
	route, err := loaded(t, r.db, silent).Resolve(kota)
	checkRefusal(t, err, simpul.CodeGone, "")
	if route == nil || route.Ending != nil {
		t.Errorf("got %+v", route)
	}
}

func TestADeprecatedLIDIsLive(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, kota, lid(nil))
		r.put(t, kota, lid(ends("2027-03-01", "")))
		r.follow(t)
		if got, err := r.Get(t.Context(), public, kota); err != nil || got.Spec.State != catalog.Deprecated || got.Spec.Upstream != "" {
			t.Errorf("the public sees %+v, %v", got.Spec, err)
		}
		if all, err := r.List(t.Context(), public, everyone); err != nil || len(all) != 1 {
			t.Errorf("the public lists %v, %v", all, err)
		}
		route, err := r.directory.Resolve(kota)
		if err != nil || route.Ending == nil || !route.Ending.Since.Equal(day(2026, 11, 23)) || !route.Ending.Sunset.Equal(day(2027, 3, 1)) || route.Ending.Version != "" {
			t.Errorf("got %+v, %v", route, err)
		}
	})
}

// A closed LID ends by one person's word: nothing becomes more open.
func TestAClosedLIDIsDeprecatedByOne(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	closed := func(s *catalog.Spec) { s.Class, s.LegalBasis = simpul.Tertutup, "UU" }
	r.put(t, kota, lid(closed))
	stored, err := r.Put(t.Context(), providerOf(kemendagri), kota, lid(both(closed, ends("2027-03-01", ""))), false)
	if err != nil || stored.Waits {
		t.Errorf("got %+v, %v", stored, err)
	}
	stored, err = r.Put(t.Context(), providerOf(kemendagri), kota, lid(both(closed, ends("2027-03-01", ""), func(s *catalog.Spec) { s.Upstream += "/lain" })), false)
	if err != nil || !stored.Waits {
		t.Errorf("another upstream: got %+v, %v", stored, err)
	}
}
