package agency

import (
	"context"
	"net/http"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// AppointedForm is what an agency's page shows of its PIC appointment.
type AppointedForm struct {
	Team     []AppointedPerson
	Versions []FormVersion // newest first
	NewHref  string        // where its people begin a new version; empty where they may not
}

// AppointedPerson is one of the PIC team.
type AppointedPerson struct{ Name, Position, Email, Tasks string }

// FormVersion is one version of the form.
type FormVersion struct {
	Label string
	Href  string
	State simpul.Text
	At    time.Time
}

// Forms knows the PIC appointments of agencies.
type Forms interface {
	AppointedForm(ctx context.Context, p simpul.Principal, agency simpul.AgencyID) (AppointedForm, error)
}

type agencyView struct {
	agency    httpapi.Stored[Spec]
	covered   bool // the visitor sees the agency's own matters
	approval  Approval
	addresses []string
	units     []Unit
	children  []httpapi.Stored[Spec]
	form      AppointedForm
	said      string
	mayWrite  bool
	mayDecide bool
	entered   string // addresses that must be mended
	unit      Unit   // likewise
	fault     fault
}

// myAgency shows the agency that somebody acts for; who acts for all has none.
func (p *Pages) myAgency(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	own := ownAgency(who)
	if own == "" {
		http.Redirect(w, r, "/agencies", http.StatusSeeOther)
		return
	}
	p.showAgency(w, r, who, string(own), http.StatusOK, agencyView{})
}

func (p *Pages) agency(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	p.showAgency(w, r, who, r.PathValue("id"), http.StatusOK, agencyView{})
}

// showAgency shows an agency, with what somebody entered and must mend.
func (p *Pages) showAgency(w http.ResponseWriter, r *http.Request, who simpul.Principal, id string, status int, v agencyView) {
	ctx := r.Context()
	var err error
	if v.agency, err = p.Agencies.Get(ctx, who, id); err != nil {
		web.Fail(w, r, err)
		return
	}
	if v.children, err = p.Agencies.Children(ctx, who, id); err != nil {
		web.Fail(w, r, err)
		return
	}
	v.said = happened(ctx, r.URL.Query().Get("selesai"))
	if v.covered = who.Scope().Covers(simpul.AgencyID(id)); v.covered {
		if err := p.gather(ctx, who, id, &v); err != nil {
			web.Fail(w, r, err)
			return
		}
	}
	v.mayWrite = v.covered && who.Can(simpul.WriteAgencies)
	v.mayDecide = who.National && who.Can(simpul.ApproveAgencies)
	web.Render(w, r, status, agencyPage(v))
}

// gather reads what is the agency's own matter.
func (p *Pages) gather(ctx context.Context, who simpul.Principal, id string, v *agencyView) (err error) {
	if v.approval, err = p.Agencies.Approval(ctx, who, id); err != nil {
		return err
	}
	if v.addresses, err = p.Agencies.Allowlist(ctx, who, id); err != nil {
		return err
	}
	if v.units, err = p.Agencies.Units(ctx, who, id); err != nil {
		return err
	}
	if p.Form != nil {
		v.form, err = p.Form.AppointedForm(ctx, who, simpul.AgencyID(id))
	}
	return err
}

func (p *Pages) setAddresses(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	entered := r.PostForm.Get("addresses")
	err := p.Agencies.SetAllowlist(r.Context(), who, r.PathValue("id"), lines(entered))
	p.afterAgency(w, r, who, err, agencyView{entered: entered})
}

func (p *Pages) putUnit(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	unit := Unit{strings.TrimSpace(r.PostForm.Get("id")), strings.TrimSpace(r.PostForm.Get("name")), r.PostForm.Get("parent")}
	p.afterAgency(w, r, who, p.Agencies.PutUnit(r.Context(), who, r.PathValue("id"), unit), agencyView{unit: unit})
}

func (p *Pages) deleteUnit(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	err := p.Agencies.DeleteUnit(r.Context(), who, r.PathValue("id"), r.PathValue("unit"))
	p.afterAgency(w, r, who, err, agencyView{})
}

func (p *Pages) decide(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	standing, err := parseStanding(r.PostForm.Get("standing"))
	if err == nil {
		_, err = p.Agencies.Decide(r.Context(), who, r.PathValue("id"), Decision{standing, strings.TrimSpace(r.PostForm.Get("letterNumber")), r.PostForm.Get("letterDate")})
	}
	p.afterAgency(w, r, who, err, agencyView{})
}

func (p *Pages) suspend(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	var err error
	if r.PostForm.Get("end") != "" {
		err = p.Agencies.Reinstate(r.Context(), who, r.PathValue("id"))
	} else {
		err = p.Agencies.Suspend(r.Context(), who, r.PathValue("id"), r.PostForm.Get("reason"))
	}
	p.afterAgency(w, r, who, err, agencyView{})
}

// afterAgency leads back to the agency's page, shows what to mend, or tells why
// it cannot be.
func (p *Pages) afterAgency(w http.ResponseWriter, r *http.Request, who simpul.Principal, err error, v agencyView) {
	id := r.PathValue("id")
	if fault, ok := mendable(err); ok {
		v.fault = fault
		p.showAgency(w, r, who, id, http.StatusBadRequest, v)
		return
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	page := AgencyPath + "/" + id
	if ownAgency(who) == simpul.AgencyID(id) {
		page = AgencyPath
	}
	done(w, r, page, "disimpan")
}
