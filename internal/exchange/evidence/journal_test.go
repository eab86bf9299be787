package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
)

func openTest(t testing.TB, data string, o Options) *Journal {
	t.Helper()
	j, err := OpenJournal(data, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

// commit puts payloads on disk, one after the other.
func commit(t testing.TB, j *Journal, payloads ...string) {
	t.Helper()
	for _, p := range payloads {
		if _, err := j.Commit(t.Context(), []byte(p)); err != nil {
			t.Fatal(err)
		}
	}
}

// readAll returns the payloads from the sequence on, up to the first error.
func readAll(t testing.TB, j *Journal, from uint64) ([]string, error) {
	t.Helper()
	r := j.Read(from)
	defer r.Close()
	var all []string
	for {
		e, err := r.Next()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		if want := from + uint64(len(all)); e.Sequence != want {
			t.Fatalf("sequence %d, want %d", e.Sequence, want)
		}
		all = append(all, string(e.Payload))
	}
}

func wantAll(t testing.TB, j *Journal, want ...string) {
	t.Helper()
	got, err := readAll(t, j, 1)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("journal differs (-want +got)\n%s", diff)
	}
}

func numbered(from, to int) []string {
	var all []string
	for i := from; i <= to; i++ {
		all = append(all, fmt.Sprintf("record %d", i))
	}
	return all
}

func TestJournalKeepsOrderAcrossOpenings(t *testing.T) {
	data := t.TempDir()
	var id JournalID
	for opening := range 3 {
		j := openTest(t, data, Options{})
		if opening == 0 {
			id = j.ID()
		}
		if j.ID() != id || j.Last() != uint64(opening*2) {
			t.Fatalf("opening %d: journal %s at %d", opening, j.ID(), j.Last())
		}
		if _, err := j.Append(t.Context(), fmt.Appendf(nil, "record %d", opening*2+1)); err != nil {
			t.Fatal(err)
		}
		commit(t, j, fmt.Sprintf("record %d", opening*2+2))
		wantAll(t, j, numbered(1, opening*2+2)...)
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestJournalRotates(t *testing.T) {
	data := t.TempDir()
	j := openTest(t, data, Options{SegmentBytes: 100})
	commit(t, j, numbered(1, 20)...)
	wantAll(t, j, numbered(1, 20)...)
	j.Close()

	j = openTest(t, data, Options{SegmentBytes: 100})
	segments, err := filepath.Glob(filepath.Join(data, "evidence", "*"+suffix))
	if err != nil || len(segments) < 5 {
		t.Fatalf("segments %v, error %v", segments, err)
	}
	want := Recovery{Segments: len(segments), Verified: len(segments), Last: 20}
	if diff := cmp.Diff(want, j.Recovery()); diff != "" {
		t.Error(diff)
	}
	for from := 1; from <= 20; from++ {
		got, err := readAll(t, j, uint64(from))
		if diff := cmp.Diff(numbered(from, 20), got); diff != "" || err != nil {
			t.Errorf("from %d: error %v\n%s", from, err, diff)
		}
	}
}

func TestJournalIsHeldByOne(t *testing.T) {
	data := t.TempDir()
	j := openTest(t, data, Options{})
	if _, err := OpenJournal(data, Options{}); simpul.CodeOf(err) != simpul.CodeConflict {
		t.Errorf("second opening: %v", err)
	}
	j.Close()
	openTest(t, data, Options{})
}

func TestJournalRefusesOnceClosed(t *testing.T) {
	j := openTest(t, t.TempDir(), Options{})
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	_, appended := j.Append(t.Context(), []byte("x"))
	_, committed := j.Commit(t.Context(), []byte("x"))
	for name, err := range map[string]error{
		"append": appended, "commit": committed, "flush": j.Flush(t.Context()), "reopen": j.Reopen(),
	} {
		if simpul.CodeOf(err) != simpul.CodeUnavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := j.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
}

func TestJournalRefusesPayload(t *testing.T) {
	j := openTest(t, t.TempDir(), Options{})
	for name, payload := range map[string][]byte{"empty": nil, "too large": make([]byte, maxPayload+1)} {
		if _, err := j.Append(t.Context(), payload); simpul.CodeOf(err) != simpul.CodeTooLarge {
			t.Errorf("%s: %v", name, err)
		}
	}
	commit(t, j, string(make([]byte, maxPayload)))
}

func TestCloseKeepsBufferedRecords(t *testing.T) {
	data := t.TempDir()
	j := openTest(t, data, Options{SyncInterval: time.Hour})
	for _, p := range numbered(1, 500) {
		if _, err := j.Append(t.Context(), []byte(p)); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	wantAll(t, openTest(t, data, Options{}), numbered(1, 500)...)
}

func TestBufferedRecordIsSoonOnDisk(t *testing.T) {
	data := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		d := newDisk()
		j := openTest(t, data, Options{SyncInterval: 100 * time.Millisecond, open: d.open})
		defer j.Close()
		synctest.Wait()
		before := d.countSyncs()
		if _, err := j.Append(t.Context(), []byte("x")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(99 * time.Millisecond)
		if n := d.countSyncs() - before; n != 0 {
			t.Fatalf("%d syncs before the interval", n)
		}
		if err := j.AwaitDurable(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		if n := d.countSyncs() - before; n != 1 {
			t.Errorf("%d syncs", n)
		}
		time.Sleep(time.Hour)
		if n := d.countSyncs() - before; n != 1 {
			t.Errorf("%d syncs while idle", n-1)
		}
	})
}

func TestBufferedRecordIsWrittenWithinMilliseconds(t *testing.T) {
	data := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		var wrote atomic.Bool
		d := newDisk()
		d.onWrite = func(b []byte) (int, error) { wrote.Store(true); return len(b), nil }
		j := openTest(t, data, Options{SyncInterval: time.Hour, open: d.open})
		defer j.Close()
		wrote.Store(false)
		if _, err := j.Append(t.Context(), []byte("x")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(gatherFor)
		synctest.Wait()
		if !wrote.Load() {
			t.Error("not written")
		}
	})
}

// A lone writer pays one sync per record; writers in company share.
func TestCommitsShareSyncs(t *testing.T) {
	const records = 640
	for writers, most := range map[int]int{1: records, 64: records / 2} {
		t.Run(fmt.Sprint(writers), func(t *testing.T) {
			d := newDisk()
			j := openTest(t, t.TempDir(), Options{open: d.open})
			before := d.countSyncs()
			var wg sync.WaitGroup
			for range writers {
				wg.Go(func() {
					for range records / writers {
						if _, err := j.Commit(t.Context(), []byte("x")); err != nil {
							t.Error(err)
						}
					}
				})
			}
			wg.Wait()
			if n := d.countSyncs() - before; n > most {
				t.Errorf("%d syncs for %d records", n, records)
			}
		})
	}
}

func TestConcurrentWritersAndReader(t *testing.T) {
	const writers, each = 64, 50
	j := openTest(t, t.TempDir(), Options{SegmentBytes: 4 << 10})
	var byKey sync.Map // payload → sequence
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				p := fmt.Sprintf("writer %d record %d", w, i)
				in := j.Append
				if i%5 == 0 {
					in = j.Commit
				}
				sequence, err := in(t.Context(), []byte(p))
				if err != nil {
					t.Error(err)
				}
				byKey.Store(p, sequence)
			}
		})
	}
	r := j.Read(1)
	defer r.Close()
	for want := uint64(1); want <= writers*each; want++ {
		if err := j.AwaitDurable(t.Context(), want); err != nil {
			t.Fatal(err)
		}
		e, err := r.Next()
		if err != nil || e.Sequence != want {
			t.Fatalf("entry %d: %v, error %v", want, e, err)
		}
	}
	wg.Wait()
	got, err := readAll(t, j, 1)
	if err != nil || len(got) != writers*each {
		t.Fatalf("%d records, error %v", len(got), err)
	}
	for i, p := range got {
		if sequence, ok := byKey.Load(p); !ok || sequence != uint64(i+1) {
			t.Errorf("record %d is %q, which was acknowledged as %v", i+1, p, sequence)
		}
	}
}

func TestWritersWaitForRoom(t *testing.T) {
	d := newDisk()
	j := openTest(t, t.TempDir(), Options{open: d.open})
	d.mu.Lock() // the disk hangs
	var handed int
	for ; ; handed++ {
		ctx, cancel := context.WithTimeout(t.Context(), 0)
		_, err := j.Append(ctx, []byte("x"))
		cancel()
		if err != nil {
			if simpul.CodeOf(err) != simpul.CodeUnavailable || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("full queue: %v", err)
			}
			break
		}
	}
	if handed > 2*queueRecords {
		t.Errorf("%d records in memory", handed)
	}
	room := make(chan error)
	go func() {
		_, err := j.Append(context.Background(), []byte("x"))
		room <- err
	}()
	d.mu.Unlock()
	if err := <-room; err != nil {
		t.Error(err)
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
	if got := j.Durable(); got != uint64(handed+1) {
		t.Errorf("%d records on disk, want %d", got, handed+1)
	}
}

func TestCommitGivesUpWithItsContext(t *testing.T) {
	d := newDisk()
	j := openTest(t, t.TempDir(), Options{open: d.open})
	d.mu.Lock() // the disk hangs
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := j.Commit(ctx, []byte("record 1"))
	d.mu.Unlock()
	if simpul.CodeOf(err) != simpul.CodeUnavailable || !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if err := j.Flush(t.Context()); err != nil { // it was handed over all the same
		t.Fatal(err)
	}
	wantAll(t, j, "record 1")
}

func TestSegmentVanishesUnderAReader(t *testing.T) {
	j := openTest(t, t.TempDir(), Options{SegmentBytes: 1})
	commit(t, j, numbered(1, 3)...)
	if err := os.Remove(filepath.Join(j.dir, segmentName(2))); err != nil {
		t.Fatal(err)
	}
	got, err := readAll(t, j, 1)
	if d, ok := errors.AsType[*DamageError](err); !ok || d.File != segmentName(2) || len(got) != 1 {
		t.Errorf("%d records, error %v", len(got), err)
	}
}

func TestFlush(t *testing.T) {
	j := openTest(t, t.TempDir(), Options{SyncInterval: time.Hour})
	if err := j.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Append(t.Context(), []byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := j.Flush(t.Context()); err != nil || j.Durable() != 1 {
		t.Errorf("durable up to %d, error %v", j.Durable(), err)
	}
}
