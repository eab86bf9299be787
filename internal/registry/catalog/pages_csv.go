package catalog

import (
	"encoding/csv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"simpul/internal/platform/web"
)

// csv serves the list as a table (RFC 4180, UTF-8), with the same parameters as
// the list.
func (p *Pages) csv(w http.ResponseWriter, r *http.Request) {
	entries, err := p.matching(r.Context(), parseQuery(r.URL.Query()))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
	h.Set("Content-Disposition", `attachment; filename="katalog-lid.csv"`)
	h.Set("Cache-Control", "no-cache")
	writeTable(w, entries)
}

func writeTable(w io.Writer, entries []entry) error {
	table := csv.NewWriter(w)
	table.UseCRLF = true
	table.Write([]string{"address", "title", "description", "class", "version", "agency", "agency_name", "region", "legal_basis", "contact", "keywords", "attribution", "updated_at",
		"themes", "purpose", "frequency", "licence", "personal_data", "personal_data_categories", "coverage_regions", "coverage_from", "coverage_until", "contacts", "standards", "sandbox"})
	for _, e := range entries {
		row := []string{
			string(e.Address), e.Spec.Title, e.Spec.Description, string(e.Spec.Class), e.Spec.Version,
			string(e.Spec.Agency), e.Owner.Name, e.Owner.Region, e.Spec.LegalBasis, e.Spec.Contact,
			strings.Join(e.Spec.Keywords, "; "), e.Spec.Attribution, e.Updated.UTC().Format(time.RFC3339),
		}
		row = append(row, e.Spec.Metadata.cells()...)
		for i, cell := range row {
			row[i] = inert(cell)
		}
		table.Write(row)
	}
	table.Flush()
	return table.Error()
}

// cells are the metadata as columns.
func (m Metadata) cells() []string {
	var coverage Coverage
	if m.Coverage != nil {
		coverage = *m.Coverage
	}
	var categories []PersonalCategory
	personal := ""
	if held, said := m.Personal(); said {
		personal, categories = strconv.FormatBool(held), m.PersonalData.Categories
	}
	return []string{
		joined(m.Themes), m.Purpose, string(m.Frequency), string(m.Licence), personal, joined(categories),
		joined(coverage.Regions), coverage.From, coverage.Until, m.contactCell(), m.standardCell(), m.Sandbox,
	}
}

func joined[T ~string](list []T) string {
	texts := make([]string, len(list))
	for i, t := range list {
		texts[i] = string(t)
	}
	return strings.Join(texts, "; ")
}

func (m Metadata) contactCell() string {
	all := make([]string, len(m.Contacts))
	for i, c := range m.Contacts {
		if all[i] = c.Unit; c.Email != "" {
			all[i] += " <" + c.Email + ">"
		}
	}
	return strings.Join(all, "; ")
}

func (m Metadata) standardCell() string {
	all := make([]string, len(m.Standards))
	for i, s := range m.Standards {
		all[i] = s.Name
	}
	return strings.Join(all, "; ")
}

// inert keeps a spreadsheet from running a cell as a formula: text that begins
// like one gets an apostrophe, as OWASP advises against CSV injection.
func inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) || strings.HasPrefix(cell, "＝") || strings.HasPrefix(cell, "＋") || strings.HasPrefix(cell, "－") || strings.HasPrefix(cell, "＠") {
		return "'" + cell
	}
	return cell
}
