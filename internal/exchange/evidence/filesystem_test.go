package evidence

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"simpul"
)

// Faults of real file systems, where the machine lets a test mount some: as root, with
// loop devices. Elsewhere these tests are skipped and say so; the same faults are
// injected in fault_test.go everywhere.

// smallDisk mounts a file system in memory of that size.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("this machine does not let a test mount a file system: %v", err)
	}
	t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
	return dir
}

// loopDisk is an ext4 file system in a file, whose plug a test can pull.
type loopDisk struct{ image, dir string }

func newLoopDisk(t *testing.T) *loopDisk {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root mounts loop devices")
	}
	d := &loopDisk{filepath.Join(t.TempDir(), "ext4.img"), t.TempDir()}
	if err := os.WriteFile(d.image, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(d.image, 24<<20); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mkfs.ext4", "-q", "-F", d.image).CombinedOutput(); err != nil {
		t.Skipf("no ext4 here: %v %s", err, out)
	}
	d.mount(t)
	t.Cleanup(func() { unix.Unmount(d.dir, unix.MNT_DETACH) })
	d.pull(t) // whether this kernel can
	d.plugIn(t)
	return d
}

func (d *loopDisk) mount(t *testing.T) {
	t.Helper()
	if out, err := exec.Command("mount", "-o", "loop", d.image, d.dir).CombinedOutput(); err != nil {
		t.Skipf("this machine does not mount loop devices: %v %s", err, out)
	}
}

// pull cuts the power: what the file system has not put on disk by now is gone
// (EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH).
func (d *loopDisk) pull(t *testing.T) {
	t.Helper()
	const shutdown, noLogFlush = 0x8004587d, 2
	f, err := os.Open(d.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := unix.IoctlSetPointerInt(int(f.Fd()), shutdown, noLogFlush); err != nil {
		t.Skipf("this kernel does not shut ext4 down: %v", err)
	}
}

func (d *loopDisk) plugIn(t *testing.T) {
	t.Helper()
	if err := unix.Unmount(d.dir, 0); err != nil {
		t.Fatal(err)
	}
	d.mount(t)
}

func TestARealDiskFillsUp(t *testing.T) {
	data := smallDisk(t, "1m")
	j := openTest(t, data, Options{SegmentBytes: 64 << 10})
	payload := make([]byte, 4000)
	for i := range payload {
		payload[i] = 'x'
	}
	acknowledged := 0
	var err error
	for ; err == nil; acknowledged++ {
		_, err = j.Commit(t.Context(), payload)
	}
	acknowledged--
	wantRefusal(t, err, syscall.ENOSPC)
	if got := TroubleOf(j.Err()); got != Full {
		t.Errorf("trouble %q", got)
	}
	wantRefusal(t, j.Reopen(), syscall.ENOSPC)
	free, known := j.Free()
	if !known || free > probeBytes {
		t.Errorf("%d bytes free, known %v", free, known)
	}
	if err := unix.Mount("", data, "", unix.MS_REMOUNT, "size=2m"); err != nil {
		t.Fatal(err)
	}
	if err := j.Reopen(); err != nil {
		t.Fatal(err)
	}
	commit(t, j, "there is room again")
	all, err := readAll(t, j, 1)
	if err != nil || len(all) < acknowledged+1 || all[len(all)-1] != "there is room again" {
		t.Errorf("%d records, acknowledged %d, %v", len(all), acknowledged, err)
	}
}

// The power is cut under many writers, again and again. Whatever was acknowledged is
// there, and the journal opens.
func TestARealPowerCut(t *testing.T) {
	d := newLoopDisk(t)
	acknowledged := map[uint64]string{}
	for round := range 4 {
		j, err := OpenJournal(d.dir, Options{SegmentBytes: 16 << 10})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		have, err := readAll(t, j, 1)
		if err != nil {
			t.Fatal(err)
		}
		for sequence, p := range acknowledged {
			if sequence > uint64(len(have)) || have[sequence-1] != p {
				t.Fatalf("round %d: record %d (%q) was acknowledged and is lost; the journal has %d", round, sequence, p, len(have))
			}
		}
		writeUntilDark(t, j, d, round, acknowledged)
		j.Close() // fails, as it must
		d.plugIn(t)
	}
	if len(acknowledged) == 0 {
		t.Error("nothing was ever acknowledged")
	}
}

func writeUntilDark(t *testing.T, j *Journal, d *loopDisk, round int, acknowledged map[uint64]string) {
	t.Helper()
	var mu sync.Mutex
	var done atomic.Int64
	dark := int64(50 + rand.IntN(300))
	var dimmed atomic.Bool
	enough := make(chan struct{})
	var writers sync.WaitGroup
	for w := range 16 {
		writers.Go(func() {
			for i := 0; ; i++ {
				p := fmt.Sprintf("round %d writer %d record %d", round, w, i)
				sequence, err := j.Commit(context.Background(), []byte(p))
				if err != nil {
					if simpul.CodeOf(err) != simpul.CodeUnavailable {
						t.Error(err)
					}
					return
				}
				if dimmed.Load() {
					return // see below
				}
				mu.Lock()
				acknowledged[sequence] = p
				mu.Unlock()
				if done.Add(1) == dark {
					close(enough)
				}
			}
		})
	}
	<-enough
	// A machine without power acknowledges nothing. This one goes on, and ext4 lets an
	// fsync that is under way when it is shut down succeed without having written: what
	// is acknowledged from here on is no promise.
	dimmed.Store(true)
	d.pull(t)
	writers.Wait()
}
