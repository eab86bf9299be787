package feasibility_test

import (
	"net/http/httptest"
	"net/url"
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
				if f.Place == "delivery.canary" {
					got = f.Outcome
				}
			}
		}
		if got != c.want {
			t.Errorf("%s under %s: %q, want %q", c.address, c.class, got, c.want)
		}
	}
}
