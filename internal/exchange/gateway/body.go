package gateway

import (
	"crypto/sha256"
	"hash"
	"io"
	"net/http"
	"sync"

	"simpul"
)

// requestBody is the consumer's body as it streams to the provider: counted,
// digested, and held to its limit and to a pace. The transport reads it in a
// goroutine of its own, so its sums are guarded.
type requestBody struct {
	source   *patientReader
	declared int64 // Content-Length, or -1
	limit    int64
	sight    Sight // nil: nobody asks whose data it is about

	mu      sync.Mutex
	sum     hash.Hash
	n       int64
	ended   bool
	refused error // why the consumer's body failed
}

func newRequestBody(w http.ResponseWriter, r *http.Request, p Patience) *requestBody {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		return nil
	}
	pace := new(newPace(w, p))
	pace.begin()
	// An answer may come before the body has ended, and a refusal does not wait
	// for a body that nobody will read.
	pace.control.EnableFullDuplex()
	return &requestBody{
		source:   &patientReader{ReadCloser: r.Body, pace: pace},
		declared: r.ContentLength,
		sum:      sha256.New(),
	}
}

func (b *requestBody) Read(p []byte) (int, error) {
	n, err := b.source.Read(p)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sum.Write(p[:n])
	b.n += int64(n)
	if b.sight != nil {
		b.sight.Request(p[:n])
	}
	switch {
	case b.n > b.limit:
		b.refused = tooLarge(b.limit)
		return 0, b.refused
	case err == io.EOF:
		b.ended = true
	case err != nil:
		b.refused = brokenOff(err)
	}
	return n, err
}

func (b *requestBody) Close() error { return b.source.Close() }

// leave ends what the body has to do with the call. It is for when the call ends.
func (b *requestBody) leave() { b.source.leave() }

// failure returns why the body could not be read, if that is the consumer's doing.
func (b *requestBody) failure() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.refused
}

// complete reports whether the whole body has been read.
func (b *requestBody) complete() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ended || b.n == b.declared
}

// digest returns how much passed, and sums it up if that is all of it.
func (b *requestBody) digest(into *bodySum) int64 {
	whole := b.complete()
	b.mu.Lock()
	defer b.mu.Unlock()
	if whole {
		into.take(b.sum)
	}
	return b.n
}

func brokenOff(err error) error {
	e := simpul.Invalid("body",
		simpul.Text{ID: "Isi permintaan terputus, tidak sah, atau datang terlalu lambat.", EN: "The request body broke off, is malformed, or came too slowly."},
		simpul.Text{ID: "Periksa sambungan dan panjang isi, lalu kirim lagi.", EN: "Check the connection and the length of the body, then send it again."})
	e.Err = err
	return e
}
