package catalog_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/catalog"
)

// delivering declares how the LID is delivered.
func delivering(d simpul.Delivery) func(*catalog.Spec) {
	return func(s *catalog.Spec) { s.Delivery = d }
}

// everything is a delivery that uses all of its parts.
func everything() simpul.Delivery {
	return simpul.Delivery{
		Origins:        []string{"http://10.1.2.4:8080/kota", "https://cadangan.go.id/kota/"},
		Health:         &simpul.Health{Path: "/sehat", EverySeconds: 5},
		Retry:          &simpul.Retry{Attempts: 2, HedgeAfter: 250, Keyed: true},
		Canary:         &simpul.Canary{Upstream: "http://10.1.2.9:8080/kota", Percent: 10, ErrorPercent: 5, AtLeast: 50},
		MaxAnswerBytes: 1 << 20, MaxConcurrent: 20, Upgrade: true, LegacyHeader: true,
		Checks: &simpul.Checks{Request: simpul.CheckEnforce, Response: simpul.CheckObserve},
		Cache:  &simpul.Freshness{Seconds: 60, Stale: 600, Shared: true},
		Changes: []simpul.Change{
			{Field: "items.kd_kab", Rename: "kode"},
			{Field: "items.kode", Recode: &simpul.Recode{List: "wilayah", Else: "refuse"}},
			{Field: "items.status", Recode: &simpul.Recode{Pairs: map[string]string{"1": "aktif"}}},
			{Field: "items.luas", Unit: &simpul.Unit{Factor: "0.01", Offset: "-1.5", Digits: 2}},
			{Field: "items.catatan", Drop: true},
		},
		Sandbox: true, Provable: true,
	}
}

func TestDeliveryIsChecked(t *testing.T) {
	for _, c := range []struct {
		name   string
		spoil  func(*simpul.Delivery)
		place  string // below spec.delivery; "" for nothing wrong
		closed bool
	}{
		{name: "everything"},
		{name: "nothing", spoil: func(d *simpul.Delivery) { *d = simpul.Delivery{} }},
		{name: "an origin that is none", spoil: func(d *simpul.Delivery) { d.Origins[1] = "ftp://10.1.2.4" }, place: "origins[1]"},
		{name: "an origin with a password", spoil: func(d *simpul.Delivery) { d.Origins[0] = "http://a:b@10.1.2.4/" }, place: "origins[0]"},
		{name: "an origin with a query", spoil: func(d *simpul.Delivery) { d.Origins[0] = "http://10.1.2.4/?a=1" }, place: "origins[0]"},
		{name: "an origin with a hidden part", spoil: func(d *simpul.Delivery) { d.Origins[0] = "http://10.1.2.4/../x" }, place: "origins[0]"},
		{name: "an origin that is upstream", spoil: func(d *simpul.Delivery) { d.Origins[1] = upstream + "/" }, place: "origins[1]"},
		{name: "an origin twice", spoil: func(d *simpul.Delivery) { d.Origins[1] = d.Origins[0] }, place: "origins[1]"},
		{name: "too many origins", spoil: func(d *simpul.Delivery) { d.Origins = make([]string, 17) }, place: "origins"},
		{name: "a question with a query", spoil: func(d *simpul.Delivery) { d.Health.Path = "/sehat?x" }, place: "health.path"},
		{name: "a question that climbs", spoil: func(d *simpul.Delivery) { d.Health.Path = "/a/../b" }, place: "health.path"},
		{name: "a question on another host", spoil: func(d *simpul.Delivery) { d.Health.Path = "//evil.id/" }, place: "health.path"},
		{name: "a question without a path", spoil: func(d *simpul.Delivery) { d.Health.Path = "" }, place: "health.path"},
		{name: "questions too rare", spoil: func(d *simpul.Delivery) { d.Health.EverySeconds = 4000 }, place: "health.everySeconds"},
		{name: "no attempts", spoil: func(d *simpul.Delivery) { d.Retry.Attempts = 0 }, place: "retry.attempts"},
		{name: "too many attempts", spoil: func(d *simpul.Delivery) { d.Retry.Attempts = 4 }, place: "retry.attempts"},
		{name: "a hedge too soon", spoil: func(d *simpul.Delivery) { d.Retry.HedgeAfter = 1 }, place: "retry.hedgeAfterMillis"},
		{name: "a hedge without a second origin", spoil: func(d *simpul.Delivery) { d.Origins = nil }, place: "retry.hedgeAfterMillis"},
		{name: "a canary that is no address", spoil: func(d *simpul.Delivery) { d.Canary.Upstream = "10.1.2.3" }, place: "canary.upstream"},
		{name: "a canary that is an origin", spoil: func(d *simpul.Delivery) { d.Canary.Upstream = d.Origins[0] }, place: "canary.upstream"},
		{name: "a canary that is upstream", spoil: func(d *simpul.Delivery) { d.Canary.Upstream = upstream }, place: "canary.upstream"},
		{name: "a canary for nobody", spoil: func(d *simpul.Delivery) { d.Canary.Percent = 0 }, place: "canary.percent"},
		{name: "a canary for too many", spoil: func(d *simpul.Delivery) { d.Canary.Percent = 101 }, place: "canary.percent"},
		{name: "a canary that never fails", spoil: func(d *simpul.Delivery) { d.Canary.ErrorPercent = 0 }, place: "canary.errorPercent"},
		{name: "a canary that is judged before it began", spoil: func(d *simpul.Delivery) { d.Canary.AtLeast = -1 }, place: "canary.atLeast"},
		{name: "a negative answer", spoil: func(d *simpul.Delivery) { d.MaxAnswerBytes = -1 }, place: "maxAnswerBytes"},
		{name: "too many at a time", spoil: func(d *simpul.Delivery) { d.MaxConcurrent = 10_001 }, place: "maxConcurrent"},
		{name: "an unknown check", spoil: func(d *simpul.Delivery) { d.Checks.Request = "maybe" }, place: "checks.request"},
		{name: "kept for too long", spoil: func(d *simpul.Delivery) { d.Cache.Seconds = 86_401 }, place: "cache.seconds"},
		{name: "stale for too long", spoil: func(d *simpul.Delivery) { d.Cache.Stale = -1 }, place: "cache.staleSeconds"},
		{name: "kept under a closed class", closed: true, place: "cache"},
		{name: "a change of nothing", spoil: func(d *simpul.Delivery) { d.Changes[0].Field = "" }, place: "changes[0].field"},
		{name: "a change of a path with a gap", spoil: func(d *simpul.Delivery) { d.Changes[1].Field = "a..b" }, place: "changes[1].field"},
		{name: "a change that does nothing", spoil: func(d *simpul.Delivery) { d.Changes[4].Drop = false }, place: "changes[4]"},
		{name: "a change that does two things", spoil: func(d *simpul.Delivery) { d.Changes[0].Drop = true }, place: "changes[0]"},
		{name: "a new name with a dot", spoil: func(d *simpul.Delivery) { d.Changes[0].Rename = "a.b" }, place: "changes[0].rename"},
		{name: "a recoding by nothing", spoil: func(d *simpul.Delivery) { d.Changes[1].Recode.List = "" }, place: "changes[1].recode"},
		{name: "a recoding by two", spoil: func(d *simpul.Delivery) { d.Changes[2].Recode.List = "wilayah" }, place: "changes[2].recode"},
		{name: "a recoding with an unknown rest", spoil: func(d *simpul.Delivery) { d.Changes[1].Recode.Else = "guess" }, place: "changes[1].recode.else"},
		{name: "a factor that is no number", spoil: func(d *simpul.Delivery) { d.Changes[3].Unit.Factor = "1e3" }, place: "changes[3].unit.factor"},
		{name: "an offset that is no number", spoil: func(d *simpul.Delivery) { d.Changes[3].Unit.Offset = "satu" }, place: "changes[3].unit.offset"},
		{name: "too many digits", spoil: func(d *simpul.Delivery) { d.Changes[3].Unit.Digits = 13 }, place: "changes[3].unit.digits"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := everything()
			if c.spoil != nil {
				c.spoil(&d)
			}
			change := delivering(d)
			if c.closed {
				change = both(closed, change)
			}
			r := newRoom(t, testkit.SQLite(t))
			_, err := r.Put(t.Context(), simpul.TheHub(), kota, lid(change), false)
			if c.place == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			e, ok := errors.AsType[*simpul.Error](err)
			if !ok || e.Code != simpul.CodeInvalid || e.Place != "spec.delivery."+c.place || e.Remedy.ID == "" || e.Remedy.EN == "" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestDeploymentsAreSecret(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	r.put(t, kota, lid(delivering(everything())))
	changed := everything()
	changed.Origins = changed.Origins[:1]
	r.put(t, kota, lid(both(delivering(changed), func(s *catalog.Spec) { s.Title = "Judul lain" })))
	hidden := []string{"10.1.2.4", "10.1.2.9", "cadangan", "sehat", "kd_kab"}

	of := func(who simpul.Principal) string {
		got, err := r.Get(t.Context(), who, kota)
		if err != nil {
			t.Fatal(err)
		}
		diff, err := r.Diff(t.Context(), who, kota, 1, 2)
		if err != nil {
			t.Fatal(err)
		}
		revision, err := r.Revision(t.Context(), who, kota, 2)
		if err != nil {
			t.Fatal(err)
		}
		return asJSON(t, got) + asJSON(t, diff) + asJSON(t, revision)
	}
	owns, foreign := of(providerOf(kemendagri)), of(providerOf(bandung))
	for _, word := range hidden {
		if !strings.Contains(owns, word) {
			t.Errorf("the owner does not see %s", word)
		}
		if strings.Contains(foreign, word) {
			t.Errorf("another agency sees %s", word)
		}
	}
}

// Whoever tested a LID, or was the second of two people, answered for where its
// answers come from and what becomes of them; not for shares and limits.
func TestWhatATestIsAboutIncludesTheDelivery(t *testing.T) {
	digest := func(change func(*simpul.Delivery)) string {
		d := everything()
		change(&d)
		return lid(delivering(d)).TestDigest()
	}
	same := digest(func(*simpul.Delivery) {})
	for name, change := range map[string]func(*simpul.Delivery){
		"another origin": func(d *simpul.Delivery) { d.Origins[0] = "http://10.6.6.6/" },
		"one less":       func(d *simpul.Delivery) { d.Origins = d.Origins[:1] },
		"a canary":       func(d *simpul.Delivery) { d.Canary.Upstream = "http://10.6.6.6/" },
		"no canary":      func(d *simpul.Delivery) { d.Canary = nil },
		"a change":       func(d *simpul.Delivery) { d.Changes[0].Rename = "nik" },
		"another order":  func(d *simpul.Delivery) { d.Changes[0], d.Changes[1] = d.Changes[1], d.Changes[0] },
		"tunnels":        func(d *simpul.Delivery) { d.Upgrade = false },
	} {
		if digest(change) == same {
			t.Errorf("%s is taken for the same", name)
		}
	}
	for name, change := range map[string]func(*simpul.Delivery){
		"origins in another order": func(d *simpul.Delivery) { d.Origins[0], d.Origins[1] = d.Origins[1], d.Origins[0] },
		"a larger share":           func(d *simpul.Delivery) { d.Canary.Percent = 50 },
		"other limits":             func(d *simpul.Delivery) { d.MaxConcurrent, d.Retry.Attempts = 5, 1 },
	} {
		if digest(change) != same {
			t.Errorf("%s is taken for another", name)
		}
	}
	if lid(delivering(simpul.Delivery{MaxConcurrent: 5})).TestDigest() != lid(nil).TestDigest() {
		t.Error("reports of LIDs without such a delivery do not count any more")
	}
}

func TestADeliveryNeedsASecondPersonWhereAnUpstreamDoes(t *testing.T) {
	for _, c := range []struct {
		name  string
		next  simpul.Delivery
		waits bool
	}{
		{"an origin", simpul.Delivery{Origins: []string{"http://10.6.6.6/"}}, true},
		{"a canary", simpul.Delivery{Canary: &simpul.Canary{Upstream: "http://10.6.6.6/", Percent: 1, ErrorPercent: 1}}, true},
		{"a field under another name", simpul.Delivery{Changes: []simpul.Change{{Field: "nik", Rename: "kode"}}}, true},
		{"tunnels", simpul.Delivery{Upgrade: true}, true},
		{"limits", simpul.Delivery{MaxConcurrent: 5, Retry: &simpul.Retry{Attempts: 1}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRoom(t, testkit.SQLite(t))
			r.put(t, kota, lid(closed))
			r.proposed = nil
			stored, err := r.Put(t.Context(), providerOf(kemendagri), kota, lid(both(closed, delivering(c.next))), false)
			if err != nil || stored.Waits != c.waits {
				t.Errorf("waits %v, %v; want %v", stored.Waits, err, c.waits)
			}
		})
	}
}

// A credential goes to the origins that a LID had when it was set. Whoever adds
// one does not learn it.
func TestACredentialReachesEveryOriginOfItsTime(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	first := everything()
	r.put(t, kota, lid(delivering(first)))
	c := newCredentials(r)
	if _, err := c.Put(t.Context(), providerOf(kemendagri), kota, catalog.CredentialWish{Generate: true}); err != nil {
		t.Fatal(err)
	}
	if err := c.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]bool{
		upstream: true, "http://10.1.2.4:8080/kota": true, "https://cadangan.go.id/kota": true, "http://10.1.2.9:8080": true,
		"https://CADANGAN.go.id:443/": true, "http://cadangan.go.id/kota": false, "http://10.6.6.6/": false, "http://10.1.2.4/kota": false,
	} {
		if _, ok := c.For(kota, parsed(t, address)); ok != want {
			t.Errorf("%s: %v", address, ok)
		}
	}
	if s, err := c.State(t.Context(), providerOf(kemendagri), kota); err != nil || !s.Usable {
		t.Errorf("got %+v, %v", s, err)
	}
	added := everything()
	added.Origins = append(added.Origins, "http://10.6.6.6/")
	r.put(t, kota, lid(delivering(added)))
	if s, err := c.State(t.Context(), providerOf(kemendagri), kota); err != nil || s.Usable {
		t.Errorf("nobody is told that an origin has no credential: %+v, %v", s, err)
	}
	if _, ok := c.For(kota, parsed(t, "http://10.6.6.6/")); ok {
		t.Error("an origin that was added has it")
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
