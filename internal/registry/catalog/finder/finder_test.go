package finder

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "",
		"Kabupaten dan Kota":    "kabupaten dan kota",
		"kependudukan/CekNIK":   "kependudukan cek nik ceknik",
		"NIKPenduduk":           "nik penduduk nikpenduduk",
		"e-KTP 2.0":             "e ktp 2 0",
		"items.tanggalLahir":    "items tanggal lahir tanggallahir",
		"’‘—\x00\xff":           "",
		strings.Repeat("a", 50): strings.Repeat("a", longestWord),
		"Ｋota":                  "ｋota",
	} {
		if got := strings.Join(words(text), " "); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestUnits(t *testing.T) {
	l := readLexicon()
	for text, want := range map[string]string{
		"daftar sekolah di bandung":      "[sekolah] [bandung]*",
		"nomor induk kependudukan siswa": "[nomor induk kependudukan] [siswa]*",
		"berapa jumlah penduduk":         "[jumlah]~ [penduduk]*",
		"jumlah":                         "[jumlah]*",
		"yang di":                        "[yang] [di]*",
		"sekolah ":                       "[sekolah]",
		strings.Repeat("sekolah ", 50):   strings.TrimSpace(strings.Repeat("[sekolah] ", mostWords)),
	} {
		var got []string
		for _, u := range l.units(text) {
			mark := ""
			if u.soft {
				mark += "~"
			}
			if u.last {
				mark += "*"
			}
			got = append(got, fmt.Sprint(u.said)+mark)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %v, want %s", text, got, want)
		}
	}
}

// The lists are data that people mend: a line that says nothing is a mistake.
func TestTheListsAreInOrder(t *testing.T) {
	l := readLexicon()
	for _, line := range lines(synonymText) {
		if parts := cut(line, "="); len(parts) < 2 || slices.Contains(parts, "") {
			t.Errorf("synonyms: %q", line)
		}
	}
	for word := range l.soft {
		if l.empty[word] {
			t.Errorf("%q is both empty and soft", word)
		}
	}
}

func TestALooseAnswerSaysSo(t *testing.T) {
	x := filled(t, nation(t))
	for text, loose := range map[string]bool{"akta kelahiran bayi": false, "akta kelahiran zzyzx": true} {
		answer, err := x.Search(text)
		if err != nil || answer.Loose != loose || len(answer.Hits) == 0 {
			t.Errorf("%q: got %+v, %v", text, answer, err)
		}
	}
	for _, nothing := range []string{"", "  ", "…", "zzyzx", "kota zzyzx"} {
		if answer, err := x.Search(nothing); err != nil || len(answer.Hits) != 0 || answer.Loose {
			t.Errorf("%q: got %+v, %v", nothing, answer, err)
		}
	}
}

// An index that was changed step by step answers like one that was built from
// what it holds, even after it was built anew in between.
func TestAChangedIndexAnswersLikeAFreshOne(t *testing.T) {
	all := nation(t)
	rapid.Check(t, func(t *rapid.T) {
		x, err := New()
		if err != nil {
			t.Fatal(err)
		}
		defer x.Close()
		held := map[string]Document{}
		for _, step := range rapid.SliceOfN(rapid.IntRange(0, 3*len(all)-1), 1, 30).Draw(t, "steps") {
			d := all[step/3]
			if step%3 == 0 {
				delete(held, d.ID)
				err = x.Apply(nil, []string{d.ID})
			} else {
				d.Title += strings.Repeat(" madya", step%3-1)
				held[d.ID] = d
				err = x.Apply([]Document{d}, nil)
			}
			if err != nil {
				t.Fatal(err)
			}
			x.now.Load().parts += mostParts / 10 // so that it is built anew now and then
		}
		fresh, err := New()
		if err != nil {
			t.Fatal(err)
		}
		defer fresh.Close()
		var docs []Document
		for _, d := range held {
			docs = append(docs, d)
		}
		if err := fresh.Apply(docs, nil); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"kota", "madya", "sekolah bandung", "nik", "puksesmas", "kepend"} {
			a, _ := x.Search(text)
			b, _ := fresh.Search(text)
			if got, want := sorted(a), sorted(b); !slices.Equal(got, want) {
				t.Fatalf("%q: changed %v, fresh %v", text, got, want)
			}
		}
	})
}

func sorted(a Answer) []string {
	all := ids(a, len(a.Hits))
	slices.Sort(all)
	return all
}

func TestSearchingWhileChanging(t *testing.T) {
	x := filled(t, nation(t))
	all := nation(t)
	var searches sync.WaitGroup
	for i := range 4 {
		searches.Go(func() {
			for range 40 {
				if _, err := x.Search([]string{"sekolah", "kota", "nik", "pajak"}[i]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 20 {
		x.turn.Lock() // a search may be taking changes in
		x.now.Load().parts += mostParts / 5
		x.turn.Unlock()
		if err := x.Apply([]Document{all[rand.IntN(len(all))]}, nil); err != nil {
			t.Error(err)
		}
	}
	searches.Wait()
}

func FuzzSearch(f *testing.F) {
	x := filled(f, nation(f))
	for _, seed := range []string{"nik", "kartu kel", "* OR ^2", "\x00", "a~b:c", strings.Repeat("a ", 300), "ＫＴＰ", "é"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := x.Search(text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}
