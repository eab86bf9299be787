package onboarding_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/trail"
	"simpul/internal/registry/onboarding"
)

// From a stranger's first visit to the second version of a locked form.
func TestAnAgencyJoins(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(db), t.Context()
		code, err := r.Begin(ctx)
		if err != nil || len(code.Reveal()) != 26 {
			t.Fatal(err)
		}
		h := onboarding.WithCode(code)
		if faults, err := r.Submit(ctx, h); simpul.CodeOf(err) != simpul.CodeInvalid || len(faults) < 6 {
			t.Fatalf("an empty form: %v, %v", faults, err)
		}
		r.fill(t, h)
		grouped := strings.ToUpper(code.Reveal()[:4]) + "-" + code.Reveal()[4:10] + " " + code.Reveal()[10:]
		if _, err := r.Submit(ctx, onboarding.WithCode(simpul.Secret(grouped))); err != nil {
			t.Fatal(err)
		}
		id := r.id(t, h)
		waiting, err := r.Waiting(ctx, operator, onboarding.Submitted)
		if err != nil || len(waiting) != 1 || waiting[0].ID != id || !waiting[0].Due().Equal(monday.Add(5*24*time.Hour)) {
			t.Fatalf("waiting: %+v, %v", waiting, err)
		}

		checkRefusal(t, r.Return(ctx, operator, id, 1, nil), simpul.CodeInvalid)
		if err := r.Return(ctx, operator, id, 1, map[string]string{"letterNumber": "Nomor tidak sama dengan surat"}); err != nil {
			t.Fatal(err)
		}
		c, err := r.Case(ctx, h)
		if err != nil || c.State != onboarding.Returned || c.Reasons["letterNumber"] != "Nomor tidak sama dengan surat" {
			t.Fatalf("got %+v, %v", c, err)
		}
		if err := r.Save(ctx, h, func(f *onboarding.Form) { f.LetterNumber = "800/13/Diskominfo" }); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Submit(ctx, h); err != nil {
			t.Fatal(err)
		}
		checkRefusal(t, r.Accept(ctx, operator, id, 1), simpul.CodeConflict) // not what the operator would see now
		if err := r.Accept(ctx, operator, id, 2); err != nil {
			t.Fatal(err)
		}
		if len(r.settled) != 2 || r.settled[0] == r.settled[1] || r.settled[1] == "" {
			t.Errorf("settled %q, want what waited for each decision", r.settled)
		}
		want := onboarding.Admission{ID: bandung, Name: "Pemerintah Kota Bandung", Level: "kota", Region: "32.73", New: true}
		if got := r.admitted[0]; len(r.admitted) != 1 || got.ID != want.ID || got.Name != want.Name || !got.New || len(got.Addresses) != 1 {
			t.Errorf("admitted %+v", r.admitted)
		}
		if c, err := r.Case(ctx, h); err != nil || c.State != onboarding.Accepted {
			t.Errorf("the code does not show the outcome: %+v, %v", c, err)
		}
		checkRefusal(t, r.Save(ctx, h, func(*onboarding.Form) {}), simpul.CodeConflict)
		if account, err := r.Service.Invite(ctx, operator, id); err != nil || account != "siti.rahma@bandungkota.go.id" || len(r.invited) != 1 {
			t.Errorf("invited %v, %v", account, err)
		}

		own := onboarding.For(adminOf(bandung), bandung)
		checkRefusal(t, r.BeginOwn(ctx, adminOf(bandung), bandung, onboarding.Form{}), simpul.CodeConflict) // not locked yet
		if err := r.Lock(ctx, operator, id); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Case(ctx, h); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("the code still opens the form: %v", err)
		}
		checkRefusal(t, r.Save(ctx, own, func(f *onboarding.Form) { f.Name = "Curian" }), simpul.CodeConflict)
		if err := r.BeginOwn(ctx, adminOf(bandung), bandung, onboarding.Form{}); err != nil {
			t.Fatal(err)
		}
		err = r.Save(ctx, own, func(f *onboarding.Form) { f.Agency, f.Purpose = "curian.go.id", "Menyediakan data perizinan juga" })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Submit(ctx, own); err != nil {
			t.Fatal(err)
		}
		_, versions, err := r.Open(ctx, operator, id)
		if err != nil || len(versions) != 3 || versions[1].Outcome != onboarding.Accepted || versions[2].Outcome != onboarding.Returned {
			t.Fatalf("got %+v, %v", versions, err)
		}
		changes := onboarding.Compare(versions[1].Form, versions[0].Form)
		if len(changes) != 1 || changes[0].After != "Menyediakan data perizinan juga" {
			t.Errorf("changed %+v", changes)
		}
		if err := r.Accept(ctx, operator, id, 3); err != nil || r.admitted[1].New {
			t.Errorf("a new version of an agency that exists: %v, %+v", err, r.admitted)
		}
	})
}

func TestIllegalSteps(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(db), t.Context()
		steps := map[string]func(h onboarding.Holder, id string) error{
			"save":   func(h onboarding.Holder, _ string) error { return r.Save(ctx, h, func(*onboarding.Form) {}) },
			"attach": func(h onboarding.Holder, _ string) error { return r.Attach(ctx, h, "a.pdf", pdf) },
			"submit": func(h onboarding.Holder, _ string) error { _, err := r.Submit(ctx, h); return err },
			"return": func(_ onboarding.Holder, id string) error {
				return r.Return(ctx, operator, id, 1, map[string]string{"name": "x"})
			},
			"accept": func(_ onboarding.Holder, id string) error { return r.Accept(ctx, operator, id, 1) },
			"lock":   func(_ onboarding.Holder, id string) error { return r.Lock(ctx, operator, id) },
		}
		for _, c := range []struct {
			state     onboarding.State
			forbidden []string
		}{
			{onboarding.Draft, []string{"return", "accept", "lock"}},
			{onboarding.Submitted, []string{"save", "attach", "submit", "lock"}},
			{onboarding.Returned, []string{"return", "accept", "lock"}},
			{onboarding.Accepted, []string{"return", "accept"}},
			{onboarding.Locked, []string{"return", "accept", "lock"}},
		} {
			exec(t, db, `DELETE FROM onboarding_form`)
			h, id := r.submitted(t)
			exec(t, db, `UPDATE onboarding_form SET state = '`+string(c.state)+`'`)
			for _, step := range c.forbidden {
				if err := steps[step](h, id); simpul.CodeOf(err) != simpul.CodeConflict {
					t.Errorf("%s while %s: got %v", step, c.state, err)
				}
			}
		}
	})
}

func exec(t testing.TB, db *sqldb.DB, statement string) {
	t.Helper()
	err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(t.Context(), statement)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTwoDecisionsAtOnce(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(db), t.Context()
		_, id := r.submitted(t)
		results := make([]error, 4)
		var all sync.WaitGroup
		for i := range results {
			all.Go(func() {
				if i%2 == 0 {
					results[i] = newRoom(db).Accept(ctx, operator, id, 1)
				} else {
					results[i] = newRoom(db).Return(ctx, operator, id, 1, map[string]string{"name": "x"})
				}
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

func TestNobodyDecidesOnTheirOwn(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(db), t.Context()
		own := operator
		if err := r.BeginOwn(ctx, own, bandung, onboarding.Form{}); err != nil {
			t.Fatal(err)
		}
		h := onboarding.For(own, bandung)
		r.fill(t, h)
		if _, err := r.Submit(ctx, h); err != nil {
			t.Fatal(err)
		}
		id := r.id(t, h)
		checkRefusal(t, r.Accept(ctx, own, id, 1), simpul.CodeDenied)
		lead := simpul.Acting("siti", simpul.RoleOperator, "")
		lead.Account = "siti.rahma@bandungkota.go.id"
		checkRefusal(t, r.Accept(ctx, lead, id, 1), simpul.CodeDenied)
		checkRefusal(t, r.Return(ctx, lead, id, 1, map[string]string{"name": "x"}), simpul.CodeDenied)
		other := simpul.Acting("t-other", simpul.RoleOperator, "")
		if err := r.Accept(ctx, other, id, 1); err != nil {
			t.Error(err)
		}
	})
}

// What the agency room refuses leaves everything as it was.
func TestARefusedAdmissionDecidesNothing(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(db), t.Context()
		h, id := r.submitted(t)
		r.refuse = &simpul.Error{Code: simpul.CodeConflict}
		if err := r.Accept(ctx, operator, id, 1); simpul.CodeOf(err) != simpul.CodeConflict {
			t.Errorf("got %v", err)
		}
		if c, err := r.Case(ctx, h); err != nil || c.State != onboarding.Submitted || c.Owner != "" {
			t.Errorf("got %+v, %v", c, err)
		}
	})
}

func TestTheWrongTenantReachesNothing(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(db), t.Context()
		h, id := r.submitted(t)
		document := func() string {
			c, err := r.Case(ctx, h)
			if err != nil {
				t.Fatal(err)
			}
			return c.Form.Documents[0].ID
		}()
		if err := r.Accept(ctx, operator, id, 1); err != nil {
			t.Fatal(err)
		}
		if err := r.Lock(ctx, operator, id); err != nil {
			t.Fatal(err)
		}
		for who, p := range map[string]simpul.Principal{"another agency": adminOf("sumedangkab.go.id"), "the public": {}} {
			other := onboarding.For(p, bandung)
			for what, attempt := range map[string]func(id string) error{
				"open":     func(id string) error { _, _, err := r.Open(ctx, p, id); return err },
				"document": func(id string) error { _, err := r.Document(ctx, p, id, document); return err },
				"return":   func(id string) error { return r.Return(ctx, p, id, 1, map[string]string{"name": "x"}) },
				"accept":   func(id string) error { return r.Accept(ctx, p, id, 1) },
				"lock":     func(id string) error { return r.Lock(ctx, p, id) },
				"invite":   func(id string) error { _, err := r.Service.Invite(ctx, p, id); return err },
				"begin":    func(string) error { return r.BeginOwn(ctx, p, bandung, onboarding.Form{}) },
				"case":     func(string) error { _, err := r.Case(ctx, other); return err },
				"save":     func(string) error { return r.Save(ctx, other, func(f *onboarding.Form) { f.Name = "Curian" }) },
				"attach":   func(string) error { return r.Attach(ctx, other, "a.pdf", pdf) },
				"detach":   func(string) error { return r.Detach(ctx, other, document) },
				"submit":   func(string) error { _, err := r.Submit(ctx, other); return err },
			} {
				existing, missing := attempt(id), attempt("f-missing")
				if simpul.CodeOf(existing) != simpul.CodeNotFound || simpul.CodeOf(missing) != simpul.CodeNotFound {
					t.Errorf("%s as %s: %v, %v", what, who, existing, missing)
				}
			}
			if cases, err := r.Waiting(ctx, p, onboarding.Locked); err != nil || len(cases) != 0 {
				t.Errorf("waiting as %s: %v, %v", who, cases, err)
			}
			if _, _, found, err := r.OfAgency(ctx, p, bandung); err != nil || found {
				t.Errorf("of agency as %s: %v", who, err)
			}
		}
		if _, err := r.Document(ctx, adminOf(bandung), id, document); err != nil {
			t.Errorf("its own document: %v", err)
		}
	})
}

func TestACodeIsAllOrNothing(t *testing.T) {
	r := newRoom(testkit.SQLite(t))
	r.filled(t)
	for _, code := range []simpul.Secret{"", " ", "-", "abcdefghijklmnopqrstuvwxyz", "%"} {
		if _, err := r.Case(t.Context(), onboarding.WithCode(code)); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("%d characters: got %v", len(code), err)
		}
	}
}

// Nothing that people wrote can be read in the database or in the trail.
func TestWhatPeopleWroteIsSealed(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(db), t.Context()
		_, id := r.submitted(t)
		if err := r.Return(ctx, operator, id, 1, map[string]string{"team.1.name": "Bukan Siti"}); err != nil {
			t.Fatal(err)
		}
		var stored []string
		err := db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
			for _, query := range []string{
				`SELECT draft || code FROM onboarding_form`, `SELECT content || reasons FROM onboarding_version`, `SELECT content FROM onboarding_document`,
			} {
				texts, err := sqldb.All(ctx, tx, func(scan sqldb.Scan) (s string, err error) { return s, scan(&s) }, query)
				if err != nil {
					return err
				}
				stored = append(stored, texts...)
			}
			events, err := trail.List(ctx, tx, trail.Filter{}, 0, 100)
			for _, e := range events {
				stored = append(stored, e.Detail+e.Subject+e.Actor)
			}
			return err
		})
		if err != nil || len(stored) < 5 {
			t.Fatal(err, len(stored))
		}
		for _, text := range stored {
			plain, _ := base64.StdEncoding.DecodeString(text)
			for _, private := range []string{"Siti", "siti.rahma", "3456", "Bukan", "%PDF"} {
				if strings.Contains(text, private) || strings.Contains(string(plain), private) {
					t.Errorf("%q can be read", private)
				}
			}
		}
	})
}

func TestStrangersBeginOnlySoOften(t *testing.T) {
	r := newRoom(testkit.SQLite(t))
	here, there := trail.WithOrigin(t.Context(), "192.0.2.1"), trail.WithOrigin(t.Context(), "192.0.2.2")
	for range 10 {
		if _, err := r.Begin(here); err != nil {
			t.Fatal(err)
		}
	}
	_, err := r.Begin(here)
	checkRefusal(t, err, simpul.CodeLimited)
	if _, err := r.Begin(there); err != nil {
		t.Errorf("another address: %v", err)
	}
	r.now = monday.Add(time.Hour)
	if _, err := r.Begin(here); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

func TestAbandonedDraftsGo(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(db), t.Context()
		abandoned := r.filled(t)
		handedIn, _ := r.submitted(t)
		r.now = monday.Add(31 * 24 * time.Hour)
		fresh := r.filled(t)
		if err := r.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		for h, want := range map[*onboarding.Holder]simpul.Code{&abandoned: simpul.CodeNotFound, &handedIn: "", &fresh: ""} {
			if _, err := r.Case(ctx, *h); simpul.CodeOf(err) != want {
				t.Errorf("got %v, want %q", err, want)
			}
		}
	})
}

func TestStrangersStoreOnlySoMuch(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(db)
		r.Bound(2*int64(len(pdf)) + 1)
		r.filled(t)
		h := r.filled(t)
		checkRefusal(t, r.Attach(t.Context(), h, "lagi.pdf", pdf), simpul.CodeLimited)
	})
}

func TestAnIPv6LineBeginsOnlySoOften(t *testing.T) {
	r := newRoom(testkit.SQLite(t))
	for i := range 10 {
		if _, err := r.Begin(trail.WithOrigin(t.Context(), fmt.Sprintf("2001:db8::%x", i))); err != nil {
			t.Fatal(err)
		}
	}
	_, err := r.Begin(trail.WithOrigin(t.Context(), "2001:db8::ffff"))
	checkRefusal(t, err, simpul.CodeLimited)
}
