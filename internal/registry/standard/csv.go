package standard

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"simpul"
)

// codeHeader are the columns of a file of codes. When read, their order is
// free, and all but code and name_id may be missing.
var codeHeader = []string{"code", "parent", "name_id", "name_en", "from", "until", "notes"}

// mostRows bounds a file: four times all villages, districts, regencies and provinces.
const mostRows = 400_000

// table reads a CSV file with a known header, row by row.
type table struct {
	reader  *csv.Reader
	columns map[string]int
	line    int
}

// newTable reads the header: known columns only, each at most once, and all of
// those that are required.
func newTable(r io.Reader, known, required []string) (*table, error) {
	buffered := bufio.NewReader(r)
	if mark, err := buffered.Peek(3); err == nil && string(mark) == "\ufeff" {
		buffered.Discard(3) // spreadsheets write a byte order mark
	}
	t := &table{reader: csv.NewReader(buffered), columns: map[string]int{}, line: 1}
	t.reader.ReuseRecord = true
	header, err := t.reader.Read()
	if err != nil {
		return nil, brokenRow(1, err)
	}
	for i, name := range header {
		name = strings.TrimSpace(name)
		if _, twice := t.columns[name]; twice || !slices.Contains(known, name) {
			return nil, wrongColumn(name, known)
		}
		t.columns[name] = i
	}
	for _, name := range required {
		if _, ok := t.columns[name]; !ok {
			return nil, wrongColumn(name, known)
		}
	}
	return t, nil
}

// next reads the next row; io.EOF after the last.
func (t *table) next() ([]string, error) {
	row, err := t.reader.Read()
	if errors.Is(err, io.EOF) {
		return nil, io.EOF
	}
	if err != nil {
		if _, syntax := errors.AsType[*csv.ParseError](err); !syntax {
			return nil, err // of the medium; nothing follows
		}
		return nil, brokenRow(t.line+1, err)
	}
	t.line, _ = t.reader.FieldPos(0)
	return row, nil
}

// cell is one value of a row; "" where the file has no such column.
func (t *table) cell(row []string, column string) (string, error) {
	i, ok := t.columns[column]
	if !ok {
		return "", nil
	}
	return fromCell(placeInFile(t.line, column), row[i])
}

func placeInFile(line int, column string) string {
	return fmt.Sprintf("line %d, column %s", line, column)
}

func brokenRow(line int, err error) error {
	if syntax, ok := errors.AsType[*csv.ParseError](err); ok {
		line = syntax.Line
	}
	e := simpul.Invalid(fmt.Sprintf("line %d", line),
		simpul.Text{ID: "Baris ini bukan CSV yang utuh, atau jumlah kolomnya lain dari baris pertama.", EN: "This line is not whole CSV, or has another number of columns than the first line."},
		simpul.Text{ID: "Simpan ulang sebagai CSV UTF-8 berpemisah koma, dengan nama kolom di baris pertama.", EN: "Save it again as comma-separated CSV in UTF-8, with the column names in the first line."})
	e.Err = err
	return e
}

func wrongColumn(name string, known []string) error {
	return simpul.Invalid("line 1, column "+clip(name, 60),
		simpul.Text{ID: "Kolom \"" + clip(name, 60) + "\" tidak dikenal, berulang, atau hilang.", EN: "Column \"" + clip(name, 60) + "\" is unknown, repeated or missing."},
		simpul.Text{ID: "Kolom yang dikenal: " + strings.Join(known, ", ") + ".", EN: "Known columns: " + strings.Join(known, ", ") + "."})
}

func clip(s string, most int) string {
	if runes := []rune(strings.ToValidUTF8(s, "?")); len(runes) > most {
		return string(runes[:most])
	}
	return strings.ToValidUTF8(s, "?")
}

// readCSV reads codes, and the line on which each stands. It reads on after a
// mistake, so that all of them can be told together.
func readCSV(r io.Reader) (codes []Code, place Placer, err error) {
	t, err := newTable(r, codeHeader, []string{"code", "name_id"})
	if err != nil {
		return nil, nil, err
	}
	var lines []int
	var wrong simpul.Faults
	for {
		row, err := t.next()
		if errors.Is(err, io.EOF) {
			return codes, func(i int, field string) string { return placeInFile(lines[i], columnOf(field)) }, wrong.Err()
		}
		if len(codes) == mostRows {
			return nil, nil, tooMany(t.line)
		}
		var c Code
		if err == nil {
			c, err = t.code(row)
		}
		if err != nil {
			if !wrong.Add(err) {
				return nil, nil, firstOf(wrong.Err(), err)
			}
			codes, lines = nil, nil // nothing will be stored
			continue
		}
		codes, lines = append(codes, c), append(lines, t.line)
	}
}

// firstOf is the error that ended a search for faults, unless it only reached
// their number.
func firstOf(found, err error) error {
	if e, ok := errors.AsType[*simpul.Error](err); ok && e.Code == simpul.CodeInvalid && found != nil {
		return found
	}
	return err
}

// columnOf is the column of a field: "name" is in name_id.
func columnOf(field string) string {
	if field == "name" {
		return "name_id"
	}
	return field
}

func (t *table) code(row []string) (c Code, err error) {
	var from, until string
	for _, into := range []struct {
		column string
		value  *string
	}{
		{"code", &c.Code}, {"parent", &c.Parent}, {"name_id", &c.Name.ID}, {"name_en", &c.Name.EN}, {"from", &from}, {"until", &until}, {"notes", &c.Notes},
	} {
		if *into.value, err = t.cell(row, into.column); err != nil {
			return c, err
		}
	}
	c.From, c.Until = Day(from), Day(until)
	return c, nil
}

func tooMany(line int) error {
	return &simpul.Error{
		Code: simpul.CodeTooLarge, Place: fmt.Sprintf("line %d", line),
		Message: simpul.Text{ID: "Berkas memuat lebih dari 400.000 kode.", EN: "The file holds more than 400,000 codes."},
		Remedy:  simpul.Text{ID: "Bagi menjadi beberapa daftar.", EN: "Divide it into several lists."},
	}
}

// csvWriter writes codes as readCSV reads them.
type csvWriter struct{ w *csv.Writer }

func newCSVWriter(w io.Writer) (*csvWriter, error) {
	c := &csvWriter{csv.NewWriter(w)}
	return c, c.w.Write(codeHeader)
}

func (c *csvWriter) write(code Code) error {
	row := []string{code.Code, code.Parent, code.Name.ID, code.Name.EN, string(code.From), string(code.Until), code.Notes}
	for i := range row {
		row[i] = neutral(row[i])
	}
	return c.w.Write(row)
}

func (c *csvWriter) close() error {
	c.w.Flush()
	return c.w.Error()
}
