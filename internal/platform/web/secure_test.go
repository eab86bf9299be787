package web_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"simpul/internal/platform/web"
)

func TestHeadersKeepAPageToItself(t *testing.T) {
	h := get(t, "/", nil).Header()
	for name, want := range map[string]string{
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "same-origin",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Strict-Transport-Security":    "",
		"Cache-Control":                "private, no-cache",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	policy := h.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy lacks %s", want)
		}
	}
	for _, loophole := range []string{"unsafe", "*", "http", "data:", "blob:"} {
		if strings.Contains(policy, loophole) {
			t.Errorf("the policy allows %s", loophole)
		}
	}
}

func TestHSTSOnlyOverTLS(t *testing.T) {
	r := httptest.NewRequest("GET", "/", nil)
	r.TLS = &tls.ConnectionState{}
	w := httptest.NewRecorder()
	web.Secure(http.NotFoundHandler()).ServeHTTP(w, r)
	if got := w.Header().Get("Strict-Transport-Security"); !strings.HasPrefix(got, "max-age=63072000") {
		t.Errorf("Strict-Transport-Security: %q", got)
	}
}

func TestForgedRequestsAreRefused(t *testing.T) {
	handler := web.Secure(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	for name, c := range map[string]struct {
		method string
		header http.Header
		want   int
	}{
		"own form":            {"POST", http.Header{"Sec-Fetch-Site": {"same-origin"}}, 204},
		"foreign form":        {"POST", http.Header{"Sec-Fetch-Site": {"cross-site"}}, 403},
		"sibling host":        {"POST", http.Header{"Sec-Fetch-Site": {"same-site"}}, 403},
		"old browser":         {"POST", http.Header{"Origin": {"https://evil.example"}}, 403},
		"old browser, own":    {"POST", http.Header{"Origin": {"http://example.com"}}, 204},
		"command line client": {"DELETE", nil, 204},
		"link from elsewhere": {"GET", http.Header{"Sec-Fetch-Site": {"cross-site"}}, 204},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(c.method, "http://example.com/", nil)
			r.Header = c.header
			if r.Header == nil {
				r.Header = http.Header{}
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if w.Code != c.want {
				t.Errorf("status %d, want %d", w.Code, c.want)
			}
			if w.Code == 403 && !strings.Contains(w.Body.String(), "situs lain") {
				t.Error("the refusal does not say why")
			}
		})
	}
}

func TestTheRefusalSpeaksTheReadersLanguage(t *testing.T) {
	r := httptest.NewRequest("POST", "/?lang=en", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	w := httptest.NewRecorder()
	newGallery(t).Config.Handler.ServeHTTP(w, r)
	if w.Code != 403 || !strings.Contains(w.Body.String(), "came from another site") || !strings.Contains(w.Body.String(), "Catalogue") {
		t.Errorf("status %d, without the reader's language or the frame", w.Code)
	}
}

// inline finds what the policy would block: scripts, styles and handlers in the page.
var inline = regexp.MustCompile(`(?i)<style|<script(?:>|[^>]*[^c]>[^<])|\sstyle=|\son[a-z]+=|javascript:`)

func TestPagesObeyTheirOwnPolicy(t *testing.T) {
	for _, path := range []string{"/", "/katalog", "/komponen", "/masuk", "/salah"} {
		if found := inline.FindString(get(t, path, nil).Body.String()); found != "" {
			t.Errorf("%s has inline %q", path, found)
		}
	}
}

func TestHtmxComesOnlyWhereItIsNeededAndTamed(t *testing.T) {
	if strings.Contains(get(t, "/", nil).Body.String(), "htmx") {
		t.Error("a still page loads htmx")
	}
	live := get(t, "/komponen", nil).Body.String()
	for _, want := range []string{web.AssetURL("htmx.js"), "&#34;allowEval&#34;:false", "&#34;includeIndicatorStyles&#34;:false", "&#34;historyCacheSize&#34;:0"} {
		if !strings.Contains(live, want) {
			t.Errorf("a live page lacks %s", want)
		}
	}
}

// get asks the gallery for a page.
func get(t *testing.T, target string, prepare func(*http.Request)) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("GET", target, nil)
	if prepare != nil {
		prepare(r)
	}
	w := httptest.NewRecorder()
	newGallery(t).Config.Handler.ServeHTTP(w, r)
	return w
}
