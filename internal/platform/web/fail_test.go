package web_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"simpul"
	"simpul/internal/platform/web"
)

func TestFailSaysWhatWhoAndWhatNext(t *testing.T) {
	for lang, want := range map[string][]string{
		"id": {"Akses tidak diizinkan", "belum punya izin", "Ajukan izin dari halaman LID itu", "kemendagri.", "Ke beranda"},
		"en": {"Access is not allowed", "has no grant", "Request a grant", "kemendagri.", "home page"},
	} {
		w := get(t, "/salah?lang="+lang, nil)
		if w.Code != http.StatusForbidden || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Content-Language") != lang {
			t.Errorf("status %d, header %v", w.Code, w.Header())
		}
		for _, words := range want {
			if !strings.Contains(w.Body.String(), words) {
				t.Errorf("%s: the page lacks %q", lang, words)
			}
		}
	}
}

func TestFailFindsTheCodeAndHidesTheCause(t *testing.T) {
	silence(t)
	secret := errors.New("pq: password of user simpul")
	said := simpul.Text{ID: "Kata-kata kami.", EN: "Our words."}
	for name, c := range map[string]struct {
		err    error
		status int
		said   bool
	}{
		"uncoded":                {secret, 500, false},
		"wrapped":                {fmt.Errorf("catalog: %w", &simpul.Error{Code: simpul.CodeNotFound, Message: said, Err: secret}), 404, true},
		"coded without words":    {&simpul.Error{Code: simpul.CodeDenied, Err: secret}, 500, false},
		"unavailable":            {&simpul.Error{Code: simpul.CodeUnavailable, Message: said, Err: secret}, 503, true},
		"a code from the future": {&simpul.Error{Code: "teapot", Message: said, Err: secret}, 500, true},
		"nothing at all":         {nil, 500, false},
		"sign in first":          {&simpul.Error{Code: simpul.CodeUnauthenticated, Message: said}, 401, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := httptest.NewRecorder()
			web.Fail(w, httptest.NewRequest("GET", "/", nil), c.err)
			if w.Code != c.status {
				t.Errorf("status %d, want %d", w.Code, c.status)
			}
			if strings.Contains(w.Body.String(), "password") {
				t.Error("the cause got out")
			}
			if strings.Contains(w.Body.String(), said.ID) != c.said {
				t.Error("the message is not shown as it should be")
			}
		})
	}
}

func TestEveryCodeHasItsOwnHeadline(t *testing.T) {
	silence(t)
	for _, code := range []simpul.Code{simpul.CodeInvalid, simpul.CodeUnauthenticated, simpul.CodeDenied, simpul.CodeNotFound, simpul.CodeMethodNotAllowed, simpul.CodeConflict, simpul.CodeGone, simpul.CodeTooLarge, simpul.CodeLimited, simpul.CodeUpstream, simpul.CodeUnavailable, simpul.CodeTimeout} {
		w := httptest.NewRecorder()
		web.Fail(w, httptest.NewRequest("GET", "/", nil), &simpul.Error{Code: code, Message: simpul.Text{ID: "x"}})
		if w.Code == 500 || strings.Contains(w.Body.String(), "kesalahan di pihak kami") {
			t.Errorf("%s is shown as a fault of ours", code)
		}
	}
}

func TestRenderSendsAllOrAnErrorPage(t *testing.T) {
	silence(t)
	broken := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		io.WriteString(w, "half a page")
		return errors.New("the other half")
	})
	w := httptest.NewRecorder()
	web.Render(w, httptest.NewRequest("GET", "/", nil), http.StatusOK, broken)
	if w.Code != 500 || strings.Contains(w.Body.String(), "half") {
		t.Errorf("status %d: %.60s", w.Code, w.Body)
	}
}

// The answer to a POST may hold a secret beside text that the request chose.
func TestOnlyAnswersToGetAreCompressed(t *testing.T) {
	for method, want := range map[string]string{"GET": "gzip", "POST": ""} {
		r := httptest.NewRequest(method, "/", nil)
		r.Header.Set("Accept-Encoding", "gzip")
		w := httptest.NewRecorder()
		web.Render(w, r, http.StatusOK, web.Layout(web.Page{Title: "Kunci baru"}))
		if got := w.Header().Get("Content-Encoding"); got != want {
			t.Errorf("%s: Content-Encoding %q, want %q", method, got, want)
		}
	}
}

func silence(t *testing.T) {
	before := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	t.Cleanup(func() { slog.SetDefault(before) })
}
