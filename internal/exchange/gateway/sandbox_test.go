package gateway

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"simpul"
)

// staging stands in for the examples of a contract.
type staging struct{ err error }

func (s staging) Rehearse(_ *simpul.Route, op simpul.Operation, r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: 2,
		Body: io.NopCloser(strings.NewReader("{}")), Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}, s.err
}

func TestTheSandboxNeedsNoGrantAndNoProvider(t *testing.T) {
	h := newHub(t, func(http.ResponseWriter, *http.Request) { t.Error("the provider was called") })
	h.decide = &simpul.Error{Code: simpul.CodeDenied}
	h.pipeline.Stager = staging{}
	for _, class := range []simpul.LIDClass{simpul.Terbuka, simpul.Tertutup} {
		h.route.Class, h.opened, h.sealed = class, nil, nil
		res, body, err := h.do(t, "POST", "/master/Kota", strings.NewReader("isi"), "Simpul-Sandbox", "true")
		if err != nil || res.StatusCode != 200 || body != "{}" {
			t.Fatalf("%s: %v %s %v", class, res, body, err)
		}
		<-h.recorded
		x := h.record(t)
		if !x.Rehearsed() || x.Grant != "" || x.Purpose != "sandbox" || x.Status != 200 || x.Outcome != "" || x.Upstream != 0 || x.RequestBytes != 3 || len(h.opened) != 1 {
			t.Errorf("%s: recorded %+v", class, x)
		}
	}
}

func TestWhatTheSandboxRefuses(t *testing.T) {
	h := newHub(t, func(http.ResponseWriter, *http.Request) { t.Error("the provider was called") })
	h.pipeline.Stager = staging{&simpul.Error{Code: simpul.CodeInvalid}}
	for _, test := range []struct {
		method, path, value string
		status              int
	}{
		{"GET", "/master/Kota", "true", 400},
		{"GET", "/master/Kota", "ya", 400},
		{"GET", "/master/Kota", "", 400},
		{"DELETE", "/master/Kota", "true", 405},
		{"GET", "/master/Kota/a/b", "true", 404},
		{"GET", "/master/Lain", "true", 404},
	} {
		res, _, err := h.do(t, test.method, test.path, nil, "Simpul-Sandbox", test.value)
		if err != nil || res.StatusCode != test.status {
			t.Errorf("%+v: %v %v", test, res, err)
		}
		<-h.recorded
	}
}

// A call in earnest says so, or says nothing.
func TestACallInEarnest(t *testing.T) {
	h := newHub(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Header.Get("Simpul-Sandbox")) })
	res, body, err := h.do(t, "GET", "/master/Kota", nil, "Simpul-Sandbox", "false")
	if err != nil || res.StatusCode != 200 || body != "" {
		t.Errorf("%v %q %v", res, body, err)
	}
	<-h.recorded
	if x := h.record(t); x.Rehearsed() || x.Grant == "" {
		t.Errorf("recorded %+v", x)
	}
}
