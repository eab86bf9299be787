package wire

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// smallBody is the longest body that is sent in one piece with its head, in
// bytes; it can then be sent again.
const smallBody = 16 << 10

// isOwn reports a field, in any case, that this package writes itself or that
// belongs to one connection.
func isOwn(name string) bool {
	switch len(name) {
	case len("Host"):
		return strings.EqualFold(name, "Host")
	case len("Expect"):
		return strings.EqualFold(name, "Expect")
	case len("Trailer"):
		return strings.EqualFold(name, "Trailer")
	case len("Connection"):
		return strings.EqualFold(name, "Connection") || strings.EqualFold(name, "Keep-Alive")
	case len("Content-Length"):
		return strings.EqualFold(name, "Content-Length")
	case len("Proxy-Connection"):
		return strings.EqualFold(name, "Proxy-Connection")
	case len("Transfer-Encoding"):
		return strings.EqualFold(name, "Transfer-Encoding")
	}
	return false
}

// appendHead writes the head of a request to b. Nothing in it can end a line: the
// borders of the message are those that this package gives it.
func appendHead(b []byte, r *http.Request, host, target string, length int64) ([]byte, error) {
	if !IsToken(r.Method) || !isTarget(target) || !isTarget(host) {
		return b, fmt.Errorf("request %q %q cannot be written", r.Method, target)
	}
	b = append(append(append(b, r.Method...), ' '), target...)
	b = append(append(append(b, " HTTP/1.1\r\nHost: "...), host...), "\r\n"...)
	for name, values := range r.Header {
		if isOwn(name) {
			continue
		}
		for _, value := range values {
			if !IsToken(name) || !IsText(value) {
				return b, fmt.Errorf("field %q cannot be written", name)
			}
			b = appendField(b, name, value)
		}
	}
	if upgrade := r.Header.Get("Upgrade"); upgrade != "" {
		b = appendField(b, "Connection", "Upgrade")
	}
	switch {
	case length == chunked:
		b = appendField(b, "Transfer-Encoding", "chunked")
	case length > 0 || expectsBody(r.Method):
		b = append(strconv.AppendInt(append(b, "Content-Length: "...), length, 10), "\r\n"...)
	}
	return append(b, "\r\n"...), nil
}

func appendField(b []byte, name, value string) []byte {
	b = append(append(b, name...), ": "...)
	return append(append(b, value...), "\r\n"...)
}

// expectsBody reports methods of which an origin expects a length, even of none.
func expectsBody(method string) bool {
	return method == http.MethodPost || method == http.MethodPut || method == http.MethodPatch
}

// isTarget reports what may stand in the request line, or as a host.
func isTarget(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}

// bodyLength is the length of a request's body: 0 for none, chunked for one of
// unknown length, as net/http's clients say it.
func bodyLength(r *http.Request) int64 {
	switch {
	case r.Body == nil || r.Body == http.NoBody:
		return 0
	case r.ContentLength <= 0:
		return chunked
	}
	return r.ContentLength
}

// sendBody streams a body to the origin. Each part that the origin takes is a
// sign of life; while the consumer is waited for, the origin has nothing to say.
func (c *conn) sendBody(body io.Reader, length int64) error {
	buffer := make([]byte, smallBody+16)
	var sent int64
	for {
		if err := c.SetReadDeadline(noDeadline); err != nil {
			return err
		}
		const space = 8 // for the line before a chunk
		n, err := body.Read(buffer[space : space+smallBody])
		if perr := c.patient(); perr != nil {
			return perr
		}
		if sent += int64(n); length != chunked && sent > length {
			return fmt.Errorf("the body is longer than its %d bytes", length)
		}
		if werr := c.sendPart(buffer, space, n, length == chunked); werr != nil {
			return werr
		}
		switch {
		case err == io.EOF && length == chunked:
			_, err = c.Write([]byte("0\r\n\r\n"))
			return err
		case err == io.EOF && sent < length:
			return io.ErrUnexpectedEOF
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
	}
}

// sendPart writes n bytes that stand in the buffer from at on, as a chunk where
// the body has no length.
func (c *conn) sendPart(buffer []byte, at, n int, isChunk bool) error {
	if n == 0 {
		return nil
	}
	if !isChunk {
		_, err := c.Write(buffer[at : at+n])
		return err
	}
	line := strconv.AppendInt(nil, int64(n), 16)
	begin := at - len(line) - 2
	copy(buffer[begin:], line)
	copy(buffer[at-2:], "\r\n")
	copy(buffer[at+n:], "\r\n")
	_, err := c.Write(buffer[begin : at+n+2])
	return err
}
