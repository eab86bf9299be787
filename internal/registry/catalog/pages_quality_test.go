package catalog

import (
	"net/http"
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
