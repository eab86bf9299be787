package telemetry

import (
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"simpul"
)

// scrape returns the lines of our own counters.
func scrape(t *testing.T, m *Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
		t.Fatalf("got %d as %s", w.Code, w.Header().Get("Content-Type"))
	}
	var ours []string
	for line := range strings.Lines(w.Body.String()) {
		if strings.HasPrefix(line, "simpul_") {
			ours = append(ours, strings.TrimSpace(line))
		}
	}
	return strings.Join(ours, "\n")
}

func TestMetricsCount(t *testing.T) {
	m := NewMetrics()
	for _, x := range []simpul.Exchange{
		{Latency: 3 * time.Millisecond, Upstream: 2 * time.Millisecond},
		{Latency: 4 * time.Millisecond, Upstream: 2 * time.Millisecond},
		{Latency: time.Millisecond, Outcome: simpul.CodeDenied}, // the provider was not called
		{Latency: 40 * time.Second, Upstream: 39 * time.Second, Outcome: simpul.CodeTimeout},
	} {
		m.Count(&x)
	}
	got := scrape(t, m)
	for _, want := range []string{
		`simpul_exchanges_total{outcome="delivered"} 2`,
		`simpul_exchanges_total{outcome="denied"} 1`,
		`simpul_exchanges_total{outcome="timeout"} 1`,
		`simpul_exchange_seconds_bucket{le="0.0025"} 1`,
		`simpul_exchange_seconds_bucket{le="0.005"} 3`,
		`simpul_exchange_seconds_bucket{le="30"} 3`,
		`simpul_exchange_seconds_bucket{le="+Inf"} 4`,
		`simpul_exchange_seconds_count 4`,
		`simpul_upstream_seconds_count 3`,
		`simpul_exchange_results_total{class="unknown",owner="none"} 2`,
		`simpul_exchange_results_total{class="unknown",owner="consumer"} 1`,
		`simpul_exchange_results_total{class="unknown",owner="provider"} 1`,
	} {
		if !strings.Contains(got+"\n", want+"\n") {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

// Nothing of an exchange but its outcome becomes a label: labels of whatever
// callers send would grow without bound and tell who asked for what.
func TestMetricsTellNothingOfAnExchange(t *testing.T) {
	m := NewMetrics()
	m.Count(&simpul.Exchange{
		ID: "01890a5d-ac96-774b-bcce-b302099a8057", Address: "master/Kota", Provider: "kemendagri.go.id", Purpose: "rahasia",
		Consumer: simpul.Consumer{Application: "layanan@bandungkota.go.id", Credential: "k-1"},
	})
	got := scrape(t, m)
	for _, hidden := range []string{"01890a5d", "Kota", "kemendagri", "layanan", "rahasia", "k-1"} {
		if strings.Contains(got, hidden) {
			t.Errorf("the metrics tell %s:\n%s", hidden, got)
		}
	}
}

func TestTwoHubsHaveTheirOwnMetrics(t *testing.T) {
	one, other := NewMetrics(), NewMetrics()
	one.Count(&simpul.Exchange{})
	if got := scrape(t, other); strings.Contains(got, "delivered") {
		t.Errorf("got\n%s", got)
	}
}

func TestMetricsCountAtOnce(t *testing.T) {
	m := NewMetrics()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				m.Count(&simpul.Exchange{Latency: time.Millisecond})
				m.Handler()
			}
		})
	}
	wg.Wait()
	if got := scrape(t, m); !strings.Contains(got, `simpul_exchanges_total{outcome="delivered"} 800`) {
		t.Errorf("got\n%s", got)
	}
}

func TestResultsAreCountedBySideAndClass(t *testing.T) {
	m := NewMetrics()
	for _, x := range []simpul.Exchange{
		{Class: simpul.Terbuka}, {Class: simpul.Terbuka}, {Class: simpul.Terbatas, Outcome: simpul.CodeLimited},
		{Class: simpul.Tertutup, Outcome: simpul.CodeInternal}, {Class: "of tomorrow", Status: 500},
	} {
		m.Count(&x)
	}
	got := scrape(t, m)
	for _, want := range []string{
		`simpul_exchange_results_total{class="terbuka",owner="none"} 2`,
		`simpul_exchange_results_total{class="terbatas",owner="consumer"} 1`,
		`simpul_exchange_results_total{class="tertutup",owner="hub"} 1`,
		`simpul_exchange_results_total{class="unknown",owner="provider"} 1`,
	} {
		if !strings.Contains(got+"\n", want+"\n") {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

func TestAGaugeIsAskedAtEachScrape(t *testing.T) {
	m, lag := NewMetrics(), 3.0
	m.Gauge("simpul_lag", "How far something is behind.", func() float64 { lag++; return lag })
	for _, want := range []string{"simpul_lag 4", "simpul_lag 5"} {
		if got := scrape(t, m); !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}
