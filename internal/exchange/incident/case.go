package incident

import (
	"strings"
	"time"
	"unicode/utf8"

	"simpul"
)

// Term is how long after an incident was noted the notice is due: 3 × 24 hours
// (UU 27/2022 article 46 paragraph 1).
const Term = 72 * time.Hour

const (
	longestPeriod = 366 * 24 * time.Hour // that one question may ask about
	longestWords  = 2000                 // of a note, characters
)

// Zone is a time zone of Indonesia, in which an office reads the clock.
type Zone string

// The zones, none of which has summer time.
const (
	WIB  Zone = "WIB"  // UTC+7
	WITA Zone = "WITA" // UTC+8
	WIT  Zone = "WIT"  // UTC+9
)

// Zones lists them from west to east.
func Zones() []Zone { return []Zone{WIB, WITA, WIT} }

// ParseZone accepts the name of a zone; the empty text is WIB.
func ParseZone(s string) (Zone, error) {
	switch z := Zone(strings.ToUpper(strings.TrimSpace(s))); z {
	case "":
		return WIB, nil
	case WIB, WITA, WIT:
		return z, nil
	}
	return "", simpul.Invalid("zone",
		simpul.Text{ID: "Zona waktu tidak dikenal.", EN: "The time zone is unknown."},
		simpul.Text{ID: "Pilih WIB, WITA, atau WIT.", EN: "Choose WIB, WITA or WIT."})
}

// Location is the zone as package time knows it.
func (z Zone) Location() *time.Location {
	hours := map[Zone]int{WITA: 8, WIT: 9}[z]
	if hours == 0 {
		hours = 7
	}
	return time.FixedZone(string(z), hours*3600)
}

// Question is what is asked of the records.
type Question struct {
	Application simpul.ApplicationID `json:"application"`
	LID         simpul.Address       `json:"lid,omitempty"` // empty: every LID
	From        time.Time            `json:"from"`
	Until       time.Time            `json:"until"` // not included
	Zone        Zone                 `json:"zone"`  // in which its days are counted
}

// Wish is a question as somebody writes it, times as in 2026-11-25T08:00.
type Wish struct {
	Application, LID, From, Until, Zone string
	Noted                               string // when the incident was noted; empty for now
}

// moments that people write, and that browsers send.
var layouts = []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateOnly}

// parseMoment reads a time on the clock of the zone, or one with an offset.
func parseMoment(place, text string, zone Zone) (time.Time, error) {
	text = strings.TrimSpace(text)
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, text, zone.Location()); err == nil {
			return t, plausible(place, t)
		}
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, plausible(place, t)
	}
	return time.Time{}, simpul.Invalid(place,
		simpul.Text{ID: "Waktu tidak terbaca.", EN: "The time cannot be read."},
		simpul.Text{ID: "Tulis seperti 2026-11-25T08:00.", EN: "Write it like 2026-11-25T08:00."})
}

// plausible refuses years that no record can be of.
func plausible(place string, t time.Time) error {
	if y := t.Year(); y >= 2000 && y < 2200 {
		return nil
	}
	return simpul.Invalid(place,
		simpul.Text{ID: "Tahunnya tidak masuk akal.", EN: "The year makes no sense."},
		simpul.Text{ID: "Periksa tahun yang Anda tulis.", EN: "Check the year that you wrote."})
}

// question reads a wish.
func (w Wish) question() (q Question, err error) {
	if q.Zone, err = ParseZone(w.Zone); err != nil {
		return q, err
	}
	if q.Application, err = simpul.ParseApplicationID(strings.TrimSpace(w.Application)); err != nil {
		return q, simpul.At("application", err)
	}
	if lid := strings.TrimSpace(w.LID); lid != "" {
		if q.LID, err = simpul.ParseAddress(lid); err != nil {
			return q, simpul.At("lid", err)
		}
	}
	if q.From, err = parseMoment("from", w.From, q.Zone); err != nil {
		return q, err
	}
	if q.Until, err = parseMoment("until", w.Until, q.Zone); err != nil {
		return q, err
	}
	return q, q.check()
}

func (q Question) check() error {
	switch period := q.Until.Sub(q.From); {
	case period <= 0:
		return simpul.Invalid("until",
			simpul.Text{ID: "Waktu akhir tidak sesudah waktu awal.", EN: "The end is not after the beginning."},
			simpul.Text{ID: "Periksa kedua waktu; waktu akhir sendiri tidak termasuk.", EN: "Check the two times; the end itself is not included."})
	case period > longestPeriod:
		return simpul.Invalid("until",
			simpul.Text{ID: "Rentang waktu lebih dari setahun.", EN: "The time spans more than a year."},
			simpul.Text{ID: "Catat satu insiden untuk tiap tahun.", EN: "Note one incident for each year."})
	}
	return nil
}

// noted reads when the incident was noted: now, or a moment before it.
func (w Wish) noted(zone Zone, now time.Time) (time.Time, error) {
	if strings.TrimSpace(w.Noted) == "" {
		return now, nil
	}
	t, err := parseMoment("noted", w.Noted, zone)
	if err == nil && (t.After(now) || now.Sub(t) > longestPeriod) {
		err = simpul.Invalid("noted",
			simpul.Text{ID: "Saat insiden diketahui tidak boleh di masa depan atau lebih dari setahun lalu.", EN: "The moment when the incident was noted cannot be in the future or more than a year ago."},
			simpul.Text{ID: "Tulis saat instansi mengetahui insiden ini; tenggat dihitung dari situ.", EN: "Write when the agency learnt of the incident; the deadline counts from there."})
	}
	return t, err
}

// Case is an incident as it was noted.
type Case struct {
	ID        string
	Agency    simpul.AgencyID // whose case it is; empty for the nation's
	Question  Question
	NotedAt   time.Time
	NotedBy   string
	Answer    Answer // as it was counted last
	ClosedAt  time.Time
	ClosedBy  string
	CreatedAt time.Time
	Notes     []Note // not in a list
}

// Note is what somebody wrote about a case.
type Note struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	Text string    `json:"text"`
}

// DueAt is until when the notice is due.
func (c Case) DueAt() time.Time { return c.NotedAt.Add(Term) }

// Closed reports whether the case has ended.
func (c Case) Closed() bool { return !c.ClosedAt.IsZero() }

// Left is how much of the term is left; below zero once it has passed.
func (c Case) Left(now time.Time) time.Duration { return c.DueAt().Sub(now) }

// scope is that within which the case is answered, whoever looks.
func (c Case) scope() simpul.Scope {
	if c.Agency == "" {
		return simpul.NationScope()
	}
	return simpul.AgencyScope(c.Agency)
}

// words checks what somebody wrote.
func words(place, text string) (string, error) {
	text = strings.TrimSpace(text)
	odd := func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f }
	if text != "" && utf8.ValidString(text) && utf8.RuneCountInString(text) <= longestWords && !strings.ContainsFunc(text, odd) {
		return text, nil
	}
	return "", simpul.Invalid(place,
		simpul.Text{ID: "Catatan kosong, terlalu panjang, atau memuat karakter kendali.", EN: "The note is empty, too long, or holds control characters."},
		simpul.Text{ID: "Tulis paling banyak 2.000 karakter, tanpa data pribadi.", EN: "Write at most 2,000 characters, without personal data."})
}
