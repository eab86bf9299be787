package traffic

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"simpul"
)

// Spec is what may be used of one subject: a grant, an application, an agency as
// consumer, or a LID. The resource's ID is the subject's written form. What is
// absent is not limited.
type Spec struct {
	RatePerMinute int    `json:"ratePerMinute,omitempty" minimum:"1" maximum:"10000000" doc:"Calls a minute, refilled evenly. A grant has its own: write it there"`
	Burst         int    `json:"burst,omitempty" minimum:"1" maximum:"10000000" doc:"Calls that may come at once after a rest; as many as ratePerMinute when absent"`
	PerDay        int64  `json:"perDay,omitempty" minimum:"1" maximum:"1000000000000" doc:"Calls from midnight to midnight, in the time zone of the hub (Asia/Jakarta unless configured)"`
	PerMonth      int64  `json:"perMonth,omitempty" minimum:"1" maximum:"1000000000000" doc:"Calls in a calendar month, in the same zone"`
	Concurrent    int    `json:"concurrent,omitempty" minimum:"1" maximum:"10000" doc:"Calls under way at one time"`
	Note          string `json:"note,omitempty" maxLength:"500" doc:"Why the limit is as it is; whoever it limits can read it"`
}

// validate checks what can be known without the database.
func (s Spec) validate(on simpul.Subject) error {
	switch {
	case s.RatePerMinute == 0 && s.Burst == 0 && s.PerDay == 0 && s.PerMonth == 0 && s.Concurrent == 0:
		return simpul.Invalid("spec",
			simpul.Text{ID: "Batas ini tidak membatasi apa pun.", EN: "This limit limits nothing."},
			simpul.Text{ID: "Isi sedikitnya satu dari ratePerMinute, perDay, perMonth atau concurrent.", EN: "Set at least one of ratePerMinute, perDay, perMonth or concurrent."})
	case on.Kind == simpul.SubjectGrant && s.RatePerMinute > 0:
		return simpul.Invalid("spec.ratePerMinute",
			simpul.Text{ID: "Laju sebuah izin ditulis pada izin itu sendiri.", EN: "The rate of a grant is written in the grant itself."},
			simpul.Text{ID: "Ubah ratePerMinute pada izin " + on.ID + "; di sini isi burst, perDay, perMonth atau concurrent.", EN: "Change ratePerMinute of grant " + on.ID + "; set burst, perDay, perMonth or concurrent here."})
	case on.Kind != simpul.SubjectGrant && s.Burst > 0 && s.RatePerMinute == 0:
		return simpul.Invalid("spec.burst",
			simpul.Text{ID: "burst tanpa ratePerMinute tidak berarti.", EN: "burst means nothing without ratePerMinute."},
			simpul.Text{ID: "Isi juga ratePerMinute, atau hapus burst.", EN: "Set ratePerMinute too, or remove burst."})
	case s.PerDay > 0 && s.PerMonth > 0 && s.PerDay > s.PerMonth:
		return simpul.Invalid("spec.perDay",
			simpul.Text{ID: fmt.Sprintf("Kuota sehari (%d) melebihi kuota sebulan (%d).", s.PerDay, s.PerMonth), EN: fmt.Sprintf("The quota of a day (%d) is above that of a month (%d).", s.PerDay, s.PerMonth)},
			simpul.Text{ID: "Turunkan perDay, atau naikkan perMonth.", EN: "Lower perDay, or raise perMonth."})
	}
	return plain(s.Note)
}

func plain(note string) error {
	if utf8.ValidString(note) && !strings.ContainsFunc(note, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return nil
	}
	return simpul.Invalid("spec.note",
		simpul.Text{ID: "Catatan memuat karakter kendali.", EN: "The note holds control characters."},
		simpul.Text{ID: "Tulis catatan dalam satu baris.", EN: "Write the note on one line."})
}
