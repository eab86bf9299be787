package provider

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"simpul"
)

func TestWhatAnOriginSaysOfItself(t *testing.T) {
	h := &health{}
	for i, step := range []struct{ well, sick, want bool }{
		{true, false, false}, {false, false, false}, {false, false, true}, {true, true, true},
		{false, true, true}, {true, true, true}, {true, true, false}, {false, false, false}, {true, false, false},
	} {
		if got := h.answered(step.well, step.sick, noon); got != step.want {
			t.Errorf("step %d: sick %v, want %v", i+1, got, step.want)
		}
	}
}

func TestOriginsAreAskedEachInTurn(t *testing.T) {
	h := &health{}
	if h.claim(noon, 10*time.Second) {
		t.Error("all that begin together are asked together")
	}
	if !h.claim(noon.Add(10*time.Second), 10*time.Second) || h.claim(noon.Add(20*time.Second), 10*time.Second) {
		t.Error("it is asked before it has answered")
	}
	h.answered(true, false, noon.Add(20*time.Second))
	if h.claim(noon.Add(18*time.Second), 10*time.Second) || !h.claim(noon.Add(21*time.Second), 10*time.Second) {
		t.Error("it is not asked at its interval")
	}
}

func TestAnOriginThatSaysThatItIsSickGetsNoCalls(t *testing.T) {
	var sick atomic.Bool
	one := newPeer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/sehat" && sick.Load() {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		says("satu")(w, r)
	})
	two := newPeer(t, says("dua"))
	c := newCaller(t)
	route := routeAcross(t, simpul.Delivery{Health: &simpul.Health{Path: "/sehat", EverySeconds: 1}}, one.URL, two.URL)
	g := c.groupOf(route)
	ask := func() {
		for range 2 {
			c.ask(t.Context(), g, g.stable[0], nil, time.Second)
		}
	}
	texts := func() map[string]int {
		got := map[string]int{}
		for range 50 {
			_, text, err := fetch(t, c, route, request(t, http.MethodGet, "/", nil))
			if err != nil {
				t.Fatal(err)
			}
			got[text]++
		}
		return got
	}
	sick.Store(true)
	ask()
	if got := texts(); got["satu"] != 0 {
		t.Errorf("got %v", got)
	}
	g.stable[1].sick.Store(true)
	if got := texts(); got["satu"]+got["dua"] != 50 {
		t.Errorf("nobody is called where none says that it is well: %v", got)
	}
	sick.Store(false)
	ask()
	if got := texts(); got["dua"] != 0 {
		t.Errorf("got %v", got)
	}
}

func TestQuestionsCarryTheProof(t *testing.T) {
	asked := make(chan string, 1)
	p := newPeer(t, func(_ http.ResponseWriter, r *http.Request) {
		asked <- r.Method + " " + r.URL.Path + " " + r.Header.Get("X-Key")
	})
	c := newCaller(t)
	route := routeAcross(t, simpul.Delivery{Health: &simpul.Health{Path: "/sehat"}}, p.URL+"/kota")
	g := c.groupOf(route)
	c.ask(t.Context(), g, g.stable[0], testProof, time.Second)
	if got := <-asked; got != "GET /kota/sehat rahasia" {
		t.Errorf("got %s", got)
	}
}

func TestAskingEndsWithItsContext(t *testing.T) {
	asked := make(chan struct{}, 100)
	p := newPeer(t, func(http.ResponseWriter, *http.Request) { asked <- struct{}{} })
	c := newCaller(t)
	route := routeAcross(t, simpul.Delivery{Health: &simpul.Health{Path: "/sehat", EverySeconds: 1}}, p.URL)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		c.Ask(ctx, func() []*simpul.Route { return []*simpul.Route{route} }, nil)
		close(done)
	}()
	<-asked
	cancel()
	<-done
}
