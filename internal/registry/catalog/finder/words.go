package finder

import (
	"strings"
	"unicode"
)

// longestWord bounds what is indexed and compared, in characters: nobody types
// longer words, and names of fields without a break are cut.
const longestWord = 40

// words cuts a text into words, in lower case. A compound in camel case gives
// its parts and the whole: CekNIK is "cek", "nik" and "ceknik".
func words(text string) []string {
	var all []string
	for _, run := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) }) {
		parts := camelParts([]rune(run))
		for _, part := range parts {
			all = append(all, lower(part))
		}
		if len(parts) > 1 {
			all = append(all, lower(run))
		}
	}
	return all
}

func wordsOf(texts []string) []string {
	var all []string
	for _, text := range texts {
		all = append(all, words(text)...)
	}
	return all
}

func lower(s string) string {
	runes := []rune(strings.ToLower(s))
	return string(runes[:min(len(runes), longestWord)])
}

// camelParts cuts before a capital that follows a small letter, and before the
// last of several capitals that a small letter follows.
func camelParts(run []rune) []string {
	var parts []string
	start := 0
	for i := 1; i < len(run); i++ {
		fresh := unicode.IsUpper(run[i]) && unicode.IsLower(run[i-1])
		ends := unicode.IsUpper(run[i]) && unicode.IsUpper(run[i-1]) && i+1 < len(run) && unicode.IsLower(run[i+1]) && i > start+1
		if fresh || ends {
			parts = append(parts, string(run[start:i]))
			start = i
		}
	}
	return append(parts, string(run[start:]))
}

// Terms are the words of a text that mean something, each once, in their order.
// Names in camel case or with underscores give their parts.
func (x *Index) Terms(texts ...string) (terms []string) {
	seen := map[string]bool{}
	l := x.now.Load().lexicon
	for _, text := range texts {
		for _, word := range words(text) {
			if !seen[word] && !l.empty[word] && !l.soft[word] && len(word) > 1 {
				seen[word] = true
				terms = append(terms, word)
			}
		}
	}
	return terms
}
