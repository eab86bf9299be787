package grant_test

import (
	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/grant"
	"slices"
	"strings"
	"testing"
	"time"
)

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
