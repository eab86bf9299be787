package resource

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
)

const agency = `apiVersion: simpul/v1
kind: Agency
metadata:
  id: bandungkota.go.id
spec:
  name: Pemerintah Kota Bandung
  level: kota
  region: "32.73"
`

func TestReadKeepsEveryValueExactly(t *testing.T) {
	const head = "apiVersion: simpul/v1\nkind: Grant\nmetadata: {id: izin-1}\nspec:\n"
	for _, c := range []struct{ name, spec, want string }{
		{"quoted number stays text", `  v: "32.73"`, `"32.73"`},
		{"single quotes", `  v: '0123'`, `"0123"`},
		{"integer beyond 64 bits", `  v: 123456789012345678901234567890`, `123456789012345678901234567890`},
		{"trailing zero", `  v: 1.10`, `1.10`},
		{"exponent", `  v: -1.5E+3`, `-1.5E+3`},
		{"date is text", `  v: 2026-01-02`, `"2026-01-02"`},
		{"time is text", `  v: 2026-01-02T03:04:05Z`, `"2026-01-02T03:04:05Z"`},
		{"Norway is text", `  v: no`, `"no"`},
		{"booleans", `  v: [true, False]`, `[true,false]`},
		{"null", `  v:`, `null`},
		{"literal block", "  v: |\n    a\n    b\n", `"a\nb\n"`},
		{"folded block", "  v: >-\n    a\n    b\n", `"a b"`},
		{"no HTML escaping", `  v: <a&b>`, `"<a&b>"`},
		{"escapes", `  v: "\t\x07"`, `"\t\u0007"`},
		{"empty collections", `  v: [{}, []]`, `[{},[]]`},
		{"keys are sorted", `  v: {b: 1, a: 2}`, `{"a":2,"b":1}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			docs, err := Read("f.yaml", strings.NewReader(head+c.spec))
			if err != nil {
				t.Fatal(err)
			}
			want := `{"apiVersion":"simpul/v1","kind":"Grant","metadata":{"id":"izin-1"},"spec":{"v":` + c.want + `}}`
			if diff := cmp.Diff(want, string(docs[0].JSON)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadSeveralDocuments(t *testing.T) {
	file := "# comment\n---\n" + agency + "---\n# nothing here\n---\n" + strings.ReplaceAll(agency, "bandungkota", "cimahikota") + "---\n"
	docs, err := Read("nation.yaml", strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range docs {
		got = append(got, fmt.Sprintf("%s %s %s", d.Place(""), d.Kind, d.ID))
	}
	want := []string{"nation.yaml:3 Agency bandungkota.go.id", "nation.yaml:14 Agency cimahikota.go.id"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadJSON(t *testing.T) {
	const file = "{\n\t\"apiVersion\": \"simpul/v1\",\n\t\"kind\": \"Agency\",\n\t\"metadata\": {\"id\": \"a.go.id\"},\n" +
		"\t\"spec\": {\"name\": \"\\ud83c\\uddee\\/\", \"n\": 18446744073709551616},\n\t\"status\": {\"createdAt\": \"x\"}\n}\n"
	docs, err := Read("a.json", strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"apiVersion":"simpul/v1","kind":"Agency","metadata":{"id":"a.go.id"},"spec":{"n":18446744073709551616,"name":"🇮/"}}`
	if got := string(docs[0].JSON); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := docs[0].Line("body.spec.name"); got != 5 {
		t.Errorf("line of spec.name = %d", got)
	}
}

func TestReadAcceptsByteOrderMarkAndWindowsLines(t *testing.T) {
	file := "\uFEFF" + strings.ReplaceAll(agency, "\n", "\r\n")
	docs, err := Read("f.yaml", strings.NewReader(file))
	if err != nil || docs[0].ID != "bandungkota.go.id" {
		t.Fatal(docs, err)
	}
}

// Each row is a file that must be refused, the line to blame, and words of the
// English message. "S:" stands for a correct envelope up to and including spec
// (4 lines), so that the first line of the spec is line 5.
func TestReadRefuses(t *testing.T) {
	const head = "apiVersion: simpul/v1\nkind: Agency\nmetadata: {id: a.go.id}\nspec:\n"
	for _, c := range []struct {
		name, file string
		line       int
		say        string
	}{
		// bytes
		{"empty file", "", 1, "no resource in this file"},
		{"only comments", "# a\n---\n# b\n", 1, "no resource in this file"},
		{"NUL", "a: 1\nb: \x00\n", 2, "NUL byte"},
		{"control character", "a: 1\n\nb: \x1b[31m\n", 3, "U+001B"},
		{"not UTF-8", "a: 1\nb: caf\xe9\n", 2, "not UTF-8"},
		{"UTF-16", "\xff\xfea\x00:\x00", 1, "not UTF-8"},
		{"too large", "# " + strings.Repeat("x", MaxFile), 1, "larger than 10 MiB"},

		// syntax
		{"colon in a value", "S:  a: b\n  c: d: e\n", 6, "colon is out of place"},
		{"first line", "a: b: c\nd: e\n", 1, "colon is out of place"},
		{"misaligned below", "S:  a: 1\n b: 2\n", 6, "does not align"},
		{"misaligned list", "S:  a:\n    - x\n   - y\n  b: 1\n", 7, "does not align"},
		{"list then key", "S:  a:\n    - x\n    c: 3\nd: 4\n", 7, "does not align"},
		{"tab", "S:  a:\n    b: 1\n\tc: 2\n", 7, "a tab"},
		{"no colon", "S:  a: 1\n  b 2\n  c: 3\n", 6, "colon after a key is missing"},
		{"open quote", "S:  a: 1\n  b: \"x\n  c: 3\n  d: 4\n", 6, "quote is not closed"},
		{"open quote, long file", "S:  b: \"x\n" + strings.Repeat("  c: 3\n", 60), 5, "quote is not closed"},
		{"open bracket", "S:  a: [1,\n    2]\n  b: [1, 2\n  c: 3\n", 7, "bracket is not closed"},
		{"open brace", "S:  a: {x: 1\n  c: 3\n", 5, "bracket is not closed"},
		{"stray bracket", "S:  a: 1\n  }\n  b: 2\n", 6, "does not align"},
		{"reserved character", "S:  a: @b\n", 5, "special character"},
		{"apostrophe", "S:  a: 1\n  b: 'it's'\n  c: 1\n", 6, "needs quotes"},
		{"bad escape", "S:  a: \"\\q\"\n", 5, "unknown escape"},
		{"second document", agency + "---\na: b: c\n", 10, "colon is out of place"},
		{"JSON", "{\n \"a\": 1,\n \"b\" 2\n}\n", 3, "not valid YAML or JSON"},
		{"JSON cut short", "{\"a\":\n1,\n", 3, "not valid YAML or JSON"},
		{"after JSON", "{}\n{}\n", 2, "not valid YAML or JSON"},

		// values
		{"anchor", "S:  a: &x 1\n", 5, "Anchor \"&x\""},
		{"unknown alias", "S:  a: 1\n  b: *x\n", 6, "Aliases are not accepted"},
		{"merge", "S:  a: {b: 1}\n  <<: {c: 1}\n", 6, "Merging"},
		{"binary", "S:  a: !!binary aGk=\n", 5, "Tag \"!!binary\""},
		{"forced type", "S:  a: !!int \"3\"\n", 5, "Tag \"!!int\""},
		{"own tag", "S:  a:\n    b: !x {}\n", 6, "Tag \"!x\""},
		{"NaN", "S:  a: .nan\n", 5, "no certain meaning"},
		{"infinity", "S:  a: [1,\n    -.Inf]\n", 6, "no certain meaning"},
		{"octal or not", "S:  a: 0123\n", 5, "no certain meaning"},
		{"leading zero, no octal", "S:  a: 089\n", 5, "no certain meaning"},
		{"hexadecimal", "S:  a: 0x1F\n", 5, "no certain meaning"},
		{"underscores", "S:  a: 1_000\n", 5, "no certain meaning"},
		{"plus sign", "S:  a: +1\n", 5, "no certain meaning"},
		{"no digit after the point", "S:  a: 1.\n", 5, "no certain meaning"},
		{"beyond float64", "S:  a: 1e999\n", 5, "too large"},
		{"duplicate key", "S:  a: 1\n  b: 2\n  a: 3\n", 7, "already written on line 5"},
		{"duplicate key in JSON", "{\"apiVersion\": \"simpul/v1\", \"kind\": \"Agency\", \"metadata\": {\"id\": \"a.go.id\"}, \"spec\": {\n\"a\": 1,\n\"a\": 2}}", 3, "already written on line 2"},
		{"number as key", "S:  200: ok\n", 5, "Key \"200\" is not text"},
		{"boolean as key", "S:  a: 1\n  true: ok\n", 6, "Key \"true\" is not text"},
		{"null as key", "S:  a: 1\n  ~: ok\n", 6, "Key \"~\" is not text"},
		{"list as key", "S:  ? [a]\n  : ok\n", 5, "is not text"},
		{"too deep", "S:  a: " + strings.Repeat("[", 200) + strings.Repeat("]", 200) + "\n", 5, "100 levels"},
		{"too deep in JSON", "{\"apiVersion\": \"simpul/v1\", \"kind\": \"Agency\", \"metadata\": {\"id\": \"a.go.id\"}, \"spec\": {\n\"a\":" + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "}}", 2, "100 levels"},

		// envelope
		{"a list", "- a\n- b\n", 1, "not a resource"},
		{"a word", "\nhello\n", 2, "not a resource"},
		{"no apiVersion", "kind: Agency\nmetadata: {id: a.go.id}\nspec: {}\n", 1, "apiVersion is missing"},
		{"wrong apiVersion", "kind: Agency\napiVersion: v1\nmetadata: {id: a.go.id}\nspec: {}\n", 2, "apiVersion \"v1\" is unknown"},
		{"no kind", "apiVersion: simpul/v1\nmetadata: {id: a.go.id}\nspec: {}\n", 1, "kind is missing"},
		{"unknown kind", "apiVersion: simpul/v1\nkind: Instansi\nmetadata: {id: a}\nspec: {}\n", 2, "Kind \"Instansi\" is unknown"},
		{"kind in lower case", "apiVersion: simpul/v1\nkind: agency\nmetadata: {id: a.go.id}\nspec: {}\n", 2, "unknown"},
		{"kind is no text", "apiVersion: simpul/v1\nkind: [Agency]\nmetadata: {id: a.go.id}\nspec: {}\n", 2, "kind must be text"},
		{"no metadata", "apiVersion: simpul/v1\nkind: Agency\nspec: {}\n", 1, "metadata is missing"},
		{"no id", "apiVersion: simpul/v1\nkind: Agency\nmetadata: {}\nspec: {}\n", 3, "id is missing"},
		{"id is a number", "apiVersion: simpul/v1\nkind: Agency\nmetadata:\n  id: 12\nspec: {}\n", 4, "id must be text"},
		{"id of another form", "apiVersion: simpul/v1\nkind: LID\nmetadata:\n  id: Master/kota\nspec: {}\n", 4, "not of the form group/Name"},
		{"no spec", "apiVersion: simpul/v1\nkind: Agency\nmetadata: {id: a.go.id}\n", 1, "spec is missing"},
		{"empty spec", "apiVersion: simpul/v1\nkind: Agency\nmetadata: {id: a.go.id}\nspec:\n", 4, "spec must be an object"},
		{"unknown key", agency + "name: x\n", 9, "Key \"name\" is unknown"},
		{"unknown metadata", "apiVersion: simpul/v1\nkind: Agency\nmetadata:\n  id: a.go.id\n  labels: {}\nspec: {}\n", 5, "Key \"metadata.labels\" is unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := c.file
			if rest, ok := strings.CutPrefix(file, "S:"); ok {
				file = head + rest
			}
			docs, err := Read("f.yaml", strings.NewReader(file))
			if docs != nil {
				t.Errorf("accepted: %s", docs[0].JSON)
			}
			e, ok := errors.AsType[*simpul.Error](err)
			if !ok {
				t.Fatalf("no fault told: %v", err)
			}
			if want := fmt.Sprintf("f.yaml:%d", c.line); e.Place != want {
				t.Errorf("place %s, want %s (%v)", e.Place, want, e)
			}
			if !strings.Contains(e.Message.EN, c.say) {
				t.Errorf("message %q does not say %q", e.Message.EN, c.say)
			}
			for _, s := range []string{e.Message.ID, e.Message.EN, e.Remedy.ID, e.Remedy.EN} {
				if s == "" || strings.Contains(s, "%!") {
					t.Errorf("unfinished text in %+v", e)
				}
			}
		})
	}
}

func TestUnknownKindNamesTheKnown(t *testing.T) {
	_, err := Read("f.yaml", strings.NewReader(strings.Replace(agency, "Agency", "Foo", 1)))
	e, _ := errors.AsType[*simpul.Error](err)
	if e == nil || !strings.Contains(e.Remedy.EN, "Agency, Application, LID, Grant, Limit, RefCode, Standard, Binding") {
		t.Error(err)
	}
}

func TestReadTellsEveryFaultOfTheFile(t *testing.T) {
	file := "apiVersion: v0\nkind: X\nmetadata: {id: a.go.id}\nspec: {}\n---\n" + agency + "extra: 1\n"
	_, err := Read("f.yaml", strings.NewReader(file))
	if got := places(err); !cmp.Equal(got, []string{"f.yaml:1", "f.yaml:2", "f.yaml:14"}) {
		t.Error(got)
	}
}

func TestReadTellsAllThatIsMissing(t *testing.T) {
	_, err := Read("f.yaml", strings.NewReader("a: 1\n"))
	if got := len(places(err)); got != 5 { // four keys are missing, one is unknown
		t.Error(err)
	}
}

func TestReadTellsAtMostTwentyFaults(t *testing.T) {
	file := strings.Repeat("---\n- not a resource\n", 1000)
	if _, err := Read("f.yaml", strings.NewReader(file)); len(places(err)) != maxFaults {
		t.Errorf("%d faults told", len(places(err)))
	}
}

func TestReadRefusesAnchorAndAliasEachInItsPlace(t *testing.T) {
	_, err := Read("f.yaml", strings.NewReader(agency+"  a: &x 1\n  b: *x\n"))
	if got := places(err); !cmp.Equal(got, []string{"f.yaml:9", "f.yaml:10"}) {
		t.Error(err)
	}
}

// Ten levels of ten aliases would be ten thousand million values.
func TestReadIsNotBlownUpByAliases(t *testing.T) {
	var file strings.Builder
	file.WriteString("a0: &a0 [x]\n")
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&file, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 10), ","))
	}
	if _, err := Read("f.yaml", strings.NewReader(file.String())); err == nil {
		t.Error("accepted")
	}
}

func places(err error) []string {
	var list []string
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			list = append(list, e.(*simpul.Error).Place)
		}
	}
	return list
}
