package evidence

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
)

// smallJournal makes a journal of two segments, records 1–3 and 4–6, and
// returns its files by name.
func smallJournal(t testing.TB) map[string][]byte {
	t.Helper()
	data := t.TempDir()
	j := openTest(t, data, Options{SegmentBytes: headerSize + 3*(frameHead+8), open: openUnsynced})
	commit(t, j, numbered(1, 6)...)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, first := range []uint64{1, 4} {
		b, err := os.ReadFile(filepath.Join(data, "evidence", segmentName(first)))
		if err != nil {
			t.Fatal(err)
		}
		files[segmentName(first)] = b
	}
	return files
}

const smallFrame = frameHead + len("record 1")

// plant writes the files as a journal and returns its data folder.
func plant(t testing.TB, files map[string][]byte) string {
	t.Helper()
	data := t.TempDir()
	if err := os.Mkdir(filepath.Join(data, "evidence"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(data, "evidence", name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return data
}

// with returns a copy of files in which one differs; nil removes it.
func with(files map[string][]byte, name string, b []byte) map[string][]byte {
	changed := map[string][]byte{}
	for n, old := range files {
		changed[n] = old
	}
	if changed[name] = b; b == nil {
		delete(changed, name)
	}
	return changed
}

// wantDamage checks that opening names the place and changes nothing.
func wantDamage(t *testing.T, files map[string][]byte, want DamageError) {
	t.Helper()
	data := plant(t, files)
	j, err := OpenJournal(data, Options{open: openUnsynced})
	if err == nil {
		j.Close()
		t.Fatalf("opened: %+v", j.Recovery())
	}
	d, ok := errors.AsType[*DamageError](err)
	if !ok || simpul.CodeOf(err) != simpul.CodeUnavailable {
		t.Fatalf("error %v", err)
	}
	if d.File != want.File || d.Offset != want.Offset || d.Sequence != want.Sequence {
		t.Errorf("damage at %v, want %s, offset %d, record %d", d, want.File, want.Offset, want.Sequence)
	}
	if place := fmt.Sprintf("%s, offset %d, record %d: ", d.File, d.Offset, d.Sequence); !strings.Contains(err.Error(), place) {
		t.Errorf("the message %q does not name %q", err, place)
	}
	for name, b := range files {
		if now, err := os.ReadFile(filepath.Join(data, "evidence", name)); err != nil || !bytes.Equal(now, b) {
			t.Errorf("%s was changed (error %v)", name, err)
		}
	}
}

// wantTorn checks that opening keeps the records up to last, reports the torn
// end, and that the journal goes on from there.
func wantTorn(t *testing.T, files map[string][]byte, last int, want *Torn) {
	t.Helper()
	data := plant(t, files)
	j := openTest(t, data, Options{open: openUnsynced})
	if diff := cmp.Diff(want, j.Recovery().Torn); diff != "" {
		t.Errorf("torn (-want +got)\n%s", diff)
	}
	wantAll(t, j, numbered(1, last)...)
	commit(t, j, numbered(last+1, last+1)...)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	again := openTest(t, data, Options{open: openUnsynced})
	if again.Recovery().Torn != nil {
		t.Errorf("still torn: %+v", again.Recovery().Torn)
	}
	wantAll(t, again, numbered(1, last+1)...)
	again.Close()
}

func TestLastSegmentCutAtEveryByte(t *testing.T) {
	t.Parallel()
	files := smallJournal(t)
	name := segmentName(4)
	for size := range len(files[name]) {
		cut := files[name][:size]
		if size < headerSize {
			wantTorn(t, with(files, name, append([]byte{}, cut...)), 3, &Torn{File: name, Bytes: int64(size), Sequence: 4})
			continue
		}
		whole := (size - headerSize) / smallFrame
		end := headerSize + whole*smallFrame
		var torn *Torn
		if size > end {
			torn = &Torn{File: name, Offset: int64(end), Bytes: int64(size - end), Sequence: uint64(4 + whole)}
		}
		wantTorn(t, with(files, name, cut), 3+whole, torn)
	}
}

func TestEarlierSegmentCutAtEveryByte(t *testing.T) {
	t.Parallel()
	files := smallJournal(t)
	name := segmentName(1)
	for size := range len(files[name]) {
		want := DamageError{File: name}
		if size >= headerSize {
			whole := (size - headerSize) / smallFrame
			want.Offset, want.Sequence = int64(headerSize+whole*smallFrame), uint64(1+whole)
		}
		wantDamage(t, with(files, name, append([]byte{}, files[name][:size]...)), want)
	}
}

func TestEveryByteFlipped(t *testing.T) {
	t.Parallel()
	files := smallJournal(t)
	for _, first := range []int{1, 4} {
		name := segmentName(uint64(first))
		for at := range files[name] {
			for _, bits := range []byte{0x01, 0xff} {
				b := bytes.Clone(files[name])
				b[at] ^= bits
				if at < headerSize {
					wantDamage(t, with(files, name, b), DamageError{File: name})
					continue
				}
				i := (at - headerSize) / smallFrame
				offset, sequence := int64(headerSize+i*smallFrame), uint64(first+i)
				if sequence == 6 { // nothing follows: as good as torn
					wantTorn(t, with(files, name, b), 5, &Torn{File: name, Offset: offset, Bytes: int64(smallFrame), Sequence: 6})
					continue
				}
				wantDamage(t, with(files, name, b), DamageError{File: name, Offset: offset, Sequence: sequence})
			}
		}
	}
}

func TestDamagedRecordIsNeverServed(t *testing.T) {
	files := smallJournal(t)
	name := segmentName(1)
	b := bytes.Clone(files[name])
	b[len(b)-1] ^= 1                                                          // record 3
	j := openTest(t, plant(t, with(files, name, b)), Options{VerifyBytes: 1}) // checks the last segment only
	if diff := cmp.Diff(Recovery{Segments: 2, Verified: 1, Last: 6}, j.Recovery()); diff != "" {
		t.Error(diff)
	}
	got, err := readAll(t, j, 1)
	d, ok := errors.AsType[*DamageError](err)
	if !ok || d.File != name || d.Sequence != 3 || d.Offset != int64(headerSize+2*smallFrame) {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff(numbered(1, 2), got); diff != "" {
		t.Error(diff)
	}
	if got, err := readAll(t, j, 5); err != nil || len(got) != 2 {
		t.Errorf("the rest: %v, error %v", got, err)
	}
}

func TestSegmentsThatDoNotBelong(t *testing.T) {
	files, other := smallJournal(t), smallJournal(t)
	one, four, seven := segmentName(1), segmentName(4), segmentName(7)
	renumbered := bytes.Clone(files[four])
	copy(renumbered[headerSize:], files[one][headerSize:]) // records 1–3 where 4–6 belong
	version2 := segmentHeader{first: 4}.append(nil)
	version2[11] = 2
	binary.BigEndian.PutUint32(version2[36:], crc32.Checksum(version2[:36], castagnoli))
	for name, c := range map[string]struct {
		files map[string][]byte
		want  DamageError
	}{
		"first missing":     {with(files, one, nil), DamageError{File: one, Sequence: 1}},
		"duplicate":         {with(files, seven, files[four]), DamageError{File: seven}},
		"copy beside":       {with(files, "copy of "+four, files[four]), DamageError{File: "copy of " + four}},
		"short name":        {with(files, "7"+suffix, files[four]), DamageError{File: "7" + suffix}},
		"swapped":           {with(with(files, one, files[four]), four, files[one]), DamageError{File: one}},
		"of another":        {with(files, four, other[four]), DamageError{File: four}},
		"gap before unborn": {with(files, segmentName(9), []byte{}), DamageError{File: seven, Sequence: 7}},
		"records again":     {with(files, four, renumbered), DamageError{File: four, Offset: headerSize, Sequence: 4}},
		"unknown version":   {with(files, four, version2), DamageError{File: four}},
		"not a segment":     {with(files, four, []byte(strings.Repeat("PK", 100))), DamageError{File: four}},
	} {
		t.Run(name, func(t *testing.T) { wantDamage(t, c.files, c.want) })
	}
}

func TestMissingMiddleSegment(t *testing.T) {
	data := t.TempDir()
	j := openTest(t, data, Options{SegmentBytes: 1})
	commit(t, j, numbered(1, 3)...)
	j.Close()
	if err := os.Remove(filepath.Join(data, "evidence", segmentName(2))); err != nil {
		t.Fatal(err)
	}
	_, err := OpenJournal(data, Options{})
	if d, ok := errors.AsType[*DamageError](err); !ok || d.File != segmentName(1) || d.Sequence != 2 {
		t.Errorf("error %v", err)
	}
}

func TestZerosAtTheEndAreTorn(t *testing.T) {
	files := smallJournal(t)
	name := segmentName(4)
	b := append(bytes.Clone(files[name]), make([]byte, 4096)...)
	wantTorn(t, with(files, name, b), 6, &Torn{File: name, Offset: int64(len(files[name])), Bytes: 4096, Sequence: 7})
}

func TestTornEndIsLogged(t *testing.T) {
	files := smallJournal(t)
	name := segmentName(4)
	var log bytes.Buffer
	openTest(t, plant(t, with(files, name, files[name][:len(files[name])-1])), Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	want := fmt.Sprintf("level=WARN msg=\"evidence journal: removed the torn end of an interrupted write\" torn.file=%s torn.offset=%d torn.bytes=%d torn.sequence=6\n",
		name, headerSize+2*smallFrame, smallFrame-1)
	if _, got, _ := strings.Cut(log.String(), " "); got != want {
		t.Errorf("log %q, want %q", got, want)
	}
}

// Whatever the bytes of a last segment are: either the journal does not open
// and says where it is damaged, or it opens, and then opens again unchanged.
func FuzzRecover(f *testing.F) {
	files := smallJournal(f)
	dir := filepath.Join(plant(f, files), "evidence")
	name := segmentName(4)
	path := filepath.Join(dir, name)
	f.Add(files[name])
	f.Add(files[name][:len(files[name])-5])
	f.Add(append(bytes.Clone(files[name]), make([]byte, 64)...))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := recoverJournal(openUnsynced, dir, 1<<20, 0)
		if err != nil {
			if _, ok := errors.AsType[*DamageError](err); !ok {
				t.Fatalf("not a damage report: %v", err)
			}
			return
		}
		again, err := recoverJournal(openUnsynced, dir, 1<<20, 0)
		if err != nil || again.Torn != nil || again.Last != r.Last {
			t.Fatalf("second opening: %+v, error %v; first %+v", again, err, r)
		}
		if kept, _ := os.ReadFile(path); !bytes.HasPrefix(b, kept) {
			t.Fatal("recovery changed what it kept")
		}
	})
}

// openUnsynced saves the time of syncs where no test looks at them.
func openUnsynced(path string, flag int) (file, error) {
	f, err := openOS(path, flag)
	return unsynced{f}, err
}

type unsynced struct{ file }

func (unsynced) Sync() error { return nil }

// What opening does not read in full is checked when it is read: every flip of an older
// segment is found there, named, and not served.
func TestEveryByteFlippedIsFoundByReading(t *testing.T) {
	t.Parallel()
	files := smallJournal(t)
	name := segmentName(1)
	for at := headerSize; at < len(files[name]); at++ {
		b := bytes.Clone(files[name])
		b[at] ^= 0x10
		j := openTest(t, plant(t, with(files, name, b)), Options{VerifyBytes: 1, open: openUnsynced})
		i := (at - headerSize) / smallFrame
		got, err := readAll(t, j, 1)
		d, ok := errors.AsType[*DamageError](err)
		if !ok || d.File != name || d.Offset != int64(headerSize+i*smallFrame) || d.Sequence != uint64(1+i) {
			t.Errorf("byte %d: error %v", at, err)
		}
		if !slices.Equal(got, numbered(1, i)) {
			t.Errorf("byte %d: served %q", at, got)
		}
		j.Close()
	}
}
