package incident

import (
	"context"
	"encoding/base64"
	"strings"
	"time"

	"simpul"
)

// Access is one exchange by which data of persons were delivered.
type Access struct {
	Exchange simpul.ExchangeID
	At       time.Time
	LID      simpul.Address
	Fields   string             // dotted paths with spaces between them; empty for every field of the contract
	Persons  []simpul.Pseudonym // valid during the call
	Unnamed  int                // further persons, whom the record has no room to name
	Broken   bool               // the answer broke off: a part of it may have arrived
}

// Reading calls each with the accesses that were asked for, the earliest first. An
// exchange may come in parts, one after the other, and then repeats its Unnamed. Of
// persons it has at least those whose pseudonym, after the month, begins with one of
// the initials; without initials all.
type Reading func(initials string, each func(Access) error) error

// Accesses reads the records of access.
type Accesses interface {
	// Affected calls fn once with a reading of the accesses of an application from
	// the one time up to, but not including, the other, as far as the scope sees
	// them. It may be repeated within fn, and is the same each time.
	Affected(ctx context.Context, scope simpul.Scope, application simpul.ApplicationID, from, until time.Time, fn func(Reading) error) error
	// KeptSince is the time before which no access is kept any more.
	KeptSince(ctx context.Context) (time.Time, error)
}

// Delivered is how many exchanges of a LID an application got answers in.
type Delivered struct {
	LID       simpul.Address
	Class     simpul.LIDClass
	Exchanges int64
}

// Exchanges counts what an application was delivered, with persons or without.
type Exchanges interface {
	Delivered(ctx context.Context, scope simpul.Scope, application simpul.ApplicationID, from, until time.Time) ([]Delivered, error)
}

// Keys makes pseudonyms of NIKs.
type Keys interface {
	// Pseudonymizer returns a function that calls each with the pseudonyms that a
	// person has in the months, as in "2026-11", and the months whose key is gone,
	// in which nobody can be found again. It is for one goroutine.
	Pseudonymizer(ctx context.Context, months []string) (of func(nik simpul.NIK, each func(simpul.Pseudonym)), gone []string, err error)
}

// Lag is how far something that the answer is read from is behind its journal.
type Lag struct {
	What    simpul.Text `json:"what"`
	Records uint64      `json:"records"`
	Oldest  time.Time   `json:"oldest,omitzero"` // of the oldest record that is missing, where that is known
}

// Elsewhere is a journal of another node: what it holds that is newer than the
// time, this node does not know.
type Elsewhere struct {
	Journal string    `json:"journal"`
	Known   time.Time `json:"known,omitzero"` // until when; zero: never heard of
}

// Lags tells what is behind at this moment, and which journals others hold.
type Lags func(context.Context) ([]Lag, []Elsewhere)

// person is a pseudonym in 18 bytes.
type person struct {
	month uint16 // years since 2000 × 12 + month
	sum   [16]byte
}

// personOf reads a pseudonym, exactly as the hub writes it.
func personOf(p simpul.Pseudonym) (person, bool) {
	month, text, ok := strings.Cut(string(p), ":")
	if !ok || len(text) != 22 {
		return person{}, false
	}
	at, ok := monthOf(month)
	if !ok {
		return person{}, false
	}
	var sum [18]byte
	n, err := base64.RawURLEncoding.Strict().Decode(sum[:], []byte(text))
	if err != nil || n != 16 {
		return person{}, false
	}
	return person{at, [16]byte(sum[:16])}, true
}

func (p person) pseudonym() simpul.Pseudonym {
	return simpul.Pseudonym(monthText(p.month) + ":" + base64.RawURLEncoding.EncodeToString(p.sum[:]))
}

// monthOf reads "2026-11" of this century or the next one.
func monthOf(text string) (uint16, bool) {
	if len(text) != 7 || text[4] != '-' {
		return 0, false
	}
	var n int
	for i := range len(text) {
		if i == 4 {
			continue
		}
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		n = n*10 + int(text[i]-'0')
	}
	year, month := n/100, n%100
	if year < 2000 || year > 2199 || month < 1 || month > 12 {
		return 0, false
	}
	return uint16((year-2000)*12 + month - 1), true
}

func monthText(m uint16) string {
	return time.Date(2000+int(m)/12, time.Month(m%12+1), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
}
