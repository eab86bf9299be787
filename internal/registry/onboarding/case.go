package onboarding

import (
	"time"

	"simpul"
)

// State is where an appointment stands.
type State string

const (
	Draft     State = "draft"     // being written
	Submitted State = "submitted" // waits for the operator
	Returned  State = "returned"  // must be mended, as the reasons say
	Accepted  State = "accepted"  // the agency is admitted
	Locked    State = "locked"    // final; a change is a new version
)

// writable reports whether the form may be changed.
func (s State) writable() bool { return s == Draft || s == Returned }

// Name is the state in words.
func (s State) Name() simpul.Text {
	switch s {
	case Draft:
		return simpul.Text{ID: "Rancangan", EN: "Draft"}
	case Submitted:
		return simpul.Text{ID: "Menunggu keputusan", EN: "Waiting for a decision"}
	case Returned:
		return simpul.Text{ID: "Dikembalikan untuk diperbaiki", EN: "Returned to be mended"}
	case Accepted:
		return simpul.Text{ID: "Diterima", EN: "Accepted"}
	case Locked:
		return simpul.Text{ID: "Terkunci", EN: "Locked"}
	}
	return simpul.Text{ID: string(s), EN: string(s)}
}

// decideWithin is how long an operator takes at most, in the usual case.
const decideWithin = 5 * 24 * time.Hour

// Case is an appointment from its first draft on.
type Case struct {
	ID          string
	Owner       simpul.AgencyID // empty until admitted
	State       State
	Version     int  // the last that was submitted; 0 for none
	Form        Form // as it is being written
	SubmittedAt time.Time
	CreatedAt   time.Time
	UpdatedAt   time.Time
	PrunedAt    time.Time         // when something of it was last dropped; zero for never
	Reasons     map[string]string // why it was returned, by field
}

// Due is until when the operator should decide.
func (c Case) Due() time.Time { return c.SubmittedAt.Add(decideWithin) }

// Version is what was submitted once, and what was decided.
type Version struct {
	Number      int
	Form        Form
	Author      string
	Outcome     State // empty, Returned or Accepted
	Reasons     map[string]string
	DecidedBy   string
	DecidedAt   time.Time
	SubmittedAt time.Time
}

var kindCase = simpul.Text{ID: "Pendaftaran", EN: "Application to join"}

func notNow(s State) error {
	name := s.Name()
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "state",
		Message: simpul.Text{ID: "Formulir ini berstatus \"" + name.ID + "\", jadi tindakan itu tidak dapat dilakukan.", EN: "This form's state is \"" + name.EN + "\", so that cannot be done."},
		Remedy:  simpul.Text{ID: "Muat ulang halaman. Formulir yang terkunci diubah dengan membuat versi baru.", EN: "Reload the page. A locked form is changed by making a new version."},
	}
}
