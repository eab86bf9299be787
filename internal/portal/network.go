package portal

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"simpul"
	"simpul/internal/platform/web"
)

// NetworkPath is where the map of the network is.
const NetworkPath = "/peta"

// Network is what the map asks: who may call whom through the hub.
type Network interface {
	// Counts are totals of the nation, which name nobody.
	Counts(ctx context.Context) (NetworkCounts, error)
	// Links returns the connections that the visitor may know of, those with the
	// most grants first.
	Links(ctx context.Context, visitor simpul.Principal) ([]NetworkLink, error)
}

// NetworkCounts says how much is connected.
type NetworkCounts struct {
	Applications int // that hold a grant
	LIDs         int // for which there is one
	Grants       int // connections that would otherwise be built one by one
}

// NetworkLink is one agency that uses another's data through the hub.
type NetworkLink struct {
	Consumer, Provider string // names
	Grants             int
	LIDs               int
}

// NetworkMap is the screen that shows what a hub saves.
type NetworkMap struct {
	network Network
	gate    web.Gate
}

// NewNetworkMap returns the screen.
func NewNetworkMap(network Network, gate web.Gate) *NetworkMap {
	return &NetworkMap{network, gate}
}

// Register puts the screen on the mux.
func (m *NetworkMap) Register(mux *http.ServeMux) { mux.HandleFunc("GET "+NetworkPath, m.show) }

// networkView is what the screen shows.
type networkView struct {
	Counts   NetworkCounts
	Links    []NetworkLink
	SignedIn bool
	Sum      arithmetic
}

func (m *NetworkMap) show(w http.ResponseWriter, r *http.Request) {
	v := networkView{Sum: parseArithmetic(r.URL.Query())}
	var err error
	if v.Counts, err = m.network.Counts(r.Context()); err != nil {
		web.Fail(w, r, err)
		return
	}
	if visitor, ok := m.gate.Visitor(r.Context()); ok && visitor.Can(simpul.ReadGrants) {
		v.SignedIn = true
		if v.Links, err = m.network.Links(r.Context(), visitor); err != nil {
			web.Fail(w, r, err)
			return
		}
	}
	web.Render(w, r, http.StatusOK, networkPage(v))
}

// arithmetic reckons what connections cost: N services by M applications one by
// one, or each once to a hub. The figures it begins with are those that the
// procurement of the national hub was argued with: 548 regional services, 100
// sector applications, 100 million rupiah for one connection.
type arithmetic struct {
	Services, Applications int
	Cost                   int // of one connection, million rupiah
}

func parseArithmetic(v url.Values) arithmetic {
	return arithmetic{
		Services:     between(v.Get("layanan"), 548, 100_000),
		Applications: between(v.Get("aplikasi"), 100, 100_000),
		Cost:         between(v.Get("biaya"), 100, 1_000_000),
	}
}

// between reads a number from 1 to most; what is none is the usual one.
func between(text string, usual, most int) int {
	if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= most {
		return n
	}
	return usual
}

// Direct is the number of connections one by one, Hub through a hub.
func (a arithmetic) Direct() int { return a.Services * a.Applications }
func (a arithmetic) Hub() int    { return a.Services + a.Applications }

// DirectCost and HubCost are in million rupiah.
func (a arithmetic) DirectCost() int64 { return int64(a.Direct()) * int64(a.Cost) }
func (a arithmetic) HubCost() int64    { return int64(a.Hub()) * int64(a.Cost) }

// rupiah writes an amount of million rupiah in words: Rp 5,48 triliun.
func rupiah(ctx context.Context, million int64) string {
	switch {
	case million >= 1_000_000:
		return "Rp " + web.Decimal(ctx, float64(million)/1e6, 2) + web.T(ctx, " triliun", " trillion")
	case million >= 1_000:
		return "Rp " + web.Decimal(ctx, float64(million)/1e3, 1) + web.T(ctx, " miliar", " billion")
	}
	return "Rp " + web.Number(ctx, million) + web.T(ctx, " juta", " million")
}

// mostDrawn is how many agencies stand on each side of the drawing; the table
// has them all.
const mostDrawn = 10

// side lists the agencies on one side of the drawing with their grants.
func side(links []NetworkLink, name func(NetworkLink) string) (names []string, grants map[string]int) {
	grants = map[string]int{}
	for _, l := range links {
		if n := name(l); grants[n] == 0 {
			names = append(names, n)
		}
		grants[name(l)] += l.Grants
	}
	return names[:min(len(names), mostDrawn)], grants
}

// rowHeight is the distance between two agencies in the drawing.
const rowHeight = 44

// spot is one agency in the drawing.
type spot struct {
	Name  string
	Y     int
	Width string // of its line to the hub
}

func spots(names []string, grants map[string]int, height int) []spot {
	all := make([]spot, len(names))
	top := (height - len(names)*rowHeight) / 2
	for i, name := range names {
		all[i] = spot{shortened(name), top + i*rowHeight + rowHeight/2, strconv.Itoa(min(2+grants[name], 9))}
	}
	return all
}

// shortened keeps a name within its side of the drawing.
func shortened(name string) string {
	const most = 30
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return name
}
