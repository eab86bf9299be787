package incident

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/testkit"
)

// printed is a letter as a reader's program finds it, in one line.
func printed(t *testing.T, name string, file []byte) string {
	t.Helper()
	if !bytes.Contains(file, []byte("/StructTreeRoot")) {
		t.Error("the letter is not tagged")
	}
	if dir := os.Getenv("SIMPUL_SCREENSHOTS"); dir != "" {
		os.WriteFile(filepath.Join(dir, name), file, 0o600)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", path, "-").Output()
	if err != nil {
		t.Skipf("pdftotext (package poppler-utils): %v", err)
	}
	return strings.Join(strings.Fields(string(text)), " ")
}

// Each letter has what article 46 paragraph 2 asks for: which data, when and how,
// and what is done about it; it marks what only people know. The one to the
// institution says how many there are and what is not known besides; the one to
// those affected does not burden them with it.
func TestTheLetters(t *testing.T) {
	b := leak()
	b.gone = []string{"2026-10"}
	s := newRoom(testkit.SQLite(t), b)
	c := noted(t, s, operator)
	for _, letter := range []struct {
		name      string
		file      File
		want, not []string
	}{
		{"surat-orang.pdf", File{PDF, simpul.Indonesian},
			[]string{"PASAL 46 UU 27/2022", "28 November 2026 pukul 12.00 WIB", "1. Data pribadi yang terungkap", "nama, alamat", "semua isian menurut kontrak",
				"2. Kapan dan bagaimana data itu terungkap", string(leaky), "[ISI: kronologi", "3. Upaya penanganan dan pemulihan", "4. Yang dapat Anda lakukan", "5. Narahubung", "[ISI: nomor dan tanggal surat]", "DRAF"},
			[]string{"antara 3 dan 4", "40 orang lagi", "master/Kota", "5. Yang tidak"}},
		{"surat-lembaga.pdf", File{PDFAuthority, simpul.Indonesian},
			[]string{"Paling lambat diberitahukan", "1. Data pribadi yang terungkap", "2. Kapan dan bagaimana", "3. Upaya penanganan dan pemulihan", "antara 3 dan 4", "40 orang lagi", "master/Kota",
				"Kunci nama samaran Oktober 2026", "5. Yang tidak diketahui", "[ISI: kapan dan dengan cara apa"},
			[]string{"Sebab terlambat"}},
		{"surat-lembaga-en.pdf", File{PDFAuthority, simpul.English},
			[]string{"ARTICLE 46 OF LAW 27/2022", "28 November 2026, 12:00 WIB", "Personal data that were disclosed", "between 3 and 4", "[FILL IN: course of events", "The key of the pseudonyms of October 2026"},
			[]string{"ISI:", "Orang"}},
		{"surat-orang-en.pdf", File{PDF, simpul.English}, []string{"What you can do", "every field of the contract"}, []string{"ISI:"}},
	} {
		all := printed(t, letter.name, exported(t, s, operator, c.ID, letter.file))
		for _, want := range letter.want {
			if !strings.Contains(all, want) {
				t.Errorf("%s lacks %q", letter.name, want)
			}
		}
		for _, not := range letter.not {
			if strings.Contains(all, not) {
				t.Errorf("%s has %q", letter.name, not)
			}
		}
	}
}

// Past the term the letter to the institution asks why, and says when those
// affected were told.
func TestTheLetterThatIsLate(t *testing.T) {
	r := newRoomAt(testkit.SQLite(t), leak())
	c := noted(t, r.Service, operator)
	r.time = noon.Add(80 * 60 * 60 * 1e9)
	if err := r.Report(t.Context(), operator, c.ID, Report{To: ToldPersons, At: "2026-11-27T09:30", Text: "Surat 12"}); err != nil {
		t.Fatal(err)
	}
	all := printed(t, "surat-terlambat.pdf", exported(t, r.Service, operator, c.ID, File{PDFAuthority, simpul.Indonesian}))
	for _, want := range []string{"Sebab terlambat", "[ISI: mengapa", "27 November 2026 pukul 09.30 WIB"} {
		if !strings.Contains(all, want) {
			t.Errorf("the letter lacks %q", want)
		}
	}
}
