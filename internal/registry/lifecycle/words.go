package lifecycle

import (
	"fmt"
	"time"

	"simpul"
)

var (
	weekdaysID = [...]string{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"}
	monthsID   = [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}
)

// dayWords writes a day in full: "Senin, 30 November 2026".
func dayWords(t time.Time, l simpul.Language) string {
	t = t.In(wib)
	if l == simpul.English {
		return t.Format("Monday, 2 January 2006")
	}
	return fmt.Sprintf("%s, %d %s %d", weekdaysID[t.Weekday()], t.Day(), monthsID[t.Month()-1], t.Year())
}

// dueWords writes when something is due, and how far away that is: "Senin, 30
// November 2026, 3 hari kerja lagi".
func (s *Service) dueWords(due, now time.Time) simpul.Text {
	far := s.farWords(due, now)
	return simpul.Text{ID: dayWords(due, simpul.Indonesian) + ", " + far.ID, EN: dayWords(due, simpul.English) + ", " + far.EN}
}

// manyDays is from how far away working days say less than days of the calendar.
const manyDays = 60

func (s *Service) farWords(due, now time.Time) simpul.Text {
	from, to := DayOf(now), DayOf(due)
	if calendar := int(to.begin().Sub(from.begin()) / (24 * time.Hour)); calendar > manyDays {
		return simpul.Text{ID: fmt.Sprintf("%d hari lagi", calendar), EN: fmt.Sprintf("in %d days", calendar)}
	}
	n := s.WorkingDays().Between(from, to)
	switch {
	case due.Before(now) && n == 0:
		return simpul.Text{ID: "terlambat", EN: "late"}
	case due.Before(now):
		return simpul.Text{ID: fmt.Sprintf("terlambat %d hari kerja", -n), EN: "late by " + countDays(-n)}
	case from == to:
		return simpul.Text{ID: "hari ini", EN: "today"}
	case n == 0:
		return simpul.Text{ID: "sebelum hari kerja berikutnya", EN: "before the next working day"}
	}
	return simpul.Text{ID: fmt.Sprintf("%d hari kerja lagi", n), EN: "in " + countDays(n)}
}

func countDays(n int) string {
	if n == 1 {
		return "1 working day"
	}
	return fmt.Sprintf("%d working days", n)
}

// timerWords writes how long a step may take.
func timerWords(t *Timer) simpul.Text {
	if t == nil {
		return simpul.Text{ID: "tanpa batas waktu", EN: "no time limit"}
	}
	plural := "s"
	if t.Length == 1 {
		plural = ""
	}
	switch t.Unit {
	case Days:
		return simpul.Text{ID: fmt.Sprintf("%d hari kalender", t.Length), EN: fmt.Sprintf("%d calendar day%s", t.Length, plural)}
	case Years:
		return simpul.Text{ID: fmt.Sprintf("%d tahun", t.Length), EN: fmt.Sprintf("%d year%s", t.Length, plural)}
	}
	return simpul.Text{ID: fmt.Sprintf("%d hari kerja", t.Length), EN: fmt.Sprintf("%d working day%s", t.Length, plural)}
}

func ownerWords(o Owner) simpul.Text {
	switch o {
	case ByProvider:
		return simpul.Text{ID: "penyedia", EN: "provider"}
	case ByOperator:
		return simpul.Text{ID: "operator nasional", EN: "national operator"}
	case ByConsumer:
		return simpul.Text{ID: "pemanfaat", EN: "consumer"}
	}
	return simpul.Text{ID: "hub", EN: "the hub"}
}

func stateWords(s State) simpul.Text {
	switch s {
	case Draft:
		return simpul.Text{ID: "Rancangan", EN: "Draft"}
	case Published:
		return simpul.Text{ID: "Terbit", EN: "Published"}
	case Deprecated:
		return simpul.Text{ID: "Akan berakhir", EN: "Deprecated"}
	case Retired:
		return simpul.Text{ID: "Pensiun", EN: "Retired"}
	}
	return simpul.Text{ID: "Permohonan", EN: "Request"}
}

// escalateWords says who is told when a step is late.
func escalateWords(e *Escalation) simpul.Text {
	if e == nil {
		return simpul.Text{}
	}
	who := simpul.Text{ID: "pemegang izin " + string(e.Permission), EN: "holders of " + string(e.Permission)}
	switch e.Permission {
	case simpul.WriteAgencies:
		who = simpul.Text{ID: "admin", EN: "the administrators"}
	case simpul.ApproveAgencies, simpul.RegisterLIDs:
		who = simpul.Text{ID: "operator", EN: "the operators"}
	}
	if e.Level == LevelNation {
		return simpul.Text{ID: who.ID + " nasional", EN: who.EN + " of the nation"}
	}
	return simpul.Text{ID: who.ID + " instansi penyedia", EN: who.EN + " of the provider's agency"}
}

// DuePath is the page of what is due.
const DuePath = "/tenggat"
