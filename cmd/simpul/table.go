package main

import (
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"text/tabwriter"

	"simpul"
	"simpul/internal/platform/resource"
)

// column is one column of a table: its head, and the path to its value.
type column struct {
	head simpul.Text
	path string
}

// columnsOf chooses what people look for in a list of the kind.
func columnsOf(kind resource.Kind) []column {
	id := column{text("ID", "ID"), "metadata.id"}
	switch kind {
	case resource.Agency:
		return []column{id, {text("NAMA", "NAME"), "spec.name"}, {text("TINGKAT", "LEVEL"), "spec.level"}, {text("WILAYAH", "REGION"), "spec.region"}, {text("DIBEKUKAN", "SUSPENDED"), "spec.suspended"}}
	case resource.Application:
		return []column{id, {text("NAMA", "NAME"), "spec.name"}, {text("KETERANGAN", "DESCRIPTION"), "spec.description"}}
	case resource.LID:
		return []column{id, {text("JUDUL", "TITLE"), "spec.title"}, {text("INSTANSI", "AGENCY"), "spec.agency"}, {text("KELAS", "CLASS"), "spec.class"}, {text("VERSI", "VERSION"), "spec.version"}, {text("STATUS", "STATE"), "spec.state"}}
	case resource.Grant:
		return []column{id, {text("LID", "LID"), "spec.lid"}, {text("APLIKASI", "APPLICATION"), "spec.application"}, {text("TUJUAN", "PURPOSE"), "spec.purpose"}, {text("SAMPAI", "UNTIL"), "spec.until"}, {text("DIBEKUKAN", "SUSPENDED"), "spec.suspended"}}
	case resource.Limit:
		return []column{id, {text("PER MENIT", "A MINUTE"), "spec.ratePerMinute"}, {text("PER HARI", "A DAY"), "spec.perDay"}, {text("PER BULAN", "A MONTH"), "spec.perMonth"}, {text("SEKALIGUS", "AT ONCE"), "spec.concurrent"}, {text("CATATAN", "NOTE"), "spec.note"}}
	case resource.RefCode:
		return []column{id, {text("JUDUL", "TITLE"), "spec.title.id"}, {text("INSTANSI", "AGENCY"), "spec.agency"}, {text("STATUS", "STATE"), "spec.state"}, {text("KODE", "CODES"), "spec.count"}, {text("LID", "LID"), "spec.lid"}}
	case resource.Standard:
		return []column{id, {text("NAMA", "NAME"), "spec.name"}, {text("VERSI", "VERSION"), "spec.version"}, {text("STATUS", "STATE"), "spec.state"}, {text("BIDANG", "FIELD"), "spec.field"}, {text("PEMBINA", "AUTHORITY"), "spec.authority"}}
	case resource.Role:
		return []column{id, {text("NAMA", "NAME"), "spec.title.id"}, {text("JANGKAUAN", "REACH"), "spec.reach"}}
	case resource.LifeCycle:
		return []column{{text("BERLAKU SEJAK", "IN FORCE FROM"), "metadata.id"}, {text("CATATAN", "NOTE"), "spec.note"}}
	case resource.Holiday:
		return []column{{text("TAHUN", "YEAR"), "metadata.id"}, {text("DICOCOKKAN", "COMPARED"), "spec.verified"}, {text("DASAR", "BASED ON"), "spec.source"}}
	case resource.Issuer:
		return []column{id, {text("NAMA", "NAME"), "spec.name"}, {text("PENERBIT", "ISSUER"), "spec.issuer"}, {text("DITANGGUHKAN", "SUSPENDED"), "spec.suspended"}}
	}
	return []column{id}
}

func columnsOfCertificates() []column {
	return []column{{text("ID", "ID"), "id"}, {text("LABEL", "LABEL"), "label"}, {text("SUBJEK", "SUBJECT"), "subject"}, {text("BERAKHIR", "EXPIRES"), "expiresAt"}, {text("DICABUT", "REVOKED"), "revokedAt"}}
}

func columnsOfKeys() []column {
	return []column{{text("ID", "ID"), "id"}, {text("LABEL", "LABEL"), "label"}, {text("DIBUAT", "CREATED"), "createdAt"}, {text("BERAKHIR", "EXPIRES"), "expiresAt"}, {text("DIPAKAI", "USED"), "usedOn"}}
}

// printTable aligns the columns of all items. Only the cells are kept while the
// items pass, since an item may hold a whole contract.
func (c *console) printTable(columns []column, items iter.Seq2[json.RawMessage, error]) error {
	table := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	cells := make([]string, len(columns))
	for i, col := range columns {
		cells[i] = col.head.In(c.lang)
	}
	fmt.Fprintln(table, strings.Join(cells, "\t"))
	for item, err := range items {
		if err != nil {
			return err
		}
		var value any
		if err := json.Unmarshal(item, &value); err != nil {
			return puzzling(err)
		}
		for i, col := range columns {
			cells[i] = cell(at(value, col.path), c.lang)
		}
		fmt.Fprintln(table, strings.Join(cells, "\t"))
	}
	return table.Flush()
}

// at follows a dotted path of member names; nil where it ends early.
func at(value any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		members, _ := value.(map[string]any)
		value = members[name]
	}
	return value
}

// cell shows a value on one line, short enough for a row.
func cell(value any, lang simpul.Language) string {
	const widest = 48
	shown := "-"
	switch v := value.(type) {
	case nil:
	case bool:
		shown = text("tidak", "no").In(lang)
		if v {
			shown = text("ya", "yes").In(lang)
		}
	default:
		if s := strings.Join(strings.Fields(fmt.Sprint(v)), " "); s != "" {
			shown = printable(s)
		}
	}
	if runes := []rune(shown); len(runes) > widest {
		return string(runes[:widest-1]) + "…"
	}
	return shown
}
