package finder

import (
	_ "embed"
	"slices"
	"strings"
)

//go:embed synonyms.txt
var synonymText string

//go:embed empty.txt
var emptyText string

//go:embed soft.txt
var softText string

// lexicon is what is known of words.
type lexicon struct {
	empty   map[string]bool       // of no meaning in a question: "yang", "daftar"
	soft    map[string]bool       // of some: they rank, but need not occur
	same    map[string][][]string // by a phrase, the other ways to say it
	longest int                   // words of the longest phrase
}

// readLexicon reads the lists beside the code.
func readLexicon() lexicon {
	l := lexicon{empty: set(emptyText), soft: set(softText), same: map[string][][]string{}}
	for _, line := range lines(synonymText) {
		var group [][]string
		for phrase := range strings.SplitSeq(line, "=") {
			group = append(group, words(phrase))
		}
		l.join(group)
	}
	return l
}

func (l *lexicon) join(group [][]string) {
	for i, phrase := range group {
		key := strings.Join(phrase, " ")
		l.longest = max(l.longest, len(phrase))
		for j, other := range group {
			if i != j {
				l.same[key] = append(l.same[key], other)
			}
		}
	}
}

func set(text string) map[string]bool {
	all := map[string]bool{}
	for _, line := range lines(text) {
		for _, word := range words(line) {
			all[word] = true
		}
	}
	return all
}

func lines(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool {
		return strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#")
	})
}
