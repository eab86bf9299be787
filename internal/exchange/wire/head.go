package wire

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// MaxHead is the longest head of an answer, in bytes.
const MaxHead = 64 << 10

// maxFields is the most fields in a head.
const maxFields = 500

// fault is a message that this package does not read, since another reader
// might read it in another way.
type fault string

func (f fault) Error() string { return "malformed message: " + string(f) }

// ErrLong says that a head is longer, or has more fields, than may be.
var ErrLong error = fault("its head is too long")

// ErrNothing says that a connection ended before a message began.
var ErrNothing = errors.New("connection closed before a message")

// head is what stands before a body.
type head struct {
	minor  int // of HTTP/1.x
	status int
	line   string // status and reason
	header http.Header
}

// protocol is how every head begins.
const protocol = "HTTP/1."

// readHead reads one head, into scratch, which it returns grown. The lines are
// read strictly: each ends in CRLF.
func readHead(r *bufio.Reader, scratch []byte) (head, []byte, error) {
	// Whoever speaks something else may never end a line.
	if begin, err := r.Peek(len(protocol)); err == nil && string(begin) != protocol {
		return head{}, scratch, fault("it is not HTTP/1")
	}
	text, err := ReadBlock(r, scratch[:0], MaxHead)
	if err != nil {
		return head{}, text, err
	}
	h, err := parseHead(string(text))
	return h, text, err
}

// ReadBlock reads lines up to an empty one, which it does not return, into block.
// Each ends in CRLF; all together are at most so long. What came before an error
// is returned with it.
func ReadBlock(r *bufio.Reader, block []byte, most int) ([]byte, error) {
	start := 0
	for {
		part, err := r.ReadSlice('\n')
		if len(block)+len(part) > most {
			return block, ErrLong
		}
		block = append(block, part...)
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err != nil && len(block) == 0:
			return block, fmt.Errorf("%w: %w", ErrNothing, err)
		case err != nil:
			return block, fmt.Errorf("within a head: %w", err)
		}
		line := block[start:]
		if len(line) < 2 || line[len(line)-2] != '\r' {
			return block, fault("a line ends without CRLF")
		}
		if len(line) == 2 {
			return block[:start], nil
		}
		start = len(block)
	}
}

// parseHead reads a status line and fields, each line with its CRLF.
func parseHead(text string) (h head, err error) {
	line, rest, ok := strings.Cut(text, "\r\n")
	if !ok {
		return h, fault("there is no status line")
	}
	if h.minor, h.status, h.line, err = parseStatus(line); err != nil {
		return h, err
	}
	h.header, err = ParseFields(rest)
	return h, err
}

// parseStatus reads "HTTP/1.1 200 OK", of which it returns "200 OK" too. The
// reason may be absent, with the space before it.
func parseStatus(line string) (minor, status int, said string, err error) {
	const form = len("HTTP/1.1 200")
	if len(line) < form || !strings.HasPrefix(line, protocol) || line[8] != ' ' || line[7] != '0' && line[7] != '1' {
		return 0, 0, "", fault("the status line is not HTTP/1.0 or HTTP/1.1")
	}
	for _, digit := range []byte(line[9:form]) {
		if digit < '0' || digit > '9' {
			return 0, 0, "", fault("the status is not a number of three digits")
		}
		status = 10*status + int(digit-'0')
	}
	if status < 100 {
		return 0, 0, "", fault("the status is below 100")
	}
	if len(line) > form {
		if line[form] != ' ' || !IsText(line[form+1:]) {
			return 0, 0, "", fault("the reason is malformed")
		}
	}
	return int(line[7] - '0'), status, line[len("HTTP/1.1 "):], nil
}

// ParseFields reads header or trailer fields, each line with its CRLF. All values
// share one allocation.
func ParseFields(text string) (http.Header, error) {
	n := strings.Count(text, "\r\n")
	if n > maxFields {
		return nil, ErrLong
	}
	header := make(http.Header, n)
	values := make([]string, n)
	for i := range n {
		var line string
		line, text, _ = strings.Cut(text, "\r\n")
		name, value, ok := strings.Cut(line, ":")
		if !ok || !IsToken(name) {
			return nil, fault("a field's name is malformed")
		}
		if value = strings.Trim(value, " \t"); !IsText(value) {
			return nil, fault("a field has a byte that no field may have")
		}
		values[i] = value
		key := http.CanonicalHeaderKey(name)
		if had := header[key]; had != nil {
			header[key] = append(had, value)
			continue
		}
		header[key] = values[i : i+1 : i+1]
	}
	return header, nil
}

// IsToken reports a field name (RFC 9110, section 5.6.2).
func IsToken(s string) bool {
	for i := range len(s) {
		if !token[s[i]] {
			return false
		}
	}
	return s != ""
}

// IsText reports what a field's value or a reason may have: visible characters,
// spaces, tabs, and bytes beyond ASCII.
func IsText(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// token holds the bytes of a token.
var token = func() (t [256]bool) {
	for c := range byte(0x80) {
		t[c] = '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
	}
	return t
}()
