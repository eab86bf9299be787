package onboarding_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"simpul"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/onboarding"
)

func TestEveryFaultHasItsField(t *testing.T) {
	long := strings.Repeat("x", 3000)
	for field, spoil := range map[string]func(*onboarding.Form){
		"agency":          func(f *onboarding.Form) { f.Agency = "Bandung" },
		"name":            func(f *onboarding.Form) { f.Name = " " },
		"level":           func(f *onboarding.Form) { f.Level = "desa" },
		"region":          func(f *onboarding.Form) { f.Region = "" },
		"letterNumber":    func(f *onboarding.Form) { f.LetterNumber = "" },
		"letterDate":      func(f *onboarding.Form) { f.LetterDate = "2027-01-01" },
		"team":            func(f *onboarding.Form) { f.Team = nil },
		"team.1.name":     func(f *onboarding.Form) { f.Team[0].Name = "" },
		"team.1.email":    func(f *onboarding.Form) { f.Team[0].Email = "Siti <siti@bandungkota.go.id>" },
		"team.1.phone":    func(f *onboarding.Form) { f.Team[0].Phone = "telepon" },
		"team.1.tasks":    func(f *onboarding.Form) { f.Team[0].Tasks = "" },
		"purpose":         func(f *onboarding.Form) { f.Purpose = long },
		"addresses":       func(f *onboarding.Form) { f.Addresses = []string{"10.0.0.1/8"} },
		"documents":       func(f *onboarding.Form) { f.Documents = nil },
		"":                func(*onboarding.Form) {},
		"team.1.position": func(f *onboarding.Form) { f.Team[0].Position = "" },
	} {
		f := complete()
		f.Documents = []onboarding.Document{{ID: "d-1"}}
		spoil(&f)
		faults := f.Check(monday)
		if _, found := faults[field]; found != (field != "") || len(faults) > 1 {
			t.Errorf("%s: got %v", field, faults)
		}
		for at, text := range faults {
			if text.ID == "" || text.EN == "" || text.ID == text.EN {
				t.Errorf("%s does not speak both languages", at)
			}
		}
	}
}

func TestOnlyWholeSmallPDFsAreTaken(t *testing.T) {
	r := newRoom(testkit.SQLite(t))
	h := r.filled(t)
	big := append(bytes.Clone(pdf[:len(pdf)-6]), make([]byte, onboarding.MaxDocument)...)
	for name, content := range map[string][]byte{
		"empty": nil, "a name": []byte("surat.pdf"), "PNG": append([]byte("\x89PNG\r\n\x1a\n"), pdf...), "later": append([]byte(" "), pdf...),
		"HTML": []byte("<html>%PDF-1.7 %%EOF" + strings.Repeat(" ", 40)), "broken off": pdf[:len(pdf)-8], "zip": append([]byte("PK\x03\x04"), pdf...), "too large": append(big, "%%EOF"...),
	} {
		if err := r.Attach(t.Context(), h, "surat.pdf", content); simpul.CodeOf(err) != simpul.CodeInvalid && simpul.CodeOf(err) != simpul.CodeTooLarge {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for range 9 {
		if err := r.Attach(t.Context(), h, "surat.pdf", pdf); err != nil {
			t.Fatal(err)
		}
	}
	checkRefusal(t, r.Attach(t.Context(), h, "surat.pdf", pdf), simpul.CodeConflict)
}

func FuzzDocumentName(f *testing.F) {
	for _, seed := range []string{"surat.pdf", "../../etc/passwd", `C:\x\y.PDF`, "a\x00b.pdf", "…/…", strings.Repeat("é", 200), ".pdf", "a.pdf.exe"} {
		f.Add(seed)
	}
	r := newRoom(testkit.SQLite(f))
	h := r.filled(f)
	f.Fuzz(func(t *testing.T, name string) {
		if err := r.Attach(t.Context(), h, name, pdf); simpul.CodeOf(err) == simpul.CodeConflict {
			t.Skip("full")
		} else if err != nil {
			t.Fatal(err)
		}
		c, err := r.Case(t.Context(), h)
		if err != nil {
			t.Fatal(err)
		}
		d := c.Form.Documents[len(c.Form.Documents)-1]
		base, ok := strings.CutSuffix(d.Name, ".pdf")
		if !ok || base == "" || len(d.Name) > 80 || strings.ContainsAny(d.Name, `/\"<>`) || strings.Contains(base, ".") || strings.ContainsFunc(d.Name, unicode.IsControl) {
			t.Errorf("%q became %q", name, d.Name)
		}
		if err := r.Detach(t.Context(), h, d.ID); err != nil {
			t.Fatal(err)
		}
	})
}
