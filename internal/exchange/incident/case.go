package incident

import (
	"strings"
	"time"
	"unicode/utf8"

	"simpul"
)

// Term is how long after an incident became known the notice is due: 3 × 24 hours
// (UU 27/2022 article 46 paragraph 1).
const Term = 72 * time.Hour

const (
	longestPeriod = 366 * 24 * time.Hour // that one question may ask about
	longestWords  = 2000                 // of a note, characters
)

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
	Application, LID, From, Until, Zone string // an empty zone is the office's own
	Noted                               string // when the incident became known; empty for now
}

// moments that people write, and that browsers send.
var layouts = []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateOnly}

// parseMoment reads a time on the clock of the zone, or one with an offset.
func parseMoment(place, text string, zone Zone) (time.Time, error) {
	text = strings.TrimSpace(text)
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, text, zone.Location()); err == nil {
			return t.UTC(), plausible(place, t)
		}
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC(), plausible(place, t)
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
func (w Wish) question(office Zone) (q Question, err error) {
	if q.Zone, err = ParseZone(w.Zone, office); err != nil {
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

// noted reads when the incident became known: now, or a moment before it.
func (w Wish) noted(zone Zone, now time.Time) (time.Time, error) {
	if strings.TrimSpace(w.Noted) == "" {
		return now, nil
	}
	return parseNoted(w.Noted, zone, now)
}

func parseNoted(text string, zone Zone, now time.Time) (time.Time, error) {
	t, err := parseMoment("noted", text, zone)
	if err == nil && (t.After(now) || now.Sub(t) > longestPeriod) {
		err = simpul.Invalid("noted",
			simpul.Text{ID: "Saat insiden diketahui tidak boleh di masa depan atau lebih dari setahun lalu.", EN: "The moment when the incident became known cannot be in the future or more than a year ago."},
			simpul.Text{ID: "Tulis saat instansi mengetahui insiden ini; tenggat dihitung dari situ.", EN: "Write when the agency learnt of the incident; the deadline counts from there."})
	}
	return t, err
}

// Case is an incident as it was noted.
type Case struct {
	ID          string
	Agency      simpul.AgencyID // whose case it is; empty for the nation's
	Question    Question
	NotedAt     time.Time // when it became known: the term counts from here
	NotedBy     string
	Handler     simpul.AccountID // of who noted it, and is told of the term; empty for a program
	Clock       int64            // how often NotedAt was changed
	told        stage            // what people were told of the term
	Answer      Answer           // as it was counted last
	PersonsAt   time.Time        // when those affected got the notice; zero: not yet
	AuthorityAt time.Time        // when the institution got it; zero: not yet
	HeldAt      time.Time        // since when it is kept whatever retention says; zero: it is not
	HeldBy      string
	HeldWhy     string
	ClosedAt    time.Time
	ClosedBy    string
	CreatedAt   time.Time
	Notes       []Note // not in a list
}

// Deed is what a note tells that somebody did; empty for words alone.
type Deed string

// The deeds.
const (
	ToldPersons   Deed = "persons"   // the notice went to those affected, at Is
	ToldAuthority Deed = "authority" // and to the institution
	ToldBoth      Deed = "both"
	Redated       Deed = "noted" // NotedAt was changed from Was to Is
	Held          Deed = "hold"
	Released      Deed = "release"
	Closed        Deed = "close"
)

// Note is what somebody wrote about a case. Nobody changes it.
type Note struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	Deed Deed      `json:"deed,omitempty" doc:"What the note tells that was done: persons, authority or both were given the notice; noted, hold, release, close"`
	Was  time.Time `json:"was,omitzero"`
	Is   time.Time `json:"is,omitzero"`
	Text string    `json:"text"`
}

// DueAt is until when the notice is due.
func (c Case) DueAt() time.Time { return c.NotedAt.Add(Term) }

// Closed reports whether the case has ended.
func (c Case) Closed() bool { return !c.ClosedAt.IsZero() }

// Reported reports whether everybody has got the notice.
func (c Case) Reported() bool { return !c.PersonsAt.IsZero() && !c.AuthorityAt.IsZero() }

// ReportedAt is when the last of them got it, once all have.
func (c Case) ReportedAt() time.Time {
	if c.PersonsAt.After(c.AuthorityAt) {
		return c.PersonsAt
	}
	return c.AuthorityAt
}

// Held reports whether the case is kept whatever retention says.
func (c Case) Held() bool { return !c.HeldAt.IsZero() }

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
