package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"simpul"
)

const kota = `{"openapi":"3.1.0","info":{"title":"Kota","version":"1.0"},"paths":{
	"/":{"get":{"responses":{
		"404":{"description":"","content":{"application/problem+json":{"example":{"status":404}}}},
		"200":{"description":"","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Daftar"},"examples":{
			"satu":{"value":{"items":[{"kode":"32.73", "luas":1.50}]}},
			"kosong":{"$ref":"#/components/examples/kosong"}}}}}}},
	"post":{"responses":{"201":{"description":""},"5XX":{"description":"","content":{"application/json":{"schema":{"type":"object","properties":{"pesan":{"type":"string"}}}}}}}}},
	"/{kode}":{"get":{"responses":{"2XX":{"description":"","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Kota"}}}},"default":{"$ref":"#/components/responses/galat"}}}},
	"/peta":{"get":{"responses":{"200":{"description":"","content":{"image/png":{}}}}}},
	"/teks":{"get":{"responses":{"200":{"description":"","content":{"text/csv":{"example":"kode,nama\n32.73,Bandung\n"}}}}}},
	"/orang":{"get":{"responses":{"200":{"description":"","content":{"application/json":{"example":{"nik":"3273011708450001","nomor":3273011708450001,"telepon":"02212345678"}}}}}}},
	"/masalah":{"get":{"responses":{"404":{"description":"","content":{"application/problem+json":{"schema":{"properties":{"title":{"type":"string"},"status":{"type":"integer","minimum":400}}}}}}}}},
	"/hapus":{"delete":{"responses":{"204":{"description":""}}}}},
	"components":{"examples":{"kosong":{"value":{"items":[]}}},
		"responses":{"galat":{"description":"","content":{"application/json":{"example":{"galat":true}}}}},
		"schemas":{"Daftar":{"type":"object"},"Kota":{"type":"object","required":["kode"],"properties":{
			"kode":{"type":"string","pattern":"^[0-9]{2}[.][0-9]{2}$"},"nama":{"type":"string","minLength":3},"berlaku":{"type":"string","format":"date"},
			"sandi":{"type":"string","writeOnly":true}}}}}}`

func stage(t testing.TB, document string) *Stage {
	t.Helper()
	s, err := Compile(json.RawMessage(document))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAnswers(t *testing.T) {
	tests := []struct {
		method, path, prefer string
		status               int
		media, body, applied string
	}{
		{"GET", "/", "", 200, "application/json", `{"items":[{"kode":"32.73","luas":1.50}]}`, ""},
		{"GET", "/", "example=kosong", 200, "application/json", `{"items":[]}`, "example"},
		{"GET", "/", "code=404", 404, "application/problem+json", `{"status":404}`, "code=404"},
		{"GET", "/", `wait=10; x=1, Example="kosong" , CODE=200`, 200, "application/json", `{"items":[]}`, "code=200, example"},
		{"POST", "/", "", 201, "", "", ""},
		{"POST", "/", "code=503", 503, "application/json", `{"pesan":"contoh"}`, "code=503"},
		{"GET", "/{kode}", "", 200, "application/json", `{"kode":"00.00","nama":"contoh","berlaku":"2026-01-15"}`, ""},
		{"GET", "/{kode}", "code=206", 206, "application/json", `{"kode":"00.00","nama":"contoh","berlaku":"2026-01-15"}`, "code=206"},
		{"GET", "/{kode}", "code=422", 422, "application/json", `{"galat":true}`, "code=422"},
		{"GET", "/teks", "", 200, "text/csv", "kode,nama\n32.73,Bandung\n", ""},
		{"GET", "/orang", "", 200, "application/json", `{"nik":"9999999999999999","nomor":9999999999999999,"telepon":"02212345678"}`, ""},
		{"GET", "/masalah", "", 404, "application/problem+json", `{"title":"contoh","status":404}`, ""},
		{"DELETE", "/hapus", "", 204, "", "", ""},
	}
	s := stage(t, kota)
	for _, test := range tests {
		t.Run(test.method+" "+test.path+" "+test.prefer, func(t *testing.T) {
			for range 2 { // the same every time
				r := httptest.NewRequest(test.method, "/", nil)
				r.Header.Set("Prefer", test.prefer)
				res, err := s.Answer(simpul.Operation{Method: test.method, Path: test.path}, r)
				if err != nil {
					t.Fatal(err)
				}
				body, _ := io.ReadAll(res.Body)
				if res.StatusCode != test.status || string(body) != test.body || res.ContentLength != int64(len(body)) ||
					res.Header.Get("Content-Type") != test.media || res.Header.Get("Preference-Applied") != test.applied || res.Header.Get(Header) != "example" {
					t.Errorf("got %d %v %s", res.StatusCode, res.Header, body)
				}
			}
		})
	}
}

func TestHeadHasTheLengthOnly(t *testing.T) {
	res, err := stage(t, kota).Answer(simpul.Operation{Method: "GET", Path: "/"}, httptest.NewRequest(http.MethodHead, "/", nil))
	if err != nil {
		t.Fatal(err)
	}
	if body, _ := io.ReadAll(res.Body); len(body) > 0 || res.Header.Get("Content-Length") != "40" {
		t.Errorf("got %q, length %s", body, res.Header.Get("Content-Length"))
	}
}

func TestWhatTheContractDoesNotHave(t *testing.T) {
	tests := []struct {
		path, prefer string
		code         simpul.Code
		remedy       string
	}{
		{"/", "code=500", simpul.CodeInvalid, "200, 404"},
		{"/", "code=99", simpul.CodeInvalid, "code=404"},
		{"/", "code=banyak", simpul.CodeInvalid, "code=404"},
		{"/", "example=tiada", simpul.CodeInvalid, "satu, kosong"},
		{"/{kode}", "example=tiada", simpul.CodeInvalid, "example"},
		{"/peta", "", simpul.CodeNotFound, "example"},
		{"/lain", "", simpul.CodeNotFound, "example"},
	}
	for _, test := range tests {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Prefer", test.prefer)
		_, err := stage(t, kota).Answer(simpul.Operation{Method: "GET", Path: test.path}, r)
		e, ok := errors.AsType[*simpul.Error](err)
		if !ok || e.Code != test.code || !strings.Contains(e.Remedy.EN, test.remedy) || !strings.Contains(e.Remedy.ID, test.remedy) || e.Message.ID == "" || e.Message.EN == "" {
			t.Errorf("%s %s: %#v", test.path, test.prefer, err)
		}
	}
}

// answering makes a contract of which one operation answers with the schema.
func answering(schema string) string {
	return `{"paths":{"/":{"get":{"responses":{"200":{"content":{"application/json":{"schema":` + schema + `}}}}}}},
		"components":{"schemas":{"A":{"type":"object","required":["a"],"properties":{"a":{"$ref":"#/components/schemas/A"},"n":{"type":"integer"}}}}}}`
}

func generated(t testing.TB, schema string) []byte {
	t.Helper()
	res, err := stage(t, answering(schema)).Answer(simpul.Operation{Method: "GET", Path: "/"}, httptest.NewRequest("GET", "/", nil))
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	return body
}

func TestExamplesFollowFromSchemas(t *testing.T) {
	for schema, want := range map[string]string{
		`{}`:                         `"contoh"`,
		`{"type":"boolean"}`:         `true`,
		`{"type":["null","string"]}`: `"contoh"`,
		`{"type":"null"}`:            `null`,
		`{"type":"integer"}`:         `1`,
		`{"type":"integer","minimum":5,"exclusiveMinimum":true}`: `6`,
		`{"type":"integer","exclusiveMinimum":5}`:                `6`,
		`{"type":"integer","maximum":-3}`:                        `-3`,
		`{"type":"number","multipleOf":0.5,"minimum":2.2}`:       `2.5`,
		`{"minimum":10}`:                                           `10`,
		`{"enum":["b","a"]}`:                                       `"b"`,
		`{"const":7}`:                                              `7`,
		`{"type":"string","default":"x"}`:                          `"x"`,
		`{"type":"string","examples":["y"]}`:                       `"y"`,
		`{"type":"string","maxLength":3}`:                          `"con"`,
		`{"type":"string","minLength":8}`:                          `"contoh contoh"`,
		`{"type":"string","format":"uuid"}`:                        `"00000000-0000-4000-8000-000000000000"`,
		`{"type":"string","pattern":"^IMZ-[0-9]{6}$"}`:             `"IMZ-000000"`,
		`{"type":"string","pattern":"^(laki|perempuan)$"}`:         `"laki"`,
		`{"type":"string","pattern":"^[0-9]{16}$"}`:                `"0000000000000000"`,
		`{"type":"string","pattern":"^(?=x)y"}`:                    `"contoh"`,
		`{"type":"array","items":{"type":"integer"}}`:              `[1]`,
		`{"type":"array","minItems":2,"items":{"type":"integer"}}`: `[1,1]`,
		`{"type":"array","maxItems":0}`:                            `[]`,
		`{"properties":{"nik":{"type":"string"},"nik_ibu":{}}}`:    `{"nik":"9999999999999999","nik_ibu":"9999999999999999"}`,
		`{"allOf":[{"properties":{"a":{"type":"integer"}}},{"properties":{"b":{"type":"boolean"}}}]}`: `{"a":1,"b":true}`,
		`{"oneOf":[{"type":"null"},{"type":"integer"}]}`:                                              `1`,
	} {
		if got := generated(t, schema); string(got) != want {
			t.Errorf("%s: got %s, want %s", schema, got, want)
		}
	}
}

// What repeats itself ends.
func TestSchemasThatNeverEnd(t *testing.T) {
	wide := `{"properties":{` + strings.Repeat(`"x":1,`, 0)
	for i := range 50 {
		wide += fmt.Sprintf(`%s"p%d":{"$ref":"#/paths/~1/get/responses/200/content/application~1json/schema"}`, ","[:min(i, 1)], i)
	}
	for _, schema := range []string{`{"$ref":"#/components/schemas/A"}`, `{"type":"array","items":{"$ref":"#/paths/~1/get/responses/200/content/application~1json/schema"}}`, wide + `}}`} {
		if got := generated(t, schema); !json.Valid(got) || len(got) > maxExample {
			t.Errorf("%d bytes: %.200s", len(got), got)
		}
	}
}

// Whatever follows from a schema meets it, by the judgement of another program.
func TestExamplesMeetTheirSchemas(t *testing.T) {
	schemas := []string{
		`{"type":"object","required":["items","total"],"properties":{"items":{"type":"array","minItems":1,"items":{"type":"object","required":["kode","jenis"],"properties":{
			"kode":{"type":"string","pattern":"^[0-9]{2}(\\.[0-9]{2}){1,3}$"},"jenis":{"enum":["kota","kabupaten"]},"luas":{"type":"number","exclusiveMinimum":0,"maximum":1000},
			"surel":{"type":"string","format":"email"},"tanggal":{"type":"string","format":"date"}}}},"total":{"type":"integer","minimum":0},"next":{"type":["string","null"],"maxLength":4}}}`,
		`{"type":"string","pattern":"^[A-Z]{2,4}-[a-z]+-\\d\\d$","minLength":8,"maxLength":12}`,
		`{"type":"integer","multipleOf":7,"minimum":20,"maximum":30}`,
		`{"anyOf":[{"type":"object","required":["a"],"properties":{"a":{"const":null}}},{"type":"string"}]}`,
	}
	for _, schema := range schemas {
		compiler := jsonschema.NewCompiler()
		compiler.AssertFormat()
		read, _ := jsonschema.UnmarshalJSON(strings.NewReader(schema))
		if err := compiler.AddResource("s.json", read); err != nil {
			t.Fatal(err)
		}
		compiled, err := compiler.Compile("s.json")
		if err != nil {
			t.Fatal(err)
		}
		got := generated(t, schema)
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(got))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiled.Validate(value); err != nil {
			t.Errorf("%s does not meet %s: %v", got, schema, err)
		}
	}
}

var sixteen = regexp.MustCompile(`\b[0-9]{16}\b`)

func TestRealContract(t *testing.T) {
	text, err := os.ReadFile("../../../registry/catalog/contract/testdata/perizinan.json")
	if err != nil {
		t.Fatal(err)
	}
	s := stage(t, string(text))
	if len(s.scenes) < 3 {
		t.Fatalf("%d operations", len(s.scenes))
	}
	for op := range s.scenes {
		res, err := s.Answer(op, httptest.NewRequest(op.Method, "/", nil))
		if err != nil {
			if simpul.CodeOf(err) != simpul.CodeNotFound {
				t.Errorf("%v: %v", op, err)
			}
			continue
		}
		body, _ := io.ReadAll(res.Body)
		for _, digits := range sixteen.FindAllString(string(body), -1) {
			if _, err := simpul.ParseNIK(digits); err == nil {
				t.Errorf("%v shows the NIK %s", op, digits)
			}
		}
	}
}

func TestLargeExamplesAreLeftOut(t *testing.T) {
	large := answering(`{}`)
	large = strings.Replace(large, `"schema":{}`, `"example":"`+strings.Repeat("x", maxExample)+`"`, 1)
	_, err := stage(t, large).Answer(simpul.Operation{Method: "GET", Path: "/"}, httptest.NewRequest("GET", "/", nil))
	if simpul.CodeOf(err) != simpul.CodeNotFound {
		t.Errorf("got %v", err)
	}
}

func FuzzPrefer(f *testing.F) {
	for _, s := range []string{"code=404", `example="a, b"; x=1, code=200`, `a="\`, ",,;=", `example="\"",code=500`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		p, err := readPrefer(http.Header{"Prefer": {line}})
		if err != nil && simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Fatal(err)
		}
		if err == nil && p.code != 0 && (p.code < 200 || p.code > 599) {
			t.Fatalf("prefers %d", p.code)
		}
	})
}

func FuzzCompile(f *testing.F) {
	f.Add([]byte(kota))
	f.Add([]byte(answering(`{"type":"string","pattern":"(a*)*b{1000}"}`)))
	f.Fuzz(func(t *testing.T, document []byte) {
		s, err := Compile(document)
		if err != nil {
			return
		}
		for op := range s.scenes {
			s.Answer(op, httptest.NewRequest("GET", "/", nil))
		}
	})
}
