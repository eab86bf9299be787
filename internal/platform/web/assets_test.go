package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"simpul/internal/platform/web"
)

func TestAssetsCanBeKeptForEver(t *testing.T) {
	for name, kind := range map[string]string{
		"app.css":       "text/css; charset=utf-8",
		"app.js":        "text/javascript; charset=utf-8",
		"htmx.js":       "text/javascript; charset=utf-8",
		"jakarta.woff2": "font/woff2",
		"mark.svg":      "image/svg+xml",
		"kawung.svg":    "image/svg+xml",
	} {
		address := web.AssetURL(name)
		if !regexp.MustCompile(`^/assets/[a-z]+\.[0-9a-f]{16}\.[a-z0-9]+$`).MatchString(address) {
			t.Errorf("%s is at %s", name, address)
		}
		w := fetch(address, nil)
		h := w.Header()
		if w.Code != 200 || h.Get("Content-Type") != kind || h.Get("Cache-Control") != "public, max-age=31536000, immutable" || h.Get("ETag") == "" {
			t.Errorf("%s: status %d, header %v", name, w.Code, h)
		}
		if again := fetch(address, http.Header{"If-None-Match": {h.Get("ETag")}}); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("%s is sent again: status %d", name, again.Code)
		}
	}
}

func TestAssetsAreCompressedForThoseWhoAcceptIt(t *testing.T) {
	address := web.AssetURL("app.css")
	plain := fetch(address, nil)
	for accept, want := range map[string]string{
		"gzip":            "gzip",
		"br, gzip;q=0.5":  "gzip",
		"deflate, GZIP":   "gzip",
		"gzip;q=0":        "",
		"gzip; q=0.0":     "",
		"gzip;q=nonsense": "",
		"x-gzip, br":      "",
		"":                "",
	} {
		w := fetch(address, http.Header{"Accept-Encoding": {accept}})
		if got := w.Header().Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %q: got %q, want %q", accept, got, want)
			continue
		}
		if w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: caches would mix up the forms", accept)
		}
		if want == "" {
			continue
		}
		if w.Header().Get("ETag") == plain.Header().Get("ETag") {
			t.Error("both forms have one ETag")
		}
		if !bytes.Equal(unzip(t, w.Body), plain.Body.Bytes()) {
			t.Error("the compressed form has other content")
		}
	}
	if got := fetch(web.AssetURL("jakarta.woff2"), http.Header{"Accept-Encoding": {"gzip"}}).Header().Get("Content-Encoding"); got != "" {
		t.Errorf("the typeface, compressed already, is compressed again: %s", got)
	}
}

func TestUnknownAssetsAreNotFoundAndNotKept(t *testing.T) {
	for _, address := range []string{"/assets/", "/assets/app.css", "/assets/app.0000000000000000.css", "/assets/../go.mod", web.AssetURL("no-such.css")} {
		if w := fetch(address, nil); w.Code != 404 || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: status %d, Cache-Control %q", address, w.Code, w.Header().Get("Cache-Control"))
		}
	}
}

func TestTheStyleSheetRefersToHashedFilesOfOurOwn(t *testing.T) {
	css := fetch(web.AssetURL("app.css"), nil).Body.String()
	for _, want := range []string{"url(" + web.AssetURL("jakarta.woff2") + ")", "url(" + web.AssetURL("kawung.svg") + ")"} {
		if !strings.Contains(css, want) {
			t.Errorf("the style sheet lacks %s", want)
		}
	}
	for _, address := range regexp.MustCompile(`url\(([^)]*)\)`).FindAllStringSubmatch(css, -1) {
		if fetch(address[1], nil).Code != 200 {
			t.Errorf("the style sheet refers to %s", address[1])
		}
	}
}

// A first visit must stay light for old phones on slow lines.
func TestTheFirstViewIsUnder100KB(t *testing.T) {
	const budget = 100_000
	page := get(t, "/", func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") })
	if page.Header().Get("Content-Encoding") != "gzip" {
		t.Error("the page itself is not compressed")
	}
	total := page.Body.Len()
	for _, name := range []string{"app.css", "app.js", "jakarta.woff2", "kawung.svg", "mark.svg"} {
		size := fetch(web.AssetURL(name), http.Header{"Accept-Encoding": {"gzip"}}).Body.Len()
		t.Logf("%s: %d bytes", name, size)
		total += size
	}
	if t.Logf("first view: %d bytes", total); total >= budget {
		t.Errorf("the first view weighs %d bytes", total)
	}
}

func fetch(address string, header http.Header) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "/", nil)
	r.URL.Path = address
	if header != nil {
		r.Header = header
	}
	w := httptest.NewRecorder()
	web.Assets().ServeHTTP(w, r)
	return w
}

func unzip(t *testing.T, r io.Reader) []byte {
	t.Helper()
	z, err := gzip.NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
