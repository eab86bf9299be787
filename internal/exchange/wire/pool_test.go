package wire

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestConnectionsAreKept(t *testing.T) {
	var opened atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "halo") }))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.Start()
	defer s.Close()
	to, _ := url.Parse(s.URL)
	c := client(t)
	for range 20 {
		if _, _, err := get(t, c, to); err != nil {
			t.Fatal(err)
		}
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections for 20 calls one after the other", n)
	}
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			if status, _, err := call(c, httptest.NewRequest("GET", "/", nil), to); err != nil || status != 200 {
				t.Error(status, err)
			}
		})
	}
	all.Wait()
	if n := opened.Load(); n > 8 {
		t.Errorf("%d connections, more than the 8 that may be", n)
	}
}

// After an answer that leaves a doubt about where it ends, the connection ends.
func TestAConnectionIsKeptBeyondTheDeadlineOfItsLastRead(t *testing.T) {
	var opened atomic.Int64
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "halo") }))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.Start()
	defer s.Close()
	to, _ := url.Parse(s.URL)
	c := client(t)
	for range 2 {
		if _, _, err := get(t, c, to); err != nil {
			t.Fatal(err)
		}
		rested := c.pool(to).idle[0]
		rested.SetReadDeadline(time.Unix(1, 0))
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections for two calls in a row", n)
	}
}

// Consumers whose bodies do not come hold half of the connections at most: calls
// without a body, or with a small one, are made meanwhile, and so is the next that
// streams once one of them has ended.
func TestBodiesThatDoNotComeLeaveRoomForOthers(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }))
	defer s.Close()
	to, _ := url.Parse(s.URL)
	c := client(t)
	var slow sync.WaitGroup
	var ends []*io.PipeWriter
	for range 8 {
		body, end := io.Pipe()
		ends = append(ends, end)
		slow.Go(func() {
			r := httptest.NewRequest("POST", "/", body)
			r.ContentLength = -1
			if _, _, err := call(c, r, to); err != nil {
				t.Error(err)
			}
		})
	}
	p := c.pool(to)
	for len(p.streams) < cap(p.streams) {
		runtime.Gosched()
	}
	if _, _, err := get(t, c, to); err != nil {
		t.Errorf("a call without a body: %v", err)
	}
	if _, _, err := call(c, httptest.NewRequest("POST", "/", strings.NewReader("small")), to); err != nil {
		t.Errorf("a call with a small body: %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errTorn)
	r := httptest.NewRequestWithContext(ctx, "POST", "/", io.MultiReader(strings.NewReader("x")))
	r.ContentLength = -1
	if _, _, err := call(c, r, to); !errors.Is(err, errTorn) {
		t.Errorf("a wait whose context has ended: %v", err)
	}
	for _, end := range ends {
		end.Close()
	}
	slow.Wait()
	for len(p.streams) > 0 {
		runtime.Gosched()
	}
}

func TestConnectionsThatAreNotUsedAgain(t *testing.T) {
	const fine = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhalo"
	for name, first := range map[string]string{
		"something behind the body": fine + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nracun",
		"it says so":                "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 4\r\n\r\nhalo",
		"HTTP/1.0":                  "HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nhalo",
		"no content with content":   "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nhalo",
	} {
		t.Run(name, func(t *testing.T) {
			var connections atomic.Int32
			to := origin(t, func(n int, c net.Conn) {
				connections.Add(1)
				if n == 0 {
					scripted(first, strings.ReplaceAll(fine, "halo", "salh"))(n, c)
					return
				}
				scripted(fine)(n, c)
			})
			c := client(t)
			get(t, c, to)
			if _, body, err := get(t, c, to); err != nil || body != "halo" {
				t.Errorf("the second call got %q, %v", body, err)
			}
			if connections.Load() != 2 {
				t.Errorf("%d connections", connections.Load())
			}
		})
	}
}

func TestAnAnswerThatIsNotReadEndsItsConnection(t *testing.T) {
	to := origin(t, func(n int, c net.Conn) {
		scripted("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhalo", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsalh")(n, c)
	})
	c := client(t)
	res, err := c.Do(httptest.NewRequest("GET", "/", nil), to, patience)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if _, body, err := get(t, c, to); err != nil || body != "halo" {
		t.Errorf("the second call got %q, %v", body, err)
	}
}

func TestAnIdleConnectionThatEnded(t *testing.T) {
	for _, how := range []string{"at once", "on the next request"} {
		for method, repeated := range map[string]bool{"GET": true, "PUT": true, "POST": false} {
			t.Run(how+" "+method, func(t *testing.T) {
				gone := make(chan struct{})
				to := origin(t, func(n int, c net.Conn) {
					scripted("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhalo")(n, c)
					if n > 0 {
						return
					}
					if how != "at once" {
						http.ReadRequest(bufio.NewReader(c))
						return
					}
					c.Close()
					close(gone)
				})
				c := client(t)
				if _, _, err := get(t, c, to); err != nil {
					t.Fatal(err)
				}
				if how == "at once" {
					<-gone
					for c.pool(to).idle[0].alive() {
						runtime.Gosched() // until the end has come over the loopback
					}
					repeated = true
				}
				_, body, err := call(c, httptest.NewRequest(method, "/", strings.NewReader("isi")), to)
				if (err == nil && body == "halo") != repeated {
					t.Errorf("%q, %v; repeated should be %v", body, err, repeated)
				}
			})
		}
	}
}

func TestALineForConnectionsEndsWithItsContext(t *testing.T) {
	release := make(chan struct{})
	to := origin(t, func(_ int, c net.Conn) { <-release })
	c := New(1, nil)
	defer c.Close()
	var all sync.WaitGroup
	busy, stop := context.WithCancel(t.Context())
	all.Go(func() { c.Do(httptest.NewRequest("GET", "/", nil).WithContext(busy), to, patience) })
	for c.pool(to).count() == 0 {
		time.Sleep(time.Millisecond)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := c.Do(httptest.NewRequest("GET", "/", nil).WithContext(ctx), to, patience); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	stop()
	all.Wait()
	close(release)
	if n := c.pool(to).count(); n != 0 {
		t.Errorf("%d connections are left", n)
	}
}

func (p *pool) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open
}
