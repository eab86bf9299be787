package identity

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// perList is how many accounts or emergencies a page shows.
const perList = 50

// PeoplePages are the screens about people, roles and emergency access.
type PeoplePages struct {
	service *Service
	agency  func(context.Context, simpul.AgencyID) string // its name
	gate    web.Gate
	now     clock.Clock
}

// NewPeoplePages returns the screens. visitor tells who is signed in, agency the
// name of an agency.
func NewPeoplePages(service *Service, gate web.Gate, agency func(context.Context, simpul.AgencyID) string, now clock.Clock) *PeoplePages {
	return &PeoplePages{service: service, gate: gate.At(AccountsPath), agency: agency, now: now}
}

// Register puts the screens on the mux.
func (p *PeoplePages) Register(mux *http.ServeMux) {
	for pattern, to := range map[string]http.Handler{
		"GET " + AccountsPath:                          p.gate.Form(simpul.ReadAccounts, p.accounts),
		"GET " + InvitePath:                            p.gate.Form(simpul.WriteAccounts, p.inviteForm),
		"POST " + InvitePath:                           p.gate.Form(simpul.WriteAccounts, p.invite),
		"GET " + AccountsPath + "/{account}":           p.gate.Form(simpul.ReadAccounts, p.account),
		"POST " + AccountsPath + "/{account}/data":     p.gate.Form(simpul.WriteAccounts, p.change),
		"POST " + AccountsPath + "/{account}/peran":    p.gate.Form(simpul.WriteAccounts, p.setRoles),
		"POST " + AccountsPath + "/{account}/tindakan": p.gate.Form(simpul.WriteAccounts, p.act),
		"POST " + AccountsPath + "/{account}/ekspor":   p.gate.Form(simpul.OwnAccount, p.export),
		"POST " + AccountsPath + "/{account}/hapus":    p.gate.Form(simpul.ErasePeople, p.erase),
		"GET " + RolesPath:                             p.gate.Form(simpul.ReadAccounts, p.roles),
		"GET " + RolesPath + "/{role}":                 p.gate.Form(simpul.WriteRoles, p.roleForm),
		"POST " + RolesPath + "/{role}":                p.gate.Form(simpul.WriteRoles, p.putRole),
		"GET " + EmergencyPath:                         p.gate.Form(simpul.OwnAccount, p.emergencies),
		"POST " + EmergencyPath:                        p.gate.Form(simpul.BreakGlass, p.beginEmergency),
		"POST " + EmergencyPath + "/{id}/akhiri":       p.gate.Form(simpul.OwnAccount, p.endEmergency),
	} {
		mux.Handle(pattern, to)
	}
}

// faultOf returns what somebody can mend in a form; anything else is shown as a
// page of its own.
func faultOf(err error) (*simpul.Error, bool) {
	fault, ok := errors.AsType[*simpul.Error](err)
	return fault, ok && slices.Contains([]simpul.Code{simpul.CodeInvalid, simpul.CodeConflict, simpul.CodeDenied, simpul.CodeLimited, simpul.CodeNotFound}, fault.Code)
}

// placed is what to say at a field, "" where the fault is elsewhere.
func placed(ctx context.Context, fault *simpul.Error, place string) string {
	if fault == nil || fault.Place != place {
		return ""
	}
	l := web.Language(ctx)
	return fault.Message.In(l) + " " + fault.Remedy.In(l)
}

// overall is a fault that no field of the form shows.
func overall(fault *simpul.Error, fields ...string) bool {
	return fault != nil && !slices.Contains(fields, fault.Place)
}

type accountsView struct {
	Search Search
	Rows   []Account
	Next   string
	After  string
	May    bool // invite
	Nation bool
	Scope  string // name of the agency whose people these are; "" for all
	Names  map[simpul.Role]simpul.RoleSpec
}

func (v accountsView) narrowed() bool { return v.Search.Text != "" || v.Search.State != "" }

func (p *PeoplePages) accounts(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	query := r.URL.Query()
	v := accountsView{May: visitor.Can(simpul.WriteAccounts), Nation: visitor.National, After: query.Get("setelah"),
		Search: Search{Text: strings.TrimSpace(query.Get("q")), State: State(query.Get("status"))}}
	if !visitor.National {
		v.Scope = p.agency(r.Context(), visitor.Agency)
	}
	after, err := httpapi.DecodeCursor(v.After)
	if err == nil {
		v.Rows, err = p.service.Accounts(r.Context(), visitor, v.Search, httpapi.Page{Limit: perList + 1, After: after})
	}
	if err == nil {
		v.Names, _, err = p.service.RoleSpecs(r.Context())
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	if len(v.Rows) > perList {
		v.Rows = v.Rows[:perList]
		v.Next = httpapi.EncodeCursor(string(v.Rows[perList-1].ID))
	}
	web.Render(w, r, http.StatusOK, accountsPage(v))
}

type inviteView struct {
	Who     Newcomer
	Choices []Choice
	Agency  simpul.AgencyID // of the visitor; "" for one who is national
	Fault   *simpul.Error
}

func (p *PeoplePages) inviteForm(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	p.showInvite(w, r, visitor, http.StatusOK, inviteView{})
}

func (p *PeoplePages) showInvite(w http.ResponseWriter, r *http.Request, visitor simpul.Principal, status int, v inviteView) {
	choices, err := p.service.Choices(r.Context(), visitor, Account{})
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v.Choices, v.Agency = choices.Roles, visitor.Agency
	for i, c := range v.Choices {
		v.Choices[i].Held = slices.Contains(v.Who.Roles, c.Assignment)
	}
	web.Render(w, r, status, invitePage(v))
}

func (p *PeoplePages) invite(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	who := Newcomer{ID: r.PostForm.Get("id"), Personal: personalOf(r.PostForm), Language: simpul.Language(r.PostForm.Get("language")), Roles: assignmentsOf(r.PostForm)}
	if visitor.Agency != "" && who.ID != "" && !strings.Contains(who.ID, "@") {
		who.ID += "@" + string(visitor.Agency)
	}
	a, err := p.service.Invite(r.Context(), visitor, who)
	if fault, ok := faultOf(err); ok {
		p.showInvite(w, r, visitor, httpapi.Status(fault.Code), inviteView{Who: who, Fault: fault})
		return
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, accountPath(a.ID)+"?hasil=undangan", http.StatusSeeOther)
}

func personalOf(form url.Values) Personal {
	return Personal{Name: form.Get("name"), Email: form.Get("email"), Phone: form.Get("phone"), Position: form.Get("position")}
}

// nationwide ends the value of a checkbox for a role that is given nationally.
const nationwide = ":nasional"

func assignmentsOf(form url.Values) (all []Assignment) {
	for _, value := range form["role"] {
		name, national := strings.CutSuffix(value, nationwide)
		all = append(all, Assignment{Role: simpul.Role(name), National: national})
	}
	return all
}

func valueOf(a Assignment) string {
	if a.National {
		return string(a.Role) + nationwide
	}
	return string(a.Role)
}

type accountView struct {
	Account     Account
	Agency      string
	Choices     Choices
	Sent        []Issued
	Emergencies []Emergency
	Specs       map[simpul.Role]simpul.RoleSpec
	Visitor     simpul.Principal
	Done        string // what has just been done
	Fault       *simpul.Error
	Draft       *Personal // what somebody entered and has to mend; nil for none
	Now         clock.Clock
}

// details are what the form about the person shows.
func (v accountView) details() Personal {
	if v.Draft != nil {
		return *v.Draft
	}
	return v.Account.Personal
}

func (v accountView) own() bool { return v.Visitor.Account == v.Account.ID }

func (p *PeoplePages) account(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	p.showAccount(w, r, visitor, http.StatusOK, accountView{Done: r.URL.Query().Get("hasil")})
}

func (p *PeoplePages) showAccount(w http.ResponseWriter, r *http.Request, visitor simpul.Principal, status int, v accountView) {
	ctx, id := r.Context(), r.PathValue("account")
	a, err := p.service.Account(ctx, visitor, id)
	if err == nil {
		v.Choices, err = p.service.Choices(ctx, visitor, a)
	}
	if err == nil {
		v.Sent, err = p.service.Invitations(ctx, visitor, id)
	}
	if err == nil {
		v.Emergencies, err = p.service.Emergencies(ctx, visitor, a.ID, "", perList)
	}
	if err == nil {
		v.Specs, _, err = p.service.RoleSpecs(ctx)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v.Account, v.Visitor, v.Now, v.Agency = a, visitor, p.now, p.agency(ctx, a.Agency())
	web.Render(w, r, status, accountPage(v))
}

// finish shows the account again: with what was done, or with what to mend.
func (p *PeoplePages) finish(w http.ResponseWriter, r *http.Request, visitor simpul.Principal, done string, err error) {
	if fault, ok := faultOf(err); ok && fault.Code != simpul.CodeNotFound {
		p.showAccount(w, r, visitor, httpapi.Status(fault.Code), accountView{Fault: fault})
		return
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, accountPath(simpul.AccountID(r.PathValue("account")))+"?hasil="+done, http.StatusSeeOther)
}

func (p *PeoplePages) change(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	draft := personalOf(r.PostForm)
	_, err := p.service.Change(r.Context(), visitor, r.PathValue("account"), draft, simpul.Language(r.PostForm.Get("language")))
	if fault, ok := faultOf(err); ok && fault.Code == simpul.CodeInvalid {
		p.showAccount(w, r, visitor, http.StatusBadRequest, accountView{Fault: fault, Draft: &draft})
		return
	}
	p.finish(w, r, visitor, "data", err)
}

func (p *PeoplePages) setRoles(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	_, err := p.service.SetRoles(r.Context(), visitor, r.PathValue("account"), assignmentsOf(r.PostForm))
	p.finish(w, r, visitor, "peran", err)
}

func (p *PeoplePages) act(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	wish := r.PostForm.Get("tindakan")
	do, ok := map[string]func(context.Context, simpul.Principal, string) (Account, error){
		"tangguhkan": p.service.Suspend, "aktifkan": p.service.Reinstate, "tutup": p.service.Close,
		"pulihkan": p.service.Recover, "kirim": p.service.Resend, "tarik": p.service.Withdraw,
	}[wish]
	if !ok {
		web.Fail(w, r, unknownAct())
		return
	}
	_, err := do(r.Context(), visitor, r.PathValue("account"))
	p.finish(w, r, visitor, wish, err)
}

func unknownAct() error {
	return simpul.Invalid("tindakan",
		simpul.Text{ID: "Tindakan itu tidak dikenal.", EN: "That action is unknown."},
		simpul.Text{ID: "Muat ulang halamannya, lalu pilih lagi.", EN: "Reload the page and choose again."})
}

func (p *PeoplePages) erase(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	p.finish(w, r, visitor, "hapus", p.service.Erase(r.Context(), visitor, r.PathValue("account")))
}

// export answers with a file, so that it does not stay in the browser's history.
func (p *PeoplePages) export(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	d, err := p.service.Export(r.Context(), visitor, r.PathValue("account"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	text, err := json.MarshalIndent(dossierBodyOf(d), "", "  ")
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Disposition", `attachment; filename="`+strings.ReplaceAll(string(d.Account.ID), "@", "-")+`.json"`)
	h.Set("Cache-Control", "no-store")
	w.Write(text)
}
