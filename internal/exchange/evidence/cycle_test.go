package evidence

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The journal is killed again and again while 64 writers commit, on a disk that
// keeps nothing but what was synced: kill -9 then does what a power cut does.
// Every acknowledged record must be there, once. SIMPUL_KILL_CYCLES says how often.

const (
	cycleEnv     = "SIMPUL_TEST_EVIDENCE_CYCLE"
	cycleWriters = 64
)

// cycles is how often to kill; few is for the tests of every day.
func cycles(t *testing.T, few int) int {
	t.Helper()
	text := os.Getenv("SIMPUL_KILL_CYCLES")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCycleChild(t *testing.T) {
	data := os.Getenv(cycleEnv)
	if data == "" {
		t.Skip("only as a child of the tests of cycles")
	}
	j, err := OpenJournal(data, Options{SegmentBytes: 64 << 10, open: openVolatile})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex // one line at a time
	for w := range cycleWriters {
		go func() {
			for i := 0; ; i++ {
				p := fmt.Sprintf("process %d writer %d record %d", os.Getpid(), w, i)
				sequence, err := j.Commit(t.Context(), []byte(p))
				if err != nil {
					return
				}
				mu.Lock()
				fmt.Printf("acknowledged\t%d\t%s\n", sequence, p)
				mu.Unlock()
			}
		}()
	}
	select {} // until killed
}

func TestCycles(t *testing.T) {
	n := cycles(t, 10)
	lost, acknowledged, slowest := killCycles(t, os.Args[0], n)
	if len(lost) > 0 {
		t.Errorf("%d acknowledged records are lost, the first is %s", len(lost), lost[0])
	}
	t.Logf("%d cycles, %d writers: %d records acknowledged, %d lost; the slowest opening took %s", n, cycleWriters, acknowledged, len(lost), slowest)
}

// A build that acknowledges before the fsync loses records in the same test.
func TestCyclesFindABuildThatAcknowledgesTooEarly(t *testing.T) {
	lost, acknowledged, _ := killCycles(t, brokenBuild(t), cycles(t, 10))
	if len(lost) == 0 {
		t.Errorf("of %d records that were acknowledged before they were on disk, none is missed", acknowledged)
	}
	t.Logf("%d records acknowledged, %d lost", acknowledged, len(lost))
}

// killCycles kills the program as often and returns which acknowledged records
// are not in the journal afterwards. A record that is there twice fails the test.
func killCycles(t *testing.T, program string, n int) (lost []string, acknowledged int, slowest time.Duration) {
	t.Helper()
	data := t.TempDir()
	promised := map[uint64]string{}
	for range n {
		killProgramAfter(t, program, "TestCycleChild", cycleEnv+"="+data, 1+rand.IntN(2000), promised)
		begun := time.Now()
		j, err := OpenJournal(data, Options{})
		if err != nil {
			t.Fatal(err)
		}
		slowest = max(slowest, time.Since(begun))
		have, err := readAll(t, j, 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		once(t, have)
		for sequence, p := range promised {
			acknowledged++
			if sequence > uint64(len(have)) || have[sequence-1] != p {
				lost = append(lost, fmt.Sprintf("%d (%q); the journal has %d", sequence, p, len(have)))
			}
		}
		clear(promised) // what was there stays: openings cut no more than a torn tail
	}
	return lost, acknowledged, slowest
}

func once(t *testing.T, records []string) {
	t.Helper()
	seen := make(map[string]bool, len(records))
	for i, p := range records {
		if seen[p] {
			t.Fatalf("record %d (%q) is there twice", i+1, p)
		}
		seen[p] = true
	}
}

// brokenBuild compiles this package's tests with a committer that tells those who
// wait before it syncs.
func brokenBuild(t *testing.T) string {
	t.Helper()
	const right = `	if err == nil && b.waiters > 0 {
		err = c.sync()
	}
	err = c.fail(err)
	b.finish(err)
`
	const wrong = `	waited := b.waiters > 0
	err = c.fail(err)
	b.finish(err)
	if err == nil && waited {
		return c.fail(c.sync())
	}
`
	source, err := os.ReadFile("committer.go")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(source), right) != 1 {
		t.Fatal("committer.go no longer acknowledges in the lines that this test breaks: change them here too")
	}
	dir := t.TempDir()
	broken, overlay, program := filepath.Join(dir, "committer.go"), filepath.Join(dir, "overlay.json"), filepath.Join(dir, "evidence.test")
	original, err := filepath.Abs("committer.go")
	if err != nil {
		t.Fatal(err)
	}
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {original: broken}})
	if err != nil {
		t.Fatal(err)
	}
	for path, b := range map[string][]byte{broken: []byte(strings.Replace(string(source), right, wrong, 1)), overlay: replace} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "test", "-c", "-trimpath", "-overlay", overlay, "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as the program is built, so that little is compiled
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return program
}

// volatile is a file that keeps in memory what was not synced, and takes as long
// to sync as a disk does.
type volatile struct {
	file
	pending []byte
}

func openVolatile(path string, flag int) (file, error) {
	f, err := openOS(path, flag)
	if err != nil {
		return nil, err
	}
	return &volatile{file: f}, nil
}

func (v *volatile) Write(b []byte) (int, error) {
	v.pending = append(v.pending, b...)
	return len(b), nil
}

const diskLatency = 2 * time.Millisecond

func (v *volatile) Sync() error {
	time.Sleep(diskLatency)
	if len(v.pending) > 0 { // a directory takes no bytes at all
		if _, err := v.file.Write(v.pending); err != nil {
			return err
		}
		v.pending = v.pending[:0]
	}
	return v.file.Sync()
}
