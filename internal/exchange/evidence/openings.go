package evidence

import (
	"bytes"
	"cmp"
	"maps"
	"slices"

	"simpul"
)

// openings are the opened records of a batch, by exchange, not decoded: most are
// never looked at, since the sealed record follows that repeats them.
type openings map[simpul.ExchangeID]Entry

// take keeps the entry if it is an opened record as appendRecord writes it.
func (o openings) take(e Entry) bool {
	const begins, idBytes = `{"kind":"opened","id":"`, 36
	rest, ok := bytes.CutPrefix(e.Payload, []byte(begins))
	if !ok || len(rest) < idBytes {
		return false
	}
	o[simpul.ExchangeID(rest[:idBytes])] = Entry{e.Sequence, bytes.Clone(e.Payload)}
	return true
}

// settle forgets the opened record of an exchange, and reports whether there was one.
func (o openings) settle(id simpul.ExchangeID) bool {
	_, there := o[id]
	delete(o, id)
	return there
}

// left returns what was not settled, in the order of the journal.
func (o openings) left() []Entry {
	return slices.SortedFunc(maps.Values(o), func(a, b Entry) int { return cmp.Compare(a.Sequence, b.Sequence) })
}
