package front

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// seen notes what requests a server has read.
type seen struct {
	mu  sync.Mutex
	all []string
}

func (s *seen) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(r.Body)
	var fields []string
	for name, values := range r.Header {
		fields = append(fields, fmt.Sprint(name, values))
	}
	slices.Sort(fields)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, fmt.Sprintf("%s %q %q %q %s %q %d %v %q whole=%v", r.Method, r.URL.EscapedPath(), r.URL.RawQuery, r.Host, r.Proto, r.RequestURI, r.ContentLength, fields, content, err == nil))
}

func (s *seen) take() (all []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all, s.all = s.all, nil
	return all
}

// agree feeds both servers the same bytes. Whatever ours reads, the standard one
// reads in the same way; it may read on where ours has stopped.
func agree(t testing.TB, ours, theirs string, us, them *seen, text string) {
	t.Helper()
	say(t, ours, text)
	say(t, theirs, text)
	mine, yours := us.take(), them.take()
	if len(mine) > 0 && strings.HasSuffix(mine[len(mine)-1], "whole=false") {
		mine = mine[:len(mine)-1] // its body broke off, at whatever point
	}
	if len(yours) > len(mine) {
		yours = yours[:len(mine)]
	}
	if diff := cmp.Diff(yours, mine, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%q\nis read in another way by net/http (-) than here (+):\n%s", text, diff)
	}
}

func oracle(t testing.TB) (address string, s *seen) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s = &seen{}
	server := &http.Server{Handler: s, MaxHeaderBytes: 16 << 10, ReadHeaderTimeout: 5 * time.Second, ErrorLog: log.New(io.Discard, "", 0), DisableGeneralOptionsHandler: true}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() {
		server.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return l.Addr().String(), s
}

func FuzzRequestsAreReadAsNetHTTPDoes(f *testing.F) {
	const host = "Host: x\r\n"
	for _, text := range []string{
		"GET / HTTP/1.1\r\n" + host + "\r\n",
		"GET /a%20b/c?x=1&y=%2e#z HTTP/1.1\r\n" + host + "X-A: 1\r\nx-a: 2\r\n\r\nGET /b HTTP/1.1\r\n" + host + "\r\n",
		"GET //evil/x HTTP/1.1\r\n" + host + "\r\n", "GET /a//b HTTP/1.1\r\n" + host + "\r\n", "GET /a;b=c/%zz HTTP/1.1\r\n" + host + "\r\n",
		"GET http://y:80/a?b HTTP/1.1\r\n" + host + "\r\n", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n", "CONNECT y:443 HTTP/1.1\r\n" + host + "\r\n",
		"GET /? HTTP/1.0\r\n\r\n", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.0\r\n\r\n",
		"POST /p HTTP/1.1\r\n" + host + "Content-Length: 4\r\n\r\nhaloGET /q HTTP/1.1\r\n" + host + "\r\n",
		"POST /p HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n4;x=\"y\"\r\nhalo\r\n0\r\nT: 1\r\n\r\nGET /q HTTP/1.1\r\n" + host + "\r\n",
		"POST /p HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\nGET /q HTTP/1.1\r\n" + host + "\r\n",
		"POST /p HTTP/1.1\r\n" + host + "Transfer-Encoding: Chunked\r\n\r\n00000004\r\nhalo\r\n000\r\n\r\n",
		"POST /p HTTP/1.1\r\n" + host + "Transfer-Encoding:\tchunked \r\n\r\n1\r\nx\r\n0\r\n\r\n", "PUT / HTTP/1.1\r\n" + host + "Content-Length: \r\n\r\n",
		"POST /p HTTP/1.1\r\n" + host + "Content-Length: 0004\r\nExpect: 100-continue\r\n\r\nhalo", "M!x /p HTTP/1.1\r\n" + host + "\r\n",
		"GET / HTTP/1.1\r\nHost: [::1]:80\r\nX: \xff\xfe\r\n\r\n", "GET /\xc3\xa9 HTTP/1.1\r\n" + host + "\r\n", "GET /a\"b<c> HTTP/1.1\r\n" + host + "\r\n",
		"GET / HTTP/1.1\r\nHost: \r\n\r\n", "GET / HTTP/1.1\r\n" + host + "Connection: close, x\r\n\r\nGET /2 HTTP/1.1\r\n" + host + "\r\n",
		"GET / HTTP/1.1\r\n" + host + "Trailer: T\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nT: 1\r\n\r\n",
	} {
		f.Add(text)
	}
	us := &seen{}
	_, ours := start(f, us.ServeHTTP)
	theirs, them := oracle(f)
	f.Fuzz(func(t *testing.T, text string) { agree(t, ours, theirs, us, them, text) })
}

// TestAnswersAreWrittenAsNetHTTPDoes compares what consumers get of the same
// handlers.
func TestAnswersAreWrittenAsNetHTTPDoes(t *testing.T) {
	handlers := map[string]http.HandlerFunc{
		"nothing":      func(http.ResponseWriter, *http.Request) {},
		"a short body": func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "halo") },
		"two writes":   func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "ha"); io.WriteString(w, "lo") },
		"a status":     func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(404); io.WriteString(w, "no") },
		"no content":   func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204); io.WriteString(w, "no") },
		"not modified": func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Etag", `"x"`); w.WriteHeader(304) },
		"a length": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "4")
			io.WriteString(w, "halo")
		},
		"flushed": func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "ha")
			w.(http.Flusher).Flush()
			io.WriteString(w, "lo")
		},
		"a long body": func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, strings.Repeat("x", 100_000)) },
		"closing": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Connection", "close")
			io.WriteString(w, "bye")
		},
		"a field many times": func(w http.ResponseWriter, r *http.Request) { w.Header().Add("X", "1"); w.Header().Add("X", "2") },
		"announced trailer": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Trailer", "Sum")
			io.WriteString(w, "halo")
			w.Header().Set("Sum", "1")
		},
		"a trailer unannounced": func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "halo")
			w.(http.Flusher).Flush()
			w.Header().Set(http.TrailerPrefix+"Sum", "1")
		},
	}
	for name, h := range handlers {
		_, ours := start(t, typed(h))
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		server := &http.Server{Handler: typed(h)}
		go server.Serve(l)
		defer server.Close()
		for _, method := range []string{"GET", "HEAD", "POST"} {
			if diff := cmp.Diff(got(t, l.Addr().String(), method), got(t, ours, method)); diff != "" {
				t.Errorf("%s, %s: net/http (-), here (+):\n%s", name, method, diff)
			}
		}
	}
}

func TestAFieldThatWouldEndItsLineIsNotSent(t *testing.T) {
	_, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header()["X"] = []string{"a\r\nEvil: 1", "d"}
		w.Header()["Bad name"] = []string{"x"}
	})
	if h := got(t, address, "GET").Header; len(h["Evil"]) > 0 || len(h["X"]) != 1 || h.Get("X") != "d" || len(h) != 2 {
		t.Errorf("got %v", h)
	}
}

// typed says what the body is, since this package does not guess.
func typed(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		h(w, r)
	}
}

type gotten struct {
	Status  int
	Body    string
	Header  http.Header
	Trailer http.Header
	Length  int64
	Close   bool
}

func got(t *testing.T, address, method string) gotten {
	t.Helper()
	r, err := http.NewRequest(method, "http://"+address+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{DisableCompression: true}
	defer transport.CloseIdleConnections()
	res, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	res.Header.Del("Date")
	return gotten{res.StatusCode, string(content), res.Header, res.Trailer, res.ContentLength, res.Close}
}
