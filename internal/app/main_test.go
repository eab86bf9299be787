package app_test

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"simpul/internal/platform/testkit"
)

// The tests of this package see the hub from outside: some build it in this
// process, others start the program itself, so that it can be killed, stopped
// and measured.

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "simpul-app-test-")
	if err != nil {
		panic(err)
	}
	program = sync.OnceValues(func() (string, error) { return testkit.Build(dir) })
	status := m.Run()
	os.RemoveAll(dir)
	if status == 0 {
		if err := goleak.Find(analysis); err != nil {
			fmt.Fprintln(os.Stderr, err)
			status = 1
		}
	}
	os.Exit(status)
}

// analysis is what bleve starts when it is linked in: four workers that every
// index of a process shares, for as long as it runs.
var analysis = goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker")

// program is the path of the binary, built once, by the first test that needs
// it.
var program func() (string, error)
