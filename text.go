package simpul

import "strings"

// Language is one of the two languages in which Simpul speaks to people.
type Language string

const (
	Indonesian Language = "id" // the default
	English    Language = "en"
)

// Text is one sentence in both languages.
type Text struct{ ID, EN string }

// In returns the text in the language; Indonesian stands in for a missing one.
func (t Text) In(l Language) string {
	if l == English && t.EN != "" {
		return t.EN
	}
	return t.ID
}

// ParseLanguage reads an Accept-Language field (RFC 9110 section 12.5.4) or a
// bare tag and returns the first language of it that Simpul speaks. Quality
// values are not weighed: browsers send the preferred language first.
func ParseLanguage(accept string) Language {
	for part := range strings.SplitSeq(accept, ",") {
		tag, _, _ := strings.Cut(part, ";")
		primary, _, _ := strings.Cut(strings.TrimSpace(tag), "-")
		switch strings.ToLower(primary) {
		case "id", "in": // "in" is the tag that old Android phones send
			return Indonesian
		case "en":
			return English
		}
	}
	return Indonesian
}
