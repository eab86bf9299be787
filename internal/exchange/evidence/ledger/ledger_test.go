package ledger

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	merkle "github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"simpul"
	"simpul/internal/exchange/evidence"
)

func TestEveryRecordIsProved(t *testing.T) {
	r := newRoom(t, evidence.Options{SegmentBytes: 64 << 10})
	r.write(t, 1000)
	r.filled(t, quick())
	r.write(t, 700)
	l := r.filled(t, Options{Records: 1}) // 4 entries before, 700 of one record after
	if l.Covered() != 1700 || l.Behind() != 0 || l.Size() != 4+700 {
		t.Fatalf("the log is %+v", l.State())
	}
	for sequence := uint64(1); sequence <= 1700; sequence += 1 + sequence%7 {
		b, err := l.Prove(t.Context(), sequence)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.Record, recordOf(sequence)) || b.Exchange == "" || b.Journal != r.journal.ID().String() {
			t.Fatalf("the bundle of %d is of %q in %s", sequence, b.Record, b.Journal)
		}
		verify(t, r.key, b)
	}
}

func TestARecordThatIsNotInTheLogYet(t *testing.T) {
	r := newRoom(t, evidence.Options{})
	r.write(t, 10)
	l := r.filled(t, quick())
	r.write(t, 1)
	for _, sequence := range []uint64{11, 5000} {
		_, err := l.Prove(t.Context(), sequence)
		e, ok := errors.AsType[*simpul.Error](err)
		if !ok || e.Code != simpul.CodeConflict || e.Retry <= 0 {
			t.Errorf("record %d: %v", sequence, err)
		}
	}
	if l.Behind() != 1 {
		t.Errorf("behind: %d", l.Behind())
	}
	if _, err := r.ledger(t, quick()).Prove(t.Context(), 3); err != nil {
		t.Errorf("a ledger that does not run: %v", err)
	}
}

func TestTheLogFollowsByItself(t *testing.T) {
	r := newRoom(t, evidence.Options{})
	l := r.ledger(t, quick())
	stop := running(t, l)
	for range 20 {
		r.write(t, 30)
		last := r.journal.Last()
		eventually(t, "the log covers what was written", func() bool { return l.Covered() == last })
	}
	stop()
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	raw, err := l.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if c := opened(t, r.key, raw); c.Size != l.Size() {
		t.Errorf("the checkpoint is of %d entries, the log has %d", c.Size, l.Size())
	}
	for _, from := range []uint64{1, 3, l.Size() - 1, l.Size()} {
		path, err := l.Consistency(t.Context(), from, l.Size())
		if err != nil {
			t.Fatal(err)
		}
		before, err := l.rootAt(t.Context(), from)
		if err != nil {
			t.Fatal(err)
		}
		after, err := l.rootAt(t.Context(), l.Size())
		if err != nil {
			t.Fatal(err)
		}
		if err := merkle.VerifyConsistency(rfc6962.DefaultHasher, from, l.Size(), path, before, after); err != nil {
			t.Errorf("from %d: %v", from, err)
		}
	}
	for _, beyond := range [][2]uint64{{2, 1}, {1, l.Size() + 1}} {
		if _, err := l.Consistency(t.Context(), beyond[0], beyond[1]); err == nil {
			t.Errorf("from %d to %d is proved", beyond[0], beyond[1])
		}
	}
}

// Many records at once make full blocks; few make one each tick.
func TestBlocksAreFullUnderLoad(t *testing.T) {
	r := newRoom(t, evidence.Options{})
	r.write(t, 2570)
	if l := r.filled(t, Options{}); l.Size() != 11 {
		t.Errorf("2570 records are %d blocks", l.Size())
	}
}

func TestALostLogIsBuiltAgainAsItWas(t *testing.T) {
	for name, lose := range map[string]func(t *testing.T, r *room, before string){
		"all of it": func(t *testing.T, r *room, _ string) { remove(t, filepath.Join(r.data, "log")) },
		"its tail":  func(t *testing.T, r *room, before string) { replace(t, Dir(r.data, r.journal.ID().String()), before) },
		"the list":  func(t *testing.T, r *room, _ string) { remove(t, listPath(evidence.Dir(r.data))) },
		"list's tail": func(t *testing.T, r *room, _ string) {
			truncate(t, listPath(evidence.Dir(r.data)), listHead+5*listBlock+3)
		},
		"torn list": func(t *testing.T, r *room, _ string) {
			extend(t, listPath(evidence.Dir(r.data)), "\x00\x00\x00\x00\x00\x00\x00\x07torn")
		},
		"torn block": func(t *testing.T, r *room, _ string) {
			extend(t, listPath(evidence.Dir(r.data)), "a whole block of rubbish")
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t, evidence.Options{})
			l := r.ledger(t, quick())
			stop := running(t, l)
			var before string
			for i := range 12 { // blocks that end where nothing in a record says so
				r.write(t, 1+i*37%50)
				eventually(t, "a block", func() bool { return l.Behind() == 0 })
				if i == 6 {
					stop()
					before = copied(t, Dir(r.data, r.journal.ID().String()))
					l = r.ledger(t, quick())
					stop = running(t, l)
				}
			}
			stop()
			size, root, err := l.published()
			if err != nil || size < 12 {
				t.Fatal(size, err)
			}
			lose(t, r, before)
			again := r.filled(t, quick())
			if now, now2, err := again.published(); err != nil || now != size || !bytes.Equal(now2, root) {
				t.Errorf("%d entries, root %x became %d, %x, %v", size, root, now, now2, err)
			}
			r.write(t, 5)
			if more := r.filled(t, quick()); more.Covered() != r.journal.Last() {
				t.Errorf("it does not go on: %+v", more.State())
			}
		})
	}
}

// What does not fit is named, and nothing is published over it.
func TestDamageIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(t *testing.T, r *room)
		file string
	}{
		"the journal lost its end": {func(t *testing.T, r *room) {
			r.journal.Close()
			truncateLast(t, filepath.Join(r.data, "evidence"))
			r.openJournal(t, evidence.Options{})
		}, "tile/entries/000.p/3"},
		"another record": {func(t *testing.T, r *room) {
			remove(t, filepath.Join(r.data, "log"))
			flip(t, listPath(evidence.Dir(r.data)), listHead+11)
		}, listName},
		"the last entry says something else": {func(t *testing.T, r *room) {
			flip(t, filepath.Join(Dir(r.data, r.journal.ID().String()), "tile/entries/000.p/3"), -1)
		}, "tile/entries/000.p/3"},
		"the list and the log are gone": {func(t *testing.T, r *room) {
			remove(t, filepath.Join(r.data, "log"))
			remove(t, listPath(evidence.Dir(r.data)))
		}, listName},
		"a list of another journal": {func(t *testing.T, r *room) { flip(t, listPath(evidence.Dir(r.data)), 10) }, listName},
		"another root than before":  {func(t *testing.T, r *room) { r.heads.root = make([]byte, 32) }, "checkpoint"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t, evidence.Options{})
			for range 3 {
				r.write(t, 20)
				r.filled(t, quick())
			}
			before := copied(t, filepath.Join(Dir(r.data, r.journal.ID().String()), "checkpoint"))
			c.do(t, r)
			r.write(t, 1)
			l := r.ledger(t, quick())
			stop := running(t, l)
			eventually(t, "the failure", func() bool { return l.Err() != nil })
			stop()
			e, ok := errors.AsType[*simpul.Error](l.Err())
			if !ok || e.Place != c.file || e.Message.ID == "" || e.Remedy.ID == "" {
				t.Errorf("the failure is %v", l.Err())
			}
			if now, err := l.checkpoint(); err == nil && !bytes.Equal(now, readAll(t, before)) && name != "another record" {
				t.Errorf("a checkpoint was made over the damage:\n%s", now)
			}
		})
	}
}

// A log that cannot be written says so, keeps nobody waiting, and goes on by itself.
func TestAFullDiskUnderTheLog(t *testing.T) {
	r := newRoom(t, evidence.Options{})
	r.write(t, 300)
	r.filled(t, quick())
	dir := Dir(r.data, r.journal.ID().String())
	blocked := filepath.Join(dir, "tile/entries/000.p")
	aside := filepath.Join(t.TempDir(), "aside")
	if err := os.Rename(blocked, aside); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(blocked, nil, 0o600); err != nil { // no file can be made below it
		t.Fatal(err)
	}
	l := r.ledger(t, quick())
	stop := running(t, l)
	r.write(t, 1)
	eventually(t, "the failure", func() bool { return l.Err() != nil })
	since := l.State().Failure.Since
	r.write(t, 500) // the journal takes records as ever
	if l.Behind() == 0 {
		t.Error("nothing is behind")
	}
	if s := l.State(); s.Failure == nil || !s.Failure.Since.Equal(since) {
		t.Errorf("the failure is %+v", s.Failure)
	}
	remove(t, blocked)
	if err := os.Rename(aside, blocked); err != nil {
		t.Fatal(err)
	}
	eventually(t, "recovery", func() bool { return l.Err() == nil && l.Behind() == 0 })
	stop()
	b, err := l.Prove(t.Context(), 400)
	if err != nil {
		t.Fatal(err)
	}
	verify(t, r.key, b)
}

// The folder of the log goes away under a log at work, which must not take the hub along.
func TestTheLogIsRemovedUnderWay(t *testing.T) {
	r := newRoom(t, evidence.Options{})
	l := r.ledger(t, quick())
	stop := running(t, l)
	r.write(t, 300)
	eventually(t, "a block", func() bool { return l.Behind() == 0 })
	size := l.Size()
	if err := os.Rename(filepath.Join(r.data, "log"), filepath.Join(t.TempDir(), "gone")); err != nil {
		t.Fatal(err)
	}
	r.write(t, 300)
	eventually(t, "recovery", func() bool { return l.Err() == nil && l.Behind() == 0 })
	stop()
	if l.Size() <= size {
		t.Errorf("%d entries became %d", size, l.Size())
	}
}

// A clock that was set back keeps no checkpoint from being made.
func TestAClockThatWasSetBack(t *testing.T) {
	r := newRoom(t, evidence.Options{})
	r.write(t, 10)
	l := r.filled(t, quick())
	future := time.Now().Add(time.Hour)
	if err := os.Chtimes(l.path("checkpoint"), future, future); err != nil {
		t.Fatal(err)
	}
	r.write(t, 10)
	l = r.filled(t, quick())
	if _, err := l.Prove(t.Context(), 20); err != nil {
		t.Error(err)
	}
}

// Records of long ago may be gone; only what a start must see is asked for.
func TestOldSegmentsMayBeGone(t *testing.T) {
	r := newRoom(t, evidence.Options{SegmentBytes: 8 << 10})
	for range 20 {
		r.write(t, 100)
	}
	r.filled(t, quick())
	removeOldest(t, filepath.Join(r.data, "evidence"), 5)
	r.write(t, 10)
	l := r.filled(t, quick())
	if _, err := l.Prove(t.Context(), 2005); err != nil {
		t.Error(err)
	}
	if _, err := l.Prove(t.Context(), 3); err == nil {
		t.Error("a record that is gone is proved")
	}
}

type cosigned func(ctx context.Context, atLeast uint64) ([]byte, error)

func (c cosigned) Cosigned(ctx context.Context, atLeast uint64) ([]byte, error) {
	return c(ctx, atLeast)
}

// A proof shows the cosigned checkpoint of its entry where there is one.
func TestACosignedCheckpointIsPreferred(t *testing.T) {
	r := newRoom(t, evidence.Options{})
	r.write(t, 600)
	l := r.filled(t, quick())
	old, err := l.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.write(t, 600)
	o := quick()
	o.Cosigned = cosigned(func(_ context.Context, atLeast uint64) ([]byte, error) {
		if atLeast == 4 {
			return nil, nil
		}
		if atLeast > 4 {
			return nil, errors.New("the witnesses' store is closed")
		}
		return old, nil
	})
	l = r.filled(t, o)
	for sequence, cosigned := range map[uint64]bool{1: true, 600: true, 601: false, 1200: false} {
		b, err := l.Prove(t.Context(), sequence)
		if err != nil {
			t.Fatal(err)
		}
		verify(t, r.key, b)
		if got := b.Checkpoint == string(old); got != cosigned {
			t.Errorf("record %d shows the cosigned one: %v", sequence, got)
		}
	}
}

func BenchmarkProve(b *testing.B) {
	r := newRoom(b, evidence.Options{})
	r.write(b, 50_000)
	l := r.filled(b, Options{})
	for i := uint64(0); b.Loop(); i++ {
		if _, err := l.Prove(b.Context(), 1+i*7919%50_000); err != nil {
			b.Fatal(err)
		}
	}
}

// Tiles of an older checkpoint are read from those that replaced them.
func TestAnOldCheckpointAfterItsTilesAreGone(t *testing.T) {
	r := newRoom(t, evidence.Options{})
	r.write(t, 100)
	old, err := r.filled(t, Options{Records: 1}).Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.write(t, 200)
	o := Options{Records: 1, Cosigned: cosigned(func(context.Context, uint64) ([]byte, error) { return old, nil })}
	l := r.filled(t, o)
	for _, name := range []string{"tile/0/000.p", "tile/entries/000.p"} {
		remove(t, l.path(name))
	}
	b, err := l.Prove(t.Context(), 77)
	if err != nil {
		t.Fatal(err)
	}
	verify(t, r.key, b)
	if path, err := l.Consistency(t.Context(), 100, 300); err != nil || len(path) == 0 {
		t.Error(err)
	}
	if report := r.check(t); len(report.Findings) > 0 {
		t.Errorf("the report is %+v", report)
	}
}

// A process may die between its first entries and its first checkpoint.
func TestALogWithoutItsFirstCheckpoint(t *testing.T) {
	r := newRoom(t, evidence.Options{})
	r.write(t, 10)
	l := r.filled(t, quick())
	remove(t, l.path("checkpoint"))
	r.write(t, 10)
	l = r.filled(t, quick())
	if _, err := l.Prove(t.Context(), 20); err != nil {
		t.Error(err)
	}
}
