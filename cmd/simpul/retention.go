package main

import (
	"context"
	"encoding/json"
	"net/http"
)

type retentionCmd struct {
	List   retentionListCmd   `cmd:"" help:"Tampilkan berapa lama setiap jenis data disimpan." en:"Show how long each kind of data is kept."`
	Change retentionChangeCmd `cmd:"" help:"Usulkan masa simpan sebuah jenis data." en:"Propose how long a kind of data is kept."`
}

type retentionListCmd struct {
	Output   string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*retentionListCmd) Help() string { return "simpul retention list" }

// Run lists the rules.
func (c *retentionListCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	items := hub.list(ctx, "retention")
	if c.Output == "json" {
		return printList(con.stdout, items)
	}
	return con.printTable([]column{{text("JENIS", "KIND"), "kind"}, {text("HARI", "DAYS"), "days"}, {text("PALING SINGKAT", "AT LEAST"), "minimum"},
		{text("DASAR HUKUM", "LEGAL BASIS"), "basis"}, {text("DIHAPUS OTOMATIS", "DROPPED BY ITSELF"), "kept"}}, items)
}

type retentionChangeCmd struct {
	Kind     string `arg:"" help:"Jenis data, dari retention list." en:"Kind of data, from retention list."`
	Days     int    `required:"" placeholder:"N" help:"Masa simpan, hari." en:"Days to keep it."`
	Basis    string `required:"" placeholder:"TEXT" help:"Dasar hukum." en:"Legal basis."`
	Why      string `placeholder:"TEXT" help:"Mengapa diubah; dibaca orang kedua." en:"Why it changes; the second person reads it."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*retentionChangeCmd) Help() string {
	return "simpul retention change trail --days 3650 --basis \"UU 43/2009\""
}

// Run makes the proposal and prints its ID.
func (c *retentionChangeCmd) Run(ctx context.Context, con *console) error {
	body, err := json.Marshal(map[string]any{"days": c.Days, "basis": c.Basis, "why": c.Why})
	if err != nil {
		return err
	}
	return propose(ctx, con, c.hubFlags, http.MethodPut, []string{"retention", c.Kind}, body)
}
