package portal

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/web"
)

// Addresses of the screens, and of those that they lead to.
const (
	HomePath      = "/"
	ExchangesPath = "/exchanges"
	AgenciesPath  = "/agencies"
	GuidePath     = "/panduan"

	catalogPath = "/catalog"
)

// Hub is what the portal asks about the hub as a whole.
type Hub interface {
	// Figures counts what anybody may know, since the time.
	Figures(ctx context.Context, since time.Time) (Figures, error)
	// FirstCall returns a call for somebody who begins, if there is one.
	FirstCall(ctx context.Context) (FirstCall, bool)
	// Agencies returns all agencies in the order of their names.
	Agencies(ctx context.Context) []Agency
	// AgencyName returns the name of an agency; of one that is not known, its ID.
	AgencyName(ctx context.Context, id simpul.AgencyID) string
	// Behind is how many records cannot be found yet; 0 for a few.
	Behind(ctx context.Context) uint64
}

// Figures are the numbers on the home page.
type Figures struct {
	Agencies  int
	LIDs      int
	Exchanges int64         // that ended
	Delivered int64         // of them, those that the provider answered
	Median    time.Duration // of recent delivered exchanges, end to end; 0 without any
	Behind    uint64        // records that are not among them yet; 0 for a few
}

// FirstCall is a call to try.
type FirstCall struct {
	Title   string // of the LID
	Address simpul.Address
	Command string // for a shell
}

// Agency is one entry of the list of agencies.
type Agency struct {
	ID     simpul.AgencyID
	Name   string
	Level  string // nasional, provinsi, kabupaten or kota
	Region string // name of the region that it governs; "" for a national agency
	LIDs   int    // published
}

// Exchanges gives out records of exchanges. What is not in the scope does not
// exist for it.
type Exchanges interface {
	List(ctx context.Context, scope simpul.Scope, f Filter, limit int, cursor string) (page []Exchange, next string, err error)
	Get(ctx context.Context, scope simpul.Scope, id simpul.ExchangeID) (Exchange, error)
}

// Filter narrows a list of exchanges. A zero field does not.
type Filter struct {
	Address simpul.Address
	Outcome string // "delivered", "failed", or a simpul.Code
}

// Exchange is a record of an exchange and where the journal keeps it.
type Exchange struct {
	simpul.Exchange
	Ended    bool
	Journal  string
	Sequence uint64
}

// Pages are the screens.
type Pages struct {
	hub       Hub
	exchanges Exchanges
	desk      Desk
	gate      web.Gate
	gateway   string // URL where applications call
	now       clock.Clock
	proofs    Proofs // nil: the hub keeps no log
}

// New returns the screens.
func New(hub Hub, exchanges Exchanges, desk Desk, gate web.Gate, gateway string, now clock.Clock) *Pages {
	return &Pages{hub: hub, exchanges: exchanges, desk: desk, gate: gate, gateway: gateway, now: now}
}

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", p.home)
	mux.HandleFunc("GET "+GuidePath, p.guide)
	mux.HandleFunc("GET "+AgenciesPath, p.agencies)
	mux.Handle("GET "+ExchangesPath, p.gate.Admit(simpul.ReadExchanges, p.list))
	mux.Handle("GET "+ExchangesPath+"/{id}", p.gate.Admit(simpul.ReadExchanges, p.exchange))
	mux.Handle("GET "+ExchangesPath+"/{id}/bukti", p.gate.Admit(simpul.ReadExchanges, p.proof))
}
