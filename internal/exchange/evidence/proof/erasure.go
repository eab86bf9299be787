package proof

import (
	"time"

	"github.com/go-json-experiment/json"
)

// Erasure is what a bundle says in place of what stood sealed in its record, once the
// key of the seal was destroyed. It is the hub's word: no public key proves it.
type Erasure struct {
	Key string    `json:"erased_key"` // "terbatas/2026-11"
	At  time.Time `json:"erased_at"`
}

// Note is the erasure as it stands in [Bundle.Personal].
func (e Erasure) Note() string {
	return `{"erased_key":"` + e.Key + `","erased_at":"` + e.At.UTC().Format(time.RFC3339) + `"}`
}

// Erased returns what the bundle says of an erasure; false where it says nothing, or
// speaks of another key than the one that sealed the record.
func (b *Bundle) Erased() (e Erasure, ok bool) {
	s, err := parseRecord(b.Record)
	if err != nil || b.Personal == "" {
		return Erasure{}, false
	}
	return erasureIn(b.Personal, s)
}

func erasureIn(note string, s Statement) (e Erasure, ok bool) {
	err := json.Unmarshal([]byte(note), &e, json.RejectUnknownMembers(true))
	return e, err == nil && e.Key != "" && e.Key == s.PersonalKey && !e.At.IsZero()
}
