package evidence

import (
	"context"
	"sync"

	"simpul"
)

// Recorder writes the records of exchanges as they pass the gateway. It is safe
// for concurrent use.
type Recorder struct {
	journal *Journal
	buffers sync.Pool // of *[]byte: the journal copies a payload before it returns
}

// NewRecorder writes to the journal.
func NewRecorder(j *Journal) *Recorder { return &Recorder{journal: j} }

// Open is called before the provider is. For the classes that must leave
// evidence it returns once the opened record is on disk; an error means that
// the provider must not be called. For other classes it does nothing.
func (r *Recorder) Open(ctx context.Context, x *simpul.Exchange) error {
	if !durable(x) {
		return nil
	}
	return r.write(ctx, r.journal.Commit, Opened, x)
}

// Seal is called before the last byte of the answer leaves. For the classes that
// must leave evidence it returns once the sealed record is on disk; an error
// means that the answer must not be completed. Other records follow within
// Options.SyncInterval. The context should outlive the consumer's connection:
// somebody who hangs up does not undo the exchange.
//
// A refusal is recorded for whoever was known, so that they can ask about it; a
// refusal of a stranger is not, so that strangers cannot fill the disk.
func (r *Recorder) Seal(ctx context.Context, x *simpul.Exchange) error {
	refused := refusal(x.Outcome)
	if refused && x.Consumer.Application == "" {
		return nil
	}
	if durable(x) && !refused {
		return r.write(ctx, r.journal.Commit, Sealed, x)
	}
	return r.write(ctx, r.journal.Append, Sealed, x)
}

// usualRecord is room for a record with both digests and a long purpose, bytes.
const usualRecord = 1024

// write encodes the record and hands it to one of the journal's two ways in.
func (r *Recorder) write(ctx context.Context, in func(context.Context, []byte) (uint64, error), kind Kind, x *simpul.Exchange) error {
	buffer, ok := r.buffers.Get().(*[]byte)
	if !ok {
		buffer = new(make([]byte, 0, usualRecord))
	}
	*buffer = appendSalted(appendRecord((*buffer)[:0], kind, x))
	_, err := in(ctx, *buffer)
	r.buffers.Put(buffer)
	return err
}

// durable treats an exchange whose class is not known as the strictest.
func durable(x *simpul.Exchange) bool { return x.Class.Durable() }

// refusal reports whether the outcome is the hub's own no, so that nothing came
// from the provider. Every other outcome may have delivered a part of the data.
func refusal(outcome simpul.Code) bool {
	switch outcome {
	case simpul.CodeInvalid, simpul.CodeUnauthenticated, simpul.CodeDenied, simpul.CodeNotFound,
		simpul.CodeMethodNotAllowed, simpul.CodeConflict, simpul.CodeGone, simpul.CodeTooLarge, simpul.CodeLimited:
		return true
	}
	return false
}
