package evidence

import (
	"bytes"
	"cmp"
	"slices"

	"simpul"
)

// openings are opened records whose exchange may yet be sealed, not decoded: most
// are never looked at, since the sealed record follows that repeats them.
type openings struct {
	at    map[idText]begun
	bytes []byte // payloads, one behind the other
}

// idText is an exchange's identifier as it is written.
type idText [36]byte

type begun struct {
	sequence   uint64
	begin, end int // of the payload in the bytes
}

func newOpenings() *openings { return &openings{at: map[idText]begun{}} }

// take keeps the entry if it is an opened record as appendRecord writes it.
func (o *openings) take(e Entry) bool {
	const begins = `{"kind":"opened","id":"`
	rest, ok := bytes.CutPrefix(e.Payload, []byte(begins))
	if !ok || len(rest) < len(idText{}) {
		return false
	}
	begin := len(o.bytes)
	o.bytes = append(o.bytes, e.Payload...)
	o.at[idText(rest[:len(idText{})])] = begun{e.Sequence, begin, len(o.bytes)}
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

// give returns those up to the sequence, in the order of the journal, and forgets
// them. They are valid until the next take.
func (o *openings) give(until uint64) (old []Entry) {
	for id, at := range o.at {
		if at.sequence <= until {
			old = append(old, Entry{at.sequence, o.bytes[at.begin:at.end]})
			delete(o.at, id)
		}
	}
	slices.SortFunc(old, func(a, b Entry) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return old
}

// reach is up to which sequence of those up to the end no record is among them.
func (o *openings) reach(end uint64) uint64 {
	for _, at := range o.at {
		end = min(end, at.sequence-1)
	}
	return end
}

// shrink gives the room of those that were forgotten back.
func (o *openings) shrink() {
	var left []byte
	for id, at := range o.at {
		begin := len(left)
		left = append(left, o.bytes[at.begin:at.end]...)
		o.at[id] = begun{at.sequence, begin, len(left)}
	}
	o.bytes = append(o.bytes[:0], left...)
}
