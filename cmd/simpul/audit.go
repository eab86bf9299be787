package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"simpul"
)

type auditCmd struct {
	List   auditListCmd   `cmd:"" help:"Tampilkan jejak audit, yang terbaru di atas." en:"Show the audit trail, the newest first."`
	Export auditExportCmd `cmd:"" help:"Ekspor jejak audit sebagai CSV atau JSON Lines." en:"Export the audit trail as CSV or JSON Lines."`
	Verify auditVerifyCmd `cmd:"" help:"Periksa apakah jejak audit masih utuh." en:"Verify that the audit trail is intact."`
}

// auditFilter narrows what audit list and audit export show.
type auditFilter struct {
	Action  string `placeholder:"NAME" help:"Tindakan, misalnya lid.publish, atau key. untuk semua tentang kunci." en:"Action, such as lid.publish, or key. for all about keys."`
	Actor   string `placeholder:"ID" help:"Pelaku: akun, ID token, atau hub." en:"Who did it: an account, a token's ID, or hub."`
	Account string `placeholder:"ACCOUNT" help:"Akun yang disangkut." en:"Account that it concerns."`
	Subject string `placeholder:"ID" help:"Perihal." en:"Subject."`
	Agency  string `placeholder:"ID" help:"Instansi." en:"Agency."`
	Refused bool   `help:"Hanya yang ditolak atau gagal." en:"Only what was refused or failed."`
	Since   string `placeholder:"TIME" help:"Sejak, RFC 3339: 2026-01-31T00:00:00+07:00." en:"From, RFC 3339: 2026-01-31T00:00:00+07:00."`
	Until   string `placeholder:"TIME" help:"Sampai, tidak termasuk." en:"Up to, exclusive."`
}

func (f auditFilter) query() (url.Values, error) {
	q := url.Values{}
	for name, value := range map[string]string{"action": f.Action, "actor": f.Actor, "account": f.Account, "subject": f.Subject, "agency": f.Agency, "since": f.Since, "until": f.Until} {
		if value != "" {
			q.Set(name, value)
		}
	}
	for _, at := range []string{f.Since, f.Until} {
		if _, err := time.Parse(time.RFC3339, at); at != "" && err != nil {
			return nil, usage(simpul.Invalid("",
				text("Waktu %q tidak terbaca.", "Time %q cannot be read.", at),
				text("Tulis menurut RFC 3339, misalnya 2026-01-31T00:00:00+07:00.", "Write it by RFC 3339, such as 2026-01-31T00:00:00+07:00.")))
		}
	}
	if f.Refused {
		q.Set("refused", "true")
	}
	return q, nil
}

type auditListCmd struct {
	auditFilter `embed:""`
	Mine        bool   `help:"Hanya yang menyangkut Anda sendiri." en:"Only what concerns yourself."`
	Most        int    `default:"100" placeholder:"N" help:"Paling banyak sekian peristiwa." en:"At most so many events."`
	Output      string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table, atau json (satu objek per baris)." en:"table, or json (one object a line)."`
	hubFlags    `embed:""`
}

// Help gives examples.
func (*auditListCmd) Help() string {
	return "simpul audit list\nsimpul audit list --action key. --refused\nsimpul audit list --mine"
}

// Run lists events, newest first.
func (c *auditListCmd) Run(ctx context.Context, con *console) error {
	query, err := c.query()
	if err != nil {
		return err
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	path := []string{"events"}
	if c.Mine {
		path, query = []string{"me", "events"}, url.Values{}
	}
	items := func(yield func(json.RawMessage, error) bool) {
		n := 0
		for item, err := range hub.listWhere(ctx, query, path...) {
			if n++; n > c.Most || !yield(item, err) {
				return
			}
		}
	}
	if c.Output == "json" {
		for item, err := range items {
			if err != nil {
				return err
			}
			fmt.Fprintf(con.stdout, "%s\n", item)
		}
		return nil
	}
	return con.printTable([]column{{text("WAKTU", "TIME"), "at"}, {text("PELAKU", "ACTOR"), "actor"}, {text("TINDAKAN", "ACTION"), "action"},
		{text("PERIHAL", "SUBJECT"), "subject"}, {text("INSTANSI", "AGENCY"), "agency"}, {text("HASIL", "OUTCOME"), "outcome"}}, items)
}

type auditExportCmd struct {
	auditFilter `embed:""`
	Format      string `enum:"csv,jsonl" default:"jsonl" placeholder:"csv|jsonl" help:"csv atau jsonl." en:"csv or jsonl."`
	hubFlags    `embed:""`
}

// Help gives an example.
func (*auditExportCmd) Help() string {
	return "simpul audit export --format csv --since 2026-01-01T00:00:00+07:00 > jejak.csv"
}

// Run writes the export to standard output.
func (c *auditExportCmd) Run(ctx context.Context, con *console) error {
	query, err := c.query()
	if err != nil {
		return err
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	query.Set("format", c.Format)
	file, err := hub.download(ctx, []string{"events", "export"}, query)
	if err != nil {
		return err
	}
	_, err = con.stdout.Write(file)
	return err
}

type auditVerifyCmd struct {
	hubFlags `embed:""`
}

// Help gives an example.
func (*auditVerifyCmd) Help() string { return "simpul audit verify" }

// Run ends with status 1 where the trail is not intact.
func (c *auditVerifyCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, http.MethodPost, []string{"events", "verification"}, nil, nil)
	if err != nil {
		return err
	}
	var v struct {
		Intact bool
		Events int64
		Fault  string
	}
	if err := json.Unmarshal(got.body, &v); err != nil {
		return puzzling(err)
	}
	if !v.Intact {
		return &failure{&simpul.Error{
			Code: simpul.CodeInternal, Err: errors.New("not intact"),
			Message: text("Jejak audit TIDAK utuh: %s", "The audit trail is NOT intact: %s", v.Fault),
			Remedy:  text("Bandingkan dengan cadangan basis data, dan laporkan kepada petugas keamanan.", "Compare it with a backup of the database, and report it to the security officer."),
		}, statusFailed}
	}
	_, err = fmt.Fprintf(con.stdout, "Audit trail intact, %d events\n", v.Events)
	return err
}
