package resource

import (
	"encoding/json"
	"strings"
	"testing"

	"simpul"
)

// Whatever the bytes: no panic; an error names a line of the file; a document
// is valid JSON with exactly the envelope's members, and written out as YAML it
// reads back the same.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		agency, lid, agency + "---\n" + lid, "a: &x [*x]\n", "? [a]\n: b\n", "<<: {a: 1}\n", "%YAML 1.1\n---\na: !!binary x\n",
		"{\"a\": [1, 2.50, \"\\ud83d\", {}]}", "\uFEFFa: |2-\n   x\n # y\n", "- - - a\n  - 'b\n", "a: 0o17\nb: 1_0\nc: .inf\n", "a: \"\\x00\"\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		docs, err := Read("f", strings.NewReader(string(data)))
		for _, place := range places(err) {
			checkPlace(t, place, data)
		}
		for _, d := range docs {
			checkRoundTrip(t, d)
		}
	})
}

// The same for any JSON that a hub could send: YAML reads back what it wrote.
func FuzzYAML(f *testing.F) {
	for _, seed := range []string{"", "a", " a", "a ", "a\nb", "a\n\n", "\na", "a \nb", "# a", "- a", "a: b", "a #b", "1e9", "~", "no", "!x", "&x", "*x", "<<", "=", "\t", "\u0085", "\u2028", "\x00", "%", "@", "`", "'", "\"", "\\", "---", "...", "?", "🇮🇩", "0x1", "1:20", "a\r\n", "{", "]", ",", "|", ">"} {
		f.Add(seed, "v")
		f.Add("v", seed)
	}
	f.Fuzz(func(t *testing.T, key, value string) {
		resource, err := json.Marshal(map[string]any{
			"apiVersion": APIVersion, "kind": "Grant", "metadata": map[string]any{"id": "g"},
			"spec": map[string]any{key: value, "list": []any{value, map[string]any{key: []any{value}}}},
		})
		if err != nil {
			t.Skip()
		}
		canonical, err := Canonical(resource)
		if err != nil {
			t.Fatal(err)
		}
		checkRoundTrip(t, Document{JSON: canonical})
	})
}

func checkPlace(t *testing.T, place string, data []byte) {
	t.Helper()
	var line int
	if err := json.Unmarshal([]byte(strings.TrimPrefix(place, "f:")), &line); err != nil || line < 1 || line > 2+strings.Count(string(data), "\n")+strings.Count(string(data), "\r")+strings.Count(string(data), "\u0085")+strings.Count(string(data), "\u2028")+strings.Count(string(data), "\u2029") {
		t.Errorf("place %q of %q", place, data)
	}
}

func checkRoundTrip(t *testing.T, d Document) {
	t.Helper()
	written, err := YAML(d.JSON)
	if err != nil {
		t.Fatalf("cannot write %s: %v", d.JSON, err)
	}
	again, err := Read("again", strings.NewReader(string(written)))
	if err != nil {
		e, _ := err.(interface{ Unwrap() []error }).Unwrap()[0].(*simpul.Error)
		t.Fatalf("cannot read back %q: %v", written, e)
	}
	if len(again) != 1 || string(again[0].JSON) != string(d.JSON) {
		t.Fatalf("wrote   %q\nread    %s\nwant    %s", written, again[0].JSON, d.JSON)
	}
}
