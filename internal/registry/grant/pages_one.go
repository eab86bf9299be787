package grant

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// oneView is what the page of a request shows.
type oneView struct {
	Case
	Offer        Offer // zero where the LID is not published any more
	ProviderName string
	ConsumerName string
	Held         *httpapi.Stored[Spec] // the grant that it led to, while there is one
	Pin          pinView               // the version that it builds on
	MayMend      bool
	MayDecide    bool
	MayEnd       bool          // suspend, resume or revoke the grant
	Refusal      *simpul.Error // why somebody of the provider may not decide
	Fault        *simpul.Error // of what was just tried
	Entered      url.Values
	Now          time.Time
}

func (v oneView) at(ctx context.Context, place string) string { return faultAt(ctx, v.Fault, place) }

func (p *Pages) one(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	p.show(w, r, who, nil, nil)
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, who simpul.Principal, fault *simpul.Error, entered url.Values) {
	ctx := r.Context()
	c, err := p.Access.Open(ctx, who, r.PathValue("id"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v := oneView{Case: c, Fault: fault, Entered: entered, Now: p.Now(), ProviderName: p.Agency(ctx, c.Provider), ConsumerName: p.Agency(ctx, c.Consumer())}
	if offer, err := p.Access.Offer(ctx, c.LID); err == nil { // without it the choices are those that were asked
		v.Offer, v.Class = offer, offer.Class
	}
	if c.Grant != "" {
		if held, err := p.Grants.Get(ctx, who, string(c.Grant)); err == nil {
			v.Held = &held
			v.Pin = p.pinsOf(ctx, who, Held{ID: held.ID, Spec: held.Spec})[held.ID]
		}
	}
	p.permit(who, &v)
	if v.Entered == nil {
		v.Entered = c.Latest().Ask.Terms.entered()
	}
	status := http.StatusOK
	if fault != nil {
		status = httpapi.Status(fault.Code)
	}
	web.Render(w, r, status, onePage(v))
}

// permit says what the visitor may do.
func (p *Pages) permit(who simpul.Principal, v *oneView) {
	gives := who.Scope().Covers(v.Provider) && who.Can(simpul.WriteGrants)
	v.MayMend = v.State.open() && who.Scope().Covers(v.Consumer()) && who.Can(simpul.WriteApplications)
	v.MayEnd = gives && v.Held != nil
	if v.State != Submitted || !gives {
		return
	}
	refusal, refused := errors.AsType[*simpul.Error](mayDecide(who, v.Case))
	v.MayDecide, v.Refusal = !refused, refusal
}

// decide carries out a decision; what is wrong with it is shown in the form.
func (p *Pages) decide(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	if err := readForm(w, r); err != nil {
		web.Fail(w, r, err)
		return
	}
	form := r.PostForm
	d := Decision{
		Version: wholeNumber(form.Get("version")), Verdict: State(form.Get("verdict")), Reason: form.Get("reason"),
		Agreement: Agreement{strings.TrimSpace(form.Get("agreementNumber")), strings.TrimSpace(form.Get("agreementDate"))},
	}
	var err error
	if d.Verdict == Approved {
		d.Terms, err = termsOf(form)
	}
	if err == nil {
		_, err = p.Access.Decide(r.Context(), who, r.PathValue("id"), d)
	}
	p.after(w, r, who, err, form)
}

// after shows the request once more where something was wrong.
func (p *Pages) after(w http.ResponseWriter, r *http.Request, who simpul.Principal, err error, entered url.Values) {
	fault, coded := errors.AsType[*simpul.Error](err)
	switch {
	case err == nil:
		http.Redirect(w, r, RequestPath(url.PathEscape(r.PathValue("id"))), http.StatusSeeOther)
	case !coded || fault.Code == simpul.CodeNotFound:
		web.Fail(w, r, err)
	default:
		p.show(w, r, who, fault, entered)
	}
}

func wholeNumber(text string) (n int) {
	for _, digit := range text {
		if digit < '0' || digit > '9' || n > 1_000_000 {
			return 0
		}
		n = n*10 + int(digit-'0')
	}
	return n
}

// end suspends, resumes or revokes the grant that a request led to.
func (p *Pages) end(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	if err := readForm(w, r); err != nil {
		web.Fail(w, r, err)
		return
	}
	c, err := p.Access.Get(r.Context(), who, r.PathValue("id"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	if c.Grant == "" {
		web.Fail(w, r, notNow(c.State))
		return
	}
	proposal, err := p.endGrant(r.Context(), who, string(c.Grant), r.PostForm)
	if proposal != "" {
		http.Redirect(w, r, proposalPath(proposal), http.StatusSeeOther)
		return
	}
	p.after(w, r, who, err, nil)
}

// proposalPath is where a second person decides.
func proposalPath(id string) string { return "/persetujuan/" + id }

// endGrant suspends, resumes or revokes a grant, as the form says. To resume may
// take a second person.
func (p *Pages) endGrant(ctx context.Context, who simpul.Principal, id string, form url.Values) (proposal string, err error) {
	reason := form.Get("reason")
	switch form.Get("act") {
	case "suspend":
		return "", p.Access.Suspend(ctx, who, id, reason)
	case "resume":
		return p.Access.Resume(ctx, who, id, reason)
	case "revoke":
		return "", p.Access.Revoke(ctx, who, id, reason)
	}
	return "", wrong("act", simpul.Text{ID: "Tindakan tidak dikenal.", EN: "The act is unknown."},
		simpul.Text{ID: "Muat ulang halamannya, lalu pilih lagi.", EN: "Reload the page and choose again."})
}

// confined reports whether rows are confined, or that is what is wrong.
func (v oneView) confined() bool {
	return len(rowsOf(v.Entered)) > 0 || v.Fault != nil && v.Fault.Place == "rows"
}

// fieldOptions are the fields that may be given, those that were asked marked.
func (v oneView) fieldOptions() []web.Option {
	asked := v.Latest().Ask.Fields
	names := asked
	if len(asked) == 0 {
		names = namesOf(v.Offer.Fields)
	}
	options := make([]web.Option, len(names))
	for i, name := range names {
		chosen := slices.Contains(v.Entered["fields"], name)
		options[i] = web.Option{Value: name, Label: labelOf(v.Offer.Fields, name), Selected: chosen}
	}
	return options
}

func namesOf(fields []OfferedField) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return names
}

// labelOf names a field with what the contract says of it.
func labelOf(fields []OfferedField, name string) string {
	for _, f := range fields {
		if f.Name == name && f.Description != "" {
			return name + " – " + f.Description
		}
	}
	return name
}
