package testkit

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Build builds the program into the folder, as `make build` does and people run
// it, and returns its path. The race detector would slow the embedded database
// tenfold; it watches the hubs that run inside a test's own process.
func Build(dir string) (string, error) {
	path := filepath.Join(dir, "simpul")
	build := exec.Command("go", "build", "-trimpath", "-o", path, "simpul/cmd/simpul")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return path, nil
}
