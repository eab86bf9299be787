package app

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"simpul/internal/platform/config"
	"simpul/internal/platform/httpapi"
)

func TestWhoMayReadTheMetrics(t *testing.T) {
	proxies, err := httpapi.ParseProxies([]string{"192.168.7.7"})
	if err != nil {
		t.Fatal(err)
	}
	h := &Hub{config: config.Default(), proxies: proxies}
	h.config.Metrics.Token = "a-token-of-a-scraper"
	served := h.scraped(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for name, c := range map[string]struct {
		from, forwarded, token string
		want                   int
	}{
		"this machine":                        {"127.0.0.1:1", "", "", 200},
		"this machine, IPv6":                  {"[::1]:1", "", "", 200},
		"a private network":                   {"10.1.2.3:1", "", "", 200},
		"IPv4 in IPv6":                        {"[::ffff:10.1.2.3]:1", "", "", 200},
		"elsewhere":                           {"203.0.113.9:1", "", "", 403},
		"elsewhere with the token":            {"203.0.113.9:1", "", "Bearer a-token-of-a-scraper", 200},
		"elsewhere with another":              {"203.0.113.9:1", "", "Bearer a-token-of-a-scrapeR", 403},
		"elsewhere with the bare token":       {"203.0.113.9:1", "", "a-token-of-a-scraper", 403},
		"through a relay that nobody named":   {"127.0.0.1:1", "10.0.0.1", "", 403},
		"through it with the token":           {"127.0.0.1:1", "10.0.0.1", "Bearer a-token-of-a-scraper", 200},
		"through a known proxy":               {"192.168.7.7:1", "10.0.0.1", "", 200},
		"through a known proxy from anywhere": {"192.168.7.7:1", "203.0.113.9", "", 403},
		"no address at all":                   {"", "", "", 403},
	} {
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.RemoteAddr = c.from
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if c.token != "" {
			r.Header.Set("Authorization", c.token)
		}
		w := httptest.NewRecorder()
		served.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%s: %d, want %d", name, w.Code, c.want)
		}
	}
	h.config.Metrics.Token = ""
	r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	r.RemoteAddr = "203.0.113.9:1"
	r.Header.Set("Authorization", "Bearer ")
	w := httptest.NewRecorder()
	if served.ServeHTTP(w, r); w.Code != 403 {
		t.Errorf("no token where none is set: %d", w.Code)
	}
}
