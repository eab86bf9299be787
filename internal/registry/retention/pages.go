package retention

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// ListPath is where the rules are shown.
const ListPath = "/retensi"

const maxForm = 16 << 10 // bytes

// Pages are the screens.
type Pages struct {
	service  *Service
	gate     web.Gate
	proposal func(id string) string   // address of a proposal's page
	history  func(kind string) string // address of what the trail has on a kind
	further  []Further
}

// Further leads to a page of another room about what is kept.
type Further struct {
	Title simpul.Text
	Href  string
}

// NewPages returns the screens.
func NewPages(service *Service, gate web.Gate, proposal, history func(string) string, further ...Further) *Pages {
	return &Pages{service, gate.At(ListPath), proposal, history, further}
}

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.Handle("GET "+ListPath, p.gate.Admit(simpul.ReadRetention, p.list))
	mux.Handle("GET "+ListPath+"/{kind}", p.gate.Admit(simpul.WriteRetention, p.form))
	mux.Handle("POST "+ListPath+"/{kind}", p.gate.Admit(simpul.WriteRetention, p.change))
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	rules, err := p.service.Rules(r.Context())
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, listPage(listView{rules, visitor.Can(simpul.WriteRetention), p.history, p.further}))
}

// listView is what the list shows.
type listView struct {
	rules   []Rule
	may     bool // propose a change
	history func(kind string) string
	further []Further
}

// formView is the state of the form.
type formView struct {
	Rule
	Entered    Wish
	EnteredDay string
	Why        string
	Fault      *simpul.Error
}

func (p *Pages) form(w http.ResponseWriter, r *http.Request, _ simpul.Principal) {
	rule, err := p.service.Rule(r.Context(), r.PathValue("kind"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, formPage(formView{Rule: rule, EnteredDay: strconv.Itoa(rule.Days), Entered: Wish{Basis: rule.Basis}}))
}

func (p *Pages) change(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		web.Fail(w, r, simpul.Invalid("form",
			simpul.Text{ID: "Isian formulir tidak terbaca.", EN: "The form cannot be read."},
			simpul.Text{ID: "Muat ulang halaman ini, lalu coba lagi.", EN: "Reload this page and try again."}))
		return
	}
	days, _ := strconv.Atoi(strings.TrimSpace(r.PostForm.Get("days"))) // 0 is below every minimum
	v := formView{EnteredDay: r.PostForm.Get("days"), Entered: Wish{r.PathValue("kind"), days, r.PostForm.Get("basis")}, Why: r.PostForm.Get("why")}
	id, err := p.service.Change(r.Context(), visitor, v.Entered, v.Why)
	fault, coded := errors.AsType[*simpul.Error](err)
	if err == nil {
		http.Redirect(w, r, p.proposal(id), http.StatusSeeOther)
		return
	}
	rule, rerr := p.service.Rule(r.Context(), v.Entered.Kind)
	if !coded || rerr != nil {
		web.Fail(w, r, err)
		return
	}
	v.Rule, v.Fault = rule, fault
	web.Render(w, r, httpapi.Status(fault.Code), formPage(v))
}
