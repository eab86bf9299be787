package front

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

// enough answers without waiting for the body.
func enough(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "enough") }

// tasted reads a little of the body before it has enough.
func tasted(w http.ResponseWriter, r *http.Request) {
	r.Body.Read(make([]byte, 1))
	enough(w, r)
}

const large = 12 << 20 // more than the buffers of a connection hold

// Who sends all before it reads gets its answer all the same.
func TestAnEarlyAnswerReachesWhoStillSends(t *testing.T) {
	block := bytes.Repeat([]byte("x"), large)
	const length = "Content-Length: 12582912\r\n\r\n"
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		head    string
		status  string
	}{
		"a length":                  {enough, "POST / HTTP/1.1\r\nHost: x\r\n" + length, "200 enough"},
		"chunks":                    {enough, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nc00000\r\n", "200 enough"},
		"a body that is begun":      {tasted, "POST / HTTP/1.1\r\nHost: x\r\n" + length, "200 enough"},
		"who waited for leave":      {tasted, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n" + length, "100 "},
		"who was not given leave":   {enough, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n" + length, "200 enough"},
		"HTTP/1.0":                  {enough, "POST / HTTP/1.0\r\n" + length, "200 enough"},
		"a head that is not served": {enough, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n" + length, "400 it has both Transfer-Encoding and Content-Length\n"},
	} {
		t.Run(name, func(t *testing.T) {
			_, address := start(t, c.handler)
			s := dial(t, address)
			io.WriteString(s, c.head)
			if n, err := s.Write(block); err != nil {
				t.Fatalf("after %d bytes: %v", n, err)
			}
			said, _ := io.ReadAll(s)
			if all := statuses(t, string(said)); len(all) == 0 || all[0] != c.status || !strings.Contains(string(said), "Connection: close") {
				t.Errorf("got %q", said)
			}
		})
	}
}

// The end of an answer does not wait for the end of the request.
func TestAnAnswerEndsBeforeItsRequest(t *testing.T) {
	_, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		enough(w, r)
		http.NewResponseController(w).Flush() // its length is not known then
	})
	c := dial(t, address)
	io.WriteString(c, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nha\r\n")
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	if content, err := io.ReadAll(res.Body); string(content) != "enough" || err != nil {
		t.Fatalf("%q %v", content, err)
	}
	for range 10 {
		if _, err := io.WriteString(c, strings.Repeat("x", 100<<10)); err != nil {
			t.Fatalf("the hub hung up when the answer ended: %v", err)
		}
	}
}

// A reader that outlives its handler gets nothing of what is dropped, and the bytes
// that it had are a beginning of the body.
func TestWhatIsDroppedIsNobodysBody(t *testing.T) {
	got := make(chan []byte, 1)
	_, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		first := make([]byte, 1)
		r.Body.Read(first)
		go func() {
			rest, err := io.ReadAll(r.Body)
			if err == nil {
				t.Error("the reader took a part for the whole")
			}
			got <- append(first, rest...)
		}()
		enough(w, r)
	})
	body := make([]byte, 1<<20)
	for i := range body {
		body[i] = byte(i >> 8)
	}
	c := dial(t, address)
	io.WriteString(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n")
	c.Write(body)
	if all, _ := io.ReadAll(c); !strings.Contains(string(all), "enough") {
		t.Errorf("got %q", all)
	}
	if part := <-got; !bytes.HasPrefix(body, part) || len(part) == len(body) {
		t.Errorf("%d bytes, which are not a beginning of the body", len(part))
	}
}

// A crowd of refused senders who trickle on keeps nobody out: the connections that
// only end make room before their time is over.
func TestWhatOnlyEndsMakesRoom(t *testing.T) {
	s, address := start(t, enough)
	for range s.Connections {
		c := dial(t, address)
		io.WriteString(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx")
	}
	for len(s.idle()) < s.Connections*9/10 { // some have made room already
		runtime.Gosched()
	}
	if said := say(t, address, "GET /late HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); !strings.Contains(said, "enough") {
		t.Fatalf("got %q", said)
	}
	if left := len(s.idle()); left < s.Connections/2 {
		t.Errorf("%d of %d are left: the late one waited for their time to be over", left, s.Connections)
	}
}
