package agency

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/web"
)

// Addresses of the screens.
const (
	AgencyPath       = "/instansi"
	ApplicationsPath = "/aplikasi"
)

// GivenGrant is a grant that an application holds, as its page shows it.
type GivenGrant struct {
	ID      simpul.GrantID
	LID     simpul.Address
	Href    string // page of the LID
	Purpose string
	Until   time.Time // zero: without end
	State   simpul.Text
}

// Grants knows which grants an application holds.
type Grants interface {
	GrantsOf(ctx context.Context, p simpul.Principal, application simpul.ApplicationID) ([]GivenGrant, error)
}

// FirstCall is a call for somebody who has just got a key.
type FirstCall struct {
	Title   string // of the LID
	Command string // for a shell, with the key in it
}

// FirstCalls finds a call that works. An application without a grant for an
// open LID gets one: for open ones nobody has to decide.
type FirstCalls interface {
	FirstCall(ctx context.Context, p simpul.Principal, application simpul.ApplicationID, key simpul.Secret) (call FirstCall, ok bool, err error)
}

// PagesConfig is what the screens need of others.
type PagesConfig struct {
	Agencies     *Agencies
	Applications *Applications
	Grants       Grants
	FirstCalls   FirstCalls
	Form         Forms // of the agency's PIC appointment; may be nil
	Gate         web.Gate
	Now          clock.Clock
}

// Pages are the screens.
type Pages struct{ PagesConfig }

// NewPages returns the screens.
func NewPages(c PagesConfig) *Pages { return &Pages{c} }

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	gate := p.Gate.At(ApplicationsPath)
	on := func(pattern string, need simpul.Permission, show web.Screen) {
		mux.Handle(pattern, gate.Form(need, clean(show)))
	}
	on("GET "+ApplicationsPath, simpul.ReadApplications, p.applications)
	on("GET "+ApplicationsPath+"/baru", simpul.WriteApplications, p.newApplication)
	on("POST "+ApplicationsPath+"/baru", simpul.WriteApplications, p.createApplication)
	on("GET "+ApplicationsPath+"/{id}", simpul.ReadApplications, p.application)
	on("POST "+ApplicationsPath+"/{id}", simpul.WriteApplications, p.changeApplication)
	on("POST "+ApplicationsPath+"/{id}/kunci", simpul.WriteApplications, p.issueKey)
	on("GET "+ApplicationsPath+"/{id}/kunci/{key}", simpul.WriteApplications, p.key)
	on("POST "+ApplicationsPath+"/{id}/kunci/{key}/putar", simpul.WriteApplications, p.rotateKey)
	on("POST "+ApplicationsPath+"/{id}/kunci/{key}/cabut", simpul.WriteApplications, p.revokeKey)
	on("POST "+ApplicationsPath+"/{id}/kunci/{key}/bocor", simpul.WriteApplications, p.reportKey)

	on("POST "+ApplicationsPath+"/{id}/sertifikat", simpul.WriteApplications, p.addCertificate)
	on("POST "+ApplicationsPath+"/{id}/sertifikat/{key}/cabut", simpul.WriteApplications, p.revokeCertificate)

	on("GET "+AgencyPath, simpul.ReadAgencies, p.myAgency)
	on("GET "+AgencyPath+"/{id}", simpul.ReadAgencies, p.agency)
	on("POST "+AgencyPath+"/{id}/alamat", simpul.WriteAgencies, p.setAddresses)
	on("POST "+AgencyPath+"/{id}/unit", simpul.WriteAgencies, p.putUnit)
	on("POST "+AgencyPath+"/{id}/unit/{unit}/hapus", simpul.WriteAgencies, p.deleteUnit)
	on("POST "+AgencyPath+"/{id}/status", simpul.ApproveAgencies, p.decide)
	on("POST "+AgencyPath+"/{id}/pembekuan", simpul.ApproveAgencies, p.suspend)
}

// clean refuses forms with characters that cannot be stored.
func clean(show web.Screen) web.Screen {
	return func(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
		if err := checkForm(r.PostForm); err != nil {
			web.Fail(w, r, err)
			return
		}
		show(w, r, who)
	}
}

func checkForm(form url.Values) error {
	for _, values := range form {
		for _, value := range values {
			if strings.ContainsFunc(value, forbidden) {
				return simpul.Invalid("form",
					simpul.Text{ID: "Isian memuat karakter yang tidak dapat disimpan.", EN: "The form has characters that cannot be stored."},
					simpul.Text{ID: "Ketik ulang isian, tanpa menyalin dari dokumen.", EN: "Type the text again instead of copying it from a document."})
			}
		}
	}
	return nil
}

// forbidden reports control characters other than those of lines.
func forbidden(r rune) bool {
	return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f || r == '\uFFFD'
}

// fault is what is wrong with a form, and where.
type fault struct {
	place  string
	what   simpul.Text
	remedy simpul.Text
}

// ofField reports whether the screens mark a field with it.
func (f fault) ofField() bool {
	switch f.place {
	case "name", "slug", "agency", "description", "unit", "addresses", "id", "parent":
		return true
	}
	return false
}

// at returns what is wrong with the field.
func (f fault) at(ctx context.Context, place string) string {
	if f.place != place {
		return ""
	}
	return f.what.In(web.Language(ctx)) + " " + f.remedy.In(web.Language(ctx))
}

// mendable returns the fault of an error that its author can mend in the form.
func mendable(err error) (fault, bool) {
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok || e.Place == "" || e.Code != simpul.CodeInvalid && e.Code != simpul.CodeConflict && e.Code != simpul.CodeNotFound {
		return fault{}, false
	}
	place := e.Place[strings.LastIndex(e.Place, ".")+1:]
	return fault{place, e.Message, e.Remedy}, true
}

// lines are the lines of a text area that are not empty.
func lines(text string) (all []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// done leads back to a page that says what happened.
func done(w http.ResponseWriter, r *http.Request, page, what string) {
	http.Redirect(w, r, page+"?selesai="+url.QueryEscape(what), http.StatusSeeOther)
}

// happened is what a page says after something was done.
func happened(ctx context.Context, what string) string {
	switch what {
	case "dicabut":
		return web.T(ctx, "Kunci sudah dicabut. Gerbang menolaknya mulai sekarang.", "The key was revoked. The gateway refuses it from now on.")
	case "bocor":
		return web.T(ctx, "Kunci yang bocor sudah dicabut dan rekan Anda diberi tahu. Buat kunci baru dan pasang di aplikasi.", "The leaked key was revoked and your colleagues were told. Make a new key and install it in the application.")
	case "sertifikat":
		return web.T(ctx, "Sertifikat terdaftar. Panggilan dengan sertifikat ini diterima mulai sekarang.", "The certificate is registered. Calls with it are accepted from now on.")
	case "sertifikat-dicabut":
		return web.T(ctx, "Sertifikat sudah dicabut. Gerbang menolaknya mulai sekarang.", "The certificate was revoked. The gateway refuses it from now on.")
	case "dibuat":
		return web.T(ctx, "Aplikasi terdaftar. Langkah berikutnya: buat kunci.", "The application is registered. The next step: make a key.")
	case "disimpan":
		return web.T(ctx, "Perubahan tersimpan dan sudah berlaku.", "The change is stored and in force.")
	}
	return ""
}
