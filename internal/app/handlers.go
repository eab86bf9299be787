package app

import (
	"log"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"

	"simpul/internal/exchange/evidence"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/trail"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/grant"
	"simpul/internal/registry/identity"
	"simpul/internal/registry/issuer"
	"simpul/internal/registry/notice"
	"simpul/internal/registry/oidc"
	"simpul/internal/registry/onboarding"
	"simpul/internal/registry/signin"
)

// gatewayHandler serves applications, and health for the load balancer.
func (h *Hub) gatewayHandler(draining *atomic.Bool) http.Handler {
	own := http.NewServeMux()
	h.tokens.Register(own)
	h.publicKeys(own)
	own.HandleFunc("GET /healthz", alive)
	own.HandleFunc("GET /readyz", h.readiness(draining))
	ours := parting(draining, httpapi.Unserved(own, httpapi.FailProblem))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isOwn(r.URL.Path) {
			ours.ServeHTTP(w, r)
			return
		}
		h.flow.calls.Add(1)
		defer h.flow.calls.Add(-1)
		h.gateway.ServeHTTP(w, r)
	})
}

// isOwn reports whether the path is the hub's own on the gateway listener and so
// cannot be a LID's.
func isOwn(path string) bool {
	return path == "/healthz" || path == "/readyz" || strings.HasPrefix(path, "/oauth2/") || strings.HasPrefix(path, "/.well-known/")
}

// controlHandler serves the control API, the screens, and what operations need.
func (h *Hub) controlHandler(draining *atomic.Bool, gatewayURL string) http.Handler {
	operations := http.NewServeMux()
	h.callsAt = gatewayURL
	h.API(operations)
	mux := http.NewServeMux()
	mux.Handle("/api/", httpapi.Unserved(operations, httpapi.FailProblem))
	h.tokens.Register(mux)
	h.publicKeys(mux)
	h.logTiles(mux)
	mux.HandleFunc("GET /healthz", alive)
	mux.HandleFunc("GET /readyz", h.readiness(draining))
	mux.Handle("GET /metrics", h.scraped(h.metrics.Handler()))
	return parting(draining, httpapi.Lingering(h.located(h.settled(h.screens(mux, gatewayURL)))))
}

// parting makes every answer from the drain on the last of its connection, so
// that a stop that follows finds no connection on which a request could be under
// way. The gateway does so by itself.
func parting(draining *atomic.Bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if draining.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// located notes where a request came from, for the audit trail.
func (h *Hub) located(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(trail.WithOrigin(r.Context(), h.proxies.Client(r).String())))
	})
}

// API puts every operation of the control API on the mux.
func (h *Hub) API(mux *http.ServeMux) *httpapi.API {
	api := httpapi.New(mux, Version, h.Identity, h.log)
	agency.Register(api, h.Agencies, h.Applications)
	onboarding.RegisterAPI(api, h.Onboarding)
	identity.Register(api, h.Identity)
	catalog.Register(api, h.LIDs)
	catalog.RegisterOpen(api, h.LIDs, h.finder)
	catalog.RegisterSimilar(api, h.finder)
	h.revisionsAPI(api)
	catalog.RegisterHarvests(api, catalog.NewHarvests(h.db, clock.System))
	grant.Register(api, h.Grants)
	h.accessAPI(api)
	evidence.Register(api, h.Exchanges, h.lagOf(searching))
	h.ledgerAPI(api)
	h.meteringAPI(api)
	h.viewAPI(api)
	h.incidentAPI(api)
	h.trackerAPI(api)
	oidc.RegisterAPI(api, h.tokens)
	issuer.Register(api, h.Issuers)
	notice.Register(api, h.Notices)
	h.dutyAPI(api)
	signin.RegisterAPI(api, h.SignIn)
	h.standardsAPI(api)
	h.feasibilityAPI(api)
	h.shapeAPI(api)
	h.originsAPI(api)
	h.maturityAPI(api)
	h.lifecycleAPI(api)
	h.violationAPI(api)
	h.consoleAPI(api)
	h.trafficAPI(api)
	h.witnessAPI(api)
	return api
}

// alive answers as long as the process does.
func alive(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok\n")) }

// readiness answers 200 while calls are welcome.
func (h *Hub) readiness(draining *atomic.Bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case draining.Load():
			http.Error(w, "draining", http.StatusServiceUnavailable)
		case h.journal.Err() != nil:
			http.Error(w, h.stopped(), http.StatusServiceUnavailable)
		case h.db.Ping(r.Context()) != nil:
			http.Error(w, "database does not answer", http.StatusServiceUnavailable)
		default:
			w.Write([]byte("ready\n"))
		}
	}
}

// quiet keeps what hostile peers make net/http complain about out of the log
// unless somebody debugs.
func quiet(l *slog.Logger) *log.Logger { return slog.NewLogLogger(l.Handler(), slog.LevelDebug) }
