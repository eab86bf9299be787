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
	keys    *Keys
	clock   *Timekeeper
	buffers sync.Pool // of *scratch: the journal copies a payload before it returns
}

// NewRecorder writes to the journal. What can be traced to a person is sealed with the
// keys; without keys (nil) it is not recorded at all, since in the clear it could not be
// erased, and the key of the fields would let whoever holds the record guess at them. A
// record says that the clock was right only where the timekeeper, which may be nil,
// knows it.
func NewRecorder(j *Journal, keys *Keys, clock *Timekeeper) *Recorder {
	return &Recorder{journal: j, keys: keys, clock: clock}
}

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
	s, ok := r.buffers.Get().(*scratch)
	if !ok {
		s = &scratch{record: make([]byte, 0, usualRecord)}
	}
	defer r.giveBack(s)
	s.record = appendRecord(s.record[:0], kind, x)
	if r.keys != nil && hasPersonal(x) {
		var err error
		if s.record, err = r.keys.appendSealed(s.record, x, s); err != nil {
			return err
		}
	}
	s.record = appendSalted(appendClock(s.record, r.clock.off()))
	_, err := in(ctx, s.record)
	return err
}

// mostScratch is how much memory is kept for the next record: a huge one is forgotten.
const mostScratch = 64 << 10

func (r *Recorder) giveBack(s *scratch) {
	if cap(s.record)+cap(s.text)+cap(s.box) <= mostScratch {
		r.buffers.Put(s)
	}
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
