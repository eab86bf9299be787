package violation

import (
	"net/http"
	"strconv"

	"simpul"
	"simpul/internal/platform/web"
)

// PagePath is the address of the page of a LID's violations.
func PagePath(a simpul.Address) string { return "/lid/" + string(a) + "/pelanggaran" }

// Paths are pages of other rooms to which this one leads.
type Paths struct {
	LID      func(simpul.Address) string
	Edit     func(simpul.Address) string // where the provider sets the checks
	Exchange func(simpul.ExchangeID) string
}

// Pages are the screens, for the provider of a LID, the operator and consumers.
type Pages struct {
	service *Service
	gate    web.Gate
	paths   Paths
}

// NewPages returns the screens.
func NewPages(service *Service, gate web.Gate, paths Paths) *Pages {
	return &Pages{service, gate.At("/"), paths}
}

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.Handle("GET /lid/{group}/{name}/pelanggaran", p.gate.Admit(simpul.ReadExchanges, p.show))
}

// view is what the page shows.
type view struct {
	Report
	Paths   Paths
	MayEdit bool
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	id := r.PathValue("group") + "/" + r.PathValue("name")
	address, err := simpul.ParseAddress(id)
	if err != nil {
		web.Fail(w, r, simpul.NotFound(simpul.Text{ID: "LID", EN: "LID"}, id))
		return
	}
	last, _ := strconv.Atoi(r.URL.Query().Get("hari")) // what is no number is the usual
	report, err := p.service.Report(r.Context(), who, address, last)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, page(view{report, p.paths, report.Own && who.Can(simpul.WriteLIDs)}))
}
