package testkit

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// ProgramEnv names the variable with the path of the program, built before the
// tests. `make test` sets it; without it each package's tests build one.
const ProgramEnv = "SIMPUL_TEST_PROGRAM"

// Build puts the program into the folder, as `make build` makes it and people
// run it, and returns its path. The race detector would slow it; it watches the
// hubs that run inside a test's own process.
func Build(dir string) (string, error) {
	path := filepath.Join(dir, "simpul")
	if built := os.Getenv(ProgramEnv); built != "" {
		return path, copyFile(path, built)
	}
	build := exec.Command("go", "build", "-trimpath", "-o", path, "simpul/cmd/simpul")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return path, nil
}

// copyFile copies: a program looks for its data beside itself.
func copyFile(to, from string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("%s: %w", ProgramEnv, err)
	}
	return os.WriteFile(to, b, 0o700)
}
