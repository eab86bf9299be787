package wire

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// nginx reads HTTP in its own way. What this package writes it must read as it was
// meant, and where it reads an answer otherwise, this package may not use the
// connection again.

// startNginx starts nginx before an origin, told to let through what it can.
func startNginx(t testing.TB, behind string) (address string) {
	t.Helper()
	path, err := exec.LookPath("nginx")
	if err != nil {
		path, err = exec.LookPath("/usr/sbin/nginx")
	}
	switch {
	case err != nil && os.Getenv("CI") != "":
		t.Fatal("nginx is missing: scripts/install-tools test installs nginx-light")
	case err != nil:
		t.Skip("NOT TESTED: nginx is missing; scripts/install-tools test installs nginx-light")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = l.Addr().String()
	l.Close()
	dir, user := t.TempDir(), ""
	if os.Getuid() == 0 {
		user = "user root root;"
	}
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, fmt.Appendf(nil, `daemon off; %s worker_processes 1; pid %[2]s/pid; error_log stderr emerg;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path %[2]s/b; proxy_temp_path %[2]s/p; fastcgi_temp_path %[2]s/f; uwsgi_temp_path %[2]s/u; scgi_temp_path %[2]s/s;
  keepalive_requests 1000000000; client_max_body_size 0; large_client_header_buffers 8 64k;
  underscores_in_headers on; ignore_invalid_headers off; merge_slashes off;
  proxy_buffer_size 128k; proxy_buffers 8 128k; proxy_busy_buffers_size 256k;
  server {
    listen %[3]s;
    location / {
      proxy_pass http://%[4]s; proxy_http_version 1.1; proxy_buffering off; proxy_next_upstream off;
      proxy_set_header Connection ""; proxy_set_header Host $http_host;
      proxy_read_timeout 5s;
    }
  }
}
`, user, dir, address, behind), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "-e", "stderr", "-c", file)
	said := &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = said, said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		<-ended
	})
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return address
		}
		select {
		case <-ended:
			t.Fatalf("nginx ended: %s", said)
		default:
		}
	}
	return ""
}

// understood is a request as it came out behind nginx.
type understood struct {
	method, target, host, body string
	header                     http.Header
}

func TestNginxUnderstandsWhatIsSent(t *testing.T) {
	var all atomic.Pointer[[]understood]
	all.Store(new([]understood))
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		next := append(*all.Load(), understood{r.Method, r.RequestURI, r.Host, string(body), r.Header})
		all.Store(&next)
	}))
	defer s.Close()
	address := startNginx(t, strings.TrimPrefix(s.URL, "http://"))
	c := client(t)
	const canary = "GET /kenari HTTP/1.1\r\nHost: asal\r\n\r\n"
	for name, one := range map[string]struct {
		method, target string
		header         http.Header
		body           string
		length         int64
	}{
		"canary in a body":            {"POST", "/a", nil, canary, int64(len(canary))},
		"canary in the body of a GET": {"GET", "/a", nil, canary, int64(len(canary))},
		"canary in chunks":            {"POST", "/a", nil, canary, -1},
		"canary in the chunks of GET": {"GET", "/a", nil, canary, -1},
		"large canary":                {"PUT", "/a", nil, strings.Repeat(canary, 2000), int64(2000 * len(canary))},
		"large canary in chunks":      {"PUT", "/a", nil, strings.Repeat(canary, 2000), -1},
		"last chunk in a chunk":       {"POST", "/a", nil, "0\r\n\r\n" + canary, -1},
		"no body of a POST":           {"POST", "/a", nil, "", 0},
		"body of a DELETE":            {"DELETE", "/a", nil, canary, int64(len(canary))},
		"a method of its own":         {"M-SEARCH", "/a", nil, canary, int64(len(canary))},
		"another length":              {"POST", "/a", http.Header{"Content-Length": {"0"}, "content-length": {"0"}, "CONTENT-LENGTH": {"1"}}, canary, int64(len(canary))},
		"a coding":                    {"POST", "/a", http.Header{"Transfer-Encoding": {"chunked"}, "transfer-encoding": {"chunked"}}, "0\r\n\r\n" + canary, int64(5 + len(canary))},
		"a length beside chunks":      {"POST", "/a", http.Header{"content-Length": {"3"}}, canary, -1},
		"another host":                {"GET", "/a", http.Header{"Host": {"jahat"}, "host": {"jahat"}}, "", 0},
		"connection":                  {"GET", "/a", http.Header{"Connection": {"close"}, "connection": {"X-A"}, "Keep-Alive": {"1"}, "X-A": {"b"}}, "", 0},
		"expectation":                 {"POST", "/a", http.Header{"Expect": {"100-continue"}, "expect": {"100-continue"}}, canary, int64(len(canary))},
		"trailer":                     {"POST", "/a", http.Header{"Trailer": {"X-A"}, "trailer": {"Content-Length"}}, canary, -1},
		"underscores":                 {"POST", "/a", http.Header{"Content_length": {"3"}, "Transfer_encoding": {"chunked"}}, canary, int64(len(canary))},
		"bytes beyond ASCII":          {"GET", "/a", http.Header{"X-A": {"\xc3\xa9", "\xff"}}, "", 0},
		"white space":                 {"GET", "/a", http.Header{"X-A": {" \tb\t "}, "X-B": {""}}, "", 0},
		"encoded path":                {"GET", "/a%2Fb/%3Fc%23d%20e?f=%0d%0a&g=%26", nil, "", 0},
		"odd path":                    {"GET", "/a/../b/./c//d;e=f/@:!$'()*+,", nil, "", 0},
		"odd query":                   {"GET", "/a?b=c?d=/../e&f=[]{}|^`<>\"\\", nil, "", 0},
		"long path":                   {"GET", "/" + strings.Repeat("a", 20_000), nil, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			all.Store(new([]understood))
			u, err := url.Parse("http://" + address + one.target)
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest("GET", "/", io.MultiReader(strings.NewReader(one.body)))
			r.Method, r.ContentLength = one.method, one.length
			if one.body == "" {
				r.Body = http.NoBody
			}
			if one.header != nil {
				r.Header = one.header
			}
			status, _, err := call(c, r, u)
			if err != nil || status != 200 {
				t.Fatal(status, err)
			}
			if status, _, err := get(t, c, &url.URL{Scheme: "http", Host: address, Path: "/sesudahnya"}); status != 200 || err != nil {
				t.Fatal("the next call:", status, err)
			}
			got := *all.Load()
			if len(got) != 2 || got[1].target != "/sesudahnya" || got[1].body != "" {
				t.Fatalf("nginx understood %d requests: %.500q", len(got), got)
			}
			if g := got[0]; g.method != one.method || g.target != u.RequestURI() || g.host != address || g.body != one.body {
				t.Errorf("nginx understood %.500q", g)
			}
			if h := got[0].header; h.Get("Expect") != "" || h.Get("Trailer") != "" || len(h["X-A"]) != len(one.header["X-A"]) {
				t.Errorf("nginx understood the header %q", h)
			}
		})
	}
}

// says is an origin that answers every request with the bytes and hangs up.
type says struct {
	net.Listener
	bytes atomic.Pointer[string]
}

func newSays(t testing.TB) *says {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := &says{Listener: l}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
					io.WriteString(c, *s.bytes.Load())
				}
			}()
		}
	}()
	return s
}

// read is an answer as somebody read it.
type read struct {
	status int
	body   string
	whole  bool
}

// compare fails where nginx reads an answer otherwise than this package, and this
// package would use the connection again. An interim answer is the final one to
// nginx, which is its own affair.
func compare(t *testing.T, origin *says, nginx, method, text string) {
	t.Helper()
	origin.bytes.Store(&text)
	c := New(1, nil)
	defer c.Close()
	to := &url.URL{Scheme: "http", Host: origin.Addr().String(), Path: "/"}
	r := httptest.NewRequest(method, "/", http.NoBody)
	res, err := c.Do(r, to, patience)
	if err != nil {
		return // refused, and the connection with it
	}
	body, err := io.ReadAll(res.Body)
	res.Body.Close()
	ours := read{res.StatusCode, string(body), err == nil}
	if !ours.whole {
		return
	}
	p := c.pool(to)
	p.mu.Lock()
	kept := len(p.idle) == 1
	p.mu.Unlock()
	if theirs := throughNginx(t, nginx, method); kept && theirs != ours && theirs.status >= 200 {
		t.Errorf("read as %.200q; nginx reads %.200q\n%.300q", fmt.Sprint(ours), fmt.Sprint(theirs), text)
	}
}

// throughNginx makes the same call with nginx between.
func throughNginx(t *testing.T, nginx, method string) read {
	t.Helper()
	c, err := net.Dial("tcp", nginx)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(2 * patience))
	fmt.Fprintf(c, "%s / HTTP/1.1\r\nHost: asal\r\nConnection: close\r\n\r\n", method)
	res, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil {
		return read{}
	}
	body, err := io.ReadAll(res.Body)
	return read{res.StatusCode, string(body), err == nil}
}

// answersToCompare are the seeds.
func answersToCompare() []string {
	const ok = "HTTP/1.1 200 OK\r\n"
	chunks := ok + "Transfer-Encoding: chunked\r\n\r\n"
	return []string{
		ok + "Content-Length: 4\r\n\r\nhalo",
		ok + "Content-Length: 4\r\n\r\nhaloHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nracun",
		ok + "Content-Length: 0\r\n\r\n",
		ok + "Content-Length: 0004\r\n\r\nhalo",
		ok + "content-length:4\r\n\r\nhalo",
		ok + "Content-Length: \t4\t \r\n\r\nhalo",
		ok + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nhalo",
		ok + "Content-Length: 4\r\nX: y\r\n\r\nhalo",
		ok + "\r\nhalo",
		"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\nhalo",
		"HTTP/1.0 200 OK\r\n\r\nhalo",
		chunks + "4\r\nhalo\r\n0\r\n\r\n",
		chunks + "2;a=b\r\nha\r\n2\r\nlo\r\n0;c\r\n\r\n",
		chunks + "2;a=\"b\"\r\nha\r\n2\r\nlo\r\n0\r\nX-Sum: 1\r\n\r\n",
		chunks + "0004\r\nhalo\r\n000\r\n\r\n",
		chunks + "4\r\nhalo\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
		chunks + "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n",
		chunks + "4\r\nhalo\r\n0\r\nContent-Length: 3\r\n\r\n",
		ok + "transfer-encoding: CHUNKED\r\n\r\n4\r\nhalo\r\n0\r\n\r\n",
		ok + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n4\r\nhalo\r\n0\r\n\r\n",
		ok + "Transfer-Encoding: gzip, chunked\r\n\r\n4\r\nhalo\r\n0\r\n\r\n",
		ok + "Connection: close\r\nContent-Length: 4\r\n\r\nhalo",
		ok + "Connection: x, Close\r\nContent-Length: 4\r\n\r\nhalo",
		ok + "X: \xff\r\nContent-Length: 4\r\n\r\nhalo",
		"HTTP/1.1 204 No Content\r\n\r\n",
		"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nhalo",
		"HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n",
		"HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n",
		"HTTP/1.1 100 Continue\r\n\r\n" + ok + "Content-Length: 4\r\n\r\nhalo",
		"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok + "Content-Length: 4\r\n\r\nhalo",
		"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nhalo",
		"HTTP/1.1 200\r\nContent-Length: 4\r\n\r\nhalo",
		"HTTP/1.1 299 \r\nContent-Length: 4\r\n\r\nhalo",
	}
}

func TestNginxReadsAnswersAlike(t *testing.T) {
	origin := newSays(t)
	nginx := startNginx(t, origin.Addr().String())
	chance := rand.New(rand.NewPCG(1, 2))
	for _, text := range answersToCompare() {
		for _, method := range []string{"GET", "HEAD"} {
			compare(t, origin, nginx, method, text)
		}
		for range 30 {
			compare(t, origin, nginx, "GET", mutated(chance, text))
		}
	}
}

// mutated changes a text in one or two places, by what divides readers.
func mutated(chance *rand.Rand, text string) string {
	parts := []string{"\r", "\n", "\r\n", " ", "\t", "\v", "\x00", ":", ",", ";", "0", "1", "4", "f", "-", "+", "_", "\"", "\xff",
		"Content-Length: 4\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: identity\r\n", "Connection: close\r\n", "X: y\r\n", "0\r\n\r\n"}
	for range 1 + chance.IntN(2) {
		at := chance.IntN(len(text) + 1)
		until := at
		if chance.IntN(2) == 0 {
			until = min(len(text), at+1+chance.IntN(3))
		}
		part := ""
		if until == at || chance.IntN(2) == 0 {
			part = parts[chance.IntN(len(parts))]
		}
		text = text[:at] + part + text[until:]
	}
	return text
}

// FuzzAgainstNginx is the same with what the fuzzer finds.
func FuzzAgainstNginx(f *testing.F) {
	for _, text := range answersToCompare() {
		f.Add(text)
	}
	origin := newSays(f)
	nginx := startNginx(f, origin.Addr().String())
	f.Fuzz(func(t *testing.T, text string) { compare(t, origin, nginx, "GET", text) })
}
