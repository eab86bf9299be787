package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"simpul"
)

type evidenceSealsCmd struct {
	List    evidenceSealsListCmd    `cmd:"" help:"Tampilkan kunci penyegel, yang berlaku dan yang sudah dimusnahkan." en:"Show the sealing keys, those in force and those that were destroyed."`
	Destroy evidenceSealsDestroyCmd `cmd:"" help:"Usulkan kunci sebuah bulan dimusnahkan sebelum waktunya." en:"Propose to destroy the key of a month before its time."`
}

type evidenceSealsListCmd struct {
	Output   string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags `embed:""`
}

// Help gives examples.
func (*evidenceSealsListCmd) Help() string {
	return "simpul evidence sealing-keys list\nsimpul evidence sealing-keys list -o json"
}

// Run lists the keys, the newest month first.
func (c *evidenceSealsListCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	items := hub.list(ctx, "evidence-keys")
	if c.Output == "json" {
		return printList(con.stdout, items)
	}
	return con.printTable([]column{{text("KUNCI", "KEY"), "id"}, {text("KEADAAN", "STATE"), "state"}, {text("DIBUAT", "MADE"), "madeAt"},
		{text("DIMUSNAHKAN MULAI", "DESTROYED FROM"), "destroyFrom"}, {text("DIMUSNAHKAN", "DESTROYED"), "destroyedAt"}, {text("OLEH", "BY"), "destroyedBy"}, {text("ALASAN", "REASON"), "reason"}}, items)
}

type evidenceSealsDestroyCmd struct {
	ID       string `arg:"" help:"Kunci, dari sealing-keys list: kelas/bulan." en:"The key, from sealing-keys list: class/month."`
	Reason   string `required:"" placeholder:"TEXT" help:"Alasan dengan dasar hukumnya; dibaca orang kedua dan jejak audit." en:"Why, with its legal basis; the second person and the audit trail get it."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*evidenceSealsDestroyCmd) Help() string {
	return "simpul evidence sealing-keys destroy tertutup/2026-10 --reason \"Putusan PN Bandung 12/2026\"\nsimpul proposal approve u-… --reason \"sudah diperiksa\""
}

// Run makes the proposal and prints its ID: nothing is destroyed before a second person approves.
func (c *evidenceSealsDestroyCmd) Run(ctx context.Context, con *console) error {
	class, month, ok := strings.Cut(c.ID, "/")
	if !ok || class == "" || month == "" {
		return usage(simpul.Invalid("ID", text("%q bukan kunci.", "%q is no key.", c.ID),
			text("Tulis kelas/bulan seperti pada daftar, misalnya tertutup/2026-10.", "Write class/month as in the list, such as tertutup/2026-10.")))
	}
	body, err := json.Marshal(map[string]string{"reason": c.Reason})
	if err != nil {
		return err
	}
	return propose(ctx, con, c.hubFlags, http.MethodPost, []string{"evidence-keys", class, month, "destruction"}, body)
}
