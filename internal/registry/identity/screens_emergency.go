package identity

import (
	"net/http"
	"strconv"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

type emergencyView struct {
	Visitor simpul.Principal
	Roles   []simpul.Role // that may be taken
	Specs   map[simpul.Role]simpul.RoleSpec
	Rows    []Emergency
	Next    string
	Before  string
	Role    simpul.Role
	Reason  string
	Minutes int
	Done    string
	Fault   *simpul.Error
	Now     time.Time
}

// own is the emergency that the visitor is in, if any.
func (v emergencyView) own() (Emergency, bool) {
	for _, e := range v.Rows {
		if e.Account == v.Visitor.Account && e.Running(v.Now) {
			return e, true
		}
	}
	return Emergency{}, false
}

func (p *PeoplePages) emergencies(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	p.showEmergencies(w, r, visitor, http.StatusOK, emergencyView{Minutes: 30, Done: r.URL.Query().Get("hasil")})
}

func (p *PeoplePages) showEmergencies(w http.ResponseWriter, r *http.Request, visitor simpul.Principal, status int, v emergencyView) {
	ctx := r.Context()
	v.Visitor, v.Now, v.Before = visitor, p.now(), r.URL.Query().Get("sebelum")
	before, err := httpapi.DecodeCursor(v.Before)
	if err == nil && (visitor.Account != "" || visitor.Can(simpul.ReadAudit) || visitor.Can(simpul.ReadAccounts)) {
		v.Rows, err = p.service.Emergencies(ctx, visitor, "", before, perList+1)
	}
	if err == nil && visitor.Can(simpul.BreakGlass) {
		v.Roles, _, err = p.service.Takeable(ctx, visitor)
	}
	if err == nil {
		v.Specs, _, err = p.service.RoleSpecs(ctx)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	if len(v.Rows) > perList {
		v.Rows = v.Rows[:perList]
		v.Next = httpapi.EncodeCursor(v.Rows[perList-1].ID)
	}
	web.Render(w, r, status, emergencyScreen(v))
}

func (p *PeoplePages) beginEmergency(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	v := emergencyView{Role: simpul.Role(r.PostForm.Get("role")), Reason: r.PostForm.Get("reason")}
	v.Minutes, _ = strconv.Atoi(r.PostForm.Get("minutes")) // not a number is 0, which is refused
	_, err := p.service.BeginEmergency(r.Context(), visitor, v.Role, v.Reason, v.Minutes)
	p.emergencyDone(w, r, visitor, v, "mulai", err)
}

func (p *PeoplePages) endEmergency(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	_, err := p.service.EndEmergency(r.Context(), visitor, r.PathValue("id"))
	p.emergencyDone(w, r, visitor, emergencyView{Minutes: 30}, "akhir", err)
}

func (p *PeoplePages) emergencyDone(w http.ResponseWriter, r *http.Request, visitor simpul.Principal, v emergencyView, done string, err error) {
	if fault, ok := faultOf(err); ok && fault.Code != simpul.CodeNotFound {
		v.Fault = fault
		p.showEmergencies(w, r, visitor, httpapi.Status(fault.Code), v)
		return
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, EmergencyPath+"?hasil="+done, http.StatusSeeOther)
}
