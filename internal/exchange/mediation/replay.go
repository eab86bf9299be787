package mediation

import (
	"io"
	"sync"
)

// readUpTo reads a body as far as checks go, into room where there is some. whole
// is false where more follows.
func readUpTo(body io.Reader, length int64, room []byte) (content []byte, whole bool, err error) {
	if need := int(length) + 1; length >= 0 && cap(room) < need { // one more, to meet the end
		room = make([]byte, 0, need)
	}
	content = room[:0]
	for len(content) <= maxChecked {
		if len(content) == cap(content) {
			content = append(content, 0)[:len(content)]
		}
		n, err := body.Read(content[len(content):min(cap(content), maxChecked+1)])
		content = content[:len(content)+n]
		if err == io.EOF {
			return content, len(content) <= maxChecked, nil
		}
		if err != nil {
			return content, false, err
		}
	}
	return content, false, nil
}

// replay is a body of which the first part was read: it gives that part, byte for
// byte, and then the rest. Like every body it has one reader; Close may come at
// any time.
type replay struct {
	content []byte
	at      int
	rest    io.ReadCloser
	whole   bool     // nothing follows the content
	room    *answers // where the content goes once it was read; nil for nowhere
}

func newReplay(content []byte, rest io.ReadCloser, whole bool) *replay {
	return &replay{content: content, rest: rest, whole: whole}
}

func (b *replay) Read(p []byte) (int, error) {
	if b.at < len(b.content) {
		n := copy(p, b.content[b.at:])
		b.at += n
		return n, nil
	}
	if b.room != nil {
		b.room.put(b.content)
		b.content, b.room, b.at = nil, nil, 0
	}
	if b.whole {
		return 0, io.EOF
	}
	return b.rest.Read(p)
}

// Close ends the reading of the source.
func (b *replay) Close() error { return b.rest.Close() }

// answers lends the room in which answers are gathered.
type answers struct{ pool sync.Pool }

func (a *answers) get() []byte {
	if b, ok := a.pool.Get().(*[]byte); ok {
		return *b
	}
	return make([]byte, 0, usualAnswer)
}

func (a *answers) put(b []byte) {
	if cap(b) <= maxKept {
		a.pool.Put(&b)
	}
}
