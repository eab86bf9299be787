package trail_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/trail"
)

const (
	bandung simpul.AgencyID = "bandungkota.go.id"
	bps     simpul.AgencyID = "bps.go.id"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func add(t *testing.T, db *sqldb.DB, scope simpul.Scope, e trail.Event) error {
	t.Helper()
	return db.Write(t.Context(), scope, func(tx *sqldb.Tx) error { return trail.Append(t.Context(), tx, e) })
}

func list(t *testing.T, db *sqldb.DB, scope simpul.Scope, f trail.Filter) (subjects []string) {
	t.Helper()
	err := db.Read(t.Context(), scope, func(tx *sqldb.Tx) error {
		all, err := trail.List(t.Context(), tx, f, 0, 100)
		for _, e := range all {
			subjects = append(subjects, e.Subject)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return subjects
}

func verify(t *testing.T, db *sqldb.DB) (n int64, err error) {
	t.Helper()
	err = db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		n, err = trail.Verify(t.Context(), tx)
		return err
	})
	return n, err
}

func some(t *testing.T, db *sqldb.DB, n int) {
	t.Helper()
	for i := range n {
		e := trail.Event{At: monday.Add(time.Duration(i) * time.Hour), Agency: bandung, Actor: "ani@bandungkota.go.id", Action: "key.issue", Subject: fmt.Sprint(i)}
		if err := add(t, db, simpul.AgencyScope(bandung), e); err != nil {
			t.Fatal(err)
		}
	}
}

func TestATenantSeesItsOwnTrail(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		for agency, scope := range map[simpul.AgencyID]simpul.Scope{bandung: simpul.AgencyScope(bandung), bps: simpul.NationScope(), "": simpul.NationScope()} {
			if err := add(t, db, scope, trail.Event{Agency: agency, Actor: trail.Hub, Action: "agency.put", Subject: "of " + string(agency)}); err != nil {
				t.Fatal(err)
			}
		}
		if got := list(t, db, simpul.AgencyScope(bandung), trail.Filter{}); !slices.Equal(got, []string{"of bandungkota.go.id"}) {
			t.Errorf("a tenant sees %q", got)
		}
		if got := list(t, db, simpul.AgencyScope(bandung), trail.Filter{Agency: bps}); len(got) != 0 {
			t.Errorf("a tenant that asks for another's sees %q", got)
		}
		if got := list(t, db, simpul.PublicScope(), trail.Filter{}); len(got) != 0 {
			t.Errorf("the public sees %q", got)
		}
		if got := list(t, db, simpul.NationScope(), trail.Filter{}); len(got) != 3 {
			t.Errorf("the nation sees %q", got)
		}
		if err := add(t, db, simpul.AgencyScope(bps), trail.Event{Agency: bandung, Actor: "x", Action: "key.issue"}); !errors.Is(err, sqldb.ErrScope) {
			t.Errorf("a tenant wrote to another's trail: %v", err)
		}
		if n, err := verify(t, db); n != 3 || err != nil {
			t.Errorf("got %d, %v", n, err)
		}
	})
}

func TestFilters(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		for i, e := range []trail.Event{
			{Action: "key.issue", Actor: "ani", Account: "ani@bandungkota.go.id"},
			{Action: "key.revoke", Actor: "ani"},
			{Action: "keys", Actor: "budi", Outcome: simpul.CodeDenied},
			{Action: "session.begin", Actor: "budi"},
		} {
			e.Subject, e.Agency, e.At = fmt.Sprint(i), bandung, monday.Add(time.Duration(i)*time.Hour)
			if err := add(t, db, simpul.NationScope(), e); err != nil {
				t.Fatal(err)
			}
		}
		for want, f := range map[string]trail.Filter{
			"3 2 1 0": {},
			"1 0":     {Action: "key."},
			"0":       {Action: "key.issue"},
			"":        {Action: "key"},
			"3 2":     {Actor: "budi"},
			"2":       {Refused: true},
			"2 1":     {Since: monday.Add(time.Hour), Until: monday.Add(3 * time.Hour)},
		} {
			if got := strings.Join(list(t, db, simpul.AgencyScope(bandung), f), " "); got != want {
				t.Errorf("%+v: got %q, want %q", f, got, want)
			}
		}
		if got := list(t, db, simpul.AgencyScope(bandung), trail.Filter{Account: "ani@bandungkota.go.id"}); len(got) != 1 {
			t.Errorf("got %q", got)
		}
	})
}

// With what a database administrator could do to the table.
func TestTamperingIsFound(t *testing.T) {
	for name, statement := range map[string]string{
		"altered": `UPDATE trail_event SET subject = 'other' WHERE seq = 3`,
		"moved":   `UPDATE trail_event SET at = at + 1 WHERE seq = 3`,
		"removed": `DELETE FROM trail_event WHERE seq = 3`,
		"cut off": `DELETE FROM trail_event WHERE seq >= 3`,
		"put between": `INSERT INTO trail_event SELECT seq + 100, at, agency, account, actor, action, subject, outcome, detail, origin, digest
			FROM trail_event WHERE seq = 2`,
	} {
		t.Run(name, func(t *testing.T) {
			db := testkit.SQLite(t)
			some(t, db, 5)
			if n, err := verify(t, db); n != 5 || err != nil {
				t.Fatalf("got %d, %v", n, err)
			}
			err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
				_, err := tx.Exec(t.Context(), statement)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := verify(t, db); err == nil {
				t.Error("it was not found")
			}
		})
	}
}

func TestPruningKeepsTheRestProven(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		some(t, db, 5)
		var dropped int64
		err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
			dropped, err = trail.Prune(t.Context(), tx, monday.Add(2*time.Hour))
			return err
		})
		if err != nil || dropped != 2 {
			t.Fatalf("dropped %d, %v", dropped, err)
		}
		if got := list(t, db, simpul.NationScope(), trail.Filter{}); !slices.Equal(got, []string{"4", "3", "2"}) {
			t.Errorf("left: %q", got)
		}
		if n, err := verify(t, db); n != 3 || err != nil {
			t.Errorf("got %d, %v", n, err)
		}
		some(t, db, 1)
		if n, err := verify(t, db); n != 4 || err != nil {
			t.Errorf("got %d, %v", n, err)
		}
	})
}

func TestWritersAtOnceMakeOneChain(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { some(t, db, 5) })
		}
		all.Wait()
		if n, err := verify(t, db); n != 40 || err != nil {
			t.Errorf("got %d, %v", n, err)
		}
	})
}

func TestTextsAreOneBoundedLine(t *testing.T) {
	db := testkit.SQLite(t)
	ctx := trail.WithOrigin(t.Context(), "192.0.2.7")
	err := db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		return trail.Append(ctx, tx, trail.Event{Actor: "x", Action: "a.b", Subject: "one\ntwo\x00\xff", Detail: strings.Repeat("é", 900)})
	})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		all, err := trail.List(ctx, tx, trail.Filter{}, 0, 1)
		if e := all[0]; e.Subject != "one two ?" || len(e.Detail) > 500 || e.Origin != "192.0.2.7" || time.Since(e.At) > time.Minute {
			t.Errorf("got %+v", e)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestANeighbourhoodIsOneSubscribers(t *testing.T) {
	for origin, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "": "", "bukan alamat": "bukan alamat",
		"2001:db8:1:2::7": "2001:db8:1:2::/64", "2001:db8:1:2:ffff::9%eth0": "2001:db8:1:2::/64", "2001:db8:1:3::7": "2001:db8:1:3::/64",
	} {
		if got := trail.Neighbourhood(trail.WithOrigin(t.Context(), origin)); got != want {
			t.Errorf("%q: %q", origin, got)
		}
	}
}
