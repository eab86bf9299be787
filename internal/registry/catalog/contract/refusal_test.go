package contract

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"simpul"
)

// paths makes a document with the paths.
func paths(items string) string {
	return `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{` + items + `}}`
}

// operation makes a document with one operation at a path.
func operation(path, members string) string {
	return paths(fmt.Sprintf(`%q:{"get":{%s}}`, path, members))
}

func TestParseRefuses(t *testing.T) {
	const ok = `{"responses":{"200":{"description":""}}}`
	answer := func(schema string) string {
		return operation("/", `"responses":{"200":{"description":"","content":{"application/json":{"schema":`+schema+`}}}}`)
	}
	tests := []struct {
		name, doc, place, says string
	}{
		{"nothing", ``, "", "not valid JSON"},
		{"null", `null`, "", "no member openapi"},
		{"list", `[]`, "", "no member openapi"},
		{"YAML", "openapi: 3.1.0\ninfo:\n  title: T\n", "", "not valid JSON"},
		{"cut off", `{"openapi":"3.1.0","info":{"title":`, "info.title", "not valid JSON"},
		{"two documents", paths(`"/":{"get":`+ok+`}`) + `{}`, "", "not valid JSON"},
		{"invalid UTF-8", "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"\xff\"}}", "info.title", "not valid JSON"},
		{"duplicate path", paths(`"/":{"get":` + ok + `},"/":{"post":` + ok + `}`), "paths./", "occurs twice"},
		{"another document", `{"name":"paket","version":"1"}`, "", "no member openapi"},
		{"Swagger 2.0", `{"swagger":"2.0","info":{"title":"T","version":"1"},"paths":{}}`, "swagger", "Swagger 2.0"},
		{"OpenAPI 3.2", `{"openapi":"3.2.0"}`, "openapi", `"3.2.0" is not supported`},
		{"version is a number", `{"openapi":3.1}`, "", "no member openapi"},
		{"no title", `{"openapi":"3.0.0","info":{"title":" ","version":"1"}}`, "info.title", "a title"},
		{"no version", `{"openapi":"3.0.0","info":{"title":"T","version":1}}`, "info.version", "in quotes"},
		{"no paths", `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"webhooks":{}}`, "paths", "at least one operation"},
		{"empty paths", paths(``), "paths", "at least one operation"},
		{"paths in a list", `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":["/"]}`, "paths", "at least one operation"},
		{"no operation", paths(`"/":{"summary":"x"}`), "paths", "at least one operation"},

		{"no slash", paths(`"kota":{"get":` + ok + `}`), "paths.kota", "begin with a slash"},
		{"whole address", paths(`"https://x/kota":{"get":` + ok + `}`), "paths.https://x/kota", "begin with a slash"},
		{"slash at the end", paths(`"/kota/":{"get":` + ok + `}`), "paths./kota/", "empty"},
		{"two slashes", paths(`"//kota":{"get":` + ok + `}`), "paths.//kota", "empty"},
		{"dot segment", paths(`"/a/../b":{"get":` + ok + `}`), "paths./a/../b", `".."`},
		{"query", paths(`"/a?b=1":{"get":` + ok + `}`), "paths./a?b=1", "characters"},
		{"encoded slash", paths(`"/a%2fb":{"get":` + ok + `}`), "paths./a%2fb", "characters"},
		{"space", paths(`"/a b":{"get":` + ok + `}`), "paths./a b", "characters"},
		{"part of a segment", paths(`"/{a}.json":{"get":` + ok + `}`), "paths./{a}.json", "whole segment"},
		{"two parameters in a segment", paths(`"/{a}-{b}":{"get":` + ok + `}`), "paths./{a}-{b}", "whole segment"},
		{"parameter without a name", paths(`"/{}":{"get":` + ok + `}`), "paths./{}", "whole segment"},
		{"open brace", paths(`"/{a":{"get":` + ok + `}`), "paths./{a", "whole segment"},
		{"parameter twice", paths(`"/{a}/{a}":{"get":` + ok + `}`), "paths./{a}/{a}", "occurs twice"},
		{"long path", paths(`"/` + strings.Repeat("{a}/", 200) + `":{"get":` + ok + `}`), "paths./{a}/", "longer than 500"},
		{"same but for the name", paths(`"/a/{b}":{"get":{"parameters":[{"name":"b","in":"path"}]}},"/a/{c}":{}`), "paths./a/{c}", `"/a/{b}"`},

		{"path item is text", paths(`"/":"get"`), "paths./", "object of methods"},
		{"unknown method", paths(`"/":{"gett":` + ok + `}`), "paths./.gett", "not a method"},
		{"TRACE", paths(`"/":{"trace":` + ok + `}`), "paths./.trace", "not a method"},
		{"capital method", paths(`"/":{"GET":` + ok + `}`), "paths./.GET", "not a method"},
		{"operation is null", paths(`"/":{"get":null}`), "paths./.get", "operation object"},

		{"undeclared parameter", operation("/{kode}", ``), "paths./{kode}.get.parameters", `"kode" is not declared`},
		{"declared elsewhere", operation("/{kode}", `"parameters":[{"name":"kode","in":"query"}]`), "paths./{kode}.get.parameters", "not declared"},
		{"parameters in an object", operation("/", `"parameters":{}`), "paths./.get.parameters", "list of parameters"},
		{"parameter is text", operation("/", `"parameters":["a"]`), "paths./.get.parameters[0].name", "name"},
		{"parameter without place", operation("/", `"parameters":[{"name":"a","in":"query"},{"name":"b"}]`), "paths./.get.parameters[1].in", "path, query, header or cookie"},
		{"parameter of Swagger", operation("/", `"parameters":[{"name":"a","in":"body"}]`), "paths./.get.parameters[0].in", "path, query, header or cookie"},
		{"parameter of the path", paths(`"/":{"parameters":[{"in":"query"}],"get":{}}`), "paths./.parameters[0].name", "name"},
		{"too many parameters", operation("/", `"parameters":[`+strings.Repeat(`{"name":"a","in":"query"},`, maxParameters)+`{}]`), "paths./.get.parameters", "200 parameters"},

		{"body is a list", operation("/", `"requestBody":[]`), "paths./.get.requestBody", "request body object"},
		{"answers in a list", operation("/", `"responses":[]`), "paths./.get.responses", "answers by status"},
		{"answer is text", operation("/", `"responses":{"200":"x"}`), "paths./.get.responses.200", "answer object"},

		{"remote reference", answer(`{"$ref":"https://contoh.go.id/a.json#/A"}`), "paths./.get.responses.200.content.application/json.schema.$ref", `"https://contoh.go.id/a.json#/A" leaves`},
		{"reference to a file", answer(`{"$ref":"file:///etc/passwd"}`), "paths./.get.responses.200.content.application/json.schema.$ref", "leaves"},
		{"relative reference", answer(`{"$ref":"kota.yaml"}`), "paths./.get.responses.200.content.application/json.schema.$ref", "leaves"},
		{"remote path", paths(`"/":{"$ref":"//contoh.go.id/p"}`), "paths./.$ref", "leaves"},
		{"remote parameter", operation("/", `"parameters":[{"$ref":"p.json"}]`), "paths./.get.parameters[0].$ref", "leaves"},
		{"remote reference nobody uses", `{"openapi":"3.1.0","components":{"schemas":{"example":{"$ref":"x.json"}}}}`, "components.schemas.example.$ref", "leaves"},
		{"remote dynamic reference", answer(`{"$dynamicRef":"http://x/#a"}`), "paths./.get.responses.200.content.application/json.schema.$dynamicRef", "leaves"},
		{"reference to nothing", answer(`{"$ref":"#/components/schemas/A"}`), "paths./.get.responses.200.content.application/json.schema.$ref", "no part"},
		{"reference to an anchor", answer(`{"$ref":"#A"}`), "paths./.get.responses.200.content.application/json.schema.$ref", "no part"},
		{"reference beyond a list", operation("/", `"parameters":[{"$ref":"#/paths/~1/get/parameters/7"}]`), "paths./.get.parameters[0].$ref", "no part"},
		{"badly escaped reference", answer(`{"$ref":"#/%zz"}`), "paths./.get.responses.200.content.application/json.schema.$ref", "no part"},
		{"reference to itself", answer(`{"$ref":"#/paths/~1/get/responses/200/content/application~1json/schema"}`), "paths./.get.responses.200.content.application/json.schema.$ref", "never arrives"},
		{"path refers to itself", paths(`"/":{"$ref":"#/paths/~1"}`), "paths./.$ref", "never arrives"},
		{"references in a circle", paths(`"/a":{"$ref":"#/paths/~1b"},"/b":{"$ref":"#/paths/~1a"}`), "paths./a.$ref", "never arrives"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := Parse([]byte(test.doc))
			e, ok := errors.AsType[*simpul.Error](err)
			if !ok || e.Code != simpul.CodeInvalid || c != nil {
				t.Fatalf("got %+v, %v", c, err)
			}
			place := strings.TrimSuffix("spec.contract."+test.place, ".")
			if e.Place != place && !(test.name == "long path" && strings.HasPrefix(e.Place, place)) {
				t.Errorf("place %q, want %q", e.Place, place)
			}
			if !strings.Contains(e.Message.EN, test.says) || e.Message.ID == "" || e.Message.ID == e.Message.EN {
				t.Errorf("message %+v, want it to say %q in both languages", e.Message, test.says)
			}
			if e.Remedy.ID == "" || e.Remedy.EN == "" {
				t.Errorf("no remedy: %+v", e)
			}
		})
	}
}

func TestParseAccepts(t *testing.T) {
	tests := []struct{ name, doc string }{
		{"nothing but an operation", operation("/", ``)},
		{"OpenAPI 3.0", strings.Replace(operation("/", ``), "3.1.0", "3.0.4", 1)},
		{"literal characters", operation("/a-b/c.d/~e/$f:g@h,i=j", ``)},
		{"reference-like data", operation("/", `"x-a":{"$ref":"http://x"},"responses":{"200":{"description":"","content":{"application/json":{"example":{"$ref":"http://x"},"schema":{"default":{"$ref":"x"},"enum":[{"$ref":"x"}],"examples":[{"$ref":"x"}]}}}}}`)},
		{"property called $ref", operation("/", `"responses":{"200":{"content":{"application/json":{"schema":{"properties":{"$ref":{"type":"string"}}}}}}}`)},
		{"discriminator and security", paths(`"/":{"get":{"security":[{"k":[]}]}}`)},
		{"callback that refers to the paths", paths(`"/":{"get":{"callbacks":{"c":{"$ref":"#/paths"}}}}`)},
	}
	for _, test := range tests {
		if c, err := Parse([]byte(test.doc)); err != nil || len(c.Operations) != 1 {
			t.Errorf("%s: %+v, %v", test.name, c, err)
		}
	}
}

// many repeats a member with a number in it.
func many(n int, format string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// Documents that are made to cost are refused, or read, with little work.
func TestHostileDocuments(t *testing.T) {
	const operations = `%q:{"get":{"responses":{"200":{"description":"","content":{"application/json":{"schema":{"$ref":"#/components/schemas/S0"}}}}}}}`
	document := func(schemas string) []byte {
		return []byte(strings.TrimSuffix(paths(fmt.Sprintf(operations, "/")), "}") + `,"components":{"schemas":{` + schemas + `}}}`)
	}
	// unfold makes 12 schemas, each of which contains the next many times.
	unfold := func(before, part, after string) []byte {
		var levels []string
		for i := range 12 {
			parts := strings.TrimSuffix(strings.Repeat(fmt.Sprintf(part, i+1)+",", 20), ",")
			levels = append(levels, fmt.Sprintf(`"S%d":{%s%s%s}`, i, before, parts, after))
		}
		return document(strings.Join(append(levels, `"S12":{"type":"string"}`), ","))
	}
	tests := []struct {
		name string
		doc  []byte
		says string // "" for a document that is read
	}{
		{"too long", []byte(strings.Repeat(" ", maxDocument+1)), "2 MiB"},
		{"too many values", []byte(`{"a":[` + strings.Repeat("0,", maxValues) + `0]}`), "250,000 values"},
		{"too deep", []byte(strings.Repeat(`{"a":`, 1<<18)), "100 levels"},
		{"too deep in lists", []byte(strings.Repeat("[", 1<<20)), "100 levels"},
		{"too many operations", []byte(paths(many(maxOperations+1, `"/p%d":{"get":{}}`))), "500 operations"},
		{"allOf unfolds", unfold(`"allOf":[`, `{"$ref":"#/components/schemas/S%d"}`, `]`), "too many schemas"},
		{"anyOf unfolds", unfold(`"anyOf":[`, `{"$ref":"#/components/schemas/S%d"}`, `]`), "too many schemas"},
		{"types unfold", unfold(`"properties":{"x":{"oneOf":[`, `{"$ref":"#/components/schemas/S%d"}`, `]}}`), "too many"},
		{"required unfolds", document(`"S0":{"allOf":[` + many(10_000, `{"$ref":"#/components/schemas/R","x-%d":0}`) + `]},"R":{"required":[` + many(10_000, `"f%d"`) + `]}`), "too many schemas"},
		{"properties unfold", document(`"S0":{"anyOf":[` + many(10_000, `{"$ref":"#/components/schemas/R","x-%d":0}`) + `]},"R":{"properties":{` + many(1_500, `"f%d":{}`) + `}}`), "too many schemas"},
		{"wide object", document(`"S0":{"properties":{` + many(maxShape+1, `"f%d":{}`) + `}}`), "too many fields"},
		{"fields of many operations", []byte(paths(many(20, `"/p%d":{"get":{"responses":{"200":{"description":"","content":{"application/json":{"schema":{"properties":{`+strings.ReplaceAll(many(1_500, `"f%d":{}`), "%", "%%")+`}}}}}}}}`))), "too many fields"},
		{"long chain", document(many(10_000, `"S%[1]d":{"allOf":[{"$ref":"#/components/schemas/S%[1]d/x"}],"x":{"properties":{"f%[1]d":{}}}}`)), ""},
		{"many answers", []byte(strings.TrimSuffix(paths(`"/":{"get":{"responses":{`+many(99, `"2%02d":{"$ref":"#/components/responses/R"}`)+`}}}`), "}") + `,"components":{"responses":{"R":{"content":{"application/json":{"schema":{"properties":{` + many(1_900, `"f%d":{}`) + `}}}}}}}}`), ""},
		{"different answers", []byte(paths(`"/":{"get":{"responses":{` + many(99, `"2%02[1]d":{"content":{"application/json":{"schema":{"properties":{"f%[1]d":{"description":"`+strings.Repeat("x", 1000)+`"}}}}}}`) + `}}}`)), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Parse(test.doc)
			runtime.ReadMemStats(&after)
			if test.says == "" && err != nil || test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)) {
				t.Errorf("got %v, want %q", err, test.says)
			}
			if mib := (after.TotalAlloc - before.TotalAlloc) >> 20; mib > 200 {
				t.Errorf("allocated %d MiB", mib)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(realistic(f))
	f.Add([]byte(operation("/{a}", `"parameters":[{"name":"a","in":"path","schema":{"type":"string"}}]`)))
	f.Add(schemas(`{"$ref":"#/components/schemas/A"}`, `"A":{"properties":{"a":{"items":{"$ref":"#/components/schemas/A"}}}}`))
	f.Add([]byte(`{"openapi":"3.0.0","info":{"title":"T","version":"1"},"paths":{"/":{"$ref":"#/paths/~1"}}}`))
	f.Add([]byte(`{"swagger":"2.0"}`))
	f.Fuzz(func(t *testing.T, doc []byte) { checkPromises(t, doc) })
}

// checkPromises checks what holds of every document.
func checkPromises(t rapid.TB, doc []byte) {
	c, err := Parse(doc)
	if err != nil {
		if e, ok := errors.AsType[*simpul.Error](err); !ok || !strings.HasPrefix(e.Place, "spec.contract") || e.Remedy.EN == "" {
			t.Fatalf("error %#v of %s", err, doc)
		}
		return
	}
	published, err := Document(doc, "https://hub.go.id/a/B")
	if err != nil {
		t.Fatalf("%v of %s", err, doc)
	}
	again, err := Parse(published)
	if err != nil || render(again) != render(c) {
		t.Fatalf("the published document reads differently: %v of %s", err, doc)
	}
	for _, op := range c.Operations {
		for _, field := range op.ResponseFields {
			if _, err := simpul.ParseFields([]string{field.Path}); err != nil || !c.HasField(field.Path) {
				t.Fatalf("field %q cannot be granted: %v", field.Path, err)
			}
		}
	}
}

// intruders are values that may turn up anywhere.
var intruders = []string{
	`null`, `true`, `0`, `""`, `"x"`, `{}`, `[]`, `[[]]`, `[null]`, `{"":{}}`, `"object"`, `["object","null"]`,
	`"#"`, `"#/"`, `"#/paths"`, `"#/components/schemas/Badan"`, `"x.json"`,
	`{"$ref":"#"}`, `{"$ref":"#/paths"}`, `{"$ref":"#/components"}`, `{"$ref":"#/paths/~1{nomor}/get"}`, `{"$ref":null}`, `{"$ref":{}}`,
	`{"$ref":"#/components/schemas/Badan"}`, `{"$ref":"#/components/examples/Kedai/value"}`, `{"$ref":"#/components/parameters/Halaman"}`,
	`{"$ref":"#/components/schemas/IzinLengkap/allOf/1"}`, `{"$id":"http://x","$ref":"#/info"}`, `{"properties":{"a.b":{}}}`, `{"servers":[]}`,
}

func TestDamagedDocuments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := realistic(t)
		for range rapid.IntRange(1, 5).Draw(t, "damages") {
			root, err := decode(doc)
			if err != nil {
				t.Fatal(err)
			}
			victim := descend(t, root)
			if len(victim.raw) == 0 {
				continue
			}
			start := cap(doc) - cap(victim.raw) // raw is a part of doc
			intruder := rapid.SampledFrom(intruders).Draw(t, "intruder")
			doc = slices.Concat(doc[:start], []byte(intruder), doc[start+len(victim.raw):])
		}
		checkPromises(t, doc)
	})
}

// descend draws a value of the document.
func descend(t *rapid.T, n *node) *node {
	for len(n.children) > 0 && rapid.IntRange(0, 9).Draw(t, "deeper") > 0 {
		n = rapid.SampledFrom(n.children).Draw(t, "child")
	}
	return n
}
