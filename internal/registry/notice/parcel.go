package notice

import (
	"time"

	"simpul"
)

// Kind says where a letter's text comes from.
type Kind string

const (
	copyOfNotice     Kind = "notice" // its entry
	copyOfDay        Kind = "digest" // the entries that were gathered for it
	letterToStranger Kind = "invite" // its own sealed text
)

// patience is how long a letter is tried (RFC 5321 section 4.5.4.1: four to five
// days).
const patience = 5 * 24 * time.Hour

// parcel is one letter in the outbox.
type parcel struct {
	ID       string
	Agency   simpul.AgencyID
	Account  simpul.AccountID
	Entry    string
	Kind     Kind
	Topic    string
	Urgent   bool
	State    string
	At       time.Time
	Attempts int64
	Reason   simpul.Text

	sealed     string
	next, ends time.Time
	Ended      time.Time
}

// gatheredFor is the time of a digest; it takes what was gathered until then.
func (p parcel) gatheredFor() time.Time { return p.ends.Add(-patience) }
