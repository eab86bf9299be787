package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"simpul"
)

// Problem is a problem document, RFC 9457, with the members that every error of
// Simpul has: what to do next, who can mend it, and where the input is wrong.
type Problem struct {
	Type       string            `json:"type" doc:"Always about:blank; code tells problems apart"`
	Title      string            `json:"title" doc:"The HTTP status in words"`
	Status     int               `json:"status" doc:"HTTP status"`
	Code       simpul.Code       `json:"code" doc:"Stable word for programs"`
	Detail     string            `json:"detail" doc:"What is wrong, in the reader's language"`
	Remedy     string            `json:"remedy,omitempty" doc:"What to do next"`
	Owner      simpul.AgencyID   `json:"owner,omitempty" doc:"The agency that can mend it"`
	ExchangeID simpul.ExchangeID `json:"exchange_id,omitempty" doc:"Quote this number when you ask for help"`
	Errors     []Place           `json:"errors,omitempty" doc:"Each place in the input that is wrong"`

	retry time.Duration
}

// Place is one wrong place in the input.
type Place struct {
	Location string `json:"location" doc:"Path to the value, e.g. body.spec.class"`
	Message  string `json:"message" doc:"What is wrong there"`
}

// statuses maps each code to its HTTP status, RFC 9110 section 15 and RFC 6585.
var statuses = map[simpul.Code]int{
	simpul.CodeInvalid:          http.StatusBadRequest,
	simpul.CodeUnauthenticated:  http.StatusUnauthorized,
	simpul.CodeDenied:           http.StatusForbidden,
	simpul.CodeNotFound:         http.StatusNotFound,
	simpul.CodeMethodNotAllowed: http.StatusMethodNotAllowed,
	simpul.CodeConflict:         http.StatusConflict,
	simpul.CodeGone:             http.StatusGone,
	simpul.CodeTooLarge:         http.StatusRequestEntityTooLarge,
	simpul.CodeLimited:          http.StatusTooManyRequests,
	simpul.CodeInternal:         http.StatusInternalServerError,
	simpul.CodeUpstream:         http.StatusBadGateway,
	simpul.CodeUnavailable:      http.StatusServiceUnavailable,
	simpul.CodeTimeout:          http.StatusGatewayTimeout,
}

// Status returns the HTTP status of a code.
func Status(code simpul.Code) int {
	if s, ok := statuses[code]; ok {
		return s
	}
	return http.StatusInternalServerError
}

var internalError = simpul.Error{
	Code:    simpul.CodeInternal,
	Message: simpul.Text{ID: "Terjadi kesalahan di hub.", EN: "Something went wrong in the hub."},
	Remedy:  simpul.Text{ID: "Coba lagi sebentar lagi. Bila tetap gagal, hubungi operator nasional.", EN: "Try again shortly. If it keeps failing, contact the national operator."},
}

// ProblemOf describes an error to a reader of the language. Only a coded error
// shows its text.
func ProblemOf(err error, lang simpul.Language) *Problem {
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok || e.Code == simpul.CodeInternal && e.Message == (simpul.Text{}) {
		e = &internalError
	}
	status := Status(e.Code)
	p := &Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Code: e.Code,
		Detail: e.Message.In(lang), Remedy: e.Remedy.In(lang), Owner: e.Owner,
		retry: e.Retry,
	}
	if e.Place != "" {
		p.Errors = []Place{{Location: e.Place, Message: p.Detail}}
	}
	if len(e.Faults) > 0 {
		p.Errors = make([]Place, len(e.Faults))
		for i, f := range e.Faults {
			p.Errors[i] = Place{Location: f.Place, Message: f.Message.In(lang)}
		}
	}
	return p
}

// Write sends the problem.
func (p *Problem) Write(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Language")
	if p.Status == http.StatusUnauthorized && h.Get("WWW-Authenticate") == "" {
		h.Set("WWW-Authenticate", `Bearer realm="simpul"`)
	}
	for name, values := range p.GetHeaders() {
		h[name] = values
	}
	var body bytes.Buffer
	p.encode(&body)
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(p.Status)
	w.Write(body.Bytes()) // fails only where the client has gone
}

func (p *Problem) encode(w io.Writer) {
	json.NewEncoder(w).Encode(p)
}

// GetHeaders are those that only some problems have: when to try again (RFC 9110
// section 10.2.3).
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retry > 0 {
		h.Set("Retry-After", strconv.FormatInt(int64((p.retry+time.Second-1)/time.Second), 10))
	}
	return h
}

// Error, GetStatus and ContentType make a Problem an error that huma sends as it is.
func (p *Problem) Error() string             { return p.Detail }
func (p *Problem) GetStatus() int            { return p.Status }
func (p *Problem) ContentType(string) string { return "application/problem+json" }
