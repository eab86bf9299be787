package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// small makes a segment of every two or three records.
var small = Options{SegmentBytes: 120, open: openUnsynced}

func ending() Ending {
	return Ending{At: march, Cause: "dipulihkan / restored", Entries: 2, Root: []byte("root"), Covered: 2, Rest: []byte("rest")}
}

// endJournal ends the journal in the folder.
func endJournal(t testing.TB, data string) Ending {
	t.Helper()
	e, err := openTest(t, data, small).End(ending())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func openEnded(t testing.TB, data string, e Ending) *Journal {
	t.Helper()
	j, err := OpenEnded(data, e, small)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

// wantSuccession opens the journal that goes on and makes sure that it says for which.
func wantSuccession(t testing.TB, data string, e Ending) *Journal {
	t.Helper()
	j := openTest(t, data, small)
	got, err := readAll(t, j, 1)
	if err != nil || len(got) == 0 || !e.Says([]byte(got[0])) || j.ID().String() == e.Journal {
		t.Fatalf("%q, %v", got, err)
	}
	if r := decoded(t, got[0]); r.Kind != Renewed || !r.Exchange.OpenedAt.Equal(e.At) {
		t.Errorf("%+v", r)
	}
	return j
}

func TestAJournalEndsAndAnotherGoesOn(t *testing.T) {
	data := t.TempDir()
	j := openTest(t, data, small)
	commit(t, j, numbered(1, 7)...)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	first := endJournal(t, data)
	if first.Last != 7 || first.Order != 1 || first.Journal != j.ID().String() {
		t.Errorf("%+v", first)
	}
	old := openEnded(t, data, first)
	wantAll(t, old, numbered(1, 7)...)
	if _, err := old.Append(t.Context(), []byte("x")); simpul.CodeOf(err) != simpul.CodeUnavailable || !strings.Contains(err.Error(), first.Cause) {
		t.Errorf("an ended journal takes a record: %v", err)
	}
	if e, ended := old.Ending(); !ended || e.Last != 7 {
		t.Errorf("%+v, %v", e, ended)
	}
	if _, err := OpenEnded(data, first, small); simpul.CodeOf(err) != simpul.CodeConflict {
		t.Errorf("held twice: %v", err)
	}
	if err := errors.Join(old.Close(), old.Close()); err != nil {
		t.Error(err)
	}

	next := wantSuccession(t, data, first)
	if _, ended := next.Ending(); ended {
		t.Error("the journal that goes on has ended")
	}
	commit(t, next, "more")
	if err := next.Close(); err != nil {
		t.Fatal(err)
	}
	second := endJournal(t, data)
	last := wantSuccession(t, data, second)
	if first.Says(firstRecord(t, last)) || second.Order != 2 || second.Last != 2 {
		t.Errorf("%+v", second)
	}
	if all, err := Endings(data); err != nil || len(all) != 2 || all[0].Journal != first.Journal || !cmp.Equal(all[1], second) {
		t.Errorf("%+v, %v", all, err)
	}
	if _, err := last.End(Ending{Cause: "two\nlines"}); err == nil {
		t.Error("a cause of two lines")
	}
	if err := last.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := last.End(ending()); err == nil {
		t.Error("a closed journal ends")
	}
	wantSuccession(t, data, second) // once: it does not begin again
}

func firstRecord(t testing.TB, j *Journal) []byte {
	t.Helper()
	all, err := readAll(t, j, 1)
	if err != nil || len(all) == 0 {
		t.Fatal(err)
	}
	return []byte(all[0])
}

// A process that dies at any step of an ending has ended nothing, or the next opening does
// the rest.
func TestAnEndingIsInterrupted(t *testing.T) {
	dead := errors.New("dead")
	for step := 1; ; step++ {
		data := t.TempDir()
		j := openTest(t, data, small)
		commit(t, j, numbered(1, 7)...)
		if err := os.WriteFile(filepath.Join(data, "evidence", "blocks.list"), []byte("list"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		n, o := 0, small
		o.rename = func(before, after string) error {
			if n++; n >= step {
				return dead
			}
			return os.Rename(before, after)
		}
		j = openTest(t, data, o)
		_, err := j.End(ending())
		if err == nil {
			if step < 6 {
				t.Errorf("only %d steps", step)
			}
			return
		}
		again := openTest(t, data, small)
		all, eerr := Endings(data)
		if eerr != nil {
			t.Fatal(eerr)
		}
		if step == 1 {
			if wantAll(t, again, numbered(1, 7)...); len(all) != 0 {
				t.Errorf("it ended although nothing says so: %+v", all)
			}
			continue
		}
		again.Close()
		if len(all) != 1 {
			t.Fatalf("step %d: %d endings", step, len(all))
		}
		wantAll(t, openEnded(t, data, all[0]), numbered(1, 7)...)
		wantSuccession(t, data, all[0])
		if list, err := os.ReadFile(filepath.Join(EndedDir(data, all[0].Journal), "blocks.list")); string(list) != "list" {
			t.Errorf("step %d: %q, %v", step, list, err)
		}
	}
}

func TestAnEndingThatIsAltered(t *testing.T) {
	data := t.TempDir()
	j := openTest(t, data, small)
	commit(t, j, "record 1")
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	e := endJournal(t, data)
	file := filepath.Join(EndedDir(data, e.Journal), endingFile)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := range text {
		b := bytes.Clone(text)
		b[i] ^= 1
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Endings(data); err == nil {
			t.Errorf("byte %d", i)
		}
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, err := Endings(data); err == nil {
		t.Error("without it")
	}
	if _, err := OpenEnded(data, Ending{Journal: strings.Repeat("0", 32)}, small); err == nil {
		t.Error("a journal that is not there")
	}
}

// What retention removes of a journal that has ended goes as it does of any other, and a
// view of it is made anew, and caught up with what the backup of the database had not read.
func TestAnEndedJournalIsStillDerivedFrom(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		data := t.TempDir()
		j := openTest(t, data, Options{SegmentBytes: 1200, open: openUnsynced})
		var ids []simpul.ExchangeID
		for i := range 6 {
			x := delivery(i)
			ids = append(ids, x.ID)
			if err := NewRecorder(j, nil, nil).Seal(t.Context(), x); err != nil {
				t.Fatal(err)
			}
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		e := endJournal(t, data)
		old, next := openEnded(t, data, e), wantSuccession(t, data, e)
		x, _ := runIndex(t, db, old)
		y, _ := runIndex(t, db, next)
		awaitLag(t, x)
		caughtUp(t, y)
		exchanges := NewExchanges(db, y)
		for i, id := range ids {
			if found, err := exchanges.Get(t.Context(), nation, id); err != nil || found.Journal != e.Journal {
				t.Errorf("%d: %+v, %v", i, found, err)
			}
		}
		feed := NewFeed(old)
		defer feed.Close()
		n := 0
		if at, err := feed.Read(0, 100, func(*simpul.Exchange) { n++ }); at != 6 || n != 6 || err != nil {
			t.Errorf("fed %d up to %d, %v", n, at, err)
		}
		if at, err := feed.Read(9, 100, func(*simpul.Exchange) { t.Error("a record beyond the end") }); at != 9 || err != nil {
			t.Errorf("a view knows what is lost: %d, %v", at, err)
		}
		keys := NewKeys(db, fakeVault{}, func() time.Time { return march.AddDate(12, 0, 0) })
		c := NewCleaner(db, old, keys, keptFor, keys.now)
		if files, err := c.Clean(t.Context()); files == 0 || err != nil || old.First() == 1 {
			t.Errorf("%d files, %v", files, err)
		}
		if err := old.Close(); err != nil {
			t.Fatal(err)
		}
		if openEnded(t, data, e).First() == 1 {
			t.Error("what was removed is back")
		}
	})
}

// awaitLag waits until the index has the whole journal.
func awaitLag(t *testing.T, x *Index) {
	t.Helper()
	if err := x.position.await(t.Context(), x.journal.Durable()); err != nil {
		t.Fatal(err)
	}
}

func TestAnEndingIsNotedOnce(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		e := ending()
		e.Journal, e.Last = strings.Repeat("ab", 16), 7
		note := func(scope simpul.Scope) (news bool, err error) {
			err = db.Write(t.Context(), scope, func(tx *sqldb.Tx) error {
				news, err = NoteEnding(t.Context(), tx, e, "next")
				return err
			})
			return news, err
		}
		if _, err := note(simpul.AgencyScope(kemendagri)); err == nil {
			t.Error("an agency ends a journal")
		}
		for _, want := range []bool{true, false} {
			if news, err := note(nation); news != want || err != nil {
				t.Errorf("%v, %v; want %v", news, err, want)
			}
		}
		for _, scope := range []simpul.Scope{nation, simpul.AgencyScope(kemendagri), simpul.PublicScope()} {
			err := db.Read(t.Context(), scope, func(tx *sqldb.Tx) error {
				all, err := NotedEndings(t.Context(), tx)
				if len(all) != 1 || all[0].Last != 7 || !all[0].At.Equal(e.At) || string(all[0].Rest) != "rest" {
					t.Errorf("%q sees %+v", scope.Key(), all)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
}

func FuzzParseEnding(f *testing.F) {
	e := ending()
	e.Journal, e.Order = strings.Repeat("0a", 16), 1
	b, err := e.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte("simpul-ended/1 00000000 {}\n"))
	f.Add(fmt.Appendf(nil, "%s %s", endingFormat, b))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := parseEnding(b)
		if err != nil {
			return
		}
		if again, err := e.encode(); err != nil || !bytes.Equal(again, b) || filepath.Base(e.Journal) != e.Journal {
			t.Errorf("%q is read as %+v", b, e)
		}
	})
}
