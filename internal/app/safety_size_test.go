package app_test

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"simpul"
	journal "simpul/internal/exchange/evidence"
)

// storeMB is how large the journal is that is backed up and restored, MB (10⁶).
// The full size:
//
//	go test ./internal/app -run TestBackupAndRestoreAtSize -v -timeout 2h -store-mb 10000
//
// It needs room for the journal twice and a quarter more, below TMPDIR.
var storeMB = flag.Int64("store-mb", 8, "size of the journal in TestBackupAndRestoreAtSize, MB")

// A journal of a given size is backed up and restored by the program itself. The
// figures are in the log (-v): seconds, MB a second, largest memory. What must
// hold at any size: the same bytes, and memory that the size does not move.
func TestBackupAndRestoreAtSize(t *testing.T) {
	const mostMemory = 600 << 20 // bytes of one process
	place := newSite(t)
	size := fillJournal(t, place.data, *storeMB*1e6)
	c := settings(t, place.data)
	public, secret := drillKeys(t)
	file, back := filepath.Join(t.TempDir(), "besar.simpul"), filepath.Join(t.TempDir(), "baru")
	for _, step := range []struct {
		name string
		args []string
	}{
		{"backup", []string{"backup", "--data", c.Data, "--out", file, "--recipient", public, "--with-keys"}},
		{"verify", []string{"backup", "verify", file, "--identity", secret}},
		{"restore and fsck", []string{"restore", file, "--data", back, "--identity", secret}},
	} {
		took, memory := execute(t, step.args...)
		t.Logf("%s: %.1f MB in %.2f s, %.0f MB/s, peak memory %.0f MB", step.name, float64(size)/1e6, took.Seconds(), float64(size)/1e6/took.Seconds(), float64(memory)/1e6)
		// A child's peak begins with what this process held when it was started.
		if memory > max(mostMemory, ownPeak(t)) {
			t.Errorf("%s held %d bytes in memory", step.name, memory)
		}
	}
	segments, err := filepath.Glob(filepath.Join(place.data, "evidence", "*.seg"))
	if err != nil || len(segments) == 0 {
		t.Fatal(segments, err)
	}
	ended, err := filepath.Glob(filepath.Join(back, "evidence", "*", "ended"))
	if err != nil || len(ended) != 1 {
		t.Fatal(ended, err)
	}
	for _, path := range segments {
		if !sameBytes(t, path, filepath.Join(filepath.Dir(ended[0]), filepath.Base(path))) {
			t.Errorf("%s is another", filepath.Base(path))
		}
	}
	if info, err := os.Stat(file); err == nil {
		t.Logf("the backup has %.1f MB; %d segments are equal byte for byte", float64(info.Size())/1e6, len(segments))
	}
}

// ownPeak is the most that this process has held, in bytes.
func ownPeak(t *testing.T) int64 {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return u.Maxrss << 10
}

// fillJournal writes records of exchanges until the journal has so many bytes.
func fillJournal(t *testing.T, data string, want int64) (size int64) {
	t.Helper()
	j, err := journal.OpenJournal(data, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := journal.NewRecorder(j, nil, nil)
	for size < want {
		for range 1000 {
			x := exchangeOf(rand.Uint64())
			if err := r.Seal(t.Context(), &x); err != nil {
				t.Fatal(err)
			}
		}
		size = journalBytes(t, data)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return journalBytes(t, data)
}

func exchangeOf(n uint64) simpul.Exchange {
	hash := func(salt uint64) simpul.Digest {
		return simpul.Digest(fmt.Sprintf("%016x%016x%016x%016x", n, n*salt, n*37, n*41))
	}
	return simpul.Exchange{
		ID: simpul.NewExchangeID(time.Now()), OpenedAt: time.Now(),
		Consumer: simpul.Consumer{Application: consumerApp, Credential: "k-4h7x2m9qk3ab"},
		Address:  "uji/Data", Version: "1.0.0", Class: simpul.Terbuka, Provider: providerAgency,
		Operation: simpul.Operation{Method: "GET", Path: "/{kode}"}, Grant: "uji-data", Purpose: "Uji cadangan",
		Status: 200, RequestDigest: hash(31), ResponseDigest: hash(43), ResponseBytes: int64(n % 9000), Latency: time.Duration(n % 1e7),
	}
}

func journalBytes(t *testing.T, data string) (size int64) {
	t.Helper()
	for name, bytes := range filesOf(t, filepath.Join(data, "evidence")) {
		if strings.HasSuffix(name, ".seg") {
			size += bytes
		}
	}
	return size
}

// execute runs the program and returns how long it took and the most memory it held.
func execute(t *testing.T, args ...string) (time.Duration, int64) {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	begun, cmd := time.Now(), exec.Command(path, args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", args[0], err, out)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Fatal("no usage of a process here")
	}
	return time.Since(begun), usage.Maxrss << 10 // Linux counts in KiB
}

func sameBytes(t *testing.T, a, b string) bool {
	t.Helper()
	one, err := os.ReadFile(a)
	if err != nil {
		t.Fatal(err)
	}
	two, err := os.ReadFile(b)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(one, two)
}
