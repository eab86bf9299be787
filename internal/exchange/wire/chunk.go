package wire

import (
	"bufio"
	"errors"
	"io"
	"net/http"
)

const (
	longestChunkLine = 4 << 10 // bytes, with extensions
	longestTrailer   = 16 << 10

	// Lines of chunks may weigh this much more than usual ones with as much
	// content would, bytes: else a body of nothing but lines keeps its reader busy.
	mostOverhead  = 16 << 10
	usualOverhead = 16 // of one chunk
)

// Chunks reads a chunked body (RFC 9112, section 7.1). Extensions are read over.
type Chunks struct {
	source  *bufio.Reader
	left    int64 // bytes of the chunk that is being read
	excess  int64 // bytes of lines beyond what is usual
	started bool
	ended   bool
	trailer http.Header
}

// NewChunks reads a chunked body that begins here.
func NewChunks(source *bufio.Reader) *Chunks { return &Chunks{source: source} }

// Trailer holds the fields that came behind the body, once it has ended.
func (c *Chunks) Trailer() http.Header { return c.trailer }

// Read gives out content; io.EOF means that the last chunk and the trailer were
// read too.
func (c *Chunks) Read(p []byte) (int, error) {
	if c.ended {
		return 0, io.EOF
	}
	if c.left == 0 {
		if err := c.next(); err != nil {
			return 0, err
		}
	}
	n, err := c.source.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, broken(err)
}

// next reads the line before a chunk, and after the last one the trailer.
func (c *Chunks) next() error {
	if c.started {
		if err := c.endChunk(); err != nil {
			return err
		}
	}
	c.started = true
	line, err := c.source.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull) || len(line) > longestChunkLine:
		return fault("a chunk's line is too long")
	case err != nil:
		return broken(err)
	}
	if c.left, err = parseChunkLine(line); err != nil {
		return err
	}
	c.excess = max(0, c.excess+int64(len(line))-usualOverhead-2*c.left)
	switch {
	case c.excess > mostOverhead:
		return fault("its chunks have more lines than content")
	case c.left > 0:
		return nil
	}
	return c.end()
}

// endChunk reads the CRLF behind a chunk.
func (c *Chunks) endChunk() error {
	var crlf [2]byte
	if _, err := io.ReadFull(c.source, crlf[:]); err != nil {
		return broken(err)
	}
	if crlf != [2]byte{'\r', '\n'} {
		return fault("a chunk is longer than it says")
	}
	return nil
}

// end reads the trailer.
func (c *Chunks) end() error {
	block, err := ReadBlock(c.source, nil, longestTrailer)
	if err != nil {
		return broken(err)
	}
	if c.trailer, err = ParseFields(string(block)); err != nil {
		return err
	}
	for name := range c.trailer {
		if isOwn(name) { // what frames or routes a message stands before its body (RFC 9110, section 6.5.1)
			delete(c.trailer, name)
		}
	}
	c.ended = true
	return io.EOF
}

// parseChunkLine reads "1f" or "1f;extension", with its CRLF.
func parseChunkLine(line []byte) (size int64, err error) {
	if len(line) < 3 || line[len(line)-2] != '\r' {
		return 0, fault("a chunk's line is malformed")
	}
	line = line[:len(line)-2]
	digits := 0
	for ; digits < len(line); digits++ {
		d := hexDigit(line[digits])
		if d < 0 {
			break
		}
		if digits == 15 {
			return 0, fault("a chunk is too large")
		}
		size = size<<4 | int64(d)
	}
	if digits == 0 || !areExtensions(string(line[digits:])) {
		return 0, fault("a chunk's size is malformed")
	}
	return size, nil
}

// areExtensions reports any number of ";name", ";name=token" and ";name="quoted"".
// One whose quotes do not end would go on in the next line for some readers.
func areExtensions(s string) bool {
	for s != "" {
		if s[0] != ';' {
			return false
		}
		name, rest := cutToken(s[1:])
		if name == "" {
			return false
		}
		if s = rest; s == "" || s[0] != '=' {
			continue
		}
		var ok bool
		if s, ok = cutValue(s[1:]); !ok {
			return false
		}
	}
	return true
}

// cutValue returns what follows a token or a text in quotes.
func cutValue(s string) (rest string, ok bool) {
	if s == "" || s[0] != '"' {
		value, rest := cutToken(s)
		return rest, value != ""
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return s[i+1:], IsText(s[1:i])
		case '\\':
			i++
		}
	}
	return "", false
}

func cutToken(s string) (name, rest string) {
	n := 0
	for n < len(s) && token[s[n]] {
		n++
	}
	return s[:n], s[n:]
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// broken makes the end of a connection within a body the error that it is.
func broken(err error) error {
	if err == io.EOF || errors.Is(err, ErrNothing) {
		return io.ErrUnexpectedEOF
	}
	return err
}
