package portal

import (
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

func (p *Pages) guide(w http.ResponseWriter, r *http.Request) {
	call, known := p.hub.FirstCall(r.Context())
	web.Render(w, r, http.StatusOK, guidePage(guideView{p.gateway, call, known}))
}

// guideView is what the guide shows.
type guideView struct {
	Gateway string
	Call    FirstCall
	HasCall bool
}

// statusOf is the HTTP status of an outcome; 0 where nobody gets one.
func statusOf(code simpul.Code) int {
	switch code {
	case "":
		return http.StatusOK
	case simpul.CodeAborted:
		return 0
	}
	return httpapi.Status(code)
}
