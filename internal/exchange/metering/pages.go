package metering

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"simpul"
	"simpul/internal/platform/web"
)

const (
	// UsagePath is the dashboard, HubPath the public status of the hub.
	UsagePath = "/pemakaian"
	HubPath   = "/status"
	csvPath   = UsagePath + "/pemakaian.csv"
)

// StatusPath returns the address of the public status of a LID.
func StatusPath(a simpul.Address) string { return "/catalog/" + string(a) + "/status" }

// UsageOf returns the address of the usage of one LID, as its provider sees it.
func UsageOf(provider simpul.AgencyID, a simpul.Address) string {
	return Question{View: AsProvider, Period: Week, Agency: provider, LID: a}.href()
}

// Entry is what the pages show of a LID that is published.
type Entry struct {
	Title    string
	Provider string
	Ending   *simpul.Ending // nil: no end is announced
}

// Names tells the pages what things are called.
type Names interface {
	Agency(ctx context.Context, id simpul.AgencyID) string
	LID(ctx context.Context, address simpul.Address) (Entry, bool) // false for one that is not published
}

// HubState is what everybody may know of the hub.
type HubState struct {
	Ready   bool // takes calls
	Journal bool // takes records
	LIDs    int  // published
}

// Pages are the screens.
type Pages struct {
	service *Service
	names   Names
	hub     func(context.Context) HubState
	gate    web.Gate
}

// NewPages returns the screens.
func NewPages(s *Service, names Names, hub func(context.Context) HubState, gate web.Gate) *Pages {
	return &Pages{s, names, hub, gate.At(UsagePath)}
}

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.Handle("GET "+UsagePath, p.gate.Admit(simpul.ReadExchanges, p.show))
	mux.Handle("GET "+csvPath, p.gate.Admit(simpul.ReadExchanges, p.csv))
	mux.HandleFunc("GET /catalog/{group}/{name}/status", p.lid)
	mux.HandleFunc("GET "+HubPath, p.status)
}

// usageView is what the dashboard shows.
type usageView struct {
	*Usage
	Who    simpul.Principal
	Title  string      // of the agency
	Typed  string      // as agency, where that is none
	Wrong  simpul.Text // what is wrong with it
	Unused []Granted
	Behind uint64
	names  Names
}

// typed is what stands in the form as the agency.
func (v usageView) typed() string { return cmp.Or(v.Typed, string(v.Agency)) }

// asked reads a question from the address.
func asked(r *http.Request, who simpul.Principal) (Question, error) {
	query := r.URL.Query()
	in := usageInput{View: query.Get("view"), Agency: query.Get("agency"), Period: query.Get("period"), LID: query.Get("lid")}
	q, err := in.question()
	if q.View != "" && q.View != AsProvider && q.View != AsConsumer && q.View != AsNation {
		q.View = ""
	}
	if err != nil {
		return q, err
	}
	return q.within(who)
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	v, err := p.gather(r, who)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	status := http.StatusOK
	if v.Wrong.ID != "" {
		status = http.StatusBadRequest
	}
	web.Render(w, r, status, usagePage(v))
}

func (p *Pages) gather(r *http.Request, who simpul.Principal) (v usageView, err error) {
	q, err := asked(r, who)
	fault, coded := errors.AsType[*simpul.Error](err)
	mistyped := coded && who.National && fault.Place == "query.agency"
	if mistyped {
		q, err = Question{View: AsNation, Period: q.Period, LID: q.LID}, nil
	}
	if err != nil {
		return v, err
	}
	v = usageView{Who: who, names: p.names, Title: say(r.Context(), simpul.Text{ID: "Seluruh negara", EN: "The whole nation"})}
	if mistyped {
		v.Typed = r.URL.Query().Get("agency")
		v.Wrong = simpul.Text{ID: fault.Message.ID + " " + fault.Remedy.ID, EN: fault.Message.EN + " " + fault.Remedy.EN}
	}
	if q.Agency != "" {
		v.Title = p.names.Agency(r.Context(), q.Agency)
	}
	if v.Usage, err = p.usage(r, who, q); err != nil {
		return v, err
	}
	if v.Unused, err = p.service.Unused(r.Context(), who, v.Usage); err != nil {
		return v, err
	}
	v.Behind, err = p.service.behind(r.Context())
	return v, err
}

// usage is what the page shows. Whoever does not say as what they look, and gives
// nothing, sees what they use.
func (p *Pages) usage(r *http.Request, who simpul.Principal, q Question) (*Usage, error) {
	u, err := p.service.Usage(r.Context(), who, q)
	if err != nil || u.All.Calls > 0 || q.View != AsProvider || r.URL.Query().Get("view") != "" {
		return u, err
	}
	q.View = AsConsumer
	used, err := p.service.Usage(r.Context(), who, q)
	if err != nil || used.All.Calls == 0 {
		return u, err
	}
	return used, nil
}

func (p *Pages) csv(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	q, err := asked(r, who)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	u, err := p.service.Usage(r.Context(), who, q)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
	h.Set("Content-Disposition", `attachment; filename="pemakaian-`+string(u.View)+"-"+string(u.Period)+`.csv"`)
	u.WriteCSV(w)
}

// href is the address of a question.
func (q Question) href() string { return UsagePath + "?" + q.query() }

func (q Question) query() string {
	values := url.Values{"view": {string(q.View)}, "period": {string(q.Period)}}
	if q.Agency != "" && q.View != AsNation {
		values.Set("agency", string(q.Agency))
	}
	if q.LID != "" {
		values.Set("lid", string(q.LID))
	}
	return values.Encode()
}

func (q Question) over(p Period) Question { q.Period = p; return q }

func (q Question) from(v View) Question { q.View = v; return q }

func (q Question) of(lid simpul.Address) Question { q.LID = lid; return q }

// views are the sides from which somebody may look.
func (v usageView) views() (all []View) {
	if v.Who.National {
		all = append(all, AsNation)
	}
	if v.Agency != "" || v.Who.Agency != "" {
		all = append(all, AsProvider, AsConsumer)
	}
	return all
}

// lidView is what the public status of a LID shows.
type lidView struct {
	LIDStatus
	Entry
}

func (p *Pages) lid(w http.ResponseWriter, r *http.Request) {
	var entry Entry
	address, err := knownAddress(r.PathValue("group")+"/"+r.PathValue("name"), func(a simpul.Address) (known bool) {
		entry, known = p.names.LID(r.Context(), a)
		return known
	})
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	status, err := p.service.Status(r.Context(), address)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, statusPage(lidView{status, entry}))
}

// hubView is what the public status of the hub shows.
type hubView struct {
	HubState
	Troubled int
	At       time.Time
}

func (p *Pages) status(w http.ResponseWriter, r *http.Request) {
	v := hubView{HubState: p.hub(r.Context()), At: p.service.now()}
	troubles, err := p.service.Troubles(r.Context())
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	for address := range troubles {
		if _, published := p.names.LID(r.Context(), address); published {
			v.Troubled++
		}
	}
	web.Render(w, r, http.StatusOK, hubPage(v))
}
