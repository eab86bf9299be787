package lifecycle

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

// yearHeader are the columns of a file of holidays; name_en may be missing.
var yearHeader = []string{"date", "kind", "name_id", "name_en"}

// readYear reads the holidays of a file. What is wrong with one is told with its
// line by [HolidaySpec.Validate]'s rules for a day.
func readYear(r io.Reader, year int) (days []Holiday, err error) {
	buffered := bufio.NewReader(r)
	if mark, err := buffered.Peek(3); err == nil && string(mark) == "\ufeff" {
		buffered.Discard(3) // spreadsheets write a byte order mark
	}
	file := csv.NewReader(buffered)
	columns, err := readHeader(file)
	if err != nil {
		return nil, err
	}
	for {
		row, err := file.Read()
		if errors.Is(err, io.EOF) {
			return days, nil
		}
		if err != nil {
			return nil, brokenRow(err)
		}
		line, _ := file.FieldPos(0)
		if len(days) == mostHolidays {
			return nil, simpul.At(fmt.Sprintf("line %d", line), HolidaySpec{Source: "-", Days: make([]Holiday, mostHolidays+1)}.Validate(year))
		}
		h := Holiday{Date: Day(cell(row, columns, "date")), Kind: HolidayKind(cell(row, columns, "kind")), Name: Names{cell(row, columns, "name_id"), cell(row, columns, "name_en")}}
		if err := h.check(year, "day"); err != nil {
			return nil, simpul.At(fmt.Sprintf("line %d", line), err)
		}
		days = append(days, h)
	}
}

func readHeader(file *csv.Reader) (map[string]int, error) {
	header, err := file.Read()
	if err != nil {
		return nil, brokenRow(err)
	}
	columns := map[string]int{}
	for i, name := range header {
		name = strings.TrimSpace(name)
		if _, again := columns[name]; again || !slices.Contains(yearHeader, name) {
			return nil, wrongColumn(name)
		}
		columns[name] = i
	}
	for _, name := range yearHeader[:3] {
		if _, ok := columns[name]; !ok {
			return nil, wrongColumn(name)
		}
	}
	return columns, nil
}

// cell is one value of a row; a file that was written for spreadsheets may have
// an apostrophe before what would be a formula.
func cell(row []string, columns map[string]int, name string) string {
	i, ok := columns[name]
	if !ok {
		return ""
	}
	value := strings.TrimSpace(row[i])
	if rest, quoted := strings.CutPrefix(value, "'"); quoted && formula(rest) {
		return rest
	}
	return value
}

// formula reports whether a spreadsheet would reckon with the text.
func formula(s string) bool { return s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) }

// writeYear writes holidays as readYear reads them.
func writeYear(w io.Writer, days []Holiday) error {
	file := csv.NewWriter(w)
	file.Write(yearHeader)
	for _, h := range days {
		row := []string{string(h.Date), string(h.Kind), h.Name.ID, h.Name.EN}
		for i, value := range row {
			if formula(value) {
				row[i] = "'" + value
			}
		}
		file.Write(row)
	}
	file.Flush()
	return file.Error()
}

func brokenRow(err error) error {
	line := 1
	if syntax, ok := errors.AsType[*csv.ParseError](err); ok {
		line = syntax.Line
	}
	e := simpul.Invalid(fmt.Sprintf("line %d", line),
		simpul.Text{ID: "Baris ini bukan CSV yang utuh, atau jumlah kolomnya lain dari baris pertama.", EN: "This line is not whole CSV, or has another number of columns than the first line."},
		simpul.Text{ID: "Simpan ulang sebagai CSV UTF-8 berpemisah koma, dengan nama kolom di baris pertama.", EN: "Save it again as comma-separated CSV in UTF-8, with the column names in the first line."})
	e.Err = err
	return e
}

func wrongColumn(name string) error {
	known := strings.Join(yearHeader, ", ")
	return simpul.Invalid("line 1",
		simpul.Text{ID: "Kolom \"" + clip(strings.ToValidUTF8(name, "?"), 40) + "\" tidak dikenal, berulang, atau hilang.", EN: "Column \"" + clip(strings.ToValidUTF8(name, "?"), 40) + "\" is unknown, repeated or missing."},
		simpul.Text{ID: "Kolom yang dikenal: " + known + ".", EN: "Known columns: " + known + "."})
}
