package app_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"simpul"
)

// asked is one request as an origin understood it.
type asked struct {
	front, id, method, target string
	host                      []string
	header                    http.Header
	body                      simpul.Digest
	bytes                     int64
	whole                     bool
}

func (a asked) String() string {
	return fmt.Sprintf("%s %s of exchange %q (%d bytes, whole %t)", a.method, a.target, a.id, a.bytes, a.whole)
}

// recorder stands behind every origin of these tests, and notes what reaches it
// before it answers. Go's own server is an origin by being asked directly; the
// others pass on what they understood.
type recorder struct {
	*httptest.Server
	mu  sync.Mutex
	all []asked
}

func newRecorder(t *testing.T) *recorder {
	r := &recorder{}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

// ServeHTTP answers with a row that names the exchange and what was asked for.
func (r *recorder) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	sum := sha256.New()
	n, err := io.Copy(sum, q.Body)
	a := asked{front: q.Header.Get("X-Front"), id: q.Header.Get("Exchange-Id"), method: q.Method, target: q.RequestURI,
		host: []string{q.Host}, header: q.Header, bytes: n, whole: err == nil}
	a.body = simpul.Digest(hex.EncodeToString(sum.Sum(nil)))
	r.mu.Lock()
	r.all = append(r.all, a)
	r.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(object{"items": []object{{"kode": a.id, "nama": a.method + " " + a.target}}})
}

// of returns what the origin understood.
func (r *recorder) of(front string) (some []asked) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, a := range r.all {
		if a.front == front || front == "Go" && a.front == "" {
			some = append(some, a)
		}
	}
	return some
}

// origin is a program of somebody else that reads HTTP, and passes it on to the recorder.
type origin struct {
	name  string
	lid   string
	start func(t *testing.T) (url string)
}

func origins(t *testing.T, r *recorder) []origin {
	behind := strings.TrimPrefix(r.URL, "http://")
	return []origin{
		{"Go", "AsalG", func(*testing.T) string { return r.URL }},
		{"nginx", "AsalX", func(t *testing.T) string { return startNginx(t, behind) }},
		{"haproxy", "AsalH", func(t *testing.T) string { return startHAProxy(t, behind) }},
		{"Node", "AsalN", func(t *testing.T) string { return startNode(t, behind) }},
	}
}

// startNginx starts nginx before a server. It is told to let through what it can,
// so that what it refuses is refused for its form.
func startNginx(t *testing.T, behind string) (url string) {
	at, dir := freeAddress(t), t.TempDir()
	user := ""
	if os.Getuid() == 0 {
		user = "user root root;"
	}
	file := writeFile(t, dir, "nginx.conf", fmt.Sprintf(`daemon off; %s worker_processes 1; pid %[2]s/pid; error_log stderr crit;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path %[2]s/body; proxy_temp_path %[2]s/proxy; fastcgi_temp_path %[2]s/f; uwsgi_temp_path %[2]s/u; scgi_temp_path %[2]s/s;
  keepalive_requests 1000000000; keepalive_timeout 1h; client_max_body_size 0; large_client_header_buffers 8 64k;
  underscores_in_headers on; ignore_invalid_headers off; merge_slashes off;
  upstream recorder { server %s; keepalive 8; }
  server {
    listen %s;
    location / {
      proxy_pass http://recorder; proxy_http_version 1.1;
      proxy_set_header Connection ""; proxy_set_header Host $http_host; proxy_set_header X-Front nginx;
    }
  }
}
`, user, dir, behind, at))
	launch(t, at, "nginx", "nginx-light", "-e", "stderr", "-c", file)
	return "http://" + at
}

func startHAProxy(t *testing.T, behind string) (url string) {
	at := freeAddress(t)
	file := writeFile(t, t.TempDir(), "haproxy.cfg", fmt.Sprintf(`global
  maxconn 512
  nbthread 1
  tune.bufsize 65536
defaults
  mode http
  no log
  timeout connect 5s
  timeout client 1h
  timeout server 1h
  timeout http-keep-alive 1h
listen asal
  bind %s
  http-request set-header X-Front haproxy
  server recorder %s
`, at, behind))
	launch(t, at, "haproxy", "haproxy", "-db", "-q", "-f", file)
	return "http://" + at
}

// nodeOrigin reads with Node's parser and passes on what it was given.
const nodeOrigin = `
const http = require('http')
const [host, port] = process.argv[2].split(':'), [at, listen] = process.argv[3].split(':')
const agent = new http.Agent({ keepAlive: true })
const server = http.createServer({ maxHeaderSize: 65536, keepAliveTimeout: 3600000 }, (q, a) => {
  const parts = []
  q.on('data', part => parts.push(part))
  q.on('end', () => {
    const headers = {}
    for (const [name, value] of Object.entries(q.headers))
      if (!['connection', 'transfer-encoding', 'content-length', 'expect', 'te', 'upgrade'].includes(name)) headers[name] = value
    const body = Buffer.concat(parts)
    headers['x-front'] = 'Node'
    headers['content-length'] = body.length
    const on = http.request({ host, port, agent, method: q.method, path: q.url, headers, setHost: false }, got => {
      a.writeHead(got.statusCode, got.rawHeaders.filter((_, i, all) => !/^(connection|transfer-encoding|date)$/i.test(all[i & ~1])))
      got.pipe(a)
    })
    on.on('error', () => a.destroy())
    on.end(body)
  })
})
server.requestTimeout = 0
server.listen(Number(listen), at)
`

func startNode(t *testing.T, behind string) (url string) {
	at := freeAddress(t)
	launch(t, at, "node", "nodejs", writeFile(t, t.TempDir(), "asal.js", nodeOrigin), behind, at)
	return "http://" + at
}

// launch runs a program until the test ends, once it accepts connections.
func launch(t *testing.T, at, name, debian string, args ...string) {
	t.Helper()
	path := find(t, name, debian)
	cmd := exec.Command(path, args...)
	said := &strings.Builder{}
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
		if t.Failed() && said.Len() > 0 {
			t.Logf("%s said:\n%s", name, said)
		}
	})
	eventually(t, name+" listens", func() bool {
		select {
		case <-ended:
			t.Fatalf("%s ended: %s", name, said)
		default:
		}
		c, err := net.Dial("tcp", at)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// find returns where a program is. Where it cannot be had the test is skipped,
// but not where everything must run.
func find(t *testing.T, name, debian string) (path string) {
	t.Helper()
	for _, place := range []string{name, "/usr/sbin/" + name} {
		if path, err := exec.LookPath(place); err == nil {
			return path
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is missing: scripts/install-tools test installs %s", name, debian)
	}
	t.Skipf("NOT TESTED: %s is missing; scripts/install-tools test installs %s", name, debian)
	return ""
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func writeFile(t *testing.T, dir, name, text string) (path string) {
	t.Helper()
	path = filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// evidence is what the hub has on record of one exchange.
type evidence struct {
	Metadata struct{ ID string }
	Spec     struct{ Method, Path string }
	Status   struct {
		State, Outcome string
		RequestDigest  simpul.Digest
		RequestBytes   int64
	}
}

// recorded returns the exchanges of a LID by identifier, once those that an
// origin saw are among them and all have ended.
func recorded(t *testing.T, hub *process, lid string, seen []asked) (all map[string]evidence) {
	t.Helper()
	eventually(t, "all exchanges of "+lid+" on record", func() bool {
		all = map[string]evidence{}
		for cursor := ""; ; {
			page := decode[struct {
				Items []evidence
				Next  string
			}](t, hub.must(t, http.StatusOK, http.MethodGet, "/exchanges?limit=500&lid=uji/"+lid+"&cursor="+cursor, nil))
			for _, e := range page.Items {
				all[e.Metadata.ID] = e
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		for _, a := range seen {
			if e, ok := all[a.id]; a.id != "" && a.id != "kenari" && (!ok || e.Status.State != "sealed") {
				return false
			}
		}
		return true
	})
	return all
}

// reconcile fails unless an origin saw what the hub has on record, and nothing
// else.
func reconcile(t *testing.T, hub *process, lid string, seen []asked) {
	t.Helper()
	times := map[string]int{}
	records := recorded(t, hub, lid, seen)
	for _, a := range seen {
		e, known := records[a.id]
		switch {
		case !known:
			t.Errorf("the origin was asked what nobody recorded: %v", a)
		case !a.whole:
			if e.Status.Outcome == "delivered" {
				t.Errorf("the origin got a part of what is recorded as whole: %v", a)
			}
			continue
		case a.method != e.Spec.Method || a.bytes != e.Status.RequestBytes || a.body != e.Status.RequestDigest && (a.bytes > 0 || e.Status.RequestDigest != ""):
			t.Errorf("the origin understood %v, recorded is %+v", a, e)
		case (strings.Count(a.target, "/") > 1 || len(a.target) > 1 && a.target[1] != '?') != strings.HasSuffix(e.Spec.Path, "/{id}"):
			t.Errorf("the origin understood the path of %v, recorded is %+v", a, e)
		}
		times[a.id]++
	}
	for id, e := range records {
		if n := times[id]; n > 1 || n == 0 && e.Status.Outcome == "delivered" {
			t.Errorf("the origin saw exchange %s %d times: %+v", id, n, e)
		}
	}
	if len(seen) == 0 || !slices.ContainsFunc(seen, func(a asked) bool { return a.bytes == int64(len(inner)) }) {
		t.Error("the canary never reached the origin as content, so nothing was tested")
	}
}
