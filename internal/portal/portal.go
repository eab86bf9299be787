package portal

import (
	"context"
	"net/http"
	"net/url"
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
}

// Figures are the numbers on the home page.
type Figures struct {
	Agencies  int
	LIDs      int
	Exchanges int64         // that ended
	Delivered int64         // of them, those that the provider answered
	Median    time.Duration // of recent delivered exchanges, end to end; 0 without any
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

// Visitor tells who is signed in.
type Visitor func(context.Context) (simpul.Principal, bool)

// Pages are the screens.
type Pages struct {
	hub       Hub
	exchanges Exchanges
	desk      Desk
	visitor   Visitor
	signIn    string // address of the sign-in page, which takes next
	gateway   string // URL where applications call
	now       clock.Clock
}

// New returns the screens.
func New(hub Hub, exchanges Exchanges, desk Desk, visitor Visitor, signIn, gateway string, now clock.Clock) *Pages {
	return &Pages{hub, exchanges, desk, visitor, signIn, gateway, now}
}

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", p.home)
	mux.HandleFunc("GET "+GuidePath, p.guide)
	mux.HandleFunc("GET "+AgenciesPath, p.agencies)
	mux.Handle("GET "+ExchangesPath, p.signedIn(p.list))
	mux.Handle("GET "+ExchangesPath+"/{id}", p.signedIn(p.exchange))
}

// signedIn asks whoever is not signed in to do so, and then brings them back. It
// refuses who may not see exchanges, which is all that these pages show.
func (p *Pages) signedIn(show func(http.ResponseWriter, *http.Request, simpul.Principal)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visitor, ok := p.visitor(r.Context())
		if ok {
			if err := visitor.Need(simpul.ReadExchanges); err != nil {
				web.Fail(w, r, err)
				return
			}
			show(w, r, visitor)
			return
		}
		next := p.signIn + "?next=" + url.QueryEscape(r.URL.RequestURI())
		if r.Header.Get("HX-Request") == "" {
			http.Redirect(w, r, next, http.StatusSeeOther)
			return
		}
		w.Header().Set("HX-Redirect", next) // the session ended while the page refreshed itself
		w.WriteHeader(http.StatusNoContent)
	})
}
