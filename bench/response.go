//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// response is one complete HTTP/1.1 answer (RFC 9112). Body aliases the input
// unless the answer was chunked.
type response struct {
	status int
	close  bool // the server ends the connection after it
	body   []byte
}

// parseResponse reads the answer at the start of b and returns how many bytes of
// b it took; 0 means that b does not hold all of it yet. Answers that say
// nothing of their length are refused: they cannot keep a connection alive.
func parseResponse(b []byte) (response, int, error) {
	end := bytes.Index(b, []byte("\r\n\r\n"))
	if end < 0 {
		return response{}, 0, nil
	}
	h, err := parseHead(b[:end])
	if err != nil {
		return response{}, 0, err
	}
	r := response{status: h.status, close: h.close}
	rest := b[end+4:]
	switch {
	case h.chunked:
		body, size, err := joinChunks(rest)
		if err != nil || size == 0 {
			return response{}, 0, err
		}
		r.body = body
		return r, end + 4 + size, nil
	case h.length < 0:
		return response{}, 0, errors.New("answer without Content-Length and not chunked")
	case len(rest) < h.length:
		return response{}, 0, nil
	}
	r.body = rest[:h.length]
	return r, end + 4 + h.length, nil
}

// head is what the status line and the header fields say about the framing.
type head struct {
	status  int
	length  int // -1: not stated
	chunked bool
	close   bool
}

func parseHead(b []byte) (head, error) {
	line, fields, _ := bytes.Cut(b, []byte("\r\n"))
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return head{}, fmt.Errorf("not an HTTP/1.1 status line: %.40q", line)
	}
	status, err := strconv.Atoi(string(line[9:12]))
	if err != nil {
		return head{}, fmt.Errorf("not an HTTP/1.1 status line: %.40q", line)
	}
	h := head{status: status, length: -1}
	for len(fields) > 0 {
		line, fields, _ = bytes.Cut(fields, []byte("\r\n"))
		if err := h.read(line); err != nil {
			return head{}, err
		}
	}
	return h, nil
}

// read takes one field line. The length of the name is compared first, since
// most fields are none of ours.
func (h *head) read(line []byte) error {
	colon := bytes.IndexByte(line, ':')
	if colon < 0 {
		return fmt.Errorf("header line without a colon: %.40q", line)
	}
	name, value := line[:colon], bytes.TrimSpace(line[colon+1:])
	switch {
	case len(name) == 14 && bytes.EqualFold(name, []byte("content-length")):
		n, err := strconv.ParseUint(string(value), 10, 31)
		if err != nil {
			return fmt.Errorf("Content-Length %.40q is not a length", value)
		}
		h.length = int(n)
	case len(name) == 17 && bytes.EqualFold(name, []byte("transfer-encoding")):
		if !bytes.EqualFold(value, []byte("chunked")) {
			return fmt.Errorf("Transfer-Encoding %.40q is not chunked", value)
		}
		h.chunked = true
	case len(name) == 10 && bytes.EqualFold(name, []byte("connection")):
		h.close = bytes.EqualFold(value, []byte("close"))
	}
	return nil
}

// joinChunks reads a chunked body (RFC 9112 section 7.1) and returns it with the
// bytes that it took; 0 means that its end has not come yet.
func joinChunks(b []byte) (body []byte, size int, err error) {
	for at := 0; ; {
		line, _, ok := bytes.Cut(b[at:], []byte("\r\n"))
		if !ok {
			return nil, 0, nil
		}
		digits, _, _ := bytes.Cut(line, []byte(";"))
		n, err := strconv.ParseUint(string(bytes.TrimSpace(digits)), 16, 31)
		if err != nil {
			return nil, 0, fmt.Errorf("chunk size %.40q is not a number", digits)
		}
		at += len(line) + 2
		if n == 0 {
			return endOfChunks(b, at, body)
		}
		next := at + int(n) + 2
		if next > len(b) {
			return nil, 0, nil
		}
		if !bytes.Equal(b[next-2:next], []byte("\r\n")) {
			return nil, 0, errors.New("chunk is longer than it says")
		}
		body = append(body, b[at:next-2]...)
		at = next
	}
}

// endOfChunks passes the trailer fields, up to and with the empty line.
func endOfChunks(b []byte, at int, body []byte) ([]byte, int, error) {
	for {
		line, _, ok := bytes.Cut(b[at:], []byte("\r\n"))
		if !ok {
			return nil, 0, nil
		}
		at += len(line) + 2
		if len(line) == 0 {
			return body, at, nil
		}
	}
}
