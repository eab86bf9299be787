package web_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/web"
)

func TestLanguageComesFromQueryThenCookieThenBrowser(t *testing.T) {
	for name, c := range map[string]struct {
		query, cookie, accept string
		want                  simpul.Language
	}{
		"nothing":               {"", "", "", simpul.Indonesian},
		"browser":               {"", "", "en-GB,en;q=0.9", simpul.English},
		"browser speaks others": {"", "", "fr,de;q=0.8", simpul.Indonesian},
		"cookie beats browser":  {"", "id", "en", simpul.Indonesian},
		"query beats cookie":    {"?lang=en", "id", "id", simpul.English},
		"unknown query":         {"?lang=xx", "en", "id", simpul.English},
		"unknown cookie":        {"", "<script>", "en", simpul.English},
		"tags are exact":        {"?lang=EN", "", "", simpul.Indonesian},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/"+c.query, nil)
			r.Header.Set("Accept-Language", c.accept)
			if c.cookie != "" {
				r.AddCookie(&http.Cookie{Name: "lang", Value: c.cookie})
			}
			var got simpul.Language
			web.Localize(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = web.Language(r.Context()) })).ServeHTTP(httptest.NewRecorder(), r)
			if got != c.want {
				t.Errorf("language %q, want %q", got, c.want)
			}
		})
	}
}

func TestWithoutLocalizeThePageSpeaksIndonesian(t *testing.T) {
	if got := web.T(t.Context(), "Katalog", "Catalogue"); got != "Katalog" {
		t.Errorf("T = %q", got)
	}
}

func TestPreferencesAreRememberedOnlyWhenChosen(t *testing.T) {
	for query, want := range map[string][]string{
		"/":                     nil,
		"/?lang=en":             {"lang=en"},
		"/?lang=xx&theme=pink":  nil,
		"/?theme=dark":          {"theme=dark"},
		"/?theme=auto&lang=id":  {"lang=id", "theme=auto"},
		"/?lang=en%0d%0aX-Y:+z": nil,
	} {
		w := httptest.NewRecorder()
		web.Localize(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest("GET", query, nil))
		var got []string
		for _, c := range w.Result().Cookies() {
			got = append(got, c.Name+"="+c.Value)
			if c.Path != "/" || c.SameSite != http.SameSiteLaxMode || c.Secure || c.HttpOnly != (c.Name == "lang") {
				t.Errorf("%s: cookie %v", query, c)
			}
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: cookies %v, want %v", query, got, want)
		}
	}
}

func TestCookiesStayOnTLS(t *testing.T) {
	r := httptest.NewRequest("GET", "/?lang=en", nil)
	r.TLS = &tls.ConnectionState{}
	w := httptest.NewRecorder()
	web.Localize(http.NotFoundHandler()).ServeHTTP(w, r)
	if !w.Result().Cookies()[0].Secure {
		t.Error("a cookie set over TLS may travel without")
	}
}

func TestSwitchesKeepTheRestOfTheAddress(t *testing.T) {
	page := get(t, "/katalog?q=kode+%26+nama&lang=en", nil).Body.String()
	for _, want := range []string{`href="?lang=id&amp;q=kode+%26+nama"`, `href="?lang=en&amp;q=kode+%26+nama&amp;theme=dark"`, `<html lang="en"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestThemeIsDrawnByTheServer(t *testing.T) {
	for query, want := range map[string]string{"/": "auto", "/?theme=dark": "dark", "/?theme=light": "light", "/?theme=%22%3E": "auto"} {
		if page := get(t, query, nil).Body.String(); !strings.Contains(page, `data-theme="`+want+`"`) {
			t.Errorf("%s does not have the theme %s", query, want)
		}
	}
	remembered := get(t, "/", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "theme", Value: "dark"}) })
	if !strings.Contains(remembered.Body.String(), `data-theme="dark"`) {
		t.Error("the cookie is not heeded")
	}
}
