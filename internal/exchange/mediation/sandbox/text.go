package sandbox

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// word is what a text says that may say anything.
const word = "contoh"

// formats are texts of the formats that JSON Schema and OpenAPI name. Addresses are
// those that are kept for examples (RFC 2606, RFC 5737, RFC 3849).
var formats = map[string]string{
	"date": "2026-01-15", "date-time": "2026-01-15T08:00:00Z", "time": "08:00:00Z", "duration": "P1D",
	"email": "contoh@example.org", "idn-email": "contoh@example.org", "hostname": "example.org", "idn-hostname": "example.org",
	"ipv4": "192.0.2.1", "ipv6": "2001:db8::1", "uri": "https://example.org/", "url": "https://example.org/", "iri": "https://example.org/",
	"uri-reference": "/contoh", "iri-reference": "/contoh", "uuid": "00000000-0000-4000-8000-000000000000",
	"byte": "Y29udG9o", "binary": word, "json-pointer": "/contoh", "regex": "^contoh$", "nik": nobody,
}

// exampleText is a text that a schema accepts, as far as it says.
func exampleText(s schema, name string) string {
	if known, ok := formats[s.get("format").str()]; ok {
		return known
	}
	least, most := s.length("minLength", 0), s.length("maxLength", 1<<10)
	if pattern := s.get("pattern").str(); pattern != "" {
		if text, ok := matching(pattern, least); ok && utf8.RuneCountInString(text) <= most {
			return text
		}
	}
	if isNIK(name) && least <= len(nobody) && len(nobody) <= most {
		return nobody
	}
	text := word
	for utf8.RuneCountInString(text) < min(least, 1<<10) {
		text += " " + word
	}
	return text[:min(len(text), most)] // it is ASCII
}

func isNIK(name string) bool {
	name = strings.ToLower(name)
	return name == "nik" || strings.HasPrefix(name, "nik_") || strings.HasSuffix(name, "_nik")
}

// matching writes a text that the pattern matches, where the pattern is one that
// every dialect reads alike.
func matching(pattern string, least int) (string, bool) {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return "", false
	}
	var b strings.Builder
	spell(&b, tree.Simplify(), least)
	matches, err := regexp.MatchString(pattern, b.String())
	return b.String(), err == nil && matches && utf8.RuneCountInString(b.String()) >= least
}

// longest bounds what a pattern spells, in bytes.
const longest = 1 << 10

func spell(b *strings.Builder, r *syntax.Regexp, least int) {
	if b.Len() > longest {
		return
	}
	switch r.Op {
	case syntax.OpLiteral:
		b.WriteString(string(r.Rune))
	case syntax.OpCharClass:
		if len(r.Rune) > 0 {
			b.WriteRune(readable(r.Rune))
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('x')
	case syntax.OpStar, syntax.OpPlus:
		for n := 0; n == 0 && r.Op == syntax.OpPlus || b.Len() < least && n < longest; n++ {
			spell(b, r.Sub[0], least)
		}
	case syntax.OpConcat, syntax.OpCapture:
		for _, part := range r.Sub {
			spell(b, part, least)
		}
	case syntax.OpAlternate:
		spell(b, r.Sub[0], least)
	}
}

// readable chooses a character of a class: a letter or digit where there is one.
func readable(ranges []rune) rune {
	for _, wanted := range "a0A" {
		for i := 0; i+1 < len(ranges); i += 2 {
			if ranges[i] <= wanted && wanted <= ranges[i+1] {
				return wanted
			}
		}
	}
	return ranges[0]
}
