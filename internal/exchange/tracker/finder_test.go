package tracker

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// found reads a document in parts of a length.
func found(path, document string, part int) (values []string) {
	f := newFinder(written(names(path)), func(v []byte) { values = append(values, string(v)) })
	for rest := []byte(document); len(rest) > 0; {
		n := min(part, len(rest))
		f.write(rest[:n])
		rest = rest[n:]
	}
	f.end()
	return values
}

func TestFinder(t *testing.T) {
	for _, test := range []struct {
		name, path, document string
		want                 []string
	}{
		{"a member", "nik", `{"nik":"1","nama":"x"}`, []string{"1"}},
		{"behind others", "nik", `{"a":{"nik":"0"},"b":[{"nik":"0"}],"c":"}","nik":"1"}`, []string{"1"}},
		{"below", "pemohon.nik", `{"pemohon":{"x":[1,2],"nik":"1"},"nik":"0"}`, []string{"1"}},
		{"in a list", "items.nik", `{"items":[{"nik":"1"},{"x":1},{"nik":"2"}],"nik":"0"}`, []string{"1", "2"}},
		{"lists in lists", "a.b", `{"a":[[{"b":"1"}],[[{"b":["2","3"]}]]],"b":"0"}`, []string{"1", "2", "3"}},
		{"a list at the top", "nik", `[{"nik":"1"},{"nik":"2"}]`, []string{"1", "2"}},
		{"a list of values", "nik", `{"nik":["1","2"]}`, []string{"1", "2"}},
		{"an object there", "nik", `{"nik":{"nik":"0"}}`, nil},
		{"a number", "nik", `{"nik":3273016609849962}`, []string{"3273016609849962"}},
		{"a number at the end of a list", "nik", `{"nik":[1,2]}`, []string{"1", "2"}},
		{"twice", "nik", `{"nik":"1","nik":"2"}`, []string{"1", "2"}},
		{"other letters", "nik", `{"NIK":"1"}`, []string{"1"}},
		{"an escaped name", "nik", `{"\u006eik":"1"}`, []string{"1"}},
		{"an escaped value", "nik", `{"nik":"\u0031\u0032"}`, []string{"12"}},
		{"a surrogate pair", "😀", `{"\ud83d\ude00":"1"}`, []string{"1"}},
		{"half a pair", "nik", `{"\ud83dnik":"0","nik":"1"}`, []string{"1"}},
		{"quotes in texts", "nik", `{"a":"\",\"nik\":\"0","nik":"1"}`, []string{"1"}},
		{"brackets in names", "nik", `{"}":{"{":1},"nik":"1"}`, []string{"1"}},
		{"white space", "nik", "\ufeff\n{ \"nik\" :\t\"1\" }", []string{"1"}},
		{"several documents", "nik", "{\"nik\":\"1\"}\n{\"nik\":\"2\"}", []string{"1", "2"}},
		{"a name that is longer", "nik", `{"nikah":"0","ni":"0","nik":"1"}`, []string{"1"}},
		{"a text as long as a book", "nik", `{"a":"` + strings.Repeat("x", 10<<20) + `","nik":"1"}`, []string{"1"}},
		{"a value as long as a book", "nik", `{"nik":"` + strings.Repeat("1", 10<<20) + `"}`, nil},
		{"a name as long as a book", "nik", `{"` + strings.Repeat("n", 10<<20) + `":"0","nik":"1"}`, []string{"1"}},
		{"deep aside", "nik", `{"a":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `,"nik":"1"}`, []string{"1"}},
		{"deep on the path", "nik", strings.Repeat("[", 100_000) + `{"nik":"1"}` + strings.Repeat("]", 100_000), []string{"1"}},
		{"no JSON", "nik", `nik=1&x=2`, nil},
		{"XML", "nik", `<a nik="1">`, nil},
		{"wrong brackets", "nik", `]{"nik":"1"}`, nil},
		{"a form", "nik", "\x00\x01\x02\xff", nil},
		{"nothing", "nik", ``, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, part := range []int{1 << 30, 4096, 7, 1} {
				if got := found(test.path, test.document, part); !slices.Equal(got, test.want) {
					t.Fatalf("in parts of %d bytes: %q, want %q", part, got, test.want)
				}
			}
		})
	}
}

// oracle finds the same with the whole document in memory.
func oracle(path []string, value any) (values []string) {
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			values = append(values, oracle(path, one)...)
		}
	case map[string]any:
		for name, below := range v {
			if len(path) > 0 && bytes.EqualFold([]byte(name), []byte(path[0])) {
				values = append(values, oracle(path[1:], below)...)
			}
		}
	case string:
		if len(path) == 0 && len(v) <= longestKept {
			values = []string{v}
		}
	}
	return values
}

func FuzzFinder(f *testing.F) {
	for _, seed := range []string{
		`{"items":[{"nik":"1","x":{"items":[]}},{"nik":["2","\u0033"]}],"nik":"0"}`, `[[{"ITEMS":{"nik":"x"}}]]`, `{"items":{"nik":null}}`, `{"a`, `"`, `{"\ud800":1}`, `}`, "\xff\xfe{",
	} {
		f.Add(seed, 3)
	}
	f.Fuzz(func(t *testing.T, document string, part int) {
		whole := found("items.nik", document, 1<<30)
		if parts := found("items.nik", document, max(1, part%64)); !slices.Equal(whole, parts) {
			t.Fatalf("%q in one piece, %q in parts", whole, parts)
		}
		var value any
		if json.Unmarshal([]byte(document), &value) != nil || twice(document) || strings.ContainsAny(document, "\\\ufffd\ufeff\x1e") {
			return
		}
		want := oracle([]string{"items", "nik"}, value)
		var texts []string
		for _, v := range whole {
			if v != "null" && v != "true" && v != "false" && !isNumber(v) {
				texts = append(texts, v)
			}
		}
		want = slices.DeleteFunc(want, func(v string) bool { return v == "null" || v == "true" || v == "false" || isNumber(v) })
		slices.Sort(want)
		slices.Sort(texts)
		if !slices.Equal(texts, want) {
			t.Fatalf("%q in %s, want %q", texts, document, want)
		}
	})
}

func isNumber(v string) bool {
	var n json.Number
	return json.Unmarshal([]byte(v), &n) == nil
}

// twice reports whether an object may have a member twice, of which the oracle
// sees one only.
func twice(document string) bool {
	return strings.Count(strings.ToLower(document), "items") > 1 || strings.Count(strings.ToLower(document), "nik") > 1
}

func BenchmarkFinder(b *testing.B) {
	var document strings.Builder
	document.WriteString(`{"items":[`)
	for i := range 20 {
		if i > 0 {
			document.WriteString(",")
		}
		fmt.Fprintf(&document, `{"nama":"Contoh Melati Rinjani","nik":%q,"alamat":"Jalan Contoh nomor 12, Kota Bandung"}`, string(person(i)))
	}
	document.WriteString(`]}`)
	body, path := []byte(document.String()), written([]string{"items", "nik"})
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		newFinder(path, func([]byte) {}).write(body)
	}
}
