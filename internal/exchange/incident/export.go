package incident

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"simpul"
)

// Format is how a case is written to a file.
type Format string

const (
	PDF          Format = "pdf"           // the draft of the notice to those affected
	PDFAuthority Format = "pdf-authority" // the draft of the notice to the institution
	CSV          Format = "csv"           // RFC 4180, a line for each pseudonym
	JSON         Format = "json"          // the case, its figures, and the pseudonyms
)

// File is what somebody wants of a case. The language is that of a letter.
type File struct {
	Format   Format
	Language simpul.Language
}

// ParseFile accepts the names of a format and of a language, which may be empty.
func ParseFile(format, language string) (File, error) {
	f := File{Format(format), simpul.Language(language)}
	switch f.Format {
	case PDF, PDFAuthority, CSV, JSON:
	default:
		return f, simpul.Invalid("format",
			simpul.Text{ID: "Bentuk berkas tidak dikenal.", EN: "The form of the file is unknown."},
			simpul.Text{ID: "Gunakan pdf, pdf-authority, csv, atau json.", EN: "Use pdf, pdf-authority, csv or json."})
	}
	switch f.Language {
	case "":
		f.Language = simpul.Indonesian
	case simpul.Indonesian, simpul.English:
	default:
		return f, simpul.Invalid("language",
			simpul.Text{ID: "Bahasa surat tidak dikenal.", EN: "The language of the letter is unknown."},
			simpul.Text{ID: "Gunakan id atau en.", EN: "Use id or en."})
	}
	return f, nil
}

// MediaType is the type of the file.
func (f File) MediaType() string {
	switch f.Format {
	case PDF, PDFAuthority:
		return "application/pdf"
	case CSV:
		return "text/csv; charset=utf-8; header=present"
	}
	return "application/json"
}

// Disposition names the file of a case.
func (f File) Disposition(id string) string {
	name := map[Format]string{PDF: "surat-orang-terdampak-", PDFAuthority: "surat-lembaga-", CSV: "terdampak-", JSON: "terdampak-"}[f.Format] + id
	extension, _, _ := strings.Cut(string(f.Format), "-")
	if extension == "pdf" && f.Language == simpul.English {
		name += "-en"
	}
	return `attachment; filename="` + name + "." + extension + `"`
}

// write writes the affected of a case.
func (f File) write(w io.Writer, c Case, g *gathering) error {
	if f.Format == CSV {
		return g.writeCSV(w)
	}
	return g.writeJSON(w, c)
}

// tableTime writes a time on the clock of the case for people who read tables:
// "2026-11-25 14.05.09 WITA".
func tableTime(t time.Time, z *time.Location) string {
	return t.In(z).Format("2006-01-02 15.04.05 MST")
}

// disclosures names what a person was affected by.
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
	err := g.parts(func(p *part) error {
		for i := range p.persons {
			a := &p.persons[i]
			lids, fields := g.disclosures(a.in)
			table.Write([]string{inert(string(a.who.pseudonym())), tableTime(time.UnixMilli(a.first), g.zone), tableTime(time.UnixMilli(a.last), g.zone),
				strconv.FormatUint(uint64(a.exchanges), 10), inert(strings.Join(lids, "; ")), inert(strings.Join(fields, "; "))})
		}
		return table.Error()
	})
	if err != nil {
		return err
	}
	table.Flush()
	return table.Error()
}

// WriteCSV writes which persons of a list were affected. A NIK begins with a
// letter here, since spreadsheets round numbers of 16 digits.
func (m Match) WriteCSV(w io.Writer) error {
	table := csv.NewWriter(w)
	table.UseCRLF = true
	table.Write([]string{"line", "nik", "first", "last", "exchanges", "lids", "fields"})
	for _, f := range m.Found {
		table.Write([]string{strconv.Itoa(f.Line), "NIK " + string(f.NIK), tableTime(f.First, f.First.Location()), tableTime(f.Last, f.Last.Location()),
			strconv.FormatInt(f.Exchanges, 10), inert(strings.Join(f.LIDs, "; ")), inert(strings.Join(f.Fields, "; "))})
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

// body is a person as the export has them, times with the offset of the case.
func (g *gathering) body(a *affected) personBody {
	moment := func(ms int64) string { return time.UnixMilli(ms).In(g.zone).Format(time.RFC3339) }
	body := personBody{a.who.pseudonym(), moment(a.first), moment(a.last), a.exchanges, []int{}}
	for d := range g.disclosed {
		if a.in>>d&1 == 1 {
			body.Disclosed = append(body.Disclosed, d)
		}
	}
	return body
}

// disclosureBody is a disclosure as the export numbers it. How many persons were
// affected by it stands in the answer, where it was counted.
type disclosureBody struct {
	LID       simpul.Address `json:"lid"`
	Fields    string         `json:"fields"`
	Exchanges int64          `json:"exchanges"`
	First     time.Time      `json:"first"`
	Last      time.Time      `json:"last"`
}

// writeJSON writes one object; its persons one after the other, so that there may
// be many.
func (g *gathering) writeJSON(to io.Writer, c Case) error {
	w := bufio.NewWriter(to)
	head := struct {
		Case        caseBody         `json:"incident"`
		Disclosures []disclosureBody `json:"disclosures"`
	}{bodyOf(c), []disclosureBody{}}
	for _, d := range g.disclosed {
		head.Disclosures = append(head.Disclosures, disclosureBody{d.LID, d.Fields, d.Exchanges, d.First, d.Last})
	}
	text, err := json.Marshal(head)
	if err != nil {
		return err
	}
	if _, err := w.Write(append(text[:len(text)-1], `,"persons":[`...)); err != nil {
		return err
	}
	encoder, first := json.NewEncoder(w), true
	err = g.parts(func(p *part) error {
		for i := range p.persons {
			if !first {
				w.WriteByte(',')
			}
			first = false
			if err := encoder.Encode(g.body(&p.persons[i])); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if _, err := w.WriteString("]}\n"); err != nil {
		return err
	}
	return w.Flush()
}
