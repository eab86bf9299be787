package provider

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"simpul"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const owner = simpul.AgencyID("kemendagri.go.id")

// routeTo returns a route whose provider has a minute for everything, which no
// test takes.
func routeTo(t testing.TB, upstream string) *simpul.Route {
	t.Helper()
	u, err := url.Parse(upstream)
	if err != nil {
		t.Fatal(err)
	}
	return &simpul.Route{Address: "master/Kota", Owner: owner, Upstream: u, Timeout: time.Minute}
}

// provide starts a provider and returns a route to it.
func provide(t *testing.T, handler http.HandlerFunc) *simpul.Route {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return routeTo(t, server.URL)
}

func newCaller(t *testing.T) *Caller {
	t.Helper()
	c := New(connections)
	t.Cleanup(c.Close)
	return c
}

// request is a consumer's call of the path below the LID's address.
func request(t *testing.T, method, below string, body io.Reader) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, below, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// get calls and reads the whole answer.
func get(t *testing.T, c *Caller, route *simpul.Route, below string) (*http.Response, string, error) {
	t.Helper()
	res, err := c.Call(route, request(t, http.MethodGet, below, nil))
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return res, string(body), err
}

// checkFault checks the code, and that the provider owns the fault and both
// languages tell it without the provider's address.
func checkFault(t *testing.T, route *simpul.Route, err error, code simpul.Code) {
	t.Helper()
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok || e.Code != code || e.Owner != owner {
		t.Fatalf("got %v, want %s of %s", err, code, owner)
	}
	for _, text := range []simpul.Text{e.Message, e.Remedy} {
		if text.ID == "" || text.EN == "" || text.ID == text.EN {
			t.Errorf("%+v does not speak both languages", text)
		}
		if strings.Contains(text.ID+text.EN, route.Upstream.Host) {
			t.Errorf("%+v tells where the provider is", text)
		}
	}
}

func TestTargetJoinsBaseAndPath(t *testing.T) {
	for _, c := range []struct{ base, below, want string }{
		{"http://p", "/", "http://p/"},
		{"http://p", "", "http://p/"},
		{"http://p/", "/", "http://p/"},
		{"http://p/kota", "/", "http://p/kota"},
		{"http://p/kota", "", "http://p/kota"},
		{"http://p/kota", "/32.73", "http://p/kota/32.73"},
		{"http://p/kota", "/32.73/", "http://p/kota/32.73"},
		{"http://p:8080/a/b", "/c/d", "http://p:8080/a/b/c/d"},
		{"https://p/kota", "/?nama=a%20b&x=1", "https://p/kota?nama=a%20b&x=1"},
		{"http://p/kota", "/32?q=a+b%2Bc", "http://p/kota/32?q=a+b%2Bc"},
		{"http://p/kota", "/nama%20panjang", "http://p/kota/nama%20panjang"},
		{"http://p/kota", "/d%C3%A9sa", "http://p/kota/d%C3%A9sa"},
		{"http://p/kota", "/a%3Fb%23c", "http://p/kota/a%3Fb%23c"},
		{"http://p/kota", "/a%2Fb", "http://p/kota/a%2Fb"},
		{"http://p/kota", "/a:b@c,d!", "http://p/kota/a:b@c,d!"},
	} {
		base, err := url.Parse(c.base)
		if err != nil {
			t.Fatal(err)
		}
		below, err := url.Parse(c.below)
		if err != nil {
			t.Fatal(err)
		}
		if c.base == "http://p/" {
			base.Path = "" // as the catalogue stores it
		}
		if got := target(base, below); got.String() != c.want {
			t.Errorf("%s and %s: got %s, want %s", c.base, c.below, got, c.want)
		}
	}
}

func TestTheProviderGetsTheCallAsItIs(t *testing.T) {
	var got *http.Request
	var body []byte
	route := provide(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.WriteHeader(http.StatusCreated)
	})
	r := request(t, http.MethodPost, "/32.73/%C3%A9?q=a%20b", strings.NewReader(`{"a":1}`))
	r.Host = "hub.go.id"
	r.Header.Set("X-Test", "1")
	r.Header.Set("Accept-Encoding", "br")
	res, err := newCaller(t).Call(route, r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if got.Method != "POST" || got.RequestURI != "/32.73/%C3%A9?q=a%20b" || got.Host != route.Upstream.Host || string(body) != `{"a":1}` {
		t.Errorf("got %s %s at %s with %s", got.Method, got.RequestURI, got.Host, body)
	}
	if got.Header.Get("X-Test") != "1" || got.Header.Get("Accept-Encoding") != "br" || got.ContentLength != 7 {
		t.Errorf("got header %v and length %d", got.Header, got.ContentLength)
	}
	if res.StatusCode != http.StatusCreated {
		t.Errorf("got status %d", res.StatusCode)
	}
	if r.URL.Host != "" || r.Host != "hub.go.id" {
		t.Errorf("the consumer's request was changed: %s %s", r.URL, r.Host)
	}
}

func TestARequestWithoutABodyHasNone(t *testing.T) {
	var length int64
	var encoding []string
	route := provide(t, func(_ http.ResponseWriter, r *http.Request) { length, encoding = r.ContentLength, r.TransferEncoding })
	for _, body := range []io.Reader{nil, http.NoBody} {
		res, err := newCaller(t).Call(route, request(t, http.MethodPost, "/", body))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if length != 0 || encoding != nil {
			t.Errorf("body %v was sent with length %d as %v", body, length, encoding)
		}
	}
}

func TestADownProviderIsUnavailable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	for _, upstream := range []string{"http://" + listener.Addr().String(), "http://nobody.invalid"} {
		route := routeTo(t, upstream)
		_, _, err = get(t, newCaller(t), route, "/")
		checkFault(t, route, err, simpul.CodeUnavailable)
		if e, _ := errors.AsType[*simpul.Error](err); e.Retry <= 0 {
			t.Error("nobody is told when to try again")
		}
	}
}

// babble starts a provider that reads a request's head, says the bytes and
// hangs up.
func babble(t *testing.T, bytes string) *simpul.Route {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			http.ReadRequest(bufio.NewReader(conn))
			io.WriteString(conn, bytes)
			conn.Close()
		}
	}()
	t.Cleanup(func() { listener.Close(); <-done })
	return routeTo(t, "http://"+listener.Addr().String())
}

func TestNonsenseIsUpstream(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	for name, bytes := range map[string]string{
		"nothing":                "",
		"not HTTP":               "halo\r\n\r\n",
		"another protocol":       "SSH-2.0-OpenSSH_9.2\r\n",
		"a status without sense": "HTTP/1.1 dua OK\r\n\r\n",
		"a status out of range":  "HTTP/1.1 99999 OK\r\n\r\n",
		"head cut":               ok + "Content-Type: text/pl",
		"a header without colon": ok + "halo\r\n\r\n",
		"a header with controls": ok + "X-A: a\x00b\r\n\r\n",
		"huge header":            ok + "X-A: " + strings.Repeat("a", 80<<10) + "\r\n\r\n",
		"many headers":           ok + strings.Repeat("X-A: a\r\n", 20_000) + "\r\n",
		"a negative length":      ok + "Content-Length: -1\r\n\r\n",
		"two lengths":            ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
		"unknown coding":         ok + "Transfer-Encoding: rot13\r\n\r\n",
		"a bad chunk":            ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhalo\r\n",
		"a chunk cut":            ok + "Transfer-Encoding: chunked\r\n\r\nff\r\nhalo",
		"chunks without end":     ok + "Transfer-Encoding: chunked\r\n\r\n4\r\nhalo\r\n",
		"a body cut":             ok + "Content-Length: 100\r\n\r\nhalo",
	} {
		t.Run(name, func(t *testing.T) {
			route := babble(t, bytes)
			_, _, err := get(t, newCaller(t), route, "/")
			checkFault(t, route, err, simpul.CodeUpstream)
		})
	}
}

func TestAConsumerThatGivesUp(t *testing.T) {
	begun := make(chan struct{})
	route := provide(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			http.NewResponseController(w).Flush()
		}
		begun <- struct{}{}
		<-r.Context().Done()
	})
	for _, path := range []string{"/head", "/body"} {
		t.Run(path, func(t *testing.T) {
			ctx, giveUp := context.WithCancel(t.Context())
			go func() { <-begun; giveUp() }()
			res, err := newCaller(t).Call(route, request(t, http.MethodGet, path, nil).WithContext(ctx))
			if err == nil {
				_, err = io.Copy(io.Discard, res.Body)
				res.Body.Close()
			}
			e, ok := errors.AsType[*simpul.Error](err)
			if !ok || e.Code != simpul.CodeAborted || e.Owner != "" || !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want aborted and nobody's fault", err)
			}
		})
	}
}

func TestNoRedirectIsFollowed(t *testing.T) {
	var calls int
	route := provide(t, func(w http.ResponseWriter, r *http.Request) {
		calls++
		http.Redirect(w, r, "/lain", http.StatusFound)
	})
	res, _, err := get(t, newCaller(t), route, "/")
	if err != nil || res.StatusCode != http.StatusFound || calls != 1 {
		t.Errorf("got %+v after %d calls, %v", res, calls, err)
	}
}

func TestProxiesOfTheEnvironmentAreIgnored(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"} {
		t.Setenv(name, "http://127.0.0.1:1")
	}
	c := newCaller(t)
	if c.second.transport.Proxy != nil {
		t.Error("the transport asks for a proxy") // local addresses never use one, so a call would not show it
	}
	if _, body, err := get(t, c, provide(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "halo") }), "/"); err != nil || body != "halo" {
		t.Errorf("got %q, %v", body, err)
	}
}

func TestAConnectionIsUsedAgain(t *testing.T) {
	connections := map[string]bool{}
	route := provide(t, func(w http.ResponseWriter, r *http.Request) {
		connections[r.RemoteAddr] = true
		io.WriteString(w, strings.Repeat("a", 100_000))
	})
	c := newCaller(t)
	for range 5 {
		if _, body, err := get(t, c, route, "/"); err != nil || len(body) != 100_000 {
			t.Fatalf("got %d bytes, %v", len(body), err)
		}
	}
	if len(connections) != 1 {
		t.Errorf("5 calls took %d connections", len(connections))
	}
}

func TestACompressedBodyPassesAsItIs(t *testing.T) {
	const packed = "\x1f\x8b not really"
	route := provide(t, func(w http.ResponseWriter, r *http.Request) {
		if asked := r.Header.Get("Accept-Encoding"); asked != "" {
			t.Errorf("the hub asked for %s by itself", asked)
		}
		w.Header().Set("Content-Encoding", "gzip")
		io.WriteString(w, packed)
	})
	res, body, err := get(t, newCaller(t), route, "/")
	if err != nil || body != packed || res.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("got %q, %v", body, err)
	}
}

// Each side says its next word only when the other has heard the last one, so
// a hub that gathers anything would stand still.
func TestBodiesStreamBothWays(t *testing.T) {
	route := provide(t, func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		control.EnableFullDuplex()
		control.Flush()
		word := make([]byte, 4)
		for {
			if _, err := io.ReadFull(r.Body, word); err != nil {
				return
			}
			w.Write(word)
			control.Flush()
		}
	})
	question, ask := io.Pipe()
	res, err := newCaller(t).Call(route, request(t, http.MethodPost, "/", question))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	heard := make([]byte, 4)
	for _, word := range []string{"satu", "dua.", "tiga"} {
		io.WriteString(ask, word)
		if _, err := io.ReadFull(res.Body, heard); err != nil || string(heard) != word {
			t.Fatalf("heard %q, %v; want %q", heard, err, word)
		}
	}
	ask.Close()
	if n, err := io.Copy(io.Discard, res.Body); n != 0 || err != nil {
		t.Errorf("after the end: %d bytes, %v", n, err)
	}
}

func TestAnAnswerIsNotReadAhead(t *testing.T) {
	const size = 64 << 20
	sent := make(chan int64, 1)
	route := provide(t, func(w http.ResponseWriter, _ *http.Request) {
		n, _ := io.CopyN(w, neverEnding('a'), size)
		sent <- n
	})
	res, err := newCaller(t).Call(route, request(t, http.MethodGet, "/", nil))
	if err != nil {
		t.Fatal(err)
	}
	io.ReadFull(res.Body, make([]byte, 1<<10))
	res.Body.Close()
	if n := <-sent; n >= size {
		t.Errorf("all %d bytes were taken from the provider though the consumer read 1 KiB", n)
	}
}

// neverEnding reads as one byte for ever.
type neverEnding byte

func (b neverEnding) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(b)
	}
	return len(p), nil
}
