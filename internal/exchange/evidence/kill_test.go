package evidence

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The test starts itself again as a process that commits records and prints
// what was acknowledged, and kills it. Every acknowledged record must be there.

const childEnv = "SIMPUL_TEST_EVIDENCE_DATA"

func TestKilledChild(t *testing.T) {
	data := os.Getenv(childEnv)
	if data == "" {
		t.Skip("only as a child of TestKill")
	}
	j, err := OpenJournal(data, Options{SegmentBytes: 4 << 10})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex // one line at a time
	for w := range 8 {
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

func TestKill(t *testing.T) {
	data := t.TempDir()
	acknowledged := map[uint64]string{}
	for range 10 {
		killAfter(t, "TestKilledChild", childEnv+"="+data, 1+rand.IntN(300), acknowledged)
		j, err := OpenJournal(data, Options{})
		if err != nil {
			t.Fatal(err)
		}
		have, err := readAll(t, j, 1)
		if err != nil {
			t.Fatal(err)
		}
		for sequence, p := range acknowledged {
			if sequence > uint64(len(have)) || have[sequence-1] != p {
				t.Fatalf("record %d (%q) was acknowledged and is lost; the journal has %d", sequence, p, len(have))
			}
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killAfter kills a child, which runs the test, once it has acknowledged that many
// records, and adds all that it had acknowledged by then.
func killAfter(t *testing.T, test, env string, lines int, acknowledged map[uint64]string) {
	t.Helper()
	killProgramAfter(t, os.Args[0], test, env, lines, acknowledged)
}

func killProgramAfter(t *testing.T, program, test, env string, lines int, acknowledged map[uint64]string) {
	t.Helper()
	child := exec.Command(program, "-test.run=^"+test+"$")
	child.Env = append(os.Environ(), env)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(out)
	for n := 1; ; n++ {
		line, err := r.ReadString('\n')
		if err == io.EOF { // an unfinished last line says nothing
			break
		}
		if n == lines {
			child.Process.Kill()
		}
		if f := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); len(f) == 3 && f[0] == "acknowledged" {
			sequence, err := strconv.ParseUint(f[1], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			acknowledged[sequence] = f[2]
		} else {
			t.Errorf("the child says %q", line)
		}
	}
	if err := child.Wait(); err == nil {
		t.Error("the child ended by itself")
	}
}
