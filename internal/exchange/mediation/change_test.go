package mediation

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"simpul"
)

// reshaped is a route whose answers are changed.
func reshaped(t *testing.T, d simpul.Delivery) *simpul.Route {
	t.Helper()
	route := &simpul.Route{Address: "master/Kota", Owner: provider, Delivery: &d}
	plan, err := Compile(route, json.RawMessage(`{"paths":{"/":{"get":{"responses":{"200":{"content":{"application/json":{"example":{"a":1}}}}}}}}}`), Sources{})
	if err != nil {
		t.Fatal(err)
	}
	route.Plan = plan
	return route
}

var kdToA = simpul.Delivery{Changes: []simpul.Change{{Field: "kd", Rename: "a"}}}

func TestFieldsSpeakOfTheContractsNames(t *testing.T) {
	res := answer("application/json", strings.NewReader(`{"kd":1,"b":2}`))
	if err := (&Mediator{}).Response(exchange, reshaped(t, kdToA), onlyA, res); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(res.Body); string(got) != `{"a":1}` || err != nil {
		t.Errorf("got %s, %v", got, err)
	}
}

// A fault of the changes comes out of the selection as it is.
func TestTheFaultOfAChangeIsTold(t *testing.T) {
	res := answer("application/json", strings.NewReader(`{"kd":1,"a":2}`))
	if err := (&Mediator{}).Response(exchange, reshaped(t, kdToA), onlyA, res); err != nil {
		t.Fatal(err)
	}
	_, err := io.ReadAll(res.Body)
	if e, ok := err.(*simpul.Error); !ok || e.Place != "a" || !strings.Contains(e.Message.EN, "same name") {
		t.Errorf("got %#v", err)
	}
}

func TestWhichAnswersAreChanged(t *testing.T) {
	tests := []struct {
		name, contentType string
		status            int
		header            string
		want              string
		code              simpul.Code
	}{
		{"success", "application/json", 200, "", `{"a":1}`, ""},
		{"problem", "application/problem+json", 404, "", `{"kd":1}`, ""},
		{"HTML", "text/html", 200, "", "", simpul.CodeUpstream},
		{"part", "application/json", 206, "", "", simpul.CodeUpstream},
		{"compressed", "application/json", 200, "gzip", "", simpul.CodeUpstream},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			res := answer(test.contentType, strings.NewReader(`{"kd":1}`))
			res.StatusCode = test.status
			res.Header.Set("ETag", `"x"`)
			if test.header != "" {
				res.Header.Set("Content-Encoding", test.header)
			}
			err := (&Mediator{}).Response(exchange, reshaped(t, kdToA), simpul.Obligations{}, res)
			if simpul.CodeOf(err) != test.code {
				t.Fatalf("got %v", err)
			}
			if err != nil {
				return
			}
			if got, err := io.ReadAll(res.Body); string(got) != test.want || err != nil {
				t.Errorf("got %s, %v", got, err)
			}
			if kept := res.Header.Get("ETag") != ""; kept != (test.status == 404) {
				t.Errorf("the validator stays: %v", kept)
			}
		})
	}
}

// Rather nothing than answers that are not what the contract says.
func TestAPlanThatIsMissingDeliversNothing(t *testing.T) {
	route := reshaped(t, kdToA)
	route.Plan = nil
	source := &closing{Reader: strings.NewReader(`{"kd":1}`)}
	res := answer("application/json", nil)
	res.Body = source
	if err := (&Mediator{}).Response(exchange, route, simpul.Obligations{}, res); simpul.CodeOf(err) != simpul.CodeUnavailable || !source.closed {
		t.Errorf("got %v, closed %v", err, source.closed)
	}
}

func TestRequestsForAnswersThatChange(t *testing.T) {
	for _, kept := range []bool{false, true} {
		d := kdToA
		if kept {
			d.Cache = &simpul.Freshness{}
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", "br")
		r.Header.Set("Range", "bytes=0-1")
		r.Header.Set("If-None-Match", `"x"`)
		(&Mediator{}).Request(exchange, reshaped(t, d), simpul.Obligations{}, r)
		if r.Header.Get("Accept-Encoding") != "identity" || r.Header.Get("Range") != "" || (r.Header.Get("If-None-Match") != "") != kept {
			t.Errorf("kept %v: %v", kept, r.Header)
		}
	}
}

// The validator of an answer that was kept is that of what is delivered.
func TestTheValidatorOfAKeptAnswerStays(t *testing.T) {
	d := kdToA
	d.Cache = &simpul.Freshness{}
	res := answer("application/json", strings.NewReader(`{"kd":1}`))
	res.Header.Set("ETag", `"d"`)
	if err := (&Mediator{}).Response(exchange, reshaped(t, d), onlyA, res); err != nil || res.Header.Get("ETag") != `"d"` {
		t.Errorf("got %v, %v", res.Header, err)
	}
}

func TestRehearse(t *testing.T) {
	op, r := simpul.Operation{Method: "GET", Path: "/"}, httptest.NewRequest("GET", "/", nil)
	res, err := (&Mediator{}).Rehearse(reshaped(t, simpul.Delivery{Sandbox: true}), op, r)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(res.Body); string(got) != `{"a":1}` {
		t.Errorf("got %s", got)
	}
	for _, route := range []*simpul.Route{reshaped(t, simpul.Delivery{}), {Owner: provider}} {
		if _, err := (&Mediator{}).Rehearse(route, op, r); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("got %v", err)
		}
	}
}
