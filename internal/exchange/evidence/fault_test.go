package evidence

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"

	"simpul"
)

func TestDiskFails(t *testing.T) {
	full, broken := syscall.ENOSPC, syscall.EIO
	for name, c := range map[string]struct {
		fail func(*disk)
		want error
	}{
		"no space":                   {func(d *disk) { d.onWrite = func([]byte) (int, error) { return 0, full } }, full},
		"no space within the record": {func(d *disk) { d.onWrite = func(b []byte) (int, error) { return len(b) / 2, full } }, full},
		"short write without error":  {func(d *disk) { d.onWrite = func(b []byte) (int, error) { return len(b) - 1, nil } }, io.ErrShortWrite},
		"write fails after all":      {func(d *disk) { d.onWrite = func(b []byte) (int, error) { return len(b), broken } }, broken},
		"sync fails":                 {func(d *disk) { d.onSync = func(string) error { return broken } }, broken},
		"no space for a new segment": {func(d *disk) {
			d.onWrite = func(b []byte) (int, error) {
				if strings.HasPrefix(string(b), magic) {
					return 5, full
				}
				return len(b), nil
			}
		}, full},
		"new segment is refused": {func(d *disk) {
			d.onOpen = func(_ string, flag int) error {
				if flag&os.O_CREATE != 0 {
					return full
				}
				return nil
			}
		}, full},
		"directory cannot be synced": {func(d *disk) {
			d.onSync = func(path string) error {
				if !strings.HasSuffix(path, suffix) {
					return broken
				}
				return nil
			}
		}, broken},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDisk()
			o := Options{SegmentBytes: headerSize + 3*int64(smallFrame), open: d.open}
			data := t.TempDir()
			j := openTest(t, data, o)
			commit(t, j, numbered(1, 3)...) // the segment is full
			d.set(c.fail)

			_, err := j.Commit(t.Context(), []byte("record 4"))
			wantRefusal(t, err, c.want)
			d.heal()
			for _, in := range []func(context.Context, []byte) (uint64, error){j.Append, j.Commit} {
				_, err := in(t.Context(), []byte("sticky"))
				wantRefusal(t, err, c.want)
			}
			wantRefusal(t, j.Err(), c.want)

			if err := j.Reopen(); err != nil {
				t.Fatal(err)
			}
			got, err := readAll(t, j, 1)
			if err != nil || len(got) < 3 {
				t.Fatalf("after reopening: %q, error %v", got, err)
			}
			commit(t, j, "resumed")
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			wantAll(t, openTest(t, data, o), append(got, "resumed")...)
		})
	}
}

func wantRefusal(t *testing.T, err, cause error) {
	t.Helper()
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok || e.Code != simpul.CodeUnavailable || !errors.Is(err, cause) {
		t.Fatalf("error %v, want unavailable because of %v", err, cause)
	}
	if e.Remedy.ID == "" || e.Remedy.EN == "" {
		t.Error("no remedy")
	}
}

func TestReopenFindsTheDiskStillFull(t *testing.T) {
	d := newDisk()
	j := openTest(t, t.TempDir(), Options{open: d.open})
	d.set(func(d *disk) { d.onSync = func(string) error { return syscall.EIO } })
	_, err := j.Commit(t.Context(), []byte("x"))
	wantRefusal(t, err, syscall.EIO)
	wantRefusal(t, j.Reopen(), syscall.EIO)
	wantRefusal(t, j.Err(), syscall.EIO)
	d.heal()
	if err := j.Reopen(); err != nil {
		t.Fatal(err)
	}
	commit(t, j, "y")
}

func TestReopenMissesAcknowledgedRecords(t *testing.T) {
	d := newDisk()
	data := t.TempDir()
	j := openTest(t, data, Options{open: d.open})
	commit(t, j, numbered(1, 3)...)
	d.set(func(d *disk) { d.onSync = func(string) error { return syscall.EIO } })
	_, err := j.Commit(t.Context(), []byte("x"))
	wantRefusal(t, err, syscall.EIO)
	d.heal()
	if err := os.Truncate(j.dir+"/"+segmentName(1), int64(headerSize+2*smallFrame)); err != nil {
		t.Fatal(err)
	}
	if damage, ok := errors.AsType[*DamageError](j.Reopen()); !ok || damage.Sequence != 3 {
		t.Errorf("reopened with a record less: %v", damage)
	}
}

// A reader that has read ahead sees the records that took the place of those
// which a failed sync lost, not those.
func TestReaderAfterReopen(t *testing.T) {
	d := newDisk()
	j := openTest(t, t.TempDir(), Options{open: d.open})
	commit(t, j, "kept")
	d.set(func(d *disk) { d.onSync = func(string) error { return syscall.EIO } })
	_, err := j.Commit(t.Context(), []byte("lost"))
	wantRefusal(t, err, syscall.EIO)
	r := j.Read(1)
	defer r.Close()
	if e, err := r.Next(); err != nil || string(e.Payload) != "kept" {
		t.Fatalf("entry %q, error %v", e.Payload, err)
	}
	if _, err := r.Next(); err != io.EOF {
		t.Fatalf("a record that is not on disk was served: %v", err)
	}
	if err := os.Truncate(j.dir+"/"+segmentName(1), headerSize+frameHead+int64(len("kept"))); err != nil {
		t.Fatal(err)
	}
	d.heal()
	if err := j.Reopen(); err != nil {
		t.Fatal(err)
	}
	commit(t, j, "new!")
	if e, err := r.Next(); err != nil || string(e.Payload) != "new!" {
		t.Errorf("entry %q, error %v", e.Payload, err)
	}
}

func TestEveryWaiterHearsOfTheFailure(t *testing.T) {
	d := newDisk()
	j := openTest(t, t.TempDir(), Options{open: d.open})
	d.set(func(d *disk) { d.onSync = func(string) error { return syscall.EIO } })
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			if _, err := j.Commit(context.Background(), []byte("x")); !errors.Is(err, syscall.EIO) {
				t.Errorf("error %v", err)
			}
		})
	}
	wg.Wait()
	if j.Durable() != 0 {
		t.Errorf("durable up to %d", j.Durable())
	}
}

// After a power cut the disk holds what was synced and any part of the rest.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 0))
		d := newDisk()
		o := Options{SegmentBytes: 300, open: d.open}
		data := t.TempDir()
		var acknowledged []string
		for life := range 3 {
			j, err := OpenJournal(data, o)
			if err != nil {
				t.Fatalf("seed %d, life %d: %v", seed, life, err)
			}
			have, err := readAll(t, j, 1)
			if err != nil || len(have) < len(acknowledged) {
				t.Fatalf("seed %d, life %d: %d of %d records, error %v", seed, life, len(have), len(acknowledged), err)
			}
			for i, p := range acknowledged {
				if have[i] != p {
					t.Fatalf("seed %d: record %d is %q, acknowledged %q", seed, i+1, have[i], p)
				}
			}
			acknowledged = have
			for i := range r.IntN(20) {
				p := fmt.Sprintf("life %d record %d", life, i)
				if r.IntN(3) > 0 {
					if _, err := j.Append(t.Context(), []byte(p)); err != nil {
						t.Fatal(err)
					}
					continue
				}
				sequence, err := j.Commit(t.Context(), []byte(p))
				if err != nil {
					t.Fatal(err)
				}
				all, err := readAll(t, j, 1)
				if err != nil || uint64(len(all)) < sequence {
					t.Fatalf("seed %d: %d records, committed %d, error %v", seed, len(all), sequence, err)
				}
				acknowledged = all
			}
			// From here on nothing reaches the disk, whatever closing says.
			d.set(func(d *disk) { d.onSync = func(string) error { return syscall.EIO } })
			j.Close()
			d.heal()
			d.cutPower(t, j.dir, r)
		}
	}
}

// cutLastRecord removes the last record of a segment, without a trace.
func cutLastRecord(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	last := headerSize
	for at := headerSize; at < len(b); at += frameHead + int(binary.BigEndian.Uint32(b[at:])) {
		last = at
	}
	if err := os.Truncate(path, int64(last)); err != nil {
		t.Fatal(err)
	}
}
