package app_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Peers that take their time are cut off after the configured patience, each
// with a word where one is possible, and leave nothing behind. Others are served
// meanwhile.
func TestSlowPeersAreCutOff(t *testing.T) {
	const each = 20
	source := newSource(t)
	hub := newSite(t).serve(t, "LIMITS_HEADERTIMEOUT=3s", "LIMITS_IDLETIMEOUT=3s", "LIMITS_GRACE=3s", "LIMITS_MINRATE=65536")
	key := "X-API-Key: " + hub.settle(t)
	hub.offer(t, "Data", answering(t, `{"items":[]}`), nil, nil)
	hub.offer(t, "Sumber", source.URL, nil, nil)
	before := gauge(t, hub)

	kinds := []attack{
		{"says nothing", "", ""},
		{"half a line", "GET /uji/Da", "408"},
		{"half a head", "GET /uji/Data HTTP/1.1\r\nHost: hub\r\nX-A: ", "408"},
		{"no second call", request("GET", "/uji/Data", key), "200"},
		{"half a body", request("POST", "/uji/Data", "Content-Length: 900", key) + "abc", "400"},
		{"half a chunk", request("POST", "/uji/Data", "Transfer-Encoding: chunked", key) + "5\r\nabc", "400"},
		{"no chunk at all", request("POST", "/uji/Data", "Transfer-Encoding: chunked", key), "400"},
		{"no body after a refusal", request("POST", "/uji/Data", "Content-Length: 900"), "401"},
	}
	var slow sync.WaitGroup
	for _, a := range kinds {
		for range each {
			c := dial(t, hub.gateway, 1)[0]
			io.WriteString(c, a.input)
			slow.Go(func() {
				c.SetReadDeadline(time.Now().Add(patience))
				if heads, _ := answersOn(c); statuses(heads) != a.want {
					t.Errorf("%s: %q, want %q", a.name, statuses(heads), a.want)
				}
			})
		}
	}
	deaf := dial(t, hub.gateway, each) // they ask, and do not read
	for _, c := range deaf {
		io.WriteString(c, request("GET", "/uji/Sumber", key))
	}
	r, err := http.NewRequest(http.MethodGet, hub.gateway+"/uji/Data", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-API-Key", strings.TrimPrefix(key, "X-API-Key: "))
	if got, err := do(hub.client, r); err != nil || got.status != http.StatusOK {
		t.Errorf("among slow peers: %d %v", got.status, err)
	}
	slow.Wait()
	for range deaf {
		source.awaitEnd(t)
	}
	steady(t, hub, before, each+1)
}

// source is a provider whose answer does not end before somebody hangs up.
type source struct {
	*httptest.Server
	ended chan struct{}
}

func newSource(t *testing.T) *source {
	s := &source{ended: make(chan struct{}, 1024)}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *source) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() { s.ended <- struct{}{} }()
	w.Header().Set("Content-Type", "application/json")
	block := []byte(strings.Repeat(" ", 64<<10))
	for r.Context().Err() == nil {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

func (s *source) awaitEnd(t *testing.T) {
	t.Helper()
	select {
	case <-s.ended:
	case <-time.After(patience):
		t.Fatal("the hub still reads for a consumer who does not")
	}
}
