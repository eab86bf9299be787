package standard

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// JSONFile is the other format of files of metadata: {"items":[{"id", "lid",
// "values"}]}.
const JSONFile Format = "json"

// mostForms bounds a file of filled-in forms.
const mostForms = 100_000

// fileRow is one form of a file.
type fileRow struct {
	ID     string            `json:"id"`
	LID    simpul.Address    `json:"lid,omitempty"`
	Values map[string]string `json:"values"`

	place func(key string) string
}

// metadataColumns are the columns of a file of a form.
func metadataColumns(form FormID) []string {
	columns := []string{"id", "lid"}
	for _, q := range FormOf(form).Questions() {
		columns = append(columns, q.Key)
	}
	return columns
}

// ImportForms stores every form of a file as a draft of the agency: all of
// them or, if there is a mistake, none. An error names the rows and columns of
// all mistakes that the file itself shows; after the first, nothing is written.
func (m *Metadatas) ImportForms(ctx context.Context, p simpul.Principal, form FormID, agency simpul.AgencyID, format Format, file io.Reader, dryRun bool) (done Imported, err error) {
	if _, err := ParseFormID(string(form)); err != nil {
		return done, simpul.At("query.form", err)
	}
	if !p.Scope().Covers(agency) {
		return done, sqldb.Coded(sqldb.ErrScope, simpul.Text{ID: "Instansi", EN: "Agency"}, string(agency))
	}
	each := eachJSONForm
	if format == CSV {
		each = eachCSVForm
	}
	in := intake{forms: m, p: p, spec: MetadataSpec{Form: form, Agency: agency}, seen: map[string]bool{}}
	err = m.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := each(file, form, &in.wrong, func(row fileRow) error { return in.take(ctx, tx, row) }); err != nil {
			return err
		}
		if err := in.wrong.Err(); err != nil {
			return err
		}
		done = Imported{Rows: len(in.seen), Stored: !dryRun}
		return sqldb.Rehearse(dryRun, recordMetadata(ctx, tx, p, agency, string(form), "metadata.import", strconv.Itoa(len(in.seen))+" rows"))
	})
	return done, unknownAgency(err, kindMetadata, "", agency)
}

// intake takes in the rows of one file.
type intake struct {
	forms *Metadatas
	p     simpul.Principal
	spec  MetadataSpec // without what each row says
	seen  map[string]bool
	wrong simpul.Faults
}

// take checks a row and stores it, unless a row before it was wrong.
func (in *intake) take(ctx context.Context, tx *sqldb.Tx, row fileRow) error {
	if len(in.seen) == mostForms {
		return tooMany(0)
	}
	s := in.spec
	s.LID, s.Values = row.LID, row.Values
	s = s.trimmed()
	if err := in.check(row, s); err != nil {
		if !in.wrong.Add(err) {
			return firstOf(in.wrong.Err(), err)
		}
		return nil
	}
	in.seen[row.ID] = true
	if in.wrong.Any() {
		return nil
	}
	return in.forms.importRow(ctx, tx, in.p, row, s)
}

func (in *intake) check(row fileRow, s MetadataSpec) error {
	if in.seen[row.ID] {
		return simpul.Invalid(row.place("id"), simpul.Text{ID: "ID \"" + row.ID + "\" berulang.", EN: "ID \"" + row.ID + "\" is repeated."},
			simpul.Text{ID: "Satu baris untuk satu ID.", EN: "One row for one ID."})
	}
	if _, err := parseMetadataID(row.ID); err != nil {
		return simpul.At(row.place("id"), err)
	}
	return s.check(row.place)
}

func (m *Metadatas) importRow(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, row fileRow, s MetadataSpec) error {
	_, err := m.write(ctx, tx, p, row.ID, s)
	if errors.Is(err, sqldb.ErrDuplicate) || errors.Is(err, sqldb.ErrScope) {
		err = sqldb.Coded(sqldb.ErrDuplicate, kindMetadata, row.ID)
	}
	return simpul.At(row.place("id"), err)
}

// eachCSVForm reads on after a row that is no row, and notes it.
func eachCSVForm(file io.Reader, form FormID, wrong *simpul.Faults, fn func(fileRow) error) error {
	columns := metadataColumns(form)
	t, err := newTable(file, columns, []string{"id"})
	if err != nil {
		return err
	}
	for {
		cells, err := t.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var row fileRow
		if err == nil {
			row, err = t.form(cells, columns)
		}
		if err == nil {
			err = fn(row)
		} else if wrong.Add(err) {
			err = nil
		} else {
			err = firstOf(wrong.Err(), err)
		}
		if err != nil {
			return err
		}
	}
}

func (t *table) form(cells, columns []string) (fileRow, error) {
	line := t.line
	row := fileRow{Values: map[string]string{}, place: func(key string) string { return placeInFile(line, key) }}
	for _, column := range columns {
		value, err := t.cell(cells, column)
		if err != nil {
			return row, err
		}
		switch column {
		case "id":
			row.ID = value
		case "lid":
			row.LID = simpul.Address(value)
		default:
			row.Values[column] = value
		}
	}
	return row, nil
}

// eachJSONForm reads the items one by one, so that a file of any length takes
// the memory of one.
func eachJSONForm(file io.Reader, _ FormID, wrong *simpul.Faults, fn func(fileRow) error) error {
	d := json.NewDecoder(file)
	for _, want := range []json.Token{json.Delim('{'), "items", json.Delim('[')} {
		if got, err := d.Token(); err != nil || got != want {
			return brokenItems(err)
		}
	}
	d.DisallowUnknownFields()
	for i := 0; d.More(); i++ {
		row := fileRow{place: func(key string) string { return fmt.Sprintf("items[%d].%s", i, key) }}
		if err := d.Decode(&row); err != nil {
			return brokenItems(fmt.Errorf("items[%d]: %w", i, err))
		}
		if err := row.formula(); err != nil {
			if !wrong.Add(err) {
				return firstOf(wrong.Err(), err)
			}
			continue
		}
		if err := fn(row); err != nil {
			return err
		}
	}
	for _, want := range []json.Token{json.Delim(']'), json.Delim('}')} {
		if got, err := d.Token(); err != nil || got != want {
			return brokenItems(err)
		}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return brokenItems(err)
	}
	return nil
}

// formula refuses values that a spreadsheet would run.
func (r fileRow) formula() error {
	for _, key := range slices.Sorted(maps.Keys(r.Values)) {
		if _, err := fromCell(r.place(clip(key, 60)), r.Values[key]); err != nil {
			return err
		}
	}
	return nil
}

func brokenItems(err error) error {
	e := simpul.Invalid("body", simpul.Text{ID: "Berkas ini bukan {\"items\":[…]} yang utuh.", EN: "This file is not a whole {\"items\":[…]}."},
		simpul.Text{ID: "Setiap isi items punya id, boleh lid, dan values.", EN: "Each of items has id, perhaps lid, and values."})
	e.Err = err
	return e
}

// ExportForms writes every form of a kind that the scope sees.
func (m *Metadatas) ExportForms(ctx context.Context, p simpul.Principal, form FormID, format Format, w io.Writer) error {
	if _, err := ParseFormID(string(form)); err != nil {
		return simpul.At("query.form", err)
	}
	write, end := csvForms(form, w)
	if format == JSONFile {
		write, end = jsonForms(w)
	}
	return m.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		for page := (httpapi.Page{Limit: 500}); ; {
			some, err := listMetadata(ctx, tx, form, page)
			if err != nil {
				return err
			}
			for _, f := range some {
				if err := write(f); err != nil {
					return err
				}
			}
			if len(some) < page.Limit {
				return end()
			}
			page.After = some[len(some)-1].ID
		}
	})
}

func csvForms(form FormID, w io.Writer) (write func(Filled) error, end func() error) {
	out := csv.NewWriter(w)
	columns := metadataColumns(form)
	out.Write(columns)
	write = func(f Filled) error {
		row := []string{f.ID, string(f.Spec.LID)}
		for _, key := range columns[2:] {
			row = append(row, neutral(f.Spec.Values[key]))
		}
		return out.Write(row)
	}
	return write, func() error { out.Flush(); return out.Error() }
}

func jsonForms(w io.Writer) (write func(Filled) error, end func() error) {
	separator := `{"items":[`
	write = func(f Filled) error {
		text, err := json.Marshal(fileRow{ID: f.ID, LID: f.Spec.LID, Values: f.Spec.Values})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "%s%s", separator, text)
		separator = ",\n"
		return err
	}
	return write, func() error {
		if separator[0] == '{' {
			_, err := io.WriteString(w, separator+"]}")
			return err
		}
		_, err := io.WriteString(w, "]}")
		return err
	}
}
