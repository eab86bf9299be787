//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

const (
	startLimit = 30 * time.Second // for a process to become ready
	stopLimit  = 5 * time.Second  // from the request to end until it is killed
)

// command says how to start a process.
type command struct {
	name   string // for messages
	path   string
	args   []string
	env    []string // beside ours
	stdin  *os.File
	stdout io.Writer // nil: kept with stderr, for messages
}

// self is the command for a role of this program.
func self(role string) (command, error) {
	path, err := os.Executable()
	return command{name: role, path: path, args: []string{role}}, err
}

// process is a running child, in a process group of its own: an interrupt from
// the terminal reaches the harness alone, which then ends its children in order.
type process struct {
	name   string
	pid    int
	cancel context.CancelFunc
	ended  chan struct{}
	said   *lastWords
}

// launch starts the command. By stop or with ctx its whole group is told to end
// with SIGTERM, and killed when it does not obey.
func launch(ctx context.Context, c command) (*process, error) {
	ctx, cancel := context.WithCancel(ctx)
	p := &process{name: c.name, cancel: cancel, ended: make(chan struct{}), said: &lastWords{}}
	cmd := exec.CommandContext(ctx, c.path, c.args...)
	cmd.Env = append(os.Environ(), c.env...)
	cmd.Stdout, cmd.Stderr = p.said, p.said
	if c.stdout != nil {
		cmd.Stdout = c.stdout
	}
	if c.stdin != nil {
		cmd.Stdin = c.stdin
	}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = stopLimit
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	if err := cmd.Start(); err != nil {
		cancel()
		return nil, fmt.Errorf("%s: %w", c.name, err)
	}
	p.pid = cmd.Process.Pid
	go func() {
		defer close(p.ended)
		cmd.Wait()                            // how it ended is no news: we ended it, or alive reports it
		syscall.Kill(-p.pid, syscall.SIGKILL) // workers that outlived their master
	}()
	return p, nil
}

// stop ends the process and returns when it has ended.
func (p *process) stop() {
	p.cancel()
	<-p.ended
}

// alive returns an error with the last words of a process that has ended.
func (p *process) alive() error {
	select {
	case <-p.ended:
		return fmt.Errorf("%s ended by itself: %s", p.name, p.said)
	default:
		return nil
	}
}

// lastWords keeps the end of what a process writes.
type lastWords struct {
	mu   sync.Mutex
	text []byte
}

const lastWordsLimit = 2048

func (w *lastWords) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text = append(w.text, b...)
	w.text = w.text[max(0, len(w.text)-lastWordsLimit):]
	return len(b), nil
}

func (w *lastWords) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if text := bytes.TrimSpace(w.text); len(text) > 0 {
		return string(text)
	}
	return "(it said nothing)"
}

// readyLine is an output of which the first line matters: one JSON object by
// which a process says that it is ready and where. The rest is passed over.
type readyLine struct {
	line  []byte
	whole bool
	ready chan struct{}
}

func newReadyLine() *readyLine { return &readyLine{ready: make(chan struct{})} }

func (r *readyLine) Write(b []byte) (int, error) {
	if r.whole {
		return len(b), nil
	}
	line, _, whole := bytes.Cut(b, []byte("\n"))
	r.line = append(r.line, line...)
	if whole {
		r.whole = true
		close(r.ready)
	}
	return len(b), nil
}

// await reads the line into to, or says why there is none.
func (r *readyLine) await(ctx context.Context, p *process, to any) error {
	limit := time.NewTimer(startLimit)
	defer limit.Stop()
	select {
	case <-r.ready:
	case <-p.ended:
		return p.alive()
	case <-ctx.Done():
		return ctx.Err()
	case <-limit.C:
		return fmt.Errorf("%s gave no ready line in %s: %s", p.name, startLimit, p.said)
	}
	if err := json.Unmarshal(r.line, to); err != nil {
		return fmt.Errorf("%s: ready line %.200q: %w", p.name, r.line, err)
	}
	return nil
}

// pause waits, or returns early with the context's error.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// errNotInstalled marks a target that this machine does not have.
var errNotInstalled = errors.New("not installed")

// pipeText is a short text as a file to read; it must fit a pipe's buffer.
func pipeText(text string) (*os.File, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer w.Close()
	if _, err := w.WriteString(text); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}
