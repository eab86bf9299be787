package fieldtree

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

type found struct{ Pointer, Value string }

func fieldsOf(body string) (all []found, err error) {
	err = newWalker().walk([]byte(body), func(pointer, value []byte) {
		all = append(all, found{string(pointer), string(value)})
	})
	return all, err
}

func TestFieldsComeInTheOrderOfTheDocument(t *testing.T) {
	for _, c := range []struct {
		body string
		want []found
	}{
		{`5`, []found{{"", "5"}}},
		{` "a" `, []found{{"", `"a"`}}},
		{`{ }`, []found{{"", "{}"}}},
		{`[ ]`, []found{{"", "[]"}}},
		{`{"b":1,"a":"1"}`, []found{{"/b", "1"}, {"/a", `"1"`}}},
		{`{"items":[{"nama":"A"},{"nama":null}],"total":2.50}`,
			[]found{{"/items/0/nama", `"A"`}, {"/items/1/nama", "null"}, {"/total", "2.50"}}},
		{`{"a/b":{"m~n":true},"":[[],{}]}`, []found{{"/a~1b/m~0n", "true"}, {"//0", "[]"}, {"//1", "{}"}}},
		{`{"\u0061\/\"":"\u0061"}`, []found{{`/a~1"`, `"\u0061"`}}},
	} {
		got, err := fieldsOf(c.body)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v; want %v", c.body, got, err, c.want)
		}
	}
}

func TestWhatCouldBeReadInTwoWaysHasNoFields(t *testing.T) {
	for name, body := range map[string]string{
		"nothing": "", "space": " ", "two texts": "1 2", "rest": "{}x", "broken off": `{"a":[1`, "duplicate": `{"a":1,"a":2}`,
		"duplicate by escape": `{"a":1,"\u0061":2}`, "not UTF-8": "\"\xff\"", "lone surrogate": `"\ud800"`, "name not UTF-8": "{\"\xff\":1}",
		"comma": `[1,]`, "number": `01`, "byte order mark": "\ufeff{}", "comment": `{}//`,
	} {
		if got, err := fieldsOf(body); err == nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestBounds(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	many := func(n int) string { return "[" + strings.Repeat("1,", n-1) + "1]" }
	long := func(n int) string { return `"` + strings.Repeat("x", n-2) + `"` }
	for _, within := range []string{nested(MaxDepth), many(MaxFields), long(MaxBytes)} {
		if _, err := fieldsOf(within); err != nil {
			t.Errorf("%.20s…: %v", within, err)
		}
	}
	for _, beyond := range []string{nested(MaxDepth + 1), many(MaxFields + 1), long(MaxBytes + 1)} {
		if _, err := fieldsOf(beyond); err == nil {
			t.Errorf("%.20s… is beyond the bounds and has fields", beyond)
		}
	}
}

// FuzzWalk holds the walker against encoding/json: the same leaves where both read,
// and no refusal of what encoding/json reads in one way only.
func FuzzWalk(f *testing.F) {
	for _, seed := range []string{`{"a":[1,{"b":"x"}],"c":{}}`, `{"a":1,"a":2}`, `{"~/":"\ud83d\ude00"}`, `[[],[[]],"",-0.0e1]`, `"\ud800"`, ` null `} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		got, err := fieldsOf(body)
		want, plain := reference(body)
		switch {
		case err == nil && !plain:
			t.Fatalf("%q has fields %v, and encoding/json refuses it or reads it in two ways", body, got)
		case err != nil && plain && len(body) <= MaxBytes && len(want) <= MaxFields && depthOf(body) <= MaxDepth:
			t.Fatalf("%q is refused: %v", body, err)
		case err == nil && !slices.Equal(got, want):
			t.Fatalf("%q: %v, encoding/json says %v", body, got, want)
		}
	})
}

// reference walks by encoding/json; false for what is not read in one way.
func reference(body string) (all []found, plain bool) {
	if !json.Valid([]byte(body)) || !utf8.ValidString(body) || loneSurrogate(body) {
		return nil, false
	}
	plain = true
	var walk func(pointer string, raw json.RawMessage)
	walk = func(pointer string, raw json.RawMessage) {
		raw = bytes.TrimSpace(raw)
		members := 0
		switch raw[0] {
		case '{':
			names := map[string]bool{}
			inside(raw, true, func(name string, value json.RawMessage) {
				plain = plain && !names[name]
				names[name] = true
				members++
				walk(pointer+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(name), value)
			})
			if members == 0 {
				all = append(all, found{pointer, "{}"})
			}
		case '[':
			inside(raw, false, func(_ string, value json.RawMessage) {
				walk(pointer+"/"+strconv.Itoa(members), value)
				members++
			})
			if members == 0 {
				all = append(all, found{pointer, "[]"})
			}
		default:
			all = append(all, found{pointer, string(raw)})
		}
	}
	walk("", json.RawMessage(body))
	return all, plain
}

func inside(raw json.RawMessage, named bool, each func(string, json.RawMessage)) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.Token()
	for d.More() {
		name := ""
		if named {
			token, _ := d.Token()
			name, _ = token.(string)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil && err != io.EOF {
			return
		}
		each(name, value)
	}
}

func depthOf(body string) (deepest int) {
	depth := 0
	d := json.NewDecoder(strings.NewReader(body))
	for {
		token, err := d.Token()
		if err != nil {
			return deepest
		}
		if delim, ok := token.(json.Delim); ok && (delim == '{' || delim == '[') {
			depth++
			deepest = max(deepest, depth)
		} else if ok {
			depth--
		}
	}
}

// loneSurrogate reports whether an escape stands for half a character.
func loneSurrogate(body string) bool {
	for i := 0; i < len(body); i++ {
		if body[i] != '\\' {
			continue
		}
		i++
		if i+4 >= len(body) || body[i] != 'u' {
			continue
		}
		unit, _ := strconv.ParseUint(body[i+1:i+5], 16, 16)
		switch {
		case unit >= 0xd800 && unit < 0xdc00 && followed(body[i+5:]):
			i += 10
		case unit >= 0xd800 && unit < 0xe000:
			return true
		}
	}
	return false
}

func followed(rest string) bool {
	if len(rest) < 6 || rest[0] != '\\' || rest[1] != 'u' {
		return false
	}
	unit, err := strconv.ParseUint(rest[2:6], 16, 16)
	return err == nil && unit >= 0xdc00 && unit < 0xe000
}
