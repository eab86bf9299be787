package catalog

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"simpul"
	"simpul/internal/registry/catalog/contract"
)

// Similar is a published LID that resembles a planned one, and why.
type Similar struct {
	Address simpul.Address
	Title   string
	Agency  simpul.AgencyID
	Score   int // 0 to 100; see likeness

	Fields   []string // that both contracts answer
	Words    []string // of titles and keywords that both have
	Concepts []string // themes and standards that both name
}

// worthAWarning is the score from which a planned LID may be one that exists.
const worthAWarning = 50

// mostSimilar is how many are told.
const mostSimilar = 5

// features are what two LIDs are compared by.
type features struct{ fields, words, concepts []string }

// likeness is the share of what two LIDs have together in what they have at all
// (Jaccard's), by part: fields weigh 45, words of titles and keywords 40, themes
// and standards 15. A part that one of them does not state is left out, since
// silence is no difference.
func likeness(a, b features) (score int, shared features) {
	got, weights := 0.0, 0.0
	for _, part := range []struct {
		weight float64
		a, b   []string
		shared *[]string
	}{{45, a.fields, b.fields, &shared.fields}, {40, a.words, b.words, &shared.words}, {15, a.concepts, b.concepts, &shared.concepts}} {
		if len(part.a) == 0 || len(part.b) == 0 {
			continue
		}
		for _, text := range part.a {
			if slices.Contains(part.b, text) {
				*part.shared = append(*part.shared, text)
			}
		}
		both := len(*part.shared)
		got += part.weight * float64(both) / float64(len(part.a)+len(part.b)-both)
		weights += part.weight
	}
	if weights == 0 {
		return 0, shared
	}
	return int(100 * got / weights), shared
}

// Similar lists the published LIDs that a planned one resembles, the most alike
// first. The LID itself, when it is published already, is not among them.
func (f *Finder) Similar(address simpul.Address, s Spec) []Similar {
	read, err := contract.Parse(s.Contract)
	if err != nil {
		read = nil // a draft is compared by its words
	}
	planned := f.features(s, read)
	var all []Similar
	for _, l := range f.directory.All() {
		score, shared := likeness(planned, f.traits.of(l, f))
		if l.Address == address || score < worthAWarning {
			continue
		}
		all = append(all, Similar{l.Address, l.Spec.Title, l.Spec.Agency, score, shared.fields, shared.words, shared.concepts})
	}
	slices.SortFunc(all, func(a, b Similar) int { return cmp.Or(b.Score-a.Score, cmp.Compare(a.Address, b.Address)) })
	return all[:min(len(all), mostSimilar)]
}

// features leaves out what many LIDs have and what says nothing: envelopes such
// as "items" and "total", and the parent of a field.
func (f *Finder) features(s Spec, c *contract.Contract) (x features) {
	eachField(c, func(field contract.Field) {
		name := field.Path[strings.LastIndex(field.Path, ".")+1:]
		key := strings.ToLower(strings.ReplaceAll(name, "_", ""))
		if field.Type == "object[]" || field.Type == "object" || slices.Contains(envelope(), key) || slices.Contains(x.fields, key) {
			return
		}
		x.fields = append(x.fields, key)
	})
	x.words = f.lids.Terms(append([]string{s.Title}, s.Keywords...)...)
	for _, theme := range s.Themes {
		x.concepts = append(x.concepts, string(theme))
	}
	for _, standard := range s.Standards {
		x.concepts = append(x.concepts, standard.Name)
	}
	return x
}

// envelope are names of what stands around the data.
func envelope() []string {
	return []string{"items", "data", "total", "page", "limit", "next", "count", "status", "message", "meta"}
}

// traits remembers the features of published LIDs.
type traits struct {
	mu    sync.Mutex
	known map[*LID]features
}

// mostTraits is when what is remembered is dropped: LIDs that were replaced
// stay in it until then.
const mostTraits = 50_000

func (t *traits) of(l *LID, f *Finder) features {
	t.mu.Lock()
	defer t.mu.Unlock()
	x, ok := t.known[l]
	if !ok {
		if t.known == nil || len(t.known) > mostTraits {
			t.known = map[*LID]features{}
		}
		x = f.features(l.Spec, l.Contract)
		t.known[l] = x
	}
	return x
}
