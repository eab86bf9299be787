package evidence

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"simpul"
)

// written is a journal of several segments with so many records, closed.
func written(t *testing.T, records int) string {
	t.Helper()
	data := t.TempDir()
	j, err := OpenJournal(data, Options{SegmentBytes: 300})
	if err != nil {
		t.Fatal(err)
	}
	for n := range records {
		if _, err := j.Commit(t.Context(), []byte(fmt.Sprintf(`{"kind":"sealed","n":%d}`, n))); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return data
}

func inspected(t *testing.T, data string) Inspection {
	t.Helper()
	i, err := Inspect(t.Context(), data, nil)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestInspectReadsAWholeJournal(t *testing.T) {
	i := inspected(t, written(t, 30))
	if i.Records != 30 || i.Last != 30 || i.Segments < 3 || len(i.Damage) > 0 || i.Torn != nil {
		t.Errorf("%+v", i)
	}
	if i := inspected(t, t.TempDir()); i.Records != 0 || i.Segments != 0 {
		t.Errorf("no journal: %+v", i)
	}
}

// Every byte of every segment is flipped in turn. In the last record, and there
// alone, it looks like an interrupted write.
func TestInspectFindsEveryFlippedByte(t *testing.T) {
	data := written(t, 12)
	names, err := segmentFiles(filepath.Join(data, "evidence"))
	if err != nil || len(names) < 2 {
		t.Fatal(names, err)
	}
	for n, name := range names {
		file := filepath.Join(data, "evidence", name)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for at := range text {
			text[at] ^= 0x10
			if err := os.WriteFile(file, text, 0o600); err != nil {
				t.Fatal(err)
			}
			i := inspected(t, data)
			torn := i.Torn != nil && n == len(names)-1
			if !torn && (len(i.Damage) == 0 || i.Damage[0].File != name) {
				t.Errorf("%s, offset %d: %+v", name, at, i)
			}
			if i.Records < 11 {
				t.Errorf("%s, offset %d: %d of 12 records are left", name, at, i.Records)
			}
			text[at] ^= 0x10
		}
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReadOnlyReadsAndWritesNothing(t *testing.T) {
	data := written(t, 30)
	j := Inspected(data, inspected(t, data))
	r := j.Read(7)
	defer r.Close()
	for want := uint64(7); want <= 30; want++ {
		if e, err := r.Next(); err != nil || e.Sequence != want {
			t.Fatal(e.Sequence, err)
		}
	}
	if _, err := r.Next(); err != io.EOF {
		t.Error(err)
	}
	if _, err := j.Append(t.Context(), []byte("{}")); simpul.CodeOf(err) != simpul.CodeUnavailable {
		t.Error(err)
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}

func TestInspectNamesAllDamage(t *testing.T) {
	data := written(t, 30)
	dir := filepath.Join(data, "evidence")
	names, _ := segmentFiles(dir)
	for _, n := range []int{0, 2} {
		file := filepath.Join(dir, names[n])
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text[headerSize+20] ^= 1
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(dir, names[1])); err != nil {
		t.Fatal(err)
	}
	i := inspected(t, data)
	if len(i.Damage) != 3 || i.Damage[0].Sequence != 1 || !strings.Contains(i.Damage[1].Error(), "missing") || i.Damage[2].File != names[2] {
		t.Errorf("%v", i.Damage)
	}
}

func TestInspectRefusesASegmentOfAnotherJournal(t *testing.T) {
	data, other := written(t, 30), written(t, 30)
	names, _ := segmentFiles(filepath.Join(data, "evidence"))
	text, err := os.ReadFile(filepath.Join(other, "evidence", names[1]))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "evidence", names[1]), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if i := inspected(t, data); len(i.Damage) != 1 || i.Damage[0].File != names[1] {
		t.Errorf("%v", i.Damage)
	}
}

func TestHoldRefusesAJournalInUse(t *testing.T) {
	data := t.TempDir()
	j, err := OpenJournal(data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if _, err := Hold(data); simpul.CodeOf(err) != simpul.CodeConflict {
		t.Errorf("%v", err)
	}
	if _, err := Hold(t.TempDir()); err != nil {
		t.Errorf("where there is none: %v", err)
	}
}

// Whatever a survey took opens as a journal, with what had been committed.
func TestTakeWhileTheJournalGrows(t *testing.T) {
	data := t.TempDir()
	j, err := OpenJournal(data, Options{SegmentBytes: 2000})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				j.Commit(t.Context(), []byte(`{"kind":"sealed","x":"`+strings.Repeat("x", 100)+`"}`))
			}
		}
	}()
	for range 20 {
		before := j.Durable()
		s, err := Take(data)
		if err != nil {
			t.Fatal(err)
		}
		if s.Last < before || s.ID != j.ID() {
			t.Errorf("%d were on disk, taken up to %d", before, s.Last)
		}
		copied := t.TempDir()
		if err := os.Mkdir(filepath.Join(copied, "evidence"), 0o700); err != nil {
			t.Fatal(err)
		}
		for _, segment := range s.Segments {
			text, err := os.ReadFile(filepath.Join(data, "evidence", segment.Name))
			if err = errors.Join(err, os.WriteFile(filepath.Join(copied, "evidence", segment.Name), text[:segment.Bytes], 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		if i := inspected(t, copied); len(i.Damage) > 0 || i.Torn != nil || i.Last != s.Last {
			t.Errorf("%+v, surveyed up to %d", i, s.Last)
		}
	}
	close(stop)
	<-done
}

// What retention removed is no loss where it was noted, and one where it was not.
func TestInspectTellsRemovalFromLoss(t *testing.T) {
	data := written(t, 30)
	dir := filepath.Join(data, "evidence")
	id := inspected(t, data).ID
	names, err := segmentFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names[:2] {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	first, _ := parseSegmentName(names[2])
	if lost := inspected(t, data); len(lost.Damage) == 0 {
		t.Error("segments are gone, and nothing says why, and it is not damage")
	}
	if err := writeRemoval(Options{}.withDefaults(), dir, Removal{Journal: id.String(), Through: first - 1, At: time.Unix(0, 0).UTC()}); err != nil {
		t.Fatal(err)
	}
	if i := inspected(t, data); len(i.Damage) > 0 || i.First != first || i.Last != 30 || i.Records != 31-first {
		t.Errorf("%+v", i)
	}
	if err := os.Remove(filepath.Join(dir, names[2])); err != nil {
		t.Fatal(err)
	}
	if i := inspected(t, data); len(i.Damage) == 0 {
		t.Error("more is gone than was removed, and it is not damage")
	}
}
