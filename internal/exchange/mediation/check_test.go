package mediation

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"simpul"
	"simpul/internal/exchange/mediation/conform"
)

const checkedContract = `{"openapi":"3.1.0","info":{"title":"Kota","version":"1"},"paths":{
	"/":{"get":{"parameters":[{"name":"limit","in":"query","schema":{"type":"integer","maximum":10}}],
		"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"type":"object","required":["kode"],"properties":{"kode":{"type":"string"}}}}}}}},
	"post":{"requestBody":{"content":{"application/json":{"schema":{"type":"object","required":["kode"],"properties":{"kode":{"type":"string"}}}}}},
		"responses":{"200":{"description":"ok"}}}}}}`

var (
	reading = simpul.Operation{Method: "GET", Path: "/"}
	writing = simpul.Operation{Method: "POST", Path: "/"}
)

// noted remembers what was reported.
type noted struct {
	mu  sync.Mutex
	all []string
}

func (n *noted) Report(x *simpul.Exchange, d Direction, enforced bool, found []conform.Fault) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, f := range found {
		n.all = append(n.all, fmt.Sprintf("%s %v %s %s", d, enforced, f.Spot, f.Keyword))
	}
}

func (n *noted) String() string { return strings.Join(n.all, ", ") }

func checkedRoute(t testing.TB, document string, request, response simpul.Check) *simpul.Route {
	t.Helper()
	route := &simpul.Route{Address: "master/Kota", Delivery: &simpul.Delivery{Checks: &simpul.Checks{Request: request, Response: response}}}
	plan, err := Compile(route, []byte(document), Sources{Contracts: &conform.Contracts{}})
	if err != nil && document == checkedContract {
		t.Fatal(err)
	}
	route.Plan = plan
	return route
}

// source is a body that tells how much of it was read.
type source struct {
	io.Reader
	n      int
	closed bool
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	s.n += n
	return n, err
}

func (s *source) Close() error { s.closed = true; return nil }

func TestChecksOfCalls(t *testing.T) {
	big := `{"kode":"` + strings.Repeat("x", maxChecked) + `"}`
	broken := errors.New("hung up")
	tests := []struct {
		name, method, query, body string
		mode                      simpul.Check
		known                     bool // how long the body is
		code                      simpul.Code
		reported                  string
	}{
		{"nothing wrong", "GET", "limit=3", "", simpul.CheckEnforce, true, "", ""},
		{"a parameter", "GET", "limit=30", "", simpul.CheckEnforce, true, simpul.CodeInvalid, "request true query.limit maximum"},
		{"a parameter that is observed", "GET", "limit=30", "", simpul.CheckObserve, true, "", "request false query.limit maximum"},
		{"off", "GET", "limit=30", "", simpul.CheckOff, true, "", ""},
		{"a body", "POST", "", `{"kode":"32.73"}`, simpul.CheckEnforce, true, "", ""},
		{"a body of unknown length", "POST", "", `{"kode":"32.73"}`, simpul.CheckEnforce, false, "", ""},
		{"a body that lacks something", "POST", "", `{"nama":"x"}`, simpul.CheckEnforce, true, simpul.CodeInvalid, "request true body required"},
		{"the same, observed", "POST", "", `{"nama":"x"}`, simpul.CheckObserve, false, "", "request false body required"},
		{"white space is kept", "POST", "", " {\n\"kode\" : \"\\u0041\" , \"n\": 12345678901234567890.10 }\n", simpul.CheckEnforce, true, "", ""},
		{"no JSON", "POST", "", `{`, simpul.CheckEnforce, true, simpul.CodeInvalid, "request true body json"},
		{"too large", "POST", "", big, simpul.CheckEnforce, true, simpul.CodeTooLarge, "request true body unchecked"},
		{"too large, as it turns out", "POST", "", big, simpul.CheckEnforce, false, simpul.CodeTooLarge, "request true body unchecked"},
		{"too large, observed", "POST", "", big, simpul.CheckObserve, true, "", "request false body unchecked"},
		{"too large, observed, as it turns out", "POST", "", big, simpul.CheckObserve, false, "", "request false body unchecked"},
		{"broken off", "POST", "", "broken", simpul.CheckEnforce, false, "broken", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			report := &noted{}
			m := &Mediator{Reporter: report}
			var in io.Reader = strings.NewReader(test.body)
			if test.body == "broken" {
				in = io.MultiReader(strings.NewReader(`{"ko`), failing{broken})
			}
			body := &source{Reader: in}
			r := httptest.NewRequest(test.method, "/?"+test.query, nil)
			r.Header.Set("Content-Type", "application/json")
			r.ContentLength = int64(len(test.body))
			if test.body != "" {
				r.Body = body
				if !test.known {
					r.ContentLength = -1
				}
			}
			x := &simpul.Exchange{Operation: simpul.Operation{Method: test.method, Path: "/"}}
			err := m.Request(x, checkedRoute(t, checkedContract, test.mode, ""), simpul.Obligations{}, r)
			switch {
			case test.code == "broken":
				if !errors.Is(err, broken) {
					t.Errorf("got %v", err)
				}
				return
			case simpul.CodeOf(err) != test.code:
				t.Errorf("got %v, want %s", err, test.code)
			}
			if got := report.String(); got != test.reported {
				t.Errorf("reported %q, want %q", got, test.reported)
			}
			if test.code == "" && test.body != "" {
				passed, err := io.ReadAll(r.Body)
				if err != nil || string(passed) != test.body {
					t.Errorf("the provider gets %.50q, %v", passed, err)
				}
				r.Body.Close()
				if !body.closed {
					t.Error("the body was not closed")
				}
			}
			if body.n > maxChecked+1 && test.code != "" {
				t.Errorf("read %d bytes of a body that is refused", body.n)
			}
		})
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// A refusal names every place in both languages, and nothing that was sent.
func TestRefusalOfACall(t *testing.T) {
	m := &Mediator{}
	r := httptest.NewRequest("POST", "/", strings.NewReader(`{"kode":3273010101010001}`))
	r.Header.Set("Content-Type", "application/json")
	err := m.Request(&simpul.Exchange{Operation: writing}, checkedRoute(t, checkedContract, simpul.CheckEnforce, ""), simpul.Obligations{}, r)
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok || e.Place != "body/kode" || len(e.Faults) != 1 || e.Faults[0].Place != "body/kode" {
		t.Fatalf("got %+v", err)
	}
	for _, text := range []simpul.Text{e.Message, e.Remedy, e.Faults[0].Message} {
		if text.ID == "" || text.EN == "" || text.ID == text.EN || strings.Contains(text.ID+text.EN, "3273") {
			t.Errorf("%+v", text)
		}
	}
}

func TestChecksOfAnswers(t *testing.T) {
	big := `{"kode":"` + strings.Repeat("x", maxChecked) + `"}`
	tests := []struct {
		name     string
		status   int
		media    string
		body     string
		mode     simpul.Check
		code     simpul.Code
		reported string
	}{
		{"right", 200, "application/json", `{"kode":"a"}`, simpul.CheckEnforce, "", ""},
		{"wrong", 200, "application/json", `{"kode":1}`, simpul.CheckEnforce, simpul.CodeUpstream, "response true body/kode type"},
		{"wrong and observed", 200, "application/json", `{"kode":1}`, simpul.CheckObserve, "", "response false body/kode type"},
		{"off", 200, "application/json", `{"kode":1}`, simpul.CheckOff, "", ""},
		{"a failure is not looked at", 404, "application/json", `{"kode":1}`, simpul.CheckEnforce, "", ""},
		{"a status that is not declared", 201, "application/json", `{"kode":"a"}`, simpul.CheckEnforce, simpul.CodeUpstream, "response true status status"},
		{"no content", 204, "", "", simpul.CheckEnforce, "", ""},
		{"another media type", 200, "text/html", `<p>`, simpul.CheckEnforce, simpul.CodeUpstream, "response true header.Content-Type mediaType"},
		{"duplicate names", 200, "application/json", `{"kode":"a","kode":"b"}`, simpul.CheckEnforce, simpul.CodeUpstream, "response true body duplicate"},
		{"too large", 200, "application/json", big, simpul.CheckEnforce, simpul.CodeUpstream, "response true body unchecked"},
		{"too large and observed", 200, "application/json", big, simpul.CheckObserve, "", "response false body unchecked"},
	}
	for _, known := range []bool{true, false} {
		for _, test := range tests {
			t.Run(fmt.Sprint(test.name, known), func(t *testing.T) {
				report := &noted{}
				m := &Mediator{Reporter: report}
				body := &source{Reader: strings.NewReader(test.body)}
				res := answer(test.media, body)
				res.Body, res.StatusCode = body, test.status
				if known {
					res.ContentLength = int64(len(test.body))
				}
				err := m.Response(&simpul.Exchange{Operation: reading, Provider: provider}, checkedRoute(t, checkedContract, "", test.mode), simpul.Obligations{}, res)
				if simpul.CodeOf(err) != test.code {
					t.Errorf("got %v, want %s", err, test.code)
				}
				if got := report.String(); got != test.reported {
					t.Errorf("reported %q, want %q", got, test.reported)
				}
				if e, ok := errors.AsType[*simpul.Error](err); ok {
					if e.Owner != provider || !body.closed {
						t.Errorf("owner %q, closed %v", e.Owner, body.closed)
					}
					return
				}
				if passed, err := io.ReadAll(res.Body); err != nil || string(passed) != test.body {
					t.Errorf("the consumer gets %.50q, %v", passed, err)
				}
			})
		}
	}
}

// An answer is checked as the provider sent it, and reduced after that.
func TestAnswersAreCheckedBeforeTheyAreReduced(t *testing.T) {
	route := checkedRoute(t, checkedContract, "", simpul.CheckEnforce)
	fields := simpul.Obligations{Fields: simpul.FieldSet{"nama": nil}}
	m := &Mediator{}
	res := answer("application/json", strings.NewReader(`{"kode":"a","nama":"Bandung"}`))
	if err := m.Response(&simpul.Exchange{Operation: reading}, route, fields, res); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(res.Body); err != nil || string(got) != `{"nama":"Bandung"}` {
		t.Errorf("got %s, %v", got, err)
	}
	res = answer("application/json", strings.NewReader(`{"kode":1,"nama":"Bandung"}`))
	if err := m.Response(&simpul.Exchange{Operation: reading}, route, fields, res); simpul.CodeOf(err) != simpul.CodeUpstream {
		t.Errorf("a field that the grant does not have is not checked: %v", err)
	}
}

// An answer that is to be checked is asked for unencoded, and whole where it
// must be.
func TestAskingForAnAnswerThatCanBeChecked(t *testing.T) {
	for mode, ranged := range map[simpul.Check]string{simpul.CheckOff: "bytes=0-9", simpul.CheckObserve: "bytes=0-9", simpul.CheckEnforce: ""} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Range", "bytes=0-9")
		r.Header.Set("Accept-Encoding", "br")
		if err := (&Mediator{}).Request(&simpul.Exchange{Operation: reading}, checkedRoute(t, checkedContract, "", mode), simpul.Obligations{}, r); err != nil {
			t.Fatal(err)
		}
		plain := r.Header.Get("Accept-Encoding") == "identity"
		if r.Header.Get("Range") != ranged || plain != (mode != simpul.CheckOff) {
			t.Errorf("%s: Range %q, Accept-Encoding %q", mode, r.Header.Get("Range"), r.Header.Get("Accept-Encoding"))
		}
	}
}

// A contract that cannot be compiled lets nothing pass that must be checked.
func TestContractThatCannotBeCompiled(t *testing.T) {
	for mode, code := range map[simpul.Check]simpul.Code{simpul.CheckObserve: "", simpul.CheckEnforce: simpul.CodeUnavailable} {
		r := httptest.NewRequest("GET", "/", nil)
		if err := (&Mediator{}).Request(&simpul.Exchange{Operation: reading}, checkedRoute(t, `{`, mode, ""), simpul.Obligations{}, r); simpul.CodeOf(err) != code {
			t.Errorf("%s: %v", mode, err)
		}
		res := answer("application/json", strings.NewReader(`{}`))
		if err := (&Mediator{}).Response(&simpul.Exchange{Operation: reading}, checkedRoute(t, `{`, "", mode), simpul.Obligations{}, res); simpul.CodeOf(err) != code {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

func TestDeliverable(t *testing.T) {
	contracts := &conform.Contracts{}
	on := simpul.Delivery{Checks: &simpul.Checks{Request: simpul.CheckObserve}}
	broken := []byte(strings.Replace(checkedContract, `"type":"integer"`, `"type":"angka"`, 1))
	for _, test := range []struct {
		delivery simpul.Delivery
		document []byte
		code     simpul.Code
	}{
		{on, []byte(checkedContract), ""}, {on, broken, simpul.CodeInvalid}, {simpul.Delivery{}, broken, ""},
		{simpul.Delivery{Checks: &simpul.Checks{Request: simpul.CheckOff}}, broken, ""},
	} {
		err := Deliverable(test.delivery, test.document, contracts)
		if simpul.CodeOf(err) != test.code {
			t.Errorf("got %v, want %s", err, test.code)
		}
	}
}

// Exchanges that are checked at one time do not meet each other's content.
func TestChecksAtOneTime(t *testing.T) {
	m := &Mediator{}
	route := checkedRoute(t, checkedContract, simpul.CheckEnforce, simpul.CheckEnforce)
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 200 {
				want := fmt.Sprintf(`{"kode":"%d-%d-%s"}`, worker, i, strings.Repeat("x", i*40))
				res := answer("application/json", strings.NewReader(want))
				if err := m.Response(&simpul.Exchange{Operation: reading}, route, simpul.Obligations{}, res); err != nil {
					t.Error(err)
					return
				}
				if got, _ := io.ReadAll(res.Body); string(got) != want {
					t.Errorf("got %.60s", got)
				}
			}
		})
	}
	all.Wait()
}

// BenchmarkChecks is what checks add to an exchange.
func BenchmarkChecks(b *testing.B) {
	m := &Mediator{}
	body := []byte(`{"kode":"` + strings.Repeat("x", 1000) + `"}`)
	for _, mode := range []simpul.Check{simpul.CheckOff, simpul.CheckEnforce} {
		b.Run("answer "+string(mode), func(b *testing.B) {
			route := checkedRoute(b, checkedContract, "", mode)
			x := &simpul.Exchange{Operation: reading}
			h := http.Header{"Content-Type": {"application/json"}}
			var buffer [4 << 10]byte
			b.ReportAllocs()
			for b.Loop() {
				res := &http.Response{StatusCode: 200, ContentLength: int64(len(body)), Header: h, Body: io.NopCloser(bytes.NewReader(body))}
				if err := m.Response(x, route, simpul.Obligations{}, res); err != nil {
					b.Fatal(err)
				}
				for err := error(nil); err == nil; {
					_, err = res.Body.Read(buffer[:])
				}
			}
		})
		b.Run("request "+string(mode), func(b *testing.B) {
			route := checkedRoute(b, checkedContract, mode, "")
			x := &simpul.Exchange{Operation: reading}
			r := &http.Request{Method: "GET", URL: &url.URL{Path: "/", RawQuery: "limit=5"}, Header: http.Header{}, Body: http.NoBody}
			b.ReportAllocs()
			for b.Loop() {
				if err := m.Request(x, route, simpul.Obligations{}, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCompileNation compiles 10,000 LIDs with 300 distinct contracts, all of
// which ask for checks.
func BenchmarkCompileNation(b *testing.B) {
	documents := make([][]byte, 300)
	for i := range documents {
		documents[i] = wideContract(i)
	}
	b.Logf("a contract has %d bytes", len(documents[0]))
	for b.Loop() {
		before := worked(b)
		contracts := &conform.Contracts{}
		plans := make([]*Plan, 10_000)
		for i := range plans {
			route := &simpul.Route{Delivery: &simpul.Delivery{Checks: &simpul.Checks{Request: simpul.CheckEnforce, Response: simpul.CheckEnforce}}}
			var err error
			if plans[i], err = Compile(route, documents[i%len(documents)], Sources{Contracts: contracts}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric((worked(b) - before).Seconds(), "cpu-s")
		b.ReportMetric(held(b, plans), "MB-held")
	}
}
