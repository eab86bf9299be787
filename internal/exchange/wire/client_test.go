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
	"strings"
	"sync/atomic"
	"testing"
)

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
