package app_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// One agency fills a small hub with calls to a provider that does not answer.
// What is above its part is refused with 503, and another agency loses nothing.
func TestAFloodOfOneAgencyTakesNothingFromAnother(t *testing.T) {
	const room, flood, quiet = 20, 60, 50
	var arrived sync.WaitGroup
	arrived.Add(room)
	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		arrived.Done()
		<-release
		w.Write([]byte(`{"items":[]}`))
	}))
	t.Cleanup(slow.Close)
	hub := newSite(t).serve(t, "LIMITS_CALLS=20")
	greedy := hub.settle(t)
	hub.offer(t, "Lambat", slow.URL, nil, nil)
	hub.offer(t, "Cepat", answering(t, `{"items":[]}`), nil, nil)
	hub.put(t, "Agency", "tetangga.go.id", agencySpec("Tetangga"))
	hub.put(t, "Application", "sepi@tetangga.go.id", applicationSpec("Sepi"))
	hub.put(t, "Grant", "sepi", grantSpec("uji/Cepat", "sepi@tetangga.go.id"))
	modest := hub.key(t, "sepi@tetangga.go.id")

	answers := make(chan answer, flood)
	var calls sync.WaitGroup
	for range room {
		calls.Go(func() { answers <- call(t, hub.client, hub.gateway+"/uji/Lambat", greedy) })
	}
	arrived.Wait() // the hub is full
	for range flood - room {
		got := call(t, hub.client, hub.gateway+"/uji/Lambat", greedy)
		if got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") != "1" || !strings.Contains(got.text, "Hub sedang penuh, dan instansi pemakai.go.id punya") {
			t.Fatalf("%d %v %s", got.status, got.header, got.text)
		}
	}
	for i := range quiet {
		if got := call(t, hub.client, hub.gateway+"/uji/Cepat", modest); got.status != http.StatusOK {
			t.Fatalf("call %d of an agency below its part: %d %s", i, got.status, got.text)
		}
	}
	close(release)
	calls.Wait()
	for range room {
		if got := <-answers; got.status != http.StatusOK {
			t.Errorf("a call that was under way ended with %d", got.status)
		}
	}
	if got := call(t, hub.client, hub.gateway+"/uji/Cepat", greedy); got.status != http.StatusOK {
		t.Errorf("the hub stays full: %d %s", got.status, got.text)
	}
}

// A quota survives kill -9. What the first process had leased counts as used, and
// of what it let through only the calls of the last moment are forgotten.
func TestAQuotaSurvivesTheProcess(t *testing.T) {
	const quota, leased = 40, 12
	place := newSite(t)
	hub := place.serve(t)
	key := hub.settle(t)
	hub.offer(t, "Data", answering(t, `{"items":[]}`), nil, nil)
	hub.put(t, "Limit", "agency/"+consumerAgency, object{"perDay": quota})
	passed := 0
	for range 15 {
		if call(t, hub.client, hub.gateway+"/uji/Data", key).status == http.StatusOK {
			passed++
		}
	}
	if passed != 15 {
		t.Fatalf("%d of 15 calls passed", passed)
	}
	hub.kill(t)
	hub = place.serve(t)
	for range 3 * quota {
		got := call(t, hub.client, hub.gateway+"/uji/Data", key)
		if got.status == http.StatusOK {
			passed++
		} else if got.status != http.StatusTooManyRequests {
			t.Fatalf("%d %s", got.status, got.text)
		}
	}
	if passed >= quota+15 || passed < quota-leased {
		t.Errorf("%d calls passed in all, of a quota of %d", passed, quota)
	}
	t.Logf("%d calls passed in all, of a quota of %d", passed, quota)
}
