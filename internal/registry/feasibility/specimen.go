package feasibility

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"

	"simpul"
)

// specimen is a request that was made from a contract.
type specimen struct {
	operation
	path    string // below the address, escaped
	query   url.Values
	header  http.Header
	body    []byte
	media   string
	guessed bool // a value was derived from a type, so that "not found" is no fault
}

// target is the path below the address with the query.
func (s specimen) target() *url.URL {
	u := &url.URL{RawQuery: s.query.Encode()}
	if plain, err := url.PathUnescape(s.path); err == nil {
		u.Path, u.RawPath = plain, s.path
	}
	return u
}

// known are values that answers told, by the name of their member: what a list
// answers can be asked for one by one.
type known map[string]string

// maker makes requests from a contract.
type maker struct {
	*document
	all      *simpul.Operations
	known    known
	examples []string // "GET /?provinsi=32"
}

// make fills an operation's parameters, from examples where there are some. It
// fails where a value that is needed cannot be made.
func (m maker) make(o operation) (specimen, error) {
	if s, ok := m.exemplary(o); ok {
		return s, nil
	}
	s := specimen{operation: o, path: o.path, query: url.Values{}, header: http.Header{}}
	for _, p := range o.parameters {
		value, guessed, ok := m.value(p)
		switch {
		case !ok && p.required:
			return s, fmt.Errorf("no value for %s", p.name)
		case !ok:
			continue
		case !p.required && !isLimit(p.name):
			continue
		case p.in == "path" && (value == "" || strings.Trim(value, ".") == ""):
			return s, fmt.Errorf("no value for %s that may stand in a path", p.name)
		}
		s.guessed = s.guessed || guessed && p.required
		s.set(p, value)
	}
	if strings.Contains(s.path, "{") {
		return s, fmt.Errorf("a parameter of the path is not described")
	}
	return s, m.fillBody(&s)
}

func (s *specimen) set(p parameter, value string) {
	switch p.in {
	case "path":
		s.path = strings.ReplaceAll(s.path, "{"+p.name+"}", url.PathEscape(value))
	case "query":
		s.query.Set(p.name, value)
	case "header":
		if !slices.Contains([]string{"Accept", "Content-Type", "Authorization", "Host"}, http.CanonicalHeaderKey(p.name)) && plainHeader(value) {
			s.header.Set(p.name, value)
		}
	}
}

func plainHeader(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' })
}

// exemplary finds an example of the metadata that calls the operation.
func (m maker) exemplary(o operation) (specimen, bool) {
	for _, example := range m.examples {
		method, target, _ := strings.Cut(example, " ")
		u, err := url.Parse(target)
		if err != nil || method != o.method || !strings.HasPrefix(u.Path, "/") || u.Host != "" {
			continue
		}
		if op, _, ok := m.all.Find(method, u.EscapedPath()); ok && op.Path == o.path {
			return specimen{operation: o, path: u.EscapedPath(), query: u.Query(), header: http.Header{}}, true
		}
	}
	return specimen{}, false
}

// isLimit reports names of parameters that say how many rows to answer.
func isLimit(name string) bool {
	return slices.Contains([]string{"limit", "per_page", "perpage", "page_size", "pagesize", "size", "jumlah", "batas", "count"}, strings.ToLower(name))
}

// fewRows is what is asked for where one may say how many.
const fewRows = 10

// value makes a parameter's value: from its examples, else from what answers
// told, its default or values, else from its type.
func (m maker) value(p parameter) (value string, guessed, ok bool) {
	if isLimit(p.name) && !p.required {
		return limited(p.schema), false, true
	}
	if e, found := m.example(p.node, p.schema); found {
		return written(e), false, true
	}
	if told, found := m.known[p.name]; found && p.in == "path" {
		return told, false, true
	}
	made, guessed, err := m.sample(p.schema, 0)
	return written(made), guessed, err == nil && made != nil
}

func limited(schema object) string {
	n := int64(fewRows)
	if most, err := number(schema["maximum"]); err == nil {
		n = min(n, most)
	}
	if least, err := number(schema["minimum"]); err == nil {
		n = max(n, least)
	}
	return strconv.FormatInt(n, 10)
}

func number(value any) (int64, error) {
	n, ok := value.(json.Number)
	if !ok {
		return 0, strconv.ErrSyntax
	}
	return n.Int64()
}

// example returns the first example of a parameter, media type or schema.
func (m maker) example(n, schema object) (any, bool) {
	if e, ok := n["example"]; ok {
		return e, true
	}
	if named, ok := n["examples"].(object); ok {
		names := make([]string, 0, len(named))
		for name := range named {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			if e, ok := m.resolve(named[name])["value"]; ok {
				return e, true
			}
		}
	}
	if e, ok := schema["example"]; ok {
		return e, true
	}
	if all, ok := schema["examples"].([]any); ok && len(all) > 0 {
		return all[0], true
	}
	return nil, false
}

// written is a value as it stands in a URL.
func written(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case []any:
		parts := make([]string, len(v))
		for i, one := range v {
			parts[i] = written(one)
		}
		return strings.Join(parts, ",")
	case object:
		text, _ := json.Marshal(v)
		return string(text)
	}
	return fmt.Sprint(value)
}

// fillBody gives a request the body that its operation needs.
func (m maker) fillBody(s *specimen) error {
	body := m.resolve(s.node["requestBody"])
	content, _ := body["content"].(object)
	for media, value := range content {
		if !isJSON(media) {
			continue
		}
		described := m.resolve(value)
		schema := m.resolve(described["schema"])
		made, found := m.example(described, schema)
		if !found {
			var err error
			if made, s.guessed, err = m.sample(schema, 0); err != nil {
				return err
			}
		}
		text, err := json.Marshal(made)
		s.body, s.media = text, media
		return err
	}
	if required, _ := body["required"].(bool); required {
		return fmt.Errorf("a body that is not JSON cannot be made")
	}
	return nil
}

// sample makes a value that the schema describes. guessed says that it comes
// from the type alone.
func (m maker) sample(schema object, depth int) (value any, guessed bool, err error) {
	if depth > deepestForm {
		return nil, true, fmt.Errorf("the schema goes too deep")
	}
	for _, name := range []string{"default", "const"} {
		if v, ok := schema[name]; ok {
			return v, false, nil
		}
	}
	if e, ok := m.example(nil, schema); ok {
		return e, false, nil
	}
	if values, ok := schema["enum"].([]any); ok && len(values) > 0 {
		return values[0], false, nil
	}
	for _, part := range []string{"allOf", "oneOf", "anyOf"} {
		if list, ok := schema[part].([]any); ok && len(list) > 0 && schema["type"] == nil {
			return m.sample(m.resolve(list[0]), depth+1)
		}
	}
	value, err = m.typical(schema, depth)
	return value, true, err
}

// typical makes a value of the schema's type.
func (m maker) typical(schema object, depth int) (any, error) {
	switch typeOf(schema) {
	case "integer", "number":
		return json.Number(strconv.FormatInt(least(schema), 10)), nil
	case "boolean":
		return true, nil
	case "array":
		one, _, err := m.sample(m.resolve(schema["items"]), depth+1)
		return []any{one}, err
	case "object":
		return m.typicalObject(schema, depth)
	case "null":
		return nil, nil
	}
	return typicalText(schema)
}

func (m maker) typicalObject(schema object, depth int) (any, error) {
	made := object{}
	properties, _ := schema["properties"].(object)
	required, _ := schema["required"].([]any)
	for _, name := range required {
		value, _, err := m.sample(m.resolve(properties[text(name)]), depth+1)
		if err != nil {
			return nil, err
		}
		made[text(name)] = value
	}
	return made, nil
}

// typeOf returns the first type of a schema that is not null.
func typeOf(schema object) string {
	switch t := schema["type"].(type) {
	case string:
		return t
	case []any:
		for _, one := range t {
			if one != "null" {
				return text(one)
			}
		}
	}
	if schema["properties"] != nil {
		return "object"
	}
	if schema["items"] != nil {
		return "array"
	}
	return "string"
}

func least(schema object) int64 {
	if n, err := number(schema["minimum"]); err == nil {
		return n
	}
	if n, err := number(schema["exclusiveMinimum"]); err == nil {
		return n + 1
	}
	if n, err := number(schema["maximum"]); err == nil {
		return min(n, 1)
	}
	return 1
}

// longestSample bounds made texts, in bytes.
const longestSample = 1000

// typicalText makes a text that meets the pattern, format and length.
func typicalText(schema object) (any, error) {
	if pattern := text(schema["pattern"]); pattern != "" {
		return matching(pattern)
	}
	switch text(schema["format"]) {
	case "date":
		return "2025-01-01", nil
	case "date-time":
		return "2025-01-01T00:00:00Z", nil
	case "time":
		return "00:00:00Z", nil
	case "uuid":
		return "00000000-0000-4000-8000-000000000000", nil
	case "email":
		return "uji@contoh.example", nil
	case "uri", "url":
		return "https://contoh.example/", nil
	case "ipv4":
		return "192.0.2.1", nil
	}
	n, err := number(schema["minLength"])
	if err != nil || n < 1 {
		n = 1
	}
	if n > longestSample {
		return nil, fmt.Errorf("a text of %d characters is not made", n)
	}
	return strings.Repeat("a", int(n)), nil
}

// matching makes the shortest text that matches a pattern, by the first choice
// at each branch.
func matching(pattern string) (string, error) {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if !spell(&b, re) {
		return "", fmt.Errorf("no text matches the pattern")
	}
	return b.String(), nil
}

// spell writes a text that the expression matches; false where none is found.
func spell(b *strings.Builder, re *syntax.Regexp) bool {
	if b.Len() > longestSample {
		return false
	}
	switch re.Op {
	case syntax.OpNoMatch:
		return false
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		if len(re.Rune) == 0 {
			return false
		}
		b.WriteRune(printable(re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('a')
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if !spell(b, sub) {
				return false
			}
		}
	case syntax.OpCapture, syntax.OpPlus, syntax.OpAlternate:
		return spell(b, re.Sub[0])
	case syntax.OpRepeat:
		for range re.Min {
			if !spell(b, re.Sub[0]) {
				return false
			}
		}
	}
	return true
}

// printable picks a character of a class, given as pairs of bounds: a digit or a
// letter where it has one.
func printable(class []rune) rune {
	for _, wanted := range "1aA0" {
		for i := 0; i+1 < len(class); i += 2 {
			if class[i] <= wanted && wanted <= class[i+1] {
				return wanted
			}
		}
	}
	return max(class[0], ' ')
}
