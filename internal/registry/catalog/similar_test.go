package catalog

import (
	"encoding/json"
	"strings"
	"testing"

	"simpul"
)

const schoolContract = `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/":{"get":{"responses":{"200":{"description":"ok","content":{"application/json":{"schema":
	{"type":"object","properties":{"total":{"type":"integer"},"items":{"type":"array","items":{"type":"object","properties":{"npsn":{"type":"string"},"nama_sekolah":{"type":"string"},"alamat":{"type":"string"}}}}}}}}}}}}}}`

func TestWhatExistsAlreadyIsRecognised(t *testing.T) {
	school := lidOf("pendidikan/Sekolah", "kemendagri.go.id", "Satuan pendidikan dan sekolah", simpul.Terbuka, func(s *Spec) {
		s.Contract, s.Keywords, s.Themes = json.RawMessage(schoolContract), []string{"npsn"}, []Theme{"EDUC"}
	})
	f := pagesOver(t, "", append(fewLIDs(), school)...).finder
	planned := school.Spec
	planned.Title, planned.Agency = "Daftar sekolah", "bandungkota.go.id"
	planned.Contract = json.RawMessage(strings.ReplaceAll(schoolContract, "nama_sekolah", "namaSekolah"))
	got := f.Similar("bandung/Sekolah", planned)
	if len(got) != 1 || got[0].Address != "pendidikan/Sekolah" || got[0].Score < worthAWarning {
		t.Fatalf("got %+v", got)
	}
	if why := strings.Join(got[0].Fields, " ") + "|" + strings.Join(got[0].Words, " ") + "|" + strings.Join(got[0].Concepts, " "); why != "npsn namasekolah alamat|sekolah npsn|EDUC" {
		t.Errorf("because of %s", why)
	}
	if got := f.Similar("pendidikan/Sekolah", school.Spec); len(got) != 0 {
		t.Errorf("a LID resembles itself: %+v", got)
	}
	other := lidOf("x/Y", "kemendagri.go.id", "Harga cabai", simpul.Terbuka, func(s *Spec) { s.Contract = nil }).Spec
	if got := f.Similar("x/Y", other); len(got) != 0 {
		t.Errorf("unlike LIDs: %+v", got)
	}
}

func TestLikeness(t *testing.T) {
	for _, c := range []struct {
		a, b features
		want int
	}{
		{features{}, features{}, 0},
		{features{fields: []string{"a"}}, features{words: []string{"a"}}, 0},
		{features{fields: []string{"a", "b"}}, features{fields: []string{"b", "a"}}, 100},
		{features{fields: []string{"a", "b"}}, features{fields: []string{"b", "c"}}, 33},
		{features{fields: []string{"a"}, words: []string{"x"}}, features{fields: []string{"a"}, words: []string{"y"}}, 52},
		{features{words: []string{"x"}, concepts: []string{"T"}}, features{words: []string{"x"}, concepts: []string{"U"}}, 72},
	} {
		got, _ := likeness(c.a, c.b)
		if back, _ := likeness(c.b, c.a); got != c.want || back != got {
			t.Errorf("%+v and %+v: got %d and %d, want %d", c.a, c.b, got, back, c.want)
		}
	}
}
