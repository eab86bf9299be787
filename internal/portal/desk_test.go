package portal

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"simpul"
)

func deskOf(tasks ...Task) *stage {
	s := &stage{tasks: tasks, worker: Worker{Name: "Siti", Agency: "Pemerintah Kota Bandung", Roles: []string{"Admin instansi", "Pemanfaat"}}}
	return s.as(simpul.RoleAdmin, "bandungkota.go.id")
}

func TestTheDeskIsTheReadersOwn(t *testing.T) {
	s := deskOf()
	s.figures = Figures{Exchanges: 12, Delivered: 9, Median: 12 * time.Millisecond}
	w := s.get(t, "/")
	if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("got %d %v", w.Code, w.Header())
	}
	contains(t, w.Body.String(), "Halo, Siti", "Admin instansi, Pemanfaat · Pemerintah Kota Bandung", "Tidak ada yang menunggu", "Semua tugas Anda sudah beres")
	if s.scope != simpul.AgencyScope("bandungkota.go.id") || !s.since.Equal(time.Date(2026, 11, 22, 17, 0, 0, 0, time.UTC)) {
		t.Errorf("counted %v since %v", s.scope, s.since)
	}
	lacks(t, (&stage{}).get(t, "/").Body.String(), "Halo,", "Menunggu Anda")
}

func TestTasksStandInTheOrderOfTheirDates(t *testing.T) {
	page := deskOf(
		Task{Title: "tanpa tanggal", Href: "/a"},
		Task{Title: "pekan depan", Href: "/b", Due: morning.AddDate(0, 0, 7)},
		Task{Title: "terlambat", Href: "/c", Due: morning.Add(-time.Hour)},
		Task{Title: "besok", Href: "/d", Due: morning.Add(24 * time.Hour)},
	).get(t, "/").Body.String()
	at := -1
	for _, title := range []string{"terlambat", "besok", "pekan depan", "tanpa tanggal"} {
		i := strings.Index(page, title)
		if i <= at {
			t.Errorf("%q stands at %d, after %d", title, i, at)
		}
		at = i
	}
	contains(t, page, "1 tugas sudah lewat tenggat", "Lewat tenggat sejak", "Tanpa tenggat", `href="/c"`)
}

func TestTheDeskTeachesTheNextStep(t *testing.T) {
	s := deskOf(Task{Title: hostile, Text: hostile, Href: "/x"})
	s.beginnings = []Beginning{{simpul.Text{ID: "Daftarkan aplikasi", EN: "Register an application"}, simpul.Text{ID: "Satu kunci.", EN: "One key."}, simpul.Text{ID: "Daftarkan", EN: "Register"}, "/aplikasi/baru"}}
	contains(t, s.get(t, "/").Body.String(), "Langkah berikutnya", "Daftarkan aplikasi", `href="/aplikasi/baru"`)
	english := s.get(t, "/?lang=en").Body.String()
	contains(t, english, "Next steps", "Register an application", "1 task is waiting")
	lacks(t, english, "<script>alert", "Langkah")
}
