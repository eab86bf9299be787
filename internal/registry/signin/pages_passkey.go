package signin

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// answer is what the island sends at the end of a ceremony.
type answer struct {
	Credential json.RawMessage `json:"credential"`
	Name       string          `json:"name"` // of a new passkey
	Next       string          `json:"next"`
}

// verdict is what the island gets: where to go, or what to tell.
type verdict struct {
	Next    string `json:"next,omitempty"`
	Message string `json:"message,omitempty"`
	Remedy  string `json:"remedy,omitempty"`
}

// offer answers the first step of a ceremony with the browser's options.
func (p *Pages) offer(w http.ResponseWriter, r *http.Request, options any, secret simpul.Secret, err error) {
	if err != nil {
		p.lead(w, r, "", err)
		return
	}
	p.ceremony.write(w, r, secret, time.Time{})
	tell(w, http.StatusOK, options)
}

// answer reads the second step of a ceremony, or answers why it cannot.
func (p *Pages) answer(w http.ResponseWriter, r *http.Request) (a answer, ok bool) {
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxForm)).Decode(&a)
	if err != nil {
		p.lead(w, r, "", formFault(err))
	}
	return a, err == nil
}

// lead ends a ceremony: on to the next page, or with words that the island
// shows.
func (p *Pages) lead(w http.ResponseWriter, r *http.Request, next string, err error) {
	if err == nil {
		tell(w, http.StatusOK, verdict{Next: next})
		return
	}
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok && !httpapi.Left(r, err) {
		p.log.ErrorContext(r.Context(), "ceremony failed", "path", r.URL.Path, "error", err)
	}
	if !ok {
		e = broken()
	}
	l := web.Language(r.Context())
	tell(w, httpapi.Status(e.Code), verdict{Message: e.Message.In(l), Remedy: e.Remedy.In(l)})
}

func tell(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

// refusal is the error that a page shows; a fault of ours has no such words.
func refusal(err error) *simpul.Error {
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok {
		return broken()
	}
	return e
}

func broken() *simpul.Error {
	return &simpul.Error{
		Code:    simpul.CodeInternal,
		Message: simpul.Text{ID: "Ada kesalahan di pihak kami.", EN: "Something went wrong on our side."},
		Remedy:  simpul.Text{ID: "Coba lagi sebentar lagi.", EN: "Try again in a moment."},
	}
}
