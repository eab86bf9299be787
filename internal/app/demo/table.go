package demo

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"simpul"
)

// row is one line of a table of the package idn-area-data.
type row struct {
	line               int
	code, parent, name string
}

// file is the table of the tier in the package's data folder.
func (t Tier) file() string {
	return [...]string{"provinces.csv", "regencies.csv", "districts.csv", "villages.csv"}[t]
}

// columns is the header that the table must have.
func (t Tier) columns() []string {
	if t == Province {
		return []string{"code", "name"}
	}
	parent := [...]string{"", "province_code", "regency_code", "district_code"}[t]
	return []string{"code", parent, "name"}
}

// readRows reads one table and checks each line by itself. The table is CSV but
// for double quotes inside names, which it leaves bare: Soka"an.
func readRows(r io.Reader, tier Tier) ([]row, error) {
	reader := csv.NewReader(r)
	reader.LazyQuotes = true
	reader.ReuseRecord = true
	if err := readHeader(reader, tier); err != nil {
		return nil, err
	}
	var rows []row
	for {
		fields, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, unreadable(tier, err)
		}
		line, _ := reader.FieldPos(0)
		row := newRow(line, fields)
		if err := row.check(tier); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
}

func readHeader(reader *csv.Reader, tier Tier) error {
	want := tier.columns()
	reader.FieldsPerRecord = len(want)
	header, err := reader.Read()
	if err == nil && slices.Equal(header, want) {
		return nil
	}
	columns := strings.Join(want, ",")
	return damaged(tier, 1, "kolomnya harus "+columns, "its columns must be "+columns, err)
}

func newRow(line int, fields []string) row {
	r := row{line: line, code: fields[0], name: fields[len(fields)-1]}
	if len(fields) == 3 {
		r.parent = fields[1]
	}
	return r
}

// check refuses a row that contradicts itself. That its parent exists is for
// the caller to see.
func (r row) check(tier Tier) error {
	switch {
	case !tier.accepts(r.code):
		return damaged(tier, r.line, "kode "+strconv.Quote(r.code)+" tidak sah", "code "+strconv.Quote(r.code)+" is not valid", nil)
	case tier > Province && r.parent != r.code[:(tier-1).width()]:
		return damaged(tier, r.line, "induk "+strconv.Quote(r.parent)+" bukan awal kode "+r.code, "parent "+strconv.Quote(r.parent)+" does not begin code "+r.code, nil)
	case !isPlaceName(r.name):
		return damaged(tier, r.line, "nama "+strconv.Quote(r.name)+" tidak sah", "name "+strconv.Quote(r.name)+" is not valid", nil)
	case tier == Regency && !strings.HasPrefix(r.name, "KABUPATEN ") && !strings.HasPrefix(r.name, "KOTA "):
		return damaged(tier, r.line, "nama "+strconv.Quote(r.name)+" tidak diawali KABUPATEN atau KOTA", "name "+strconv.Quote(r.name)+" does not begin with KABUPATEN or KOTA", nil)
	}
	return nil
}

func isPlaceName(s string) bool {
	return s != "" && s == strings.TrimSpace(s) && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

func unreadable(tier Tier, err error) error {
	if syntax, ok := errors.AsType[*csv.ParseError](err); ok {
		return damaged(tier, syntax.Line, "baris bukan CSV dengan kolom yang benar", "the line is not CSV with the right columns", err)
	}
	return damaged(tier, 0, "berkas tidak terbaca", "the file cannot be read", err)
}

// damaged reports a table that cannot be trusted; line 0 means the whole file.
func damaged(tier Tier, line int, id, en string, cause error) error {
	place := tier.file()
	if line > 0 {
		place += ":" + strconv.Itoa(line)
	}
	return &simpul.Error{
		Code:    simpul.CodeInvalid,
		Place:   place,
		Message: simpul.Text{ID: "Data wilayah " + place + ": " + id + ".", EN: "Region data " + place + ": " + en + "."},
		Remedy:  simpul.Text{ID: "Pasang ulang paket idn-area-data dengan `npm ci` di folder proyek.", EN: "Install the package idn-area-data again with `npm ci` in the project folder."},
		Err:     cause,
	}
}
