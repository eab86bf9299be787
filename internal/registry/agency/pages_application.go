package agency

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// rowsOnPage is how many applications a list shows at once.
const rowsOnPage = 50

type applicationsView struct {
	rows     []httpapi.Stored[ApplicationSpec]
	first    bool
	next     string
	mayWrite bool
	national bool
}

func (p *Pages) applications(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	after, err := httpapi.DecodeCursor(r.URL.Query().Get("cursor"))
	if err != nil {
		after = ""
	}
	rows, err := p.Applications.List(r.Context(), who, httpapi.Page{Limit: rowsOnPage + 1, After: after})
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v := applicationsView{rows: rows, first: after == "", mayWrite: who.Can(simpul.WriteApplications), national: who.National}
	if len(rows) > rowsOnPage {
		v.rows = rows[:rowsOnPage]
		v.next = ApplicationsPath + "?cursor=" + url.QueryEscape(httpapi.EncodeCursor(rows[rowsOnPage-1].ID))
	}
	web.Render(w, r, http.StatusOK, applicationsPage(v))
}

// applicationForm is what somebody enters about an application.
type applicationForm struct {
	agency                      simpul.AgencyID // empty: the form asks for it
	name, slug, of, description string
	unit, addresses             string
	units                       []Unit
	fault                       fault
}

func (p *Pages) newApplication(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	web.Render(w, r, http.StatusOK, newApplicationPage(p.prepared(r, who, applicationForm{agency: ownAgency(who)})))
}

// prepared adds what a form lets people choose from.
func (p *Pages) prepared(r *http.Request, who simpul.Principal, f applicationForm) applicationForm {
	if f.agency != "" {
		f.units, _ = p.Agencies.Units(r.Context(), who, string(f.agency)) // without them the form still works
	}
	return f
}

// ownAgency is the agency that a principal acts for; none where it acts for all.
func ownAgency(who simpul.Principal) simpul.AgencyID {
	if who.National {
		return ""
	}
	return who.Agency
}

func (p *Pages) createApplication(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	f := entered(r, ownAgency(who))
	id := f.slug + "@" + f.of
	if f.agency != "" {
		id = f.slug + "@" + string(f.agency)
	}
	if _, err := p.Applications.Get(r.Context(), who, id); err == nil {
		f.fault = fault{"slug", simpul.Text{ID: "ID ini sudah dipakai aplikasi lain.", EN: "Another application has this ID."}, simpul.Text{ID: "Pilih ID lain.", EN: "Choose another ID."}}
		web.Render(w, r, http.StatusConflict, newApplicationPage(p.prepared(r, who, f)))
		return
	}
	_, err := p.Applications.Put(r.Context(), who, id, f.spec(), false)
	if f.fault, _ = mendable(err); f.fault.place == "id" {
		f.fault.place = "slug"
	}
	switch {
	case f.fault.place != "":
		web.Render(w, r, http.StatusBadRequest, newApplicationPage(p.prepared(r, who, f)))
	case err != nil:
		web.Fail(w, r, err)
	default:
		done(w, r, applicationPath(id), "dibuat")
	}
}

func entered(r *http.Request, agency simpul.AgencyID) applicationForm {
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	return applicationForm{agency: agency, name: get("name"), slug: get("slug"), of: get("agency"), description: get("description"), unit: get("unit"), addresses: get("addresses")}
}

func (f applicationForm) spec() ApplicationSpec {
	return ApplicationSpec{Name: f.name, Description: f.description, Unit: f.unit, Addresses: lines(f.addresses)}
}

func applicationPath(id string) string { return ApplicationsPath + "/" + id }

type applicationView struct {
	application  httpapi.Stored[ApplicationSpec]
	keys         []Key
	certificates []Certificate
	certificate  certificateForm
	grants       []GivenGrant
	form         applicationForm
	said         string
	mayWrite     bool
	now          time.Time
}

func (p *Pages) application(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	p.showApplication(w, r, who, http.StatusOK, nil, certificateForm{})
}

// showApplication shows an application, with what somebody entered and must
// mend where there is such.
func (p *Pages) showApplication(w http.ResponseWriter, r *http.Request, who simpul.Principal, status int, wrong *applicationForm, certificate certificateForm) {
	ctx, id := r.Context(), r.PathValue("id")
	application, err := p.Applications.Get(ctx, who, id)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	keys, err := p.Applications.Keys(ctx, who, id)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	grants, err := p.Grants.GrantsOf(ctx, who, simpul.ApplicationID(id))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	certificates, err := p.Applications.Certificates(ctx, who, id)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v := applicationView{application: application, keys: keys, certificates: certificates, certificate: certificate, grants: grants, mayWrite: who.Can(simpul.WriteApplications), now: p.Now(),
		said: happened(ctx, r.URL.Query().Get("selesai"))}
	v.form = formOf(application)
	if wrong != nil {
		v.form = *wrong
	}
	v.form = p.prepared(r, who, v.form)
	web.Render(w, r, status, applicationPage(v))
}

func formOf(a httpapi.Stored[ApplicationSpec]) applicationForm {
	id := simpul.ApplicationID(a.ID)
	return applicationForm{agency: id.Agency(), name: a.Spec.Name, description: a.Spec.Description, unit: a.Spec.Unit, addresses: strings.Join(a.Spec.Addresses, "\n")}
}

func (p *Pages) changeApplication(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	id := r.PathValue("id")
	if _, err := p.Applications.Get(r.Context(), who, id); err != nil {
		web.Fail(w, r, err)
		return
	}
	f := entered(r, simpul.ApplicationID(id).Agency())
	_, err := p.Applications.Put(r.Context(), who, id, f.spec(), false)
	if fault, ok := mendable(err); ok {
		f.fault = fault
		p.showApplication(w, r, who, http.StatusBadRequest, &f, certificateForm{})
		return
	}
	p.afterwards(w, r, err, "disimpan")
}

// afterwards leads back to the application, or tells why not.
func (p *Pages) afterwards(w http.ResponseWriter, r *http.Request, err error, what string) {
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	done(w, r, applicationPath(r.PathValue("id")), what)
}

func (p *Pages) issueKey(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	wish, err := p.wish(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	key, secret, err := p.Applications.IssueKey(r.Context(), who, r.PathValue("id"), wish)
	p.showSecret(w, r, who, key, secret, err)
}

// wish reads the label and the months for which a new key is to count.
func (p *Pages) wish(r *http.Request) (KeyWish, error) {
	wish := KeyWish{Label: strings.TrimSpace(r.PostForm.Get("label"))}
	if len(wish.Label) > 100 {
		return wish, simpul.Invalid("label",
			simpul.Text{ID: "Catatan kunci terlalu panjang.", EN: "The note on the key is too long."},
			simpul.Text{ID: "Pakai paling banyak 100 karakter.", EN: "Use 100 characters at most."})
	}
	if days, err := strconv.Atoi(r.PostForm.Get("days")); err == nil && days > 0 && days <= 730 {
		wish.ExpiresAt = p.Now().Add(time.Duration(days) * day)
	}
	return wish, nil
}

type secretView struct {
	key    Key
	secret simpul.Secret
	call   FirstCall
	works  bool // there is a call to show
}

// showSecret is the only answer that shows a key. It is not kept anywhere on the
// way, and a reload asks the browser first.
func (p *Pages) showSecret(w http.ResponseWriter, r *http.Request, who simpul.Principal, key Key, secret simpul.Secret, err error) {
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v := secretView{key: key, secret: secret}
	if v.call, v.works, err = p.FirstCalls.FirstCall(r.Context(), who, key.Application, secret); err != nil {
		v.works = false // the key was made and must be shown
	}
	w.Header().Set("Cache-Control", "no-store")
	web.Render(w, r, http.StatusCreated, secretPage(v))
}

type keyView struct {
	key Key
	now time.Time
}

func (p *Pages) key(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	keys, err := p.Applications.Keys(r.Context(), who, r.PathValue("id"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	for _, k := range keys {
		if k.ID == r.PathValue("key") {
			web.Render(w, r, http.StatusOK, keyPage(keyView{k, p.Now()}))
			return
		}
	}
	web.Fail(w, r, simpul.NotFound(kindKey, r.PathValue("key")))
}

func (p *Pages) rotateKey(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	wish, err := p.wish(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	overlap, err := strconv.Atoi(r.PostForm.Get("overlap"))
	if err != nil {
		overlap = 0 // told as an overlap that is not allowed
	}
	key, secret, err := p.Applications.RotateKey(r.Context(), who, r.PathValue("id"), r.PathValue("key"), overlap, wish)
	p.showSecret(w, r, who, key, secret, err)
}

func (p *Pages) revokeKey(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	p.afterwards(w, r, p.Applications.RevokeKey(r.Context(), who, r.PathValue("id"), r.PathValue("key")), "dicabut")
}

func (p *Pages) reportKey(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	p.afterwards(w, r, p.Applications.ReportLeakedKey(r.Context(), who, r.PathValue("id"), r.PathValue("key")), "bocor")
}
