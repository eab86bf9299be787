package conform

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

func TestRead(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	members := func(n int, last string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(`"k` + strconv.Itoa(i) + `":0,`)
		}
		return "{" + b.String() + `"` + last + `":0}`
	}
	tests := []struct {
		name, text string
		want       error
	}{
		{"object", ` { "a" : [ 1 , -2.5e+3, true, false, null, "x" ] } `, nil},
		{"scalar", `"x"`, nil},
		{"nothing", ``, notJSON},
		{"blank", " \n", notJSON},
		{"deep enough", deep(64), nil},
		{"a depth bomb", deep(65), tooDeep},
		{"a depth bomb that never closes", strings.Repeat(`{"a":`, 100_000), tooDeep},
		{"duplicate names", `{"a":1,"b":2,"a":3}`, duplicate},
		{"duplicate names in two spellings", `{"a":1,"\u0061":2}`, duplicate},
		{"duplicate names deep down", `[{"x":{"a":1,"a":1}}]`, duplicate},
		{"duplicate among many", members(100, "k50"), duplicate},
		{"many names", members(100, "x"), nil},
		{"the same name in two objects", `[{"a":1},{"a":1}]`, nil},
		{"something follows", `{} {}`, trailing},
		{"a letter follows", `{}x`, trailing},
		{"byte order mark", "\xef\xbb\xbf{}", withMark},
		{"not UTF-8", "\"\xff\"", notUTF8},
		{"an overlong form", "\"\xc0\xaf\"", notUTF8},
		{"a surrogate in UTF-8", "\"\xed\xa0\x80\"", notUTF8},
		{"UTF-16", "\xfe\xff\x00{\x00}", notUTF8},
		{"NUL in a string", "\"a\x00b\"", holdsNUL},
		{"NUL as an escape", `"a\u0000b"`, holdsNUL},
		{"NUL as an escape in a name", `{"\u0000":1}`, holdsNUL},
		{"NUL after the value", "{}\x00", trailing},
		{"NUL before the value", "\x00{}", notJSON},
		{"half a pair", `"\ud83d"`, loneHalf},
		{"halves in the wrong order", `"\ude00\ud83d"`, loneHalf},
		{"half a pair and a letter", `"\ud83d\u0041"`, loneHalf},
		{"a pair", `"\ud83d\ude00"`, nil},
		{"a tab in a string", "\"a\tb\"", notJSON},
		{"an unknown escape", `"\x41"`, notJSON},
		{"an escape that ends", `"\`, notJSON},
		{"digits that end", `"\u00`, notJSON},
		{"a string that ends", `"abc`, notJSON},
		{"leading zero", `01`, notJSON},
		{"plus sign", `+1`, notJSON},
		{"bare point", `.5`, notJSON},
		{"point without digits", `1.`, notJSON},
		{"exponent without digits", `1e`, notJSON},
		{"lone minus", `-`, notJSON},
		{"not a number", `NaN`, notJSON},
		{"infinity", `-Infinity`, notJSON},
		{"17 digits", `12345678901234567`, nil},
		{"30 digits", `-123456789012345678901234567890.000000000000000000001`, nil},
		{"1,000 digits", strings.Repeat("9", 1000), nil},
		{"1,001 digits", strings.Repeat("9", 1001), hugeNumber},
		{"an exponent that is large enough", `1e-400`, nil},
		{"a number bomb", `1e1000000000`, hugeNumber},
		{"a number bomb with zeros", `1e000000000000000000000401`, hugeNumber},
		{"comma before the end", `[1,]`, notJSON},
		{"comma before the end of an object", `{"a":1,}`, notJSON},
		{"commas alone", `[,]`, notJSON},
		{"no comma", `[1 2]`, notJSON},
		{"no colon", `{"a" 1}`, notJSON},
		{"a name that is no string", `{1:1}`, notJSON},
		{"brackets that do not match", `[1}`, notJSON},
		{"an array that ends", `[1`, notJSON},
		{"comment", `{/* */}`, notJSON},
		{"single quotes", `{'a':1}`, notJSON},
		{"capitals", `True`, notJSON},
		{"too many values", "[" + strings.Repeat("0,", maxValues) + "0]", tooMany},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var d document
			err := d.read([]byte(test.text))
			if err != nil && test.want == nil || err == nil && test.want != nil || err != nil && err != test.want {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

// What a message may make the hub hold is bounded by its length, and small.
func TestReadHoldsLittle(t *testing.T) {
	var d document
	if err := d.read([]byte("[" + strings.Repeat("[],", 60_000) + "[]]")); err != nil {
		t.Fatal(err)
	}
	if got := cap(d.nodes); got > 2*maxValues {
		t.Errorf("room for %d values", got)
	}
	if d.rest(); cap(d.nodes) > maxKept || d.text != nil {
		t.Errorf("keeps room for %d values", cap(d.nodes))
	}
}

// FuzzRead holds the reader to the tokenizer that becomes encoding/json/jsontext:
// what one accepts the other does, save what the reader refuses beyond JSON.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-2.5e+3,true,null,"x\u0041\ud83d\ude00"]}`, `[[[]]]`, `{"a":1,"a":2}`, `"\ud83d"`, `1e400`, "\xef\xbb\xbf1", `[1,]`, ` {} `} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var d document
		err := d.read(text)
		if err == tooDeep || err == hugeNumber || err == holdsNUL || err == tooMany {
			return
		}
		if valid := isValid(text); valid != (err == nil) {
			t.Fatalf("%q: read says %v, the tokenizer %v", text, err, valid)
		}
		if err != nil {
			return
		}
		want, got := canonical(t, text), canonical(t, d.appendTo(nil, 0))
		if !bytes.Equal(want, got) {
			t.Fatalf("%q was read as %s", text, got)
		}
	})
}

func isValid(text []byte) bool {
	d := jsontext.NewDecoder(bytes.NewReader(text))
	if _, err := d.ReadValue(); err != nil {
		return false
	}
	_, err := d.ReadToken()
	return err == io.EOF
}

// canonical writes a text in one way, with its numbers as they are.
func canonical(t *testing.T, text []byte) []byte {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// appendTo writes what was read.
func (d *document) appendTo(out []byte, i int32) []byte {
	n := &d.nodes[i]
	switch n.kind {
	case null:
		return append(out, "null"...)
	case boolean:
		return strconv.AppendBool(out, n.truth)
	case number:
		return append(out, d.value(i)...)
	case text:
		quoted, _ := json.Marshal(string(d.value(i)))
		return append(out, quoted...)
	}
	brackets := map[kind]string{array: "[]", object: "{}"}[n.kind]
	out = append(out, brackets[0])
	for child := i + 1; child < n.end; child = d.nodes[child].end {
		if child > i+1 {
			out = append(out, ',')
		}
		if n.kind == object {
			quoted, _ := json.Marshal(string(d.name(child)))
			out = append(append(out, quoted...), ':')
		}
		out = d.appendTo(out, child)
	}
	return append(out, brackets[1])
}
