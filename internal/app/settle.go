package app

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// settleWithin bounds how long the answer to a write waits for this process's
// own views. The write is on disk by then; only its effect here may be late.
const settleWithin = 2 * time.Second

// settled makes who wrote through the control listener read their own writes:
// an answer that accepts a change leaves once this process's gateway acts on it.
// The gateways of other processes follow within a second.
func (h *Hub) settled(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet, http.MethodHead, http.MethodOptions:
			next.ServeHTTP(w, r)
			return
		}
		s := &settledWriter{ResponseWriter: w, settle: func() { h.settle(r.Context()) }}
		next.ServeHTTP(s, r)
		s.begin(http.StatusOK) // of a handler that wrote nothing
	})
}

// settle waits until the views hold everything that is stored now.
func (h *Hub) settle(ctx context.Context) {
	bounded, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	stored, err := h.db.LastRevision(bounded)
	if err == nil {
		err = h.applied.await(bounded, stored)
	}
	if err != nil && ctx.Err() == nil {
		h.log.WarnContext(ctx, "a change was stored and is not in effect yet", "error", err)
	}
}

// settledWriter holds the head of an answer back until what it tells of is in
// effect. A refusal changed nothing and does not wait.
type settledWriter struct {
	http.ResponseWriter
	settle func()
	begun  bool
}

func (w *settledWriter) begin(status int) {
	if w.begun || status < 200 {
		return
	}
	w.begun = true
	if status < 400 {
		w.settle()
	}
}

func (w *settledWriter) WriteHeader(status int) {
	w.begin(status)
	w.ResponseWriter.WriteHeader(status)
}

func (w *settledWriter) Write(b []byte) (int, error) {
	w.begin(http.StatusOK)
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *settledWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// progress is the number of the revision up to which the views have followed.
// Its zero value stands before the first.
type progress struct {
	mu    sync.Mutex
	at    int64
	moved chan struct{} // closed when at grows; nil while nobody waits
}

func (p *progress) reach(revision int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if revision <= p.at {
		return
	}
	p.at = revision
	if p.moved != nil {
		close(p.moved)
		p.moved = nil
	}
}

// await returns once the views have reached the revision, or ctx's error.
func (p *progress) await(ctx context.Context, revision int64) error {
	for {
		moved := p.before(revision)
		if moved == nil {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// before returns what closes at the next step, or nil where the revision has
// been reached.
func (p *progress) before(revision int64) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at >= revision {
		return nil
	}
	if p.moved == nil {
		p.moved = make(chan struct{})
	}
	return p.moved
}

func (p *progress) now() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at
}
