package ledger

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

var noon = time.Date(2026, 11, 26, 5, 0, 0, 0, time.UTC)

// end ends the journal of the room, and opens the one that goes on in its place.
func (r *room) end(t *testing.T) (*evidence.Journal, evidence.Ending) {
	t.Helper()
	e, err := Complete(r.data, r.journal, evidence.Ending{At: noon, Cause: "dipulihkan / restored"})
	if err != nil {
		t.Fatal(err)
	}
	if e, err = r.journal.End(e); err != nil {
		t.Fatal(err)
	}
	old, err := evidence.OpenEnded(r.data, e, evidence.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { old.Close() })
	r.openJournal(t, evidence.Options{})
	return old, e
}

// The log of a journal that has ended proves what it covers and grows no more; what it does
// not cover is said, and committed to by the first record of the journal that goes on.
func TestTheLogOfAJournalThatHasEnded(t *testing.T) {
	r := newRoom(t, evidence.Options{})
	r.write(t, 5)
	size := r.filled(t, quick()).Size()
	r.write(t, 3) // in the journal, and not in the log
	key := r.key
	old, e := r.end(t)
	if e.Entries != size || e.Covered != 5 || e.Last != 8 || len(e.Root) != 32 || len(e.Rest) != 32 {
		t.Fatalf("%+v", e)
	}
	l, err := New(r.data, old, key, quick())
	if err != nil {
		t.Fatal(err)
	}
	for sequence := range uint64(8) {
		b, err := l.Prove(t.Context(), sequence+1)
		switch {
		case sequence < 5 && (err != nil || !bytes.Equal(b.Record, recordOf(sequence+1))):
			t.Errorf("record %d: %v", sequence+1, err)
		case sequence >= 5 && simpul.CodeOf(err) != simpul.CodeGone:
			t.Errorf("record %d was never in the log: %v", sequence+1, err)
		}
	}
	if l.Behind() != 0 || l.Size() != size {
		t.Errorf("%d behind, %d entries", l.Behind(), l.Size())
	}

	if r.key, err = NewKey("hub.example", r.journal.ID().String()); err != nil {
		t.Fatal(err)
	}
	next := r.filled(t, Options{Tick: time.Millisecond, Heads: &memory{}})
	mux := http.NewServeMux()
	next.Register(mux, l)
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", "/log/"+path, nil))
		return w
	}
	for path, want := range map[string]int{
		e.Journal + "/checkpoint": 200, next.Journal() + "/checkpoint": 200, next.Journal() + "/predecessor": 200, e.Journal + "/predecessor": 404,
		strings.Repeat("0", 32) + "/checkpoint": 404, e.Journal + "/../" + next.Journal() + "/checkpoint": 307,
	} {
		if w := get(path); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
	if w := get(next.Journal() + "/predecessor"); !strings.Contains(w.Body.String(), next.Origin()) {
		t.Errorf("%s", w.Body)
	}
	if b, err := next.Prove(t.Context(), 1); err != nil || !e.Says(b.Record) {
		t.Errorf("%s, %v", b.Record, err)
	}
	found, err := Check(t.Context(), r.data, old, key.Verifier)
	if err != nil || len(found.Findings) > 0 || found.Entries != size {
		t.Errorf("%+v, %v", found, err)
	}
}

// What says how a journal ended is held against journal and log.
func TestAnEndingThatDoesNotFit(t *testing.T) {
	for name, c := range map[string]struct {
		change func(t *testing.T, data string, e *evidence.Ending)
		found  int
	}{
		"nothing":         {func(*testing.T, string, *evidence.Ending) {}, 0},
		"the last record": {func(_ *testing.T, _ string, e *evidence.Ending) { e.Last-- }, 1},
		"the root":        {func(_ *testing.T, _ string, e *evidence.Ending) { e.Root[3] ^= 1 }, 1},
		"the rest":        {func(_ *testing.T, _ string, e *evidence.Ending) { e.Rest[3] ^= 1 }, 1},
		"no rest":         {func(_ *testing.T, _ string, e *evidence.Ending) { e.Rest = nil }, 1},
		"the log is gone": {func(t *testing.T, data string, e *evidence.Ending) {
			remove(t, filepath.Join(Dir(data, e.Journal), "checkpoint"))
		}, 1},
		"no checkpoint": {func(t *testing.T, data string, e *evidence.Ending) {
			if err := os.WriteFile(filepath.Join(Dir(data, e.Journal), "checkpoint"), []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t, evidence.Options{})
			r.write(t, 5)
			r.filled(t, quick())
			r.write(t, 2)
			old, e := r.end(t)
			c.change(t, r.data, &e)
			if found := CheckEnding(r.data, old, e); len(found) != c.found {
				t.Errorf("%v", found)
			}
		})
	}
}

// Without a log all records are the rest.
func TestAJournalEndsWithoutALog(t *testing.T) {
	r := newRoom(t, evidence.Options{})
	r.write(t, 3)
	_, e := r.end(t)
	leaves := []hash{proof.Leaf(recordOf(1)), proof.Leaf(recordOf(2)), proof.Leaf(recordOf(3))}
	if want := rootOf(leaves); e.Entries != 0 || e.Covered != 0 || !bytes.Equal(e.Rest, want[:]) {
		t.Errorf("%+v", e)
	}
}

// A log that is damaged keeps no journal from its end.
func TestAJournalEndsWithADamagedLog(t *testing.T) {
	r := newRoom(t, evidence.Options{})
	r.write(t, 3)
	l := r.filled(t, quick())
	if err := os.RemoveAll(filepath.Join(l.dir, "tile")); err != nil {
		t.Fatal(err)
	}
	if _, e := r.end(t); e.Entries != l.Size() || e.Covered != 0 || len(e.Rest) == 0 {
		t.Errorf("%+v", e)
	}
}

// The file of keys tells of the break beside the keys of both logs, which it keeps.
func TestKeysTellOfAnEnding(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		keys := NewKeys(db, sealer{}, clock.Fixed(noon))
		one, err := keys.Open(t.Context(), "hub.example", strings.Repeat("1", 32))
		other, oerr := keys.Open(t.Context(), "hub.example", strings.Repeat("2", 32))
		nerr := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
			_, err := evidence.NoteEnding(t.Context(), tx, evidence.Ending{Journal: strings.Repeat("1", 32), At: noon, Cause: "dipulihkan / restored", Entries: 4}, strings.Repeat("2", 32))
			return err
		})
		if err := errors.Join(err, oerr, nerr); err != nil {
			t.Fatal(err)
		}
		lines, err := keys.Lines(t.Context())
		want := "# berakhir dengan 4 entri, dilanjutkan oleh " + other.Origin + " / ended with 4 entries, goes on as " + other.Origin + ": dipulihkan / restored\nlog " + one.Verifier + "\nlog " + other.Verifier
		if got := strings.Join(lines, "\n"); got != want || err != nil {
			t.Errorf("%s\nwant\n%s\n%v", got, want, err)
		}
		if _, err := proof.ParseKeys([]byte(strings.Join(lines, "\n"))); err != nil {
			t.Error(err)
		}
	})
}
