package gateway

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

// Patience is how long the hub waits for a slow peer. A peer may be silent for
// Grace at a time and in all, and gains time with every byte it moves: one that
// keeps above MinRate is never cut off, one that trickles or stops is. Time that
// the other side of the hub takes does not count.
type Patience struct {
	Grace   time.Duration
	MinRate int64         // bytes a second; 0: silence is bounded at a time only
	Idle    time.Duration // silence of a conversation, in which neither side need say anything

	fires bool // a deadline ends what comes later too, and not the step under way alone: HTTP/2
}

// pace is one direction of one connection under Patience.
type pace struct {
	patience Patience
	control  http.ResponseController
	waited   time.Duration
	moved    int64
	until    time.Time // the deadline of writes that stands
}

func newPace(w http.ResponseWriter, p Patience) pace {
	return pace{patience: p, control: *http.NewResponseController(w)}
}

// allowWrite gives the next write its time. A deadline that is nearly as far away
// stays: to move one costs more than most writes.
func (p *pace) allowWrite(now time.Time) {
	left := p.left()
	if !p.patience.fires && p.until.Sub(now) > left-left/8 {
		return
	}
	p.until = now.Add(left)
	p.control.SetWriteDeadline(p.until)
}

// begin bounds the wait for the first byte of the body, and for a body that
// nobody reads: the server waits for its end before it answers.
func (p *pace) begin() {
	if !p.patience.fires {
		p.control.SetReadDeadline(time.Now().Add(p.left()))
	}
}

// left is how long the next step may take. What was earned prolongs no single
// silence: the system's buffers swallow much that the peer never asked for.
func (p *pace) left() time.Duration {
	if p.patience.MinRate == 0 {
		return p.patience.Grace
	}
	earned := time.Duration(p.moved/p.patience.MinRate) * time.Second
	return min(p.patience.Grace, p.patience.Grace+earned-p.waited)
}

// count notes a finished step.
func (p *pace) count(n int, since time.Time) {
	p.moved += int64(n)
	p.waited += time.Since(since)
}

var errCallEnded = errors.New("the call has ended")

// patientReader reads the consumer's body. Whoever sends the body on may still
// read when the call has ended; the connection is then no longer the call's, and
// what comes on it no longer the provider's.
type patientReader struct {
	io.ReadCloser
	pace *pace

	mu   sync.Mutex
	left bool
}

// leave lets go of the connection. A deadline that is set after it would be that
// of the next call, or, over HTTP/2, be the end of the process.
func (r *patientReader) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left = true
}

func (r *patientReader) gone() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.left
}

func (r *patientReader) setDeadline(at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.left {
		r.pace.control.SetReadDeadline(at)
	}
}

func (r *patientReader) Read(b []byte) (int, error) {
	if r.gone() {
		return 0, errCallEnded
	}
	now := time.Now()
	r.setDeadline(now.Add(r.pace.left()))
	n, err := r.ReadCloser.Read(b)
	r.pace.count(n, now)
	if err == io.EOF || r.pace.patience.fires {
		// The server reads on in the background to notice a consumer that hangs
		// up; a deadline left behind would look like one.
		r.setDeadline(time.Time{})
	}
	return n, err
}
