package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

type meteringCmd struct {
	Status  meteringStatusCmd  `cmd:"" help:"Tampilkan sampai mana tiap jurnal sudah dihitung." en:"Show how far each journal has been counted."`
	Rebuild meteringRebuildCmd `cmd:"" help:"Buang hitungan pemakaian dan hitung ulang dari jurnal." en:"Drop the counts of usage and count again from the journals."`
}

type meteringStatusCmd struct {
	Output   string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*meteringStatusCmd) Help() string { return "simpul metering status" }

// Run lists the journals.
func (c *meteringStatusCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, http.MethodGet, []string{"metering"}, nil, nil)
	if err != nil {
		return err
	}
	if c.Output == "json" {
		_, err := fmt.Fprintf(con.stdout, "%s\n", got.body)
		return err
	}
	var state struct{ Journals []json.RawMessage }
	if err := json.Unmarshal(got.body, &state); err != nil {
		return puzzling(err)
	}
	return con.printTable([]column{{text("JURNAL", "JOURNAL"), "journal"}, {text("DIHITUNG", "COUNTED"), "counted"},
		{text("TERTINGGAL", "BEHIND"), "behind"}, {text("PER", "AS OF"), "at"}}, func(yield func(json.RawMessage, error) bool) {
		for _, j := range state.Journals {
			if !yield(j, nil) {
				return
			}
		}
	})
}

type meteringRebuildCmd struct {
	hubFlags `embed:""`
}

// Help gives an example.
func (*meteringRebuildCmd) Help() string { return "simpul metering rebuild" }

// Run asks every process of the hub to count its journal anew.
func (c *meteringRebuildCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	if _, err := hub.call(ctx, http.MethodPost, []string{"metering", "rebuild"}, nil, nil); err != nil {
		return err
	}
	con.say(text("Hitungan dibuang; tiap proses menghitung ulang jurnalnya. Ikuti dengan \"simpul metering status\".",
		"The counts are dropped; each process counts its journal again. Watch with \"simpul metering status\"."))
	return nil
}
