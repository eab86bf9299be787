package portal

import (
	"testing"
	"time"

	"simpul"
)

func TestHomeShowsTheFiguresOfTheHub(t *testing.T) {
	s := &stage{figures: Figures{Agencies: 582, LIDs: 17, Exchanges: 12_345, Delivered: 12_001, Median: 1900 * time.Microsecond},
		call: &FirstCall{Title: "Provinsi", Address: "master/Provinsi", Command: "curl https://hub.example.go.id/master/Provinsi"}}
	page := s.get(t, "/").Body.String()
	contains(t, page, "582", "17", "12.345", "12.001 dijawab penyedia", "1,9 ms", "169.071 sambungan",
		"5 × 4 = 20", "5 + 4 = 9", "curl https://hub.example.go.id/master/Provinsi", `href="/catalog"`, `href="/panduan"`)
	if want := time.Date(2026, 11, 22, 17, 0, 0, 0, time.UTC); !s.since.Equal(want) {
		t.Errorf("today began at %v, want %v", s.since.UTC(), want)
	}
	contains(t, s.get(t, "/?lang=en").Body.String(), "12,001 answered by the provider", "169,071 connections")
}

func TestHomeOfAnEmptyHubPretendsNothing(t *testing.T) {
	page := (&stage{}).get(t, "/").Body.String()
	contains(t, page, "belum ada sejak tengah malam", "Belum ada LID terbuka yang terbit")
	lacks(t, page, "curl", "0 ms", "tersambung langsung, diperlukan")
}

func TestHostileTitlesStayText(t *testing.T) {
	s := &stage{call: &FirstCall{Title: hostile, Command: hostile}, agencies: []Agency{{ID: hostile, Name: hostile, Level: hostile, LIDs: 1}}, records: someRecords()}
	s.records[0].Purpose, s.records[0].Consumer.Application = hostile, hostile+"@x.go.id"
	s.records[0].Address = simpul.Address(hostile)
	s.as(simpul.RoleOperator, "")
	for _, target := range []string{"/", "/panduan", "/agencies", "/agencies?q=%22%3E%3Cscript%3E", "/exchanges", "/exchanges?lid=%22%3E%3Cscript%3E", "/exchanges?cursor=%22%3E%3Cscript%3E", "/exchanges/" + string(third), "/exchanges/%3Cscript%3E"} {
		lacks(t, s.get(t, target).Body.String(), "<script>", "alert('x')</")
	}
}

func TestStartOfDayIsMidnightInJakarta(t *testing.T) {
	for at, want := range map[string]string{
		"2026-11-23T16:59:59Z": "2026-11-22T17:00:00Z",
		"2026-11-23T17:00:00Z": "2026-11-23T17:00:00Z",
		"2026-01-01T00:00:00Z": "2025-12-31T17:00:00Z",
	} {
		now, _ := time.Parse(time.RFC3339, at)
		if got := startOfDay(now).UTC().Format(time.RFC3339); got != want {
			t.Errorf("%s: got %s, want %s", at, got, want)
		}
	}
}

func TestWeaveCountsWhatItDraws(t *testing.T) {
	for _, c := range []struct {
		w    weave
		want int
	}{
		{weave{applications: 5, sources: 4}, 20},
		{weave{applications: 5, sources: 4, hub: true}, 9},
		{weave{applications: 1, sources: 1}, 1},
		{weave{hub: true}, 0},
	} {
		if got := len(c.w.connections()); got != c.want {
			t.Errorf("%+v: %d connections, want %d", c.w, got, c.want)
		}
		for _, line := range c.w.connections() {
			for _, p := range []point{line.from, line.to} {
				if p.x < 0 || p.x > weaveWidth || p.y < 0 || p.y > weaveHeight {
					t.Errorf("%+v: %v is outside the picture", c.w, p)
				}
			}
		}
	}
}

// Figures and lists say when they lack what was recorded last.
func TestWhatIsNotInYetIsSaid(t *testing.T) {
	s := &stage{behind: 1234, figures: Figures{Exchanges: 5, Delivered: 5, Behind: 1234}, records: someRecords()}
	s.as(simpul.RoleOperator, "")
	for _, target := range []string{"/", "/exchanges"} {
		contains(t, s.get(t, target).Body.String(), "1.234 catatan terbaru belum masuk")
	}
	s.behind, s.figures.Behind = 0, 0
	for _, target := range []string{"/", "/exchanges"} {
		lacks(t, s.get(t, target).Body.String(), "belum masuk")
	}
}
