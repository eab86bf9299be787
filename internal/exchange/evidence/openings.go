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
type openings struct {
	at    map[idText]span
	bytes []byte // payloads, one behind the other
}

// idText is an exchange's identifier as it is written.
type idText [36]byte

// span is where the payload of an entry stands.
type span struct {
	sequence   uint64
	begin, end int
}

// clear forgets all of them, and keeps the room.
func (o *openings) clear() {
	if o.at == nil {
		o.at = map[idText]span{}
	}
	clear(o.at)
	o.bytes = o.bytes[:0]
}

// take keeps the entry if it is an opened record as appendRecord writes it.
func (o *openings) take(e Entry) bool {
	const begins = `{"kind":"opened","id":"`
	rest, ok := bytes.CutPrefix(e.Payload, []byte(begins))
	if !ok || len(rest) < len(idText{}) {
		return false
	}
	begin := len(o.bytes)
	o.bytes = append(o.bytes, e.Payload...)
	o.at[idText(rest[:len(idText{})])] = span{e.Sequence, begin, len(o.bytes)}
	return true
}

// settle forgets the opened record of an exchange, and reports whether there was one.
func (o *openings) settle(id simpul.ExchangeID) bool {
	var key idText
	if len(id) != copy(key[:], id) {
		return false
	}
	before := len(o.at)
	delete(o.at, key)
	return len(o.at) < before
}

// left returns what was not settled, in the order of the journal. It is valid until
// the next clear.
func (o *openings) left() []Entry {
	spans := slices.SortedFunc(maps.Values(o.at), func(a, b span) int { return cmp.Compare(a.sequence, b.sequence) })
	left := make([]Entry, len(spans))
	for i, s := range spans {
		left[i] = Entry{s.sequence, o.bytes[s.begin:s.end]}
	}
	return left
}
