package mediation

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"simpul"
)

// value is a JSON value as the tests make it: a document is known before it is
// written, so that the expected answer does not come from a parser.
type value struct {
	scalar   string // as written; "" for an array or object
	object   bool
	names    []name
	children []value
}

// name is a member name: what it means, and one way to write it.
type name struct{ plain, written string }

// write renders the value with white space between the tokens.
func (v value) write(b *strings.Builder, space string) {
	if v.scalar != "" {
		b.WriteString(v.scalar)
		return
	}
	left, right := "[", "]"
	if v.object {
		left, right = "{", "}"
	}
	b.WriteString(left)
	for i, child := range v.children {
		if i > 0 {
			b.WriteString(space + ",")
		}
		b.WriteString(space)
		if v.object {
			b.WriteString(v.names[i].written + space + ":" + space)
		}
		child.write(b, space)
	}
	b.WriteString(space + right)
}

func (v value) String() string {
	var b strings.Builder
	v.write(&b, "")
	return b.String()
}

// selected is the oracle: the rules of selection on a whole document.
func (v value) selected(fields simpul.FieldSet) (value, bool) {
	switch {
	case fields == nil:
		return v, true
	case v.scalar != "":
		return value{}, false
	}
	out := value{object: v.object}
	for i, child := range v.children {
		below, granted := fields, true
		if v.object {
			below, granted = fields[v.names[i].plain], has(fields, v.names[i].plain)
		}
		if !granted {
			continue
		}
		if kept, ok := child.selected(below); ok {
			out.children = append(out.children, kept)
			if v.object {
				out.names = append(out.names, v.names[i])
			}
		}
	}
	return out, true
}

func has(fields simpul.FieldSet, name string) bool { _, ok := fields[name]; return ok }

// The alphabet is small so that random field sets meet random documents.
var alphabet = []name{
	{"a", `"a"`}, {"a", `"\u0061"`}, {"b", `"b"`}, {"kode", `"kode"`}, {"items", `"items"`},
	{"", `""`}, {"a.b", `"a.b"`}, {"é", `"é"`}, {"é", `"\u00e9"`}, {`"`, `"\""`}, {"😀", `"\ud83d\ude00"`},
}

var scalars = []string{
	`null`, `true`, `false`, `0`, `-0`, `12345678901234567`, `0.10`, `1E+2`, `1e400`, `-9007199254740993`,
	`""`, `"a"`, `"\u0061\/"`, `"\ud83d\ude00"`, `"é\n"`, `"</script>"`, `"` + strings.Repeat("x", 5000) + `"`,
}

func documents() *rapid.Generator[value] {
	return rapid.Custom(func(t *rapid.T) value { return compoundValue(t, 4) })
}

func compoundValue(t *rapid.T, depth int) value {
	v := value{object: rapid.Bool().Draw(t, "object")}
	taken := map[string]bool{}
	for range rapid.IntRange(0, 4).Draw(t, "length") {
		if v.object {
			n := rapid.SampledFrom(alphabet).Draw(t, "name")
			if taken[n.plain] {
				continue
			}
			taken[n.plain] = true
			v.names = append(v.names, n)
		}
		if depth > 0 && rapid.Bool().Draw(t, "compound") {
			v.children = append(v.children, compoundValue(t, depth-1))
		} else {
			v.children = append(v.children, value{scalar: rapid.SampledFrom(scalars).Draw(t, "scalar")})
		}
	}
	return v
}

// fieldSets draws a tree of names directly, so that also names with dots occur.
func fieldSets() *rapid.Generator[simpul.FieldSet] {
	return rapid.Custom(func(t *rapid.T) simpul.FieldSet { return fieldSet(t, 3) })
}

func fieldSet(t *rapid.T, depth int) simpul.FieldSet {
	set := simpul.FieldSet{}
	for range rapid.IntRange(0, 4).Draw(t, "fields") {
		n := rapid.SampledFrom(alphabet).Draw(t, "field")
		if depth > 0 && rapid.Bool().Draw(t, "interior") {
			set[n.plain] = fieldSet(t, depth-1)
		} else {
			set[n.plain] = nil
		}
	}
	return set
}

func spaces() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"", " ", "\n", "\t \r\n", strings.Repeat(" ", 300)})
}

// nested is a document of one scalar below so many arrays.
func nested(depth int) string {
	return fmt.Sprintf("%s1%s", strings.Repeat("[", depth), strings.Repeat("]", depth))
}
