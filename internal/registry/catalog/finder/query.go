package finder

import (
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"
)

// mostWords is how many words of a question are read.
const mostWords = 16

// unit is one thing that a question asks for: a word or a known phrase, with
// the other ways to say it.
type unit struct {
	said  []string
	other [][]string
	soft  bool
	last  bool // the reader may not have finished it
}

// units reads a question. A phrase that the lexicon knows is taken as one. Where
// nothing has a meaning, the words are taken as they are.
func (l lexicon) units(text string) []unit {
	all := words(text)
	all = all[:min(len(all), mostWords)]
	var found []unit
	for i := 0; i < len(all); {
		u, n := l.unitAt(all[i:])
		u.last = i+n == len(all) && !strings.HasSuffix(text, " ")
		if !l.empty[strings.Join(u.said, " ")] {
			found = append(found, u)
		}
		i += n
	}
	if len(found) == 0 {
		for i, word := range all {
			found = append(found, unit{said: []string{word}, last: i == len(all)-1})
		}
	}
	if !slices.ContainsFunc(found, func(u unit) bool { return !u.soft }) {
		for i := range found {
			found[i].soft = false
		}
	}
	return found
}

// unitAt is the longest known phrase at the beginning of the words, or the first
// word, and how many words it takes.
func (l lexicon) unitAt(rest []string) (unit, int) {
	for n := min(l.longest, len(rest)); n > 0; n-- {
		if other, ok := l.same[strings.Join(rest[:n], " ")]; ok {
			return unit{said: rest[:n], other: other}, n
		}
	}
	return unit{said: rest[:1], soft: l.soft[rest[0]]}, 1
}

// ask builds the question of which at least that many of the words that matter
// must hold; soft words only add to the rank.
func (e *edition) ask(units []unit, least int) query.Query {
	whole := bleve.NewBooleanQuery()
	var must []query.Query
	for _, u := range units {
		q := e.unitQuery(u)
		if u.soft {
			whole.AddShould(q)
			continue
		}
		must = append(must, q)
	}
	hard := bleve.NewDisjunctionQuery(must...)
	hard.SetMin(float64(least))
	whole.AddMust(hard)
	return whole
}

// The weights of what was not typed as it stands, against what was.
const (
	asSynonym = 0.7
	asBegun   = 0.45
	asTypo    = 0.3
)

func (e *edition) unitQuery(u unit) query.Query {
	ways := []query.Query{e.phrase(u.said, u.last, 1)}
	for _, other := range u.other {
		ways = append(ways, e.phrase(other, false, asSynonym))
	}
	if len(u.said) == 1 && !e.known(u.said[0]) {
		if parts := e.split(u.said[0]); parts != nil {
			ways = append(ways, e.phrase(parts, false, asSynonym))
		}
	}
	return bleve.NewDisjunctionQuery(ways...)
}

// phrase asks for every word of a phrase that has a meaning, in any field.
func (e *edition) phrase(said []string, last bool, weight float64) query.Query {
	var all []query.Query
	for i, word := range said {
		if len(said) > 1 && e.lexicon.empty[word] {
			continue
		}
		all = append(all, e.word(word, last && i == len(said)-1, weight/float64(len(said))))
	}
	return bleve.NewConjunctionQuery(all...)
}

// word asks for a word as it was typed, for words that begin with it, and, where
// no document has it, for those that are almost the same.
func (e *edition) word(word string, last bool, weight float64) query.Query {
	length := len([]rune(word))
	begun := last && length >= 2 || length >= 4
	mistyped := length >= 4 && !e.known(word) && !(last && e.begins(word))
	var ways []query.Query
	for _, f := range fields() {
		exact := bleve.NewTermQuery(word)
		exact.SetField(f.name)
		exact.SetBoost(f.weight * weight)
		ways = append(ways, exact)
		if begun {
			prefix := bleve.NewPrefixQuery(word)
			prefix.SetField(f.name)
			prefix.SetBoost(f.weight * weight * asBegun)
			ways = append(ways, prefix)
		}
		if mistyped {
			fuzzy := bleve.NewFuzzyQuery(word)
			fuzzy.SetField(f.name)
			fuzzy.SetFuzziness(edits(length))
			fuzzy.SetPrefix(1)
			fuzzy.SetBoost(f.weight * weight * asTypo)
			ways = append(ways, fuzzy)
		}
	}
	return bleve.NewDisjunctionQuery(ways...)
}

// edits is how many letters may be wrong, missing or too many.
func edits(length int) int {
	if length >= 7 {
		return 2
	}
	return 1
}

// split cuts a word that nobody knows into two that are known: "rumahsakit".
func (e *edition) split(word string) []string {
	runes := []rune(word)
	for i := 3; i <= len(runes)-3; i++ {
		if a, b := string(runes[:i]), string(runes[i:]); e.known(a) && e.known(b) {
			return []string{a, b}
		}
	}
	return nil
}
