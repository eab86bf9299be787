//go:build linux

package main

import (
	"bytes"
	"testing"
)

func TestParseResponse(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       response
		rest       int // bytes after the answer
	}{
		{"with a length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", response{status: 200, body: []byte("hello")}, 0},
		{"field names in any case", "HTTP/1.1 200 OK\r\ncONTENT-lENGTH:5\r\n\r\nhello", response{status: 200, body: []byte("hello")}, 0},
		{"no reason phrase", "HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n", response{status: 404, body: []byte{}}, 0},
		{"closing", "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 2\r\n\r\nok", response{status: 200, close: true, body: []byte("ok")}, 0},
		{"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n", response{status: 200, body: []byte("hello")}, 0},
		{"chunked with trailer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0A\r\n0123456789\r\n0\r\nDigest: x\r\n\r\n", response{status: 200, body: []byte("0123456789")}, 0},
		{"more bytes after it", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP", response{status: 200, body: []byte("ok")}, 4},
	} {
		got, size, err := parseResponse([]byte(c.text))
		if err != nil || size != len(c.text)-c.rest {
			t.Errorf("%s: took %d of %d bytes, %v", c.name, size, len(c.text), err)
			continue
		}
		if got.status != c.want.status || got.close != c.want.close || !bytes.Equal(got.body, c.want.body) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestParseResponseWaitsForTheWholeAnswer(t *testing.T) {
	for _, text := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\nA: b\r\n\r\n",
	} {
		for cut := range len(text) {
			if _, size, err := parseResponse([]byte(text[:cut])); size != 0 || err != nil {
				t.Errorf("%q: took %d bytes, %v", text[:cut], size, err)
			}
		}
	}
}

func TestParseResponseRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"another protocol":   "SSH-2.0-OpenSSH\r\n\r\n",
		"an old one":         "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
		"no status":          "HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n",
		"no length":          "HTTP/1.1 200 OK\r\n\r\nhello",
		"a negative length":  "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
		"a field unreadable": "HTTP/1.1 200 OK\r\nContent-Length\r\n\r\n",
		"another coding":     "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
		"no chunk size":      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
		"a chunk too long":   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n",
	} {
		if got, size, err := parseResponse([]byte(text)); err == nil {
			t.Errorf("%s: accepted as %+v, %d bytes", name, got, size)
		}
	}
}

func FuzzParseResponse(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n0\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, size, err := parseResponse(b)
		if err != nil || size == 0 {
			return
		}
		if size > len(b) || len(r.body) > size {
			t.Fatalf("took %d of %d bytes for a body of %d", size, len(b), len(r.body))
		}
		again, same, err := parseResponse(b[:size])
		if err != nil || same != size || !bytes.Equal(again.body, r.body) {
			t.Fatalf("the same answer alone reads differently: %d bytes, %v", same, err)
		}
	})
}
