package wire

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readAnswer reads what an origin sent to a method, all of it.
func readAnswer(method, text string) (h head, body string, err error) {
	r := bufio.NewReader(strings.NewReader(text))
	if h, _, err = readHead(r, nil); err != nil {
		return h, "", err
	}
	f, err := frame(method, h)
	if err != nil {
		return h, "", err
	}
	near, far := net.Pipe()
	defer far.Close()
	c := newConn(near, &pool{most: 1})
	c.reader = r
	a := &answer{conn: c, left: f.length, response: &http.Response{}}
	if f.length == chunked {
		a.chunks = &Chunks{source: r}
	}
	content, err := io.ReadAll(a)
	return h, string(content), err
}

func TestAnswersThatAreRead(t *testing.T) {
	for name, c := range map[string]struct {
		method, text, body string
		status             int
	}{
		"a length":                {"GET", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhaloX", "halo", 200},
		"no reason":               {"GET", "HTTP/1.1 204\r\n\r\n", "", 204},
		"chunks":                  {"GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2;a=b\r\nha\r\n2\r\nlo\r\n0\r\nX-Sum: 1\r\n\r\n", "halo", 200},
		"until the end":           {"GET", "HTTP/1.0 200 OK\r\n\r\nhalo", "halo", 200},
		"a head only":             {"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n", "", 200},
		"not modified":            {"GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n", "", 304},
		"a long line":             {"GET", "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("a", 20_000) + "\r\nContent-Length: 0\r\n\r\n", "", 200},
		"bytes beyond ASCII":      {"GET", "HTTP/1.1 200 Baik \xc3\xa9\r\nX: \xff\r\nContent-Length: 0\r\n\r\n", "", 200},
		"a chunk of some size":    {"GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0004\r\nhalo\r\n0\r\n\r\n", "halo", 200},
		"white space around":      {"GET", "HTTP/1.1 200 OK\r\nContent-Length: \t 4 \r\n\r\nhalo", "halo", 200},
		"a chunk with extensions": {"GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;a;b=c;d=\"e;\\\"f\"\r\nhalo\r\n0;z\r\n\r\n", "halo", 200},
		"a chunk with a quote":    {"GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=\"y\"\r\nhalo\r\n0\r\n\r\n", "halo", 200},
		"a status of its own":     {"GET", "HTTP/1.1 599 Nobody Knows\r\nContent-Length: 0\r\n\r\n", "", 599},
		"connection header":       {"GET", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nhalo", "halo", 200},
		"two fields of one name":  {"GET", "HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nset-cookie: b\r\nContent-Length: 0\r\n\r\n", "", 200},
	} {
		t.Run(name, func(t *testing.T) {
			h, body, err := readAnswer(c.method, c.text)
			if err != nil || h.status != c.status || body != c.body {
				t.Errorf("%d %q %v", h.status, body, err)
			}
			agree(t, c.method, c.text)
		})
	}
}

func TestAnswersThatAreRefused(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	for name, text := range map[string]string{
		"length and coding":         ok + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalo\r\n0\r\n\r\n",
		"two lengths":               ok + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nhalo",
		"one length twice":          ok + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nhalo",
		"a list of lengths":         ok + "Content-Length: 4, 4\r\n\r\nhalo",
		"a signed length":           ok + "Content-Length: +4\r\n\r\nhalo",
		"a negative length":         ok + "Content-Length: -4\r\n\r\nhalo",
		"a hexadecimal length":      ok + "Content-Length: 0x4\r\n\r\nhalo",
		"an empty length":           ok + "Content-Length:\r\n\r\nhalo",
		"a length beyond numbers":   ok + "Content-Length: 99999999999999999999\r\n\r\nhalo",
		"two codings":               ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
		"a coding twice":            ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"an unknown coding":         ok + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
		"a coding in HTTP/1.0":      "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"bare LF":                   "HTTP/1.1 200 OK\nContent-Length: 4\n\nhalo",
		"bare LF before a field":    ok + "X: a\nContent-Length: 4\r\n\r\nhalo",
		"bare CR":                   ok + "X: a\rContent-Length: 4\r\n\r\nhalo",
		"a folded line":             ok + "X: a\r\n b\r\nContent-Length: 0\r\n\r\n",
		"space before the colon":    ok + "Content-Length : 4\r\n\r\nhalo",
		"no colon":                  ok + "Content-Length\r\n\r\nhalo",
		"no name":                   ok + ": 4\r\n\r\nhalo",
		"NUL":                       ok + "X: a\x00b\r\nContent-Length: 0\r\n\r\n",
		"HTTP/2":                    "HTTP/2.0 200 OK\r\n\r\n",
		"HTTP/1.2":                  "HTTP/1.2 200 OK\r\n\r\n",
		"a status of two digits":    "HTTP/1.1 20 OK\r\n\r\n",
		"a status of four digits":   "HTTP/1.1 2000 OK\r\n\r\n",
		"a status below 100":        "HTTP/1.1 099 OK\r\n\r\n",
		"something else":            "halo dunia, ini bukan HTTP\r\n\r\n",
		"an empty line first":       "\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
		"nothing":                   "",
		"half a head":               ok + "Content-Le",
		"half a body":               ok + "Content-Length: 9\r\n\r\nhalo",
		"a chunk without an end":    ok + "Transfer-Encoding: chunked\r\n\r\n4\r\nhalo",
		"a chunk that is longer":    ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nhalo\r\n0\r\n\r\n",
		"a chunk of no size":        ok + "Transfer-Encoding: chunked\r\n\r\n\r\n0\r\n\r\n",
		"a signed chunk":            ok + "Transfer-Encoding: chunked\r\n\r\n+4\r\nhalo\r\n0\r\n\r\n",
		"a chunk with a prefix":     ok + "Transfer-Encoding: chunked\r\n\r\n0x4\r\nhalo\r\n0\r\n\r\n",
		"a chunk beyond numbers":    ok + "Transfer-Encoding: chunked\r\n\r\n10000000000000004\r\nhalo\r\n0\r\n\r\n",
		"a chunk and half a quote":  ok + "Transfer-Encoding: chunked\r\n\r\n4;x=\"y\r\nhalo\r\n0\r\n\r\n",
		"a quote that is escaped":   ok + "Transfer-Encoding: chunked\r\n\r\n4;x=\"y\\\"\r\nhalo\r\n0\r\n\r\n",
		"a chunk and a semicolon":   ok + "Transfer-Encoding: chunked\r\n\r\n4;\r\nhalo\r\n0\r\n\r\n",
		"an extension of no value":  ok + "Transfer-Encoding: chunked\r\n\r\n4;x=\r\nhalo\r\n0\r\n\r\n",
		"an extension of two words": ok + "Transfer-Encoding: chunked\r\n\r\n4;x y\r\nhalo\r\n0\r\n\r\n",
		"a chunk with bare LF":      ok + "Transfer-Encoding: chunked\r\n\r\n4\nhalo\n0\n\n",
		"a chunk and white space":   ok + "Transfer-Encoding: chunked\r\n\r\n4 \r\nhalo\r\n0\r\n\r\n",
		"an extension with a CR":    ok + "Transfer-Encoding: chunked\r\n\r\n4;a\rb\r\nhalo\r\n0\r\n\r\n",
		"an endless extension":      ok + "Transfer-Encoding: chunked\r\n\r\n4;" + strings.Repeat("a", 10_000) + "\r\nhalo\r\n0\r\n\r\n",
		"a trailer that is folded":  ok + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: a\r\n b\r\n\r\n",
		"a head that does not end":  ok + strings.Repeat("X: a\r\n", 20_000) + "\r\n",
		"more fields than anybody":  ok + strings.Repeat("X: a\r\n", 501) + "\r\n",
		"a line that does not end":  ok + "X: " + strings.Repeat("a", 70_000),
		"a trailer that is endless": ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + strings.Repeat("X: a\r\n", 5_000) + "\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			if h, body, err := readAnswer("GET", text); err == nil {
				t.Errorf("was read as %d %v %q", h.status, h.header, body)
			}
		})
	}
}

// agree fails where this package reads an answer and net/http reads it otherwise.
func agree(t *testing.T, method, text string) {
	t.Helper()
	h, body, err := readAnswer(method, text)
	if err != nil {
		return
	}
	res, err := http.ReadResponse(bufio.NewReader(strings.NewReader(text)), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("net/http refuses what was read as %d %v: %v\n%q", h.status, h.header, err, text)
	}
	content, err := io.ReadAll(res.Body)
	if err != nil || !bytes.Equal(content, []byte(body)) {
		t.Fatalf("net/http reads the body %q (%v), not %q\n%q", content, err, body, text)
	}
	got, want := h.header.Clone(), res.Header.Clone()
	for _, own := range []string{"Trailer", "Connection"} { // net/http keeps these elsewhere
		got.Del(own)
		want.Del(own)
	}
	if diff := cmp.Diff(want, got); diff != "" || res.StatusCode != h.status {
		t.Fatalf("net/http reads %d, not %d; headers (-theirs +ours)\n%s%q", res.StatusCode, h.status, diff, text)
	}
}

// FuzzAnswer holds this package to what net/http makes of an answer.
func FuzzAnswer(f *testing.F) {
	for _, text := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhalo",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n2;a=b\r\nha\r\n2\r\nlo\r\n0\r\nX: 1\r\n\r\n",
		"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nhalo",
		"HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n",
		"HTTP/1.1 204 No Content\r\nX: \t a \r\n\r\n",
	} {
		f.Add("GET", text)
		f.Add("HEAD", text)
	}
	f.Fuzz(func(t *testing.T, method, text string) {
		if !IsToken(method) {
			return
		}
		agree(t, method, text)
	})
}
