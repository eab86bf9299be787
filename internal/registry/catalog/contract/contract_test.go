package contract

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write what comes out to the golden files")

func TestGolden(t *testing.T) {
	got := render(parse(t, realistic(t)))
	const golden = "testdata/perizinan.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the contract differs (-want +got), run with -update if that is right:\n%s", diff)
	}
}

func realistic(t rapid.TB) []byte {
	t.Helper()
	doc, err := os.ReadFile("testdata/perizinan.json")
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func parse(t testing.TB, doc []byte) *Contract {
	t.Helper()
	c, err := Parse(doc)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// render writes a contract for people to compare.
func render(c *Contract) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", c.Title, c.Version)
	for _, op := range c.Operations {
		fmt.Fprintf(&b, "\n%s %s\n", op.Method, op.Path)
		for _, s := range []string{op.Summary, op.Description} {
			if s != "" {
				fmt.Fprintf(&b, "  %s\n", s)
			}
		}
		for _, p := range op.Parameters {
			fmt.Fprintf(&b, "  %s %s%s %s %q %q\n", p.In, p.Name, mark(p.Required, "*"), p.Type, p.Description, p.Example)
		}
		renderFields(&b, "request", op.RequestFields)
		renderFields(&b, "answer", op.ResponseFields)
		if op.Example != nil {
			fmt.Fprintf(&b, "  example %s\n", op.Example)
		}
	}
	return b.String()
}

func renderFields(b *strings.Builder, title string, fields []Field) {
	for _, f := range fields {
		line := fmt.Sprintf("  %s %s%s%s %s %s %s", title, f.Path, mark(f.Required, "*"), mark(f.Cut, " (cut)"), f.Type, f.Format, f.Description)
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

func mark(on bool, s string) string {
	if on {
		return s
	}
	return ""
}

func TestHasField(t *testing.T) {
	c := parse(t, realistic(t))
	tests := []struct {
		path string
		want bool
	}{
		{"items", true}, {"items.nomor", true}, {"total", true},
		{"pemohon.nik", true}, {"petak.luas", true}, {"sebab", true},
		{"pemohon.induk", true}, {"pemohon.induk.induk.nama", true}, // below a cut it cannot know
		{"", false}, {"item", false}, {"items.nomo", false}, {"items.nomor.x", false}, {"nik", false},
		{"nama.lama", false}, {"pemohon.indukan", false}, {"detail", false}, {"xml", false}, {"lokasi.", false},
		{"properties.example", false}, // of a request
	}
	for _, test := range tests {
		if got := c.HasField(test.path); got != test.want {
			t.Errorf("HasField(%q) = %v", test.path, got)
		}
	}
}

// schemas makes a document whose answer has the first schema.
func schemas(first string, others ...string) []byte {
	return fmt.Appendf(nil, `{"openapi":"3.0.3","info":{"title":"T","version":"1"},
		"paths":{"/":{"get":{"responses":{"200":{"description":"","content":{"application/json":{"schema":%s}}}}}}},
		"components":{"schemas":{%s}}}`, first, strings.Join(others, ","))
}

func TestResponseFields(t *testing.T) {
	const a = `"A":{"properties":{"x":{"type":"string"},"a":{"$ref":"#/components/schemas/A"}}}`
	tests := []struct {
		name string
		doc  []byte
		want []string
	}{
		{"top-level array", schemas(`{"type":"array","items":{"properties":{"x":{"type":"string"}}}}`), []string{"x string"}},
		{"scalar", schemas(`{"type":"string"}`), nil},
		{"free object", schemas(`{"type":"object"}`), nil},
		{"anything", schemas(`true`), nil},
		{"property of any kind", schemas(`{"properties":{"x":true,"y":{}}}`), []string{"x ", "y "}},
		{"recursion", schemas(`{"$ref":"#/components/schemas/A"}`, a), []string{"x string", "a object cut"}},
		{"recursion through arrays", schemas(`{"$ref":"#/components/schemas/L"}`, `"L":{"items":{"$ref":"#/components/schemas/L"}}`), nil},
		{"recursion through allOf", schemas(`{"$ref":"#/components/schemas/L"}`, `"L":{"allOf":[{"$ref":"#/components/schemas/L"}],"properties":{"x":{}}}`), []string{"x "}},
		{"reference to the whole document", schemas(`{"properties":{"x":{"$ref":"#"}}}`), []string{"x "}},
		{"reference with an escape", schemas(`{"$ref":"#/components/schemas/a~1b%20c"}`, `"a/b c":{"properties":{"x":{"type":"integer"}}}`), []string{"x integer"}},
		{"reference through a list", schemas(`{"$ref":"#/components/schemas/A/allOf/1"}`, `"A":{"allOf":[{},{"properties":{"x":{}}}]}`), []string{"x "}},
		{"beside a reference", schemas(`{"$ref":"#/components/schemas/A","properties":{"y":{"type":"null"}}}`, a), []string{"y ", "x string", "a object cut"}},
		{"two types", schemas(`{"properties":{"x":{"type":["string","null","integer","string"]}}}`), []string{"x string|integer"}},
		{"alternatives", schemas(`{"properties":{"x":{"oneOf":[{"type":"string"},{"items":{"type":"number"}}]}}}`), []string{"x string|number[]"}},
		{"one field in two parts", schemas(`{"allOf":[{"properties":{"x":{"properties":{"a":{}}}}},{"properties":{"x":{"properties":{"b":{}}}}}]}`), []string{"x object", "x.a ", "x.b "}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, f := range parse(t, test.doc).Operations[0].ResponseFields {
				got = append(got, f.Path+" "+f.Type+mark(f.Cut, " cut"))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A list of fields that goes on too deep or too long is cut at its depth: what is
// near the top stays.
func TestFieldsAreCut(t *testing.T) {
	var wide strings.Builder
	for i := range 12 {
		fmt.Fprintf(&wide, `%s"S%d":{"properties":{`, mark(i > 0, ","), i)
		for j := range 10 {
			fmt.Fprintf(&wide, `"p%d":{"$ref":"#/components/schemas/S%d"},`, j, i+1)
		}
		wide.WriteString(`"z":{"type":"string"}}}`)
	}
	wide.WriteString(`,"S12":{}`)
	fields := parse(t, schemas(`{"$ref":"#/components/schemas/S0"}`, wide.String())).Operations[0].ResponseFields
	if len(fields) != maxShape {
		t.Errorf("%d fields are listed, want %d", len(fields), maxShape)
	}
	for _, path := range []string{"p0", "p9", "z", "p9.p9", "p9.z"} {
		if !slices.ContainsFunc(fields, func(f Field) bool { return f.Path == path }) {
			t.Errorf("%s is left out", path)
		}
	}

	deep := strings.Repeat(`{"properties":{"a":`, 40) + `{}` + strings.Repeat(`}}`, 40)
	fields = parse(t, schemas(deep)).Operations[0].ResponseFields
	last := fields[len(fields)-1]
	if len(fields) != maxFieldDepth || !last.Cut || strings.Count(last.Path, ".") != maxFieldDepth-1 {
		t.Errorf("%d fields, last %+v", len(fields), last)
	}
}

func TestLongTextIsClipped(t *testing.T) {
	long := strings.Repeat("é", maxText)
	f := parse(t, schemas(`{"properties":{"x":{"description":"`+long+`"}}}`)).Operations[0].ResponseFields[0]
	if len(f.Description) > maxText || !strings.HasSuffix(f.Description, "é…") {
		t.Errorf("%d bytes, ends with %q", len(f.Description), f.Description[len(f.Description)-10:])
	}
}

func TestDocument(t *testing.T) {
	const server = "https://hub.go.id/izin/\"Daerah\""
	before := realistic(t)
	after, err := Document(before, server)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(after), "10.4.7.") {
		t.Error("the provider's address stays")
	}
	var want, got map[string]any
	if err := json.Unmarshal(before, &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(after, &got); err != nil {
		t.Fatal(err)
	}
	want["servers"] = []any{map[string]any{"url": server}}
	delete(want["paths"].(map[string]any)["/"].(map[string]any)["get"].(map[string]any), "servers")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(render(parse(t, before)), render(parse(t, after))); diff != "" {
		t.Errorf("the contract reads differently (-before +after)\n%s", diff)
	}
}

func TestDocumentKeepsWhatIsNoServer(t *testing.T) {
	tests := []struct{ doc, want string }{
		{`{}`, `{"servers":[{"url":"s"}]}`},
		{`{"servers":[{"url":"x"}],"a":1.50}`, `{"a":1.50,"servers":[{"url":"s"}]}`},
		{`{"a":{"servers":[],"properties":{"servers":{"example":{"servers":[ 1 ]}},"server":true}}}`,
			`{"a":{"properties":{"servers":{"example":{"servers":[ 1 ]}},"server":true}},"servers":[{"url":"s"}]}`},
		{`{"a":[{"links":{"server":{"server":{"url":"x"}}}}]}`, `{"a":[{"links":{"server":{}}}],"servers":[{"url":"s"}]}`},
		{`{"\u0073ervers":1,"b":"\u0041"}`, `{"b":"\u0041","servers":[{"url":"s"}]}`},
	}
	for _, test := range tests {
		got, err := Document([]byte(test.doc), "s")
		if err != nil || string(got) != test.want {
			t.Errorf("%s\n got %s, %v\nwant %s", test.doc, got, err, test.want)
		}
	}
	for _, doc := range []string{``, `[]`, `{"a":1`, `{"a":1,"a":2}`} {
		if _, err := Document([]byte(doc), "s"); err == nil {
			t.Errorf("%s is accepted", doc)
		}
	}
	if _, err := Document([]byte(`{}`), "\xff"); err == nil {
		t.Error("an address that is no UTF-8 is accepted")
	}
}

func BenchmarkParse(b *testing.B) {
	doc := realistic(b)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(doc); err != nil {
			b.Fatal(err)
		}
	}
}
