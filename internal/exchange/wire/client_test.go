package wire

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
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

const patience = 5 * time.Second

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

func TestWhatIsSentIsWhatWasAsked(t *testing.T) {
	var seen *http.Request
	var body []byte
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r
		body, _ = io.ReadAll(r.Body)
		w.Header().Set("X-Answer", "ya")
		io.WriteString(w, "halo")
	}))
	defer s.Close()
	to, _ := url.Parse(s.URL + "/kota/a%2Fb?x=1%262")
	c := client(t)
	for name, one := range map[string]struct {
		method string
		body   io.Reader
		length int64
		want   string
	}{
		"no body":           {"GET", nil, 0, ""},
		"a small body":      {"POST", strings.NewReader("satu"), 4, "satu"},
		"an empty body":     {"POST", nil, 0, ""},
		"of unknown length": {"POST", io.MultiReader(strings.NewReader("dua"), strings.NewReader("tiga")), -1, "duatiga"},
		"a large body":      {"PUT", strings.NewReader(strings.Repeat("x", 200_000)), 200_000, strings.Repeat("x", 200_000)},
		"large, no length":  {"PUT", strings.NewReader(strings.Repeat("y", 200_000)), -1, strings.Repeat("y", 200_000)},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(one.method, "/", one.body)
			r.ContentLength = one.length
			if one.body == nil {
				r.Body = http.NoBody
			}
			r.Header = http.Header{"X-Many": {"a", "b"}, "Connection": {"X-Secret"}, "Content-Length": {"99"}, "Transfer-Encoding": {"x"}, "Host": {"jahat"}}
			status, text, err := call(c, r, to)
			if err != nil || status != 200 || text != "halo" {
				t.Fatal(status, text, err)
			}
			if string(body) != one.want || seen.ContentLength != one.length && one.length >= 0 {
				t.Errorf("the origin got %d bytes (%d said), want %d", len(body), seen.ContentLength, len(one.want))
			}
			if seen.Host != to.Host || seen.RequestURI != "/kota/a%2Fb?x=1%262" || len(seen.Header["X-Many"]) != 2 || seen.Header.Get("Connection") != "" {
				t.Errorf("the origin got %s %s %v", seen.Host, seen.RequestURI, seen.Header)
			}
		})
	}
}

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

// The deadline of the last exchange does not end one whose body streams: its answer
// is awaited before the first part of the body has moved it.
func TestABodyStreamsBeyondTheDeadlineOfTheLastRead(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		fmt.Fprint(w, n)
	}))
	defer s.Close()
	to, _ := url.Parse(s.URL)
	c := client(t)
	for range 20 {
		if _, _, err := get(t, c, to); err != nil {
			t.Fatal(err)
		}
		c.pool(to).idle[0].SetReadDeadline(time.Unix(1, 0))
		r := httptest.NewRequest("POST", "/", strings.NewReader(strings.Repeat("x", 100_000)))
		if _, text, err := call(c, r, to); err != nil || text != "100000" {
			t.Fatalf("%q %v", text, err)
		}
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
					time.Sleep(20 * time.Millisecond) // for the end to come over the loopback
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

func TestSilenceEndsACall(t *testing.T) {
	for name, text := range map[string]string{
		"before the head":  "",
		"within the head":  "HTTP/1.1 200 OK\r\nCont",
		"within the body":  "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalo",
		"within a chunk":   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalo",
		"after an interim": "HTTP/1.1 103 Early Hints\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			release := make(chan struct{})
			to := origin(t, func(n int, c net.Conn) {
				scripted(text)(n, c)
				<-release
			})
			defer close(release)
			res, err := client(t).Do(httptest.NewRequest("GET", "/", nil), to, 50*time.Millisecond)
			if err == nil {
				_, err = io.ReadAll(res.Body)
				res.Body.Close()
			}
			if !IsSilence(err) {
				t.Error("not told as silence:", err)
			}
		})
	}
}

// Time that the consumer takes to send is not the origin's silence.
func TestASlowConsumerIsNotASilentOrigin(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }))
	defer s.Close()
	to, _ := url.Parse(s.URL)
	source, sink := io.Pipe()
	go func() {
		for range 4 {
			time.Sleep(60 * time.Millisecond)
			io.WriteString(sink, "halo")
		}
		sink.Close()
	}()
	r := httptest.NewRequest("POST", "/", source)
	r.ContentLength = -1
	res, err := client(t).Do(r, to, 50*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err != nil || string(body) != "halohalohalohalo" {
		t.Errorf("%q %v", body, err)
	}
}

func TestAContextEndsACall(t *testing.T) {
	for name, text := range map[string]string{"before the head": "", "within the body": "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalo"} {
		t.Run(name, func(t *testing.T) {
			release := make(chan struct{})
			asked := make(chan struct{}, 1)
			to := origin(t, func(n int, c net.Conn) {
				scripted(text)(n, c)
				asked <- struct{}{}
				<-release
			})
			defer close(release)
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				<-asked
				cancel()
			}()
			res, err := client(t).Do(httptest.NewRequest("GET", "/", nil).WithContext(ctx), to, patience)
			if err == nil {
				_, err = io.ReadAll(res.Body)
				res.Body.Close()
			}
			if err == nil {
				t.Error("went on")
			}
		})
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

// An origin that speaks something else is not waited for.
func TestAnotherProtocolIsNoticedAtOnce(t *testing.T) {
	for _, says := range []string{"\x00\x00\x12\x04\x00\x00\x00\x00\x00", "\x15\x03\x01\x00\x02\x02\x46", "SSH-2.0-OpenSSH_9.2\r\n", "* OK IMAP4rev1\r\n"} {
		to := origin(t, func(_ int, c net.Conn) {
			io.WriteString(c, says)
			io.Copy(io.Discard, c) // until the client hangs up
		})
		if _, _, err := get(t, client(t), to); err == nil || IsSilence(err) {
			t.Errorf("%q: %v", says, err)
		}
	}
}

// A body that breaks off does not look like one that ended.
func TestABodyThatBreaksOff(t *testing.T) {
	var got atomic.Int64
	var failed atomic.Bool
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		got.Store(n)
		failed.Store(err != nil)
	}))
	to, _ := url.Parse(s.URL)
	for _, length := range []int64{-1, 100_000} {
		r := httptest.NewRequest("POST", "/", io.MultiReader(strings.NewReader(strings.Repeat("x", 40_000)), torn{}))
		r.ContentLength = length
		if _, _, err := call(client(t), r, to); !errors.Is(err, errTorn) {
			t.Errorf("length %d: %v", length, err)
		}
	}
	s.Close()
	if !failed.Load() {
		t.Error("the origin took it for whole")
	}
}

var errTorn = errors.New("torn")

type torn struct{}

func (torn) Read([]byte) (int, error) { return 0, errTorn }

func TestAnAnswerBeforeTheBodyHasEnded(t *testing.T) {
	to := origin(t, func(_ int, c net.Conn) {
		r := bufio.NewReader(c)
		if _, err := http.ReadRequest(r); err != nil {
			return
		}
		io.WriteString(c, "HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nbesa")
		io.Copy(io.Discard, r)
	})
	source, sink := io.Pipe()
	defer sink.Close()
	r := httptest.NewRequest("POST", "/", source)
	r.ContentLength = 1 << 30
	status, body, err := call(client(t), r, to)
	if status != 413 || body != "besa" || err != nil {
		t.Error(status, body, err)
	}
}

func TestInterimAnswersAreReadOver(t *testing.T) {
	to := origin(t, scripted("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhalo"))
	if status, body, err := get(t, client(t), to); status != 200 || body != "halo" || err != nil {
		t.Error(status, body, err)
	}
	endless := origin(t, scripted(strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 1000)))
	if _, _, err := get(t, client(t), endless); err == nil {
		t.Error("endless interim answers were read")
	}
}

func TestTrailersComeWithTheEnd(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		io.WriteString(w, "halo")
		w.Header().Set("X-Sum", "4")
	}))
	defer s.Close()
	to, _ := url.Parse(s.URL)
	res, err := client(t).Do(httptest.NewRequest("GET", "/", nil), to, patience)
	if err != nil {
		t.Fatal(err)
	}
	if _, announced := res.Trailer["X-Sum"]; !announced {
		t.Error("the trailer is not announced")
	}
	io.ReadAll(res.Body)
	res.Body.Close()
	if res.Trailer.Get("X-Sum") != "4" {
		t.Error("the trailer is lost:", res.Trailer)
	}
}

// What frames a message cannot follow its body.
func TestATrailerDoesNotFrame(t *testing.T) {
	to := origin(t, scripted("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: content-length, X-Sum\r\n\r\n4\r\nhalo\r\n0\r\n"+
		"Content-Length: 3\r\nTransfer-Encoding: gzip\r\nConnection: x\r\nHost: jahat\r\nX-Sum: 4\r\n\r\n"))
	res, err := client(t).Do(httptest.NewRequest("GET", "/", nil), to, patience)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.ReadAll(res.Body); err != nil || len(res.Trailer) != 1 || res.Trailer.Get("X-Sum") != "4" {
		t.Error(res.Trailer, err)
	}
}

func TestAProtocolThatChanges(t *testing.T) {
	to := origin(t, func(_ int, c net.Conn) {
		r := bufio.NewReader(c)
		http.ReadRequest(r)
		io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: gema\r\nConnection: Upgrade\r\n\r\nsalam ")
		io.CopyN(c, r, 4)
	})
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Upgrade", "gema")
	res, err := client(t).Do(r, to, patience)
	if err != nil || res.StatusCode != 101 {
		t.Fatal(res, err)
	}
	both := res.Body.(io.ReadWriteCloser)
	io.WriteString(both, "halo")
	if got, err := io.ReadAll(both); string(got) != "salam halo" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	both.Close()
	unasked := origin(t, scripted("HTTP/1.1 101 Switching Protocols\r\nUpgrade: gema\r\n\r\n"))
	if _, _, err := get(t, client(t), unasked); err == nil {
		t.Error("a protocol that nobody asked for")
	}
}

func TestTLS(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) }))
	defer s.Close()
	to, _ := url.Parse(s.URL)
	trusted := x509.NewCertPool()
	trusted.AddCert(s.Certificate())
	c := New(2, &tls.Config{RootCAs: trusted})
	defer c.Close()
	for range 3 {
		if status, body, err := get(t, c, to); status != 200 || body != "HTTP/1.1" || err != nil {
			t.Error(status, body, err)
		}
	}
	if n := c.pool(to).count(); n != 1 {
		t.Errorf("%d connections", n)
	}
	if _, _, err := get(t, client(t), to); err == nil {
		t.Error("a certificate that nobody vouches for")
	}
	modern := httptest.NewUnstartedServer(http.NotFoundHandler())
	modern.EnableHTTP2 = true
	modern.StartTLS()
	defer modern.Close()
	to, _ = url.Parse(modern.URL)
	trusted.AddCert(modern.Certificate())
	if _, _, err := get(t, c, to); !errors.Is(err, ErrHTTP2) {
		t.Error("HTTP/2 is told as", err)
	}
}

func TestWhatCannotBeWrittenIsNotSent(t *testing.T) {
	to := origin(t, func(_ int, c net.Conn) {
		if got, _ := io.ReadAll(c); len(got) > 0 {
			t.Errorf("the origin got %q", got)
		}
	})
	for name, change := range map[string]func(*http.Request){
		"a line in a field":  func(r *http.Request) { r.Header["X"] = []string{"a\r\nY: b"} },
		"a line in a name":   func(r *http.Request) { r.Header["X\r\nY"] = []string{"a"} },
		"a space in a name":  func(r *http.Request) { r.Header["X Y"] = []string{"a"} },
		"NUL in a field":     func(r *http.Request) { r.Header["X"] = []string{"a\x00"} },
		"a line in a method": func(r *http.Request) { r.Method = "GET / HTTP/1.1\r\n" },
	} {
		r := httptest.NewRequest("GET", "/", nil)
		change(r)
		c := client(t)
		if _, _, err := call(c, r, to); err == nil {
			t.Errorf("%s was sent", name)
		}
		c.Close()
	}
}

func TestALargeAnswer(t *testing.T) {
	text := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write(text) }))
	defer s.Close()
	to, _ := url.Parse(s.URL)
	if _, body, err := get(t, client(t), to); err != nil || body != string(text) {
		t.Error(len(body), err)
	}
}

func BenchmarkCall(b *testing.B) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write(make([]byte, 1024)) }))
	defer s.Close()
	to, _ := url.Parse(s.URL)
	standard := &http.Transport{MaxIdleConnsPerHost: 8, DisableCompression: true}
	ours := New(8, nil)
	for name, do := range map[string]func(*http.Request) (*http.Response, error){
		"wire":     func(r *http.Request) (*http.Response, error) { return ours.Do(r, to, patience) },
		"net-http": func(r *http.Request) (*http.Response, error) { r.URL = to; return standard.RoundTrip(r) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ctx, cancel := context.WithCancel(b.Context())
				r, _ := http.NewRequestWithContext(ctx, "GET", to.String(), nil)
				res, err := do(r)
				if err != nil {
					b.Fatal(err)
				}
				io.Copy(io.Discard, res.Body)
				res.Body.Close()
				cancel()
			}
		})
	}
}
