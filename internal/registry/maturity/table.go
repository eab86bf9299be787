package maturity

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"simpul"
)

// row is one value of a report: of which part and thing, which field, what.
type row struct{ part, item, field, value, note string }

// WriteCSV writes a document as a table (RFC 4180, UTF-8): one value a row, with
// the SHA-256 of the data in the first rows.
func (d Document) WriteCSV(w io.Writer, lang simpul.Language) error {
	table := csv.NewWriter(w)
	table.UseCRLF = true
	table.Write([]string{"part", "item", "field", "value", "note"})
	for _, r := range d.rows(lang) {
		cells := []string{r.part, r.item, r.field, r.value, r.note}
		for i, cell := range cells {
			cells[i] = inert(cell)
		}
		table.Write(cells)
	}
	table.Flush()
	return table.Error()
}

// inert keeps a spreadsheet from running a cell as a formula: text that begins
// like one gets an apostrophe, as OWASP advises against CSV injection.
func inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	for _, wide := range []string{"＝", "＋", "－", "＠"} {
		if strings.HasPrefix(cell, wide) {
			return "'" + cell
		}
	}
	return cell
}

func (d Document) rows(lang simpul.Language) []row {
	r := d.Data
	all := []row{
		{"report", "", "sha256", d.SHA256, ""},
		{"report", "", "generatedAt", stamp(d.GeneratedAt), ""},
		{"report", "", "hub", r.Hub, ""},
		{"report", "", "from", r.Period.From, ""},
		{"report", "", "until", r.Period.Until, ""},
		{"agency", string(r.Agency.ID), "name", r.Agency.Name, ""},
		{"agency", string(r.Agency.ID), "level", r.Agency.Level, ""},
		{"agency", string(r.Agency.ID), "region", r.Agency.Region, ""},
	}
	for _, rows := range [][]row{r.approvalRows(lang), r.lidRows(lang), r.grantRows(lang), r.exchangeRows(lang), r.normRows(lang), r.findingRows(lang)} {
		all = append(all, rows...)
	}
	return all
}

func (r Report) approvalRows(lang simpul.Language) []row {
	a, note := r.Approval, r.how("approval").In(lang)
	return []row{
		{"approval", "", "standing", a.Standing, note},
		{"approval", "", "suspended", strconv.FormatBool(a.Suspended), ""},
		{"approval", "", "letter", a.Letter, ""},
		{"approval", "", "letterDate", a.LetterDate, ""},
		{"approval", "", "decidedAt", optional(a.DecidedAt), ""},
		{"approval", "", "formVersion", positive(a.FormVersion), ""},
		{"approval", "", "formAt", optional(a.FormAt), ""},
	}
}

func (r Report) lidRows(lang simpul.Language) []row {
	all := []row{{"lids", "", "count", strconv.Itoa(len(r.LIDs)), r.how("lids").In(lang)}, {"lids", "", "live", strconv.Itoa(len(r.live())), ""}}
	for _, l := range r.LIDs {
		at := string(l.Address)
		score := ""
		if l.Score != nil {
			score = strconv.Itoa(*l.Score)
		}
		all = append(all, row{"lids", at, "title", l.Title, ""}, row{"lids", at, "class", string(l.Class), ""}, row{"lids", at, "version", l.Version, ""},
			row{"lids", at, "state", l.State, ""}, row{"lids", at, "since", stamp(l.Since), ""}, row{"lids", at, "updated", stamp(l.Updated), ""},
			row{"lids", at, "number", l.Number, ""}, row{"lids", at, "registeredAt", optional(l.Registered), ""},
			row{"lids", at, "evaluatedAt", optional(l.Evaluated), ""}, row{"lids", at, "score", score, ""})
	}
	return all
}

func (r Report) grantRows(lang simpul.Language) (all []row) {
	note := r.how("grants").In(lang)
	for _, side := range []struct {
		name string
		Tally
	}{{"given", r.Grants.Given}, {"held", r.Grants.Held}} {
		all = append(all, row{"grants", side.name, "inEffect", strconv.Itoa(side.InEffect), note}, row{"grants", side.name, "suspended", strconv.Itoa(side.Suspended), ""},
			row{"grants", side.name, "over", strconv.Itoa(side.Over), ""}, row{"grants", side.name, "parties", strconv.Itoa(side.Parties), ""})
		note = ""
	}
	return all
}

func (r Report) exchangeRows(lang simpul.Language) []row {
	x, number := r.Exchanges, func(n int64) string { return strconv.FormatInt(n, 10) }
	all := []row{
		{"exchanges", string(Provided), "ended", number(x.Provided.Ended), r.how("exchanges").In(lang)},
		{"exchanges", string(Provided), "delivered", number(x.Provided.Delivered), ""},
		{"exchanges", string(Called), "ended", number(x.Called.Ended), ""},
		{"exchanges", string(Called), "delivered", number(x.Called.Delivered), ""},
		{"exchanges", "", "keptSince", optional(x.Kept), ""},
	}
	for _, c := range x.Counts {
		item := string(c.LID) + " " + c.Month + " " + string(c.Side)
		all = append(all, row{"exchanges", item, "ended", number(c.Ended), ""}, row{"exchanges", item, "delivered", number(c.Delivered), ""})
	}
	for _, s := range x.Samples {
		all = append(all, row{"samples", string(s.ID), "lid", string(s.LID), r.how("samples").In(lang)}, row{"samples", string(s.ID), "at", stamp(s.At), ""}, row{"samples", string(s.ID), "side", string(s.Side), ""})
	}
	return all
}

func (r Report) normRows(lang simpul.Language) []row {
	all := []row{{"norms", "", "authored", strconv.Itoa(len(r.Norms.Authored)), r.how("norms").In(lang)}, {"norms", "", "followed", strconv.Itoa(len(r.Norms.Followed)), ""}}
	for _, a := range r.Norms.Authored {
		all = append(all, row{"norms", a.ID, "authored " + a.Kind, a.Title, ""})
	}
	for _, f := range r.Norms.Followed {
		all = append(all, row{"norms", f.ID, "followed " + f.Kind + " fields", strconv.Itoa(f.Fields), ""}, row{"norms", f.ID, "followed " + f.Kind + " lids", strconv.Itoa(f.LIDs), ""})
	}
	for _, f := range r.Norms.Forms {
		all = append(all, row{"forms", f.Form, "draft", strconv.Itoa(f.Draft), ""}, row{"forms", f.Form, "submitted", strconv.Itoa(f.Submitted), ""}, row{"forms", f.Form, "approved", strconv.Itoa(f.Approved), ""})
	}
	return all
}

func (r Report) findingRows(lang simpul.Language) []row {
	all := []row{{"findings", "", "model", r.Model, r.how("findings").In(lang)}}
	for _, f := range r.Findings {
		item := f.Assessment + " / " + strconv.Itoa(f.Level) + " / " + string(f.Evidence)
		all = append(all, row{"findings", item, "status", string(f.Status), f.Asks.In(lang)}, row{"findings", item, "why", f.Why.In(lang), ""})
		if f.Status != Met {
			all = append(all, row{"findings", item, "remedy", f.Remedy.In(lang), ""})
		}
	}
	return all
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func optional(t *time.Time) string {
	if t == nil {
		return ""
	}
	return stamp(*t)
}

func positive(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
