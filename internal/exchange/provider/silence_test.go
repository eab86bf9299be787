package provider

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"simpul"
)

// limit is the longest silence that the routes of these tests allow. Their
// clocks are synthetic, so it costs no time.
const limit = 10 * time.Second

// connections is how many may be open to one provider.
const connections = 4

// inBubble runs a call to a provider that speaks on the other end of a pipe
// which holds nothing: what one side writes waits until the other reads it.
func inBubble(t *testing.T, speak func(net.Conn), test func(t *testing.T, c *Caller, route *simpul.Route)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := New(connections)
		var speakers sync.WaitGroup
		defer speakers.Wait()
		defer c.Close()
		c.wire.Dial = func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			speakers.Go(func() {
				defer theirs.Close()
				speak(theirs)
			})
			return ours, nil
		}
		test(t, c, &simpul.Route{Address: "master/Kota", Owner: owner, Timeout: limit, Upstream: &url.URL{Scheme: "http", Host: "p.id"}})
	})
}

func readHead(conn net.Conn) *http.Request {
	r, _ := http.ReadRequest(bufio.NewReaderSize(conn, 16)) // takes little more than the head
	return r
}

// untilClosed reads and drops what comes, so that the other side can hang up.
func untilClosed(conn net.Conn) { io.Copy(io.Discard, conn) }

func TestSilence(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n"
	// say waits before each part that it writes.
	say := func(pause time.Duration, parts ...string) func(net.Conn) {
		return func(conn net.Conn) {
			readHead(conn)
			for _, part := range parts {
				time.Sleep(pause)
				io.WriteString(conn, part)
			}
			untilClosed(conn)
		}
	}
	for _, c := range []struct {
		name  string
		speak func(net.Conn)
		body  string // that was read before the fault
		code  simpul.Code
	}{
		{"never a word", untilClosed, "", simpul.CodeTimeout},
		{"head too late", say(limit+1, head), "", simpul.CodeTimeout},
		{"head trickles too long", say(limit/2+1, head[:5], head[5:9], head[9:]), "", simpul.CodeTimeout},
		{"silent after the head", say(0, head), "", simpul.CodeTimeout},
		{"silent within the body", say(0, head, "satu"), "satu", simpul.CodeTimeout},
		{"slow but never silent", say(limit-1, head, "s", "a", "t", "u", "d", "u", "a", "."), "satudua.", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, c.speak, func(t *testing.T, caller *Caller, route *simpul.Route) {
				_, body, err := get(t, caller, route, "/")
				if body != c.body {
					t.Errorf("read %q, want %q", body, c.body)
				}
				if c.code == "" {
					if err != nil {
						t.Error(err)
					}
					return
				}
				checkFault(t, route, err, c.code)
			})
		})
	}
}

func TestASlowReaderIsNotTheProvidersSilence(t *testing.T) {
	inBubble(t, func(conn net.Conn) {
		readHead(conn)
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsatu")
		io.WriteString(conn, "dua.")
		untilClosed(conn)
	}, func(t *testing.T, c *Caller, route *simpul.Route) {
		res, err := c.Call(route, request(t, http.MethodGet, "/", nil))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		part := make([]byte, 4)
		for _, want := range []string{"satu", "dua."} {
			time.Sleep(10 * limit)
			if _, err := io.ReadFull(res.Body, part); err != nil || string(part) != want {
				t.Fatalf("got %q, %v", part, err)
			}
		}
	})
}

// slowly reads as its parts, each after a pause.
type slowly struct {
	pause time.Duration
	parts []string
}

func (s *slowly) Read(p []byte) (int, error) {
	if len(s.parts) == 0 {
		return 0, io.EOF
	}
	time.Sleep(s.pause)
	n := copy(p, s.parts[0])
	s.parts = s.parts[1:]
	return n, nil
}

func TestALongRequestIsNotTheProvidersSilence(t *testing.T) {
	const answer = "HTTP/1.1 204 No Content\r\n\r\n"
	for _, c := range []struct {
		name  string
		pause time.Duration // of the consumer before each part
		delay time.Duration // of the provider before it takes each part
		code  simpul.Code
	}{
		{"the consumer takes its time", 3 * limit, 0, ""},
		{"the provider takes its time", 0, limit - 1, ""},
		{"both take their time", limit - 1, limit - 1, ""},
		{"the provider stops taking", 0, limit + 1, simpul.CodeTimeout},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(conn net.Conn) {
				r := readHead(conn)
				for part := make([]byte, 4); ; {
					time.Sleep(c.delay)
					if _, err := io.ReadFull(r.Body, part); err != nil {
						break
					}
				}
				io.WriteString(conn, answer)
				untilClosed(conn)
			}, func(t *testing.T, caller *Caller, route *simpul.Route) {
				body := &slowly{c.pause, []string{"satu", "dua.", "tiga", "lima"}}
				res, err := caller.Call(route, request(t, http.MethodPost, "/", body))
				if c.code != "" {
					checkFault(t, route, err, c.code)
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				res.Body.Close()
			})
		})
	}
}

// The provider may answer before it has the whole request. What is left of the
// request then no longer counts as waiting for it.
func TestAnEarlyAnswerEndsTheWait(t *testing.T) {
	inBubble(t, func(conn net.Conn) {
		readHead(conn)
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
		go untilClosed(conn)
		time.Sleep(limit - 1)
		io.WriteString(conn, "satu")
		time.Sleep(20 * limit)
	}, func(t *testing.T, c *Caller, route *simpul.Route) {
		body := &slowly{limit / 4, strings.Split(strings.Repeat("a", 8), "")}
		res, err := c.Call(route, request(t, http.MethodPost, "/", body))
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * limit) // the request has ended long ago
		got, err := io.ReadAll(res.Body)
		res.Body.Close()
		if string(got) != "satu" || err != nil {
			t.Errorf("got %q, %v", got, err)
		}
	})
}

func TestATLSHandshakeThatHangsIsTooSlow(t *testing.T) {
	inBubble(t, untilClosed, func(t *testing.T, c *Caller, route *simpul.Route) {
		route.Upstream.Scheme, route.Timeout = "https", time.Hour
		_, _, err := get(t, c, route, "/")
		checkFault(t, route, err, simpul.CodeTimeout)
	})
}

func TestConnectionsToOneProviderAreBounded(t *testing.T) {
	var dialled atomic.Int32
	inBubble(t, func(conn net.Conn) {
		dialled.Add(1)
		readHead(conn)
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
		untilClosed(conn)
	}, func(t *testing.T, c *Caller, route *simpul.Route) {
		for range connections {
			res, err := c.Call(route, request(t, http.MethodGet, "/", nil))
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
		}
		_, _, err := get(t, c, route, "/")
		checkFault(t, route, err, simpul.CodeUnavailable)
		if n := dialled.Load(); n != connections {
			t.Errorf("%d connections were opened, want %d", n, connections)
		}
	})
}
