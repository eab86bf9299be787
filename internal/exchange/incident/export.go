package incident

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"simpul"
)

// Format is how the affected are written.
type Format string

const (
	PDF  Format = "pdf"  // the draft of the notice
	CSV  Format = "csv"  // RFC 4180, a line for each pseudonym
	JSON Format = "json" // the case, its figures, and the pseudonyms
)

// ParseFormat accepts the name of a format.
func ParseFormat(name string) (Format, error) {
	switch f := Format(name); f {
	case PDF, CSV, JSON:
		return f, nil
	}
	return "", simpul.Invalid("format",
		simpul.Text{ID: "Bentuk berkas tidak dikenal.", EN: "The form of the file is unknown."},
		simpul.Text{ID: "Gunakan pdf, csv, atau json.", EN: "Use pdf, csv or json."})
}

// MediaType is the type of the file.
func (f Format) MediaType() string {
	switch f {
	case PDF:
		return "application/pdf"
	case CSV:
		return "text/csv; charset=utf-8; header=present"
	}
	return "application/json"
}

// Disposition names the file of a case.
func (f Format) Disposition(id string) string {
	name := "terdampak-"
	if f == PDF {
		name = "surat-pemberitahuan-"
	}
	return `attachment; filename="` + name + id + "." + string(f) + `"`
}

// write writes a case in the format.
func (f Format) write(w io.Writer, c Case, g *gathering) error {
	switch f {
	case PDF:
		file, err := Letter(c)
		if err != nil {
			return err
		}
		_, err = w.Write(file)
		return err
	case CSV:
		return g.writeCSV(w)
	}
	return g.writeJSON(w, c)
}

// moment writes a time on the clock of the case.
func (g *gathering) moment(ms int64) string {
	return time.UnixMilli(ms).In(g.zone).Format(time.RFC3339)
}

// disclosures names what a person was affected by, as "LID: fields; LID: fields".
func (g *gathering) disclosures(in uint64) (lids, fields []string) {
	for i, d := range g.disclosed {
		if in>>i&1 == 0 {
			continue
		}
		lids = append(lids, string(d.LID))
		if d.Fields == "" {
			fields = append(fields, "*")
		} else {
			fields = append(fields, d.Fields)
		}
	}
	return lids, fields
}

func (g *gathering) writeCSV(w io.Writer) error {
	table := csv.NewWriter(w)
	table.UseCRLF = true
	table.Write([]string{"pseudonym", "first", "last", "exchanges", "lids", "fields"})
	for i := range g.persons {
		p := &g.persons[i]
		lids, fields := g.disclosures(p.in)
		table.Write([]string{inert(string(p.who.pseudonym())), g.moment(p.first), g.moment(p.last), strconv.FormatUint(uint64(p.exchanges), 10),
			inert(strings.Join(lids, "; ")), inert(strings.Join(fields, "; "))})
	}
	table.Flush()
	return table.Error()
}

// WriteCSV writes which persons of a list were affected. A NIK begins with a
// letter here, since spreadsheets round numbers of 16 digits.
func (m Match) WriteCSV(w io.Writer, g *gathering) error {
	table := csv.NewWriter(w)
	table.UseCRLF = true
	table.Write([]string{"line", "nik", "first", "last", "exchanges", "lids", "fields"})
	for _, f := range m.Found {
		lids, fields := g.disclosures(f.in)
		table.Write([]string{strconv.Itoa(f.Line), "NIK " + string(f.NIK), f.First.In(g.zone).Format(time.RFC3339), f.Last.In(g.zone).Format(time.RFC3339),
			strconv.FormatInt(f.Exchanges, 10), inert(strings.Join(lids, "; ")), inert(strings.Join(fields, "; "))})
	}
	table.Flush()
	return table.Error()
}

// inert keeps a spreadsheet from taking a text for a formula: one that begins
// like a formula gets an apostrophe before it.
// https://owasp.org/www-community/attacks/CSV_Injection
func inert(text string) string {
	if trimmed := strings.TrimLeft(text, " "); trimmed != "" && strings.ContainsRune("=+-@\t\r\n|%＝＋－＠", []rune(trimmed)[0]) {
		return "'" + text
	}
	return text
}

// personBody is a pseudonym in the JSON export.
type personBody struct {
	Pseudonym simpul.Pseudonym `json:"pseudonym"`
	First     string           `json:"first"`
	Last      string           `json:"last"`
	Exchanges uint32           `json:"exchanges"`
	Disclosed []int            `json:"disclosed"` // places in disclosures
}

// writeJSON writes one object; its persons one after the other, so that there may
// be many.
func (g *gathering) writeJSON(w io.Writer, c Case) error {
	head := struct {
		Case        caseBody     `json:"incident"`
		Disclosures []Disclosure `json:"disclosures"`
	}{bodyOf(c), append([]Disclosure{}, g.disclosed...)}
	text, err := json.Marshal(head)
	if err != nil {
		return err
	}
	if _, err := w.Write(append(text[:len(text)-1], `,"persons":[`...)); err != nil {
		return err
	}
	encoder := json.NewEncoder(w)
	for i := range g.persons {
		if i > 0 {
			io.WriteString(w, ",")
		}
		p := &g.persons[i]
		body := personBody{p.who.pseudonym(), g.moment(p.first), g.moment(p.last), p.exchanges, []int{}}
		for d := range g.disclosed {
			if p.in>>d&1 == 1 {
				body.Disclosed = append(body.Disclosed, d)
			}
		}
		if err := encoder.Encode(body); err != nil {
			return err
		}
	}
	_, err = io.WriteString(w, "]}\n")
	return err
}
