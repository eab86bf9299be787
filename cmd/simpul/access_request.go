package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// askFlags change what is asked. What is not given stays as it was.
type askFlags struct {
	Purpose    string   `placeholder:"TEXT" help:"Tujuan lain." en:"Another purpose."`
	LegalBasis string   `placeholder:"TEXT" help:"Dasar hukum lain." en:"Another legal basis."`
	Until      string   `placeholder:"DAY|Nd" help:"Sampai kapan: tanggal (2027-06-30) atau jumlah hari (90d)." en:"Until when: a day (2027-06-30) or a number of days (90d)."`
	Field      []string `placeholder:"PATH" help:"Kolom yang diperlukan, boleh berulang." en:"A field that is needed, may be repeated."`
	Row        []string `sep:"none" placeholder:"PARAM=VALUES" help:"Batasi baris, misalnya kode=32.73,32.74; boleh berulang." en:"Confine the rows, such as kode=32.73,32.74; may be repeated."`
	Rate       int      `placeholder:"N" help:"Panggilan per menit." en:"Calls a minute."`
	Contact    string   `placeholder:"TEXT" help:"Siapa yang dapat ditanyai penyedia." en:"Whom the provider may ask."`
}

// onto puts what was given over an ask.
func (f askFlags) onto(ask accessAsk) (accessAsk, error) {
	terms, err := (&accessDecideCmd{Field: f.Field, Row: f.Row, Rate: f.Rate, Until: f.Until}).narrowed(ask.accessTerms)
	if err != nil {
		return ask, err
	}
	ask.accessTerms = *terms
	ask.Purpose, ask.LegalBasis, ask.Contact = cmp.Or(f.Purpose, ask.Purpose), cmp.Or(f.LegalBasis, ask.LegalBasis), cmp.Or(f.Contact, ask.Contact)
	return ask, nil
}

type accessMendCmd struct {
	requestID `embed:""`
	askFlags  `embed:""`
	hubFlags  `embed:""`
}

// Help gives an example.
func (*accessMendCmd) Help() string {
	return "simpul access mend p-261123090000-k3m9xq --legal-basis \"UU 24/2013 pasal 58 ayat (4)\""
}

// Run submits a returned request once more, changed.
func (c *accessMendCmd) Run(ctx context.Context, con *console) error {
	if err := c.check(); err != nil {
		return err
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	r, err := c.read(ctx, hub)
	if err != nil {
		return err
	}
	var before accessAsk
	if len(r.Versions) > 0 {
		before = r.Versions[0].Ask
	}
	return submitAsk(ctx, con, c.hubFlags, []string{c.ID, "versions"}, before, c.askFlags)
}

// submitAsk sends an ask with what was changed.
func submitAsk(ctx context.Context, con *console, flags hubFlags, rest []string, before accessAsk, change askFlags) error {
	ask, err := change.onto(before)
	if err != nil {
		return err
	}
	body, err := json.Marshal(ask)
	if err != nil {
		return err
	}
	return onRequest(ctx, con, flags, rest, body)
}

type accessWithdrawCmd struct {
	requestID `embed:""`
	hubFlags  `embed:""`
}

// Help gives an example.
func (*accessWithdrawCmd) Help() string { return "simpul access withdraw p-261123090000-k3m9xq" }

// Run withdraws a request of one's own agency.
func (c *accessWithdrawCmd) Run(ctx context.Context, con *console) error {
	if err := c.check(); err != nil {
		return err
	}
	return onRequest(ctx, con, c.hubFlags, []string{c.ID, "withdrawal"}, nil)
}

type accessRenewCmd struct {
	grantID  `embed:""`
	askFlags `embed:""`
	hubFlags `embed:""`
}

// Help gives an example.
func (*accessRenewCmd) Help() string {
	return "simpul access renew g-k3m9xqw7f2ab --until 365d"
}

// Run asks for what a grant gives already, for longer.
func (c *accessRenewCmd) Run(ctx context.Context, con *console) error {
	if err := c.check(); err != nil {
		return err
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, http.MethodGet, []string{"grants", c.Grant}, nil, nil)
	if err != nil {
		return err
	}
	var held struct{ Spec accessAsk }
	if err := json.Unmarshal(got.body, &held); err != nil {
		return puzzling(err)
	}
	held.Spec.From = nil
	if held.Spec.RatePerMinute == 0 {
		held.Spec.RatePerMinute = 60
	}
	if c.Until == "" {
		c.Until = "365d"
	}
	return submitAsk(ctx, con, c.hubFlags, nil, held.Spec, c.askFlags)
}

// grantID is the argument that every command on one grant has.
type grantID struct {
	Grant string `arg:"" help:"ID izin, dari get grants." en:"The grant's ID, from get grants."`
}

func (g grantID) check() error {
	return checkSegment(g.Grant, text("Salin ID dari \"simpul get grants\".", "Copy the ID from \"simpul get grants\"."))
}

// endGrant does something to a grant for a reason, and says what it is then.
func (g grantID) end(ctx context.Context, con *console, flags hubFlags, act, reason, done string) error {
	if err := g.check(); err != nil {
		return err
	}
	hub, err := flags.open(con)
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]string{"reason": reason})
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, http.MethodPost, []string{"grants", g.Grant, act}, nil, body)
	if err != nil {
		return err
	}
	line := "Grant " + g.Grant + " " + done
	if proposal, waits, err := got.waits(); waits {
		if err != nil {
			return err
		}
		line = "Grant " + g.Grant + " " + text("menunggu persetujuan kedua: %s", "waits for a second approval: %s", proposal).In(con.lang)
	}
	_, err = fmt.Fprintln(con.stdout, printable(line))
	return err
}

type accessSuspendCmd struct {
	grantID  `embed:""`
	Reason   string `required:"" placeholder:"TEXT" help:"Alasan; pemakai membacanya." en:"The reason; its holder reads it."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*accessSuspendCmd) Help() string {
	return "simpul access suspend bandung-ceknik --reason \"sedang diperiksa\""
}

// Run suspends.
func (c *accessSuspendCmd) Run(ctx context.Context, con *console) error {
	return c.end(ctx, con, c.hubFlags, "suspension", c.Reason, "suspended")
}

type accessResumeCmd struct {
	grantID  `embed:""`
	Reason   string `required:"" placeholder:"TEXT" help:"Alasan; pemakai membacanya." en:"The reason; its holder reads it."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*accessResumeCmd) Help() string {
	return "simpul access resume bandung-ceknik --reason \"pemeriksaan selesai\""
}

// Run resumes; on a closed LID that waits for a second person.
func (c *accessResumeCmd) Run(ctx context.Context, con *console) error {
	return c.end(ctx, con, c.hubFlags, "resumption", c.Reason, "resumed")
}

type accessRevokeCmd struct {
	grantID  `embed:""`
	Reason   string `required:"" placeholder:"TEXT" help:"Alasan; pemakai membacanya." en:"The reason; its holder reads it."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*accessRevokeCmd) Help() string {
	return "simpul access revoke bandung-ceknik --reason \"tujuannya sudah tercapai\""
}

// Run revokes.
func (c *accessRevokeCmd) Run(ctx context.Context, con *console) error {
	return c.end(ctx, con, c.hubFlags, "revocation", c.Reason, "revoked")
}

type accessExplainCmd struct {
	LID         string `arg:"" name:"lid" help:"Alamat LID, misalnya master/Kota." en:"The LID's address, such as master/Kota."`
	Application string `required:"" placeholder:"ID" help:"Aplikasi yang memanggil." en:"The application that calls."`
	Method      string `enum:"GET,HEAD,POST,PUT,PATCH,DELETE" default:"GET" placeholder:"METHOD" help:"Metode; bawaan GET." en:"The method; GET unless given."`
	Path        string `placeholder:"PATH" help:"Bagian sesudah alamat LID, misalnya /?kode=32.73." en:"What follows the LID's address, such as /?kode=32.73."`
	Address     string `placeholder:"IP" help:"Alamat IP pemanggil; tidak diperiksa bila tidak ada." en:"The caller's IP address; not checked without it."`
	Output      string `short:"o" enum:"text,json" default:"text" placeholder:"text|json" help:"text atau json." en:"text or json."`
	hubFlags    `embed:""`
}

// Help gives examples.
func (*accessExplainCmd) Help() string {
	return "simpul access explain kependudukan/CekNIK --application layanan@bandungkota.go.id --method POST\n" +
		"simpul access explain master/Kota --application layanan@bandungkota.go.id --path \"/?kode=32.73\""
}

// Run replays what the gateway would decide on a call.
func (c *accessExplainCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]string{"lid": c.LID, "application": c.Application, "method": c.Method, "path": c.Path, "address": c.Address})
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, http.MethodPost, []string{"decisions", "explain"}, nil, body)
	if err != nil {
		return err
	}
	if c.Output == "json" {
		_, err := fmt.Fprintf(con.stdout, "%s\n", got.body)
		return err
	}
	var answer struct{ Steps []explained }
	if err := json.Unmarshal(got.body, &answer); err != nil {
		return puzzling(err)
	}
	for _, s := range answer.Steps {
		if err := s.print(con); err != nil {
			return err
		}
	}
	return nil
}

// explained is one step of the gateway.
type explained struct {
	Name    inBoth
	Outcome string
	Finding *inBoth
	Remedy  *inBoth
}

func (s explained) print(con *console) error {
	how := map[string]string{
		"passed":    text("ya", "yes").In(con.lang),
		"failed":    text("TIDAK", "NO").In(con.lang),
		"unchecked": "–",
	}[s.Outcome]
	line := fmt.Sprintf("%-6s %s", how, s.Name.in(con.lang))
	for _, more := range []*inBoth{s.Finding, s.Remedy} {
		if more != nil {
			line += fmt.Sprintf("\n%-6s %s", "", more.in(con.lang))
		}
	}
	_, err := fmt.Fprintln(con.stdout, printable(line))
	return err
}
