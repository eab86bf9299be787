package provider

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"
)

var errSilent = errors.New("the provider was silent for too long")

// silent tells that silence is why something failed, where the context says so.
func silent(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), errSilent) {
		return errSilent
	}
	return err
}

// headWait gives up on a provider that is silent before its answer begins.
type headWait struct {
	limit time.Duration
	timer *time.Timer
	over  atomic.Bool
}

func awaitHead(limit time.Duration, cancel context.CancelCauseFunc) *headWait {
	w := &headWait{limit: limit}
	w.timer = time.AfterFunc(limit, func() {
		if !w.over.Load() {
			cancel(errSilent)
		}
	})
	return w
}

// end stops the waiting for good: the transport may still send the rest of the
// request in a goroutine of its own.
func (w *headWait) end() {
	w.over.Store(true)
	w.timer.Stop()
}

// requestBody is the consumer's body on its way to the provider. Each part that
// the provider takes is a sign of life, and it has nothing to say while the hub
// waits for the consumer.
type requestBody struct {
	io.ReadCloser
	wait *headWait
}

func (b *requestBody) Read(p []byte) (int, error) {
	if b.wait.over.Load() {
		return b.ReadCloser.Read(p)
	}
	b.wait.timer.Stop()
	defer b.wait.timer.Reset(b.wait.limit)
	return b.ReadCloser.Read(p)
}

// patientBody gives up on a provider that falls silent within its answer. Time
// that the consumer takes between two reads does not count.
type patientBody struct {
	io.ReadCloser
	limit   time.Duration
	ctx     context.Context // ends with silence too
	cancel  context.CancelCauseFunc
	silence *time.Timer
}

func newPatientBody(limit time.Duration, body io.ReadCloser, ctx context.Context, cancel context.CancelCauseFunc) *patientBody {
	silence := time.AfterFunc(limit, func() { cancel(errSilent) })
	silence.Stop() // until somebody reads
	return &patientBody{body, limit, ctx, cancel, silence}
}

func (b *patientBody) Read(p []byte) (int, error) {
	b.silence.Reset(b.limit)
	n, err := b.ReadCloser.Read(p)
	b.silence.Stop()
	if err != nil && err != io.EOF {
		err = silent(b.ctx, err)
	}
	return n, err
}

func (b *patientBody) Close() error {
	b.silence.Stop()
	err := b.ReadCloser.Close()
	b.cancel(nil)
	return err
}
