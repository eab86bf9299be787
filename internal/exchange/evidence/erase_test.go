package evidence

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/trail"
)

var operator = simpul.Acting("t-operator", simpul.RoleOperator, "")

// proposals remembers what was proposed.
type proposals struct {
	subject         string
	before, content []byte
}

func (p *proposals) Propose(_ context.Context, _ *sqldb.Tx, _ simpul.Principal, _, subject string, _ simpul.AgencyID, before, content []byte, _ string) (string, error) {
	p.subject, p.before, p.content = subject, before, content
	return "u-1", nil
}

func within(t *testing.T, db *sqldb.DB, fn func(*sqldb.Tx) error) error {
	t.Helper()
	return db.Write(t.Context(), simpul.NationScope(), fn)
}

// What was sealed with a key that two people destroyed cannot be opened by anybody, on
// no node and after no restart; the record itself, and so its proof, is what it was.
func TestDestroyingAKeyErases(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		sealing := loadedKeys(t, db, march)
		x := personalDelivery()
		payload := payloads(t, sealing, x)[0]
		leaf := proof.Leaf([]byte(payload))

		may := march.AddDate(0, 2, 0)
		keys, other := loadedKeys(t, db, may), loadedKeys(t, db, may)
		asked := &proposals{}
		id, err := keys.ProposeDestruction(t.Context(), operator, asked, "tertutup/2026-03", " putusan 7/2026 ")
		if err != nil || id != "u-1" || asked.subject != "tertutup/2026-03" {
			t.Fatalf("%q, %v", id, err)
		}
		if r := decoded(t, payload); keys.Open(&r) != nil {
			t.Error("it took effect at once")
		}
		if err := within(t, db, func(tx *sqldb.Tx) error { return keys.DestroyApproved(t.Context(), tx, operator, asked.content) }); err != nil {
			t.Fatal(err)
		}
		change := []sqldb.Revision{{Kind: revisionKey, ID: "tertutup/2026-03"}}
		for name, k := range map[string]*Keys{"the node": keys, "another node": other, "after a restart": loadedKeys(t, db, may)} {
			if err := k.Refresh(t.Context(), change); err != nil {
				t.Fatal(err)
			}
			wantErased(t, name, k, payload)
		}
		if got := proof.Leaf([]byte(payload)); got != leaf {
			t.Error("the record changed")
		}
		checkErasure(t, db, keys)
	})
}

func wantErased(t *testing.T, name string, k *Keys, payload string) {
	t.Helper()
	r := decoded(t, payload)
	err := k.Open(&r)
	if !errors.Is(err, ErrErased) || simpul.CodeOf(err) != simpul.CodeGone || r.Exchange.Case != "" {
		t.Errorf("%s: %v", name, err)
	}
	e, _ := errors.AsType[*simpul.Error](err)
	if !strings.Contains(e.Message.ID, "sudah dihapus") || !strings.Contains(e.Message.EN, "was erased") {
		t.Errorf("%s: it says %q", name, e.Message)
	}
	if text, err := k.OpenPersonal([]byte(payload)); text != "" || !errors.Is(err, ErrErased) {
		t.Errorf("%s: %q, %v", name, text, err)
	}
	if key, at, ok := k.Erased([]byte(payload)); !ok || key != r.Personal.Key || at.IsZero() {
		t.Errorf("%s: erased %v, %q at %v", name, ok, key, at)
	}
}

// checkErasure checks what is left of the key: that it was, and who ended it.
func checkErasure(t *testing.T, db *sqldb.DB, keys *Keys) {
	t.Helper()
	if got := strings.Join(dump(t, db, "evidence_key", "id"), " "); strings.Contains(got, "tertutup/2026-03") {
		t.Errorf("still stored: %s", got)
	}
	if err := keys.Load(t.Context()); err != nil || keys.lives(simpul.Tertutup, monthOf(march)) {
		t.Errorf("it came back: %v", err)
	}
	all, err := keys.List(t.Context(), operator)
	if err != nil {
		t.Fatal(err)
	}
	last := all[len(all)-1]
	for _, line := range all {
		if line.ID == "tertutup/2026-03" {
			last = line
		}
	}
	if last.End == nil || last.End.Actor != "t-operator" || last.End.Reason != "putusan 7/2026" {
		t.Errorf("%+v", last.End)
	}
	err = within(t, db, func(tx *sqldb.Tx) error {
		events, err := trail.List(t.Context(), tx, trail.Filter{Action: ActionDestroy}, 0, 10)
		if len(events) != 1 || events[0].Subject != "tertutup/2026-03" || events[0].Detail != "putusan 7/2026" {
			t.Errorf("trail %+v", events)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestWhatCannotBeDestroyed(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		loadedKeys(t, db, march)
		keys := loadedKeys(t, db, march.AddDate(0, 1, 0))
		for _, c := range []struct {
			key, reason string
			code        simpul.Code
		}{
			{"tertutup/2026-04", "x", simpul.CodeConflict}, // seals
			{"tertutup/2026-05", "x", simpul.CodeConflict}, // will
			{"tertutup/2020-01", "x", simpul.CodeNotFound},
			{"../../etc", "x", simpul.CodeNotFound},
			{"tertutup/2026-03", " ", simpul.CodeInvalid},
			{"tertutup/2026-03", "a\nb", simpul.CodeInvalid},
			{"tertutup/2026-03", strings.Repeat("a", 501), simpul.CodeInvalid},
		} {
			if _, err := keys.ProposeDestruction(t.Context(), operator, &proposals{}, c.key, c.reason); simpul.CodeOf(err) != c.code {
				t.Errorf("%s: %v", c.key, err)
			}
		}
		asked := &proposals{}
		if _, err := keys.ProposeDestruction(t.Context(), operator, asked, "terbuka/2026-03", "x"); err != nil {
			t.Fatal(err)
		}
		destroy := func(tx *sqldb.Tx) error { return keys.DestroyApproved(t.Context(), tx, operator, asked.content) }
		if err := within(t, db, destroy); err != nil {
			t.Fatal(err)
		}
		if err := within(t, db, destroy); simpul.CodeOf(err) != simpul.CodeConflict {
			t.Errorf("destroyed twice: %v", err)
		}
		err := within(t, db, func(tx *sqldb.Tx) error {
			before, err := keys.Present(t.Context(), tx, "terbuka/2026-03")
			if before != nil {
				t.Errorf("present as %s", before)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// The nightly sweep takes the oldest month of the class, one a night, and only once
// all of it is over.
func TestKeysExpire(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		now := march
		keys := NewKeys(db, fakeVault{}, func() time.Time { return now })
		for range 4 { // 2026-03 to 2026-07
			if err := keys.Load(t.Context()); err != nil {
				t.Fatal(err)
			}
			now = now.AddDate(0, 1, 0)
		}
		expire := func(before time.Time, want int64) {
			t.Helper()
			if n, err := keys.Expire(t.Context(), simpul.Terbatas, before); n != want || err != nil {
				t.Errorf("before %v: %d, %v", before, n, err)
			}
		}
		april := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
		expire(april.Add(-time.Second), 0)
		expire(april, 1)
		expire(april, 0)
		far := time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC) // a clock that jumped
		expire(far, 1)
		if keys.lives(simpul.Terbatas, monthOf(april)) || !keys.lives(simpul.Terbatas, monthOf(april)+1) || !keys.lives(simpul.Tertutup, monthOf(march)) {
			t.Error("not the oldest of the class alone")
		}
	})
}

func TestReadingADestruction(t *testing.T) {
	if _, err := ReadDestruction([]byte("{")); err == nil {
		t.Error("read")
	}
	if d, err := ReadDestruction([]byte(`{"key":"a","reason":"b"}`)); err != nil || d.Key != "a" || d.Reason != "b" {
		t.Errorf("%+v, %v", d, err)
	}
	keys := NewKeys(nil, nil, clock.System)
	if err := keys.DestroyApproved(t.Context(), nil, operator, []byte("{")); err == nil {
		t.Error("carried out")
	}
}
