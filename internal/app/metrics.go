package app

import (
	"crypto/subtle"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/platform/httpapi"
)

// flow counts what is under way in this process.
type flow struct {
	calls       atomic.Int64 // within the gateway
	connections atomic.Int64 // of all listeners
}

// connection follows the life of a connection.
func (f *flow) connection(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		f.connections.Add(1)
	case http.StateHijacked, http.StateClosed:
		f.connections.Add(-1)
	}
}

// gauges show what an operator watches: how full the hub is, and how far what is
// derived from the journal is behind.
func (h *Hub) gauges() {
	count := func(n *atomic.Int64) func() float64 { return func() float64 { return float64(n.Load()) } }
	h.metrics.Gauge("simpul_calls_in_flight", "Calls within the gateway at this moment.", count(&h.flow.calls))
	h.metrics.Gauge("simpul_connections", "Open connections of all listeners.", count(&h.flow.connections))
	h.metrics.Gauge("simpul_journal_lag_records", "Records that are not on disk yet.", func() float64 {
		durable := h.journal.Durable()
		return float64(max(h.journal.Last(), durable) - durable)
	})
	h.metrics.Gauge("simpul_journal_accepting", "1 while the journal takes records.", func() float64 {
		if h.journal.Err() != nil {
			return 0
		}
		return 1
	})
	h.metrics.Gauge("simpul_journal_trouble", "Why the journal takes no records: 0 it does, 1 disk full, 2 read-only, 3 faulty, 4 forbidden, 5 damaged, 6 other.", func() float64 {
		return float64(slices.Index(evidence.Troubles(), evidence.TroubleOf(h.journal.Err())) + 1)
	})
	h.metrics.Gauge("simpul_journal_free_bytes", "Bytes left on the disk of the journal.", func() float64 {
		free, _ := h.journal.Free()
		return float64(free)
	})
	if !h.indexes() {
		return
	}
	h.metrics.Gauge("simpul_index_lag_records", "Records that cannot be searched yet.", func() float64 { return float64(h.index.Lag()) })
	h.metrics.Gauge("simpul_tracker_lag_records", "Records of which the access tracker shows nothing yet.", func() float64 { return float64(h.following.Lag()) })
	h.metrics.Gauge("simpul_metering_lag_records", "Records that are not counted yet.", func() float64 { return float64(h.meter.Lag()) })
}

// scraped lets those read the metrics who show the token, or come from an address
// that needs none. What came through a proxy that is not known counts as coming
// from anywhere, since the proxy's own address says nothing.
func (h *Hub) scraped(next http.Handler) http.Handler {
	allowed, err := httpapi.ParseProxies(h.config.Metrics.Allow)
	if err != nil {
		allowed = nil // Validate refuses such a configuration
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !h.showsToken(r) && !h.mayScrape(r, allowed) {
			httpapi.FailProblem(w, r, notToBeScraped())
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (h *Hub) showsToken(r *http.Request) bool {
	want := h.config.Metrics.Token.Reveal()
	got, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return want != "" && bearer && subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1
}

func (h *Hub) mayScrape(r *http.Request, allowed httpapi.Proxies) bool {
	relayed := r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != ""
	if relayed && !h.proxies.Sent(r) {
		return false
	}
	return allowed.Trusts(h.proxies.Client(r))
}

func notToBeScraped() error {
	return &simpul.Error{
		Code:    simpul.CodeDenied,
		Message: simpul.Text{ID: "Angka pemantauan tidak dibuka untuk alamat ini.", EN: "The metrics are not open to this address."},
		Remedy:  simpul.Text{ID: "Tunjukkan token metrics.token, atau minta operator menambahkan alamat ini ke metrics.allow.", EN: "Show the token of metrics.token, or ask the operator to add this address to metrics.allow."},
	}
}
