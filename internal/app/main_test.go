package app_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

// The tests of this package see the hub from outside: some build it in this
// process, others start the program itself, so that it can be killed, stopped
// and measured.

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "simpul-app-test-")
	if err != nil {
		panic(err)
	}
	program = sync.OnceValues(func() (string, error) { return build(dir) })
	status := m.Run()
	os.RemoveAll(dir)
	if status == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			status = 1
		}
	}
	os.Exit(status)
}

// program is the path of the binary, built once, by the first test that needs
// it. It is built as people run it: the race detector would slow the embedded
// database tenfold, and watches the hubs that run in this process.
var program func() (string, error)

func build(dir string) (string, error) {
	path := filepath.Join(dir, "simpul")
	out, err := exec.Command("go", "build", "-o", path, "simpul/cmd/simpul").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
}
