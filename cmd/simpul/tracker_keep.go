package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

type trackerDelayCmd struct {
	Subject  string `arg:"" help:"Nomor berkas, atau izin dengan --grant." en:"Number of the case, or a grant with --grant."`
	Grant    bool   `help:"Tunda semua akses dengan izin itu." en:"Delay all accesses under that grant."`
	Agency   string `required:"" placeholder:"DOMAIN" help:"Instansi yang aksesnya ditunda." en:"Agency whose accesses are delayed."`
	Basis    string `required:"" placeholder:"TEXT" help:"Dasar hukum." en:"Legal ground."`
	Until    string `required:"" placeholder:"TIME" help:"Sejak kapan warga melihatnya, misalnya 2027-01-31T00:00:00+07:00." en:"From when people see them, such as 2027-01-31T00:00:00+07:00."`
	Why      string `placeholder:"TEXT" help:"Catatan bagi orang kedua." en:"Note to the second person."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*trackerDelayCmd) Help() string {
	return "simpul tracker delay LP/B/12/XI/2026 --agency polri.go.id --basis \"KUHAP pasal 38; SP-12\" --until 2027-01-31T00:00:00+07:00"
}

// Run makes the proposal and prints its ID.
func (c *trackerDelayCmd) Run(ctx context.Context, con *console) error {
	kind := "case"
	if c.Grant {
		kind = "grant"
	}
	body, err := json.Marshal(map[string]string{"agency": c.Agency, "kind": kind, "subject": c.Subject, "basis": c.Basis, "shownFrom": c.Until, "why": c.Why})
	if err != nil {
		return err
	}
	return propose(ctx, con, c.hubFlags, http.MethodPost, []string{"tracker", "delays"}, body)
}

type trackerDelaysCmd struct {
	Output   string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*trackerDelaysCmd) Help() string { return "simpul tracker delays" }

// Run lists the decisions.
func (c *trackerDelaysCmd) Run(ctx context.Context, con *console) error {
	got, err := c.send(ctx, con, http.MethodGet, []string{"tracker", "delays"}, nil)
	if err != nil {
		return err
	}
	return con.printItems(got, c.Output, []column{{text("INSTANSI", "AGENCY"), "agency"}, {text("JENIS", "KIND"), "kind"}, {text("BERKAS ATAU IZIN", "CASE OR GRANT"), "subject"},
		{text("TERLIHAT SEJAK", "SHOWN FROM"), "shownFrom"}, {text("DIPUTUSKAN OLEH", "DECIDED BY"), "decidedBy"}})
}

type trackerStatusCmd struct {
	Output   string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*trackerStatusCmd) Help() string { return "simpul tracker status" }

// Run lists the journals.
func (c *trackerStatusCmd) Run(ctx context.Context, con *console) error {
	got, err := c.send(ctx, con, http.MethodGet, []string{"tracker"}, nil)
	if err != nil {
		return err
	}
	if c.Output == "json" {
		_, err := fmt.Fprintf(con.stdout, "%s\n", got)
		return err
	}
	var state struct{ Journals []json.RawMessage }
	if err := json.Unmarshal(got, &state); err != nil {
		return puzzling(err)
	}
	return con.printTable([]column{{text("JURNAL", "JOURNAL"), "journal"}, {text("DIBACA", "READ"), "sequence"},
		{text("TERTINGGAL", "BEHIND"), "behind"}, {text("PER", "AS OF"), "at"}}, func(yield func(json.RawMessage, error) bool) {
		for _, j := range state.Journals {
			if !yield(j, nil) {
				return
			}
		}
	})
}

type trackerRebuildCmd struct {
	hubFlags `embed:""`
}

// Help gives an example.
func (*trackerRebuildCmd) Help() string { return "simpul tracker rebuild" }

// Run asks every process of the hub to make its part of the view anew.
func (c *trackerRebuildCmd) Run(ctx context.Context, con *console) error {
	if _, err := c.send(ctx, con, http.MethodPost, []string{"tracker", "rebuild"}, nil); err != nil {
		return err
	}
	con.say(text("Jejak dibuang; tiap proses membacanya lagi dari jurnal. Ikuti dengan \"simpul tracker status\".",
		"The view is dropped; each process reads it from its journal again. Watch with \"simpul tracker status\"."))
	return nil
}

type trackerDestroyCmd struct {
	Month    string `arg:"" help:"Bulan yang sudah berakhir, misalnya 2026-10." en:"A month that is over, such as 2026-10."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*trackerDestroyCmd) Help() string { return "simpul tracker destroy 2021-10" }

// Run destroys the key.
func (c *trackerDestroyCmd) Run(ctx context.Context, con *console) error {
	if _, err := c.send(ctx, con, http.MethodPost, []string{"tracker", "keys", c.Month, "destruction"}, nil); err != nil {
		return err
	}
	con.say(text("Kunci dimusnahkan. Tak seorang pun dapat mengetahui lagi akses bulan itu mengenai siapa.",
		"The key is destroyed. Nobody can tell any more whom that month's accesses were about."))
	return nil
}
