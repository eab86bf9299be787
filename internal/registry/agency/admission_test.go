package agency_test

import (
	"errors"
	"net/netip"
	"sync"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/agency"
)

func TestNetworksMeanOneThing(t *testing.T) {
	for _, good := range []string{"103.12.4.7", "103.12.4.0/24", "2001:db8::/32", "2001:db8::1", " 10.0.0.0/8 ", "0.0.0.0/0"} {
		if _, err := agency.ParseNetworks([]string{good}); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"", "10.0.0.1/8", "10.0.0", "::ffff:10.0.0.1", "fe80::1%eth0", "10.0.0.0/33", "010.0.0.1", "kantor.go.id", "10.0.0.0/8 10.1.0.0/16"} {
		_, err := agency.ParseNetworks([]string{bad})
		checkRefusal(t, err, simpul.CodeInvalid, "addresses")
	}
	if _, err := agency.ParseNetworks(make([]string, 201)); simpul.CodeOf(err) != simpul.CodeInvalid {
		t.Errorf("too many: %v", err)
	}
}

func FuzzParseNetworks(f *testing.F) {
	for _, seed := range []string{"10.0.0.0/8", "::/0", "fe80::1%x", "1.2.3.4/x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		networks, err := agency.ParseNetworks([]string{text})
		if err == nil && (len(networks) != 1 || networks[0] != networks[0].Masked()) {
			t.Errorf("%q became %v", text, networks)
		}
	})
}

// A right key from a wrong address is refused; a token or a key of any kind is
// judged by its application.
func TestAddressesFromWhichAKeyCounts(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := furnished(t, db), t.Context()
		k, seen := r.keyringOf(t), lastRevision(t, db)
		consumer := simpul.Consumer{Application: layanan, Credential: "k-1"}
		check := func(what string, from string, want bool) {
			t.Helper()
			if err := k.Refresh(ctx, revisionsAfter(t, db, seen)); err != nil {
				t.Fatal(err)
			}
			for _, node := range []*agency.Keyring{k, r.keyringOf(t)} {
				err := node.AdmitFrom(consumer, netip.MustParseAddr(from))
				if (err == nil) != want {
					t.Errorf("%s, from %s: %v", what, from, err)
				}
				if err != nil {
					checkRefusal(t, err, simpul.CodeDenied, "")
				}
			}
		}
		own := func(list ...string) {
			t.Helper()
			if _, err := r.applications.Put(ctx, operator, layanan, agency.ApplicationSpec{Name: "Layanan", Addresses: list}, false); err != nil {
				t.Fatal(err)
			}
		}
		check("no list", "192.0.2.1", true)
		if err := r.agencies.SetAllowlist(ctx, adminOf(bandung), bandung, []string{"103.12.0.0/16", "2001:db8::/32"}); err != nil {
			t.Fatal(err)
		}
		check("agency", "103.12.4.7", true)
		check("agency", "2001:db8::9", true)
		check("agency", "192.0.2.1", false)
		own("103.12.4.0/24")
		check("both", "103.12.4.7", true)
		check("both", "103.12.5.7", false)
		if err := r.agencies.SetAllowlist(ctx, adminOf(bandung), bandung, nil); err != nil {
			t.Fatal(err)
		}
		check("application", "103.12.4.7", true)
		check("application", "2001:db8::9", false)
		own()
		check("no list again", "192.0.2.1", true)
		if err := k.AdmitFrom(consumer, netip.Addr{}); err != nil {
			t.Errorf("no list, unknown address: %v", err)
		}
	})
}

func TestStraysAreWrittenOnceAnHour(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := furnished(t, db), t.Context()
		nodes := []*agency.Strays{agency.NewStrays(db, r.clock), agency.NewStrays(db, r.clock)}
		consumer := simpul.Consumer{Application: layanan, Credential: "k-1"}
		for _, step := range []struct {
			after time.Duration
			want  int
		}{{0, 1}, {time.Minute, 1}, {59 * time.Minute, 1}, {61 * time.Minute, 2}} {
			r.now = monday.Add(step.after)
			for _, node := range nodes {
				node.Note(consumer, netip.MustParseAddr("192.0.2.1"))
				if err := node.Store(ctx); err != nil {
					t.Fatal(err)
				}
			}
			if got := events(t, db, "key.stray"); len(got) != step.want || got[0].Origin != "192.0.2.1" || got[0].Outcome != simpul.CodeDenied {
				t.Errorf("after %v: %+v", step.after, got)
			}
		}
	})
}

func route(owner simpul.AgencyID, class simpul.LIDClass) *simpul.Route {
	return &simpul.Route{Address: "a/B", Owner: owner, Class: class}
}

func TestWhoLacksApprovalKeepsToOpenLIDs(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := furnished(t, db), t.Context()
		const fresh = "baru.go.id"
		if _, err := r.agencies.Put(ctx, adminOf(fresh), fresh, specOf(fresh, false), false); err != nil {
			t.Fatal(err)
		}
		k, seen := r.keyringOf(t), lastRevision(t, db)
		judge := func(what string, want bool) {
			t.Helper()
			if err := k.Refresh(ctx, revisionsAfter(t, db, seen)); err != nil {
				t.Fatal(err)
			}
			for _, c := range []struct {
				consumer, owner simpul.AgencyID
				class           simpul.LIDClass
				want            bool
			}{
				{fresh, bandung, simpul.Terbuka, true}, {fresh, fresh, simpul.Tertutup, true}, {bandung, fresh, simpul.Terbuka, true},
				{bandung, sumedang, simpul.Tertutup, true},
				{fresh, bandung, simpul.Terbatas, want}, {fresh, bandung, simpul.Tertutup, want}, {bandung, fresh, simpul.Terbatas, want},
			} {
				err := k.Permit(simpul.Consumer{Application: simpul.ApplicationID("a@" + string(c.consumer))}, route(c.owner, c.class))
				if (err == nil) != c.want {
					t.Errorf("%s: %+v: %v", what, c, err)
				}
				if e, ok := errors.AsType[*simpul.Error](err); ok {
					checkRefusal(t, err, simpul.CodeDenied, "")
					if e.Owner != fresh {
						t.Errorf("%s: %s is to mend it", what, e.Owner)
					}
				}
			}
		}
		decide := func(p simpul.Principal, to agency.Standing) error {
			_, err := r.agencies.Decide(ctx, p, fresh, agency.Decision{Standing: to, LetterNumber: "12/IO/2026", LetterDate: "2026-11-20"})
			return err
		}
		judge("admitted", false)
		checkRefusal(t, decide(operator, agency.Operational), simpul.CodeConflict, "standing")
		checkRefusal(t, decide(operator, agency.Admitted), simpul.CodeConflict, "standing")
		checkRefusal(t, decide(adminOf(fresh), agency.Trial), simpul.CodeDenied, "")
		if err := decide(operator, agency.Trial); err != nil {
			t.Fatal(err)
		}
		judge("in trial", false)
		for _, d := range []agency.Decision{{Standing: agency.Operational}, {Standing: agency.Operational, LetterNumber: "1"}, {Standing: agency.Operational, LetterNumber: "1", LetterDate: "2027-01-01"}} {
			if _, err := r.agencies.Decide(ctx, operator, fresh, d); simpul.CodeOf(err) != simpul.CodeInvalid {
				t.Errorf("%+v: %v", d, err)
			}
		}
		if err := decide(operator, agency.Operational); err != nil {
			t.Fatal(err)
		}
		judge("operational", true)
		if err := decide(operator, agency.Trial); err != nil {
			t.Fatal(err)
		}
		judge("taken back", false)
		if got := events(t, db, "agency.standing"); len(got) != 3 || got[0].Agency != fresh {
			t.Errorf("the trail has %+v", got)
		}

		// To go and come back is no way to be approved.
		if err := r.agencies.Delete(ctx, adminOf(fresh), fresh); err != nil {
			t.Fatal(err)
		}
		if _, err := r.agencies.Put(ctx, adminOf(fresh), fresh, specOf(fresh, false), false); err != nil {
			t.Fatal(err)
		}
		judge("come back", false)
	})
}

// Of two decisions at once, one is a step and the other meets its result.
func TestTwoDecisionsAtOnce(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := furnished(t, db), t.Context()
		const fresh = "baru.go.id"
		if _, err := r.agencies.Put(ctx, adminOf(fresh), fresh, specOf(fresh, false), false); err != nil {
			t.Fatal(err)
		}
		results := make([]error, 4)
		var all sync.WaitGroup
		for i := range results {
			all.Go(func() {
				agencies := agency.NewAgencies(db, r.clock, nobody{})
				_, results[i] = agencies.Decide(ctx, operator, fresh, agency.Decision{Standing: agency.Trial})
			})
		}
		all.Wait()
		done := 0
		for _, err := range results {
			if err == nil {
				done++
			} else if simpul.CodeOf(err) != simpul.CodeConflict {
				t.Error(err)
			}
		}
		if done != 1 {
			t.Errorf("%d decisions took place", done)
		}
	})
}

func TestASuspensionSaysWhy(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := furnished(t, db), t.Context()
		checkRefusal(t, r.agencies.Suspend(ctx, operator, bandung, "  "), simpul.CodeInvalid, "reason")
		checkRefusal(t, r.agencies.Suspend(ctx, operator, "tidak-ada.go.id", "x"), simpul.CodeNotFound, "")
		checkRefusal(t, r.agencies.Suspend(ctx, adminOf(bandung), bandung, "x"), simpul.CodeDenied, "")
		if err := r.agencies.Suspend(ctx, operator, bandung, "Kunci bocor berulang"); err != nil {
			t.Fatal(err)
		}
		got, err := r.agencies.Approval(ctx, adminOf(bandung), bandung)
		want := agency.Suspension{Reason: "Kunci bocor berulang", By: operator.ID, Since: monday.Truncate(time.Millisecond)}
		if err != nil || got.Suspension != want || got.Standing != agency.Operational {
			t.Errorf("got %+v, %v", got, err)
		}
		if !r.keyringOf(t).IsSuspended(bandung) {
			t.Error("the gateway does not know")
		}
		if err := r.agencies.Reinstate(ctx, operator, bandung); err != nil {
			t.Fatal(err)
		}
		if got, err := r.agencies.Approval(ctx, adminOf(bandung), bandung); err != nil || got.Suspension != (agency.Suspension{}) || r.keyringOf(t).IsSuspended(bandung) {
			t.Errorf("got %+v, %v", got, err)
		}
		if len(r.notices) != 2 {
			t.Errorf("told %+v", r.notices)
		}
	})
}

func TestUnitsStayATree(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := furnished(t, db), t.Context()
		put := func(id, parent string) error {
			return r.agencies.PutUnit(ctx, adminOf(bandung), bandung, agency.Unit{ID: id, Name: "Unit " + id, Parent: parent})
		}
		for i, id := range []string{"a", "b", "c", "d", "e", "f"} {
			parent := ""
			if i > 0 {
				parent = string(rune('a' + i - 1))
			}
			if err := put(id, parent); err != nil {
				t.Fatal(err)
			}
		}
		checkRefusal(t, put("g", "f"), simpul.CodeConflict, "parent")
		checkRefusal(t, put("a", "f"), simpul.CodeConflict, "parent") // a circle
		checkRefusal(t, put("a", "a"), simpul.CodeConflict, "parent")
		checkRefusal(t, put("h", "zz"), simpul.CodeNotFound, "parent")
		checkRefusal(t, put("Besar", ""), simpul.CodeInvalid, "id")
		checkRefusal(t, r.agencies.PutUnit(ctx, operator, bandung, agency.Unit{ID: "x", Name: " "}), simpul.CodeInvalid, "name")

		spec := agency.ApplicationSpec{Name: "Layanan", Unit: "f"}
		if _, err := r.applications.Put(ctx, adminOf(bandung), layanan, spec, false); err != nil {
			t.Fatal(err)
		}
		spec.Unit = "zz"
		_, err := r.applications.Put(ctx, adminOf(bandung), layanan, spec, false)
		checkRefusal(t, err, simpul.CodeNotFound, "spec.unit")
		for _, used := range []string{"f", "e"} {
			checkRefusal(t, r.agencies.DeleteUnit(ctx, adminOf(bandung), bandung, used), simpul.CodeConflict, "")
		}
		r.putApplication(t, layanan)
		if err := r.agencies.DeleteUnit(ctx, adminOf(bandung), bandung, "f"); err != nil {
			t.Error(err)
		}
		units, err := r.agencies.Units(ctx, adminOf(bandung), bandung)
		if err != nil || len(units) != 5 {
			t.Errorf("got %+v, %v", units, err)
		}
	})
}

func TestAgenciesAreATreeThatTheOperatorArranges(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := furnished(t, db), t.Context()
		under := func(p simpul.Principal, id, parent string) error {
			spec := specOf(id, false)
			spec.Parent = parent
			_, err := r.agencies.Put(ctx, p, id, spec, false)
			return err
		}
		checkRefusal(t, under(adminOf(bandung), bandung, sumedang), simpul.CodeDenied, "spec.parent")
		checkRefusal(t, under(operator, bandung, bandung), simpul.CodeConflict, "spec.parent")
		checkRefusal(t, under(operator, bandung, "tidak-ada.go.id"), simpul.CodeNotFound, "")
		if err := under(operator, bandung, sumedang); err != nil {
			t.Fatal(err)
		}
		checkRefusal(t, under(operator, sumedang, bandung), simpul.CodeConflict, "spec.parent")
		children, err := r.agencies.Children(ctx, adminOf(sumedang), sumedang)
		if err != nil || len(children) != 1 || children[0].ID != bandung {
			t.Errorf("got %+v, %v", children, err)
		}
		if _, err := r.applications.Get(ctx, adminOf(sumedang), layanan); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("the parent sees what the child runs: %v", err)
		}
	})
}
