//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
)

// load is the harness's side of the load child.
type load struct {
	process *process
	in, out *os.File
	to      *json.Encoder
	from    *json.Decoder
}

// startLoad starts a load child; it has its connections open before it takes up
// the first phase.
func startLoad(ctx context.Context, p plan) (*load, error) {
	c, err := self("load")
	if err != nil {
		return nil, err
	}
	childIn, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer childIn.Close()
	out, childOut, err := os.Pipe()
	if err != nil {
		in.Close()
		return nil, err
	}
	defer childOut.Close()
	c.stdin, c.stdout = childIn, childOut
	l := &load{in: in, out: out, to: json.NewEncoder(in), from: json.NewDecoder(out)}
	if l.process, err = launch(ctx, c); err != nil {
		l.close()
		return nil, err
	}
	if err := l.to.Encode(p); err != nil {
		l.close()
		return nil, fmt.Errorf("load: %w", err)
	}
	return l, nil
}

// run drives one phase. Any request that was not answered with 200 and the
// expected body is an error: a run with failures has no figure.
func (l *load) run(p phase) (phaseResult, error) {
	r, err := l.count(p)
	if err != nil {
		return r, err
	}
	return r, r.check()
}

// count is run for whoever counts failures.
func (l *load) count(p phase) (phaseResult, error) {
	var r phaseResult
	if err := l.to.Encode(p); err != nil {
		return r, fmt.Errorf("load: %w: %s", err, l.process.said)
	}
	if err := l.from.Decode(&r); err != nil {
		return r, fmt.Errorf("load: %w: %s", err, l.process.said)
	}
	return r, nil
}

// check refuses a phase with failures or without a request.
func (r phaseResult) check() error {
	switch {
	case len(r.Failures) > 0:
		return fmt.Errorf("%d of %d requests failed: %v", r.Sent-r.OK, r.Sent, r.Failures)
	case r.Sent == 0 || r.OK != r.Sent:
		return fmt.Errorf("%d requests sent, %d answered", r.Sent, r.OK)
	}
	return nil
}

// close ends the child.
func (l *load) close() {
	l.in.Close()
	if l.process != nil {
		l.process.stop()
	}
	l.out.Close()
}
