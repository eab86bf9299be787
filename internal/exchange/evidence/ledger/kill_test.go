package ledger

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"simpul/internal/exchange/evidence"
)

// The test starts itself again as a process whose log is at work, and kills it
// in the middle of that.

const (
	childData = "SIMPUL_TEST_LEDGER_DATA"
	childKey  = "SIMPUL_TEST_LEDGER_KEY"
)

func TestKilledChild(t *testing.T) {
	data := os.Getenv(childData)
	if data == "" {
		t.Skip("only as a child of TestKill")
	}
	private, err := base64.StdEncoding.DecodeString(os.Getenv(childKey))
	must(t, err)
	key, err := openKey(string(private))
	must(t, err)
	key.Verifier = os.Getenv(childKey + "_PUBLIC")
	j, err := evidence.OpenJournal(data, evidence.Options{})
	must(t, err)
	l, err := New(data, j, key, Options{Tick: 1, Records: 3})
	must(t, err)
	go l.Run(context.Background())
	for {
		for range 1 + rand.IntN(40) {
			if _, err := j.Append(t.Context(), recordOf(j.Last()+1)); err != nil {
				t.Fatal(err)
			}
		}
		if err := j.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := l.Err(); err != nil {
			t.Fatal(err)
		}
		fmt.Printf("wrote\t%d\t%d\n", j.Last(), l.Size())
	}
}

// However often the process dies, the log becomes what it would have been.
func TestKill(t *testing.T) {
	data := t.TempDir()
	j, err := evidence.OpenJournal(data, evidence.Options{})
	must(t, err)
	key, private, err := makeKey("hub.example/evidence/" + j.ID().String())
	must(t, err)
	must(t, j.Close())
	for range 12 {
		kill(t, data, key, private)
	}

	r := &room{data: data, key: key, heads: &memory{}}
	r.openJournal(t, evidence.Options{})
	l := r.filled(t, quick())
	if report := r.check(t); len(report.Findings) > 0 || report.Records != r.journal.Last() {
		t.Errorf("after the kills: %+v", report)
	}
	must(t, checkWithTessera(t, l))
	size, root, err := l.published()
	must(t, err)
	if size < 12 {
		t.Fatalf("only %d entries", size)
	}

	remove(t, filepath.Join(data, "log")) // the same, without interruption
	if now, again, err := r.filled(t, quick()).published(); err != nil || now != size || !bytes.Equal(again, root) {
		t.Errorf("%d entries with root %x, and uninterrupted %d with %x, %v", size, root, now, again, err)
	}
}

// kill lets a child work for a while and kills it.
func kill(t *testing.T, data string, key Key, private string) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestKilledChild$")
	child.Env = append(os.Environ(), childData+"="+data, childKey+"="+base64.StdEncoding.EncodeToString([]byte(private)), childKey+"_PUBLIC="+key.Verifier)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	lines := 1 + rand.IntN(60)
	r := bufio.NewReader(out)
	for n := 1; ; n++ {
		line, err := r.ReadString('\n')
		if err != nil {
			break
		}
		if !strings.HasPrefix(line, "wrote\t") {
			t.Errorf("the child says %q", line)
		}
		if n == lines {
			child.Process.Kill()
		}
	}
	if err := child.Wait(); err == nil {
		t.Error("the child ended by itself")
	}
}
