package app_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"simpul"
)

// A stop loses nothing: calls under way are answered in full, calls that still
// come while the hub drains too, each with its connection's end announced, and
// every one of them is on record.
func TestStopLosesNoCall(t *testing.T) {
	const slow, late, restless = 40, 40, 3
	provider := newSlowProvider(t)
	place := newSite(t)
	hub := place.serve(t, "DRAIN_DELAY=2s", "DRAIN_TIMEOUT=60s")
	key := hub.settle(t)
	hub.offer(t, "Data", provider.URL, object{"timeoutSeconds": 60}, nil)
	ask := func(id string) *http.Request {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, hub.gateway+"/uji/Data/"+id, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-API-Key", key)
		return r
	}
	office := strings.TrimSuffix(hub.url, "/api/v1")
	people := dial(t, office, 1)[0]
	alive, err := http.NewRequestWithContext(t.Context(), http.MethodGet, office+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	people.mustAnswer(t, alive, "keep-alive")
	kept := dial(t, hub.gateway, late)
	for i, c := range kept {
		c.mustAnswer(t, ask(fmt.Sprint("warm-", i)), "keep-alive")
	}

	var under sync.WaitGroup
	answers := make(chan answer, slow)
	for i := range slow {
		under.Go(func() {
			got, err := do(hub.client, ask(fmt.Sprint("slow-", i)))
			if err != nil {
				t.Errorf("a call under way: %v", err)
			}
			answers <- got
		})
	}
	provider.await(slow)
	var restive sync.WaitGroup
	unanswered := make(chan error, restless)
	for i := range restless {
		restive.Go(func() {
			unanswered <- callUntilRefused(hub.gateway, provider, func(n int) *http.Request { return ask(fmt.Sprintf("restless-%d-%d", i, n)) })
		})
	}

	hub.terminate()
	eventually(t, "the hub is not ready any more", func() bool {
		return call(t, hub.client, hub.gateway+"/readyz", "").status == http.StatusServiceUnavailable
	})
	for i, c := range kept {
		c.mustAnswer(t, ask(fmt.Sprint("late-", i)), "close")
	}
	people.mustAnswer(t, alive, "close")
	restive.Wait()
	close(unanswered)
	for err := range unanswered {
		if err != nil {
			t.Error(err)
		}
	}
	provider.release()
	under.Wait()
	close(answers)
	if err := hub.wait(t); err != nil {
		t.Errorf("the hub ended with %v", err)
	}

	again := place.serve(t)
	for got := range answers {
		if got.status != http.StatusOK || got.text != slowAnswer {
			t.Errorf("a call under way got %d and %d bytes", got.status, len(got.text))
		}
		record := again.record(t, got.header.Get("Exchange-Id"))
		if record.State != "sealed" || record.Outcome != "delivered" {
			t.Errorf("the record of an answered call says %+v", record)
		}
	}
	if served, recorded := provider.served(), len(exchanges(t, again.control)); served != recorded {
		t.Errorf("the provider was called %d times, %d exchanges are on record", served, recorded)
	}
}

// callUntilRefused makes one call after another, each on a connection of its
// own as far as the hub closes it, until the hub takes no more. A call that
// reached the provider must have been answered in full.
func callUntilRefused(gateway string, provider *slowProvider, ask func(int) *http.Request) error {
	address := strings.TrimPrefix(gateway, "http://")
	for n := 0; ; {
		c, err := net.Dial("tcp", address)
		if err != nil {
			return nil // refused: nothing was taken
		}
		for open := true; open; n++ {
			r := ask(n)
			got, err := exchange(c, r)
			switch {
			case err == nil && got.status == http.StatusOK:
				open = !strings.EqualFold(got.header.Get("Connection"), "close")
			case err == nil:
				return fmt.Errorf("call %s: %d %s", r.URL.Path, got.status, got.text)
			case provider.knows(r.URL.Path):
				return fmt.Errorf("call %s reached the provider and was not answered: %w", r.URL.Path, err)
			default:
				open = false
			}
		}
		c.Close()
	}
}

// slowAnswer is longer than the hub's buffers.
var slowAnswer = `{"items":[` + strings.Repeat(`{"kode":"1","nama":"satu"},`, 10_000) + `{}]}`

// slowProvider answers paths that begin with slow when it is released, and
// others at once.
type slowProvider struct {
	*httptest.Server
	released chan struct{}
	arrived  chan struct{}
	release  func()

	mu   sync.Mutex
	seen map[string]bool
}

func newSlowProvider(t *testing.T) *slowProvider {
	p := &slowProvider{released: make(chan struct{}), arrived: make(chan struct{}, 1024), seen: map[string]bool{}}
	p.release = sync.OnceFunc(func() { close(p.released) })
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	t.Cleanup(p.release)
	return p
}

func (p *slowProvider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.seen[r.URL.Path] = true
	p.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if !strings.HasPrefix(r.URL.Path, "/slow") {
		io.WriteString(w, `{"items":[]}`)
		return
	}
	io.WriteString(w, slowAnswer[:1000])
	http.NewResponseController(w).Flush()
	p.arrived <- struct{}{}
	<-p.released
	io.WriteString(w, slowAnswer[1000:])
}

// await returns once n slow calls have arrived.
func (p *slowProvider) await(n int) {
	for range n {
		<-p.arrived
	}
}

func (p *slowProvider) knows(path string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen[strings.TrimPrefix(path, "/uji/Data")]
}

func (p *slowProvider) served() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.seen)
}

// connection is one connection to a hub, on which nothing is tried again.
type connection struct{ net.Conn }

func dial(t *testing.T, url string, n int) []connection {
	t.Helper()
	all := make([]connection, n)
	for i := range all {
		c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		all[i] = connection{c}
	}
	return all
}

// mustAnswer makes a call that is answered, and checks what becomes of the
// connection.
func (c connection) mustAnswer(t *testing.T, r *http.Request, then string) {
	t.Helper()
	got, err := exchange(c, r)
	if err != nil {
		t.Fatalf("%s: %v", r.URL.Path, err)
	}
	after := "keep-alive"
	if strings.EqualFold(got.header.Get("Connection"), "close") {
		after = "close"
	}
	if got.status != http.StatusOK || after != then {
		t.Fatalf("%s: %d, connection: %s, want 200, %s", r.URL.Path, got.status, after, then)
	}
}

// exchange makes one call on a connection.
func exchange(c net.Conn, r *http.Request) (answer, error) {
	if err := r.Write(c); err != nil {
		return answer{}, err
	}
	res, err := http.ReadResponse(bufio.NewReader(c), r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if res.Close {
		res.Header.Set("Connection", "close") // ReadResponse takes it off
	}
	return answer{res.StatusCode, res.Header, string(text)}, err
}

// record is what is on record of how an exchange ended.
type record struct {
	State, Outcome string
	HTTPStatus     int
	ResponseBytes  int64
}

// record finds an exchange that has ended, once the hub has indexed it.
func (c *control) record(t *testing.T, id string) (found record) {
	t.Helper()
	eventually(t, "exchange "+id, func() bool {
		got, err := c.send(t.Context(), http.MethodGet, "/exchanges/"+id, nil)
		if err != nil || got.status == http.StatusServiceUnavailable { // the index is behind
			return false
		}
		if got.status != http.StatusOK {
			t.Fatalf("exchange %s: %d %s", id, got.status, got.text)
		}
		found = decode[struct{ Status record }](t, got).Status
		return true
	})
	return found
}

// exchanges returns the identifiers of all exchanges on record.
func exchanges(t *testing.T, c *control) (ids []simpul.ExchangeID) {
	t.Helper()
	for cursor := ""; ; {
		page := decode[struct {
			Items []struct {
				Metadata struct{ ID simpul.ExchangeID }
			}
			Next string
		}](t, c.must(t, http.StatusOK, http.MethodGet, "/exchanges?limit=500&cursor="+cursor, nil))
		for _, item := range page.Items {
			ids = append(ids, item.Metadata.ID)
		}
		if cursor = page.Next; cursor == "" {
			return ids
		}
	}
}

// Whoever closes a hub again, as a deferred call does beside one whose error counts,
// gets the same.
func TestAHubIsClosedTwice(t *testing.T) {
	hub := open(t, settings(t, t.TempDir()))
	if first, second := hub.Close(), hub.Close(); first != nil || second != nil {
		t.Errorf("%v, %v", first, second)
	}
}
