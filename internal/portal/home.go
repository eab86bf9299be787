package portal

import (
	"net/http"
	"time"

	"simpul/internal/platform/web"
)

// startOfDay is midnight where the hub has its seat, in western Indonesia.
func startOfDay(now time.Time) time.Time {
	local := now.In(time.FixedZone("WIB", 7*60*60))
	return time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, local.Location())
}

// home is the public face of the hub; whoever is signed in finds their desk.
func (p *Pages) home(w http.ResponseWriter, r *http.Request) {
	if visitor, ok := p.gate.Visitor(r.Context()); ok {
		p.desktop(w, r, visitor)
		return
	}
	figures, err := p.hub.Figures(r.Context(), startOfDay(p.now()))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	call, known := p.hub.FirstCall(r.Context())
	web.Render(w, r, http.StatusOK, homePage(homeView{figures, call, known}))
}

// homeView is what the home page shows.
type homeView struct {
	Figures Figures
	Call    FirstCall
	HasCall bool
}

// directLinks is how many connections so many agencies need if every two of
// them connect directly.
func directLinks(agencies int) int { return agencies * (agencies - 1) / 2 }
