package standard

import (
	"strings"

	"simpul"
)

// A spreadsheet runs a cell that begins with one of these as a formula, so that
// a file from one agency could act on the machine of another (CWE-1236).
const formulaStart = "=+-@\t\r"

// isFormula reports whether a spreadsheet could take the text for a formula.
func isFormula(s string) bool { return s != "" && strings.IndexByte(formulaStart, s[0]) >= 0 }

// neutral is the text as a cell of a file: what would be a formula, or was
// neutralised before, gets an apostrophe before it.
func neutral(s string) string {
	if isFormula(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// fromCell reads a cell of a file: it takes off one apostrophe that neutral set,
// and refuses a formula.
func fromCell(place, s string) (string, error) {
	if isFormula(s) {
		return "", simpul.Invalid(place,
			simpul.Text{ID: "Sel ini berisi rumus, atau berawalan = + - @.", EN: "This cell holds a formula, or begins with = + - @."},
			simpul.Text{ID: "Ganti rumus dengan nilainya; bila memang teks, awali dengan tanda petik tunggal (').", EN: "Replace the formula with its value; if it is text indeed, put an apostrophe (') before it."})
	}
	if rest, ok := strings.CutPrefix(s, "'"); ok && isFormula(strings.TrimLeft(rest, "'")) {
		return rest, nil
	}
	return s, nil
}
