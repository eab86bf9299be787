package gateway

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"simpul"
)

// requestFor makes the request that net/http makes of a request line.
func requestFor(requestURI string) (*http.Request, error) {
	u, err := url.ParseRequestURI(requestURI)
	return &http.Request{Method: http.MethodGet, URL: u, RequestURI: requestURI, Header: http.Header{}}, err
}

func TestParseTarget(t *testing.T) {
	for uri, want := range map[string]struct{ key, path, query string }{
		"/master/Kota":                     {"master/Kota", "/", ""},
		"/master/Kota/":                    {"master/Kota", "/", ""},
		"/master/Kota?limit=5&q=a%20b":     {"master/Kota", "/", "limit=5&q=a%20b"},
		"/master/Kota/32.73":               {"master/Kota", "/32.73", ""},
		"/master/Kota/a%20b/c":             {"master/Kota", "/a b/c", ""},
		"/master/Kota/%C3%A9":              {"master/Kota", "/é", ""},
		"/t/kemendagri.go.id/kota/1.0":     {"t/kemendagri.go.id/kota/1.0", "/", ""},
		"/t/kemendagri.go.id/kota/1.0/x/y": {"t/kemendagri.go.id/kota/1.0", "/x/y", ""},
	} {
		r, err := requestFor(uri)
		if err != nil {
			t.Fatal(err)
		}
		got, err := parseTarget(r)
		if err != nil {
			t.Errorf("%s: %v", uri, err)
			continue
		}
		if got.key != want.key || got.below.Path != want.path || got.below.RawQuery != want.query {
			t.Errorf("%s: got key %q path %q query %q", uri, got.key, got.below.Path, got.below.RawQuery)
		}
	}
}

func TestParseTargetRefusesWhatCanBeReadTwoWays(t *testing.T) {
	for _, uri := range []string{
		"/master/../kependudukan/CekNIK",
		"/master/Kota/..",
		"/master/Kota/./x",
		"/master/%2e%2e/kependudukan/CekNIK",
		"/master/%2E%2E/kependudukan/CekNIK",
		"/master/Kota/%2e",
		"/master/Kota/a%2fb",
		"/master/Kota/a%2Fb",
		"/master/Kota/a%5cb",
		"/master/Kota/a\\b",
		"/master/Kota/%252e%252e",
		"/master//Kota",
		"//master/Kota",
		"/master/Kota//x",
		"/master/Kota/x;y=1",
		"/master/Kota/x%3by",
		"/master/Kota/%00",
		"/master/Kota/a%0d%0ab",
		"/master/Kota/%7f",
		"/master/Kota/%c0%ae%c0%ae",    // overlong "."
		"/master/Kota/%e0%80%ae",       // overlong "."
		"/master/Kota/%ff",             // not UTF-8
		"/master/K%6fta",               // an address needs no encoding
		"/master/Kota?a=1;b=2",         // a second separator
		"/master/Kota?a=%00",           // NUL
		"/master/Kota?a=%0d%0aX:%20y",  // a header in the query
		"/master/Kota?a=%zz",           // not an encoding
		"/master/Kota?a=%c0%af",        // overlong "/"
		"http://elsewhere/master/../x", // absolute form
	} {
		r, err := requestFor(uri)
		if err != nil {
			continue // net/http answers 400 itself
		}
		if got, err := parseTarget(r); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("%s was read as %q below %v (%v)", uri, got.key, got.below, err)
		}
	}
}

func TestParseTargetSaysWhatTheGatewayIs(t *testing.T) {
	for _, uri := range []string{"/", "/master", "/t/kemendagri.go.id/kota"} {
		r, _ := requestFor(uri)
		if _, err := parseTarget(r); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("%s: got %v", uri, err)
		}
	}
}

// Whatever arrives, a path that is accepted has one reading: decoding it again
// or cleaning it changes nothing.
func FuzzParseTarget(f *testing.F) {
	for _, seed := range []string{"/master/Kota", "/t/a.id/b/1/c", "/a/B/%2e%2e", "/a/B/%C3%A9?x=%20", "//", "/a/B/%252f"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, uri string) {
		r, err := requestFor(uri)
		if err != nil {
			return
		}
		got, err := parseTarget(r)
		if err != nil {
			return
		}
		if strings.Contains(got.key, "..") || strings.Contains(got.key, "//") || strings.Contains(got.key, "%") {
			t.Errorf("%q gave the key %q", uri, got.key)
		}
		again, err := url.PathUnescape(got.below.Path)
		if err != nil || again != got.below.Path {
			t.Errorf("%q decodes a second time, to %q", got.below.Path, again)
		}
		for segment := range strings.SplitSeq(got.below.Path[1:], "/") {
			if segment == "." || segment == ".." || segment == "" && got.below.Path != "/" {
				t.Errorf("%q has the segment %q", got.below.Path, segment)
			}
		}
	})
}
