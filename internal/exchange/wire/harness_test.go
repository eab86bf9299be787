package wire

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// patience bounds every wait of these tests: it prevents hangs and measures
// nothing.
const patience = time.Minute

// origin is a raw origin: each connection is served by the function, with the
// number of connections before it.
func origin(t *testing.T, serve func(n int, c net.Conn)) *url.URL {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	t.Cleanup(func() {
		l.Close()
		all.Wait()
	})
	all.Go(func() {
		for n := 0; ; n++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer c.Close()
				serve(n, c)
			})
		}
	})
	return &url.URL{Scheme: "http", Host: l.Addr().String(), Path: "/a"}
}

// scripted answers each request of a connection with the next text; after the
// last one the connection ends.
func scripted(texts ...string) func(int, net.Conn) {
	return func(_ int, c net.Conn) {
		r := bufio.NewReader(c)
		for _, text := range texts {
			req, err := http.ReadRequest(r)
			if err != nil {
				return
			}
			io.Copy(io.Discard, req.Body)
			io.WriteString(c, text)
		}
	}
}

func client(t *testing.T) *Client {
	c := New(8, nil)
	t.Cleanup(c.Close)
	return c
}

func get(t *testing.T, c *Client, to *url.URL) (int, string, error) {
	t.Helper()
	return call(c, httptest.NewRequest("GET", "/", nil), to)
}

func call(c *Client, r *http.Request, to *url.URL) (int, string, error) {
	res, err := c.Do(r, to, patience)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return res.StatusCode, string(body), err
}
