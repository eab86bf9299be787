package demo

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// ask sends a request to a handler and returns the whole answer.
func ask(h http.Handler, method, target, body string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, request)
	return answer
}

// decode reads a body that must be JSON of a form without unknown members.
func decode[T any](t testing.TB, answer *httptest.ResponseRecorder) T {
	t.Helper()
	var value T
	if err := decodeStrictly(answer.Body.Bytes(), &value); err != nil {
		t.Fatalf("%d %s: %v", answer.Code, answer.Body, err)
	}
	return value
}

// smallProvider serves the small nation.
func smallProvider(t testing.TB) http.Handler {
	regions := smallNation(t)
	return Provider(regions, SyntheticCitizens(regions))
}

func TestProviderServesAllRegenciesAtOnce(t *testing.T) {
	regions := nation(t)
	answer := ask(Provider(regions, nil), "GET", "/kota", "")
	list := decode[regionList](t, answer)
	if answer.Code != 200 || len(list.Items) != 514 || list.Total != 514 || list.Next != "" || answer.Header().Get("Link") != "" {
		t.Errorf("%d: %d items of %d, next %q", answer.Code, len(list.Items), list.Total, list.Next)
	}
	if list.Sumber != Attribution {
		t.Errorf("source %q", list.Sumber)
	}
}

func TestProviderAnswersOneRegion(t *testing.T) {
	provider := smallProvider(t)
	tests := map[string]regionItem{
		"/provinsi/31":        {Kode: "31", Nama: "DKI Jakarta"},
		"/kota/32.73":         {Kode: "32.73", Nama: "Kota Bandung", Jenis: "kota", KodeProvinsi: "32"},
		"/kota/32%2E04":       {Kode: "32.04", Nama: "Kabupaten Bandung", Jenis: "kabupaten", KodeProvinsi: "32"},
		"/kecamatan/32.73.01": {Kode: "32.73.01", Nama: "Sukasari", KodeProvinsi: "32", KodeKota: "32.73"},
		"/desa/32.04.05.2001": {Kode: "32.04.05.2001", Nama: "Cileunyi Wetan", Jenis: "desa", KodeProvinsi: "32", KodeKota: "32.04", KodeKecamatan: "32.04.05"},
	}
	for target, want := range tests {
		answer := ask(provider, "GET", target, "")
		got := decode[regionDetail](t, answer)
		if answer.Code != 200 || got.regionItem != want || got.Sumber != Attribution {
			t.Errorf("%s: %d %+v", target, answer.Code, got)
		}
		if contentType := answer.Header().Get("Content-Type"); contentType != "application/json" {
			t.Errorf("%s is %s", target, contentType)
		}
	}
}

func TestProviderListsWithAndWithoutSlash(t *testing.T) {
	provider := smallProvider(t)
	for _, path := range []string{"/provinsi", "/kota", "/kecamatan", "/desa"} {
		bare, slash := ask(provider, "GET", path, ""), ask(provider, "GET", path+"/", "")
		if bare.Code != 200 || slash.Code != 200 || bare.Body.String() != slash.Body.String() {
			t.Errorf("%s: %d and %d", path, bare.Code, slash.Code)
		}
	}
}

func TestProviderRefuses(t *testing.T) {
	provider := smallProvider(t)
	tests := []struct {
		method, target string
		status         int
		parameter      string
	}{
		{"GET", "/kota?limit=0", 400, "limit"},
		{"GET", "/kota?limit=1001", 400, "limit"},
		{"GET", "/kota?limit=-1", 400, "limit"},
		{"GET", "/kota?limit=ten", 400, "limit"},
		{"GET", "/kota?limit=99999999999999999999", 400, "limit"},
		{"GET", "/kota?limit=", 400, "limit"},
		{"GET", "/kota?limit=1&limit=2", 400, "limit"},
		{"GET", "/kota?cursor=!", 400, "cursor"},
		{"GET", "/kota?cursor=MTEuMDI", 400, "cursor"}, // 11.02, unknown in the small nation
		{"GET", "/kota?provinsi=3", 400, "provinsi"},
		{"GET", "/kota?provinsi=32.73", 400, "provinsi"},
		{"GET", "/kota?provinsi=99", 404, "provinsi"},
		{"GET", "/desa?kecamatan=99.99.99", 404, "kecamatan"},
		{"GET", "/kota?kecamatan=32.73.01", 400, "kecamatan"}, // not above a kota
		{"GET", "/kota?kota=32.73", 400, "kota"},
		{"GET", "/provinsi?provinsi=32", 400, "provinsi"},
		{"GET", "/kota?prov=32", 400, "prov"},
		{"GET", "/kota?q=", 400, "q"},
		{"GET", "/kota?q=+", 400, "q"},
		{"GET", "/kota?q=%ff", 400, "q"},
		{"GET", "/kota?q=" + strings.Repeat("a", 65), 400, "q"},
		{"GET", "/kota?q=%zz", 400, ""},
		{"GET", "/kota?a;b", 400, ""},
		{"GET", "/kota/3273", 400, "kode"},
		{"GET", "/kota/32.73.01", 400, "kode"},
		{"GET", "/kota/99.99", 404, "kode"},
		{"GET", "/kota/32.73?limit=1", 400, "limit"},
		{"GET", "/kota/32.73/", 404, ""},
		{"GET", "/kota/32.73/kecamatan", 404, ""},
		{"GET", "/", 404, ""},
		{"GET", "/Kota", 404, ""},
		{"POST", "/kota", 405, ""},
		{"DELETE", "/kota/", 405, ""},
		{"PUT", "/kota/32.73", 405, ""},
		{"OPTIONS", "/desa", 405, ""},
		{"GET", "/ceknik", 405, ""},
		{"GET", "/ceknik/", 405, ""},
		{"POST", "/openapi.json", 405, ""},
	}
	for _, test := range tests {
		answer := ask(provider, test.method, test.target, "")
		got := decode[problem](t, answer)
		if answer.Code != test.status || got.Status != test.status || got.Parameter != test.parameter {
			t.Errorf("%s %s: %d %+v; want %d naming %q", test.method, test.target, answer.Code, got, test.status, test.parameter)
		}
		if got.Type != "about:blank" || got.Title == "" || got.Detail == "" || answer.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: %s %+v", test.method, test.target, answer.Header().Get("Content-Type"), got)
		}
	}
}

func TestProviderNamesAllowedMethods(t *testing.T) {
	provider := smallProvider(t)
	for path, want := range map[string]string{"/kota": "GET, HEAD", "/kota/": "GET, HEAD", "/kota/32.73": "GET, HEAD", "/ceknik": "POST", "/ceknik/": "POST"} {
		if got := ask(provider, "PATCH", path, "").Header().Get("Allow"); got != want {
			t.Errorf("%s allows %q, want %q", path, got, want)
		}
	}
}

func TestProviderAnswersHead(t *testing.T) {
	server := httptest.NewServer(smallProvider(t))
	defer server.Close()
	answer, err := http.Head(server.URL + "/kota")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != 200 || answer.ContentLength <= 0 {
		t.Errorf("%s with %d octets announced", answer.Status, answer.ContentLength)
	}
}

func TestProviderDescribesItself(t *testing.T) {
	answer := ask(smallProvider(t), "GET", "/openapi.json", "")
	if answer.Code != 200 || answer.Header().Get("Content-Type") != "application/json" || !json.Valid(answer.Body.Bytes()) {
		t.Errorf("%d %s", answer.Code, answer.Header().Get("Content-Type"))
	}
}

func TestProviderCaching(t *testing.T) {
	provider := smallProvider(t)
	nik := string(SyntheticCitizens(smallNation(t))[0].NIK)
	tests := []struct{ method, target, body, want string }{
		{"GET", "/kota", "", "public, max-age=3600"},
		{"GET", "/kota/32.73", "", "public, max-age=3600"},
		{"GET", "/kota/99.99", "", "no-store"},
		{"POST", "/ceknik", `{"nik":"` + nik + `"}`, "no-store"},
	}
	for _, test := range tests {
		if got := ask(provider, test.method, test.target, test.body).Header().Get("Cache-Control"); got != test.want {
			t.Errorf("%s %s: %q, want %q", test.method, test.target, got, test.want)
		}
	}
}
