package provider

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOriginIsHidden(t *testing.T) {
	route := provide(t, func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Server", "Apache/2.2 (Dinas)")
		h.Set("X-Powered-By", "PHP/5.3")
		h.Set("Alt-Svc", `h2="10.1.2.3:443"`)
		h.Set("Location", "http://"+r.Host+"/32.73")
		h.Set("Content-Location", "/32.73")
		h.Set("ETag", `"1"`)
		w.WriteHeader(http.StatusCreated)
	})
	res, _, err := get(t, newCaller(t), route, "/")
	if err != nil {
		t.Fatal(err)
	}
	res.Header.Del("Date")
	want := http.Header{"Location": {"/master/Kota/32.73"}, "Content-Location": {"/master/Kota/32.73"}, "Etag": {`"1"`}, "Content-Length": {"0"}}
	if diff := cmp.Diff(want, res.Header); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAddressesOfTheProviderLeadThroughTheHub(t *testing.T) {
	const hidden = ""
	for _, c := range []struct{ upstream, below, address, want string }{
		{"http://p.id:8080/kota", "/", "http://p.id:8080/kota/32.73", "/master/Kota/32.73"},
		{"http://p.id:8080/kota", "/", "http://P.ID:8080/kota/32.73", "/master/Kota/32.73"},
		{"http://p.id:8080/kota", "/", "//p.id:8080/kota/32.73", "/master/Kota/32.73"},
		{"http://p.id:8080/kota", "/", "http://p.id:8080/kota", "/master/Kota"},
		{"http://p.id:8080/kota", "/", "http://u:rahasia@p.id:8080/kota/1", "/master/Kota/1"},
		{"http://p.id:8080/kota", "/", "/kota/32.73?a=b%20c&d#e", "/master/Kota/32.73?a=b%20c&d#e"},
		{"http://p.id:8080/kota", "/", "/kota/nama%20panjang/%C3%A9%2F", "/master/Kota/nama%20panjang/%C3%A9%2F"},
		{"http://p.id:8080/kota", "/32/", "33", "/master/Kota/33"}, // relative to /kota/32
		{"http://p.id:8080/kota", "/", "?page=2", "/master/Kota?page=2"},
		{"http://p.id", "/", "/32.73", "/master/Kota/32.73"},
		{"http://p.id", "/", "32.73", "/master/Kota/32.73"},
		{"http://p.id/", "/", "/32.73", "/master/Kota/32.73"},
		{"https://p.id/kota", "/", "https://p.id:443/kota/1", "/master/Kota/1"},
		{"http://p.id:80/kota", "/", "http://p.id/kota/1", "/master/Kota/1"},

		{"http://p.id:8080/kota", "/", "http://p.id:8080/kotamadya/1", hidden},
		{"http://p.id:8080/kota", "/", "/kotamadya/1", hidden},
		{"http://p.id:8080/kota", "/", "/", hidden},
		{"http://p.id:8080/kota", "/", "/kota/../rahasia", hidden},
		{"http://p.id:8080/kota", "/", "http://p.id:9090/kota/1", hidden},
		{"http://p.id:8080/kota", "/", "https://p.id/kota/1", hidden},
		{"http://p.id:8080/kota", "/", "http:p.id:8080/kota", hidden},
		{"http://p.id:8080/kota", "/", "http://p.id:8080\x7f/", hidden},
		{"http://p.id:8080/kota", "/", "%zz", hidden},

		{"http://p.id:8080/kota", "/", "https://login.go.id/masuk?next=1", "https://login.go.id/masuk?next=1"},
	} {
		route := routeTo(t, c.upstream)
		called := target(route.Upstream, request(t, http.MethodGet, c.below, nil).URL)
		got, ok := throughHub(route, []*url.URL{route.Upstream}, called, c.address)
		if got != c.want || ok != (c.want != hidden) {
			t.Errorf("%s says %s: got %q, %v; want %q", called, c.address, got, ok, c.want)
		}
	}
}
