package catalog

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"simpul"
)

// Deprecation is when a LID ends, and what follows it.
type Deprecation struct {
	Since     string         `json:"since" doc:"Day from which nobody should build on it any more" example:"2026-12-01"`
	Sunset    string         `json:"sunset" doc:"First day on which it may answer no more; by default at least 90 days later" example:"2027-03-01"`
	Successor simpul.Address `json:"successor,omitempty" doc:"Address of a live LID to call instead" example:"master/Wilayah"`
	Reason    string         `json:"reason" maxLength:"500" doc:"Why, in a sentence for those who call it"`
}

// Timers say how long a LID stays in a step of its life cycle.
type Timers interface {
	// Due returns when a LID that enters the step at the time may leave it at the
	// earliest; the zero time where nothing is laid down.
	Due(step string, from time.Time) time.Time
}

// stepDeprecated is the step whose timer says how long a deprecated LID answers.
const stepDeprecated = "deprecated"

// customary is how long things take where the life cycle says nothing.
type customary struct{}

// noticePeriod is how long a LID, or an earlier version of one, goes on after its
// end was announced, days.
const noticePeriod = 90

func (customary) Due(_ string, from time.Time) time.Time { return from.AddDate(0, 0, noticePeriod) }

// wib is western Indonesian time, in which days begin here.
var wib = time.FixedZone("WIB", 7*60*60)

// dayOf is the beginning of the day in which the time lies.
func dayOf(t time.Time) time.Time {
	local := t.In(wib)
	return time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, wib)
}

// parseDay reads a day as its beginning.
func parseDay(text string) (time.Time, error) {
	return time.ParseInLocation(time.DateOnly, text, wib)
}

// instantOf is the beginning of a day that was checked when it was stored.
func instantOf(day string) time.Time {
	t, _ := parseDay(day)
	return t
}

func (d Deprecation) since() time.Time  { return instantOf(d.Since) }
func (d Deprecation) sunset() time.Time { return instantOf(d.Sunset) }

// ending is what whoever calls the LID is told; nil where no end is in sight.
func (l LID) ending() *simpul.Ending {
	d := l.Spec.Deprecation
	if l.Spec.State != Deprecated || d == nil {
		return nil
	}
	return &simpul.Ending{Since: d.since(), Sunset: d.sunset(), Successor: l.Successor}
}

// successor is what the spec says to call instead, once it counts.
func (s Spec) successor() simpul.Address {
	if s.Deprecation == nil || s.State != Deprecated && s.State != Retired {
		return ""
	}
	return s.Deprecation.Successor
}

// checkEnd checks what can be checked on any day.
func (s Spec) checkEnd() error {
	if s.OlderUntil != "" {
		if _, err := parseDay(s.OlderUntil); err != nil {
			return badDay("spec.olderUntil")
		}
	}
	d := s.Deprecation
	if d == nil {
		if s.State == Deprecated {
			return undated()
		}
		return nil
	}
	since, err := parseDay(d.Since)
	if err != nil {
		return badDay("spec.deprecation.since")
	}
	sunset, err := parseDay(d.Sunset)
	if err != nil {
		return badDay("spec.deprecation.sunset")
	}
	if !sunset.After(since) {
		return simpul.Invalid("spec.deprecation.sunset",
			simpul.Text{ID: "LID berakhir sebelum masa peralihannya mulai.", EN: "The LID ends before its deprecation begins."},
			simpul.Text{ID: "Tulis sunset yang lebih lambat daripada since.", EN: "Write a sunset that is later than since."})
	}
	if d.Successor != "" {
		if _, err := simpul.ParseAddress(string(d.Successor)); err != nil {
			return simpul.At("spec.deprecation.successor", err)
		}
	}
	return d.checkReason()
}

func (d Deprecation) checkReason() error {
	if n := utf8.RuneCountInString(strings.TrimSpace(d.Reason)); n >= 10 && utf8.ValidString(d.Reason) && !strings.ContainsFunc(d.Reason, control) {
		return nil
	}
	return simpul.Invalid("spec.deprecation.reason",
		simpul.Text{ID: "Alasan LID ini berakhir belum ditulis, atau tidak terbaca.", EN: "Why the LID ends is missing, or cannot be read."},
		simpul.Text{ID: "Tulis satu kalimat, paling sedikit 10 huruf; semua pemakai membacanya.", EN: "Write a sentence of at least 10 letters; everybody who calls it reads it."})
}

func control(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f }

func badDay(place string) error {
	return simpul.Invalid(place,
		simpul.Text{ID: "Tanggal tidak sah.", EN: "The date is not valid."},
		simpul.Text{ID: "Tulis sebagai tahun-bulan-hari, misalnya 2027-03-01.", EN: "Write it as year-month-day, such as 2027-03-01."})
}

func undated() error {
	return simpul.Invalid("spec.deprecation",
		simpul.Text{ID: "LID tidak dapat diakhiri tanpa tanggal dan alasannya.", EN: "A LID cannot be deprecated without its dates and the reason."},
		simpul.Text{ID: "Tulis deprecation: since, sunset, reason, dan successor bila ada.", EN: "Write deprecation: since, sunset, reason, and successor if there is one."})
}

// dayWords writes a day in both languages, for letters; screens use web.Date.
func dayWords(t time.Time) simpul.Text {
	months := [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}
	local := t.In(wib)
	return simpul.Text{
		ID: strconv.Itoa(local.Day()) + " " + months[local.Month()-1] + " " + strconv.Itoa(local.Year()),
		EN: local.Format("2 January 2006"),
	}
}
