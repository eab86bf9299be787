//go:build linux

package main

import (
	"strings"
	"testing"
)

func shell(t *testing.T, script string, line *readyLine) *process {
	t.Helper()
	c := command{name: "script", path: "/bin/sh", args: []string{"-c", script}}
	if line != nil {
		c.stdout = line
	}
	p, err := launch(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	return p
}

func TestReadyLine(t *testing.T) {
	line := newReadyLine()
	p := shell(t, `printf '{"address":'; echo '"127.0.0.1:5"}'; echo noise; sleep 60`, line)
	var ready proxyReady
	if err := line.await(t.Context(), p, &ready); err != nil || ready.Address != "127.0.0.1:5" {
		t.Errorf("%+v, %v", ready, err)
	}
	if err := p.alive(); err != nil {
		t.Errorf("the process waits, but: %v", err)
	}
}

func TestReadyLineThatIsNoJSON(t *testing.T) {
	line := newReadyLine()
	p := shell(t, `echo hello; sleep 60`, line)
	if err := line.await(t.Context(), p, &proxyReady{}); err == nil || !strings.Contains(err.Error(), "hello") {
		t.Errorf("err = %v", err)
	}
}

func TestProcessThatEndsTellsItsLastWords(t *testing.T) {
	line := newReadyLine()
	p := shell(t, `echo the port is taken >&2; exit 1`, line)
	if err := line.await(t.Context(), p, &proxyReady{}); err == nil || !strings.Contains(err.Error(), "the port is taken") {
		t.Errorf("err = %v", err)
	}
}

func TestStopEndsTheWholeGroup(t *testing.T) {
	line := newReadyLine()
	p := shell(t, `sleep 60 & echo "{}"; wait`, line)
	if err := line.await(t.Context(), p, &proxyReady{}); err != nil {
		t.Fatal(err)
	}
	tree, err := processTree(p.pid)
	if err != nil || len(tree) != 2 {
		t.Fatalf("%+v, %v", tree, err)
	}
	p.stop()
	for _, s := range tree {
		if left, err := processTree(s.pid); err == nil && left[0].parent == p.pid {
			t.Errorf("process %d is left", s.pid)
		}
	}
	if p.alive() == nil {
		t.Error("a stopped process counts as alive")
	}
}

func TestLastWordsKeepTheEnd(t *testing.T) {
	w := &lastWords{}
	for range 1000 {
		w.Write([]byte("chatter "))
	}
	w.Write([]byte("the reason\n"))
	if s := w.String(); len(s) > lastWordsLimit || !strings.HasSuffix(s, "the reason") {
		t.Errorf("%d bytes, ending %.20q", len(s), s[len(s)-20:])
	}
	if s := (&lastWords{}).String(); s != "(it said nothing)" {
		t.Errorf("silence reads %q", s)
	}
}

func TestPipeText(t *testing.T) {
	f, err := pipeText("http://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := make([]byte, 64)
	if n, _ := f.Read(b); string(b[:n]) != "http://127.0.0.1:1" {
		t.Errorf("read %q", b[:n])
	}
}
