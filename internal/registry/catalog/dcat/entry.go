package dcat

import (
	"cmp"
	"time"
)

// Entry is what is kept of an entry of somebody else's catalogue.
type Entry struct {
	URI         string    `json:"uri"`
	Title       string    `json:"title"`
	Description string    `json:"description,omitempty"`
	Publisher   string    `json:"publisher,omitempty"` // an organisation; never a person
	Page        string    `json:"page"`                // where to read more
	Service     bool      `json:"service,omitempty"`   // it can be called, there
	Keywords    []string  `json:"keywords,omitempty"`
	Modified    time.Time `json:"modified,omitzero"`
}

// Limits of what is read.
const (
	MaxDocument = 8 << 20 // bytes
	maxDepth    = 40
	maxValues   = 400_000
	maxEntries  = 20_000
	maxTitle    = 300  // characters; more is cut
	maxText     = 1000 // characters
	maxURI      = 2000 // bytes
	maxKeywords = 30
)

// languages are those in which a text is preferred.
func languages() []string { return []string{"id", "in", "en", ""} }

// text is a literal with its language.
type text struct{ value, language string }

// best is the text in the language that is preferred most; of several in one
// language the first in order, so that their order in the document is no matter.
func best(all []text) string {
	rank := func(t text) int {
		for i, l := range languages() {
			if t.language == l {
				return i
			}
		}
		return len(languages())
	}
	var found text
	for i, t := range all {
		if i == 0 || cmp.Or(cmp.Compare(rank(t), rank(found)), cmp.Compare(t.value, found.value)) < 0 {
			found = t
		}
	}
	return found.value
}
