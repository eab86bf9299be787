package grant_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/grant"
)

// catalogue offers Kota as open, Desa as restricted and Rahasia as closed, all
// of kemendagri, and nothing else.
type offering struct{}

func (offering) Offer(_ context.Context, address simpul.Address) (grant.Offer, error) {
	class, ok := map[simpul.Address]simpul.LIDClass{kota: simpul.Terbuka, desa: simpul.Terbatas, "master/Rahasia": simpul.Tertutup}[address]
	if !ok {
		return grant.Offer{}, simpul.NotFound(simpul.Text{ID: "LID", EN: "LID"}, string(address))
	}
	return grant.Offer{
		LID: address, Title: "T", Provider: kemendagri, Class: class, Contract: fields{"items", "items.kode", "items.nama"},
		Fields: []grant.OfferedField{{Name: "items.kode"}, {Name: "items.nama"}}, Parameters: []grant.OfferedField{{Name: "kode"}, {Name: "tahun"}},
	}, nil
}

// turned is a seal that is no secret, but is no plain text either and belongs to
// its place.
type turned struct{}

func (turned) Seal(plain []byte, table, row, column string) ([]byte, error) {
	return append([]byte(table+row+column+"|"), flip(plain)...), nil
}

func (turned) Open(sealed []byte, table, row, column string) ([]byte, error) {
	body, ok := bytes.CutPrefix(sealed, []byte(table+row+column+"|"))
	if !ok {
		return nil, fmt.Errorf("sealed for another place")
	}
	return flip(body), nil
}

func flip(b []byte) []byte {
	out := slices.Clone(b)
	for i := range out {
		out[i] ^= 0x5a
	}
	return out
}

// post keeps what people are told and proposed.
type post struct {
	notices   []simpul.Notice
	proposals []proposal
}

type proposal struct{ before, content []byte }

func (p *post) Notify(_ context.Context, _ *sqldb.Tx, n simpul.Notice) error {
	p.notices = append(p.notices, n)
	return nil
}

func (p *post) Propose(_ context.Context, _ *sqldb.Tx, _ simpul.Principal, action, _ string, agency simpul.AgencyID, before, content []byte, _ string) (string, error) {
	if action != grant.ActionApprove || agency != kemendagri {
		return "", fmt.Errorf("proposed %s of %s", action, agency)
	}
	p.proposals = append(p.proposals, proposal{before, content})
	return fmt.Sprint("u-", len(p.proposals)), nil
}

// office is the room with its requests.
type office struct {
	*grant.Access
	*post
	room *room
}

func newOffice(t testing.TB, db *sqldb.DB) *office {
	t.Helper()
	r := newRoom(t, db)
	exec(t, db, `INSERT INTO catalog_lid (address, agency, class, state, title, document, created_at, updated_at)
		VALUES ('master/Rahasia', 'kemendagri.go.id', 'tertutup', 'published', 'T', '{}', 0, 0)`)
	p := &post{}
	return &office{grant.NewAccess(db, offering{}, turned{}, p, p, func() time.Time { return r.now }), p, r}
}

func person(role simpul.Role, account simpul.AccountID) simpul.Principal {
	p := simpul.Acting(string(account), role, account.Agency())
	p.Account = account
	return p
}

var (
	asker   = person(simpul.RoleConsumer, "sari@"+bandung)
	decider = person(simpul.RoleProvider, "budi@"+kemendagri)
	second  = person(simpul.RoleProvider, "citra@"+kemendagri)
)

// ask is what bandung asks of a LID, changed.
func ask(lid simpul.Address, change func(*grant.Ask)) grant.Ask {
	until := monday.AddDate(1, 0, 0).Truncate(time.Hour)
	a := grant.Ask{
		LID: lid, Application: layanan, Purpose: "Memastikan alamat pemohon layanan warga", LegalBasis: "UU 25/2009 pasal 4", Contact: "Sari, 022-123",
		Terms: grant.Terms{Fields: []string{"items.kode", "items.nama"}, RatePerMinute: 60, Until: &until},
	}
	if change != nil {
		change(&a)
	}
	return a
}

func (o *office) submit(t testing.TB, a grant.Ask) grant.Case {
	t.Helper()
	c, err := o.Submit(t.Context(), asker, a)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func approval(c grant.Case, change func(*grant.Decision)) grant.Decision {
	d := grant.Decision{Version: c.Version, Verdict: grant.Approved, Terms: c.Latest().Ask.Terms}
	if change != nil {
		change(&d)
	}
	return d
}

func TestTheClassDecidesThePath(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := newOffice(t, db)
		open := o.submit(t, ask(kota, nil))
		if open.State != grant.Approved || open.Latest().DecidedBy != "hub" || open.Grant == "" {
			t.Errorf("open: %+v", open)
		}
		g, found, err := o.room.Find(t.Context(), open.Grant)
		if err != nil || !found || g.Consumer != layanan || g.RatePerMin != 60 || !slices.Equal(g.Fields, []string{"items.kode", "items.nama"}) || g.Until.IsZero() {
			t.Errorf("open: granted %+v, %v", g, err)
		}
		if c := o.submit(t, ask(desa, nil)); c.State != grant.Submitted || c.Grant != "" {
			t.Errorf("restricted: %+v", c)
		}
		told := o.notices[len(o.notices)-1]
		if told.Topic != "grant.requested" || told.Agency != kemendagri || told.Holding != simpul.WriteGrants || told.Due.IsZero() {
			t.Errorf("the provider is told %+v", told)
		}
		if c := o.submit(t, ask("master/Rahasia", nil)); c.State != grant.Submitted {
			t.Errorf("closed: %+v", c)
		}
	})
}

func TestTheHubDecidesOnlyWhatNobodyDecidedOtherwise(t *testing.T) {
	for name, before := range map[string]func(*testing.T, *office){
		"a fast rate": nil,
		"after a revocation": func(t *testing.T, o *office) {
			c := o.submit(t, ask(kota, nil))
			if err := o.Revoke(t.Context(), decider, string(c.Grant), "Dipakai untuk hal lain"); err != nil {
				t.Fatal(err)
			}
		},
		"after a deletion": func(t *testing.T, o *office) {
			c := o.submit(t, ask(kota, nil))
			if err := o.room.Delete(t.Context(), decider, string(c.Grant)); err != nil {
				t.Fatal(err)
			}
		},
		"while suspended": func(t *testing.T, o *office) {
			c := o.submit(t, ask(kota, nil))
			if err := o.Suspend(t.Context(), decider, string(c.Grant), "Sedang diperiksa"); err != nil {
				t.Fatal(err)
			}
		},
		"wider than the provider wrote": func(t *testing.T, o *office) {
			o.room.put(t, "g-1", spec(func(s *grant.Spec) { s.Fields = []string{"items.kode"} }))
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, testkit.SQLite(t))
			rate := 60
			if before == nil {
				rate = 601
			} else {
				before(t, o)
			}
			if c := o.submit(t, ask(kota, func(a *grant.Ask) { a.RatePerMinute = rate })); c.State != grant.Submitted {
				t.Errorf("the hub decided by itself: %+v", c.Request)
			}
		})
	}
	t.Run("a renewal within what is held", func(t *testing.T) {
		o := newOffice(t, testkit.SQLite(t))
		first := o.submit(t, ask(kota, nil))
		o.room.now = monday.AddDate(0, 11, 0)
		later := o.room.now.AddDate(1, 0, 0)
		c := o.submit(t, ask(kota, func(a *grant.Ask) { a.Until = &later }))
		if c.State != grant.Approved || c.Grant != first.Grant || c.Renews != first.Grant {
			t.Errorf("got %+v", c.Request)
		}
	})
}

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

func TestWhatMayBeAsked(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := newOffice(t, db)
		past, far, start := monday.Add(-time.Hour), monday.AddDate(2, 1, 0), monday.AddDate(1, 6, 0)
		for _, c := range []struct {
			name   string
			change func(*grant.Ask)
			code   simpul.Code
			place  string
		}{
			{"another agency's application", func(a *grant.Ask) { a.Application = "sensus@" + bps }, simpul.CodeInvalid, "application"},
			{"an application that is not there", func(a *grant.Ask) { a.Application = "tiada@" + bandung }, simpul.CodeInvalid, "application"},
			{"a draft, or nothing", func(a *grant.Ask) { a.LID = "master/Rencana" }, simpul.CodeNotFound, "lid"},
			{"no purpose", func(a *grant.Ask) { a.Purpose = "perlu" }, simpul.CodeInvalid, "purpose"},
			{"no basis", func(a *grant.Ask) { a.LegalBasis = " " }, simpul.CodeInvalid, "legalBasis"},
			{"control characters", func(a *grant.Ask) { a.Purpose += "\x00" }, simpul.CodeInvalid, "purpose"},
			{"a field that is not there", func(a *grant.Ask) { a.Fields = []string{"nik"} }, simpul.CodeInvalid, "fields"},
			{"all of a closed LID", func(a *grant.Ask) { a.LID, a.Fields = "master/Rahasia", nil }, simpul.CodeInvalid, "fields"},
			{"a parameter that is not there", func(a *grant.Ask) { a.Rows = []grant.Row{{Parameter: "x", Values: []string{"1"}}} }, simpul.CodeInvalid, "rows"},
			{"no rate", func(a *grant.Ask) { a.RatePerMinute = 0 }, simpul.CodeInvalid, "ratePerMinute"},
			{"no end", func(a *grant.Ask) { a.Until = nil }, simpul.CodeInvalid, "until"},
			{"over already", func(a *grant.Ask) { a.Until = &past }, simpul.CodeInvalid, "until"},
			{"too long", func(a *grant.Ask) { a.Until = &far }, simpul.CodeInvalid, "until"},
			{"ends before it begins", func(a *grant.Ask) { a.From = &start }, simpul.CodeInvalid, "until"},
		} {
			t.Run(c.name, func(t *testing.T) {
				_, err := o.Submit(t.Context(), asker, ask(desa, c.change))
				checkRefusal(t, err, c.code, c.place)
			})
		}
		o.submit(t, ask(desa, nil))
		_, err := o.Submit(t.Context(), asker, ask(desa, nil))
		checkRefusal(t, err, simpul.CodeConflict, "lid")
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
		quiet := grant.NewAccess(db, offering{}, turned{}, silent{}, o.post, func() time.Time { return monday })
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

func TestAGrantIsSuspendedResumedAndRevoked(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newOffice(t, db), t.Context()
		id := string(o.submit(t, ask(kota, nil)).Grant)
		for _, who := range []simpul.Principal{asker, of(bandung)} {
			if err := o.Revoke(ctx, who, id, "Tidak dipakai lagi"); simpul.CodeOf(err) != simpul.CodeDenied {
				t.Errorf("%s revokes: %v", who.ID, err)
			}
		}
		checkRefusal(t, o.Revoke(ctx, of(bps), id, "Tidak dipakai lagi"), simpul.CodeNotFound, "")
		checkRefusal(t, o.Suspend(ctx, decider, id, " "), simpul.CodeInvalid, "reason")
		before := lastRevision(t, db)
		if err := o.Suspend(ctx, decider, id, "Sedang diperiksa"); err != nil {
			t.Fatal(err)
		}
		if g, _, _ := o.room.Find(ctx, simpul.GrantID(id)); !g.Suspended || lastRevision(t, db) == before {
			t.Error("not suspended, or nobody was told to read it again")
		}
		if told := o.notices[len(o.notices)-1]; told.Agency != bandung || !strings.Contains(told.Body.ID, "Sedang diperiksa") {
			t.Errorf("the holder is told %+v", told)
		}
		if err := o.Resume(ctx, decider, id, "Sudah diperiksa"); err != nil {
			t.Fatal(err)
		}
		if g, _, _ := o.room.Find(ctx, simpul.GrantID(id)); g.Suspended {
			t.Error("still suspended")
		}
		if err := o.Revoke(ctx, decider, id, "Tujuan sudah tercapai"); err != nil {
			t.Fatal(err)
		}
		if _, found, _ := o.room.Find(ctx, simpul.GrantID(id)); found {
			t.Error("still there")
		}
	})
}

func TestHoldersHearOfTheEnd(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := newOffice(t, db)
		c := o.submit(t, ask(kota, nil))
		end := *c.Latest().Given.Until
		for _, step := range []struct {
			before time.Duration
			days   string
		}{{31 * 24 * time.Hour, ""}, {30 * 24 * time.Hour, "/30"}, {8 * 24 * time.Hour, "/30"}, {7 * 24 * time.Hour, "/7"}, {25 * time.Hour, "/7"}, {24 * time.Hour, "/1"}, {0, ""}, {-time.Hour, ""}} {
			o.room.now, o.notices = end.Add(-step.before), nil
			if err := o.WarnOfExpiry(t.Context()); err != nil {
				t.Fatal(err)
			}
			var got string
			for _, n := range o.notices {
				got += n.Key[strings.LastIndex(n.Key, "/"):]
			}
			if got != step.days {
				t.Errorf("%v before the end: got %q, want %q", step.before, got, step.days)
			}
		}
	})
}

func TestWhatNobodyActsOnLapses(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newOffice(t, db), t.Context()
		c := o.submit(t, ask(desa, nil))
		for _, step := range []struct {
			at   time.Time
			want grant.State
		}{{c.Due.AddDate(0, 0, 29), grant.Submitted}, {c.Due.AddDate(0, 0, 31), grant.Lapsed}} {
			o.room.now = step.at
			if err := o.Lapse(ctx); err != nil {
				t.Fatal(err)
			}
			if got, err := o.Get(ctx, asker, c.ID); err != nil || got.State != step.want {
				t.Errorf("at %v: got %v, %v", step.at, got.State, err)
			}
		}
		_, err := o.Decide(ctx, decider, c.ID, approval(c, nil))
		checkRefusal(t, err, simpul.CodeConflict, "state")
	})
}

func TestDueInFiveWorkingDays(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	for at, want := range map[string]string{
		"2026-11-23T02:00:00Z": "2026-11-30T02:00:00Z", // a Monday
		"2026-11-27T02:00:00Z": "2026-12-04T02:00:00Z", // a Friday
		"2026-11-28T02:00:00Z": "2026-12-04T02:00:00Z", // a Saturday
		"2026-11-27T18:00:00Z": "2026-12-03T18:00:00Z", // Saturday in Jakarta already
	} {
		o.room.now, _ = time.Parse(time.RFC3339, at)
		c := o.submit(t, ask(desa, nil))
		if got := c.Due.Format(time.RFC3339); got != want {
			t.Errorf("submitted %s: due %s, want %s", at, got, want)
		}
		if _, err := o.Withdraw(t.Context(), asker, c.ID); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheContactIsSealed(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := newOffice(t, db)
		o.submit(t, ask(desa, nil))
		err := db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
			stored, err := sqldb.One(t.Context(), tx, func(scan sqldb.Scan) (text string, err error) { return text, scan(&text) },
				`SELECT content || contact FROM grant_request_version`)
			if strings.Contains(stored, "Sari") || strings.Contains(stored, "022-123") {
				t.Errorf("stored in plain: %s", stored)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestSentencesAreTheSameForBothParties(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	c := o.submit(t, ask(kota, func(a *grant.Ask) { a.Rows = []grant.Row{{Parameter: "kode", Values: []string{"32", "33"}}} }))
	var said []string
	for _, s := range c.Sentences() {
		said = append(said, s.EN)
	}
	want := []string{
		"Application layanan@bandungkota.go.id may call master/Kota.",
		"The purpose: Memastikan alamat pemohon layanan warga.", "The legal basis: UU 25/2009 pasal 4.",
		"Only 2 fields are delivered: items.kode, items.nama.", "Only for kode = 32 or 33.", "At most 60 calls a minute.",
		"Valid through 23 November 2027.",
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Error(diff)
	}
	stored, err := o.room.Get(t.Context(), decider, string(c.Grant))
	if diff := cmp.Diff(c.Sentences(), stored.Spec.Sentences()); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

// uses tells when grants were used last.
type uses map[simpul.GrantID]time.Time

func (u uses) LastUse(_ context.Context, id simpul.GrantID) (time.Time, error) { return u[id], nil }

func TestBothPartiesHearOfDisuse(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := newOffice(t, db)
		id := o.submit(t, ask(kota, nil)).Grant
		day := 24 * time.Hour
		for name, c := range map[string]struct {
			now  time.Duration
			last time.Time
			want int
		}{
			"too young":     {89 * day, time.Time{}, 0},
			"never used":    {91 * day, time.Time{}, 2},
			"used lately":   {120 * day, monday.Add(60 * day), 0},
			"used long ago": {120 * day, monday.Add(20 * day), 2},
			"not in effect": {400 * day, time.Time{}, 0},
		} {
			o.room.now, o.notices = monday.Add(c.now), nil
			if err := o.WarnOfDisuse(t.Context(), uses{id: c.last}); err != nil || len(o.notices) != c.want {
				t.Errorf("%s: told %d, %v", name, len(o.notices), err)
			}
			if len(o.notices) == 2 && (o.notices[0].Agency != kemendagri || o.notices[1].Agency != bandung || o.notices[0].Key == o.notices[1].Key) {
				t.Errorf("%s: told %+v", name, o.notices)
			}
		}
	})
}

func TestApprovalDoesNotResume(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	id := string(o.submit(t, ask(kota, nil)).Grant)
	if err := o.Suspend(t.Context(), decider, id, "Sedang diperiksa"); err != nil {
		t.Fatal(err)
	}
	c := o.submit(t, ask(kota, nil))
	if _, err := o.Decide(t.Context(), decider, c.ID, approval(c, nil)); err != nil {
		t.Fatal(err)
	}
	if g, _, err := o.room.Find(t.Context(), simpul.GrantID(id)); err != nil || !g.Suspended {
		t.Errorf("got %+v, %v", g, err)
	}
}
