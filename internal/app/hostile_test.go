package app_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Bad input over raw connections. After every input the test sends one harmless
// request, the probe, on the same connection: what comes back shows whether the
// hub refused the input, and whether it kept the connection or ended it. An
// answer too many would mean that a part of the input was taken for a request.

const probe = "GET /healthz HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n"

// attack is one input and the statuses that answer it and the probe, in order.
// A last status that is not the probe's 200 means that the hub hung up.
type attack struct{ name, input, want string }

// on lets the attack happen and returns what came back.
func (a attack) on(t *testing.T, url string) (heads []*http.Response, bodies []string) {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience))
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		io.WriteString(c, a.input+probe) // fails where the hub hangs up first
	}()
	heads, bodies = answersOn(c)
	c.Close()
	<-sent
	return heads, bodies
}

// answersOn reads answers until the other side hangs up.
func answersOn(c net.Conn) (heads []*http.Response, bodies []string) {
	for r := bufio.NewReader(c); ; {
		head, err := http.ReadResponse(r, nil)
		if err != nil {
			return heads, bodies
		}
		body, _ := io.ReadAll(head.Body) // one who hangs up may cut the last words off
		head.Body.Close()
		heads, bodies = append(heads, head), append(bodies, string(body))
	}
}

func statuses(heads []*http.Response) string {
	var all []string
	for _, h := range heads {
		all = append(all, fmt.Sprint(h.StatusCode))
	}
	return strings.Join(all, " ")
}

func request(method, target string, headers ...string) string {
	head := append([]string{method + " " + target + " HTTP/1.1", "Host: hub"}, headers...)
	return strings.Join(head, "\r\n") + "\r\n\r\n"
}

func TestGatewayRefusesWhatIsMalformed(t *testing.T) {
	provider := newWitness(t)
	hub := newSite(t).serve(t)
	key := "X-API-Key: " + hub.settle(t)
	hub.offer(t, "Data", provider.URL, object{"maxBodyBytes": 1000}, nil)

	get := func(target string) string { return request("GET", target, key) }
	post := func(rest string, headers ...string) string {
		return request("POST", "/uji/Data", append(headers, key)...) + rest
	}
	const chunked = "Transfer-Encoding: chunked"
	smuggled := get("/uji/Data/smuggled")
	long := strings.Repeat("a", 200_000)

	before := gauge(t, hub)
	for _, a := range []attack{
		{"a call", get("/uji/Data"), "200 200"},

		// Paths that two programs could read differently.
		{"dot segments", get("/uji/Data/../Lain"), "400 200"},
		{"dot segment at the end", get("/uji/Data/.."), "400 200"},
		{"encoded dots", get("/uji/Data/%2e%2e/x"), "400 200"},
		{"half encoded dots", get("/uji/Data/.%2E/x"), "400 200"},
		{"double encoding", get("/uji/Data/%252e%252e/x"), "400 200"},
		{"empty segment", get("/uji//Data"), "400 200"},
		{"leading slashes", get("//uji/Data"), "400 200"},
		{"encoded slash", get("/uji%2fData"), "400 200"},
		{"backslash", get(`/uji/Data/..\x`), "400 200"},
		{"encoded backslash", get("/uji/Data/..%5cx"), "400 200"},
		{"path parameter", get("/uji/Data;v=1"), "400 200"},
		{"encoded address", get("/uji/%44ata"), "400 200"},
		{"NUL", get("/uji/Data/\x00"), "400"},
		{"encoded NUL", get("/uji/Data/%00"), "400 200"},
		{"encoded line end", get("/uji/Data/%0d%0aX:y"), "400 200"},
		{"overlong UTF-8", get("/uji/Data/%c0%ae%c0%ae/"), "400 200"},
		{"raw overlong UTF-8", get("/uji/Data/\xc0\xae"), "400"},
		{"surrogate half", get("/uji/Data/%ed%a0%80"), "400 200"},
		{"cut percent", get("/uji/Data/%4"), "400"},
		{"not hex", get("/uji/Data/%zz"), "400"},
		{"space", get("/uji/Da ta"), "400"},
		{"fragment", get("/uji/Data#x"), "400"},
		{"query with NUL", get("/uji/Data?a=%00"), "400 200"},
		{"query with line end", get("/uji/Data?a=%0d%0aX:y"), "400 200"},
		{"query with semicolon", get("/uji/Data?a=1;b=2"), "400 200"},
		{"query not hex", get("/uji/Data?a=%z"), "400 200"},
		{"query not UTF-8", get("/uji/Data?a=%ff"), "400 200"},
		{"nothing", get("/"), "404 200"},
		{"half an address", get("/uji"), "404 200"},
		{"unknown", get("/uji/Nihil"), "404 200"},
		{"not in the contract", get("/uji/Data/1/2"), "404 200"},
		{"long path", get("/uji/Data/" + long[:20_000]), "200 200"},
		{"too long path", get("/uji/Data/" + long), "431"},

		// Targets and methods that are not a call.
		{"asterisk", request("OPTIONS", "*", key), "400 200"},
		{"tunnel", request("CONNECT", "evil.example:80", key), "400 200"},
		{"trace", request("TRACE", "/uji/Data", key), "405 200"},
		{"lower case method", request("get", "/uji/Data", key), "405 200"},
		{"malformed method", request("G@T", "/uji/Data", key), "400"},
		{"absolute form", get("http://evil.example/uji/Data"), "200 200"},
		{"other protocol", request("GET", "/uji/Data", "Upgrade: websocket", "Connection: Upgrade", key), "400 200"},
		{"cleartext HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505"},

		// Heads.
		{"too long header", request("GET", "/uji/Data", "X-A: "+long, key), "431"},
		{"too many headers", request("GET", "/uji/Data", strings.Repeat("X-A: b\r\n", 20_000)+key), "431"},
		{"header without colon", request("GET", "/uji/Data", "XA", key), "400"},
		{"header name with space", request("GET", "/uji/Data", "X A: b", key), "400"},
		{"space before colon", request("GET", "/uji/Data", "X-A : b", key), "400"},
		{"header with NUL", request("GET", "/uji/Data", "X-A: a\x00b", key), "400"},
		{"folded header", request("GET", "/uji/Data", strings.Replace(key, "spk_", "spk_\r\n ", 1)), "400"},
		{"two keys", request("GET", "/uji/Data", key, key), "400 200"},
		{"two kinds of key", request("GET", "/uji/Data", key, "Authorization: Bearer x"), "400 200"},
		{"no host", "GET /uji/Data HTTP/1.1\r\n" + key + "\r\n\r\n", "400"},
		{"two hosts", request("GET", "/uji/Data", "Host: b", key), "400"},
		{"malformed host", "GET /uji/Data HTTP/1.1\r\nHost: a b\r\n" + key + "\r\n\r\n", "400"},
		{"bare line feeds", strings.ReplaceAll(get("/uji/Data"), "\r\n", "\n"), "400"}, // RFC 9112 section 2.2 lets a server read it, and lets it not
		{"bare carriage return", "GET /uji/Data HTTP/1.1\rHost: hub\r\n" + key + "\r\n\r\n", "400"},
		{"HTTP/0.9", "GET /uji/Data\r\n\r\n", "400"},
		{"HTTP/1.0", "GET /uji/Data HTTP/1.0\r\n" + key + "\r\n\r\n", "200"},
		{"HTTP/9.9", "GET /uji/Data HTTP/9.9\r\nHost: hub\r\n" + key + "\r\n\r\n", "505"},
		{"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + long[:500] + "\r\n\r\n", "400"},
		{"noise", "\x00\xff\xfe\r\n\r\n", "400"},

		// Bodies, and where they end.
		{"a body", post("abc", "Content-Length: 3"), "200 200"},
		{"pipeline", get("/uji/Data") + post("abc", "Content-Length: 3") + get("/uji/Nihil"), "200 200 404 200"},
		{"same length twice", post("abc", "Content-Length: 3", "Content-Length: 3"), "400"},
		{"two lengths", post("abc", "Content-Length: 3", "Content-Length: 4"), "400"},
		{"list of lengths", post("abc", "Content-Length: 3, 3"), "400"},
		{"signed length", post("abc", "Content-Length: +3"), "400"},
		{"negative length", post("abc", "Content-Length: -3"), "400"},
		{"length beyond numbers", post("abc", "Content-Length: 99999999999999999999999"), "400"},
		{"too long", post("abc", "Content-Length: 99999999999"), "413"},
		{"too long and waiting", request("POST", "/uji/Data", "Content-Length: 99999999999", "Expect: 100-continue", key), "413"},
		{"unknown expectation", post("abc", "Content-Length: 3", "Expect: 200-maybe"), "417"},
		{"too long in chunks", post("800\r\n"+long[:0x800]+"\r\n0\r\n\r\n", chunked), "413"},
		{"far too long in chunks", post(strings.Repeat("10000\r\n"+long[:0x10000]+"\r\n", 64)+"0\r\n\r\n", chunked), "413"},
		{"length and chunks", post("0\r\n\r\n", "Content-Length: 4", chunked), "400"},
		{"unknown coding", post("0\r\n\r\n", "Transfer-Encoding: xchunked"), "501"},
		{"no coding", post("abc", "Transfer-Encoding: identity"), "501"},
		{"coding twice", post("0\r\n\r\n", chunked, chunked), "501"},
		{"coding before chunks", post("0\r\n\r\n", "Transfer-Encoding: gzip, chunked"), "501"},
		{"chunk without a size", post("zz\r\n"+smuggled, chunked), "400"},
		{"chunk of a size beyond numbers", post("fffffffffffffffff\r\n"+smuggled, chunked), "400"},
		{"chunk longer than its size", post("1\r\nabc\r\n"+smuggled, chunked), "400"},
		{"long chunk extension", post("1;"+long+"\r\na\r\n0\r\n\r\n"+smuggled, chunked), "400"},
		{"too long and malformed", post("800\r\n"+long[:0x800]+"\r\nzz\r\n"+smuggled, chunked), "413"},
		{"malformed chunk of a stranger", request("POST", "/uji/Data", chunked) + "zz\r\n" + smuggled, "401"},
	} {
		t.Run(a.name, func(t *testing.T) {
			heads, bodies := a.on(t, hub.gateway)
			if got := statuses(heads); got != a.want {
				t.Errorf("%q, want %q: %s", got, a.want, bodies)
			}
			for i, h := range heads {
				explains(t, h, bodies[i])
			}
		})
	}
	if provider.saw("/smuggled") {
		t.Error("the end of a body reached the provider as a request")
	}
	steady(t, hub, before, 5)
}

// witness is a provider that remembers what it was asked.
type witness struct {
	*httptest.Server
	paths sync.Map
}

func newWitness(t *testing.T) *witness {
	w := &witness{}
	w.Server = httptest.NewServer(w)
	t.Cleanup(w.Close)
	return w
}

func (w *witness) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.paths.Store(r.URL.Path, true)
	io.Copy(io.Discard, r.Body)
	rw.Header().Set("Content-Type", "application/json")
	io.WriteString(rw, `{"items":[]}`)
}

func (w *witness) saw(path string) bool {
	_, yes := w.paths.Load(path)
	return yes
}

// explains checks that an answer of the gateway names the exchange, and that a
// refusal says what is wrong and what to do. What net/http refuses before it has
// understood a request is plain text.
func explains(t *testing.T, head *http.Response, body string) {
	t.Helper()
	media := head.Header.Get("Content-Type")
	switch {
	case head.StatusCode == http.StatusInternalServerError:
		t.Errorf("an internal error: %s", body)
	case head.Header.Get("Exchange-Id") == "" && head.StatusCode != http.StatusOK && !strings.HasPrefix(media, "text/plain") && head.StatusCode != http.StatusExpectationFailed:
		t.Errorf("%d without Exchange-Id: %v", head.StatusCode, head.Header)
	case media != "application/problem+json":
		return
	}
	var problem struct {
		Detail, Remedy string
		ExchangeID     string `json:"exchange_id"`
	}
	if err := json.Unmarshal([]byte(body), &problem); err != nil || problem.Detail == "" || problem.Remedy == "" || problem.ExchangeID != head.Header.Get("Exchange-Id") {
		t.Errorf("does not explain itself: %v %s", err, body)
	}
}

// gauges are the figures of a hub that must not grow.
type gauges struct{ goroutines, heap float64 }

// gauge reads them from the hub's metrics.
func gauge(t *testing.T, hub *process) gauges {
	t.Helper()
	return gauges{metric(t, hub, "go_goroutines"), metric(t, hub, "go_memstats_heap_inuse_bytes")}
}

func metric(t *testing.T, hub *process, name string) (value float64) {
	t.Helper()
	text := call(t, hub.client, strings.TrimSuffix(hub.url, "/api/v1")+"/metrics", "").text
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, name+" "); ok {
			fmt.Sscan(rest, &value)
			return value
		}
	}
	t.Fatalf("no metric %s", name)
	return 0
}

// steady fails unless the hub comes back to about what it was, and serves. It
// may keep connections to providers for the next calls.
func steady(t *testing.T, hub *process, before gauges, kept int) {
	t.Helper()
	goroutines, heap := float64(30+2*kept), float64(64<<20)
	now := before
	t.Cleanup(func() { t.Logf("from %+v to %+v", before, now) })
	eventually(t, "the hub let go of what its peers left behind", func() bool {
		now = gauge(t, hub)
		return now.goroutines <= before.goroutines+goroutines && now.heap <= before.heap+heap
	})
	if got := call(t, hub.client, hub.gateway+"/readyz", ""); got.status != http.StatusOK {
		t.Errorf("not ready any more: %d %s", got.status, got.text)
	}
}
