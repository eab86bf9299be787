package grant

import (
	"errors"
	"fmt"
	"time"

	"simpul"
)

// Limit is what a grant on a LID of some class must have, and how long it lasts.
type Limit struct {
	Days      int  // how far ahead a grant may end
	End       bool // also a grant that a provider writes directly has an end, within Days
	Fields    bool // fields are named one by one
	Agreement bool // it names the agreement between the agencies
}

// Limits are the limits of each class. A class without any has none.
type Limits map[simpul.LIDClass]Limit

// DefaultLimits are those of a hub that was told nothing.
//
//   - open: whoever asks gets two years, since nobody looks at it before; a
//     provider may give more.
//   - restricted: two years. Who needs the data changes with budgets and
//     regulations, and a renewal is what makes somebody look again.
//   - closed: one year, which is how long such agreements are reviewed by at the
//     latest; only named fields, since what is not named was not weighed; and an
//     agreement, since a regulation alone does not say who answers for what.
func DefaultLimits() Limits {
	return Limits{
		simpul.Terbuka:  {Days: 731},
		simpul.Terbatas: {Days: 731, End: true},
		simpul.Tertutup: {Days: 366, End: true, Fields: true, Agreement: true},
	}
}

// check finds what the class of the LID does not allow in a grant that is written
// directly.
func (l Limits) check(s Spec, on Subject, now time.Time) error {
	limit := l[on.Class]
	if limit.Fields && on.Fields && len(s.Fields) == 0 {
		return inSpec(unnamed())
	}
	if limit.Agreement {
		if err := s.agreement().check(now); err != nil {
			return inSpec(err)
		}
	}
	if !limit.End {
		return nil
	}
	return inSpec(limit.checkEnd(s.Until, now))
}

// inSpec puts the place of what was found below that of the spec.
func inSpec(err error) error {
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok {
		return err
	}
	return simpul.At("spec."+e.Place, e)
}

// checkEnd refuses a period without end, or longer than the limit: the last day
// counts whole.
func (l Limit) checkEnd(until *time.Time, now time.Time) error {
	longest := l.span()
	switch {
	case until == nil:
		return wrong("until", simpul.Text{ID: "Akhir masa berlaku belum ditulis.", EN: "The end of the period is missing."},
			simpul.Text{ID: "Tulis tanggal akhir, paling lama " + longest.ID + " dari sekarang.", EN: "Write the last day, at most " + longest.EN + " from now."})
	case l.Days > 0 && until.After(now.AddDate(0, 0, l.Days+1)):
		return wrong("until", simpul.Text{ID: "Akses ke LID ini diberikan paling lama " + longest.ID + ".", EN: "Access to this LID is given for " + longest.EN + " at most."},
			simpul.Text{ID: "Tulis tanggal yang lebih awal; akses dapat diperpanjang nanti.", EN: "Write an earlier day; access can be renewed later."})
	}
	return nil
}

// Longest is for how long access to LIDs of a class is given, in words.
func (a *Access) Longest(class simpul.LIDClass) simpul.Text { return a.limits[class].span() }

// span is the longest period in words: whole years where it is some, with their
// leap days.
func (l Limit) span() simpul.Text {
	years := l.Days / 365
	switch {
	case l.Days == 0:
		return simpul.Text{ID: "selama diperlukan", EN: "as long as it is needed"}
	case years == 0 || l.Days%365 > years:
		return simpul.Text{ID: fmt.Sprintf("%d hari", l.Days), EN: fmt.Sprintf("%d days", l.Days)}
	case years == 1:
		return simpul.Text{ID: "satu tahun", EN: "one year"}
	case years == 2:
		return simpul.Text{ID: "dua tahun", EN: "two years"}
	}
	return simpul.Text{ID: fmt.Sprintf("%d tahun", years), EN: fmt.Sprintf("%d years", years)}
}

func unnamed() error {
	return wrong("fields", simpul.Text{ID: "LID tertutup hanya memberi kolom yang disebut satu per satu.", EN: "A closed LID gives only fields that are named one by one."},
		simpul.Text{ID: "Pilih kolom yang benar-benar diperlukan.", EN: "Choose the fields that are really needed."})
}
