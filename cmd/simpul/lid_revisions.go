package main

import (
	"context"

	"simpul/internal/platform/resource"
)

type lidRevisionsCmd struct {
	lidArg `embed:""`
	Output string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
}

// Help gives examples.
func (*lidRevisionsCmd) Help() string {
	return "simpul lid revisions master/Kota\nsimpul lid revisions master/Kota -o json"
}

// Run lists what the caller may see, the newest first.
func (c *lidRevisionsCmd) Run(ctx context.Context, con *console) error {
	if err := resource.LID.Check(c.LID); err != nil {
		return usage(placeless(err))
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	items := hub.list(ctx, append(item(resource.LID, c.LID), "revisions")...)
	if c.Output == "json" {
		return printList(con.stdout, items)
	}
	return con.printTable([]column{{text("REVISI", "REVISION"), "number"}, {text("WAKTU", "TIME"), "at"}, {text("VERSI", "VERSION"), "version"}, {text("STATUS", "STATE"), "state"},
		{text("OLEH", "BY"), "author"}, {text("PERUBAHAN", "CHANGES"), "summary." + string(con.lang)}}, items)
}
