package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"simpul"
)

func TestEveryCodeHasItsStatus(t *testing.T) {
	for code, want := range map[simpul.Code]int{
		simpul.CodeInvalid:          400,
		simpul.CodeUnauthenticated:  401,
		simpul.CodeDenied:           403,
		simpul.CodeNotFound:         404,
		simpul.CodeMethodNotAllowed: 405,
		simpul.CodeConflict:         409,
		simpul.CodeGone:             410,
		simpul.CodeTooLarge:         413,
		simpul.CodeLimited:          429,
		simpul.CodeInternal:         500,
		simpul.CodeUpstream:         502,
		simpul.CodeUnavailable:      503,
		simpul.CodeTimeout:          504,
		simpul.CodeAborted:          500,
		"of another version":        500,
	} {
		if got := Status(code); got != want {
			t.Errorf("%s: got %d, want %d", code, got, want)
		}
	}
}

func TestAHandlersErrorBecomesAProblem(t *testing.T) {
	for _, code := range []simpul.Code{
		simpul.CodeInvalid, simpul.CodeUnauthenticated, simpul.CodeDenied, simpul.CodeNotFound, simpul.CodeMethodNotAllowed,
		simpul.CodeConflict, simpul.CodeGone, simpul.CodeTooLarge, simpul.CodeLimited, simpul.CodeUpstream, simpul.CodeUnavailable, simpul.CodeTimeout,
	} {
		for language, want := range map[string][2]string{
			"":      {"Salah satu.", "Perbaiki."},
			"id":    {"Salah satu.", "Perbaiki."},
			"en-GB": {"Something.", "Mend it."},
		} {
			h := newHub(gatekeeper{})
			h.widgets.failed = fmt.Errorf("put: %w", &simpul.Error{
				Code: code, Owner: "kemendagri.go.id", Err: errDisk,
				Message: simpul.Text{ID: "Salah satu.", EN: "Something."}, Remedy: simpul.Text{ID: "Perbaiki.", EN: "Mend it."},
			})
			w := h.do(call{method: "GET", path: "/widgets/x", header: map[string]string{"Accept-Language": language}})
			p := problem(t, w, Status(code))
			if p.Code != code || p.Detail != want[0] || p.Remedy != want[1] || p.Owner != "kemendagri.go.id" || p.Errors != nil {
				t.Errorf("%s in %q: got %+v", code, language, p)
			}
		}
	}
}

// What a client may not see goes to the log, whatever it is wrapped in.
func TestUncodedErrorsStayInside(t *testing.T) {
	for name, err := range map[string]error{
		"plain":                 errDisk,
		"wrapped":               fmt.Errorf("get widget: %w", errDisk),
		"joined":                errors.Join(errDisk, errors.New("and another")),
		"coded without a text":  &simpul.Error{Code: simpul.CodeInternal, Err: errDisk},
		"a huma status error":   fmt.Errorf("%w", errDisk),
		"a cancelled statement": fmt.Errorf("%w: %w", context.Canceled, errDisk),
	} {
		t.Run(name, func(t *testing.T) {
			h := newHub(gatekeeper{})
			h.widgets.failed = err
			w := h.do(call{method: "GET", path: "/widgets/x"})
			text := w.Body.String()
			p := problem(t, w, http.StatusInternalServerError)
			if p.Code != simpul.CodeInternal || strings.Contains(text, "disk") || strings.Contains(text, "simpul.db") {
				t.Errorf("the client learns %s", text)
			}
			if log := h.log.String(); !strings.Contains(log, "disk error") || !strings.Contains(log, "operation=get-widget") {
				t.Errorf("the log does not say it: %q", log)
			}
		})
	}
}

func TestACodedErrorsCauseStaysInside(t *testing.T) {
	h := newHub(gatekeeper{})
	h.widgets.failed = &simpul.Error{Code: simpul.CodeConflict, Err: errDisk, Message: simpul.Text{ID: "Sudah ada.", EN: "Exists."}, Remedy: simpul.Text{ID: "a", EN: "b"}}
	w := h.do(call{method: "DELETE", path: "/widgets/x"})
	if text := w.Body.String(); w.Code != http.StatusConflict || strings.Contains(text, "disk") {
		t.Errorf("got %d %s", w.Code, text)
	}
	if h.log.Len() != 0 {
		t.Errorf("somebody else's mistake is in the log: %s", &h.log)
	}
}

func TestProblemOfNamesThePlace(t *testing.T) {
	p := ProblemOf(simpul.Invalid("spec.class", simpul.Text{ID: "Salah.", EN: "Wrong."}, simpul.Text{}), simpul.English)
	if len(p.Errors) != 1 || p.Errors[0] != (Place{"spec.class", "Wrong."}) {
		t.Errorf("got %+v", p.Errors)
	}
}

func TestProblemWrite(t *testing.T) {
	for _, c := range []struct {
		code      simpul.Code
		challenge string // set before
		want      string
	}{
		{simpul.CodeDenied, "", ""},
		{simpul.CodeUnauthenticated, "", `Bearer realm="simpul"`},
		{simpul.CodeUnauthenticated, "ApiKey", "ApiKey"},
	} {
		w := httptest.NewRecorder()
		if c.challenge != "" {
			w.Header().Set("WWW-Authenticate", c.challenge)
		}
		p := ProblemOf(&simpul.Error{Code: c.code, Message: simpul.Text{ID: "Ya"}}, simpul.Indonesian)
		p.ExchangeID = "01890a5d-ac96-774b-bcce-b302099a8057"
		p.Write(w)
		var back Problem
		if err := json.Unmarshal(w.Body.Bytes(), &back); err != nil || back.ExchangeID != p.ExchangeID || w.Code != p.Status {
			t.Errorf("%s: got %d %+v, %v", c.code, w.Code, back, err)
		}
		for name, want := range map[string]string{
			"Content-Type": "application/problem+json", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
			"Vary": "Accept-Language", "WWW-Authenticate": c.want,
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", c.code, name, got, want)
			}
		}
	}
}

// A problem that passes by itself says when to try again, in whole seconds.
func TestAProblemSaysWhenToTryAgain(t *testing.T) {
	for wait, want := range map[time.Duration]string{0: "", time.Millisecond: "1", 2 * time.Second: "2", 2500 * time.Millisecond: "3"} {
		w := httptest.NewRecorder()
		ProblemOf(&simpul.Error{Code: simpul.CodeConflict, Retry: wait}, simpul.English).Write(w)
		if got := w.Header().Get("Retry-After"); w.Code != 409 || got != want {
			t.Errorf("after %v: %d, Retry-After %q", wait, w.Code, got)
		}
	}
}
