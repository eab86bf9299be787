package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"simpul/internal/platform/testkit"
)

// ready is what the demo nation says once it serves.
type ready struct {
	Gateway    string `json:"gateway"`
	Control    string `json:"control"`
	AdminToken string `json:"admin_token"`
	APIKey     string `json:"api_key"`
	Health     string `json:"health_service"`    // application that no LID names yet
	HealthKey  string `json:"health_credential"` // by which it knows the hub

	Consumer string `json:"consumer_token"` // of the agency whose application has the key
	Stranger string `json:"stranger_token"` // of an agency that exchanges nothing
	Provider string `json:"provider_token"` // of the agency whose application that is
}

// root is the repository's root, where node_modules is.
const root = ".."

// startNation builds the binary, starts the demo nation on free ports under
// further environment variables, and stops it with the test.
func startNation(t *testing.T, environ ...string) ready {
	t.Helper()
	folder := t.TempDir()
	binary, err := testkit.Build(folder)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	nation := exec.CommandContext(ctx, binary, "demo", "-o", "json", "--data", filepath.Join(folder, "data"), "--gateway", "127.0.0.1:0", "--control", "127.0.0.1:0")
	nation.Dir, nation.Env = root, append(os.Environ(), environ...)
	nation.Stderr = os.Stderr
	nation.Cancel = func() error { return nation.Process.Signal(syscall.SIGTERM) }
	nation.WaitDelay = 10 * time.Second
	out, err := nation.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := nation.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		nation.Wait()
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatalf("the nation ended before it was ready: %v", err)
	}
	var r ready
	if err := json.Unmarshal(line, &r); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	r.Consumer = token(t, binary, folder, "bandungkota.go.id")
	r.Stranger = token(t, binary, folder, "surabayakota.go.id")
	r.Provider = token(t, binary, folder, "kemkes.go.id")
	return r
}

// token makes a token for the administrator of an agency.
func token(t *testing.T, binary, folder, agency string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), binary, "token", "create", "--role", "admin", "--agency", agency, "--data", filepath.Join(folder, "data")).Output()
	if err != nil {
		t.Fatalf("token: %v", err)
	}
	return strings.TrimSpace(string(out))
}
