package catalog

import (
	"bytes"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"simpul"
	"simpul/internal/registry/catalog/contract"
)

// PlaceholderKey stands where an application's key goes.
const PlaceholderKey = "spk_…"

// FirstCall returns a call with which somebody can begin: to the open LID that
// asks for the least. It reports false where no open LID is published.
func (p *Pages) FirstCall() (l *LID, command string, ok bool) {
	for _, candidate := range p.directory.All() {
		if candidate.Spec.Class == simpul.Terbuka && (l == nil || demands(candidate) < demands(l)) {
			l = candidate
		}
	}
	if l == nil {
		return nil, "", false
	}
	return l, exampleCall(p.gateway, l.Address, l.Spec.asking(firstOperation(l.Contract))), true
}

// demands counts what a caller has to understand.
func demands(l *LID) int {
	n := 0
	for _, op := range l.Contract.Operations {
		n += 1 + len(op.Parameters) + len(op.RequestFields)
	}
	return n
}

// firstOperation is the one to show first: a plain GET if there is one.
func firstOperation(c *contract.Contract) contract.Operation {
	i := slices.IndexFunc(c.Operations, func(op contract.Operation) bool {
		return op.Method == "GET" && !strings.Contains(op.Path, "{")
	})
	if i < 0 && len(c.Operations) == 0 {
		return contract.Operation{Operation: simpul.Operation{Method: "GET", Path: "/"}}
	}
	return c.Operations[max(i, 0)]
}

func callAddress(gateway string, a simpul.Address) string {
	return strings.TrimSuffix(gateway, "/") + "/" + string(a)
}

// exampleCall writes an operation as a curl command for a POSIX shell. It gives
// the required parameters, and one optional parameter for which the contract has
// an example.
func exampleCall(gateway string, a simpul.Address, op contract.Operation) string {
	key := "-H " + quoted("X-API-Key: "+PlaceholderKey)
	lines := []string{"curl " + key}
	if op.Method != "GET" {
		lines = []string{"curl -X " + quotedIfNeeded(op.Method), key}
	}
	for _, h := range op.Parameters {
		if h.In == "header" && h.Required && fieldName.MatchString(h.Name) {
			lines = append(lines, "-H "+quoted(h.Name+": "+exampleValue(h)))
		}
	}
	if len(op.RequestFields) > 0 {
		lines = append(lines, "-H "+quoted("Content-Type: application/json"), "-d "+quoted(exampleBody(op.RequestFields)))
	}
	target := callAddress(gateway, a) + strings.TrimSuffix(filledPath(op), "/") + exampleQuery(op.Parameters)
	return strings.Join(append(lines, quoted(target)), " \\\n  ")
}

// asking adds to an operation what the LID asks of every call.
func (s Spec) asking(op contract.Operation) contract.Operation {
	if s.StatePurpose {
		op.Parameters = append(slices.Clip(op.Parameters), contract.Parameter{Name: "Simpul-Purpose", In: "header", Required: true, Example: "pemeriksaan permohonan"})
	}
	return op
}

func filledPath(op contract.Operation) string {
	path := op.Path
	for _, p := range op.Parameters {
		if p.In == "path" && p.Example != "" {
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(p.Example))
		}
	}
	return path
}

func exampleQuery(parameters []contract.Parameter) string {
	var pairs []string
	optional := false
	for _, p := range parameters {
		if p.In != "query" || !p.Required && (optional || p.Example == "") {
			continue
		}
		optional = optional || !p.Required
		pairs = append(pairs, url.QueryEscape(p.Name)+"="+url.QueryEscape(exampleValue(p)))
	}
	if len(pairs) == 0 {
		return ""
	}
	return "?" + strings.Join(pairs, "&")
}

func exampleValue(p contract.Parameter) string {
	if p.Example != "" {
		return p.Example
	}
	return "…"
}

// exampleBody is a JSON object with the fields that are required, or all where
// none is, and a stand-in for each value. It never copies a value from anywhere:
// what identifies a person does not belong on a public page.
func exampleBody(fields []contract.Field) string {
	if slices.ContainsFunc(fields, func(f contract.Field) bool { return f.Required }) {
		fields = slices.DeleteFunc(slices.Clone(fields), func(f contract.Field) bool { return !f.Required })
	}
	var members []string
	for _, f := range fields {
		if strings.Contains(f.Path, ".") {
			continue // stands within its parent's stand-in
		}
		name, err := json.Marshal(f.Path)
		if err != nil {
			continue
		}
		members = append(members, string(name)+": "+standIn(f))
	}
	return "{" + strings.Join(members, ", ") + "}"
}

// ExampleBody is the body of an operation with a stand-in for each value, laid
// out; empty where the operation takes none that is known.
func ExampleBody(op contract.Operation) string {
	if len(op.RequestFields) == 0 {
		return ""
	}
	var laid bytes.Buffer
	if json.Indent(&laid, []byte(exampleBody(op.RequestFields)), "", "  ") != nil {
		return ""
	}
	return laid.String()
}

// tryPath is where somebody calls a LID by hand.
func tryPath(a simpul.Address) string { return "/catalog/" + string(a) + "/coba" }

func standIn(f contract.Field) string {
	switch {
	case strings.HasSuffix(f.Type, "[]") || f.Type == "array":
		return "[]"
	case f.Type == "object":
		return "{}"
	case f.Type == "integer" || f.Type == "number":
		return "0"
	case f.Type == "boolean":
		return "true"
	}
	return `"…"`
}

// fieldName is the name of a header (RFC 9110 section 5.1). Others are left out:
// curl reads what begins with an at sign from a file.
var fieldName = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")

// quoted makes one word of a text for a POSIX shell. Control characters, which
// could act on a terminal when pasted, are left out.
func quoted(s string) string {
	printable := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || 0x80 <= r && r < 0xa0 {
			return -1
		}
		return r
	}, s)
	return "'" + strings.ReplaceAll(printable, "'", `'\''`) + "'"
}

func quotedIfNeeded(s string) string {
	if strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		return s
	}
	return quoted(s)
}
