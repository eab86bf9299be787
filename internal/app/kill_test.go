package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A hub is killed while many write to its control API. Whatever it had
// acknowledged is there after the restart, and works.
func TestKilledHubKeepsWhatItAcknowledged(t *testing.T) {
	const rounds, writers = 3, 200
	upstream := answering(t, `{"items":[]}`)
	place := newSite(t)
	promised := &ledger{specs: map[string]map[string]object{}, keys: map[string]string{}}
	for round := range rounds {
		hub := place.serve(t)
		promised.examine(t, hub)
		promised.killAt = promised.total + 200 + rand.IntN(400)
		promised.full = func() { hub.cmd.Process.Kill() }
		var work sync.WaitGroup
		for writer := range writers {
			work.Go(func() { promised.write(t.Context(), hub.control, fmt.Sprintf("r%d-w%d", round, writer), upstream) })
		}
		work.Wait()
		hub.wait(t)
	}
	promised.examine(t, place.serve(t))
}

// ledger is what hubs have acknowledged.
type ledger struct {
	mu     sync.Mutex
	specs  map[string]map[string]object // by kind and identifier
	keys   map[string]string            // key by application
	total  int
	killAt int
	full   func() // called once, when total reaches killAt
}

// write registers one small world and goes on changing it, until the hub dies.
func (l *ledger) write(ctx context.Context, c *control, name, upstream string) {
	agency, address := name+".go.id", name+"/Data"
	application := "uji@" + agency
	for edition := 0; ; edition++ {
		title := fmt.Sprintf("Edisi %d", edition)
		lid, grant := lidSpec(agency, upstream), grantSpec(address, application)
		lid["title"], grant["purpose"] = title, title
		alive := l.put(ctx, c, "Agency", agency, agencySpec(title)) &&
			l.put(ctx, c, "Application", application, applicationSpec(title)) &&
			l.put(ctx, c, "LID", address, lid) &&
			l.put(ctx, c, "Grant", name, grant) &&
			l.issue(ctx, c, application)
		if !alive {
			return
		}
	}
}

// put reports whether the hub acknowledged.
func (l *ledger) put(ctx context.Context, c *control, kind, id string, spec object) bool {
	got, err := c.send(ctx, http.MethodPut, itemPath(kind, id), resource(kind, id, spec))
	if err != nil || got.status >= 300 {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.specs[kind] == nil {
		l.specs[kind] = map[string]object{}
	}
	l.specs[kind][id] = spec
	l.count()
	return true
}

func (l *ledger) issue(ctx context.Context, c *control, application string) bool {
	got, err := c.send(ctx, http.MethodPost, itemPath("Application", application)+"/keys", object{})
	if err != nil || got.status != http.StatusCreated {
		return false
	}
	_, after, _ := strings.Cut(got.text, `"key":"`)
	key, _, _ := strings.Cut(after, `"`)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keys[application] = key
	l.count()
	return true
}

func (l *ledger) count() {
	if l.total++; l.total == l.killAt {
		l.full()
	}
}

// examine compares the ledger with what a hub holds, and calls what it must
// let through. A change that was not acknowledged may be there or not, so an
// edition may be the next one, never an earlier one.
func (l *ledger) examine(t *testing.T, hub *process) {
	t.Helper()
	if got := call(t, hub.client, hub.gateway+"/readyz", ""); got.status != http.StatusOK {
		t.Fatalf("not ready: %s", got.text)
	}
	for kind, want := range l.specs {
		held := hub.all(t, kind)
		for id, spec := range want {
			if held[id] == nil {
				t.Errorf("%s %s was acknowledged and is lost", kind, id)
			} else if was, is := edition(spec), edition(held[id]); is != was && is != was+1 {
				t.Errorf("%s %s was acknowledged as edition %d and is %d", kind, id, was, is)
			}
		}
	}
	for application, key := range l.keys {
		name := strings.TrimSuffix(strings.TrimPrefix(application, "uji@"), ".go.id")
		got := call(t, hub.client, hub.gateway+"/"+name+"/Data", key)
		if diff := cmp.Diff(answer{status: 200, text: `{"items":[]}`}, answer{status: got.status, text: got.text}, cmp.AllowUnexported(answer{})); diff != "" {
			t.Errorf("call of %s: %s", application, diff)
		}
	}
	t.Logf("%d changes acknowledged so far, %d applications can call", l.total, len(l.keys))
}

// edition is the number in a resource's name, title or purpose.
func edition(spec object) (n int) {
	for _, member := range []string{"title", "purpose", "name"} {
		if text, ok := spec[member].(string); ok {
			fmt.Sscanf(text, "Edisi %d", &n)
			return n
		}
	}
	return -1
}

// A hub is killed while many are being answered under a class that must leave
// evidence. Whoever got a whole answer finds it on record.
func TestKilledHubKeepsItsEvidence(t *testing.T) {
	const rounds, callers = 2, 32
	place := newSite(t)
	var delivered []string
	for range rounds {
		hub := place.serve(t)
		key := hub.settle(t)
		hub.offer(t, "Data", answering(t, slowAnswer), object{"class": "tertutup"}, nil)
		var mu sync.Mutex
		full := len(delivered) + 50 + rand.IntN(150)
		var work sync.WaitGroup
		for range callers {
			work.Go(func() {
				for {
					r, err := http.NewRequest(http.MethodGet, hub.gateway+"/uji/Data", nil)
					if err != nil {
						t.Error(err)
						return
					}
					r.Header.Set("X-API-Key", key)
					got, err := do(hub.client, r)
					if err != nil || got.text != slowAnswer {
						return
					}
					mu.Lock()
					if delivered = append(delivered, got.header.Get("Exchange-Id")); len(delivered) == full {
						hub.cmd.Process.Kill()
					}
					mu.Unlock()
				}
			})
		}
		work.Wait()
		hub.wait(t)
	}
	hub := place.serve(t)
	for _, id := range delivered {
		if kept := hub.record(t, id); kept.State != "sealed" || kept.Outcome != "delivered" || kept.ResponseBytes != int64(len(slowAnswer)) {
			t.Errorf("exchange %s was delivered, its record says %+v", id, kept)
		}
	}
	t.Logf("%d answers were delivered in full", len(delivered))
}
