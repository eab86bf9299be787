package grant_test

import (
	"bytes"
	"context"
	"fmt"
	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/grant"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAProviderNarrowsAndNobodyWidens(t *testing.T) {
	early, late := monday.AddDate(0, 0, -1), monday.AddDate(3, 0, 0)
	for _, c := range []struct {
		name  string
		terms func(*grant.Terms)
		place string
	}{
		{"as asked", func(*grant.Terms) {}, ""},
		{"fewer fields", func(t *grant.Terms) { t.Fields = t.Fields[:1] }, ""},
		{"a lower rate", func(t *grant.Terms) { t.RatePerMinute = 10 }, ""},
		{"fewer values", func(t *grant.Terms) { t.Rows = []grant.Row{{Parameter: "kode", Values: []string{"32"}}} }, ""},
		{"a further limit", func(t *grant.Terms) {
			t.Rows = append(slices.Clone(t.Rows), grant.Row{Parameter: "tahun", Values: []string{"2026"}})
		}, ""},
		{"all fields", func(t *grant.Terms) { t.Fields = nil }, "fields"},
		{"a field above", func(t *grant.Terms) { t.Fields = []string{"items"} }, "fields"},
		{"a faster rate", func(t *grant.Terms) { t.RatePerMinute = 61 }, "ratePerMinute"},
		{"no rate", func(t *grant.Terms) { t.RatePerMinute = 0 }, "ratePerMinute"},
		{"later", func(t *grant.Terms) { t.Until = &late }, "until"},
		{"without end", func(t *grant.Terms) { t.Until = nil }, "until"},
		{"over already", func(t *grant.Terms) { t.Until = &early }, "until"},
		{"other rows", func(t *grant.Terms) { t.Rows = []grant.Row{{Parameter: "kode", Values: []string{"32", "33"}}} }, "rows"},
		{"all rows", func(t *grant.Terms) { t.Rows = nil }, "rows"},
		{"no values", func(t *grant.Terms) { t.Rows = []grant.Row{{Parameter: "kode"}} }, "rows"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(t, testkit.SQLite(t))
			asked := o.submit(t, ask(desa, func(a *grant.Ask) { a.Rows = []grant.Row{{Parameter: "kode", Values: []string{"32", "31"}}} }))
			d := approval(asked, func(d *grant.Decision) { c.terms(&d.Terms) })
			got, err := o.Decide(t.Context(), decider, asked.ID, d)
			if c.place == "" {
				if err != nil || got.State != grant.Approved {
					t.Fatalf("got %+v, %v", got.Request, err)
				}
				g, _, err := o.room.Find(t.Context(), got.Grant)
				if err != nil || len(g.Rows) != len(d.Terms.Rows) || g.RatePerMin != d.Terms.RatePerMinute || !slices.Equal(g.Fields, d.Terms.Fields) {
					t.Errorf("granted %+v, %v", g, err)
				}
				return
			}
			if e := new(simpul.Error); err == nil || !asError(err, &e) || e.Place != c.place {
				t.Errorf("got %v, want a refusal at %s", err, c.place)
			}
			if all, _ := o.room.All(t.Context()); len(all) != 0 {
				t.Errorf("granted %+v all the same", all)
			}
		})
	}
}

func asError(err error, into **simpul.Error) bool {
	for ; err != nil; err = unwrap(err) {
		if e, ok := err.(*simpul.Error); ok {
			*into = e
			return true
		}
	}
	return false
}

func unwrap(err error) error {
	switch e := err.(type) {
	case interface{ Unwrap() []error }:
		return e.Unwrap()[0]
	case interface{ Unwrap() error }:
		return e.Unwrap()
	}
	return nil
}

func TestWhoMayDecide(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newOffice(t, db), t.Context()
		c := o.submit(t, ask(desa, nil))
		both := asker // somebody who asked, and acts for the nation now
		both.National, both.Permissions = true, simpul.AllPermissions()
		for _, p := range []struct {
			who  simpul.Principal
			code simpul.Code
		}{
			{asker, simpul.CodeDenied}, {of(bandung), simpul.CodeDenied}, {both, simpul.CodeDenied},
			{of(bps), simpul.CodeNotFound}, {public, simpul.CodeNotFound},
			{person(simpul.RoleConsumer, "dewi@"+kemendagri), simpul.CodeDenied},
		} {
			_, err := o.Decide(ctx, p.who, c.ID, approval(c, nil))
			if simpul.CodeOf(err) != p.code {
				t.Errorf("%s: got %v, want %s", p.who.ID, err, p.code)
			}
		}
		if _, err := o.Get(ctx, of(bps), c.ID); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("another tenant reads it: %v", err)
		}
		if got, err := o.Decide(ctx, decider, c.ID, approval(c, nil)); err != nil || got.State != grant.Approved {
			t.Errorf("got %v, %v", got.State, err)
		}
		_, err := o.Decide(ctx, second, c.ID, approval(c, nil))
		checkRefusal(t, err, simpul.CodeConflict, "state")
	})
}

// A period that was over before anybody decided is not given any more.
func TestADecisionAfterThePeriod(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newOffice(t, db), t.Context()
		end := monday.AddDate(0, 0, 3)
		c := o.submit(t, ask(desa, func(a *grant.Ask) { a.Until = &end }))
		o.room.now = monday.AddDate(0, 0, 4)
		_, err := o.Decide(ctx, decider, c.ID, approval(c, nil))
		checkRefusal(t, err, simpul.CodeInvalid, "until")
		if _, err := o.Decide(ctx, decider, c.ID, grant.Decision{Version: 1, Verdict: grant.Returned, Reason: "Masa berlakunya sudah lewat"}); err != nil {
			t.Error(err)
		}
	})
}

func TestAReturnedRequestIsMended(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newOffice(t, db), t.Context()
		c := o.submit(t, ask(desa, nil))
		_, err := o.Decide(ctx, decider, c.ID, grant.Decision{Version: 1, Verdict: grant.Returned})
		checkRefusal(t, err, simpul.CodeInvalid, "reason")
		if _, err := o.Decide(ctx, decider, c.ID, grant.Decision{Version: 1, Verdict: grant.Returned, Reason: "Sebutkan pasalnya"}); err != nil {
			t.Fatal(err)
		}
		if told := o.notices[len(o.notices)-1]; told.Body.ID != "Sebutkan pasalnya" || !slices.Equal(told.Accounts, []simpul.AccountID{asker.Account}) {
			t.Errorf("the requester is told %+v", told)
		}
		mended, err := o.Mend(ctx, asker, c.ID, ask(kota, func(a *grant.Ask) { a.LegalBasis = "UU 25/2009 pasal 9" }))
		if err != nil || mended.Version != 2 || mended.State != grant.Submitted || mended.LID != desa {
			t.Fatalf("got %+v, %v", mended.Request, err)
		}
		_, err = o.Decide(ctx, decider, c.ID, approval(c, nil)) // who read version 1
		checkRefusal(t, err, simpul.CodeConflict, "version")
		read, err := o.Get(ctx, decider, c.ID)
		if err != nil || len(read.Versions) != 2 || read.Latest().Ask.LegalBasis != "UU 25/2009 pasal 9" || read.Latest().Ask.Contact != "Sari, 022-123" || read.Versions[1].Reason != "Sebutkan pasalnya" {
			t.Errorf("got %+v, %v", read, err)
		}
		if _, err := o.Withdraw(ctx, decider, c.ID); simpul.CodeOf(err) != simpul.CodeDenied {
			t.Errorf("the provider withdraws: %v", err)
		}
		if got, err := o.Withdraw(ctx, asker, c.ID); err != nil || got.State != grant.Withdrawn {
			t.Errorf("got %+v, %v", got.Request, err)
		}
		_, err = o.Decide(ctx, decider, c.ID, approval(mended, nil))
		checkRefusal(t, err, simpul.CodeConflict, "state")
	})
}

func TestClosedTakesTwoPeopleAndAnAgreement(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newOffice(t, db), t.Context()
		c := o.submit(t, ask("master/Rahasia", nil))
		_, err := o.Decide(ctx, decider, c.ID, approval(c, nil))
		checkRefusal(t, err, simpul.CodeInvalid, "agreement.number")
		agreed := approval(c, func(d *grant.Decision) { d.Agreement = grant.Agreement{Number: "PKS-12/2026", Date: "2026-11-02"} })
		got, err := o.Decide(ctx, decider, c.ID, agreed)
		if err != nil || got.State != grant.Submitted || got.Proposal == "" || got.Grant != "" {
			t.Fatalf("got %+v, %v", got.Request, err)
		}
		p := o.proposals[0]
		shown, err := grant.ShowProposed(p.content)
		if err != nil || !strings.Contains(fmt.Sprint(shown), "PKS-12/2026 of 2 November 2026") {
			t.Errorf("shown %v, %v", shown, err)
		}
		execute := func(as simpul.Principal) error {
			return db.Write(ctx, decider.Scope(), func(tx *sqldb.Tx) error {
				now, err := o.Present(ctx, tx, c.ID)
				if err != nil {
					return err
				}
				if !bytes.Equal(now, p.before) {
					return fmt.Errorf("changed from %s to %s", p.before, now)
				}
				return o.ApproveProposed(ctx, tx, p.content, decider, as)
			})
		}
		if err := execute(asker); simpul.CodeOf(err) != simpul.CodeDenied {
			t.Errorf("the requester as the second person: %v", err)
		}
		if err := execute(second); err != nil {
			t.Fatal(err)
		}
		read, err := o.Get(ctx, asker, c.ID)
		if err != nil || read.State != grant.Approved || read.Latest().DecidedBy != decider.ID || read.Latest().Agreement.Number != "PKS-12/2026" {
			t.Errorf("got %+v, %v", read, err)
		}
		if execute(second) == nil {
			t.Error("it is carried out twice")
		}
	})
}

func TestTwoDecisionsAtOnce(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := newOffice(t, db)
		c := o.submit(t, ask(desa, nil))
		quiet := o.room.access(silent{})
		var wait sync.WaitGroup
		codes := make([]simpul.Code, 2)
		for i, d := range []grant.Decision{approval(c, nil), {Version: 1, Verdict: grant.Refused, Reason: "Tidak ada dasar hukum"}} {
			wait.Go(func() {
				_, err := quiet.Decide(t.Context(), []simpul.Principal{decider, second}[i], c.ID, d)
				if err != nil {
					codes[i] = simpul.CodeOf(err)
				}
			})
		}
		wait.Wait()
		slices.Sort(codes)
		if diff := cmp.Diff([]simpul.Code{"", simpul.CodeConflict}, codes); diff != "" {
			t.Error(diff)
		}
		read, err := o.Get(t.Context(), decider, c.ID)
		all, _ := o.room.All(t.Context())
		if err != nil || (read.State == grant.Approved) != (len(all) == 1) || read.Latest().Outcome != read.State {
			t.Errorf("got %+v with %d grants, %v", read.Request, len(all), err)
		}
	})
}

type silent struct{}

func (silent) Notify(context.Context, *sqldb.Tx, simpul.Notice) error { return nil }
