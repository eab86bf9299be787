package feasibility_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/registry/feasibility"
)

// bad lists the checks that failed and those that warned.
func bad(r feasibility.Report) (failed, warned []string) {
	for _, c := range r.Of(feasibility.Fail) {
		failed = append(failed, c.Key)
	}
	for _, c := range r.Of(feasibility.Warn) {
		warned = append(warned, c.Key)
	}
	return failed, warned
}

func TestAWellBehavedProviderPasses(t *testing.T) {
	server := httptest.NewServer(newProvider())
	defer server.Close()
	r, err := newTester(newDirect(t, nil), &ticking{at: monday}).Run(t.Context(), subjectAt(t, server.URL))
	if err != nil {
		t.Fatal(err)
	}
	failed, warned := bad(r)
	if len(failed) > 0 || strings.Join(warned, " ") != "tls" { // plain http to this machine
		t.Errorf("failed %v, warned %v\n%s", failed, warned, pretty(r))
	}
	if r.Latency == nil || r.Latency.Calls != 20 || len(r.Checks) != 14 || r.Version != "uji" || r.Outcome != feasibility.Warn || !r.Passes() {
		t.Errorf("%s", pretty(r))
	}
}

func pretty(r feasibility.Report) string {
	text, _ := json.MarshalIndent(r, "", " ")
	return string(text)
}

// endless writes until nobody reads any more.
func endless(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, `{"items":[`)
	for {
		if _, err := io.WriteString(w, strings.Repeat(`{"kode":"32.73"},`, 1000)); err != nil {
			return
		}
	}
}

// hangUp ends the connection within an answer.
func hangUp(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "1000")
	io.WriteString(w, `{"items":`)
	http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func with(old, new string) func(*feasibility.Subject) {
	return func(s *feasibility.Subject) {
		if !strings.Contains(string(s.Contract), old) {
			panic("the contract has no " + old)
		}
		s.Contract = json.RawMessage(strings.Replace(string(s.Contract), old, new, 1))
	}
}

// Each misbehaviour fails, or warns, exactly the check that is about it.
func TestOneMisbehaviourFailsOneCheck(t *testing.T) {
	const (
		list = `"$ref":"#/components/schemas/Daftar"`
		kode = `"kode":{"type":"string","pattern":"^[0-9.]+$"}`
	)
	for _, c := range []struct {
		name      string
		misbehave func(*provider)
		subject   func(*feasibility.Subject)
		failed    string
		warned    string
	}{
		{"wrong type", func(p *provider) { p.one = answers(200, "application/json", `{"kode":3273}`) }, nil, "answers", ""},
		{"a member is missing", func(p *provider) { p.one = answers(200, "application/json", `{"jumlah":1}`) }, nil, "answers", ""},
		{"null where it may not be", func(p *provider) { p.one = answers(200, "application/json", `{"kode":null}`) }, nil, "answers", ""},
		{"an array for an object", func(p *provider) { p.list = answers(200, "application/json", `[]`) }, nil, "answers", ""},
		{"lying content type", func(p *provider) { p.list = answers(200, "application/json", `<html>halo</html>`) }, nil, "answers", ""},
		{"another content type", func(p *provider) { p.list = answers(200, "text/html", `<html>halo</html>`) }, nil, "answers", ""},
		{"no content type", func(p *provider) { p.list = answers(200, "", `{"items":[]}`) }, nil, "answers", ""},
		{"something after the JSON", func(p *provider) { p.list = answers(200, "application/json", `{"items":[]} {}`) }, nil, "answers", ""},
		{"not UTF-8", func(p *provider) { p.list = answers(200, "application/json", "{\"items\":[],\"a\":\"\xff\"}") }, nil, "answers", ""},
		{"deep JSON", func(p *provider) {
			p.list = answers(200, "application/json", `{"items":[],"x":`+strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000)+`}`)
		}, nil, "answers", ""},
		{"endless body", func(p *provider) { p.list = endless }, nil, "answers", ""},
		{"a body cut", func(p *provider) { p.list = hangUp }, nil, "answers", ""},
		{"a status that is not declared", func(p *provider) { p.list = answers(202, "application/json", `{"items":[]}`) }, nil, "answers", ""},
		{"an example that is not found", func(p *provider) { p.one = p.nowhere }, nil, "", "answers"},
		{"redirect elsewhere", func(p *provider) {
			p.list = func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "https://jahat.example/", http.StatusFound)
			}
		}, nil, "reachable", ""},
		{"not found is 200", func(p *provider) { p.nowhere = answers(200, "application/json", `{}`) }, nil, "errors", ""},
		{"not found is 500", func(p *provider) { p.nowhere = answers(500, "application/problem+json", `{}`) }, nil, "errors", ""},
		{"a stack trace", func(p *provider) {
			p.nowhere = answers(404, "application/problem+json", `{"title":"x","detail":"at id.go.kemendagri.Kota.get(Kota.java:17)"}`)
		}, nil, "errors", ""},
		{"a wrong parameter is 200", func(p *provider) { p.wrong = p.list }, nil, "errors", ""},
		{"a wrong parameter is 500", func(p *provider) { p.wrong = answers(500, "text/plain", "Traceback (most recent call last)") }, nil, "errors", ""},
		{"failures are not RFC 9457", func(p *provider) { p.wrong = answers(400, "text/plain", "salah") }, nil, "", "errors"},
		{"strangers get data, open", func(p *provider) { p.proof = "" }, nil, "", "authentication"},
		{"strangers get data, restricted", func(p *provider) { p.proof = "" }, func(s *feasibility.Subject) { s.Class = simpul.Terbatas }, "authentication", ""},
		{"strangers get 404", func(p *provider) { p.barred = p.nowhere }, nil, "", "authentication"},
		{"no credential, closed", func(p *provider) { p.proof = "" }, func(s *feasibility.Subject) { s.Class, s.Credential = simpul.Tertutup, nil }, "authentication", ""},
		{"no credential, open", func(p *provider) { p.proof = "" }, func(s *feasibility.Subject) { s.Credential = nil }, "", "authentication"},
		{"a NIK is echoed", func(p *provider) {
			p.one = answers(200, "application/json", `{"kode":"32.73","catatan":"3273016609849962"}`)
		}, nil, "personal-data", ""},
		{"a NIK as a number", func(p *provider) {
			p.one = answers(200, "application/json", `{"kode":"32.73","x":{"y":[3273016609849962]}}`)
		}, nil, "personal-data", ""},
		{"a NIK that is declared", func(p *provider) {
			p.one = answers(200, "application/json", `{"kode":"32.73","catatan":"3273016609849962"}`)
		}, func(s *feasibility.Subject) { s.Held = true }, "", ""},
		{"personal fields, nobody has said", nil, func(s *feasibility.Subject) {
			s.Said = false
			with(kode, kode+`,"tanggalLahir":{"type":"string"}`)(s)
		}, "personal-data", ""},
		{"personal fields, denied", nil, with(kode, kode+`,"nik":{"type":"string"}`), "", "personal-data"},
		{"perhaps personal, nobody has said", nil, func(s *feasibility.Subject) { s.Said = false; with(kode, kode+`,"nama":{"type":"string"}`)(s) }, "", "personal-data"},
		{"nobody has said", nil, func(s *feasibility.Subject) { s.Said = false }, "", "personal-data"},
		{"a code that is not valid", nil, func(s *feasibility.Subject) { s.Bound = []feasibility.Bound{{Field: "items.jumlah", List: "wilayah"}} }, "codes", ""},
		{"codes that are valid", nil, func(s *feasibility.Subject) { s.Bound = []feasibility.Bound{{Field: "items.kode", List: "wilayah"}} }, "", ""},
		{"a list that cannot be read", nil, func(s *feasibility.Subject) { s.Bound = []feasibility.Bound{{Field: "items.kode", List: "lain"}} }, "", "codes"},
		{"a region that is bound to nothing", nil, with(kode, kode+`,"kode_provinsi":{"type":"string"}`), "", "codes"},
		{"an operation without words", nil, with(`"summary":"Satu kota",`, ``), "", "description"},
		{"a parameter without words", nil, with(`"description":"Kodenya",`, ``), "", "description"},
		{"a parameter without example", nil, with(`,"example":"32.73"}]`, `}]`), "", "examples"},
		{"failures are not declared", nil, with(`"404":{"description":"tidak ada","content":{"application/problem+json":{}}}`, `"404":{"description":"tidak ada"}`), "", "errors-declared"},
		{"a list without limit", nil, with(`"/":{"get":{"summary":"Daftar kota","parameters":[
		{"name":"limit","in":"query","description":"Banyaknya baris","schema":{"type":"integer","minimum":1,"maximum":100}}],`, `"/":{"get":{"summary":"Daftar kota",`), "", ""}, // it is short
		{"a list without limit or end", nil, func(s *feasibility.Subject) {
			with(`"name":"limit"`, `"name":"saring"`)(s)
			with(`"maxItems":100,`, ``)(s)
		}, "limits", ""},
		{"a limit without a most", nil, with(`"minimum":1,"maximum":100`, `"minimum":1`), "", "limits"},
		{"two styles of names", nil, with(kode, kode+`,"luasWilayah":{"type":"number"},"luas_air":{"type":"number"}`), "", "names"},
		{"a schema that is none", nil, with(kode, `"kode":{"type":"teks"}`), "contract", ""},
		{"no success", nil, with(`"200":{"description":"ok","content":{"application/json":{"schema":{`+list, `"409":{"description":"ok","content":{"application/json":{"schema":{`+list), "contract answers", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newProvider()
			if c.misbehave != nil {
				c.misbehave(p)
			}
			server := httptest.NewServer(p)
			defer server.Close()
			s := subjectAt(t, server.URL)
			if c.subject != nil {
				c.subject(&s)
			}
			r, err := newTester(newDirect(t, nil), &ticking{at: monday}).Run(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			failed, warned := bad(r)
			wantWarned := strings.Fields(c.warned)
			if c.failed != "reachable" {
				wantWarned = inOrder(append(wantWarned, "tls"))
			} else {
				wantWarned = []string{"tls"}
			}
			if strings.Join(failed, " ") != c.failed || strings.Join(inOrder(warned), " ") != strings.Join(wantWarned, " ") {
				t.Errorf("failed %v, warned %v\n%s", failed, warned, pretty(r))
			}
			checkWords(t, r)
		})
	}
}

func inOrder(all []string) []string {
	sorted := append([]string{}, all...)
	for i := range sorted {
		for j := i + 1; j < len(sorted); j++ {
			if sorted[j] < sorted[i] {
				sorted[i], sorted[j] = sorted[j], sorted[i]
			}
		}
	}
	return sorted
}

// checkWords makes sure that a report speaks both languages, names a remedy for
// what is bad, and holds no identity number and no credential.
func checkWords(t *testing.T, r feasibility.Report) {
	t.Helper()
	text := pretty(r)
	for _, never := range []string{"3273016609849962", proof, "rahasia-hub"} {
		if strings.Contains(text, never) {
			t.Errorf("the report holds %s: %s", never, text)
		}
	}
	for _, c := range r.Checks {
		if c.Title.ID == "" || c.Title.EN == "" || c.Title.ID == c.Title.EN {
			t.Errorf("%s: %+v", c.Key, c.Title)
		}
		for _, f := range c.Findings {
			worse := f.Outcome == feasibility.Fail || f.Outcome == feasibility.Warn
			if f.What.ID == "" || f.What.EN == "" || worse && (f.Remedy.ID == "" || f.Remedy.EN == "" || f.Remedy.ID == f.Remedy.EN) {
				t.Errorf("%s: %+v", c.Key, f)
			}
		}
	}
}

// elsewhere calls one server, whatever the route says.
type elsewhere struct {
	direct
	server *url.URL
}

func (e elsewhere) Call(route *simpul.Route, r *http.Request) (*http.Response, error) {
	moved := *route
	moved.Upstream = e.server.JoinPath(route.Upstream.Path)
	return e.direct.Call(&moved, r)
}

// What may change data is called at the sandbox only, without the credential, or
// where the contract says that it is safe and gives an example.
func TestUnsafeOperations(t *testing.T) {
	const posts = `{"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{"/":{"post":{"summary":"Cek"SAFE,
		"requestBody":{"required":true,"content":{"application/json":{"schema":{"type":"object"}EXAMPLE}}},
		"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"type":"object","properties":{"x":{"type":"integer","nullable":true,"minimum":0,"exclusiveMinimum":true}}},"example":{"x":1}}}},
			"400":{"description":"salah","content":{"application/problem+json":{}}}}}}}}`
	for _, c := range []struct {
		name, safe, example string
		sandbox             bool
		called              string
	}{
		{"neither", "", `,"example":{"a":1}`, false, ""},
		{"marked without an example", `,"x-simpul-safe":true`, "", false, ""},
		{"marked", `,"x-simpul-safe":true`, `,"example":{"a":1}`, false, `origin with proof {"a":1}`},
		{"sandbox", "", `,"example":{"a":1}`, true, `sandbox {"a":1}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			called := ""
			record := func(who string) http.HandlerFunc {
				return func(w http.ResponseWriter, r *http.Request) {
					if r.Method != http.MethodPost {
						newProvider().wrong(w, r)
						return
					}
					body, _ := io.ReadAll(r.Body)
					if r.Header.Get("Authorization") == proof {
						who += " with proof"
						called = who + " " + string(body)
						who = strings.TrimSuffix(who, " with proof")
					} else if who == "sandbox" {
						called = who + " " + string(body)
					} else {
						newProvider().barred(w, r)
						return
					}
					answers(200, "application/json", `{"x":null}`)(w, r)
				}
			}
			origin, sandbox := httptest.NewServer(serial(record("origin"))), httptest.NewServer(serial(record("sandbox")))
			defer origin.Close()
			defer sandbox.Close()
			s := subjectAt(t, origin.URL)
			s.Contract = json.RawMessage(strings.NewReplacer("SAFE", c.safe, "EXAMPLE", c.example).Replace(posts))
			if c.sandbox {
				s.Sandbox, _ = url.Parse(sandbox.URL)
			}
			r, err := newTester(newDirect(t, nil), &ticking{at: monday}).Run(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			if failed, _ := bad(r); called != c.called || len(failed) > 0 {
				t.Errorf("called %q, failed %v\n%s", called, failed, pretty(r))
			}
		})
	}
}

// serial lets one request in at a time.
func serial(next http.Handler) http.Handler {
	turn := make(chan struct{}, 1)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		turn <- struct{}{}
		defer func() { <-turn }()
		next.ServeHTTP(w, r)
	})
}

// A schema that refers to itself in several branches would take for ever.
func TestASchemaThatExplodes(t *testing.T) {
	p := newProvider()
	p.one = answers(200, "application/json", strings.Repeat("[", 40)+"1"+strings.Repeat("]", 40))
	server := httptest.NewServer(p)
	defer server.Close()
	for _, ref := range []string{"#/components/schemas/Bom", "#/components/schemas/Sembunyi/example"} {
		s := subjectAt(t, server.URL)
		with(`"schema":{"$ref":"#/components/schemas/Kota"}`, `"schema":{"$ref":"`+ref+`"}`)(&s)
		with(`"schemas":{`, `"schemas":{"Bom":{"anyOf":[{"type":"array","items":{"$ref":"#/components/schemas/Bom"}},{"type":"array","items":{"$ref":"#/components/schemas/Bom"},"maxItems":9}]},
			"Sembunyi":{"example":{"anyOf":[{"type":"array","items":{"$ref":"#/components/schemas/Sembunyi/example"}},{"type":"array","items":{"$ref":"#/components/schemas/Sembunyi/example"},"maxItems":9}]}},`)(&s)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		r, err := newTester(newDirect(t, nil), &ticking{at: monday}).Run(ctx, s)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if failed, _ := bad(r); len(failed) > 0 {
			t.Errorf("%s: failed %v\n%s", ref, failed, pretty(r))
		}
	}
}

// References to the network are never followed.
func TestNoReferenceLeavesTheContract(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer server.Close()
	origin := httptest.NewServer(newProvider())
	defer origin.Close()
	s := subjectAt(t, origin.URL)
	with(`"$ref":"#/components/schemas/Daftar"`, fmt.Sprintf(`"$ref":%q,"$schema":%q,"$id":%q`, server.URL+"/a", server.URL+"/b", server.URL+"/c"))(&s)
	if _, err := newTester(newDirect(t, nil), &ticking{at: monday}).Run(t.Context(), s); err != nil || asked > 0 {
		t.Errorf("%d calls, %v", asked, err)
	}
}

// A test ends with the request that asked for it.
func TestATestIsGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := newProvider()
	p.list = func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() }
	server := httptest.NewServer(p)
	defer server.Close()
	if _, err := newTester(newDirect(t, nil), &ticking{at: monday}).Run(ctx, subjectAt(t, server.URL)); err == nil {
		t.Error("a test that nobody waits for went on")
	}
}

// What comes as a contract is broken in every way.
func TestBrokenContracts(t *testing.T) {
	server := httptest.NewServer(newProvider())
	defer server.Close()
	for _, contract := range []string{``, `null`, `[]`, `{`, `{"paths":[]}`, `{"paths":{"/":{"get":null}}}`, `{"paths":{"/":{"get":{}}}}`,
		`{"openapi":"3.1.0","paths":{"/":{"get":{"parameters":[null,{"$ref":"#/x"},{"name":1}],"responses":{"200":{"$ref":"#"},"":{}}}}}}`,
		`{"openapi":"3.0.0","paths":{"/":{"$ref":"#/paths/~1"}}}`} {
		s := subjectAt(t, server.URL)
		s.Contract = json.RawMessage(contract)
		r, err := newTester(newDirect(t, nil), &ticking{at: monday}).Run(t.Context(), s)
		if failed, _ := bad(r); err != nil || len(failed) == 0 {
			t.Errorf("%s: %v %v", contract, failed, err)
		}
	}
}
