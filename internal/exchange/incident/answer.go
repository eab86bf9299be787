package incident

import (
	"time"

	"simpul"
)

// Answer is the figures that answer a question. No person is in it.
type Answer struct {
	At         time.Time    `json:"at"`
	Persons    int          `json:"persons"` // distinct pseudonyms: at most so many persons
	Least      int          `json:"least"`   // at least so many: those of the month with the most
	Months     []Month      `json:"months"`
	Exchanges  int64        `json:"exchanges"` // in which persons are named
	First      time.Time    `json:"first,omitzero"`
	Last       time.Time    `json:"last,omitzero"`
	Disclosed  []Disclosure `json:"disclosed"`
	Days       []Day        `json:"days"`
	Unnamed    int64        `json:"unnamed"`    // persons beyond those that the records name
	Unnaming   int64        `json:"unnaming"`   // exchanges that had such
	Broken     int64        `json:"broken"`     // exchanges among them whose answer broke off: what of it arrived is not known
	Undeclared []Undeclared `json:"undeclared"` // exchanges that name nobody, or do not any more
	Behind     []Lag        `json:"behind"`
	Gone       []string     `json:"gone"`             // months whose key is destroyed: nobody of them is found again
	Dropped    time.Time    `json:"dropped,omitzero"` // accesses from before it were dropped, and some that were asked about
	Elsewhere  []Elsewhere  `json:"elsewhere"`        // journals of other nodes that may hold more
}

// Month is how many pseudonyms are of one month's key.
type Month struct {
	Month   string `json:"month"` // as in 2026-11
	Persons int    `json:"persons"`
}

// Disclosure is which fields of which LID were delivered. Those beyond the room
// for them have no LID and stand together.
type Disclosure struct {
	LID       simpul.Address `json:"lid"`
	Fields    string         `json:"fields"` // empty for every field of the contract
	Persons   int            `json:"persons"`
	Exchanges int64          `json:"exchanges"`
	First     time.Time      `json:"first"`
	Last      time.Time      `json:"last"`
}

// Day is one day of the question's time zone.
type Day struct {
	Day       string `json:"day"` // as in 2026-11-25
	Persons   int    `json:"persons"`
	Exchanges int64  `json:"exchanges"`
}

// Undeclared is a LID with exchanges of which the hub does not know whose data
// they delivered.
type Undeclared struct {
	LID       simpul.Address  `json:"lid"`
	Class     simpul.LIDClass `json:"class"`
	Exchanges int64           `json:"exchanges"`
}

// Gaps reports whether there is something that the hub does not know.
func (a Answer) Gaps() bool {
	return a.Unnamed > 0 || a.Broken > 0 || len(a.Undeclared) > 0 || len(a.Behind) > 0 || len(a.Gone) > 0 || !a.Dropped.IsZero() || len(a.Elsewhere) > 0
}

// Several reports whether a person may be counted more than once.
func (a Answer) Several() bool { return len(a.Months) > 1 }
