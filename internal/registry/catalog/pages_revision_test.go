package catalog_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
	"simpul/internal/registry/catalog"
)

// look opens a screen of revisions as somebody; nil is nobody.
func look(r *room, who *simpul.Principal, path string) *httptest.ResponseRecorder {
	mux := http.NewServeMux()
	catalog.NewRevisionPages(r.Service, owners{}, func(context.Context) (simpul.Principal, bool) {
		if who == nil {
			return simpul.Principal{}, false
		}
		return *who, true
	}).Register(mux)
	w := httptest.NewRecorder()
	web.Localize(mux).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func TestScreensOfRevisions(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	secret := func(s *catalog.Spec) { draft(s); s.Title, s.Upstream = "Rahasia dapur", "http://10.9.9.9/rahasia" }
	r.put(t, kota, lid(contracted(`{"kode":{"type":"string"},"nama":{"type":"string"}}`)))
	r.put(t, kota, lid(secret))
	r.put(t, kota, lid(func(s *catalog.Spec) { s.Version = "2.0"; s.Keywords = []string{"<script>alert(1)</script>"} }))
	r.put(t, "master/Baru", lid(nil))
	r.put(t, "master/Rancangan", lid(draft))
	owner, other, idle := providerOf(kemendagri), providerOf(bandung), simpul.Principal{ID: "x", Agency: kemendagri}
	list, pair := catalog.RevisionsPath(kota), catalog.ComparePath(kota, 1, 3)
	for _, c := range []struct {
		name   string
		who    *simpul.Principal
		path   string
		status int
		says   []string
		hides  []string
	}{
		{"the public lists what was published", nil, list, 200, []string{"Revisi 3", "Revisi 1", "Memutus", "1 perubahan yang memutus", "Bentuk pertama", "Bandingkan"}, []string{"Revisi 2,", "Rahasia", "t-operator"}},
		{"another agency sees no more", &other, list, 200, []string{"Revisi 3"}, []string{"Revisi 2,", "t-operator"}},
		{"who may not read LIDs is the public", &idle, list, 200, []string{"Revisi 3"}, []string{"Revisi 2,", "t-operator"}},
		{"the owner sees all", &owner, list, 200, []string{"Revisi 2,", "Rancangan", "t-operator", "Anda melihat semua revisi"}, nil},
		{"the difference in words", nil, pair, 200, []string{"Revisi 1 ke 3", "dapat memutus pemakai", "200 → nama", "Kolom jawaban nama dihapus.", "Versi", "&lt;script&gt;"}, []string{"10.1.2.3", "<script>alert"}},
		{"turned around", nil, catalog.ComparePath(kota, 3, 1), 200, []string{"Revisi 1 ke 3"}, nil},
		{"the last two unless told otherwise", nil, list + "/banding", 200, []string{"Revisi 1 ke 3"}, nil},
		{"a draft is not there for the public", nil, catalog.ComparePath(kota, 1, 2), 404, []string{"Revisi &#34;2&#34; tidak ditemukan"}, []string{"Rahasia"}},
		{"a draft is there for the owner", &owner, catalog.ComparePath(kota, 1, 2), 200, []string{"Rahasia dapur", "Alamat layanan penyedia", "10.9.9.9"}, nil},
		{"with itself", nil, catalog.ComparePath(kota, 3, 3), 200, []string{"Tidak ada yang berubah"}, nil},
		{"one revision", nil, catalog.RevisionsPath("master/Baru"), 200, []string{"Belum ada yang dapat dibandingkan"}, []string{"<select"}},
		{"the first", nil, catalog.RevisionsPath("master/Baru") + "/banding", 200, []string{"Tidak ada revisi sebelum ini"}, nil},
		{"a draft", nil, catalog.RevisionsPath("master/Rancangan"), 404, []string{"tidak ditemukan"}, nil},
		{"what is not there", nil, catalog.RevisionsPath("master/Tiada"), 404, []string{"tidak ditemukan"}, nil},
		{"after the last", nil, list + "?sebelum=1", 404, []string{"tidak ditemukan"}, nil},
		{"nonsense in the query", nil, list + "?sebelum=-7", 200, []string{"Revisi 3"}, nil},
	} {
		w := look(r, c.who, c.path)
		body := w.Body.String()
		if w.Code != c.status {
			t.Errorf("%s: %d", c.name, w.Code)
		}
		for _, words := range c.says {
			if !strings.Contains(body, words) {
				t.Errorf("%s: does not say %q", c.name, words)
			}
		}
		for _, words := range c.hides {
			if strings.Contains(body, words) {
				t.Errorf("%s: says %q", c.name, words)
			}
		}
		if kept := w.Header().Get("Cache-Control"); c.who == &owner && kept != "no-store" {
			t.Errorf("%s: what the owner alone sees may be kept: %q", c.name, kept)
		}
	}
	unlike := look(r, nil, catalog.RevisionsPath("master/Tiada")).Body.String()
	if same := look(r, nil, catalog.RevisionsPath("master/Rancangan")).Body.String(); strings.ReplaceAll(same, "Rancangan", "Tiada") != unlike {
		t.Error("a draft is told from what is not there")
	}
}

func TestALongHistoryHasPages(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	for i := range 23 {
		r.put(t, kota, lid(func(s *catalog.Spec) { s.Version = fmt.Sprintf("1.%d", i) }))
	}
	first := look(r, nil, catalog.RevisionsPath(kota)).Body.String()
	if !strings.Contains(first, "Revisi 4<") || strings.Contains(first, "Revisi 3<") || !strings.Contains(first, "sebelum=4") {
		t.Error("the first page does not end where it should")
	}
	second := look(r, nil, catalog.RevisionsPath(kota)+"?sebelum=4").Body.String()
	if !strings.Contains(second, "Revisi 3<") || !strings.Contains(second, "Bentuk pertama") || !strings.Contains(second, "Ke awal") || strings.Contains(second, `rel="next"`) {
		t.Error("the second page is not the rest")
	}
}
