package oidc

import (
	"encoding/json"
	"errors"
	"net/http"

	"simpul"
)

// fault is a refusal in the words of OAuth 2.0 (RFC 6749 section 5.2). The
// description is for the developer of the application; it holds only the
// characters that the standard allows, and nothing that was sent.
type fault struct {
	status int
	code   string
	text   simpul.Text
	err    error // why, for nobody outside
}

func (f *fault) Error() string {
	if f.err != nil {
		return f.code + ": " + f.err.Error()
	}
	return f.code
}

func (f *fault) Unwrap() error { return f.err }

func invalidRequest(id, en string) error {
	return &fault{status: http.StatusBadRequest, code: "invalid_request", text: simpul.Text{ID: id, EN: en}}
}

// unknownClient is the one refusal of an application that cannot prove who it
// is, whatever the reason.
func unknownClient(cause error) error {
	return &fault{status: http.StatusUnauthorized, code: "invalid_client", err: cause, text: simpul.Text{
		ID: "Aplikasi atau buktinya tidak dikenal. Kirim client_id (ID aplikasi) dan kunci API-nya dengan HTTP Basic, atau client_assertion yang ditandatangani kunci terdaftar.",
		EN: "The application or its proof is unknown. Send client_id (the application ID) and its API key by HTTP Basic, or a client_assertion signed with a registered key.",
	}}
}

// suspendedClient is told to whoever has proved to be of the agency.
func suspendedClient(cause error) error {
	return &fault{status: http.StatusBadRequest, code: "unauthorized_client", err: cause, text: simpul.Text{
		ID: "Instansi pemilik aplikasi ini sedang dibekukan. Hubungi operator nasional.",
		EN: "The agency that owns this application is suspended. Contact the national operator.",
	}}
}

// anothersToken is the refusal of RFC 7009 section 2.1.
func anothersToken() error {
	return &fault{status: http.StatusBadRequest, code: "unauthorized_client", text: simpul.Text{
		ID: "Token ini milik aplikasi lain. Hanya pemiliknya yang dapat mencabutnya.",
		EN: "This token belongs to another application. Only its owner can revoke it.",
	}}
}

func unsupportedGrant() error {
	return &fault{status: http.StatusBadRequest, code: "unsupported_grant_type", text: simpul.Text{
		ID: "Jenis grant ini tidak dilayani. Gunakan client_credentials, authorization_code, atau refresh_token.",
		EN: "This grant type is not served. Use client_credentials, authorization_code or refresh_token.",
	}}
}

func undeclaredGrant() error {
	return &fault{status: http.StatusBadRequest, code: "unauthorized_client", text: simpul.Text{
		ID: "Aplikasi ini tidak mendaftarkan jenis grant tersebut. Tambahkan pada pendaftaran OpenID aplikasi.",
		EN: "This application has not declared that grant type. Add it to the application's OpenID registration.",
	}}
}

func noCertificate() error {
	return invalidRequest("Aplikasi ini meminta token yang terikat sertifikat. Panggil dengan sertifikat kliennya.", "This application asks for tokens that are bound to a certificate. Call with its client certificate.")
}

func unknownScope() error {
	return &fault{status: http.StatusBadRequest, code: "invalid_scope", text: simpul.Text{
		ID: "Hub ini tidak mengenal scope: yang boleh dipanggil aplikasi ditentukan oleh grant-nya. Hapus parameter scope.",
		EN: "This hub knows no scopes: what an application may call is decided by its grants. Leave scope out.",
	}}
}

func unknownTarget() error {
	return &fault{status: http.StatusBadRequest, code: "invalid_target", text: simpul.Text{
		ID: "Token hanya berlaku untuk gerbang hub ini. Hapus parameter resource dan audience, atau isi dengan alamat gerbang.",
		EN: "Tokens are for the gateway of this hub only. Leave resource and audience out, or set them to the gateway's address.",
	}}
}

// refuse writes an error. What is not a fault is ours: it is logged, and
// nothing of it is told.
func (p *Provider) refuse(w http.ResponseWriter, r *http.Request, err error) {
	f, ok := errors.AsType[*fault](err)
	if !ok {
		f = p.failure(r, err)
	}
	h := w.Header()
	if f.status == http.StatusUnauthorized && h.Get("WWW-Authenticate") == "" {
		h.Set("WWW-Authenticate", `Basic realm="simpul"`)
	}
	h.Set("Vary", "Accept-Language")
	answer(w, f.status, struct {
		Code        string `json:"error"`
		Description string `json:"error_description"`
	}{f.code, f.text.In(simpul.ParseLanguage(r.Header.Get("Accept-Language")))})
}

func (p *Provider) failure(r *http.Request, err error) *fault {
	text := simpul.Text{ID: "Layanan token sedang tidak dapat dipakai. Coba lagi sebentar lagi.", EN: "The token service cannot be used now. Try again shortly."}
	if simpul.CodeOf(err) == simpul.CodeUnavailable {
		return &fault{status: http.StatusServiceUnavailable, code: "temporarily_unavailable", text: text, err: err}
	}
	if r.Context().Err() == nil {
		p.log.ErrorContext(r.Context(), "token request failed", "path", r.URL.Path, "error", err)
	}
	return &fault{status: http.StatusInternalServerError, code: "server_error", text: text, err: err}
}

// answer writes JSON that nobody may keep.
func answer(w http.ResponseWriter, status int, body any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache") // RFC 6749 section 5.1
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) // fails only where the client has gone
}
