package incident

import (
	"context"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/testkit"
)

func TestZoneOfRegion(t *testing.T) {
	for code, want := range map[string]Zone{
		"11": WIB, "21": WIB, "31": WIB, "32.73": WIB, "36": WIB, "61": WIB, "62.71": WIB, // Aceh to Banten, the west of Kalimantan
		"51": WITA, "53.71": WITA, "63": WITA, "64.72": WITA, "65": WITA, "71": WITA, "73.71": WITA, "76": WITA, // Bali, the east of Kalimantan, Sulawesi
		"81": WIT, "82": WIT, "91.71": WIT, "92": WIT, "93": WIT, "94": WIT, "95": WIT, "96": WIT, // Maluku, Papua and what it was divided into
		"": "", "4": "", "41": "", "00": "", "Bali": "",
	} {
		if got, ok := ZoneOfRegion(code); got != want || ok != (want != "") {
			t.Errorf("%q is in %q, %v; want %q", code, got, ok, want)
		}
	}
	for ahead, want := range map[time.Duration]Zone{7 * time.Hour: WIB, 8 * time.Hour: WITA, 9 * time.Hour: WIT, 0: WIB, -5 * time.Hour: WIB} {
		if got := ZoneOfOffset(ahead); got != want {
			t.Errorf("%v ahead is %q, want %q", ahead, got, want)
		}
	}
}

// One moment is read on the clock of each office, also where the term ends in the
// next year there and not yet in Jakarta. The term itself is the same for all.
func TestTheTermOnEachClock(t *testing.T) {
	known := time.Date(2026, 12, 28, 15, 30, 0, 0, time.UTC) // and due three days later
	for _, test := range []struct {
		zone          Zone
		noted         string // as somebody of that office writes it
		id, en, short string
		json          string
	}{
		{WIB, "2026-12-28T22:30", "31 Desember 2026 pukul 22.30 WIB", "31 December 2026, 22:30 WIB", "31 Des 2026 22.30 WIB", "2026-12-31T22:30:00+07:00"},
		{WITA, "2026-12-28T23:30", "31 Desember 2026 pukul 23.30 WITA", "31 December 2026, 23:30 WITA", "31 Des 2026 23.30 WITA", "2026-12-31T23:30:00+08:00"},
		{WIT, "2026-12-29T00:30", "1 Januari 2027 pukul 00.30 WIT", "1 January 2027, 00:30 WIT", "1 Jan 2027 00.30 WIT", "2027-01-01T00:30:00+09:00"},
	} {
		r := newRoomAt(testkit.SQLite(t), leak())
		r.time = known.Add(time.Hour)
		r.from.Zone = func(context.Context, simpul.AgencyID) Zone { return test.zone }
		w := wish()
		w.Noted = test.noted
		c, err := r.Note(t.Context(), budi, w)
		if err != nil {
			t.Fatal(err)
		}
		if c.Question.Zone != test.zone || !c.NotedAt.Equal(known) || !c.DueAt().Equal(known.Add(72*time.Hour)) {
			t.Errorf("%s: %v in %s", test.zone, c.NotedAt, c.Question.Zone)
		}
		if due := moment(c.DueAt(), c.Question.Zone); due.ID != test.id || due.EN != test.en {
			t.Errorf("%s: %+v", test.zone, due)
		}
		if got := localMoment(t.Context(), c.DueAt(), c.Question.Zone); got != test.short {
			t.Errorf("%s: %q on the page, want %q", test.zone, got, test.short)
		}
		if told := r.desk.told[0]; !strings.Contains(told.Body.ID, test.id) || !strings.Contains(told.Body.EN, test.en) {
			t.Errorf("%s: told %+v", test.zone, told.Body)
		}
		if letter := printed(t, "surat-"+string(test.zone)+".pdf", exported(t, r.Service, budi, c.ID, File{Format: PDFAuthority})); !strings.Contains(letter, test.id) {
			t.Errorf("%s: the letter lacks %q", test.zone, test.id)
		}
		if body := bodyOf(c); body.DueAt.Format(time.RFC3339) != test.json {
			t.Errorf("%s: the API says %v", test.zone, body.DueAt)
		}
	}
}

// Who writes another zone than the office's is read so.
func TestAZoneThatIsWritten(t *testing.T) {
	r := newRoomAt(testkit.SQLite(t), leak())
	r.from.Zone = func(context.Context, simpul.AgencyID) Zone { return WIT }
	w := wish()
	w.Zone, w.Noted = "wib", "2026-11-25T11:00"
	c, err := r.Note(t.Context(), budi, w)
	if err != nil || c.Question.Zone != WIB || !c.NotedAt.Equal(noon.Add(-time.Hour)) {
		t.Errorf("%v in %s, %v", c.NotedAt, c.Question.Zone, err)
	}
}
