package console

import (
	"errors"
	"net/http"
	"strings"

	"simpul"
	"simpul/internal/exchange/console/snippet"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

const pattern = "/catalog/{group}/{name}/coba"

// PagePath returns where a LID is tried.
func PagePath(a simpul.Address) string { return "/catalog/" + string(a) + "/coba" }

// Pages are the screens.
type Pages struct {
	service  *Service
	gate     web.Gate
	exchange func(simpul.ExchangeID) string // address of a record's page
	lid      func(simpul.Address) string    // of a LID's page
}

// NewPages returns the screens.
func NewPages(service *Service, gate web.Gate, exchange func(simpul.ExchangeID) string, lid func(simpul.Address) string) *Pages {
	return &Pages{service, gate.At("/catalog"), exchange, lid}
}

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.Handle("GET "+pattern, p.gate.Admit(simpul.TryLIDs, p.show))
	mux.Handle("POST "+pattern, p.gate.Form(simpul.TryLIDs, p.act))
}

// view is what the page shows.
type view struct {
	Subject
	Operation   Operation
	Choices     []Choice
	Application simpul.ApplicationID // that is chosen
	Entered     Entered
	Understood  bool
	Answer      *Answer
	Fault       *simpul.Error
	Programs    []program
	exchange    func(simpul.ExchangeID) string
	lid         string
}

// program is the call in one language.
type program struct {
	snippet.Language
	Text string
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	v, ok := p.view(w, r, who, r.URL.Query().Get("operasi"))
	if !ok {
		return
	}
	for _, parameter := range v.Operation.Parameters {
		if parameter.Required {
			v.Entered.Values[valueKey(parameter)] = parameter.Example
		}
	}
	if v.Operation.Body != nil {
		v.Entered.Body = v.Operation.Body.Example
	}
	p.render(w, r, http.StatusOK, v)
}

// view gathers what every form of the page has.
func (p *Pages) view(w http.ResponseWriter, r *http.Request, who simpul.Principal, operation string) (*view, bool) {
	subject, err := p.service.Subject(r.Context(), r.PathValue("group")+"/"+r.PathValue("name"))
	if err != nil {
		web.Fail(w, r, err)
		return nil, false
	}
	o, ok := subject.operation(operation)
	if !ok {
		web.Fail(w, r, simpul.NotFound(kindOperation, shortened(operation)))
		return nil, false
	}
	choices, err := p.service.applications.Choices(r.Context(), who, subject.Address)
	if err != nil {
		web.Fail(w, r, err)
		return nil, false
	}
	v := &view{Subject: subject, Operation: o, Choices: choices, exchange: p.exchange, lid: p.lid(subject.Address)}
	v.Entered = Entered{Operation: o.name(), Values: map[string]string{}}
	for _, c := range choices {
		if v.Application == "" || c.Granted && !v.granted() {
			v.Application = c.ID
		}
	}
	return v, true
}

// granted reports whether the application that is chosen may call the LID.
func (v *view) granted() bool {
	for _, c := range v.Choices {
		if c.ID == v.Application {
			return c.Granted
		}
	}
	return false
}

func (p *Pages) act(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	v, ok := p.view(w, r, who, get("operation"))
	if !ok {
		return
	}
	for _, parameter := range v.Operation.Parameters {
		v.Entered.Values[valueKey(parameter)] = get("value." + valueKey(parameter))
	}
	v.Entered.Body, v.Entered.Purpose, v.Understood = r.PostForm.Get("body"), get("purpose"), get("understood") != ""
	v.Application, v.Entered.Sandbox = simpul.ApplicationID(get("application")), get("with") == "sandbox"
	if get("act") == "code" {
		p.render(w, r, http.StatusOK, v)
		return
	}
	answer, err := p.service.Call(r, who, v.Subject, v.Application, v.Entered, v.Understood)
	fault, coded := errors.AsType[*simpul.Error](err)
	switch {
	case err == nil:
		v.Answer = &answer
		p.render(w, r, http.StatusOK, v)
	case coded && (fault.Place != "" || fault.Code == simpul.CodeLimited || fault.Code == simpul.CodeUnavailable):
		v.Fault = fault
		p.render(w, r, httpapi.Status(fault.Code), v)
	default:
		web.Fail(w, r, err)
	}
}

// render shows the page with the programs for what is entered. Values that make
// none are told where they are entered.
func (p *Pages) render(w http.ResponseWriter, r *http.Request, status int, v *view) {
	for _, l := range snippet.Languages() {
		_, text, err := p.service.Snippet(v.Subject, l.Name, v.Entered)
		if fault, coded := errors.AsType[*simpul.Error](err); coded {
			if v.Fault == nil && v.Answer == nil {
				v.Fault, status = fault, httpapi.Status(fault.Code)
			}
			continue
		}
		v.Programs = append(v.Programs, program{l, text})
	}
	web.Render(w, r, status, page(v))
}
