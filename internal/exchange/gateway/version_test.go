package gateway

import (
	"io"
	"net/http"
	"testing"
	"time"

	"simpul"
)

var (
	since  = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	sunset = time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
)

// announced are the headers that tell of an end.
func announced(h http.Header) [4]string {
	return [4]string{h.Get("LID-Version"), h.Get("Deprecation"), h.Get("Sunset"), h.Get("Link")}
}

func TestEveryAnswerTellsOfAnEnd(t *testing.T) {
	want := [4]string{"1.0", "@1795392000", "Mon, 01 Mar 2027 00:00:00 GMT", `</master/Wilayah>; rel="successor-version"`}
	for name, c := range map[string]struct {
		provider http.HandlerFunc
		method   string
		path     string
		change   func(*hub)
		status   int
	}{
		"success":                 {answer("ok"), "GET", "/master/Kota", nil, 200},
		"provider's error":        {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "mati", 500) }, "GET", "/master/Kota", nil, 500},
		"provider that breaks":    {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "GET", "/master/Kota", nil, 500},
		"no such method":          {answer("ok"), "DELETE", "/master/Kota", nil, 405},
		"no such path":            {answer("ok"), "GET", "/master/Kota/a/b", nil, 404},
		"no grant":                {answer("ok"), "GET", "/master/Kota", func(h *hub) { h.decide = &simpul.Error{Code: simpul.CodeDenied} }, 403},
		"over the rate":           {answer("ok"), "GET", "/master/Kota", func(h *hub) { h.decide = &simpul.Error{Code: simpul.CodeLimited} }, 429},
		"no room for its record":  {answer("ok"), "GET", "/master/Kota", func(h *hub) { h.openErr = &simpul.Error{Code: simpul.CodeUnavailable} }, 503},
		"other rows than granted": {answer("ok"), "GET", "/master/Kota", func(h *hub) { h.decision.Obligations.Rows = []simpul.RowLimit{{Parameter: "kode"}} }, 403},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHub(t, c.provider)
			h.route.Ending = &simpul.Ending{Since: since, Sunset: sunset, Successor: "master/Wilayah"}
			if c.change != nil {
				c.change(h)
			}
			res, _, err := h.do(t, c.method, c.path, nil)
			if err != nil || res.StatusCode != c.status {
				t.Fatalf("%v, %v", res, err)
			}
			if got := announced(res.Header); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestWhatDoesNotEndSaysNothing(t *testing.T) {
	h := newHub(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("LID-Version", "99")
		w.Header().Set("Deprecation", "@1") // of the provider's own, which stays
		io.WriteString(w, "ok")
	})
	res, _, err := h.do(t, "GET", "/master/Kota", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := announced(res.Header); got != [4]string{"1.0", "@1"} {
		t.Errorf("got %q", got)
	}
	res, _, err = h.do(t, "GET", "/master/Tiada", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := announced(res.Header); got != [4]string{} {
		t.Errorf("what is not there: got %q", got)
	}
}

// A provider's own links stay beside the hub's.
func TestTheProvidersLinksStay(t *testing.T) {
	h := newHub(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Link", "</x>; rel=next") })
	h.route.Ending = &simpul.Ending{Since: since, Sunset: sunset, Successor: "master/Wilayah"}
	res, _, err := h.do(t, "GET", "/master/Kota", nil)
	if err != nil || len(res.Header.Values("Link")) != 2 {
		t.Errorf("got %v, %v", res.Header, err)
	}
}

// versions gives the hub's LID two earlier versions that end in the years given.
func (h *hub) versions(now time.Time) {
	older := func(version string, sunset time.Time) *simpul.Route {
		o := *h.route
		o.Version, o.Operations = version, simpul.NewOperations([]simpul.Operation{{Method: "GET", Path: "/v" + simpul.Major(version)}})
		o.Ending = &simpul.Ending{Since: now.Add(-time.Hour), Sunset: sunset, Successor: o.Address, Version: "3.1"}
		return &o
	}
	h.route.Version = "3.1"
	h.route.Older = []*simpul.Route{older("2.4", now.Add(time.Hour)), older("1.0", now.Add(-time.Minute))}
}

func TestAPinChoosesTheVersion(t *testing.T) {
	for _, c := range []struct {
		name    string
		pin     string
		path    string // of the version that answers
		fixed   bool
		status  int
		version string
	}{
		{"without a pin", "", "/", false, 200, "3.1"},
		{"the newest", "3", "/", false, 200, "3.1"},
		{"an earlier one", "2", "/v2", false, 200, "2.4"},
		{"an earlier one's contract counts", "2", "/", false, 404, "2.4"},
		{"one that has ended", "1", "/v1", false, 410, "1.0"},
		{"one that never was", "7", "/", false, 410, "3.1"},
		{"an address that names the version", "2", "/", true, 200, "3.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHub(t, answer("ok"))
			h.versions(time.Now())
			h.route.Fixed, h.decision.Version = c.fixed, c.pin
			res, body, err := h.do(t, "GET", "/master/Kota"+c.path, nil)
			if err != nil || res.StatusCode != c.status || res.Header.Get("LID-Version") != c.version {
				t.Fatalf("got %v, %v", res, err)
			}
			if x := h.record(t); x.Version != c.version || x.Grant != "bandung-kota" {
				t.Errorf("the record says %+v", x)
			}
			if c.status != 410 {
				return
			}
			if p := problem(t, res, body); p.Code != "gone" || p.Owner != "kemendagri.go.id" || h.received != nil {
				t.Errorf("got %+v", p)
			}
		})
	}
}

func TestWhatToDoOnceAVersionHasEnded(t *testing.T) {
	h := newHub(t, answer("ok"))
	h.versions(time.Now())
	h.decision.Version = "1"
	res, body, err := h.do(t, "GET", "/master/Kota/v1", nil, "Accept-Language", "en")
	if err != nil {
		t.Fatal(err)
	}
	p := problem(t, res, body)
	if p.Detail != "Version 1 of master/Kota has ended." || p.Remedy[:18] != "Move to version 3:" {
		t.Errorf("got %+v", p)
	}
	if res.Header.Get("Sunset") == "" || res.Header.Get("Link") != `</master/Kota>; rel="successor-version"` {
		t.Errorf("got %v", res.Header)
	}
}

// The sunset is the first moment without an answer.
func TestAVersionEndsAtItsSunset(t *testing.T) {
	route := &simpul.Route{Address: "master/Kota", Version: "2.0", Older: []*simpul.Route{
		{Version: "1.0", Ending: &simpul.Ending{Sunset: sunset, Version: "2.0"}},
	}}
	for at, code := range map[time.Time]simpul.Code{sunset.Add(-1): "", sunset: simpul.CodeGone} {
		if _, err := VersionOf(route, "1", at); simpul.CodeOf(err) != code {
			t.Errorf("%v: %v", at, err)
		}
		if _, err := VersionOf(route.Older[0], "", at); simpul.CodeOf(err) != code {
			t.Errorf("called by its own address at %v: %v", at, err)
		}
	}
}

// A LID that is deprecated goes on after its sunset until it is retired.
func TestADeprecatedLIDGoesOn(t *testing.T) {
	route := &simpul.Route{Address: "master/Kota", Version: "1.0", Ending: &simpul.Ending{Since: since, Sunset: sunset}}
	if _, err := VersionOf(route, "", sunset.AddDate(1, 0, 0)); err != nil {
		t.Error(err)
	}
}

// Choosing is on the path of every call.
func TestChoosingAllocatesNothing(t *testing.T) {
	route := &simpul.Route{Address: "master/Kota", Version: "2.0", Older: []*simpul.Route{{Version: "1.0", Ending: &simpul.Ending{Sunset: sunset, Version: "2.0"}}}}
	if n := testing.AllocsPerRun(1000, func() {
		if chosen, err := VersionOf(route, "1", since); err != nil || chosen != route.Older[0] {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// A retired LID is known, so that its callers are told and recorded as such.
func TestARetiredLIDTellsWhatFollows(t *testing.T) {
	h := newHub(t, answer("ok"))
	h.gone = &simpul.Error{Code: simpul.CodeGone, Owner: "kemendagri.go.id", Message: simpul.Text{ID: "Pensiun.", EN: "Retired."}, Remedy: simpul.Text{ID: "Pindah.", EN: "Move."}}
	h.route = &simpul.Route{Address: "master/Kota", Owner: "kemendagri.go.id", Ending: &simpul.Ending{Since: sunset, Sunset: sunset, Successor: "master/Wilayah"}}
	res, body, err := h.do(t, "GET", "/master/Kota", nil)
	if err != nil || res.StatusCode != 410 {
		t.Fatalf("got %v, %v", res, err)
	}
	if p := problem(t, res, body); p.Code != "gone" {
		t.Errorf("got %+v", p)
	}
	if got := announced(res.Header); got[0] != "" || got[1] == "" || got[3] != `</master/Wilayah>; rel="successor-version"` {
		t.Errorf("got %q", got)
	}
	if x := h.record(t); x.Address != "master/Kota" || x.Outcome != simpul.CodeGone || x.Status != 410 || x.Provider != "kemendagri.go.id" {
		t.Errorf("the record says %+v", x)
	}
}

// What a refused call was to do stands in its record, as far as it is known.
func TestARefusalRecordsWhatWasTried(t *testing.T) {
	h := newHub(t, answer("ok"))
	h.decide = &simpul.Error{Code: simpul.CodeDenied}
	for path, want := range map[string]string{"/master/Kota/3273": "/{kode}", "/master/Kota/a/b": ""} {
		h.sealed = nil
		if _, _, err := h.do(t, "GET", path, nil); err != nil {
			t.Fatal(err)
		}
		if x := h.record(t); x.Operation.Path != want {
			t.Errorf("%s: %+v", path, x.Operation)
		}
	}
}
