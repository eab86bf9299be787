package app_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A provider whose answers do not end where they say leaves bytes on a connection
// that the hub would use again, for somebody else. Each case lets such a provider
// answer one caller, and then asks for the next: he must get his own answer, over
// another connection.

// misleading is one way to answer. In its bytes ID stands for the exchange that
// is answered; what stands behind LATER is sent once the first caller has his
// answer.
type misleading struct {
	name   string
	says   string
	method string // of the first call; GET where it is empty
	body   string // of the first call
	waits  bool   // the answer comes when only the head of the request has
	status []int  // what the first caller may get; none: an answer that breaks off
	kept   bool   // nothing is wrong, and the connection is used again
	either bool   // it may be used again or not
}

const (
	ok    = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	later = "LATER"
)

// sized is an answer with a length that holds.
func sized(status, body string) string {
	return fmt.Sprintf("HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", status, lengthOf(body), body)
}

// lengthOf is how long a text is once it names an exchange.
func lengthOf(text string) int {
	return len(strings.ReplaceAll(text, "ID", "01a2143f-3ffc-7003-b59f-9dfd200b0ccf"))
}

const mine, poison = `{"items":[{"kode":"ID"}]}`, `{"items":[{"kode":"racun"}]}`

func misleadings() []misleading {
	good, bad := sized("200 OK", mine), sized("200 OK", poison)
	n := strconv.Itoa(lengthOf(mine))
	inChunks := func(text, end string) string {
		return fmt.Sprintf("%x\r\n%s\r\n0\r\n%s\r\n", lengthOf(text), text, end)
	}
	interim := "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
	fine, no := []int{200}, []int{502}
	large := strings.Repeat("a", 90_000)
	return []misleading{
		{name: "well", says: good, status: fine, kept: true},
		{name: "well, in chunks", says: ok + "Transfer-Encoding: chunked\r\n\r\n" + inChunks(mine, ""), status: fine, kept: true},
		{name: "well, with a trailer", says: ok + "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n" + inChunks(mine, "X-Sum: 1\r\n"), status: fine, kept: true},
		{name: "well, after interim answers", says: strings.Repeat(interim, 5) + good, status: fine, kept: true},
		{name: "well, to HEAD", method: "HEAD", says: ok + "Content-Length: 5\r\n\r\n", status: fine, kept: true},

		// More than one answer.
		{name: "two answers", says: good + bad, status: fine},
		{name: "many answers", says: good + strings.Repeat(bad, 500), status: fine},
		{name: "something behind the answer", says: good + "\r\n", status: fine},
		{name: "a second answer later", says: good + later + bad, status: fine},
		{name: "a byte later", says: good + later + "H", status: fine},
		{name: "the end later", says: good + later, status: fine, kept: true},
		{name: "a second answer behind chunks", says: ok + "Transfer-Encoding: chunked\r\n\r\n" + inChunks(mine, "") + bad, status: fine},
		{name: "a second answer behind a refusal", says: sized("404 Not Found", mine) + bad, status: []int{404}},
		{name: "a second answer behind no content", says: "HTTP/1.1 204 No Content\r\n\r\n" + bad, status: []int{204}},
		{name: "a second answer behind a redirect", says: sized("302 Found", mine) + bad, status: []int{302}},
		{name: "closes and says more", says: strings.Replace(good, "\r\n", "\r\nConnection: close\r\n", 1) + later + bad, status: fine},

		// Lengths that do not hold.
		{name: "length too short", says: ok + "Content-Length: " + n + "\r\n\r\n" + mine + poison, status: fine},
		{name: "length of zero with a body", says: ok + "Content-Length: 0\r\n\r\n" + bad, status: fine},
		{name: "two lengths", says: ok + "Content-Length: " + n + "\r\nContent-Length: 0\r\n\r\n" + mine, status: no},
		{name: "one length twice", says: ok + "Content-Length: " + n + "\r\nContent-Length: " + n + "\r\n\r\n" + mine, status: []int{200, 502}},
		{name: "list of lengths", says: ok + "Content-Length: " + n + ", " + n + "\r\n\r\n" + mine, status: no},
		{name: "signed length", says: ok + "Content-Length: +" + n + "\r\n\r\n" + mine, status: no},
		{name: "negative length", says: ok + "Content-Length: -1\r\n\r\n" + mine, status: no},
		{name: "empty length", says: ok + "Content-Length:\r\n\r\n" + mine, status: no},
		{name: "length beyond numbers", says: ok + "Content-Length: 18446744073709551616\r\n\r\n" + bad, status: no},
		{name: "length and chunks", says: ok + "Content-Length: " + n + "\r\nTransfer-Encoding: chunked\r\n\r\n" + inChunks(mine, "") + bad, status: no},
		{name: "chunks and a length", says: ok + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n" + inChunks(mine, "") + bad, status: no},
		{name: "two codings", says: ok + "Transfer-Encoding: gzip, chunked\r\n\r\n" + inChunks(mine, ""), status: no},
		{name: "chunked twice", says: ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + inChunks(mine, ""), status: no},
		{name: "unknown coding", says: ok + "Transfer-Encoding: xchunked\r\n\r\n" + inChunks(mine, "") + bad, status: no},
		{name: "identity", says: ok + "Transfer-Encoding: identity\r\nContent-Length: " + n + "\r\n\r\n" + mine, status: no},
		{name: "chunks of HTTP/1.0", says: strings.Replace(ok, "1.1", "1.0", 1) + "Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n" + inChunks(mine, "") + bad, status: no},
		{name: "coding behind a vertical tab", says: ok + "Transfer-Encoding: \vchunked\r\n\r\n" + inChunks(mine, "") + bad, status: no},
		{name: "space before the colon", says: ok + "Content-Length : " + n + "\r\n\r\n" + mine + bad, status: no},
		{name: "folded length", says: ok + "Content-Length:\r\n " + n + "\r\n\r\n" + mine + bad, status: no},
		{name: "bare LF", says: strings.ReplaceAll(good, "\r\n", "\n") + bad, status: no},
		{name: "bare CR", says: ok + "X-A: b\rContent-Length: 0\r\n\r\n" + bad, status: no},
		{name: "NUL", says: ok + "X-A: \x00\r\nContent-Length: " + n + "\r\n\r\n" + mine, status: no},

		// Chunks that do not hold.
		{name: "chunk longer than its size", says: ok + "Transfer-Encoding: chunked\r\n\r\n1\r\n" + mine + "\r\n0\r\n\r\n" + bad, status: nil},
		{name: "chunk of no number", says: ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + mine + "\r\n0\r\n\r\n" + bad, status: nil},
		{name: "chunk with bare LF", says: ok + "Transfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n" + bad, status: nil},
		{name: "chunk beyond numbers", says: ok + "Transfer-Encoding: chunked\r\n\r\n10000000000000001\r\na\r\n0\r\n\r\n" + bad, status: nil},
		{name: "line end in an extension", says: ok + "Transfer-Encoding: chunked\r\n\r\n3;a=\"\r\n\"\r\nabc\r\n0\r\n\r\n" + bad, status: nil},
		{name: "malformed trailer", says: ok + "Transfer-Encoding: chunked\r\n\r\n" + inChunks(mine, "X Sum: 1\r\n") + bad, status: nil},
		{name: "endless trailer", says: ok + "Transfer-Encoding: chunked\r\n\r\n" + inChunks(mine, strings.Repeat("X-A: b\r\n", 50_000)) + bad, status: nil},
		{name: "trailer with a length", says: ok + "Transfer-Encoding: chunked\r\nTrailer: Content-Length, Transfer-Encoding\r\n\r\n" + inChunks(mine, "Content-Length: 3\r\nTransfer-Encoding: gzip\r\n") + bad, status: fine},

		// Answers that have no body, with one.
		{name: "no content with a length", says: "HTTP/1.1 204 No Content\r\nContent-Length: " + n + "\r\n\r\n" + mine, status: []int{204}},
		{name: "no content in chunks", says: "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n" + inChunks(mine, ""), status: []int{204, 502}},
		{name: "not modified with a body", says: "HTTP/1.1 304 Not Modified\r\nContent-Length: " + n + "\r\n\r\n" + mine, status: []int{304}},
		{name: "not modified in chunks", says: "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n" + inChunks(mine, ""), status: []int{304, 502}},
		{name: "reset content with a body", says: sized("205 Reset Content", mine) + bad, status: []int{205, 502}},
		{name: "HEAD with a body", method: "HEAD", says: good, status: fine},
		{name: "HEAD in chunks", method: "HEAD", says: ok + "Transfer-Encoding: chunked\r\n\r\n" + inChunks(mine, ""), status: fine},

		// Interim answers and other protocols.
		{name: "flood of interim answers", says: strings.Repeat(interim, 10_000) + good, status: no},
		{name: "interim answer with a body", says: "HTTP/1.1 103 Early Hints\r\nContent-Length: " + strconv.Itoa(len(bad)) + "\r\n\r\n" + good, status: []int{200, 502}, kept: true},
		{name: "interim answer that nobody knows", says: "HTTP/1.1 199 Hm\r\n\r\n" + good, status: []int{200, 502}, kept: true},
		{name: "interim answer only", says: interim + "racun\r\n\r\n", status: no},
		{name: "switches unasked", says: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n" + bad, status: no},
		{name: "switches to HTTP/2 unasked", says: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00", status: no},
		{name: "speaks HTTP/2", says: "\x00\x00\x00\x04\x00\x00\x00\x00\x00\r\n", status: no},
		{name: "status of two digits", says: strings.Replace(good, "200", "20", 1), status: no},
		{name: "status of four digits", says: strings.Replace(good, "200", "2000", 1), status: no},
		{name: "status 099", says: strings.Replace(good, "200", "099", 1), status: no},
		{name: "status 600", says: strings.Replace(good, "200", "600", 1), status: no},
		{name: "status of other digits", says: strings.Replace(good, "200", "２００", 1), status: no},

		// Answers that do not wait for the request.
		{name: "answers early", method: "POST", body: large, waits: true, says: sized("413 Too Large", mine), status: []int{413}, either: true},
		{name: "answers early, and again", method: "POST", body: large, waits: true, says: good + bad, status: fine},
		{name: "answers early in chunks", method: "POST", body: large, waits: true, says: ok + "Transfer-Encoding: chunked\r\n\r\n" + inChunks(mine, "") + bad, status: fine},
		{name: "continues unasked, and answers twice", method: "POST", body: large, says: "HTTP/1.1 100 Continue\r\n\r\n" + good + bad, status: fine},
	}
}

func TestAnswersAreNotMixedUp(t *testing.T) {
	hub := newSite(t).serve(t)
	key := hub.settle(t)
	cases := misleadings()
	p := newMisleader(t, cases)
	hub.offer(t, "Sesat", p.url, nil, nil)
	before := gauge(t, hub)
	for i, m := range cases {
		t.Run(m.name, func(t *testing.T) {
			p.turn.Store(&turn{make(chan struct{}), make(chan struct{})})
			m.check(t, hub, key, i, p)
			seen, body := p.next(t, hub, key)
			if again := seen == p.last.Load(); again != m.kept && !m.either {
				t.Errorf("the next call went over the same connection: %t, and got %q", again, body)
			}
		})
	}
	steady(t, hub, before, 5)
}

// check makes the first call and looks at its answer.
func (m misleading) check(t *testing.T, hub *process, key string, i int, p *misleader) {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(hub.gateway, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience))
	method := m.method
	if method == "" {
		method = "GET"
	}
	headers := []string{"X-API-Key: " + key}
	if m.body != "" {
		headers = append(headers, fmt.Sprintf("Content-Length: %d", len(m.body)))
	}
	go io.WriteString(c, request(method, fmt.Sprintf("/uji/Sesat?n=%d", i), headers...)+m.body)
	head, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil && m.status != nil {
		t.Fatal(err)
	}
	var body []byte
	if err == nil {
		body, err = io.ReadAll(head.Body)
	}
	close(p.turn.Load().answered)
	select {
	case <-p.turn.Load().said:
	case <-time.After(patience):
		t.Fatal("the provider is stuck")
	}
	switch {
	case strings.Contains(string(body), "racun"):
		t.Errorf("got what was behind the answer: %q", body)
	case m.status == nil:
		if err == nil && head.StatusCode < 500 {
			t.Errorf("a broken answer looks whole: %d %q", head.StatusCode, body)
		}
	case err != nil || !slices.Contains(m.status, head.StatusCode):
		t.Errorf("%d %v, want %v: %q", head.StatusCode, err, m.status, body)
	case head.StatusCode == 200 && len(body) > 0:
		belongs(t, head, string(body))
	}
}

// misleader is the provider: it gives each path its answer, and every other the
// right one.
type misleader struct {
	url         string
	cases       []misleading
	connections atomic.Int32
	last        atomic.Int32 // the connection over which a case was asked for
	turn        atomic.Pointer[turn]
}

// turn is what the caller and the provider of one case wait for.
type turn struct {
	answered chan struct{} // the first caller has what he got
	said     chan struct{} // the provider has said everything
}

func newMisleader(t *testing.T, cases []misleading) *misleader {
	t.Helper()
	p := &misleader{cases: cases}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	p.url = "http://" + l.Addr().String()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(p.connections.Add(1), c)
		}
	}()
	return p
}

func (p *misleader) serve(n int32, c net.Conn) {
	defer c.Close()
	for r := bufio.NewReader(c); ; {
		q, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		i, err := strconv.Atoi(q.URL.Query().Get("n"))
		if err != nil {
			body := fmt.Sprintf(`{"items":[{"kode":"%s","nama":"%d"}]}`, q.Header.Get("Exchange-Id"), n)
			io.WriteString(c, sized("200 OK", body))
			continue
		}
		p.last.Store(n)
		p.mislead(c, q, p.cases[i])
	}
}

func (p *misleader) mislead(c net.Conn, q *http.Request, m misleading) {
	turn := p.turn.Load()
	defer close(turn.said)
	if !m.waits {
		io.Copy(io.Discard, q.Body)
	}
	now, then, _ := strings.Cut(strings.ReplaceAll(m.says, "ID", q.Header.Get("Exchange-Id")), later)
	io.WriteString(c, now)
	if m.waits {
		io.Copy(io.Discard, q.Body)
	}
	if then != "" {
		<-turn.answered
		io.WriteString(c, then)
	}
}

// next makes the call of the next caller and returns over which connection it
// went.
func (p *misleader) next(t *testing.T, hub *process, key string) (connection int32, body string) {
	t.Helper()
	got := call(t, hub.client, hub.gateway+"/uji/Sesat/baik", key)
	if got.status != http.StatusOK {
		t.Fatalf("the next call: %d %s", got.status, got.text)
	}
	belongs(t, &http.Response{StatusCode: got.status, Header: got.header}, got.text)
	told := decode[struct{ Items []struct{ Nama string } }](t, got)
	n, _ := strconv.Atoi(told.Items[0].Nama)
	return int32(n), got.text
}
