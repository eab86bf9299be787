package app_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A hub is killed again and again while 64 applications change something at a
// provider, under a class that must leave evidence. Whoever was answered finds the
// exchange on record, and the provider did nothing twice, whether or not the
// caller heard of it. SIMPUL_KILL_CYCLES says how often.
func TestKilledHubRepeatsNothing(t *testing.T) {
	const callers = 64
	place, effects := newSite(t), newEffects(t)
	if _, err := program(); err != nil { // so that no start waits for the compiler
		t.Fatal(err)
	}
	var answered []string
	var slowest time.Duration
	rounds := killCycles(t, 3)
	for round := range rounds {
		begun := time.Now()
		hub := place.serve(t)
		slowest = max(slowest, time.Since(begun))
		key := hub.settle(t)
		hub.offer(t, "Data", effects.url, object{"class": "tertutup"}, nil)
		answered = append(answered, changeUntilKilled(t, hub, key, fmt.Sprintf("r%d", round), callers)...)
	}
	hub := place.serve(t)
	for _, id := range answered {
		if kept := hub.record(t, id); kept.State != "sealed" || kept.Outcome != "delivered" {
			t.Errorf("exchange %s was answered, its record says %+v", id, kept)
		}
	}
	once, more := effects.count()
	for _, change := range more {
		t.Errorf("change %s took effect more than once", change)
	}
	t.Logf("%d cycles, %d callers: %d changes answered, %d took effect, none twice; the slowest start took %s until ready", rounds, callers, len(answered), once, slowest)
}

func killCycles(t *testing.T, few int) int {
	t.Helper()
	if n, err := strconv.Atoi(os.Getenv("SIMPUL_KILL_CYCLES")); err == nil {
		return n
	}
	return few
}

// changeUntilKilled sends changes, each once, and kills the hub among them. It
// returns the exchanges that were answered.
func changeUntilKilled(t *testing.T, hub *process, key, round string, callers int) (answered []string) {
	t.Helper()
	var mu sync.Mutex
	full := 1 + rand.IntN(400)
	var work sync.WaitGroup
	for caller := range callers {
		work.Go(func() {
			for i := 0; ; i++ {
				r, err := http.NewRequest(http.MethodPost, hub.gateway+"/uji/Data", strings.NewReader(fmt.Sprintf(`{"change":"%s-c%d-%d"}`, round, caller, i)))
				if err != nil {
					t.Error(err)
					return
				}
				r.Header.Set("X-API-Key", key)
				r.Header.Set("Content-Type", "application/json")
				got, err := do(hub.client, r)
				if err != nil || got.status != http.StatusOK {
					return
				}
				mu.Lock()
				if answered = append(answered, got.header.Get("Exchange-Id")); len(answered) == full {
					hub.cmd.Process.Kill()
				}
				mu.Unlock()
			}
		})
	}
	work.Wait()
	hub.wait(t)
	return answered
}

// effects is a provider that counts what it was told to change.
type effects struct {
	url  string
	mu   sync.Mutex
	seen map[string]int
}

func newEffects(t *testing.T) *effects {
	t.Helper()
	e := &effects{seen: map[string]int{}}
	server := httptest.NewServer(http.HandlerFunc(e.take))
	t.Cleanup(server.Close)
	e.url = server.URL
	return e
}

func (e *effects) take(w http.ResponseWriter, r *http.Request) {
	change, err := io.ReadAll(r.Body)
	if err != nil {
		return // the hub is gone; it told nobody that this came about
	}
	e.mu.Lock()
	e.seen[string(change)]++
	e.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, `{"items":[]}`)
}

func (e *effects) count() (once int, more []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for change, n := range e.seen {
		if once++; n > 1 {
			more = append(more, change)
		}
	}
	return once, more
}
