package feasibility_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"simpul"
	"simpul/internal/registry/feasibility"
)

// A further origin gets the same data as the upstream, so it may be no less safe.
func TestFurtherOriginsAreLookedAt(t *testing.T) {
	server := httptest.NewServer(newProvider())
	defer server.Close()
	at, _ := url.Parse(server.URL)
	for _, c := range []struct {
		address string
		class   simpul.LIDClass
		want    feasibility.Outcome // of the finding at its place; "" for none
	}{
		{"https://203.0.113.7", simpul.Terbatas, ""},
		{"http://127.0.0.1", simpul.Terbatas, feasibility.Warn},
		{"http://203.0.113.7", simpul.Terbatas, feasibility.Fail},
		{"http://203.0.113.7", simpul.Terbuka, feasibility.Warn},
		{"https://169.254.169.254", simpul.Terbuka, feasibility.Fail},
	} {
		tester := newTester(elsewhere{newDirect(t, nil), at}, &ticking{at: monday})
		tester.PrivateHTTP = true
		s := subjectAt(t, "http://127.0.0.1")
		s.Class = c.class
		further, _ := url.Parse(c.address)
		s.Further = []feasibility.Origin{{Place: "delivery.canary", URL: further}}
		r, err := tester.Run(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		got := feasibility.Outcome("")
		for _, check := range r.Checks {
			for _, f := range check.Findings {
				if f.Place == "delivery.canary" && check.Key == "tls" {
					got = f.Outcome
				}
			}
		}
		if got != c.want {
			t.Errorf("%s under %s: %q, want %q", c.address, c.class, got, c.want)
		}
	}
}

// Each further origin is called once, without the hub's credential. One that is not
// there fails the test; a canary that is not there is a warning.
func TestFurtherOriginsAreReached(t *testing.T) {
	server := httptest.NewServer(newProvider())
	defer server.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	var called atomic.Int64
	second := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if called.Add(1); r.Method != http.MethodGet || r.URL.Path != "/" || r.Header.Get("Authorization") != "" {
			t.Errorf("called with %s %s %v", r.Method, r.URL, r.Header)
		}
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer second.Close()
	for _, c := range []struct {
		place, address string
		want           feasibility.Outcome
	}{
		{"delivery.origins[0]", second.URL, feasibility.Pass},
		{"delivery.origins[0]", gone.URL, feasibility.Fail},
		{"delivery.canary", second.URL, feasibility.Pass},
		{"delivery.canary", gone.URL, feasibility.Warn},
	} {
		called.Store(0)
		s := subjectAt(t, server.URL)
		further, _ := url.Parse(c.address)
		s.Further = []feasibility.Origin{{Place: c.place, URL: further}}
		r, err := newTester(newDirect(t, nil), &ticking{at: monday}).Run(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		for _, check := range r.Checks {
			if check.Key == "reachable" && check.Outcome != c.want {
				t.Errorf("%s %s: %s, want %s", c.place, c.address, check.Outcome, c.want)
			}
		}
		if there := c.address == second.URL; there != (called.Load() == 1) {
			t.Errorf("%s: called %d times", c.place, called.Load())
		}
	}
}
