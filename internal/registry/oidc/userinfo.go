package oidc

import (
	"net/http"
	"slices"
	"strings"

	"simpul"
)

// userInfo is OpenID Connect Core 1.0 section 5.3.2, and what scope agency adds.
type userInfo struct {
	Subject  string          `json:"sub"`
	Name     string          `json:"name,omitempty"`
	Account  string          `json:"preferred_username,omitempty"`
	Language simpul.Language `json:"locale,omitempty"`
	Email    string          `json:"email,omitempty"`
	Agency   simpul.AgencyID `json:"agency,omitempty"`
	Roles    []simpul.Role   `json:"roles,omitempty"`
}

// userinfo tells an application what the person has allowed it to learn.
func (p *Provider) userinfo(w http.ResponseWriter, r *http.Request) {
	info, err := p.infoOf(r)
	if err != nil {
		p.challenge(w, r, err)
		return
	}
	answer(w, http.StatusOK, info)
}

func (p *Provider) infoOf(r *http.Request) (userInfo, error) {
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		return userInfo{}, &fault{status: http.StatusMethodNotAllowed, code: "invalid_request",
			text: simpul.Text{ID: "Panggil alamat ini dengan GET atau POST.", EN: "Call this address with GET or POST."}}
	}
	sent := r.Header.Values("Authorization")
	if len(sent) != 1 {
		return userInfo{}, noBearer()
	}
	scheme, token, _ := strings.Cut(sent[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return userInfo{}, noBearer()
	}
	v := p.Verifier()
	claims, err := v.verify(simpul.Secret(strings.TrimSpace(token)))
	if err == nil {
		err = v.possessed(r, claims)
	}
	if err != nil {
		return userInfo{}, err
	}
	scopes := strings.Fields(claims.Scope)
	if claims.Login == "" || !slices.Contains(scopes, scopeOpenID) {
		return userInfo{}, &fault{status: http.StatusForbidden, code: "insufficient_scope",
			text: simpul.Text{ID: "Token ini bukan milik orang yang masuk; gunakan token dari grant authorization_code.", EN: "This token is not of a person who signed in; use one from the grant authorization_code."}}
	}
	return p.shownTo(r, claims, scopes)
}

func (p *Provider) shownTo(r *http.Request, claims *accessClaims, scopes []string) (userInfo, error) {
	info := userInfo{Subject: claims.Subject}
	l, err := p.loginOf(r.Context(), claims.Login)
	if err != nil {
		return info, err
	}
	person, err := p.People.Person(r.Context(), l.Account)
	switch {
	case simpul.CodeOf(err) == simpul.CodeNotFound || err == nil && !person.Active:
		return info, invalidToken(reason("account is closed"))
	case err != nil:
		return info, err
	}
	if slices.Contains(scopes, scopeProfile) {
		info.Name, info.Account, info.Language = person.Name, string(person.Account), person.Language
	}
	if slices.Contains(scopes, scopeEmail) {
		info.Email = person.Email
	}
	if slices.Contains(scopes, scopeAgency) {
		info.Agency, info.Roles = person.Agency, person.Roles
	}
	return info, nil
}

func noBearer() error {
	return &fault{status: http.StatusUnauthorized, code: "invalid_request",
		text: simpul.Text{ID: "Kirim token akses sebagai Authorization: Bearer.", EN: "Send the access token as Authorization: Bearer."}}
}

// challenge refuses in the words of RFC 6750 section 3.
func (p *Provider) challenge(w http.ResponseWriter, r *http.Request, err error) {
	if e, ok := err.(*simpul.Error); ok && (e.Code == simpul.CodeUnauthenticated || e.Code == simpul.CodeDenied) {
		err = &fault{status: http.StatusUnauthorized, code: "invalid_token", text: e.Message, err: err}
	}
	if f, ok := err.(*fault); ok && (f.status == http.StatusUnauthorized || f.status == http.StatusForbidden) {
		w.Header().Set("WWW-Authenticate", `Bearer realm="simpul", error="`+f.code+`"`)
	}
	p.refuse(w, r, err)
}
