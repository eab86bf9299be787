package witness

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"simpul/internal/platform/clock"
)

// The test starts itself again as a witness, shows it two trees of one log in
// turns, and kills it. Nothing that it cosigned may be of two trees of one size,
// and nothing that it cosigned may be forgotten.

const (
	childDir = "SIMPUL_TEST_WITNESS_DIR"
	childKey = "SIMPUL_TEST_WITNESS_SKEY"
)

// twoTrees are a log and its fork after three entries, signed by the same key.
func twoTrees(t *testing.T, skey string) [2]*tree {
	t.Helper()
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	a, b := newTree(t), newTree(t)
	a.signer, b.signer = signer, signer
	for _, l := range []*tree{a, b} {
		l.grow("common", 3)
	}
	a.grow("a", 4000)
	b.grow("b", 4000)
	return [2]*tree{a, b}
}

func TestKilledWitness(t *testing.T) {
	dir := os.Getenv(childDir)
	if dir == "" {
		t.Skip("only as a child of TestKill")
	}
	trees := twoTrees(t, os.Getenv(childKey))
	role, err := OpenRole(RoleOptions{Dir: dir, Name: bpk, Now: clock.System, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	if err := role.Follow(origin, os.Getenv(childKey+"_PUBLIC")); err != nil {
		t.Fatal(err)
	}
	for {
		at := role.Logs()[0].Size
		l := trees[rand.IntN(2)]
		size := at + rand.Uint64N(3)
		line, err := role.Add(l.submission(at, size))
		if err != nil {
			continue // the other tree
		}
		root, _ := ParseCheckpoint(textOf(t, l.at(size)))
		fmt.Printf("cosigned\t%d\t%x\t%v\n", size, root.Root, line != "")
	}
}

func TestKill(t *testing.T) {
	skey, vkey, err := note.GenerateKey(nil, origin)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "witness")
	roots, newest := map[string]string{}, uint64(0)
	for round := range 15 {
		for _, line := range killedAfter(t, 1+rand.IntN(60), childDir+"="+dir, childKey+"="+skey, childKey+"_PUBLIC="+vkey) {
			f := strings.Split(line, "\t")
			if before, ok := roots[f[1]]; ok && before != f[2] {
				t.Fatalf("round %d: cosigned %s and %s, both of %s entries", round, before, f[2], f[1])
			}
			roots[f[1]] = f[2]
			var size uint64
			fmt.Sscan(f[1], &size)
			newest = max(newest, size)
		}
		role, err := OpenRole(RoleOptions{Dir: dir, Now: clock.System, Log: quiet})
		if err != nil {
			t.Fatal(err)
		}
		if err := role.Follow(origin, vkey); err != nil {
			t.Fatal(err)
		}
		if at := role.Logs()[0]; at.Size < newest || at.Broken {
			t.Fatalf("round %d: %d entries were cosigned, %+v is remembered", round, newest, at)
		}
		role.Close()
	}
	if len(roots) < 15 || newest == 0 {
		t.Fatalf("only %d trees were cosigned", len(roots))
	}
}

// killedAfter kills a witness once it has said that many lines, and returns all
// that it had said by then.
func killedAfter(t *testing.T, lines int, env ...string) (said []string) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestKilledWitness$")
	child.Env = append(os.Environ(), env...)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(out)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			break // an unfinished last line says nothing
		}
		if !strings.HasPrefix(line, "cosigned\t") {
			t.Errorf("the child says %q", line)
			continue
		}
		if said = append(said, strings.TrimSuffix(line, "\n")); len(said) == lines {
			child.Process.Kill()
		}
	}
	if err := child.Wait(); err == nil {
		t.Error("the child ended by itself")
	}
	return said
}
