package signin_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func pruned(t *testing.T, want int64, prune func(context.Context, time.Time) (int64, error), before time.Time) {
	t.Helper()
	if n, err := prune(t.Context(), before); err != nil || n != want {
		t.Errorf("dropped %d, want %d, %v", n, want, err)
	}
}

func TestSessionsThatWereOverArePruned(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		w.join(t, siti)
		w.window(t).get("/masuk") // a stranger's, for whom nothing is kept
		pruned(t, 0, w.PruneSessions, w.at.AddDate(1, 0, 0))
		w.at = w.at.AddDate(0, 0, 10)
		pruned(t, 0, w.PruneSessions, w.at.AddDate(0, 0, -11))
		rows := func() int { return len(w.column(t, nation, `SELECT id FROM signin_session`)) }
		if rows() != 1 {
			t.Fatalf("%d sessions", rows())
		}
		id := w.column(t, nation, `SELECT id FROM signin_session`)[0]
		pruned(t, 1, w.PruneSessions, w.at.AddDate(0, 0, -9))
		if rows() != 0 {
			t.Error("the session is still there")
		}
		if got := w.column(t, nation, `SELECT id FROM revision WHERE kind = 'Session'`); len(got) != 1 || got[0] != id {
			t.Errorf("announced %q, want %s", got, id)
		}
	})
}

func TestManySessionsArePrunedInBatches(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		w.exec(t, `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2100)
			INSERT INTO signin_session (id, digest, account, agency, proved_at, begun_at, seen_at, expires_at) SELECT 's-' || i, 'd-' || i, '', '', 1, 1, 1, 1 FROM n`)
		w.exec(t, `INSERT INTO signin_ceremony (digest, kind, sealed, expires_at) VALUES ('c', 'k', '', 1)`)
		pruned(t, 2101, w.PruneSessions, w.at)
	})
}

func TestOldAttemptsArePruned(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		p := w.join(t, siti)
		w.at = w.at.Add(time.Minute)
		code := p.code()
		if _, out := w.signIn(t, string(siti), password, code); out.Code != http.StatusSeeOther {
			t.Fatalf("got %d", out.Code)
		}
		for range 6 {
			w.signIn(t, string(siti), "salah", "000000")
		}
		pruned(t, 0, w.PruneAttempts, w.at.AddDate(1, 0, 0))
		if _, out := w.signIn(t, string(siti), password, code); out.Code != http.StatusUnauthorized {
			t.Errorf("a used code, or the delay, was forgotten: %d", out.Code)
		}
		w.at = w.at.AddDate(0, 0, 100)
		pruned(t, 0, w.PruneAttempts, w.at.AddDate(0, 0, -101))
		pruned(t, 3, w.PruneAttempts, w.at.AddDate(0, 0, -90)) // the account's, the origin's, the mark
		if marks := strings.Join(w.column(t, nation, `SELECT totp_step FROM signin_person`), " "); marks != "0" {
			t.Errorf("marks %s", marks)
		}
		if _, out := w.signIn(t, string(siti), password, p.code()); out.Code != http.StatusSeeOther {
			t.Errorf("cannot sign in any more: %d", out.Code)
		}
	})
}

// exec runs a statement as the hub.
func (w *world) exec(t testing.TB, statement string) {
	t.Helper()
	err := w.db.Write(t.Context(), nation, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(t.Context(), statement)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
