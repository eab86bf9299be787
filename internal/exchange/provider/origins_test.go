package provider

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"simpul"
)

func TestADeadOriginIsPassedBy(t *testing.T) {
	live := newPeer(t, says("halo"))
	c, _ := clocked(t)
	route := routeAcross(t, simpul.Delivery{Retry: &simpul.Retry{Attempts: 2}}, nowhere(t), live.URL)
	for i := range 200 {
		if code, text, err := fetch(t, c, route, request(t, http.MethodGet, "/", nil)); err != nil || code != 200 || text != "halo" {
			t.Fatalf("call %d: %d %q, %v", i, code, text, err)
		}
	}
	if n := live.calls.Load(); n != 200 {
		t.Errorf("the live origin got %d calls", n)
	}
}

func TestOriginsThatAllFailRefuseAtOnce(t *testing.T) {
	c, past := clocked(t)
	route := routeAcross(t, simpul.Delivery{}, nowhere(t), nowhere(t))
	var last *simpul.Error
	for range 2 * refusedInARow * 2 {
		_, _, err := fetch(t, c, route, request(t, http.MethodGet, "/", nil))
		last = nil
		if e, ok := errors.AsType[*simpul.Error](err); ok {
			last = e
		}
	}
	if last == nil || !errors.Is(last, errResting) || last.Code != simpul.CodeUnavailable || last.Owner != owner || last.Retry <= 0 || last.Retry > firstRest {
		t.Fatalf("got %v", last)
	}
	if !strings.Contains(last.Remedy.ID, "penyedia") || !strings.Contains(last.Remedy.EN, "provider") {
		t.Errorf("the remedy names nobody: %v", last.Remedy)
	}
	past.Store(int64(firstRest))
	if _, _, err := fetch(t, c, route, request(t, http.MethodGet, "/", nil)); errors.Is(err, errResting) {
		t.Error("no trial is made after the rest")
	}
}

func TestOneLIDNeverHoldsBackAnother(t *testing.T) {
	p := newPeer(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/rusak") {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	c, _ := clocked(t)
	broken, whole := routeTo(t, p.URL+"/rusak"), routeTo(t, p.URL+"/utuh")
	neighbour := routeTo(t, p.URL+"/rusak")
	neighbour.Address = "master/Lain"
	for range 2 * breakerLeast {
		fetch(t, c, broken, request(t, http.MethodGet, "/", nil))
	}
	if _, _, err := fetch(t, c, broken, request(t, http.MethodGet, "/", nil)); !errors.Is(err, errResting) {
		t.Fatalf("the breaker did not open: %v", err)
	}
	for _, route := range []*simpul.Route{whole, neighbour} {
		if _, _, err := fetch(t, c, route, request(t, http.MethodGet, "/", nil)); err != nil {
			t.Errorf("%s at %s: %v", route.Address, route.Upstream.Path, err)
		}
	}
}

// What consumers can bring about by themselves must not hold back the others.
func TestConsumersCannotOpenABreaker(t *testing.T) {
	p := newPeer(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/lambat":
			<-r.Context().Done()
		case "/salah":
			w.WriteHeader(http.StatusNotFound)
		case "/galat":
			w.WriteHeader(http.StatusInternalServerError)
		default:
			io.Copy(io.Discard, r.Body)
		}
	})
	for name, call := range map[string]func() *http.Request{
		"wrong paths":          func() *http.Request { return request(t, http.MethodGet, "/salah", nil) },
		"errors of the origin": func() *http.Request { return request(t, http.MethodGet, "/galat", nil) },
		"short deadlines": func() *http.Request {
			r := request(t, http.MethodGet, "/lambat", nil)
			r.Header.Set(deadlineField, "0.001")
			return r
		},
		"bodies that break off": func() *http.Request {
			r := request(t, http.MethodPost, "/", io.NopCloser(io.MultiReader(strings.NewReader("abc"), broken{})))
			r.ContentLength = 10
			return r
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := clocked(t)
			route := routeTo(t, p.URL)
			for range 2 * breakerLeast {
				fetch(t, c, route, call())
			}
			if _, _, err := fetch(t, c, route, request(t, http.MethodGet, "/", nil)); err != nil {
				t.Errorf("another consumer meets %v", err)
			}
		})
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the consumer hung up") }

func TestAnAnswerThatBreaksOffCountsAgainstItsOrigin(t *testing.T) {
	p := newPeer(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, "short")
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	p.Config.ErrorLog = nil
	c, _ := clocked(t)
	route := routeTo(t, p.URL)
	for range 3 * breakerLeast {
		fetch(t, c, route, request(t, http.MethodGet, "/", nil))
	}
	if _, _, err := fetch(t, c, route, request(t, http.MethodGet, "/", nil)); !errors.Is(err, errResting) {
		t.Errorf("got %v", err)
	}
}

func TestASecondOriginIsAskedBesideASilentOne(t *testing.T) {
	asked, gone := make(chan struct{}), make(chan struct{})
	slow := newPeer(t, func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done() // until the hub has let go
		close(gone)
	})
	fast := newPeer(t, func(w http.ResponseWriter, r *http.Request) {
		<-asked
		says("cepat")(w, r)
	})
	c := newCaller(t)
	route := routeAcross(t, simpul.Delivery{Retry: &simpul.Retry{Attempts: 1, HedgeAfter: 10}}, slow.URL, fast.URL)
	tilt(c, route, fast.URL)
	code, text, err := fetch(t, c, route, request(t, http.MethodGet, "/", nil))
	if err != nil || code != 200 || text != "cepat" {
		t.Fatalf("got %d %q, %v", code, text, err)
	}
	<-gone
	if slow.calls.Load() != 1 || fast.calls.Load() != 1 {
		t.Errorf("%d and %d calls", slow.calls.Load(), fast.calls.Load())
	}
}

func TestHedgesStayWithinTheBudget(t *testing.T) {
	slow := func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(25 * time.Millisecond):
		case <-r.Context().Done():
		}
	}
	one, two := newPeer(t, slow), newPeer(t, slow)
	c, _ := clocked(t)
	route := routeAcross(t, simpul.Delivery{Retry: &simpul.Retry{Attempts: 1, HedgeAfter: 10}}, one.URL, two.URL)
	const calls = 100
	var all sync.WaitGroup
	for range calls {
		all.Go(func() { fetch(t, c, route, request(t, http.MethodGet, "/", nil)) })
	}
	all.Wait()
	if got, most := int(one.calls.Load()+two.calls.Load()), calls+calls/10+budgetMost/1_000; got > most {
		t.Errorf("%d attempts for %d calls, want at most %d", got, calls, most)
	}
}

func TestADeadlineOfTheConsumerShortensTheWait(t *testing.T) {
	told := make(chan string, 1)
	p := newPeer(t, func(_ http.ResponseWriter, r *http.Request) {
		told <- r.Header.Get(deadlineField)
		<-r.Context().Done()
	})
	c := newCaller(t)
	route := routeTo(t, p.URL) // waits for a minute
	r := request(t, http.MethodGet, "/", nil)
	r.Header.Set(deadlineField, "0.05")
	_, _, err := fetch(t, c, route, r)
	if e, ok := errors.AsType[*simpul.Error](err); !ok || e.Code != simpul.CodeTimeout || !strings.Contains(e.Message.EN, "50ms") {
		t.Errorf("got %v", err)
	}
	if got := <-told; got != "0.05" {
		t.Errorf("the origin was told %q", got)
	}
}

func TestWhatIsKnownOutlivesTheRoute(t *testing.T) {
	c, past := clocked(t)
	dead := nowhere(t)
	for range refusedInARow {
		fetch(t, c, routeTo(t, dead), request(t, http.MethodGet, "/", nil))
	}
	again := routeTo(t, dead) // was published anew
	if _, _, err := fetch(t, c, again, request(t, http.MethodGet, "/", nil)); !errors.Is(err, errResting) {
		t.Fatalf("the new route knows nothing: %v", err)
	}
	past.Store(int64(2 * originRest))
	fetch(t, c, routeTo(t, nowhere(t)), request(t, http.MethodGet, "/", nil)) // has the caller tidy up
	past.Add(int64(2 * originRest))
	fetch(t, c, routeTo(t, nowhere(t)), request(t, http.MethodGet, "/", nil))
	for what, m := range map[string]*sync.Map{"routes": &c.groups, "origins": &c.known} {
		n := 0
		m.Range(func(any, any) bool { n++; return true })
		if n > 2 {
			t.Errorf("%d %s are kept", n, what)
		}
	}
}

func TestNoOriginShowsInWhatComesBack(t *testing.T) {
	other := newPeer(t, says(""))
	first := newPeer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", other.URL+"/kota/7")
		w.WriteHeader(http.StatusFound)
	})
	c, _ := clocked(t)
	route := routeAcross(t, simpul.Delivery{}, first.URL, other.URL)
	tilt(c, route, other.URL)
	res, err := c.Call(route, request(t, http.MethodGet, "/", nil))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if got := res.Header.Get("Location"); got != "/master/Kota/kota/7" {
		t.Errorf("the consumer is sent to %q", got)
	}
}

func testProof(_ *simpul.Route, _ *url.URL, r *http.Request) *http.Request {
	out := r.WithContext(r.Context())
	out.Header = r.Header.Clone()
	out.Header.Set("X-Key", "rahasia")
	return out
}

func TestEveryAttemptCarriesTheProof(t *testing.T) {
	var with atomic.Int64
	check := func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Key") == "rahasia" {
			with.Add(1)
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	one, two := newPeer(t, check), newPeer(t, check)
	c, _ := clocked(t)
	route := routeAcross(t, simpul.Delivery{Retry: &simpul.Retry{Attempts: 1}}, one.URL, two.URL)
	r := request(t, http.MethodGet, "/", nil)
	res, err := Proven{c, testProof}.Call(route, r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if with.Load() != 2 || r.Header.Get("X-Key") != "" {
		t.Errorf("%d of 2 attempts carry it; the request itself: %q", with.Load(), r.Header.Get("X-Key"))
	}
}

// One that was added after the credential was made would refuse every call.
func TestAnOriginThatDoesNotKnowTheHubIsPassedBy(t *testing.T) {
	known, added := newPeer(t, says("kenal")), newPeer(t, status(401))
	c, _ := clocked(t)
	var made atomic.Bool
	c.Trust(func(_ *simpul.Route, base *url.URL) bool { return base.String() == known.URL || made.Load() })
	canary := simpul.Canary{Upstream: added.URL + "/baru", Percent: 100, ErrorPercent: 10}
	route := routeAcross(t, simpul.Delivery{Canary: &canary}, known.URL, added.URL)
	for range 50 {
		if code, _, err := fetch(t, c, route, callAs(t, "a@bandung.go.id")); err != nil || code != 200 {
			t.Fatalf("got %d, %v", code, err)
		}
	}
	made.Store(true)
	c.introduceAll()
	if code, _, _ := fetch(t, c, route, callAs(t, "a@bandung.go.id")); code != 401 {
		t.Error("it is passed by although the hub can prove itself now")
	}
	only := routeTo(t, added.URL+"/satu")
	made.Store(false)
	if code, _, _ := fetch(t, c, only, request(t, http.MethodGet, "/", nil)); code != 401 {
		t.Error("the only origin is not called")
	}
}

// slowBody is of a consumer who takes a minute for each of its parts.
type slowBody struct {
	parts int
	past  *atomic.Int64
}

func (b *slowBody) Read(p []byte) (int, error) {
	b.past.Add(int64(time.Minute))
	if b.parts--; b.parts < 0 {
		return 0, io.EOF
	}
	return copy(p, "halo"), nil
}

// How long a consumer takes to send says nothing of the origin that waits for it.
func TestAConsumersSlownessIsNotTheOrigins(t *testing.T) {
	const work = 20 * time.Millisecond
	for _, length := range []int64{-1, 4 * 3, 64 << 10} {
		c, past := clocked(t)
		p := newPeer(t, func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			past.Add(int64(work))
		})
		route := routeAcross(t, simpul.Delivery{}, p.URL, nowhere(t))
		origins := c.groupOf(route).stable
		origins[1].sick.Store(true)
		r := request(t, http.MethodPost, "/", &slowBody{parts: 3, past: past})
		if length == 64<<10 { // streams with a length
			r.Body = io.NopCloser(io.MultiReader(&slowBody{parts: 3, past: past}, strings.NewReader(strings.Repeat("a", 64<<10-12))))
		}
		r.ContentLength = length
		if code, _, err := fetch(t, c, route, r); err != nil || code != 200 {
			t.Fatalf("%d: %d, %v", length, code, err)
		}
		if got := origins[0].latency.last(); got != work {
			t.Errorf("a body of %d bytes: the origin seems to take %v", length, got)
		}
	}
}

// A key makes POST and PATCH repeatable, one attempt after the other, where the
// provider says that it knows keys.
func TestAKeyMakesACallRepeatable(t *testing.T) {
	for _, c := range []struct {
		name   string
		method string
		keys   []string
		keyed  bool
		calls  int64
	}{
		{"a key", http.MethodPost, []string{`"8e03978e"`}, true, 2},
		{"a key without quotes", http.MethodPatch, []string{"8e03978e"}, true, 2},
		{"a provider that knows no keys", http.MethodPost, []string{"a"}, false, 1},
		{"no key", http.MethodPost, nil, true, 1},
		{"an empty key", http.MethodPost, []string{""}, true, 1},
		{"two keys", http.MethodPost, []string{"a", "b"}, true, 1},
		{"an endless key", http.MethodPost, []string{strings.Repeat("a", longestKey+1)}, true, 1},
		{"another method", "LOCK", []string{"a"}, true, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			var keys sync.Map
			first := newPeer(t, func(w http.ResponseWriter, r *http.Request) {
				keys.Store("first", strings.Join(r.Header["Idempotency-Key"], "|"))
				w.WriteHeader(http.StatusServiceUnavailable)
			})
			second := newPeer(t, func(w http.ResponseWriter, r *http.Request) {
				keys.Store("second", strings.Join(r.Header["Idempotency-Key"], "|"))
			})
			caller, _ := clocked(t)
			route := routeAcross(t, simpul.Delivery{Retry: &simpul.Retry{Attempts: 1, Keyed: c.keyed}}, first.URL, second.URL)
			tilt(caller, route, second.URL)
			r := request(t, c.method, "/", strings.NewReader("isi"))
			r.Header["Idempotency-Key"] = c.keys
			if _, _, err := fetch(t, caller, route, r); err != nil {
				t.Fatal(err)
			}
			if got := first.calls.Load() + second.calls.Load(); got != c.calls {
				t.Errorf("%d attempts, want %d", got, c.calls)
			}
			one, _ := keys.Load("first")
			if two, again := keys.Load("second"); again && one != two {
				t.Errorf("the keys were %q and %q", one, two)
			}
		})
	}
}

// Two requests with one key at the same time would be a conflict.
func TestAKeyIsNeverHedged(t *testing.T) {
	hedged := make(chan struct{}, 1)
	other := newPeer(t, func(w http.ResponseWriter, r *http.Request) { hedged <- struct{}{} })
	slow := newPeer(t, func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-hedged:
		case <-time.After(100 * time.Millisecond): // ten times as long as a hedge would wait
		}
		io.WriteString(w, "lambat")
	})
	c := newCaller(t)
	route := routeAcross(t, simpul.Delivery{Retry: &simpul.Retry{Attempts: 1, HedgeAfter: 10, Keyed: true}}, slow.URL, other.URL)
	tilt(c, route, other.URL)
	r := request(t, http.MethodPost, "/", strings.NewReader("isi"))
	r.Header.Set("Idempotency-Key", "a")
	if _, text, err := fetch(t, c, route, r); err != nil || text != "lambat" || other.calls.Load() != 0 {
		t.Errorf("%q, %v; the other origin got %d calls", text, err, other.calls.Load())
	}
}

// A consumer who takes its time over a small body leaves the provider its own.
func TestTheTimeOfABodyIsNotTheProviders(t *testing.T) {
	p := newPeer(t, func(w http.ResponseWriter, r *http.Request) {
		<-time.After(20 * time.Millisecond) // longer than nothing
	})
	c, past := clocked(t)
	route := routeAcross(t, simpul.Delivery{Retry: &simpul.Retry{Attempts: 1}}, p.URL)
	for range 2 * failedInARow {
		r := request(t, http.MethodPut, "/", &slowBody{parts: 3, past: past})
		r.ContentLength = 3 * 4
		if code, _, err := fetch(t, c, route, r); err != nil || code != 200 {
			t.Fatalf("got %d, %v", code, err)
		}
	}
}

// Consumers who hold every connection to an origin say nothing of it: others wait,
// and are told why, but its breaker stays closed.
func TestConnectionsThatAreTakenSayNothingOfTheOrigin(t *testing.T) {
	onward := make(chan struct{})
	p := newPeer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/lama" {
			io.WriteString(w, "ha")
			http.NewResponseController(w).Flush()
			select {
			case <-onward:
			case <-r.Context().Done():
			}
		}
		io.WriteString(w, "lo")
	})
	c := New(1)
	t.Cleanup(c.Close)
	for name, d := range map[string]simpul.Delivery{"a plain route": {}, "a route that repeats": {Retry: &simpul.Retry{Attempts: 1}}} {
		route := routeAcross(t, d, p.URL)
		held, err := c.Call(route, request(t, http.MethodGet, "/lama", nil))
		if err != nil {
			t.Fatal(err)
		}
		defer held.Body.Close()
		route.Timeout = 20 * time.Millisecond
		for range 2 * failedInARow {
			_, _, err := fetch(t, c, route, request(t, http.MethodGet, "/", nil))
			if e, ok := errors.AsType[*simpul.Error](err); !ok || e.Code != simpul.CodeUnavailable || e.Retry <= 0 || errors.Is(err, errResting) {
				t.Fatalf("%s: got %v", name, err)
			}
		}
		onward <- struct{}{}
		io.Copy(io.Discard, held.Body)
		held.Body.Close()
		route.Timeout = 5 * time.Second
		if code, text, err := fetch(t, c, route, request(t, http.MethodGet, "/", nil)); err != nil || code != 200 || text != "lo" {
			t.Errorf("%s: afterwards %d %q, %v", name, code, text, err)
		}
	}
}
