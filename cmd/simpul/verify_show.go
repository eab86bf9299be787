package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf16"

	"simpul"
	"simpul/internal/exchange/evidence/proof"
)

// showVerdict tells a person what was checked, and what the record says.
func showVerdict(con *console, b proof.Bundle, v proof.Verdict) error {
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n\n", headline(b, v).In(con.lang))
	for _, step := range v.Steps {
		fmt.Fprintf(&out, "  %-7s %s\n", wordOf(step.State).In(con.lang), oneLine(step.Text.In(con.lang)))
	}
	about := text("Isi catatan", "What the record says")
	if !v.Sound() {
		about = text("Isi catatan, yang TIDAK terbukti", "What the record says, which is NOT proved")
	}
	fmt.Fprintf(&out, "\n%s\n", about.In(con.lang))
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	for _, line := range recounted(v.Record, con.lang) {
		fmt.Fprintf(table, "  %s\t%s\n", line.term.In(con.lang), oneLine(line.value))
	}
	table.Flush()
	_, err := fmt.Fprint(con.stdout, out.String())
	return err
}

func wordOf(s proof.State) simpul.Text {
	switch s {
	case proof.OK:
		return text("cocok", "fits")
	case proof.Failed:
		return text("GAGAL", "FAILED")
	case proof.Erased:
		return text("dihapus", "erased")
	}
	return text("belum", "missing")
}

// told is one line about the record.
type told struct {
	term  simpul.Text
	value string
}

// recounted is the record for people, without what it does not say.
func recounted(s proof.Statement, lang simpul.Language) (lines []told) {
	add := func(id, en, value string) {
		if value != "" {
			lines = append(lines, told{simpul.Text{ID: id, EN: en}, value})
		}
	}
	add("Pertukaran", "Exchange", string(s.ID))
	add("Aplikasi", "Application", string(s.Application))
	add("LID", "LID", strings.TrimSpace(string(s.Address)+" "+s.Version))
	add("Kelas", "Class", string(s.Class))
	add("Penyedia", "Provider", string(s.Provider))
	add("Operasi", "Operation", strings.TrimSpace(s.Method+" "+s.Path))
	add("Waktu", "Time", momentOf(s.Opened))
	add("Tujuan", "Purpose", s.Purpose)
	add("Dasar", "Legal basis", s.Basis)
	add("Izin", "Grant", string(s.Grant))
	add("Kolom", "Fields", s.Fields)
	add("Nomor berkas", "Case", s.Case)
	add("Hasil", "Outcome", resultOf(s).In(lang))
	for _, d := range []struct {
		of simpul.Text
		is simpul.Digest
	}{{text("permintaan", "Request"), s.RequestDigest}, {text("jawaban", "Answer"), s.ResponseDigest}} {
		if d.is.Keyed() {
			add("Sidik terkunci "+d.of.ID, d.of.EN+" commitment", d.is.Digits())
			continue
		}
		add("Sidik "+d.of.ID, d.of.EN+" SHA-256", string(d.is))
	}
	return lines
}

func momentOf(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format("2006-01-02 15:04:05.000 UTC")
}

func resultOf(s proof.Statement) simpul.Text {
	switch {
	case s.Kind == "":
		return simpul.Text{}
	case s.Kind == "opened":
		return text("belum ada: catatan ini dibuat sebelum penyedia dipanggil", "none yet: this record was made before the provider was called")
	}
	status := strings.TrimSpace(strconv.Itoa(s.Status) + " " + http.StatusText(s.Status))
	return text("%s, %s", "%s, %s", status, cmp.Or(string(s.Outcome), "delivered"))
}

// oneLine bounds the text of others to what a terminal shows on a line.
func oneLine(s string) string {
	const most = 400
	s = strings.Join(strings.Fields(printable(s)), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// verdictDocument is a verdict for programs.
type verdictDocument struct {
	Status    proof.Status      `json:"status"`
	Exchange  string            `json:"exchange"`
	Steps     []stepDocument    `json:"steps"`
	Record    proof.Statement   `json:"record"`
	Journal   string            `json:"journal"`
	Sequence  uint64            `json:"sequence"`
	Log       logDocument       `json:"log"`
	Witnesses []witnessDocument `json:"witnesses"`
}

type stepDocument struct {
	Name  string      `json:"name"`
	State proof.State `json:"state"`
	Text  string      `json:"text"`
}

type logDocument struct {
	Origin string `json:"origin"`
	Size   uint64 `json:"size"`
}

type witnessDocument struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

// encodeVerdict writes the verdict as one line of JSON.
func encodeVerdict(con *console, b proof.Bundle, v proof.Verdict) error {
	doc := verdictDocument{Status: v.Status, Exchange: b.Exchange, Record: v.Record, Journal: b.Journal, Sequence: b.Sequence,
		Log: logDocument{v.Origin, v.Size}, Witnesses: []witnessDocument{}}
	for _, s := range v.Steps {
		doc.Steps = append(doc.Steps, stepDocument{s.Name, s.State, s.Text.In(con.lang)})
	}
	for _, w := range v.Witnesses {
		doc.Witnesses = append(doc.Witnesses, witnessDocument(w))
	}
	line, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(con.stdout, escapeUnprintable(string(line)))
	return err
}

// escapeUnprintable escapes what a terminal may act on and JSON would let through, which
// can stand only within its strings.
func escapeUnprintable(line string) string {
	var b strings.Builder
	for _, r := range line {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}
