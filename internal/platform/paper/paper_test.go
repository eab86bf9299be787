package paper_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/paper"
)

var made = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func sample(t testing.TB, rows int, text string) []byte {
	t.Helper()
	d, err := paper.New(paper.About{Title: "Laporan " + text, Author: "Simpul", Language: simpul.Indonesian, Made: made, Foot: "Sidik abc"})
	if err != nil {
		t.Fatal(err)
	}
	d.Head("SIMPUL", "Judul "+text, "Periode")
	d.Section("Fakta")
	d.Facts([]paper.Fact{{"Instansi", text}})
	d.Text("Isi " + text)
	var cells [][]string
	for i := range rows {
		cells = append(cells, []string{"baris" + strconv.Itoa(i), text})
	}
	d.Table([]paper.Column{{Label: "Kepala", Share: 60}, {Label: "Angka", Share: 40, Numeric: true}}, cells)
	d.Note("Cara hitung")
	file, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// read returns the text of the pages, as a reader's program finds it.
func read(t *testing.T, file []byte) (pages []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", path, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (package poppler-utils): %v", err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
}

func TestADocumentIsRead(t *testing.T) {
	pages := read(t, sample(t, 120, "Kota “Bandung” – ≥ 5"))
	if len(pages) < 3 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, page := range pages {
		if !strings.Contains(page, "Halaman "+strconv.Itoa(i+1)+" dari "+strconv.Itoa(len(pages))) || !strings.Contains(page, "Sidik abc") || !strings.Contains(page, "Kepala") {
			t.Errorf("page %d lacks its foot or the head of the table:\n%s", i+1, page)
		}
	}
	all := strings.Join(pages, "\n")
	for _, want := range []string{"Judul Kota “Bandung” – ≥ 5", "baris0", "baris119", "Cara hitung"} {
		if strings.Count(all, want) != 1 {
			t.Errorf("%q stands %d times", want, strings.Count(all, want))
		}
	}
}

// A table that begins a section and is longer than a page goes on.
func TestALongTableBeginsASection(t *testing.T) {
	d, err := paper.New(paper.About{Title: "a", Language: simpul.English, Made: made})
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for i := range 150 {
		rows = append(rows, []string{"row" + strconv.Itoa(i) + "."})
	}
	d.Section("First")
	d.Table([]paper.Column{{Label: "Head", Share: 100}}, rows)
	d.Section("Last")
	file, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	pages := read(t, file)
	all := strings.Join(pages, "")
	for _, want := range []string{"First", "row0.", "row75.", "row149.", "Last"} {
		if strings.Count(all, want) != 1 {
			t.Errorf("%q stands %d times", want, strings.Count(all, want))
		}
	}
	if len(pages) < 3 || !strings.Contains(pages[0], "row0.") || !strings.Contains(pages[1], "Head") {
		t.Errorf("%d pages:\n%s", len(pages), all)
	}
}

func TestADocumentIsTaggedWithItsFonts(t *testing.T) {
	file := sample(t, 3, "a")
	for _, want := range []string{"%PDF-1.", "/StructTreeRoot", "/MarkInfo", "/Lang (id)", "/FontFile2", "pdfaid:part"} {
		if !bytes.Contains(file, []byte(want)) {
			t.Errorf("the document lacks %s", want)
		}
	}
	if bytes.Contains(file, []byte("/JavaScript")) || bytes.Contains(file, []byte("/URI")) {
		t.Error("the document does something")
	}
}

func TestTheSameDocumentIsTheSame(t *testing.T) {
	if !bytes.Equal(sample(t, 40, "x"), sample(t, 40, "x")) {
		t.Error("two documents differ")
	}
}

// Whatever agencies write of themselves is shown, and nothing breaks.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "a", strings.Repeat("panjang", 400), "\x00\x1b[31m", "(\\)<<>>", "漢字 العربية 🙂", "\xff\xfe", "A\u0301\u200d\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 5000 {
			return
		}
		if file := sample(t, 2, text); !bytes.HasSuffix(bytes.TrimSpace(file), []byte("%%EOF")) {
			t.Error("no whole document")
		}
	})
}
