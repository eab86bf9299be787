package lifecycle

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"simpul"
)

// HolidayKind is why a day is not worked on.
type HolidayKind string

const (
	National   HolidayKind = "national"   // hari libur nasional
	Collective HolidayKind = "collective" // cuti bersama
)

// Holiday is one day that is not worked on.
type Holiday struct {
	Date Day         `json:"date" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" example:"2027-01-01"`
	Name Names       `json:"name"`
	Kind HolidayKind `json:"kind" enum:"national,collective" doc:"Public holiday (libur nasional), or collective leave (cuti bersama)"`
}

// HolidaySpec is the holidays of one year.
type HolidaySpec struct {
	Source    string    `json:"source" maxLength:"500" pattern:"^\\P{Cc}*$" patternDescription:"free of control characters" doc:"The decree" example:"SKB 3 Menteri Nomor 1497 Tahun 2025, Nomor 2 Tahun 2025, Nomor 5 Tahun 2025"`
	SourceURL string    `json:"sourceUrl,omitempty" maxLength:"500" doc:"Where the decree can be read"`
	Verified  bool      `json:"verified" doc:"Somebody has compared these days with the decree"`
	Note      string    `json:"note,omitempty" maxLength:"1000" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters"`
	Days      []Holiday `json:"days" maxItems:"100"`
}

const mostHolidays = 100

var kindHoliday = simpul.Text{ID: "Kalender tahun", EN: "Calendar of the year"}

// parseYear accepts a year of four digits, as the calendar knows them.
func parseYear(s string) (int, error) {
	if _, err := ParseDay(s + "-01-01"); err == nil && len(s) == 4 {
		return strconv.Atoi(s)
	}
	return 0, simpul.Invalid("metadata.id",
		simpul.Text{ID: "\"" + clip(s, 20) + "\" bukan tahun.", EN: "\"" + clip(s, 20) + "\" is not a year."},
		simpul.Text{ID: "Tulis tahun empat angka, misalnya 2027.", EN: "Write a year of four digits, such as 2027."})
}

// Validate checks the holidays of a year.
func (s HolidaySpec) Validate(year int) error {
	if strings.TrimSpace(s.Source) == "" {
		return simpul.Invalid("spec.source", simpul.Text{ID: "Dasar hari liburnya belum disebut.", EN: "What the holidays are based on is not named."},
			simpul.Text{ID: "Tulis nomor SKB atau peraturannya.", EN: "Write the number of the decree or regulation."})
	}
	if err := words("spec.source", s.Source, 500); err != nil {
		return err
	}
	if err := words("spec.note", s.Note, longestText); err != nil {
		return err
	}
	if err := checkURL(s.SourceURL); err != nil {
		return err
	}
	if len(s.Days) > mostHolidays {
		return simpul.Invalid("spec.days", simpul.Text{ID: "Satu tahun memuat paling banyak 100 hari libur.", EN: "A year has at most 100 holidays."},
			simpul.Text{ID: "Jangan menuliskan akhir pekan; hub menghitungnya sendiri.", EN: "Do not write weekends; the hub counts them by itself."})
	}
	seen := map[Day]bool{}
	for i, h := range s.Days {
		place := fmt.Sprintf("spec.days[%d]", i)
		if err := h.check(year, place); err != nil {
			return err
		}
		if seen[h.Date] {
			return twice(place+".date", string(h.Date))
		}
		seen[h.Date] = true
	}
	return nil
}

func checkURL(s string) error {
	u, err := url.Parse(s)
	if s == "" || err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(s) <= 500 {
		return nil
	}
	return simpul.Invalid("spec.sourceUrl", simpul.Text{ID: "Alamat sumbernya bukan URL http atau https.", EN: "The address of the source is no http or https URL."},
		simpul.Text{ID: "Tulis alamat lengkap, atau kosongkan.", EN: "Write the whole address, or leave it empty."})
}

func (h Holiday) check(year int, place string) error {
	day, err := ParseDay(string(h.Date))
	if err != nil {
		return simpul.At(place+".date", err)
	}
	if day.begin().Year() != year {
		return simpul.Invalid(place+".date",
			simpul.Text{ID: fmt.Sprintf("%s tidak berada dalam tahun %d.", day, year), EN: fmt.Sprintf("%s is not in the year %d.", day, year)},
			simpul.Text{ID: "Simpan hari itu pada kalender tahunnya sendiri.", EN: "Keep that day in the calendar of its own year."})
	}
	if h.Kind != National && h.Kind != Collective {
		return unknownChoice(place+".kind", string(h.Kind), "national, collective")
	}
	if strings.TrimSpace(h.Name.ID) == "" {
		return simpul.Invalid(place+".name.id", simpul.Text{ID: "Hari " + string(day) + " tidak bernama.", EN: "The day " + string(day) + " has no name."},
			simpul.Text{ID: "Tulis namanya, misalnya Tahun Baru 2027 Masehi.", EN: "Write its name, such as New Year's Day."})
	}
	if err := words(place+".name", h.Name.ID, 200); err != nil {
		return err
	}
	return words(place+".name", h.Name.EN, 200)
}
