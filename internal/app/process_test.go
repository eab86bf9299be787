package app_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"simpul"
	"simpul/internal/app"
	"simpul/internal/platform/config"
)

// patience bounds every wait of these tests: it prevents hangs and measures
// nothing.
const patience = 60 * time.Second

// site is a data folder with the tokens of two operators: what outlives a
// process.
type site struct {
	data   string
	token  simpul.Secret
	second simpul.Secret
}

func newSite(t *testing.T) site {
	t.Helper()
	data := t.TempDir()
	var made [2]simpul.Secret
	err := app.WithTokens(t.Context(), settings(t, data), func(tokens *app.Tokens) (err error) {
		for i := range made {
			if made[i], err = tokens.CreateToken(t.Context(), simpul.RoleOperator, ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return site{data, made[0], made[1]}
}

// process is `simpul serve`, running.
type process struct {
	*control
	gateway string
	cmd     *exec.Cmd
	said    *bytes.Buffer // standard error; read it after the end
	ended   chan struct{}
	err     error // once ended
}

// serve starts the program and waits for its ready line. The settings are
// environment variables without their prefix.
func (s site) serve(t *testing.T, settings ...string) *process {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{said: &bytes.Buffer{}, ended: make(chan struct{})}
	p.cmd = exec.Command(path, "serve", "--data", s.data, "-o", "json")
	p.cmd.Env = append(os.Environ(), "SIMPUL_GATEWAY_ADDR=127.0.0.1:0", "SIMPUL_CONTROL_ADDR=127.0.0.1:0", "SIMPUL_DRAIN_DELAY=0s", "SIMPUL_LOG_LEVEL=warn", "SIMPUL_DUTY_TOKENS=true")
	for _, setting := range settings {
		p.cmd.Env = append(p.cmd.Env, "SIMPUL_"+setting)
	}
	p.cmd.Stderr = p.said
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, rerr := bufio.NewReader(stdout).ReadBytes('\n')
	go func() {
		io.Copy(io.Discard, stdout)
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() { p.examine(t) })
	var ready struct{ Gateway, Control string }
	if err := errors.Join(rerr, json.Unmarshal(line, &ready)); err != nil {
		p.kill(t)
		t.Fatalf("no ready line: %v\n%s", err, p.said)
	}
	p.gateway = ready.Gateway
	p.control = &control{url: ready.Control + "/api/v1", token: s.token, second: s.second, client: newClient(t)}
	return p
}

// kill ends the process as kill -9 does.
func (p *process) kill(t *testing.T) {
	t.Helper()
	p.cmd.Process.Kill()
	p.wait(t)
}

// terminate asks the process to stop; wait for its end.
func (p *process) terminate() { p.cmd.Process.Signal(syscall.SIGTERM) }

func (p *process) wait(t *testing.T) error {
	t.Helper()
	select {
	case <-p.ended:
		return p.err
	case <-time.After(patience):
		p.cmd.Process.Signal(syscall.SIGQUIT) // it writes where its goroutines stand
		<-p.ended
		t.Fatalf("the hub does not end:\n%s", p.said)
	}
	return nil
}

// complaint is what a hub writes when something is wrong with itself.
var complaint = regexp.MustCompile(`panic|fatal error|exchange failed|operation failed|views are behind|has stopped`)

// examine ends the process with its test, and fails the test where the hub
// complained of itself.
func (p *process) examine(t *testing.T) {
	p.terminate()
	p.wait(t)
	for line := range strings.Lines(p.said.String()) {
		if complaint.MatchString(line) && !strings.Contains(line, "context canceled") { // a client that went away
			t.Errorf("the hub said %q", line)
		}
	}
	if t.Failed() && p.said.Len() > 0 {
		t.Logf("the hub said:\n%s", p.said)
	}
}

// settings are those of a hub for tests on the data folder.
func settings(t testing.TB, data string) config.Config {
	t.Helper()
	c := config.Default()
	c.Data, c.Gateway.Addr, c.Control.Addr, c.Drain.Delay = data, "127.0.0.1:0", "127.0.0.1:0", 0
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	return c
}

// open builds a hub in this process.
func open(t testing.TB, c config.Config) *app.Hub {
	t.Helper()
	hub, err := app.Open(t.Context(), c, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := hub.Close(); err != nil {
			t.Error(err)
		}
	})
	return hub
}

// run serves a hub in this process until the test ends.
func run(t *testing.T, hub *app.Hub) app.Ready {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan app.Ready, 1), make(chan error, 1)
	go func() { ended <- hub.Serve(ctx, func(at app.Ready) { ready <- at }) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	select {
	case at := <-ready:
		return at
	case err := <-ended:
		ended <- nil
		t.Fatal(err)
	}
	return app.Ready{}
}

// newClient returns a client whose connections end with the test.
func newClient(t testing.TB) *http.Client {
	transport := &http.Transport{MaxIdleConnsPerHost: 256}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: patience}
}

// eventually waits for something that happens outside of this process.
func eventually(t *testing.T, what string, happened func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !happened() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("never seen: %s", what)
		}
	}
}
