package gateway

import (
	"context"
	"crypto/sha256"
	"hash"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"simpul"
)

// heldBytes is how much of an answer waits for its record: the whole of most
// answers, and the last part of a longer one.
const heldBytes = 32 << 10

var heldBuffers = sync.Pool{New: func() any { b := make([]byte, heldBytes); return &b }}

// sealWithAnswer arranges that the record is sealed when the answer ends.
//
// Under a class that must be recorded, an answer of up to heldBytes is withheld
// until its record is on disk, so that a record that cannot be written becomes
// a refusal; of a longer answer the last part is withheld, so that it never
// arrives complete without its record. An answer that is changed, or whose
// fields are selected or committed to, is held too, and one that says it is short: if it breaks
// off, or turns out to be malformed, it becomes a refusal instead of a connection
// that ends.
func (c *call) sealWithAnswer(recorder Recorder, o simpul.Obligations, res *http.Response) error {
	c.sealer = sealer{call: c, recorder: recorder, ctx: context.WithoutCancel(res.Request.Context())}
	c.answer = sealedBody{source: res.Body, sealer: &c.sealer}
	s, body := &c.sealer, &c.answer
	res.Body = body
	c.sealed = true
	short := 0 < res.ContentLength && res.ContentLength <= heldBytes
	switch hold := c.exchange.Class.Durable() || o.Fields != nil || c.route.Delivery.Changed() || c.fields != nil || short; {
	case !hold || converses(res):
		return nil
	case res.Request.Method == http.MethodHead || res.ContentLength == 0:
		return s.seal("")
	}
	return body.hold(res)
}

// sealer completes the record of one exchange, once.
type sealer struct {
	call     *call
	recorder Recorder
	ctx      context.Context
	sum      hash.Hash // of what was counted; nil for nothing
	n        int64
	done     bool
	err      error
}

var hashes = sync.Pool{New: func() any { return sha256.New() }}

func (s *sealer) count(b []byte) {
	if len(b) == 0 {
		return
	}
	if s.sum == nil {
		s.sum = hashes.Get().(hash.Hash)
	}
	s.sum.Write(b)
	s.n += int64(len(b))
}

// digest ends the counting.
func (s *sealer) digest(into *bodySum) {
	if s.sum == nil {
		*into = sumOfNothing
		return
	}
	into.take(s.sum)
	s.sum.Reset()
	hashes.Put(s.sum)
	s.sum = nil
}

func (s *sealer) seal(outcome simpul.Code) error {
	if s.done {
		return s.err
	}
	s.done = true
	x := &s.call.exchange
	x.Outcome = outcome
	x.ResponseBytes = s.n
	s.digest(&s.call.answered)
	s.err = s.call.seal(s.ctx, s.recorder)
	return s.err
}

// seal writes the record with what is known of the request.
func (c *call) seal(ctx context.Context, recorder Recorder) error {
	x := &c.exchange
	if c.body != nil {
		x.RequestBytes = c.body.digest(&c.asked)
	}
	if c.sight != nil {
		c.sight.Name(x)
	}
	c.digest()
	x.Latency = time.Since(c.start)
	c.trace.end(x)
	return recorder.Seal(ctx, x)
}

// sealedBody is the answer on its way to the consumer.
type sealedBody struct {
	source io.ReadCloser
	sealer *sealer
	held   *[]byte // nil: nothing is withheld
	ready  []byte  // of held: what may go out
	kept   int     // bytes at the start of held that wait
	ended  bool
}

func (b *sealedBody) Read(p []byte) (int, error) {
	if b.held != nil {
		return b.readHeld(p)
	}
	n, err := b.source.Read(p)
	b.sealer.count(p[:n])
	if err != nil {
		if failure := b.sealer.seal(outcomeOf(err)); failure != nil && err == io.EOF {
			err = failure
		}
	}
	return n, err
}

// outcomeOf is how an exchange ended whose answer's body ended so.
func outcomeOf(err error) simpul.Code {
	if err == io.EOF {
		return ""
	}
	return simpul.CodeOf(err)
}

// hold reads the first part of the answer. When that is all of it, the record
// is sealed before anything goes out. An error leaves the exchange to be told,
// and recorded, as a refusal.
func (b *sealedBody) hold(res *http.Response) error {
	b.held = heldBuffers.Get().(*[]byte)
	switch err := b.fill(); err {
	case nil:
		return nil
	case io.EOF:
		res.ContentLength = int64(len(b.ready))
		res.Header.Set("Content-Length", strconv.Itoa(len(b.ready)))
		return nil
	default:
		b.sealer.done, b.sealer.call.sealed = true, false
		b.Close()
		return err
	}
}

// fill reads until the held buffer is full or the answer ends; at the end it
// seals. io.EOF means that everything held may go out.
func (b *sealedBody) fill() error {
	for b.kept < len(*b.held) {
		n, err := b.source.Read((*b.held)[b.kept:])
		b.sealer.count((*b.held)[b.kept : b.kept+n])
		b.kept += n
		if err == io.EOF {
			b.ended = true
			b.sealer.commit((*b.held)[:b.kept])
			if failure := b.sealer.seal(""); failure != nil {
				return failure
			}
			b.ready, b.kept = (*b.held)[:b.kept], 0
			return io.EOF
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// readHeld gives out what is ready. When nothing is, the buffer is full and more
// may follow: all but the last byte goes out, and the next part is read behind it.
func (b *sealedBody) readHeld(p []byte) (int, error) {
	if len(b.ready) > 0 {
		n := copy(p, b.ready)
		b.ready = b.ready[n:]
		return n, nil
	}
	if b.ended {
		return 0, io.EOF
	}
	n := copy(p, (*b.held)[:b.kept-1])
	b.kept = copy(*b.held, (*b.held)[n:b.kept])
	if err := b.fill(); err != nil && err != io.EOF {
		b.sealer.seal(outcomeOf(err))
		return 0, err
	}
	return n, nil
}

// Close ends the exchange; one whose answer was not read to its end was broken
// off by the consumer.
func (b *sealedBody) Close() error {
	if b.held != nil {
		heldBuffers.Put(b.held)
		b.held, b.ready, b.ended = nil, nil, true
	}
	b.sealer.seal(simpul.CodeAborted)
	return b.source.Close()
}
