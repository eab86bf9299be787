package catalog

import (
	"encoding/csv"
	"io"
	"net/http"
	"strings"
	"time"
)

// csv serves the list as a table (RFC 4180, UTF-8), with the same parameters as
// the list.
func (p *Pages) csv(w http.ResponseWriter, r *http.Request) {
	entries := p.matching(r.Context(), parseQuery(r.URL.Query()))
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
	h.Set("Content-Disposition", `attachment; filename="katalog-lid.csv"`)
	h.Set("Cache-Control", "no-cache")
	writeTable(w, entries)
}

func writeTable(w io.Writer, entries []entry) error {
	table := csv.NewWriter(w)
	table.UseCRLF = true
	table.Write([]string{"address", "title", "description", "class", "version", "agency", "agency_name", "region", "legal_basis", "contact", "keywords", "attribution", "updated_at"})
	for _, e := range entries {
		row := []string{
			string(e.Address), e.Spec.Title, e.Spec.Description, string(e.Spec.Class), e.Spec.Version,
			string(e.Spec.Agency), e.Owner.Name, e.Owner.Region, e.Spec.LegalBasis, e.Spec.Contact,
			strings.Join(e.Spec.Keywords, "; "), e.Spec.Attribution, e.Updated.UTC().Format(time.RFC3339),
		}
		for i, cell := range row {
			row[i] = inert(cell)
		}
		table.Write(row)
	}
	table.Flush()
	return table.Error()
}

// inert keeps a spreadsheet from running a cell as a formula: text that begins
// like one gets an apostrophe, as OWASP advises against CSV injection.
func inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) || strings.HasPrefix(cell, "＝") || strings.HasPrefix(cell, "＋") || strings.HasPrefix(cell, "－") || strings.HasPrefix(cell, "＠") {
		return "'" + cell
	}
	return cell
}
