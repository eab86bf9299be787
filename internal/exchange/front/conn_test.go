package front

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// patience bounds every wait of these tests: it prevents hangs and measures
// nothing.
const patience = time.Minute

// start serves with a handler until the test ends, and returns the address.
func start(t testing.TB, h http.HandlerFunc) (s *Server, address string) {
	t.Helper()
	s = &Server{
		Handler: h, Refuse: plainRefusal, HeaderTimeout: 5 * time.Second, IdleTimeout: 5 * time.Second, BodyTimeout: 5 * time.Second, WriteTimeout: 5 * time.Second,
		MaxHead: 16 << 10, Connections: 100, Log: slog.New(slog.DiscardHandler),
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		s.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return s, l.Addr().String()
}

func plainRefusal(w http.ResponseWriter, status int, reason string) { http.Error(w, reason, status) }

// say sends bytes on a new connection, ends the sending, and returns all that
// comes back.
func say(t testing.TB, address, text string) string {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience))
	go func() {
		io.WriteString(c, text)
		c.(*net.TCPConn).CloseWrite()
	}()
	all, _ := io.ReadAll(c)
	return string(all)
}

// echo tells what was asked.
func echo(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(r.Body)
	fmt.Fprintf(w, "%s %s %q %v", r.Method, r.RequestURI, content, err)
}

func statuses(t testing.TB, said string) (all []string) {
	t.Helper()
	for r := bufio.NewReader(strings.NewReader(said)); ; {
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			return all
		}
		content, _ := io.ReadAll(res.Body)
		all = append(all, fmt.Sprint(res.StatusCode, " ", string(content)))
	}
}

func TestRequestsInARow(t *testing.T) {
	_, address := start(t, echo)
	said := say(t, address, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"+
		"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nhalo"+
		"POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2;q=1\r\nha\r\n2\r\nlo\r\n0\r\nX-T: 1\r\n\r\n"+
		"GET /d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /never HTTP/1.1\r\nHost: x\r\n\r\n")
	want := []string{`200 GET /a "" <nil>`, `200 POST /b "halo" <nil>`, `200 POST /c "halo" <nil>`, `200 GET /d "" <nil>`}
	if diff := cmp.Diff(want, statuses(t, said)); diff != "" {
		t.Error(diff)
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	_, address := start(t, echo)
	const host = "Host: x\r\n"
	for name, c := range map[string]struct {
		text   string
		status int
	}{
		"both lengths":         {"POST / HTTP/1.1\r\n" + host + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
		"two lengths":          {"POST / HTTP/1.1\r\n" + host + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nhalo", 400},
		"a list of lengths":    {"POST / HTTP/1.1\r\n" + host + "Content-Length: 4, 4\r\n\r\nhalo", 400},
		"a signed length":      {"POST / HTTP/1.1\r\n" + host + "Content-Length: +4\r\n\r\nhalo", 400},
		"a huge length":        {"POST / HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999\r\n\r\n", 400},
		"another coding":       {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501},
		"two codings":          {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501},
		"a coding in 1.0":      {"POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
		"no host":              {"GET / HTTP/1.1\r\n\r\n", 400},
		"two hosts":            {"GET / HTTP/1.1\r\n" + host + "Host: y\r\n\r\n", 400},
		"a host with a space":  {"GET / HTTP/1.1\r\nHost: x y\r\n\r\n", 400},
		"a bare LF":            {"GET / HTTP/1.1\n" + host + "\r\n", 400},
		"a folded line":        {"GET / HTTP/1.1\r\n" + host + "X: a\r\n b\r\n\r\n", 400},
		"a space and a colon":  {"GET / HTTP/1.1\r\n" + host + "X : a\r\n\r\n", 400},
		"a NUL":                {"GET / HTTP/1.1\r\n" + host + "X: a\x00b\r\n\r\n", 400},
		"an empty line first":  {"\r\nGET / HTTP/1.1\r\n" + host + "\r\n", 400},
		"two spaces":           {"GET  / HTTP/1.1\r\n" + host + "\r\n", 400},
		"HTTP/0.9":             {"GET /\r\n\r\n", 400},
		"HTTP/2":               {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
		"a version of its own": {"GET / HTTP/1.9\r\n" + host + "\r\n", 505},
		"an expectation":       {"POST / HTTP/1.1\r\n" + host + "Expect: tea\r\nContent-Length: 1\r\n\r\nx", 417},
		"a long head":          {"GET / HTTP/1.1\r\n" + host + "X: " + strings.Repeat("a", 17<<10) + "\r\n\r\n", 431},
		"many fields":          {"GET / HTTP/1.1\r\n" + host + strings.Repeat("X: a\r\n", 600) + "\r\n", 431},
		"a malformed target":   {"GET http:x HTTP/1.1\r\n" + host + "\r\n", 400},
	} {
		t.Run(name, func(t *testing.T) {
			said := say(t, address, c.text+"GET /canary HTTP/1.1\r\nHost: x\r\n\r\n")
			all := statuses(t, said)
			if len(all) != 1 || !strings.HasPrefix(all[0], fmt.Sprint(c.status)) || !strings.Contains(said, "Connection: close") {
				t.Errorf("got %q", said)
			}
		})
	}
}

func TestABodyThatIsNotReadEndsItsConnection(t *testing.T) {
	_, address := start(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "enough") })
	said := say(t, address, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 44\r\n\r\nGET /canary HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")
	if all := statuses(t, said); len(all) != 1 || !strings.Contains(said, "Connection: close") {
		t.Errorf("got %q", said)
	}
}

func TestAnAnswerBreaksOff(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"by a panic": func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "a")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		},
		"shorter than it said": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "9")
			io.WriteString(w, "a")
		},
		"by a panic of its own": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "9")
			io.WriteString(w, "a")
			panic("x")
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, address := start(t, h)
			res, err := http.Get("http://" + address)
			if err == nil {
				_, err = io.ReadAll(res.Body)
				res.Body.Close()
			}
			if err == nil {
				t.Error("nobody noticed")
			}
		})
	}
}

func TestContinueIsSaidOnceTheBodyIsRead(t *testing.T) {
	_, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/read" {
			io.Copy(io.Discard, r.Body)
		}
	})
	const rest = " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi"
	if said := say(t, address, "POST /read"+rest); !strings.HasPrefix(said, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n") {
		t.Errorf("read: %q", said)
	}
	if said := say(t, address, "POST /not"+rest); !strings.HasPrefix(said, "HTTP/1.1 200 OK\r\n") || !strings.Contains(said, "Connection: close") {
		t.Errorf("not read: %q", said)
	}
}

func TestAConsumerWhoIsGoneCancelsItsRequest(t *testing.T) {
	cancelled, came := make(chan struct{}), make(chan struct{})
	_, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		close(came)
		<-r.Context().Done()
		close(cancelled)
	})
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	<-came
	c.Close()
	select {
	case <-cancelled:
	case <-time.After(patience):
		t.Error("the request went on without its consumer")
	}
}

func TestShutdownLetsAnAnswerEnd(t *testing.T) {
	came, onward := make(chan struct{}), make(chan struct{})
	s, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		close(came)
		<-onward
		io.WriteString(w, "done")
	})
	idle, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	var said string
	var asked sync.WaitGroup
	asked.Go(func() { said = say(t, address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n") })
	<-came
	stopped := make(chan error, 1)
	go func() { stopped <- s.Shutdown(context.Background()) }()
	if n, err := idle.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("the idle connection got %d, %v", n, err)
	}
	select {
	case err := <-stopped:
		t.Errorf("stopped while an answer was under way: %v", err)
	default:
	}
	close(onward)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	asked.Wait()
	if !strings.HasSuffix(said, "done") {
		t.Errorf("got %q", said)
	}
	if _, err := net.Dial("tcp", address); err == nil {
		t.Error("it still listens")
	}
}

func TestAConnectionIsHandedOver(t *testing.T) {
	_, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		c, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		line, _ := rw.ReadString('\n')
		rw.WriteString("heard " + line)
		rw.Flush()
		c.Close()
	})
	if said := say(t, address, "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nhi\n"); said != "heard hi\n" {
		t.Errorf("got %q", said)
	}
}

func TestALargeAnswerAndALargeBody(t *testing.T) {
	_, address := start(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	content := bytes.Repeat([]byte("0123456789"), 200_000)
	for name, body := range map[string]io.Reader{"a length": bytes.NewReader(content), "chunks": io.MultiReader(bytes.NewReader(content))} {
		res, err := http.Post("http://"+address, "text/plain", body)
		if err != nil {
			t.Fatal(name, err)
		}
		got, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}
