package grant_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/grant"
)

// versioned offers Kota in version 3.0, beside 2.1, and 1.0 which has ended.
type versioned struct{ offering }

func (v versioned) Offer(ctx context.Context, address simpul.Address) (grant.Offer, error) {
	o, err := v.offering.Offer(ctx, address)
	o.Version, o.Older = "3.0", []grant.OfferedVersion{{Version: "2.1", Sunset: monday.AddDate(0, 0, 90)}, {Version: "1.0", Sunset: monday}}
	return o, err
}

func newVersions(t testing.TB, db *sqldb.DB) *office {
	t.Helper()
	o := newOffice(t, db)
	o.Access = grant.NewAccess(grant.AccessConfig{
		DB: db, Grants: o.room.Service, Offers: versioned{}, Sealer: turned{}, Notifier: o.post, Proposals: o.post,
		Deadlines: grant.Weekends{}, Limits: grant.DefaultLimits(), Disuse: grant.DefaultDisuse(), Now: o.room.clock,
	})
	return o
}

// within runs in a transaction of the provider's.
func (o *office) within(t testing.TB, p simpul.Principal, do func(tx *sqldb.Tx) error) {
	t.Helper()
	if err := o.room.db.Write(t.Context(), p.Scope(), do); err != nil {
		t.Fatal(err)
	}
}

func (o *office) pin(t testing.TB, p simpul.Principal, version string) {
	t.Helper()
	o.within(t, p, func(tx *sqldb.Tx) error {
		announce, err := o.Pin(t.Context(), tx, kota, version)
		if err != nil {
			return err
		}
		return announce()
	})
}

// pins are the versions of all grants, "g-1:1 g-2:".
func (o *office) pins(t testing.TB) string {
	t.Helper()
	all, err := o.room.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var pins []string
	for _, g := range all {
		pins = append(pins, string(g.ID)+":"+g.Version)
	}
	slices.Sort(pins)
	return strings.Join(pins, " ")
}

func TestGrantsAreHeldToTheVersionThatTheyWereGivenFor(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o, later, over := newVersions(t, db), monday.AddDate(0, 0, 9), monday.Add(-time.Hour)
		app := func(id simpul.ApplicationID, change func(*grant.Spec)) grant.Spec {
			return spec(func(s *grant.Spec) {
				s.Application = id
				if change != nil {
					change(s)
				}
			})
		}
		o.room.put(t, "g-plain", app(layanan, nil))
		o.room.put(t, "g-stopped", app("lain@"+bandung, func(s *grant.Spec) { s.Suspended, s.From = true, &later }))
		o.room.put(t, "g-over", app("sensus@"+bps, func(s *grant.Spec) { s.Until = &over }))
		o.room.put(t, "g-desa", app(layanan, func(s *grant.Spec) { s.LID, s.Until = desa, &later }))
		before := lastRevision(t, db)
		o.pin(t, of(bps), "1") // of another provider: nothing is theirs
		if got := o.pins(t); got != "g-desa: g-over: g-plain: g-stopped:" || lastRevision(t, db) != before {
			t.Errorf("another provider pinned %s", got)
		}
		o.pin(t, of(kemendagri), "1")
		if got := o.pins(t); got != "g-desa: g-over: g-plain:1 g-stopped:1" || lastRevision(t, db) != before+2 {
			t.Errorf("got %s", got)
		}
		o.pin(t, of(kemendagri), "2") // what is held already stays
		if got := o.pins(t); got != "g-desa: g-over: g-plain:1 g-stopped:1" {
			t.Errorf("pinned once more: %s", got)
		}
		for who, want := range map[string]int{kemendagri: 1, bps: 0} {
			o.within(t, of(who), func(tx *sqldb.Tx) error {
				n, err := o.InEffect(t.Context(), tx, kota)
				if n != want {
					t.Errorf("%s counts %d in effect, want %d", who, n, want)
				}
				return err
			})
		}
	})
}

func TestOnlyItsHolderMovesAGrant(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := newVersions(t, db)
		o.room.put(t, "g-1", spec(nil))
		o.pin(t, of(kemendagri), "2")
		for _, c := range []struct {
			name    string
			who     simpul.Principal
			id      string
			version string
			code    simpul.Code
			place   string
			pin     string
		}{
			{"the provider", of(kemendagri), "g-1", "3", simpul.CodeDenied, "version", "2"},
			{"somebody else", of(bps), "g-1", "3", simpul.CodeNotFound, "", "2"},
			{"the public", public, "g-1", "3", simpul.CodeNotFound, "", "2"},
			{"a grant that is not there", of(bandung), "g-9", "3", simpul.CodeNotFound, "", "2"},
			{"to one that has ended", of(bandung), "g-1", "1", simpul.CodeInvalid, "version", "2"},
			{"to one that never was", of(bandung), "g-1", "4", simpul.CodeInvalid, "version", "2"},
			{"to nonsense", of(bandung), "g-1", "dua", simpul.CodeInvalid, "version", "2"},
			{"to half a number", of(bandung), "g-1", ".3", simpul.CodeInvalid, "version", "2"},
			{"its holder", of(bandung), "g-1", "3", "", "", "3"},
			{"back, by the whole number", of(bandung), "g-1", "2.1", "", "", "2"},
			{"to whatever is newest", asker, "g-1", "", "", "", ""},
			{"the operator", operator, "g-1", "3", "", "", "3"},
		} {
			revision := lastRevision(t, db)
			err := o.Move(t.Context(), c.who, c.id, c.version)
			if c.code == "" && err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			if c.code != "" {
				checkRefusal(t, err, c.code, c.place)
				if lastRevision(t, db) != revision {
					t.Errorf("%s: something changed", c.name)
				}
			}
			if got := o.pins(t); got != "g-1:"+c.pin {
				t.Errorf("%s: %s", c.name, got)
			}
		}
	})
}

// Somebody else's grant and none at all are told in the same words.
func TestMovingDoesNotTellWhatExists(t *testing.T) {
	o := newVersions(t, testkit.SQLite(t))
	o.room.put(t, "g-1", spec(nil))
	there, missing := o.Move(t.Context(), of(bps), "g-1", "3"), o.Move(t.Context(), of(bps), "g-2", "3")
	if a, b := plainly(there, "g-1"), plainly(missing, "g-2"); a != b {
		t.Errorf("%s\n%s", a, b)
	}
}

func TestAMoveIsTrailed(t *testing.T) {
	o := newVersions(t, testkit.SQLite(t))
	o.room.put(t, "g-1", spec(nil))
	o.pin(t, of(kemendagri), "2")
	if err := o.Move(t.Context(), asker, "g-1", "3"); err != nil {
		t.Fatal(err)
	}
	var text string
	err := o.room.db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		text, err = sqldb.One(t.Context(), tx, func(scan sqldb.Scan) (s string, err error) { return s, scan(&s) },
			`SELECT agency || ' ' || actor || ' ' || subject || ' ' || detail FROM trail_event WHERE action = 'grant.version'`)
		return err
	})
	if want := bandung + " sari@" + bandung + " g-1 2 → 3"; err != nil || text != want {
		t.Errorf("got %q, %v; want %q", text, err, want)
	}
}

func TestWritingAGrantLeavesItsVersion(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o, until := newVersions(t, db), monday.AddDate(1, 0, 0)
		put := func(p simpul.Principal, version string) (grant.Spec, error) {
			stored, err := o.room.Put(t.Context(), p, "g-1", spec(func(s *grant.Spec) { s.Version, s.Purpose = version, "Melayani warga kota" }), false)
			return stored.Spec, err
		}
		o.room.put(t, "g-1", spec(nil))
		o.pin(t, of(kemendagri), "2")
		for _, version := range []string{"", "2"} {
			if s, err := put(of(kemendagri), version); err != nil || s.Version != "2" || o.pins(t) != "g-1:2" {
				t.Errorf("written with %q: %+v, %v", version, s, err)
			}
		}
		_, err := put(of(kemendagri), "3")
		checkRefusal(t, err, simpul.CodeDenied, "version")
		if s, err := put(operator, "3"); err != nil || s.Version != "3" || o.pins(t) != "g-1:3" {
			t.Errorf("by the operator, who acts for its holder too: %+v, %v", s, err)
		}
		if s, err := o.room.Put(t.Context(), of(kemendagri), "g-2", spec(func(s *grant.Spec) { s.LID, s.Version, s.Until = desa, "1", &until }), false); err != nil || s.Spec.Version != "1" {
			t.Errorf("a new one: %+v, %v", s, err)
		}
		got, err := o.room.Get(t.Context(), of(bandung), "g-1")
		if err != nil || !strings.Contains(fmt.Sprint(got.Spec.Sentences()), "Dijawab dengan versi 3 dari kontraknya.") {
			t.Errorf("the holder reads %v, %v", got.Spec.Sentences(), err)
		}
	})
}

// A renewal does not move the application that asks for it.
func TestARenewalLeavesTheVersion(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := newVersions(t, db)
		first := o.submit(t, ask(kota, nil)) // open: granted at once
		o.pin(t, of(kemendagri), "2")
		again := o.submit(t, ask(kota, func(a *grant.Ask) { a.RatePerMinute = 30 }))
		if first.Grant == "" || again.Grant != first.Grant {
			t.Fatalf("got %s, then %s", first.Grant, again.Grant)
		}
		if got := o.pins(t); got != string(first.Grant)+":2" {
			t.Errorf("got %s", got)
		}
	})
}

func TestWhoHoldsAGrantIsTold(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o, over := newVersions(t, db), monday.Add(-time.Hour)
		c := o.submit(t, ask(kota, nil))
		o.pin(t, of(kemendagri), "2")
		o.room.put(t, "g-2", spec(func(s *grant.Spec) { s.Application = "lain@" + bandung }))
		o.room.put(t, "g-3", spec(func(s *grant.Spec) { s.Application, s.Suspended = "sensus@"+bps, true }))
		o.room.put(t, "g-4", spec(func(s *grant.Spec) { s.LID, s.Application, s.Until = desa, "sensus@"+bps, &over }))
		n := simpul.Notice{Topic: "lid.deprecated", Title: simpul.Text{ID: "J", EN: "T"}, Body: simpul.Text{ID: "Isi.", EN: "Body."}}
		tell := func(p simpul.Principal, lid simpul.Address, version string) (all []string) {
			o.notices = nil
			o.within(t, p, func(tx *sqldb.Tx) error { return o.Tell(t.Context(), tx, lid, version, n) })
			for _, n := range o.notices {
				if n.Holding != simpul.WriteApplications || n.Title.ID != "J" || !strings.HasSuffix(n.Body.EN, ". Body.") {
					t.Errorf("%+v", n)
				}
				all = append(all, string(n.Agency)+" "+n.Link+" "+n.Body.ID)
			}
			return all
		}
		bothOf, sensus := bandung+" /akses Aplikasi: lain@"+bandung+", "+layanan+". Isi.", bps+" /akses Aplikasi: sensus@"+bps+". Isi."
		for _, one := range []struct {
			who     simpul.Principal
			lid     simpul.Address
			version string
			want    []string
		}{
			{of(kemendagri), kota, "", []string{bothOf, sensus}},
			{of(kemendagri), kota, "2", []string{bandung + " " + grant.RequestPath(c.ID) + " Aplikasi: " + layanan + ". Isi."}},
			{of(kemendagri), kota, "1", nil},
			{of(kemendagri), desa, "", nil}, // whose grant has ended
			{of(bps), kota, "", nil},        // who did not give it
			{operator, kota, "", []string{bothOf, sensus}},
		} {
			if diff := cmp.Diff(one.want, tell(one.who, one.lid, one.version)); diff != "" {
				t.Errorf("%s, version %q: %s", one.lid, one.version, diff)
			}
		}
	})
}
