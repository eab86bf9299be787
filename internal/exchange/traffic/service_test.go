package traffic

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/trail"
)

const (
	onGrant  = "grant/izin-bandung"
	onLID    = "lid/master/Kota"
	onApp    = "application/layanan@bandungkota.go.id"
	onAgency = "agency/bandungkota.go.id"
)

func TestWhoMaySetALimit(t *testing.T) {
	everybody := []simpul.Principal{operator, provider, consumer, stranger, nobody}
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		service := serviceOn(t, db, registry{}, &ticking{noon})
		for id, want := range map[string][5]simpul.Code{ // in the order of everybody; "" may
			onGrant:               {"", "", "denied", "not_found", "not_found"},
			onLID:                 {"", "", "denied", "denied", "denied"}, // a published LID is public
			onApp:                 {"", "denied", "denied", "denied", "denied"},
			onAgency:              {"", "denied", "denied", "denied", "denied"},
			"grant/tidak-ada":     {"not_found", "not_found", "not_found", "not_found", "not_found"},
			"agency/tidak.go.id":  {"not_found", "denied", "denied", "denied", "denied"},
			"lid/master":          {"invalid", "invalid", "invalid", "invalid", "invalid"},
			"application/layanan": {"invalid", "invalid", "invalid", "invalid", "invalid"},
		} {
			for i, p := range everybody {
				_, err := service.Put(t.Context(), p, id, Spec{PerDay: 10}, false)
				if want[i] == "" {
					if err != nil {
						t.Errorf("%s by %s: %v", id, p.ID, err)
					}
					continue
				}
				checkRefusal(t, err, want[i])
			}
		}
	})
}

func TestWhatASpecMustBe(t *testing.T) {
	for name, c := range map[string]struct {
		on    string
		spec  Spec
		place string
	}{
		"nothing":                 {onLID, Spec{Note: "x"}, "spec"},
		"a grant's rate":          {onGrant, Spec{RatePerMinute: 1}, "spec.ratePerMinute"},
		"a burst without rate":    {onLID, Spec{Burst: 1, PerDay: 1}, "spec.burst"},
		"a day above its month":   {onAgency, Spec{PerDay: 11, PerMonth: 10}, "spec.perDay"},
		"control characters":      {onLID, Spec{PerDay: 1, Note: "a\nb"}, "spec.note"},
		"broken UTF-8":            {onLID, Spec{PerDay: 1, Note: "\xff"}, "spec.note"},
		"a burst of a grant":      {onGrant, Spec{Burst: 1}, ""},
		"a day as its month":      {onAgency, Spec{PerDay: 10, PerMonth: 10}, ""},
		"everything":              {onLID, Spec{RatePerMinute: 60, Burst: 5, PerDay: 1, PerMonth: 2, Concurrent: 1, Note: "é"}, ""},
		"more at once than a min": {onApp, Spec{RatePerMinute: 60, Burst: 600}, ""},
	} {
		subject, err := simpul.ParseSubject(c.on)
		if err != nil {
			t.Fatal(err)
		}
		err = c.spec.validate(subject)
		if c.place == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if e := checkRefusal(t, err, simpul.CodeInvalid); e.Place != c.place {
			t.Errorf("%s: at %s", name, e.Place)
		}
	}
}

// Whoever set a limit or is held to it sees it, and nobody else.
func TestWhoSeesALimit(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		clock := &ticking{noon}
		service := serviceOn(t, db, registry{ratePerMin: 60, origins: 5}, clock)
		for _, id := range []string{onGrant, onLID, onApp, onAgency} {
			set(t, db, clock, id, Spec{PerDay: 10, Note: "karena"})
		}
		for _, c := range []struct {
			who  simpul.Principal
			sees []string
			uses int
		}{
			{operator, []string{onAgency, onApp, onGrant, onLID}, 6},
			{provider, []string{onGrant, onLID}, 4},
			{consumer, []string{onAgency, onApp, onGrant}, 4},
			{stranger, nil, 0},
			{nobody, nil, 0},
		} {
			all, err := service.List(t.Context(), c.who, everyone)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, one := range all {
				ids = append(ids, one.ID)
			}
			if diff := cmp.Diff(c.sees, ids); diff != "" {
				t.Errorf("%s: %s", c.who.ID, diff)
			}
			for _, id := range []string{onGrant, onLID, onApp, onAgency} {
				got, err := service.Get(t.Context(), c.who, id)
				if seen := err == nil; seen != contains(c.sees, id) || seen && got.Spec.Note != "karena" {
					t.Errorf("%s gets %s: %+v %v", c.who.ID, id, got, err)
				}
				if err != nil {
					checkRefusal(t, err, simpul.CodeNotFound)
				}
			}
			uses, err := service.Uses(t.Context(), c.who)
			if err != nil || len(uses) != c.uses {
				t.Errorf("%s sees %d uses, want %d: %+v, %v", c.who.ID, len(uses), c.uses, uses, err)
			}
		}
		page, err := service.List(t.Context(), operator, httpapi.Page{Limit: 2, After: onApp})
		if err != nil || len(page) != 2 || page[0].ID != onGrant {
			t.Errorf("second page %+v, %v", page, err)
		}
	})
}

func contains(all []string, one string) bool {
	for _, a := range all {
		if a == one {
			return true
		}
	}
	return false
}

func TestWhoMayDeleteALimit(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		clock := &ticking{noon}
		service := serviceOn(t, db, registry{}, clock)
		set(t, db, clock, onGrant, Spec{PerDay: 10})
		set(t, db, clock, onAgency, Spec{PerDay: 10})
		for _, c := range []struct {
			who  simpul.Principal
			id   string
			code simpul.Code
		}{
			{consumer, onGrant, "denied"}, {stranger, onGrant, "not_found"}, {nobody, onGrant, "not_found"}, {consumer, onAgency, "denied"},
			{provider, onAgency, "not_found"}, {nobody, onAgency, "not_found"}, {operator, "x", "not_found"}, {provider, onGrant, ""}, {provider, onGrant, "not_found"}, {operator, onAgency, ""},
		} {
			err := service.Delete(t.Context(), c.who, c.id)
			if c.code != "" {
				checkRefusal(t, err, c.code)
			} else if err != nil {
				t.Errorf("%s by %s: %v", c.id, c.who.ID, err)
			}
		}
	})
}

func TestAChangeOfALimitIsOnTheTrail(t *testing.T) {
	db, clock := testkit.SQLite(t), &ticking{noon}
	service := serviceOn(t, db, registry{}, clock)
	before, err := db.LastRevision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := service.Put(t.Context(), provider, onGrant, Spec{PerDay: 1}, true); err != nil || !got.Created {
		t.Fatalf("tried: %+v, %v", got, err)
	}
	if got, err := service.Put(t.Context(), provider, onGrant, Spec{PerDay: 1}, false); err != nil || !got.Created {
		t.Fatalf("%+v, %v", got, err)
	}
	if got, err := service.Put(t.Context(), operator, onGrant, Spec{PerDay: 2}, false); err != nil || got.Created {
		t.Fatalf("%+v, %v", got, err)
	}
	if err := service.Delete(t.Context(), provider, onGrant); err != nil {
		t.Fatal(err)
	}
	var actions []string
	err = db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		events, err := trail.List(t.Context(), tx, trail.Filter{Agency: kemendagri}, 0, 10)
		for _, e := range events {
			actions = append(actions, e.Actor+" "+e.Action+" "+e.Subject)
		}
		return err
	})
	want := []string{"t-provider limit.delete " + onGrant, "t-operator limit.put " + onGrant, "t-provider limit.put " + onGrant}
	if diff := cmp.Diff(want, actions); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if after, _ := db.LastRevision(t.Context()); after != before+3 {
		t.Errorf("%d revisions, want 3", after-before)
	}
}

// What people see of use is what nodes counted.
func TestWhatIsUsed(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		n := newNation(t, db, 2, onAgency, Spec{RatePerMinute: 1200, PerDay: 1000, PerMonth: 100_000, Concurrent: 50})
		n.run(20*time.Second, 600, 6, 2)
		service := serviceOn(t, db, registry{ratePerMin: 600}, n.clock)
		uses, err := service.Uses(t.Context(), consumer)
		if err != nil || len(uses) != 5 {
			t.Fatalf("%+v, %v", uses, err)
		}
		midnight, newMonth := time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC), time.Date(2026, 11, 30, 17, 0, 0, 0, time.UTC)
		for _, c := range []struct {
			id        string
			what      What
			least     int64
			most      int64
			ends      *time.Time
			limitedTo int64
		}{
			{onGrant, Rate, 430, 520, nil, 600}, {onAgency, Rate, 430, 520, nil, 1200},
			{onAgency, PerDay, 140, 160, &midnight, 1000}, {onAgency, PerMonth, 140, 160, &newMonth, 100_000}, {onAgency, Concurrent, 0, 2, nil, 50},
		} {
			found := false
			for _, u := range uses {
				if u.ID != c.id || u.What != c.what {
					continue
				}
				found = true
				if u.Used < c.least || u.Used > c.most || u.Limit != c.limitedTo || !cmp.Equal(u.Ends, c.ends) {
					t.Errorf("%+v, want between %d and %d of %d", u, c.least, c.most, c.limitedTo)
				}
			}
			if !found {
				t.Errorf("nothing of %s %s", c.id, c.what)
			}
		}
		if uses[0].ID != onGrant {
			t.Errorf("the nearest to its limit is not first: %+v", uses[0])
		}
		one, err := service.UseOf(t.Context(), consumer, onAgency)
		if err != nil || len(one) != 4 {
			t.Errorf("%+v, %v", one, err)
		}
		_, err = service.UseOf(t.Context(), stranger, onAgency)
		checkRefusal(t, err, simpul.CodeNotFound)
	})
}

// What nodes tell each other is out of reach of every tenant.
func TestNoTenantReachesWhatNodesSay(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		n := newNation(t, db, 2, onAgency, Spec{PerDay: 1000})
		n.run(20*time.Second, 60, 1, 1)
		err := db.Read(t.Context(), stranger.Scope(), func(tx *sqldb.Tx) error {
			if all, err := listLimits(t.Context(), tx, everyone); err != nil || len(all) != 0 {
				t.Errorf("limits %+v, %v", all, err)
			}
			_, err := getLimit(t.Context(), tx, simpul.Subject{Kind: simpul.SubjectAgency, ID: string(bandung)})
			if err != sqldb.ErrNoRows {
				t.Errorf("got %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []Parties{{kemendagri, bandung}, {"", bandung}} {
			err := db.Write(t.Context(), stranger.Scope(), func(tx *sqldb.Tx) error {
				_, err := putLimit(t.Context(), tx, simpul.Subject{Kind: grantKind, ID: "x"}, p, Spec{PerDay: 1}, noon)
				return err
			})
			if simpul.CodeOf(sqldb.Coded(err, kindLimit, "x")) != simpul.CodeDenied {
				t.Errorf("wrote a limit of %+v: %v", p, err)
			}
		}
	})
	// On PostgreSQL the database itself refuses.
	db := testkit.Postgres(t)
	n := newNation(t, db, 2, onAgency, Spec{PerDay: 1000})
	n.run(20*time.Second, 60, 1, 1)
	err := db.Read(t.Context(), simpul.AgencyScope(bandung), func(tx *sqldb.Tx) error {
		if taken, err := spent(t.Context(), tx, n.clock.at); err != nil || len(taken) != 0 {
			t.Errorf("quotas %v, %v", taken, err)
		}
		if asked, err := demands(t.Context(), tx, "", time.Time{}); err != nil || len(asked) != 0 {
			t.Errorf("demands %v, %v", asked, err)
		}
		all, err := pots(t.Context(), tx)
		if len(all) != 0 {
			t.Errorf("pots %v", all)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, write := range map[string]func(*sqldb.Tx) error{
		"beat": func(tx *sqldb.Tx) error { return beat(t.Context(), tx, "evil", noon) },
		"tell": func(tx *sqldb.Tx) error {
			return tell(t.Context(), tx, "evil", simpul.Subject{Kind: grantKind, ID: "x"}, demand{perMinute: 1}, noon)
		},
		"carry": func(tx *sqldb.Tx) error {
			_, err := carry(t.Context(), tx, simpul.Subject{Kind: grantKind, ID: "x"}, -5)
			return err
		},
		"lend": func(tx *sqldb.Tx) error {
			return lend(t.Context(), tx, &loan{subject: simpul.Subject{Kind: grantKind, ID: "x"}, window: Day, lease: &lease{ends: 1}, limit: 1, want: 1}, 1)
		},
	} {
		if err := db.Write(t.Context(), simpul.AgencyScope(bandung), write); err == nil {
			t.Errorf("%s: a tenant wrote it", name)
		}
	}
}

func TestQuotasOfLongAgoAreForgotten(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		clock := &ticking{noon}
		set(t, db, clock, onAgency, Spec{PerDay: 1000})
		node(t, db, "a", clock)
		service := serviceOn(t, db, registry{}, clock)
		count := func() (n int) {
			err := db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
				all, err := spent(t.Context(), tx, noon)
				n = len(all)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		for _, c := range []struct {
			pass time.Duration
			left int
		}{{keepDays * 24 * time.Hour, 1}, {24 * time.Hour, 0}} {
			clock.pass(c.pass)
			if err := service.Prune(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := count(); got != c.left {
				t.Errorf("%d quotas are left %v later, want %d", got, clock.at.Sub(noon), c.left)
			}
		}
	})
}
