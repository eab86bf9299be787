//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// postgres is a PostgreSQL server of Debian's package as it comes, every commit
// synced, that listens on a socket in its own folder only.
type postgres struct {
	process *process
	dsn     string
}

// postgresPrograms returns the folder with the newest server.
func postgresPrograms() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("%w: apt-get install postgresql", errNotInstalled)
	}
	return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return majorOf(a) - majorOf(b) })), nil
}

func majorOf(program string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(program)))) // 0 for what is no number
	return n
}

// startPostgres makes a database below dir and serves it. PostgreSQL refuses to
// run as root; the package brings a user for it.
func startPostgres(ctx context.Context, dir string) (*postgres, error) {
	programs, err := postgresPrograms()
	if err != nil {
		return nil, err
	}
	home := filepath.Join(dir, "postgres")
	if err := os.Mkdir(home, 0o700); err != nil {
		return nil, err
	}
	as, err := postgresUser(dir, home)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(home, "data")
	initialise := append(as, filepath.Join(programs, "initdb"), "-D", data, "-U", "bench", "--auth=trust")
	cmd := exec.CommandContext(ctx, initialise[0], initialise[1:]...)
	cmd.Dir = home
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	serve := append(as, filepath.Join(programs, "postgres"), "-D", data, "-k", home, "-c", "listen_addresses=", "-c", "max_connections=200")
	p, err := launch(ctx, command{name: "postgres", path: serve[0], args: serve[1:]})
	if err != nil {
		return nil, err
	}
	return &postgres{p, "postgres://bench@/postgres?host=" + home}, nil
}

// postgresUser returns what a command begins with that runs as the server's user,
// and gives that user the folder; nothing where we are not root.
func postgresUser(dir, home string) ([]string, error) {
	if syscall.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNotInstalled, err)
	}
	uid, uerr := strconv.Atoi(u.Uid)
	gid, gerr := strconv.Atoi(u.Gid)
	if uerr != nil || gerr != nil {
		return nil, fmt.Errorf("user postgres: %w", err)
	}
	if err := os.Chmod(dir, 0o711); err != nil { // so that the user reaches its folder
		return nil, err
	}
	return []string{"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"}, os.Chown(home, uid, gid)
}
