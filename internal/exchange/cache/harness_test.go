package cache

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"simpul"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var morning = time.Date(2026, 1, 15, 8, 0, 0, 0, time.UTC)

// bench is a cache between a test and a provider that the test plays.
type bench struct {
	t     testing.TB
	cache *Cache
	route *simpul.Route

	mu    sync.Mutex
	now   time.Time
	calls []*http.Request
	says  func(*http.Request) (*http.Response, error)
}

func newBench(t testing.TB, d simpul.Freshness) *bench {
	b := &bench{t: t, now: morning}
	b.cache = New(Limits{Total: 1 << 20, Tenant: 1 << 19, Entry: 64 << 10, Waiters: 3}, b.clock)
	b.route = &simpul.Route{
		Address: "master/Kota", Version: "1.0", Class: simpul.Terbuka, Owner: "kemendagri.go.id",
		Upstream: &url.URL{Scheme: "http", Host: "10.1.2.3"}, Delivery: &simpul.Delivery{Cache: &d},
	}
	b.say(200, "isi", "Cache-Control", "max-age=60")
	return b
}

func (b *bench) clock() time.Time { b.mu.Lock(); defer b.mu.Unlock(); return b.now }

func (b *bench) later(d time.Duration) { b.mu.Lock(); defer b.mu.Unlock(); b.now = b.now.Add(d) }

// say makes the provider answer so from now on. The body is followed by the number
// of the call.
func (b *bench) say(status int, body string, header ...string) {
	b.does(func(*http.Request) (*http.Response, error) { return reply(status, body, header...), nil })
}

func (b *bench) does(says func(*http.Request) (*http.Response, error)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.says = says
}

func reply(status int, body string, header ...string) *http.Response {
	res := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1}
	for i := 0; i+1 < len(header); i += 2 {
		res.Header.Add(header[i], header[i+1])
	}
	return res
}

// Call is the provider.
func (b *bench) Call(_ *simpul.Route, r *http.Request) (*http.Response, error) {
	b.mu.Lock()
	b.calls = append(b.calls, r)
	says := b.says
	b.mu.Unlock()
	return says(r)
}

func (b *bench) called() int { b.mu.Lock(); defer b.mu.Unlock(); return len(b.calls) }

// caller is who calls.
type caller struct {
	grant       simpul.GrantID
	application simpul.ApplicationID
	subject     string
	o           simpul.Obligations
}

var (
	bandung  = caller{grant: "g-1", application: "layanan@bandungkota.go.id"}
	surabaya = caller{grant: "g-2", application: "layanan@surabayakota.go.id"}
)

type got struct {
	status int
	body   string
	header http.Header
	err    error
}

func (b *bench) as(c caller, method, target string, header ...string) got {
	b.t.Helper()
	r := httptest.NewRequest(method, target, nil)
	r.Body = http.NoBody
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	return b.send(c, r)
}

func (b *bench) send(c caller, r *http.Request) got {
	x := &simpul.Exchange{Grant: c.grant, Consumer: simpul.Consumer{Application: c.application, Subject: c.subject}}
	res, err := b.cache.Call(x, b.route, c.o, r, b)
	if err != nil {
		return got{err: err}
	}
	body, err := io.ReadAll(res.Body)
	res.Body.Close()
	return got{res.StatusCode, string(body), res.Header, err}
}

func (b *bench) get(target string, header ...string) got {
	b.t.Helper()
	return b.as(bandung, "GET", target, header...)
}

// wants checks an answer and how often the provider was called by then.
func (b *bench) wants(g got, status int, body string, calls int) {
	b.t.Helper()
	if g.err != nil || g.status != status || g.body != body || b.called() != calls {
		b.t.Errorf("got %d %q %v after %d calls, want %d %q after %d", g.status, g.body, g.err, b.called(), status, body, calls)
	}
}

// fields parses a set of fields.
func fields(t testing.TB, paths ...string) simpul.Obligations {
	t.Helper()
	set, err := simpul.ParseFields(paths)
	if err != nil {
		t.Fatal(err)
	}
	return simpul.Obligations{Fields: set}
}
