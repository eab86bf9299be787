package custody

import (
	"errors"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// Path is where exports are proposed and fetched.
const Path = "/persetujuan/ekspor-kunci"

const maxForm = 16 << 10 // bytes

// Pages are the screens.
type Pages struct {
	service  *Service
	gate     web.Gate
	proposal func(id string) string // address of a proposal's page
}

// NewPages returns the screens.
func NewPages(service *Service, gate web.Gate, proposal func(id string) string) *Pages {
	return &Pages{service, gate.At(Path), proposal}
}

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.Handle("GET "+Path, p.gate.Admit(simpul.ExportKeys, p.list))
	mux.Handle("POST "+Path, p.gate.Admit(simpul.ExportKeys, p.propose))
	mux.Handle("POST "+Path+"/{id}", p.gate.Admit(simpul.ExportKeys, p.fetch))
}

// view is what the screen shows.
type view struct {
	Rows           []row
	Recipient, Why string // as entered
	Fault          *simpul.Error
}

// row is one export and whether this visitor can fetch it.
type row struct {
	Export
	Mine, Ready bool
	Proposal    string // address of its page
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	p.show(w, r, visitor, http.StatusOK, view{})
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, visitor simpul.Principal, status int, v view) {
	all, err := p.service.List(r.Context(), visitor)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	for _, e := range all {
		v.Rows = append(v.Rows, row{e, e.of(visitor), e.Ready(p.service.now()), p.proposal(e.ID)})
	}
	web.Render(w, r, status, page(v))
}

func (p *Pages) propose(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		web.Fail(w, r, simpul.Invalid("form",
			simpul.Text{ID: "Isian formulir tidak terbaca.", EN: "The form cannot be read."},
			simpul.Text{ID: "Muat ulang halaman ini, lalu coba lagi.", EN: "Reload this page and try again."}))
		return
	}
	v := view{Recipient: r.PostForm.Get("recipient"), Why: r.PostForm.Get("why")}
	id, err := p.service.Propose(r.Context(), visitor, v.Recipient, v.Why)
	fault, coded := errors.AsType[*simpul.Error](err)
	switch {
	case err == nil:
		http.Redirect(w, r, p.proposal(id), http.StatusSeeOther)
	case !coded:
		web.Fail(w, r, err)
	default:
		v.Fault = fault
		p.show(w, r, visitor, httpapi.Status(fault.Code), v)
	}
}

func (p *Pages) fetch(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	file, err := p.service.Fetch(r.Context(), visitor, r.PathValue("id"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", `attachment; filename="simpul-vault.json.age"`)
	w.Write([]byte(file))
}
