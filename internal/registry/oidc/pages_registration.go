package oidc

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"simpul"
	"simpul/internal/platform/web"
)

// registrationForm is the state of the page on which an application's
// registration is written.
type registrationForm struct {
	application string
	spec        ClientSpec
	exists      bool
	writable    bool
	saved       bool
	fault       *simpul.Error
	addresses   Addresses
}

// usesCertificates reports whether what is said of certificates matters, so
// that it is shown without being asked for.
func (f registrationForm) usesCertificates() bool {
	m := f.spec.TokenEndpointAuthMethod
	return m == byIssuedCert || m == bySelfSignedCert || f.spec.BoundTokens || len(f.spec.Thumbprints) > 0 || f.spec.SubjectDN != ""
}

// wrong is what to mend in a field.
func (f registrationForm) wrong(field string, l simpul.Language) string {
	if f.fault == nil || f.fault.Place != "spec."+field {
		return ""
	}
	return f.fault.Message.In(l) + " " + f.fault.Remedy.In(l)
}

// registration shows how an application signs people in.
func (s *Pages) registration(w http.ResponseWriter, r *http.Request) {
	who, ok := s.may(w, r, simpul.ReadApplications)
	if !ok {
		return
	}
	id := r.PathValue("id")
	known, err := s.provider.Client(r.Context(), who, id)
	f := registrationForm{application: id, spec: known.Spec, exists: err == nil, writable: who.Can(simpul.WriteApplications), saved: r.URL.Query().Has("tersimpan")}
	if simpul.CodeOf(err) == simpul.CodeNotFound && who.Scope().Covers(simpul.ApplicationID(id).Agency()) {
		// The application may not exist either: then the registry knows no name.
		_, err = s.provider.Applications.Application(r.Context(), simpul.ApplicationID(id))
		f.spec = ClientSpec{TokenEndpointAuthMethod: bySecretBasic, GrantTypes: []string{grantCode, grantRefresh}}
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, f)
}

func (s *Pages) show(w http.ResponseWriter, r *http.Request, status int, f registrationForm) {
	if at := s.provider.view.at.Load(); at != nil {
		f.addresses = *at
	}
	w.Header().Set("Cache-Control", "no-store")
	web.Render(w, r, status, registrationPage(f))
}

// register stores or deletes it.
func (s *Pages) register(w http.ResponseWriter, r *http.Request) {
	who, ok := s.may(w, r, simpul.WriteApplications)
	if !ok {
		return
	}
	values, err := readLines(w, r)
	if err != nil {
		web.Fail(w, r, forPerson(err))
		return
	}
	id, spec := r.PathValue("id"), specOf(values)
	if values.Get("action") == "delete" {
		err = s.provider.DeleteClient(r.Context(), who, id)
	} else {
		_, err = s.provider.PutClient(r.Context(), who, id, spec)
	}
	if e, ok := errors.AsType[*simpul.Error](err); ok && strings.HasPrefix(e.Place, "spec.") {
		_, unknown := s.provider.Client(r.Context(), who, id)
		s.show(w, r, http.StatusBadRequest, registrationForm{application: id, spec: spec, exists: unknown == nil, writable: true, fault: e})
		return
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/aplikasi/"+url.PathEscape(id)+"/openid?tersimpan", http.StatusSeeOther)
}

// readLines reads a form of a page of ours, in which fields have several lines
// and choices several values.
func readLines(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 4*maxForm))
	if err != nil {
		return nil, unreadableForm()
	}
	values, err := url.ParseQuery(string(text))
	if err != nil {
		return nil, unreadableForm()
	}
	return values, nil
}

func specOf(v url.Values) ClientSpec {
	return ClientSpec{
		RedirectURIs:            strings.Fields(v.Get("redirectUris")),
		PostLogoutRedirectURIs:  strings.Fields(v.Get("postLogoutRedirectUris")),
		BackchannelLogoutURI:    strings.TrimSpace(v.Get("backchannelLogoutUri")),
		TokenEndpointAuthMethod: AuthMethod(v.Get("tokenEndpointAuthMethod")),
		GrantTypes:              v["grantTypes"],
		SubjectDN:               strings.TrimSpace(v.Get("tlsClientAuthSubjectDn")),
		Thumbprints:             strings.Fields(v.Get("certificateThumbprints")),
		BoundTokens:             slices.Contains(v["bound"], "1"),
	}
}

// may lets on who is signed in and has the permission.
func (s *Pages) may(w http.ResponseWriter, r *http.Request, permission simpul.Permission) (simpul.Principal, bool) {
	who, ok := s.visitor(r.Context())
	if !ok {
		http.Redirect(w, r, s.signIn+"?next="+url.QueryEscape(r.URL.Path), http.StatusSeeOther)
		return who, false
	}
	if err := who.Need(permission); err != nil {
		web.Fail(w, r, err)
		return who, false
	}
	return who, true
}
