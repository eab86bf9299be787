package front

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Requests that all come at once are answered one after the other, and what is not
// answered yet stays with its sender.
func TestAThousandRequestsAtOnce(t *testing.T) {
	_, address := start(t, echo)
	var text strings.Builder
	var want []string
	for i := range 1000 {
		if i%2 == 0 {
			fmt.Fprintf(&text, "GET /%d HTTP/1.1\r\nHost: x\r\n\r\n", i)
			want = append(want, fmt.Sprintf(`200 GET /%d "" <nil>`, i))
			continue
		}
		fmt.Fprintf(&text, "POST /%d HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nha", i)
		want = append(want, fmt.Sprintf(`200 POST /%d "ha" <nil>`, i))
	}
	if diff := cmp.Diff(want, statuses(t, say(t, address, text.String()))); diff != "" {
		t.Error(diff)
	}
}

// Whoever sends requests and reads no answer is not read either, and then is gone.
func TestRequestsWithoutEndTakeNoMemory(t *testing.T) {
	answered := make(chan int, 1)
	s, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		if _, err := w.Write(bytes.Repeat([]byte("x"), 100_000)); err != nil {
			answered <- 1
		}
	})
	s.WriteTimeout = 300 * time.Millisecond
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	c := dial(t, address)
	sent := int64(0)
	for block := []byte(strings.Repeat("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 1000)); ; {
		n, err := c.Write(block)
		if sent += int64(n); err != nil {
			break
		}
	}
	<-answered
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 8<<20 {
		t.Errorf("%d MiB more after %d bytes of requests", grown>>20, sent)
	}
}

// A handler that sets no deadlines has those of the server.
func TestHandlersWithoutDeadlines(t *testing.T) {
	failed := make(chan error, 1)
	s, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		for err == nil {
			_, err = w.Write(bytes.Repeat([]byte("x"), 100_000))
		}
		failed <- err
	})
	s.BodyTimeout, s.WriteTimeout = 50*time.Millisecond, 50*time.Millisecond
	const more = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nha"
	for name, text := range map[string]string{
		"who never reads":             "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
		"whose body does not come":    more,
		"whose chunk does not come":   "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nha",
		"who waits for leave":         "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n",
		"whose chunk's line does not": "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n9",
	} {
		c := dial(t, address)
		io.WriteString(c, text)
		select {
		case <-failed:
		case <-time.After(patience):
			t.Errorf("%s holds its handler", name)
		}
		c.Close()
	}
}

// A deadline that one handler set ends no later answer on its connection.
func TestADeadlineIsForOneAnswer(t *testing.T) {
	_, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/paced" {
			control := http.NewResponseController(w)
			control.SetWriteDeadline(time.Now().Add(time.Hour))
			io.WriteString(w, "a")
			control.Flush()
			control.SetWriteDeadline(time.Now()) // in the past from now on
			return
		}
		content, _ := io.ReadAll(r.Body)
		w.Write(content)
	})
	c := dial(t, address)
	io.WriteString(c, "HEAD /paced HTTP/1.1\r\nHost: x\r\n\r\n")
	head := make([]byte, 4096)
	if n, err := c.Read(head); err != nil || !bytes.HasPrefix(head[:n], []byte("HTTP/1.1 200")) {
		t.Fatal(n, err)
	}
	io.WriteString(c, "POST /plain HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nha")
	rest, err := io.ReadAll(c)
	if got := statuses(t, string(rest)); err != nil || len(got) != 2 || got[0] != "100 " || got[1] != "200 ha" {
		t.Errorf("%q %v", rest, err)
	}
}
