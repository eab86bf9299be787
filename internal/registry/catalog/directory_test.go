package catalog_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/catalog"
)

var silent = slog.New(slog.DiscardHandler)

// loaded is a directory that reads the database now.
func loaded(t testing.TB, db *sqldb.DB, log *slog.Logger) *catalog.Directory {
	t.Helper()
	d := catalog.NewDirectory(db, log)
	if err := d.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d
}

// tell is what a directory answers: its list, and the route at each key.
func tell(d *catalog.Directory, keys []string) map[string]string {
	told := map[string]string{}
	for i, l := range d.All() {
		one, err := d.LID(l.Address)
		told[fmt.Sprint("place ", i)] = fmt.Sprint(l.Address, l.Spec.Title, l.Spec.State, l.Contract.Title, l.Created, l.Updated, one == l, err)
	}
	for _, key := range keys {
		route, err := d.Resolve(key)
		if err != nil {
			told[key] = fmt.Sprint(err)
			continue
		}
		told[key] = lines(route) + fmt.Sprint(route.Address, route.Version, route.Title, route.Class, route.Owner, route.Upstream, route.Operations.List(), route.Timeout, route.MaxBody)
	}
	return told
}

// lines are the versions of a route and what is told of their end.
func lines(route *simpul.Route) string {
	text := fmt.Sprintln(route.Version, route.Upstream, route.Fixed, len(route.Older))
	if e := route.Ending; e != nil {
		text += fmt.Sprintln(e.Since.UTC(), e.Sunset.UTC(), e.Successor, e.Version)
	}
	for _, older := range route.Older {
		text += lines(older)
	}
	return text
}

func TestARouteIsWhatThePublisherWrote(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	r.put(t, kota, lid(func(s *catalog.Spec) {
		s.Class, s.LegalBasis, s.Version, s.Context, s.TimeoutSeconds, s.MaxBodyBytes = simpul.Tertutup, "UU", "2.1", "kota", 7, 1234
		s.Upstream += "/"
	}))
	r.put(t, "master/Desa", lid(nil))
	d := loaded(t, r.db, silent)
	for _, key := range []string{kota, "t/" + kemendagri + "/kota/2.1"} {
		route, err := d.Resolve(key)
		if err != nil {
			t.Fatal(err)
		}
		if route.Address != kota || route.Version != "2.1" || route.Class != simpul.Tertutup || route.Owner != kemendagri || route.Title != "Kabupaten dan kota" {
			t.Errorf("%s: got %+v", key, route)
		}
		if route.Upstream.String() != upstream || route.Timeout != 7*time.Second || route.MaxBody != 1234 {
			t.Errorf("%s: got %s, %v and %d bytes", key, route.Upstream, route.Timeout, route.MaxBody)
		}
		if _, _, ok := route.Operations.Find("GET", "/"); !ok {
			t.Errorf("%s: the contract's operation cannot be called", key)
		}
	}
	if route, err := d.Resolve("master/Desa"); err != nil || route.Timeout != 30*time.Second || route.MaxBody != 0 {
		t.Errorf("by default: got %+v, %v", route, err)
	}
	for _, key := range []string{"", "master/kota", "master/Kota/", "t/" + kemendagri + "/kota/1.0", "t///", "t/" + bandung + "/kota/2.1"} {
		_, err := d.Resolve(key)
		checkRefusal(t, err, simpul.CodeNotFound, "")
	}
	_, err := d.LID("master/Tidak")
	checkRefusal(t, err, simpul.CodeNotFound, "")
}

func TestOnlyThePublishedCanBeCalled(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		d := catalog.NewDirectory(db, silent)
		if _, err := d.Resolve(kota); simpul.CodeOf(err) != simpul.CodeNotFound || len(d.All()) != 0 {
			t.Errorf("an empty directory: got %v", err)
		}
		d = loaded(t, db, silent)
		for _, c := range []struct {
			change   func(*catalog.Spec)
			callable bool
		}{{draft, false}, {nil, true}, {draft, false}, {nil, true}, {retired, false}} {
			before := lastRevision(t, db)
			r.put(t, kota, lid(c.change))
			if err := d.Refresh(t.Context(), revisionsAfter(t, db, before)); err != nil {
				t.Fatal(err)
			}
			for name, d := range map[string]*catalog.Directory{"followed": d, "loaded": loaded(t, db, silent)} {
				if _, err := d.Resolve(kota); (err == nil) != c.callable || (len(d.All()) == 1) != c.callable {
					t.Errorf("%s as %s: got %v", name, lid(c.change).State, err)
				}
			}
		}
	})
}

func TestALIDThatCannotBeReadDoesNotStopTheOthers(t *testing.T) {
	const head = `{"agency":"` + kemendagri + `","state":"published","class":"terbuka"`
	spoilt := map[string]string{
		"g/NotJSON":         `{"agency":`,
		"g/AnotherShape":    `{"agency":7}`,
		"g/Empty":           ``,
		"g/List":            `[]`,
		"g/WithoutUpstream": head + `}`,
		"g/BrokenContract":  head + `,"upstream":"http://p","contract":{"openapi":"3.1.0","paths":7}}`,
	}
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, "master/Desa", lid(nil))
		for address := range spoilt {
			r.put(t, address, lid(nil))
		}
		var log bytes.Buffer
		followed, before := loaded(t, db, slog.New(slog.NewTextHandler(&log, nil))), lastRevision(t, db)
		for address, document := range spoilt {
			r.put(t, address, lid(nil))
			exec(t, db, `UPDATE catalog_lid SET document = '`+document+`' WHERE address = '`+address+`'`)
		}
		r.put(t, kota, lid(nil))
		if err := followed.Refresh(t.Context(), revisionsAfter(t, db, before)); err != nil {
			t.Fatal(err)
		}
		for name, d := range map[string]*catalog.Directory{"followed": followed, "loaded": loaded(t, db, silent)} {
			for address := range spoilt {
				if _, err := d.Resolve(address); simpul.CodeOf(err) != simpul.CodeNotFound {
					t.Errorf("%s: %s is called: %v", name, address, err)
				}
			}
			for _, address := range []string{"master/Desa", kota} {
				if _, err := d.Resolve(address); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		for address := range spoilt {
			if !strings.Contains(log.String(), "address="+address+" ") {
				t.Errorf("nobody is told of %s: %s", address, &log)
			}
		}
	})
}

// A LID that has taken over the older address of another keeps it when the
// other's earlier change is read late.
func TestALateChangeTakesNoAddressAway(t *testing.T) {
	const older = "t/" + kemendagri + "/kota/1.0"
	at := func(context string) catalog.Spec { return lid(func(s *catalog.Spec) { s.Context = context }) }
	r := newRoom(t, testkit.SQLite(t))
	r.put(t, kota, at("kota"))
	r.put(t, "master/Desa", at(""))
	d := loaded(t, r.db, silent)
	r.put(t, kota, at(""))
	r.put(t, "master/Desa", at("kota"))
	for _, id := range []string{"master/Desa", kota, "master/Desa", kota} {
		if err := d.Refresh(t.Context(), []sqldb.Revision{{Kind: "LID", ID: id}}); err != nil {
			t.Fatal(err)
		}
		if route, err := d.Resolve(older); err != nil || route.Address != "master/Desa" {
			t.Errorf("after %s: got %+v, %v", id, route, err)
		}
	}
}

func TestChangesOfOtherRoomsCostNothing(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	r.put(t, kota, lid(nil))
	d := loaded(t, r.db, silent)
	before := d.All()
	if err := d.Refresh(t.Context(), []sqldb.Revision{{Kind: "Agency", ID: kemendagri}, {Kind: "Grant", ID: "g-1"}, {Kind: "Key", ID: "k-1"}}); err != nil {
		t.Fatal(err)
	}
	if after := d.All(); &after[0] != &before[0] {
		t.Error("the directory was made anew")
	}
	r.db.Close()
	if err := d.Refresh(t.Context(), []sqldb.Revision{{Kind: "LID", ID: kota}}); err == nil {
		t.Error("a failure to read is not told")
	}
	if _, err := d.Resolve(kota); err != nil {
		t.Errorf("what was known is lost: %v", err)
	}
}

// Whatever changes, and in whatever batches the changes arrive, a directory
// that follows ends as one that is loaded afresh.
func TestDirectoryRefreshIsAsGoodAsLoad(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		addresses := []string{"g/A", "g/B", "g/C"}
		keys := append([]string{""}, addresses...)
		for _, context := range []string{"x", "y"} {
			for _, version := range []string{"1.0", "1.1", "2.0", "10.0"} {
				keys = append(keys, "t/"+kemendagri+"/"+context+"/"+version, "t/"+bandung+"/"+context+"/"+version)
			}
		}
		rapid.Check(t, func(rt *rapid.T) {
			exec(t, db, `DELETE FROM catalog_lid`, `DELETE FROM catalog_address`, `DELETE FROM catalog_version`)
			follower, seen := loaded(t, db, silent), lastRevision(t, db)
			refresh := func(most int) {
				batch := revisionsAfter(t, db, seen)
				batch = batch[:min(len(batch), most)]
				if err := follower.Refresh(t.Context(), batch); err != nil {
					rt.Fatal(err)
				}
				seen += int64(len(batch))
			}
			for range rapid.IntRange(1, 8).Draw(rt, "steps") {
				if rapid.IntRange(0, 3).Draw(rt, "refresh") == 0 {
					refresh(rapid.IntRange(1, 5).Draw(rt, "batch"))
				}
				address := rapid.SampledFrom(addresses).Draw(rt, "address")
				if rapid.IntRange(0, 5).Draw(rt, "delete") == 0 {
					r.Delete(t.Context(), operator, address) // one that is not there is refused, which is no change
					continue
				}
				r.Put(t.Context(), operator, address, drawSpec(rt), false)
			}
			refresh(1 << 20)
			if diff := cmp.Diff(tell(loaded(t, db, silent), keys), tell(follower, keys)); diff != "" {
				rt.Fatalf("the directory that followed differs (-loaded +followed)\n%s", diff)
			}
		})
	})
}

func drawSpec(rt *rapid.T) catalog.Spec {
	return lid(func(s *catalog.Spec) {
		s.Agency = rapid.SampledFrom([]simpul.AgencyID{kemendagri, kemendagri, bandung}).Draw(rt, "agency")
		s.State = rapid.SampledFrom([]catalog.State{catalog.Published, catalog.Published, catalog.Published, catalog.Deprecated, catalog.Deprecated, catalog.Draft, catalog.Retired}).Draw(rt, "state")
		s.Context = rapid.SampledFrom([]string{"", "x", "y"}).Draw(rt, "context")
		s.Title = rapid.SampledFrom([]string{"Satu", "Dua"}).Draw(rt, "title")
		s.TimeoutSeconds = rapid.IntRange(0, 2).Draw(rt, "timeout")
		s.Contract = json.RawMessage(openAPI)
		s.Version = rapid.SampledFrom([]string{"1.0", "1.1", "2.0", "10.0"}).Draw(rt, "version")
		if rapid.Bool().Draw(rt, "deprecation") {
			s.Deprecation = &catalog.Deprecation{Since: "2026-11-23", Sunset: rapid.SampledFrom([]string{"2027-02-21", "2027-03-01"}).Draw(rt, "sunset"),
				Successor: rapid.SampledFrom([]simpul.Address{"", "g/A", "g/B", "g/C"}).Draw(rt, "successor"), Reason: "Digabung dengan yang lain"}
		}
	})
}

func TestDirectoryIsReadWhileItChanges(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	r.put(t, kota, lid(nil))
	d := loaded(t, r.db, silent)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := d.Resolve(kota); err != nil || len(d.All()) == 0 {
					t.Errorf("a LID that nobody touched is gone: %v", err)
					return
				}
			}
		})
	}
	for i := range 10 {
		before := lastRevision(t, r.db)
		r.put(t, "master/Desa", lid(func(s *catalog.Spec) {
			if i%2 == 0 {
				draft(s)
			}
		}))
		if err := d.Refresh(t.Context(), revisionsAfter(t, r.db, before)); err != nil {
			t.Error(err)
		}
		if i%5 == 0 {
			if err := d.Load(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}
	close(stop)
	readers.Wait()
}

func TestRouteSaysHowTheLIDIsDelivered(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, kota, lid(func(s *catalog.Spec) {
			s.StatePurpose = true
			s.Delivery = simpul.Delivery{Upgrade: true, Origins: []string{"http://10.1.2.4:8080/kota"}}
		}))
		var compiled string
		r.directory.Compile(func(_ *simpul.Route, document json.RawMessage) any {
			compiled = string(document)
			return &compiled
		})
		if err := r.directory.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		route, err := r.directory.Resolve(kota)
		if err != nil {
			t.Fatal(err)
		}
		if !route.StatePurpose || !route.Delivery.Upgrade || len(route.Delivery.Origins) != 1 {
			t.Errorf("got %+v", route)
		}
		if route.Plan != any(&compiled) || !strings.Contains(compiled, `"openapi"`) {
			t.Errorf("plan %v of %q", route.Plan, compiled)
		}
		seen, err := r.Get(t.Context(), public, kota)
		if err != nil || len(seen.Spec.Delivery.Origins) > 0 {
			t.Errorf("the public sees %+v, %v", seen.Spec.Delivery, err)
		}
	})
}
