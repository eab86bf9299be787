package catalog

import (
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"simpul"
)

func TestTheWorstDescribedStandFirst(t *testing.T) {
	good := lidOf("master/Desa", "jabarprov.go.id", "Desa", simpul.Terbuka, func(s *Spec) {
		fullyDescribed(s)
		s.Description = strings.Repeat("kata ", 20)
	})
	h := pagesOf(t, append(fewLIDs()[:4], good)...)
	html := get(t, h, QualityPath).Body.String()
	bandung, jabar := strings.Index(html, "/mutu/bandungkota.go.id"), strings.Index(html, "/mutu/jabarprov.go.id")
	if bandung < 0 || jabar < 0 || bandung > jabar {
		t.Errorf("bandung at %d, jabar at %d", bandung, jabar)
	}
	for _, want := range []string{"Bagaimana nilai dihitung", "Tempat bertanya", "5 LID terbit"} {
		if !strings.Contains(html, want) {
			t.Errorf("the overview lacks %q", want)
		}
	}
	one := get(t, h, "/mutu/kemendagri.go.id").Body.String()
	for _, want := range []string{"Kementerian Dalam Negeri", "/catalog/master/Kota", "Pilih satu sampai tiga tema", "Keterangan kolom"} {
		if !strings.Contains(one, want) {
			t.Errorf("the agency's page lacks %q", want)
		}
	}
	if english := get(t, h, "/mutu/kemendagri.go.id", "Accept-Language", "en").Body.String(); !strings.Contains(english, "What to mend") {
		t.Error("no English")
	}
}

func TestQualityOfNobody(t *testing.T) {
	h := pagesOf(t)
	if w := get(t, h, QualityPath); w.Code != 200 || !strings.Contains(w.Body.String(), "Belum ada LID terbit") {
		t.Errorf("an empty catalogue: %d", w.Code)
	}
	if w := get(t, h, "/mutu/nobody.go.id"); w.Code != http.StatusNotFound {
		t.Errorf("an agency without LIDs: %d", w.Code)
	}
}

func TestTheLIDPageSaysItsScore(t *testing.T) {
	html := get(t, pagesOf(t, fewLIDs()...), "/catalog/jalan/Rusak").Body.String()
	if !strings.Contains(html, "Mutu keterangan") || !strings.Contains(html, "dari 100") || !strings.Contains(html, `href="/mutu/jabarprov.go.id"`) {
		t.Error("the page does not say its score")
	}
}

func TestOnesOwnAgencyStandsFirst(t *testing.T) {
	f, err := NewFinder(directoryOf(t, fewLIDs()...), nation{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	p := NewPages(f, "https://hub.example.go.id", "https://portal.example.go.id")
	for agency, want := range map[simpul.AgencyID]string{
		"kemendagri.go.id": "hal lain menyusul", "kosong.go.id": "belum menerbitkan LID", "": "Instansi penyedia",
	} {
		p.Greet(func(context.Context) (simpul.Principal, bool) { return simpul.Principal{Agency: agency}, true })
		mux := http.NewServeMux()
		p.Register(mux)
		html := get(t, mux, QualityPath).Body.String()
		if !strings.Contains(html, want) || strings.Contains(html, "LID instansi Anda") != (agency != "") {
			t.Errorf("%q: the page lacks %q, or speaks of an agency", agency, want)
		}
	}
}

func TestWhatIsToMendAsATable(t *testing.T) {
	h := pagesOf(t, fewLIDs()...)
	w := get(t, h, "/mutu.csv?agency=kemendagri.go.id")
	rows, err := csv.NewReader(w.Body).ReadAll()
	if err != nil || w.Code != http.StatusOK || len(rows) < 5 || rows[0][0] != "agency" {
		t.Fatalf("%d %v %v", w.Code, err, rows)
	}
	last := 100
	for _, row := range rows[1:] {
		gain, err := strconv.Atoi(row[5])
		if err != nil || gain > last || row[0] != "kemendagri.go.id" || row[6] == "" {
			t.Errorf("%v", row)
		}
		last = gain
	}
}
