package httpapi

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
)

// kinds are the two ways in which a path names a resource.
var kinds = []struct {
	name, path, id string
	of             func(*hub) *widgets
}{
	{"Widget", "/widgets/a@b.id", "a@b.id", func(h *hub) *widgets { return h.widgets }},
	{"Gadget", "/gadgets/master/Kota", "master/Kota", func(h *hub) *widgets { return h.gadgets }},
}

func TestALifeOfAResource(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			h := newHub(gatekeeper{})
			want := Resource[widget]{APIVersion: APIVersion, Kind: k.name, Metadata: Metadata{k.id}, Spec: widget{Name: "abc", Class: "terbuka"}, Status: &Times{created, created}}
			body := enveloped(k.name, k.id, goodSpec)
			for _, step := range []struct {
				method, query string
				status        int
				stored        bool // afterwards
			}{
				{"GET", "", 404, false},
				{"PUT", "?dryRun=true", 201, false},
				{"PUT", "?dryRun=false", 201, true},
				{"PUT", "", 200, true},
				{"PUT", "?dryRun=true", 200, true},
				{"GET", "", 200, true},
				{"HEAD", "", 200, true},
				{"DELETE", "", 204, false},
			} {
				c := call{method: step.method, path: k.path + step.query}
				if step.method == "PUT" {
					c.body = body
				}
				w := h.do(c)
				if w.Code != step.status {
					t.Fatalf("%s%s: got %d %s, want %d", step.method, step.query, w.Code, w.Body, step.status)
				}
				if _, stored := k.of(h).stored[k.id]; stored != step.stored {
					t.Errorf("%s%s: stored %v, want %v", step.method, step.query, stored, step.stored)
				}
				if step.status == 204 && w.Body.Len() != 0 {
					t.Errorf("an empty answer holds %s", w.Body)
				}
				if step.status > 201 || step.method == "HEAD" {
					continue
				}
				var got Resource[widget]
				decoder := json.NewDecoder(w.Body)
				decoder.DisallowUnknownFields()
				if err := decoder.Decode(&got); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s%s: (-want +got)\n%s", step.method, step.query, diff)
				}
			}
		})
	}
}

// What an answer says can be sent back as it is; the status is ignored.
func TestAnAnswerCanBeSentBack(t *testing.T) {
	h := newHub(gatekeeper{})
	first := h.do(call{method: "PUT", path: "/widgets/x", body: enveloped("Widget", "x", goodSpec)})
	again := h.do(call{method: "PUT", path: "/widgets/x", body: first.Body.String()})
	if again.Code != http.StatusOK {
		t.Errorf("got %d %s", again.Code, again.Body)
	}
}

func TestWhereTheBodyIsWrong(t *testing.T) {
	long := strings.Repeat("a", 5000)
	for _, c := range []struct {
		name, body string
		status     int
		location   string
		message    string // English
	}{
		{"another kind", enveloped("Gadget", "x", goodSpec), 400, "body.kind", `Kind "Gadget" is not Widget.`},
		{"another name", enveloped("Widget", "y", goodSpec), 400, "body.metadata.id", "The ID in the body (y) differs from the one in the path (x)."},
		{"no name", `{"apiVersion":"simpul/v1","kind":"Widget","metadata":{},"spec":` + goodSpec + `}`, 422, "body.metadata", "expected required property id to be present"},
		{"another version", strings.Replace(enveloped("Widget", "x", goodSpec), "simpul/v1", "simpul/v2", 1), 422, "body.apiVersion", `expected value to be one of "simpul/v1"`},
		{"unknown field", enveloped("Widget", "x", `{"name":"abc","class":"terbuka","colour":1}`), 422, "body.spec.colour", "unexpected property"},
		{"unknown field deep down", enveloped("Widget", "x", `{"name":"abc","class":"terbuka","inner":{"x":1}}`), 422, "body.spec.inner.x", "unexpected property"},
		{"unknown field of the envelope", strings.Replace(enveloped("Widget", "x", goodSpec), `"kind"`, `"sort":1,"kind"`, 1), 422, "body.sort", "unexpected property"},
		{"missing", enveloped("Widget", "x", `{"class":"terbuka"}`), 422, "body.spec", "expected required property name to be present"},
		{"too short", enveloped("Widget", "x", `{"name":"a","class":"terbuka"}`), 422, "body.spec.name", "expected length >= 2"},
		{"a control character", enveloped("Widget", "x", `{"name":"a\u0000b","class":"terbuka"}`), 422, "body.spec.name", "expected string to be free of control characters"},
		{"one wrong in a list", enveloped("Widget", "x", `{"name":"abc","class":"terbuka","tags":["a",7]}`), 422, "body.spec.tags[1]", "expected string"},
		{"a number too large", enveloped("Widget", "x", `{"name":"abc","class":"terbuka","count":99999999999999999999}`), 422, "body.spec.count", "expected number <= 9"},
		{"null", "null", 422, "body", "expected object"},
		{"a list", "[]", 422, "body", "expected object"},
		{"no body", "", 400, "body", "request body is required"},
		{"broken JSON", "{", 400, "body", "unexpected end of JSON input"},
		{"two documents", enveloped("Widget", "x", goodSpec) + "{}", 400, "body", "invalid character '{' after top-level value"},
		{"too large", enveloped("Widget", "x", `{"name":"`+long+`"}`), 413, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHub(gatekeeper{})
			p := problem(t, h.do(call{method: "PUT", path: "/widgets/x", body: c.body}), c.status)
			if len(h.widgets.stored) != 0 {
				t.Error("it was stored")
			}
			if c.location == "" {
				if p.Code != simpul.CodeTooLarge || p.Errors != nil {
					t.Errorf("got %+v", p)
				}
				return
			}
			if p.Code != simpul.CodeInvalid || len(p.Errors) != 1 || p.Errors[0] != (Place{c.location, c.message}) {
				t.Errorf("got %+v, want %q at %s", p, c.message, c.location)
			}
		})
	}
}

func TestEveryWrongPlaceIsNamedAtOnce(t *testing.T) {
	h := newHub(gatekeeper{})
	p := problem(t, h.do(call{method: "PUT", path: "/widgets/x", body: enveloped("Widget", "x", `{"name":1,"class":"c","count":0}`)}), 422)
	var places []string
	for _, e := range p.Errors {
		places = append(places, e.Location)
	}
	if got := strings.Join(places, " "); got != "body.spec.class body.spec.count body.spec.name" {
		t.Errorf("got %s", got)
	}
}

func TestContentTypes(t *testing.T) {
	for contentType, want := range map[string]int{
		"":                                200, // JSON is what there is
		"application/json":                200,
		"application/json; charset=utf-8": 200,
		"application/simpul+json":         200,
		"text/plain":                      415,
		"application/yaml":                415,
		"application/json;charset=a+b":    415,
	} {
		h := newHub(gatekeeper{})
		h.widgets.stored["x"] = widget{}
		w := h.do(call{method: "PUT", path: "/widgets/x", body: enveloped("Widget", "x", goodSpec), header: map[string]string{"Content-Type": contentType}})
		if w.Code != want {
			t.Errorf("%q: got %d, want %d", contentType, w.Code, want)
		}
		if want == 415 {
			problem(t, w, 415)
		}
	}
}

func TestAnswersAreJSONWhateverIsAccepted(t *testing.T) {
	for _, accept := range []string{"", "*/*", "text/html", "application/cbor", "application/json;q=0"} {
		h := newHub(gatekeeper{})
		w := h.do(call{method: "GET", path: "/widgets", header: map[string]string{"Accept": accept}})
		if got := w.Header().Get("Content-Type"); w.Code != 200 || got != "application/json" {
			t.Errorf("%q: got %d as %q", accept, w.Code, got)
		}
		problem(t, h.do(call{method: "GET", path: "/widgets/x", header: map[string]string{"Accept": accept}}), 404)
	}
}

func TestQueries(t *testing.T) {
	for query, location := range map[string]string{
		"?color=1":                "query.color",
		"?dryrun=true":            "query.dryrun",
		"?dryRun=true&dryRun=yes": "", // the first counts
		"?dryRun=maybe":           "query.dryRun",
		"?dryRun=":                "",
		"?dryRun=1":               "",
	} {
		h := newHub(gatekeeper{})
		w := h.do(call{method: "PUT", path: "/widgets/x" + query, body: enveloped("Widget", "x", goodSpec)})
		if location == "" {
			if w.Code != http.StatusCreated {
				t.Errorf("%s: got %d %s", query, w.Code, w.Body)
			}
			continue
		}
		p := problem(t, w, 422)
		if len(p.Errors) != 1 || p.Errors[0].Location != location || len(h.widgets.stored) != 0 {
			t.Errorf("%s: got %+v", query, p)
		}
	}
}

// A room says where in its spec the fault is; the client learns where in what
// it sent.
func TestARoomsPlaceIsPutIntoTheBody(t *testing.T) {
	for place, want := range map[string]string{"spec.class": "body.spec.class", "metadata.id": "body.metadata.id", "body.spec": "body.spec"} {
		h := newHub(gatekeeper{})
		h.widgets.failed = simpul.Invalid(place, simpul.Text{ID: "Salah.", EN: "Wrong."}, simpul.Text{ID: "a", EN: "b"})
		p := problem(t, h.do(call{method: "PUT", path: "/widgets/x", body: enveloped("Widget", "x", goodSpec)}), 400)
		if len(p.Errors) != 1 || p.Errors[0] != (Place{want, "Wrong."}) {
			t.Errorf("%s: got %+v", place, p.Errors)
		}
	}
}

func TestPathsThatNameNothing(t *testing.T) {
	h := newHub(gatekeeper{})
	for path, detail := range map[string]string{
		"/widgets/a%2Fb":        `Widget "a/b" was not found.`,
		"/gadgets/g/N":          `Widget "g/N" was not found.`,
		"/gadgets/g/N%2Fx":      `Widget "g/N/x" was not found.`,
		"/widgets/%3Cscript%3E": `Widget "<script>" was not found.`,
	} {
		if p := problem(t, h.do(call{method: "GET", path: path}), 404); p.Detail != detail {
			t.Errorf("%s: got %q", path, p.Detail)
		}
	}
}
