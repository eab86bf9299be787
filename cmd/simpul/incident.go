package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"time"

	"simpul"
)

type incidentCmd struct {
	Note    incidentNoteCmd    `cmd:"" help:"Catat insiden, dan cari siapa yang terdampak." en:"Note an incident, and find who was affected."`
	List    incidentListCmd    `cmd:"" help:"Tampilkan insiden." en:"Show incidents."`
	Get     incidentGetCmd     `cmd:"" help:"Tampilkan satu insiden beserta angkanya." en:"Show one incident with its figures."`
	Count   incidentCountCmd   `cmd:"" help:"Hitung ulang siapa yang terdampak." en:"Count anew who was affected."`
	Export  incidentExportCmd  `cmd:"" help:"Tulis draf surat atau daftar terdampak." en:"Write the draft of the notice, or the affected."`
	Match   incidentMatchCmd   `cmd:"" help:"Cocokkan daftar NIK dari masukan standar." en:"Match a list of NIKs from standard input."`
	Report  incidentReportCmd  `cmd:"" help:"Catat bahwa pemberitahuan sudah terkirim." en:"Record that the notice was sent."`
	Redate  incidentRedateCmd  `cmd:"" help:"Ubah saat insiden diketahui, dan dengan itu tenggatnya." en:"Change when the incident became known, and with it the term."`
	Hold    incidentHoldCmd    `cmd:"" help:"Tahan insiden dari penghapusan." en:"Keep the incident whatever retention says."`
	Release incidentReleaseCmd `cmd:"" help:"Lepas insiden yang ditahan." en:"Let retention have the incident again."`
	Remark  incidentRemarkCmd  `cmd:"" help:"Tambahkan catatan." en:"Add a note."`
	Close   incidentCloseCmd   `cmd:"" help:"Tutup insiden." en:"Close the incident."`
}

// patience is for answers that are read from millions of records.
const patience = 10 * time.Minute

// patient opens the hub and waits long for its answers.
func (f hubFlags) patient(con *console) (*hub, error) {
	hub, err := f.open(con)
	if err == nil {
		hub.client.Timeout = patience
	}
	return hub, err
}

func incidentColumns() []column {
	return []column{{text("INSIDEN", "INCIDENT"), "id"}, {text("APLIKASI", "APPLICATION"), "question.application"}, {text("PALING SEDIKIT", "AT LEAST"), "answer.least"},
		{text("PALING BANYAK", "AT MOST"), "answer.persons"}, {text("TANPA NAMA", "UNNAMED"), "answer.unnamed"}, {text("TENGGAT", "DUE"), "dueAt"}, {text("ORANG DIBERI TAHU", "PERSONS TOLD"), "personsAt"}, {text("LEMBAGA", "AUTHORITY"), "authorityAt"}, {text("DITUTUP", "CLOSED"), "closedAt"}}
}

// incidentOne prints one case.
func incidentOne(con *console, output string, body []byte) error {
	if output == "json" {
		_, err := fmt.Fprintf(con.stdout, "%s\n", body)
		return err
	}
	return con.printTable(incidentColumns(), each([]json.RawMessage{body}))
}

type incidentOutput struct {
	Output   string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags `embed:""`
}

type incidentNoteCmd struct {
	Application    string `arg:"" help:"Aplikasi yang mendapat data." en:"Application that got the data."`
	From           string `required:"" placeholder:"WAKTU" help:"Dari waktu ini, misalnya 2026-11-20T08:00." en:"From this time, such as 2026-11-20T08:00."`
	Until          string `required:"" placeholder:"WAKTU" help:"Sampai sebelum waktu ini." en:"Up to, but not including, this time."`
	Lid            string `placeholder:"LID" help:"Hanya LID ini." en:"Only this LID."`
	Zone           string `enum:",WIB,WITA,WIT" default:"" placeholder:"WIB|WITA|WIT" help:"Jam kantor; bila tidak disebut, menurut wilayah instansi." en:"Clock of the office; unless given, that of the agency's region."`
	Noted          string `placeholder:"WAKTU" help:"Saat insiden diketahui; sekarang bila tidak disebut." en:"When the incident became known; now unless given."`
	incidentOutput `embed:""`
}

// Help gives an example.
func (*incidentNoteCmd) Help() string {
	return "simpul incident note layanan@bandungkota.go.id --from 2026-11-20T08:00 --until 2026-11-21T00:00"
}

// Run notes the incident.
func (c *incidentNoteCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.patient(con)
	if err != nil {
		return err
	}
	wish := map[string]string{"application": c.Application, "lid": c.Lid, "from": c.From, "until": c.Until, "zone": c.Zone, "noted": c.Noted}
	maps.DeleteFunc(wish, func(_, value string) bool { return value == "" })
	body, err := json.Marshal(wish)
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, http.MethodPost, []string{"incidents"}, nil, body)
	if err != nil {
		return err
	}
	return incidentOne(con, c.Output, got.body)
}

type incidentListCmd struct {
	incidentOutput `embed:""`
}

// Help gives an example.
func (*incidentListCmd) Help() string { return "simpul incident list" }

// Run lists the incidents.
func (c *incidentListCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.patient(con)
	if err != nil {
		return err
	}
	all := hub.list(ctx, "incidents")
	if c.Output == "json" {
		for one, err := range all {
			if err != nil {
				return err
			}
			fmt.Fprintf(con.stdout, "%s\n", one)
		}
		return nil
	}
	return con.printTable(incidentColumns(), all)
}

type incidentArg struct {
	ID string `arg:"" help:"Nomor insiden." en:"The incident's number."`
}

type incidentGetCmd struct {
	incidentArg    `embed:""`
	incidentOutput `embed:""`
}

// Help gives examples.
func (*incidentGetCmd) Help() string {
	return "simpul incident get i-4kd82hs7\nsimpul incident get i-4kd82hs7 -o json"
}

// Run shows one incident.
func (c *incidentGetCmd) Run(ctx context.Context, con *console) error {
	return c.ask(ctx, con, http.MethodGet, c.ID)
}

// ask sends a request without a body, and prints the case that comes back.
func (o incidentOutput) ask(ctx context.Context, con *console, method string, path ...string) error {
	hub, err := o.patient(con)
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, method, append([]string{"incidents"}, path...), nil, nil)
	if err != nil {
		return err
	}
	return incidentOne(con, o.Output, got.body)
}

type incidentCountCmd struct {
	incidentArg    `embed:""`
	incidentOutput `embed:""`
}

// Help gives an example.
func (*incidentCountCmd) Help() string { return "simpul incident count i-4kd82hs7" }

// Run counts anew.
func (c *incidentCountCmd) Run(ctx context.Context, con *console) error {
	return c.ask(ctx, con, http.MethodPost, c.ID, "count")
}

type incidentExportCmd struct {
	incidentArg `embed:""`
	Output      string `short:"o" enum:"pdf,pdf-authority,csv,json" default:"pdf" placeholder:"pdf|pdf-authority|csv|json" help:"pdf: draf surat kepada orang terdampak; pdf-authority: kepada lembaga; csv atau json: yang terdampak." en:"pdf: the draft to those affected; pdf-authority: to the institution; csv or json: the affected."`
	Language    string `enum:"id,en" default:"id" placeholder:"id|en" help:"Bahasa draf." en:"Language of the draft."`
	hubFlags    `embed:""`
}

// Help gives examples.
func (*incidentExportCmd) Help() string {
	return "simpul incident export i-4kd82hs7 > surat.pdf\nsimpul incident export i-4kd82hs7 -o pdf-authority > surat-lembaga.pdf\nsimpul incident export i-4kd82hs7 -o csv > terdampak.csv"
}

// Run writes the file to standard output.
func (c *incidentExportCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.patient(con)
	if err != nil {
		return err
	}
	file, err := hub.download(ctx, []string{"incidents", c.ID, "file"}, url.Values{"format": {c.Output}, "language": {c.Language}})
	if err != nil {
		return err
	}
	_, err = con.stdout.Write(file)
	return err
}

type incidentMatchCmd struct {
	incidentArg    `embed:""`
	incidentOutput `embed:""`
}

// Help gives an example.
func (*incidentMatchCmd) Help() string { return "simpul incident match i-4kd82hs7 < nik.txt" }

// largestList is what the hub takes, bytes.
const largestList = 32 << 20

// Run sends the list, and prints who of it was affected.
func (c *incidentMatchCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.patient(con)
	if err != nil {
		return err
	}
	list, err := io.ReadAll(io.LimitReader(con.stdin, largestList+1))
	if err != nil {
		return err
	}
	if len(list) > largestList {
		return usage(simpul.Invalid("",
			text("Daftar lebih besar dari 32 MB.", "The list is larger than 32 MB."),
			text("Bagi daftarnya, lalu cocokkan bagian demi bagian.", "Divide the list, and match it part by part.")))
	}
	got, err := hub.send(ctx, []string{"incidents", c.ID, "match"}, "text/plain", list)
	if err != nil {
		return err
	}
	if c.Output == "json" {
		_, err := fmt.Fprintf(con.stdout, "%s\n", got.body)
		return err
	}
	var match struct {
		NIKs  int `json:"niks"`
		Found []json.RawMessage
	}
	if err := json.Unmarshal(got.body, &match); err != nil {
		return puzzling(err)
	}
	con.say(text("%d dari %d NIK terdampak.", "%d of %d NIKs were affected.", len(match.Found), match.NIKs))
	return con.printTable([]column{{text("BARIS", "LINE"), "line"}, {text("NIK", "NIK"), "nik"}, {text("PERTAMA", "FIRST"), "first"},
		{text("TERAKHIR", "LAST"), "last"}, {text("KALI", "TIMES"), "exchanges"}}, each(match.Found))
}

type incidentReportCmd struct {
	incidentArg `embed:""`
	Text        string `arg:"" help:"Misalnya nomor surat, tanpa data pribadi." en:"Such as its number, without personal data."`
	To          string `enum:"persons,authority,both" default:"both" placeholder:"persons|authority|both" help:"Kepada orang terdampak, lembaga, atau keduanya." en:"To those affected, the institution, or both."`
	At          string `placeholder:"WAKTU" help:"Saat terkirim; sekarang bila tidak disebut." en:"When it was sent; now unless given."`
	hubFlags    `embed:""`
}

// Help gives examples.
func (*incidentReportCmd) Help() string {
	return "simpul incident report i-4kd82hs7 \"Surat nomor 12/PDP/2026\"\nsimpul incident report i-4kd82hs7 \"Surat nomor 12/PDP/2026\" --to authority --at 2026-11-27T09:30"
}

// Run records that a notice was sent.
func (c *incidentReportCmd) Run(ctx context.Context, con *console) error {
	return c.note(ctx, con, c.ID, "report", map[string]string{"to": c.To, "at": c.At, "text": c.Text})
}

type incidentRedateCmd struct {
	incidentArg `embed:""`
	Noted       string `arg:"" help:"Saat insiden diketahui, misalnya 2026-11-25T08:00." en:"When the incident became known, such as 2026-11-25T08:00."`
	Why         string `arg:"" help:"Alasannya, yang tetap tercatat." en:"The reason, which stays on record."`
	hubFlags    `embed:""`
}

// Help gives an example.
func (*incidentRedateCmd) Help() string {
	return "simpul incident redate i-4kd82hs7 2026-11-25T08:00 \"Laporan warga masuk pagi harinya\""
}

// Run changes when the incident became known.
func (c *incidentRedateCmd) Run(ctx context.Context, con *console) error {
	return c.note(ctx, con, c.ID, "noted", map[string]string{"noted": c.Noted, "why": c.Why})
}

type incidentHoldCmd struct {
	incidentArg `embed:""`
	Text        string `arg:"" help:"Untuk apa, misalnya nomor perkara." en:"What for, such as the number of a case."`
	hubFlags    `embed:""`
}

// Help gives an example.
func (*incidentHoldCmd) Help() string {
	return "simpul incident hold i-4kd82hs7 \"Perkara 12/Pid.Sus/2026\""
}

// Run puts the incident on hold.
func (c *incidentHoldCmd) Run(ctx context.Context, con *console) error {
	return c.write(ctx, con, c.ID, "hold", c.Text)
}

type incidentReleaseCmd struct {
	incidentArg `embed:""`
	Text        string `arg:"" help:"Mengapa." en:"Why."`
	hubFlags    `embed:""`
}

// Help gives an example.
func (*incidentReleaseCmd) Help() string {
	return "simpul incident release i-4kd82hs7 \"Putusan berkekuatan tetap\""
}

// Run lets the incident go.
func (c *incidentReleaseCmd) Run(ctx context.Context, con *console) error {
	return c.write(ctx, con, c.ID, "release", c.Text)
}

type incidentRemarkCmd struct {
	incidentArg `embed:""`
	Text        string `arg:"" help:"Catatan, tanpa data pribadi." en:"The note, without personal data."`
	hubFlags    `embed:""`
}

// Help gives an example.
func (*incidentRemarkCmd) Help() string {
	return "simpul incident remark i-4kd82hs7 \"Izin dicabut pukul 09.10\""
}

// Run adds the note.
func (c *incidentRemarkCmd) Run(ctx context.Context, con *console) error {
	return c.write(ctx, con, c.ID, "notes", c.Text)
}

type incidentCloseCmd struct {
	incidentArg `embed:""`
	Text        string `arg:"" help:"Bagaimana berakhir, misalnya nomor surat." en:"How it ended, such as the number of the notice."`
	hubFlags    `embed:""`
}

// Help gives an example.
func (*incidentCloseCmd) Help() string {
	return "simpul incident close i-4kd82hs7 \"Surat nomor 12/PDP/2026 dikirim\""
}

// Run closes the incident.
func (c *incidentCloseCmd) Run(ctx context.Context, con *console) error {
	return c.write(ctx, con, c.ID, "close", c.Text)
}

// write sends words about an incident.
func (f hubFlags) write(ctx context.Context, con *console, id, what, words string) error {
	return f.note(ctx, con, id, what, map[string]string{"text": words})
}

// note sends what was done about an incident.
func (f hubFlags) note(ctx context.Context, con *console, id, what string, values map[string]string) error {
	hub, err := f.patient(con)
	if err != nil {
		return err
	}
	body, err := json.Marshal(values)
	if err != nil {
		return err
	}
	_, err = hub.call(ctx, http.MethodPost, []string{"incidents", id, what}, nil, body)
	return err
}
