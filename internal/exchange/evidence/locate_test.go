package evidence

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAReaderFindsAnyRecord(t *testing.T) {
	data := t.TempDir()
	j, err := OpenJournal(data, Options{SegmentBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	want := []string{""}
	for i := range 20_000 {
		p := fmt.Sprintf(`{"n":%d,"x":%q}`, i, strings.Repeat("y", rand.IntN(300)))
		if i%5000 == 7 {
			p = fmt.Sprintf(`{"n":%d,"x":%q}`, i, strings.Repeat("z", 100<<10)) // longer than what is probed
		}
		want = append(want, p)
		if _, err := j.Append(t.Context(), []byte(p)); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 500 {
		from := uint64(1 + rand.IntN(20_000))
		r := j.Read(from)
		for at := from; at < min(from+3, uint64(len(want))); at++ {
			if e, err := r.Next(); err != nil || e.Sequence != at || string(e.Payload) != want[at] {
				t.Fatalf("record %d reads as %d, %v", at, e.Sequence, err)
			}
		}
		r.Close()
	}
	if first := j.First(); first != 1 {
		t.Errorf("first: %d", first)
	}
}

// Damage before the record that is wanted does not hide it, and damage in it is named.
func TestAReaderPassesOverDamageBefore(t *testing.T) {
	data := t.TempDir()
	j, err := OpenJournal(data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	for i := range 2000 {
		if _, err := j.Append(t.Context(), fmt.Appendf(nil, `{"n":%d,"x":%q}`, i, strings.Repeat("y", 200))); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(data, "evidence", segmentName(1))
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[500] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	r := j.Read(1900)
	defer r.Close()
	if e, err := r.Next(); err != nil || e.Sequence != 1900 {
		t.Errorf("after the damage: %d, %v", e.Sequence, err)
	}
	damaged := j.Read(1)
	defer damaged.Close()
	for range 10 {
		if _, err = damaged.Next(); err != nil {
			return
		}
	}
	t.Error("the damaged record was read")
}
