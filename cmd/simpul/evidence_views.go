package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

type evidenceViewsCmd struct {
	Output   string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*evidenceViewsCmd) Help() string { return "simpul evidence views" }

// Run lists the views, a line for each journal.
func (c *evidenceViewsCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, http.MethodGet, []string{"evidence", "views"}, nil, nil)
	if err != nil {
		return err
	}
	if c.Output == "json" {
		_, err := fmt.Fprintf(con.stdout, "%s\n", got.body)
		return err
	}
	rows, err := viewRows(got.body)
	if err != nil {
		return err
	}
	return con.printTable([]column{{text("TAMPILAN", "VIEW"), "view"}, {text("JURNAL", "JOURNAL"), "journal"}, {text("DIBACA", "READ"), "sequence"},
		{text("TERTINGGAL", "BEHIND"), "behind"}, {text("TERTUA", "OLDEST"), "oldest"}, {text("DIBANGUN ULANG", "REBUILDING"), "again"}, {text("BERHENTI", "STANDS STILL"), "trouble"}}, each(rows))
}

// viewRows puts the name of a view beside each of its positions.
func viewRows(body []byte) (rows []json.RawMessage, err error) {
	var report struct {
		Views []struct {
			Name      string
			Positions []map[string]any
		}
	}
	if err := json.Unmarshal(body, &report); err != nil {
		return nil, puzzling(err)
	}
	for _, v := range report.Views {
		for _, p := range v.Positions {
			p["view"] = v.Name
			row, err := json.Marshal(p)
			if err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

type evidenceRebuildCmd struct {
	Name     string `arg:"" help:"Nama tampilan, misalnya index." en:"Name of the view, such as index."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*evidenceRebuildCmd) Help() string {
	return "simpul evidence rebuild index\nsimpul evidence rebuild metering"
}

// Run asks every process of the hub to build the view of its journal anew.
func (c *evidenceRebuildCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	if _, err := hub.call(ctx, http.MethodPost, []string{"evidence", "views", c.Name, "rebuild"}, nil, nil); err != nil {
		return err
	}
	con.say(text("Tampilan %s dibangun ulang. Ikuti dengan \"simpul evidence views\".", "The view %s is being built anew. Watch with \"simpul evidence views\".", c.Name))
	return nil
}
