package catalog

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// sectionDelivery is the page on which a provider says how the hub delivers its
// LID. It is no step of the wizard: the plainest way needs none of it.
const sectionDelivery = "pelayanan"

// DeliveryPath is where a provider says how the hub delivers a LID.
func DeliveryPath(a simpul.Address) string { return workPath(string(a), sectionDelivery) }

// Served tells how the origins of LIDs do, and lets canaries begin anew.
type Served interface {
	// Present tells how the origins of a LID do, as this process sees it.
	Present(ctx context.Context, p simpul.Principal, id string) (Presence, error)
	// Again lets a canary begin anew that was taken out.
	Again(ctx context.Context, p simpul.Principal, id string) error
}

// Presence is how the origins of a LID do.
type Presence struct {
	Origins []OriginPresence
	Canary  *CanaryPresence // nil: none
}

// OriginPresence is how one origin does.
type OriginPresence struct {
	URL           string
	Canary        bool
	Sick          bool      // says so itself
	Unproven      bool      // the hub's credential was not made for it
	AskedAt       time.Time // zero: never
	Breaker       Breaker
	Latency       time.Duration // 0: not known
	Calls, Failed int           // of the last seconds
}

// Breaker is whether calls reach an origin.
type Breaker string

// What a breaker does.
const (
	BreakerClosed Breaker = "closed"    // they do
	BreakerOpen   Breaker = "open"      // the hub holds them back
	BreakerTrial  Breaker = "half-open" // a trial does, now and then
)

// CanaryPresence is how a canary does.
type CanaryPresence struct {
	Calls, Failed int       // of the last minutes
	FellAt        time.Time // zero: it gets its share
}

// deliveryView is the page.
type deliveryView struct {
	work
	Form    *form
	Now     Presence
	News    news
	Choices []web.Option // lists of codes
}

func (p *Workplace) registerDelivery(on func(string, func(http.ResponseWriter, *http.Request, simpul.Principal))) {
	const path = WorkPath + "/{group}/{name}/" + sectionDelivery
	on("GET "+path, p.delivery)
	on("POST "+path, p.saveDelivery)
	on("POST "+path+"/canary", p.actOnCanary)
}

func (p *Workplace) delivery(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	v, err := p.open(r, who)
	switch {
	case err != nil:
		web.Fail(w, r, err)
	case v.begun():
		http.Redirect(w, r, workPath(v.ID, sectionWords), http.StatusSeeOther)
	default:
		p.showDelivery(w, r, http.StatusOK, v, &form{values: fillDelivery(v.Spec.Delivery)})
	}
}

func (p *Workplace) showDelivery(w http.ResponseWriter, r *http.Request, status int, v work, f *form) {
	view := deliveryView{work: v, Form: f}
	var err error
	if p.Served != nil && v.Spec.State.Live() {
		if view.Now, err = p.Served.Present(r.Context(), v.Who, v.ID); err != nil {
			web.Fail(w, r, err)
			return
		}
	}
	if p.Meanings != nil {
		if _, view.Choices, err = p.Meanings.Choices(r.Context(), v.Who); err != nil {
			web.Fail(w, r, err)
			return
		}
	}
	if status == http.StatusOK && r.Method == http.MethodGet {
		view.News = v.news(r)
	}
	web.Render(w, r, status, deliveryPage(view))
}

// saveDelivery takes what was entered, or gives the form one row more or less.
func (p *Workplace) saveDelivery(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	f, err := readForm(w, r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v, err := p.open(r, who)
	switch {
	case err != nil:
		web.Fail(w, r, err)
		return
	case v.begun():
		http.Redirect(w, r, workPath(v.ID, sectionWords), http.StatusSeeOther)
		return
	case f.rearranged():
		p.showDelivery(w, r, http.StatusOK, v, f)
		return
	}
	spec := v.Spec
	readDelivery(f, &spec)
	waits := ""
	if len(f.wrong) == 0 {
		waits, err = p.put(r, v, spec)
		err = f.refusedDelivery(err)
	}
	switch {
	case err != nil:
		web.Fail(w, r, err)
	case len(f.wrong) > 0:
		p.showDelivery(w, r, http.StatusUnprocessableEntity, v, f)
	default:
		http.Redirect(w, r, v.afterDelivery(waits), http.StatusSeeOther)
	}
}

// afterDelivery is the page again, with what became of the change.
func (v work) afterDelivery(waits string) string {
	if waits != "" {
		return workPath(v.ID, sectionDelivery) + "?menunggu=" + url.QueryEscape(waits)
	}
	return workPath(v.ID, sectionDelivery) + "?tersimpan=1"
}

// actOnCanary ends the canary, makes it the service, or begins it anew.
func (p *Workplace) actOnCanary(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	f, err := readForm(w, r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v, err := p.open(r, who)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	var stored httpapi.Stored[Spec]
	switch f.value("act") {
	case "promote":
		stored, err = p.LIDs.PromoteCanary(r.Context(), who, v.ID)
	case "end":
		stored, err = p.LIDs.EndCanary(r.Context(), who, v.ID)
	case "restart":
		err = p.restart(r.Context(), who, v.ID)
	default:
		err = noSection(f.value("act"))
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, v.afterDelivery(stored.Proposal), http.StatusSeeOther)
}

func (p *Workplace) restart(ctx context.Context, who simpul.Principal, id string) error {
	if p.Served == nil {
		return simpul.NotFound(kindCanary, id)
	}
	return p.Served.Again(ctx, who, id)
}
