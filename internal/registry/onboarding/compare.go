package onboarding

import (
	"fmt"
	"strings"

	"simpul"
)

// Line is one field as people read it.
type Line struct {
	Field string // as in Faults
	Label simpul.Text
	Value string
}

// Change is a field in which two forms differ.
type Change struct {
	Label         simpul.Text
	Before, After string
}

// Lines lists what a form says, in the order in which it is asked.
func (f Form) Lines() []Line {
	lines := []Line{
		{"agency", simpul.Text{ID: "Domain instansi", EN: "Domain of the agency"}, f.Agency},
		{"name", simpul.Text{ID: "Nama instansi", EN: "Name of the agency"}, f.Name},
		{"level", simpul.Text{ID: "Tingkat pemerintahan", EN: "Level of government"}, f.Level},
		{"region", simpul.Text{ID: "Kode wilayah", EN: "Region code"}, f.Region},
		{"letterNumber", simpul.Text{ID: "Nomor surat penunjukan", EN: "Number of the letter"}, f.LetterNumber},
		{"letterDate", simpul.Text{ID: "Tanggal surat", EN: "Date of the letter"}, f.LetterDate},
	}
	for i, p := range f.Team {
		of := func(field, id, en, value string) Line {
			return Line{fmt.Sprintf("team.%d.%s", i+1, field), simpul.Text{ID: fmt.Sprintf("PIC %d: %s", i+1, id), EN: fmt.Sprintf("PIC %d: %s", i+1, en)}, value}
		}
		lines = append(lines, of("name", "nama", "name", p.Name), of("position", "jabatan", "position", p.Position),
			of("email", "surel", "e-mail", p.Email), of("phone", "telepon", "telephone", p.Phone), of("tasks", "tugas", "tasks", p.Tasks))
	}
	documents := make([]string, len(f.Documents))
	for i, d := range f.Documents {
		documents[i] = d.Name + " (SHA-256 " + d.Digest + ")"
	}
	return append(lines,
		Line{"purpose", simpul.Text{ID: "Tujuan", EN: "Purpose"}, f.Purpose},
		Line{"addresses", simpul.Text{ID: "Alamat yang boleh memanggil", EN: "Addresses that may call"}, strings.Join(f.Addresses, "\n")},
		Line{"documents", simpul.Text{ID: "Dokumen", EN: "Documents"}, strings.Join(documents, "\n")})
}

// Compare lists the fields in which a later form differs from an earlier one, in
// the order in which they are asked.
func Compare(before, after Form) (changes []Change) {
	old := map[string]string{}
	for _, line := range before.Lines() {
		old[line.Field] = line.Value
	}
	for _, line := range after.Lines() {
		if was := old[line.Field]; was != line.Value {
			changes = append(changes, Change{line.Label, was, line.Value})
		}
		delete(old, line.Field)
	}
	for _, line := range before.Lines() { // what the later form has no more
		if value, gone := old[line.Field]; gone && value != "" {
			changes = append(changes, Change{line.Label, value, ""})
		}
	}
	return changes
}

// faulty lists the faults of the fields that are asked in a section, in their
// order, each with what is wrong.
func (f Form) faulty(faults Faults, section string) (all []faultLine) {
	asked := f.Lines()
	asked = append(asked, Line{Field: "team", Label: simpul.Text{ID: "Tim PIC", EN: "PIC team"}})
	for _, line := range asked {
		if fault, wrong := faults[line.Field]; wrong && sectionOf(line.Field) == section {
			all = append(all, faultLine{line.Label, fault})
		}
	}
	return all
}

// faultLine is a field and what is wrong with it.
type faultLine struct{ label, what simpul.Text }
