package oidc

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"simpul"
)

// Limits of an authorization request, in bytes.
const (
	maxQuery = 8 << 10
	maxState = 2048
	maxNonce = 512
)

// authorization is a request to sign somebody in (OpenID Connect Core 1.0
// section 3.1.2.1) that may be answered at its redirect URI.
type authorization struct {
	application simpul.ApplicationID
	redirectURI string
	state       string
	scopes      []string
	nonce       string
	challenge   string
	silent      bool          // prompt=none: show nothing
	login       bool          // prompt=login: sign in once more
	consent     bool          // prompt=consent: ask once more
	maxAge      time.Duration // since the person signed in; negative for any
	hint        string        // ID token of whom the application expects
}

// parseQuery reads the parameters of an address under the rules of readForm.
func parseQuery(raw string) (form, error) {
	if len(raw) > maxQuery {
		return nil, tooLongRequest()
	}
	f, err := parseForm(raw)
	if err != nil {
		return nil, unreadableRequest(err)
	}
	return f, nil
}

// target finds the registration and the place to which an answer may be sent.
// As long as that is not certain nobody is sent anywhere: the person is told.
func (p *Provider) target(f form) (*Registration, error) {
	registration := p.view.registered.Load().of(simpul.ApplicationID(f["client_id"]))
	switch {
	case registration == nil || !registration.allows(grantCode):
		return nil, unknownApplication()
	case !slices.Contains(registration.Spec.RedirectURIs, f["redirect_uri"]):
		return nil, unknownRedirect()
	}
	return registration, nil
}

// readAuthorization reads what is asked. Its faults go to the redirect URI.
func readAuthorization(f form, registration *Registration) (authorization, error) {
	a := authorization{
		application: registration.Application, redirectURI: f["redirect_uri"], state: f["state"],
		scopes: parseScopes(f["scope"]), nonce: f["nonce"], challenge: f["code_challenge"], maxAge: -1, hint: f["id_token_hint"],
	}
	for _, check := range []func(form) error{checkUnsupported, checkResponse, checkChallenge, checkSizes, a.readPrompt, a.readAge} {
		if err := check(f); err != nil {
			return a, err
		}
	}
	switch {
	case !slices.Contains(a.scopes, scopeOpenID):
		return a, oauthFault("invalid_scope", "Parameter scope harus memuat openid.", "The parameter scope must contain openid.")
	case slices.Contains(a.scopes, scopeOffline) && !registration.allows(grantRefresh):
		a.scopes = slices.DeleteFunc(a.scopes, func(s string) bool { return s == scopeOffline })
	}
	return a, nil
}

// checkUnsupported refuses what would change the meaning of the rest.
func checkUnsupported(f form) error {
	switch {
	case f["request"] != "":
		return oauthFault("request_not_supported", "Parameter request tidak dilayani.", "The parameter request is not supported.")
	case f["request_uri"] != "":
		return oauthFault("request_uri_not_supported", "Parameter request_uri hanya untuk permintaan yang dikirim lewat "+PushPath+".", "The parameter request_uri is only for requests that were pushed to "+PushPath+".")
	case f["registration"] != "":
		return oauthFault("registration_not_supported", "Parameter registration tidak dilayani.", "The parameter registration is not supported.")
	}
	return nil
}

func checkResponse(f form) error {
	switch {
	case f["response_type"] == "":
		return invalidRequest("Parameter response_type tidak ada.", "The parameter response_type is missing.")
	case f["response_type"] != "code":
		return oauthFault("unsupported_response_type", "Hub ini hanya melayani response_type=code.", "This hub serves response_type=code only.")
	case f["response_mode"] != "" && f["response_mode"] != "query":
		return invalidRequest("Hub ini hanya melayani response_mode=query.", "This hub serves response_mode=query only.")
	}
	return nil
}

// checkChallenge asks for PKCE with S256 of every application (RFC 7636): plain
// is a downgrade, and none at all leaves a stolen code usable.
func checkChallenge(f form) error {
	if f["code_challenge"] == "" || f["code_challenge_method"] != "S256" {
		return invalidRequest("Kirim code_challenge dengan code_challenge_method=S256 (PKCE).", "Send code_challenge with code_challenge_method=S256 (PKCE).")
	}
	if sum, err := base64.RawURLEncoding.Strict().DecodeString(f["code_challenge"]); err != nil || len(sum) != 32 {
		return invalidRequest("code_challenge bukan SHA-256 dalam base64url.", "code_challenge is not a SHA-256 in base64url.")
	}
	return nil
}

func checkSizes(f form) error {
	if len(f["nonce"]) > maxNonce || len(f["state"]) > maxState {
		return invalidRequest("Parameter nonce atau state terlalu panjang.", "The parameter nonce or state is too long.")
	}
	return nil
}

func (a *authorization) readPrompt(f form) error {
	for prompt := range strings.FieldsSeq(f["prompt"]) {
		switch prompt {
		case "none":
			a.silent = true
		case "login":
			a.login = true
		case "consent":
			a.consent = true
		case "select_account": // a browser is signed in with one account at a time
		default:
			return invalidRequest("Nilai prompt tidak dikenal.", "The value of prompt is unknown.")
		}
	}
	if a.silent && strings.TrimSpace(f["prompt"]) != "none" {
		return invalidRequest("prompt=none tidak boleh digabung.", "prompt=none cannot be combined.")
	}
	return nil
}

func (a *authorization) readAge(f form) error {
	if f["max_age"] == "" {
		return nil
	}
	seconds, err := strconv.ParseInt(f["max_age"], 10, 32)
	if err != nil || seconds < 0 {
		return invalidRequest("max_age harus bilangan detik.", "max_age must be a number of seconds.")
	}
	a.maxAge = time.Duration(seconds) * time.Second
	return nil
}

// stale reports whether the person must sign in once more. since is when the
// request was first seen; zero where it is new.
func (a authorization) stale(s Session, since, now time.Time) bool {
	if !since.IsZero() && !s.At.Before(since.Truncate(time.Second)) {
		return false
	}
	return a.login || a.maxAge >= 0 && now.Sub(s.At) > a.maxAge
}

// place is the redirect URI with an answer (RFC 6749 section 4.1.2), and who
// gives it (RFC 9207), so that a client of several providers cannot mix them up.
func (a authorization) place(issuer string, answer url.Values) string {
	if a.state != "" {
		answer.Set("state", a.state)
	}
	answer.Set("iss", issuer)
	joint := "?"
	if strings.Contains(a.redirectURI, "?") {
		joint = "&"
	}
	return a.redirectURI + joint + answer.Encode()
}

func oauthFault(code, id, en string) error {
	return &fault{status: http.StatusBadRequest, code: code, text: simpul.Text{ID: id, EN: en}}
}

func loginRequired() error {
	return oauthFault("login_required", "Orang ini perlu masuk dulu.", "The person must sign in first.")
}

func consentRequired() error {
	return oauthFault("consent_required", "Orang ini belum memberi persetujuan.", "The person has not consented yet.")
}

func refusedByPerson() error {
	return oauthFault("access_denied", "Orang ini tidak menyetujui.", "The person did not consent.")
}

// The faults below are shown to the person, since nobody else can be told.

var askDeveloper = simpul.Text{
	ID: "Anda tidak melakukan kesalahan. Kembali ke aplikasi itu, dan sampaikan halaman ini kepada pengelolanya.",
	EN: "You did nothing wrong. Go back to that application, and show this page to whoever runs it.",
}

func unknownApplication() error {
	return simpul.Invalid("client_id", simpul.Text{
		ID: "Aplikasi yang mengirim Anda ke sini belum terdaftar untuk masuk dengan Simpul.",
		EN: "The application that sent you here is not registered to sign people in with Simpul."}, askDeveloper)
}

func unknownRedirect() error {
	return simpul.Invalid("redirect_uri", simpul.Text{
		ID: "Alamat kembali yang diminta aplikasi ini tidak terdaftar, jadi Anda tidak dikirim ke sana.",
		EN: "The address to which this application wants you back is not registered, so you are not sent there."}, askDeveloper)
}

func unreadableRequest(cause error) error {
	return &simpul.Error{Code: simpul.CodeInvalid, Err: cause, Remedy: askDeveloper, Message: simpul.Text{
		ID: "Permintaan masuk dari aplikasi ini tidak terbaca.",
		EN: "This application's request to sign you in cannot be read."}}
}

func tooLongRequest() error {
	return &simpul.Error{Code: simpul.CodeTooLarge, Remedy: askDeveloper, Message: simpul.Text{
		ID: "Permintaan masuk dari aplikasi ini terlalu panjang.",
		EN: "This application's request to sign you in is too long."}}
}

func expiredRequest() error {
	return &simpul.Error{Code: simpul.CodeNotFound,
		Message: simpul.Text{ID: "Permintaan masuk ini sudah berakhir atau sudah dijawab.", EN: "This request to sign in has expired or was answered."},
		Remedy:  simpul.Text{ID: "Kembali ke aplikasinya, lalu mulai masuk dari sana.", EN: "Go back to the application and start signing in from there."}}
}
