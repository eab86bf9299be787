package issuer

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// ListPath is where the issuers are shown.
const ListPath = "/penerbit"

// mostShown is how many issuers the list has; there are few.
const mostShown = 200

// Pages are the screens of the national operator.
type Pages struct {
	issuers *Issuers
	trust   *Trust
	gate    web.Gate
	now     clock.Clock
}

// NewPages returns the screens.
func NewPages(issuers *Issuers, trust *Trust, gate web.Gate, now clock.Clock) *Pages {
	return &Pages{issuers, trust, gate.At(ListPath), now}
}

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.Handle("GET "+ListPath, p.gate.Admit(simpul.ReadIssuers, p.list))
	mux.Handle("GET "+ListPath+"/baru", p.gate.Admit(simpul.WriteIssuers, p.create))
	mux.Handle("POST "+ListPath+"/baru", p.gate.Form(simpul.WriteIssuers, p.declare))
	mux.Handle("GET "+ListPath+"/{id}", p.gate.Admit(simpul.ReadIssuers, p.one))
	mux.Handle("POST "+ListPath+"/{id}", p.gate.Form(simpul.WriteIssuers, p.change))
	mux.Handle("POST "+ListPath+"/{id}/cabut", p.gate.Form(simpul.WriteIssuers, p.revoke))
	mux.Handle("POST "+ListPath+"/{id}/hapus", p.gate.Form(simpul.WriteIssuers, p.remove))
}

type row struct {
	httpapi.Stored[Spec]
	Health Health
}

type listView struct {
	Rows     []row
	MayWrite bool
	Said     string
	Now      time.Time
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	all, err := p.issuers.List(r.Context(), who, httpapi.Page{Limit: mostShown})
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v := listView{MayWrite: who.Can(simpul.WriteIssuers) && who.National, Said: r.URL.Query().Get("selesai"), Now: p.now()}
	for _, s := range all {
		v.Rows = append(v.Rows, row{s, p.trust.Health(s.Spec.Issuer)})
	}
	web.Render(w, r, http.StatusOK, listPage(v))
}

// form is what somebody enters.
type form struct {
	ID, Clients, Inline string
	Way                 string // of Source: discovery, uri or inline
	Spec                Spec
	New                 bool
	Fault               *simpul.Error
}

func (p *Pages) create(w http.ResponseWriter, r *http.Request, _ simpul.Principal) {
	web.Render(w, r, http.StatusOK, newPage(form{New: true, Way: wayDiscovery, Spec: Spec{Algorithms: []string{"ES256", "RS256"}}}))
}

func (p *Pages) declare(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	f := entered(r)
	f.ID, f.New = strings.TrimSpace(r.PostForm.Get("id")), true
	_, err := p.issuers.Get(r.Context(), who, f.ID)
	if err == nil {
		err = &simpul.Error{Code: simpul.CodeConflict, Place: "metadata.id",
			Message: simpul.Text{ID: "ID ini sudah dipakai penerbit lain.", EN: "Another issuer has this ID."}, Remedy: simpul.Text{ID: "Pilih ID lain.", EN: "Choose another ID."}}
	} else {
		_, err = p.issuers.Put(r.Context(), who, f.ID, f.Spec, false)
	}
	if mendable(err, &f) {
		web.Render(w, r, httpapi.Status(f.Fault.Code), newPage(f))
		return
	}
	p.then(w, r, err, ListPath+"/"+f.ID+"?selesai=tersimpan")
}

type oneView struct {
	row
	Form     form
	MayWrite bool
	Said     string
	Now      time.Time
}

func (p *Pages) one(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	p.show(w, r, who, http.StatusOK, nil)
}

// show shows an issuer, with what somebody entered and must mend where there is
// such.
func (p *Pages) show(w http.ResponseWriter, r *http.Request, who simpul.Principal, status int, wrong *form) {
	s, err := p.issuers.Get(r.Context(), who, r.PathValue("id"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v := oneView{row: row{s, p.trust.Health(s.Spec.Issuer)}, Form: formOf(s), MayWrite: who.Can(simpul.WriteIssuers) && who.National,
		Said: r.URL.Query().Get("selesai"), Now: p.now()}
	if wrong != nil {
		v.Form = *wrong
	}
	web.Render(w, r, status, onePage(v))
}

func (p *Pages) change(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	f := entered(r)
	f.ID = r.PathValue("id")
	_, err := p.issuers.Get(r.Context(), who, f.ID)
	if err == nil {
		_, err = p.issuers.Put(r.Context(), who, f.ID, f.Spec, false)
		if mendable(err, &f) {
			p.show(w, r, who, httpapi.Status(f.Fault.Code), &f)
			return
		}
	}
	p.then(w, r, err, ListPath+"/"+f.ID+"?selesai=tersimpan")
}

func (p *Pages) revoke(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	id := r.PathValue("id")
	err := p.issuers.RevokeToken(r.Context(), who, id, strings.TrimPrefix(strings.TrimSpace(r.PostForm.Get("jti")), id+":"))
	p.then(w, r, err, ListPath+"/"+id+"?selesai=dicabut")
}

func (p *Pages) remove(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	p.then(w, r, p.issuers.Delete(r.Context(), who, r.PathValue("id")), ListPath+"?selesai=dihapus")
}

func (p *Pages) then(w http.ResponseWriter, r *http.Request, err error, to string) {
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// mendable keeps in the form what its author can mend there.
func mendable(err error, f *form) bool {
	fault, ok := errors.AsType[*simpul.Error](err)
	if !ok || fault.Place == "" {
		return false
	}
	f.Fault = fault
	return true
}

const (
	wayDiscovery = "discovery"
	wayURI       = "uri"
	wayInline    = "inline"
)

func entered(r *http.Request) form {
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	f := form{Clients: r.PostForm.Get("clients"), Inline: get("inline"), Way: get("way"), Spec: Spec{
		Name: get("name"), Issuer: get("issuer"), Audience: get("audience"), Algorithms: r.PostForm["algorithms"],
		TokenType: get("tokenType"), ClientClaim: get("clientClaim"), Suspended: get("suspended") != "",
	}}
	switch f.Way {
	case wayDiscovery:
		f.Spec.Keys.Discovery = true
	case wayURI:
		f.Spec.Keys.URI = get("jwksUri")
	case wayInline:
		f.Spec.Keys.Inline = []byte(f.Inline)
	}
	for line := range strings.Lines(f.Clients) {
		if words := strings.Fields(line); len(words) > 0 {
			c := Client{Client: words[0]}
			if len(words) == 2 {
				c.Application = simpul.ApplicationID(words[1])
			}
			f.Spec.Clients = append(f.Spec.Clients, c)
		}
	}
	return f
}

func formOf(s httpapi.Stored[Spec]) form {
	f := form{ID: s.ID, Spec: s.Spec, Inline: string(s.Spec.Keys.Inline), Way: wayInline}
	switch {
	case s.Spec.Keys.Discovery:
		f.Way = wayDiscovery
	case s.Spec.Keys.URI != "":
		f.Way = wayURI
	}
	for _, c := range s.Spec.Clients {
		f.Clients += c.Client + " " + string(c.Application) + "\n"
	}
	return f
}
