package agency

import (
	"strings"
	"time"

	"simpul"
)

// Standing is how far an agency is admitted (izin operasional, Perpres 95/2018
// article 33).
type Standing string

const (
	Admitted    Standing = "admitted"    // accepted; sets up people and applications
	Trial       Standing = "trial"       // tries out, with open LIDs and its own
	Operational Standing = "operational" // exchanges with everybody
)

// Approval is where an agency stands, by which letter, and whether it is
// suspended.
type Approval struct {
	Standing     Standing
	LetterNumber string
	LetterDate   string // a day, ISO 8601
	DecidedBy    string // identifier of the principal
	DecidedAt    time.Time
	Suspension   Suspension
}

// Suspension says why an agency may not exchange for now. Its zero value says
// that it may.
type Suspension struct {
	Reason string
	By     string
	Since  time.Time
}

// Next returns the standings to which an agency may go from this one.
func (s Standing) Next() []Standing {
	switch s {
	case Admitted:
		return []Standing{Trial}
	case Trial:
		return []Standing{Operational}
	case Operational:
		return []Standing{Trial}
	}
	return nil
}

// Decision is what the operator decides on an agency's standing.
type Decision struct {
	Standing     Standing
	LetterNumber string
	LetterDate   string
}

// validate checks that an approval to operate names its letter.
func (d Decision) validate(now time.Time) error {
	if d.Standing != Operational {
		return nil
	}
	if strings.TrimSpace(d.LetterNumber) == "" {
		return simpul.Invalid("letterNumber",
			simpul.Text{ID: "Izin operasional perlu nomor surat.", EN: "An operational approval needs the number of its letter."},
			simpul.Text{ID: "Tulis nomor surat izin operasional.", EN: "Write the number of the letter of approval."})
	}
	date, err := time.Parse(time.DateOnly, d.LetterDate)
	if err != nil || date.After(now.Add(day)) {
		return simpul.Invalid("letterDate",
			simpul.Text{ID: "Tanggal surat izin tidak sah.", EN: "The date of the letter is not valid."},
			simpul.Text{ID: "Tulis tanggal surat, paling lambat hari ini, misalnya 2026-11-23.", EN: "Write the date of the letter, today at the latest, such as 2026-11-23."})
	}
	return nil
}

func illegalStep(from, to Standing) error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "standing",
		Message: simpul.Text{ID: "Instansi yang " + from.name().ID + " tidak dapat langsung menjadi " + to.name().ID + ".", EN: "An agency that is " + from.name().EN + " cannot become " + to.name().EN + " at once."},
		Remedy:  simpul.Text{ID: "Muat ulang, lalu pilih langkah berikutnya: diterima, uji coba, beroperasi.", EN: "Reload and choose the next step: admitted, in trial, operational."},
	}
}

func (s Standing) name() simpul.Text {
	switch s {
	case Admitted:
		return simpul.Text{ID: "diterima", EN: "admitted"}
	case Trial:
		return simpul.Text{ID: "uji coba", EN: "in trial"}
	case Operational:
		return simpul.Text{ID: "beroperasi", EN: "operational"}
	}
	return simpul.Text{ID: string(s), EN: string(s)}
}

// parseStanding accepts the name of a standing.
func parseStanding(s string) (Standing, error) {
	switch standing := Standing(s); standing {
	case Admitted, Trial, Operational:
		return standing, nil
	}
	return "", simpul.Invalid("standing",
		simpul.Text{ID: "Status \"" + s + "\" tidak dikenal.", EN: "Standing \"" + s + "\" is unknown."},
		simpul.Text{ID: "Pilih admitted, trial atau operational.", EN: "Choose admitted, trial or operational."})
}
