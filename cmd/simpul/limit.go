package main

import (
	"context"
	"encoding/json"
	"fmt"

	"simpul/internal/platform/resource"
)

type limitCmd struct {
	Use limitUseCmd `cmd:"" help:"Tampilkan berapa dari tiap batas terpakai sekarang." en:"Show how much of each limit is used now."`
}

type limitUseCmd struct {
	Subject  string `arg:"" optional:"" placeholder:"JENIS/ID" help:"Batas siapa, misalnya grant/bandung-kota, lid/master/Kota, application/…, agency/…; tanpa itu semuanya." en:"Whose limits, such as grant/bandung-kota, lid/master/Kota, application/…, agency/…; all without it."`
	Output   string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags `embed:""`
}

// Help gives examples.
func (*limitUseCmd) Help() string {
	return "simpul limit use\nsimpul limit use lid/master/Kota\nsimpul limit use grant/bandung-kota -o json"
}

// Run lists the limits, the nearest to its end first.
func (c *limitUseCmd) Run(ctx context.Context, con *console) error {
	path := []string{"limit-uses"}
	if c.Subject != "" {
		if err := resource.Limit.Check(c.Subject); err != nil {
			return usage(placeless(err))
		}
		path = append(item(resource.Limit, c.Subject), "use")
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, "GET", path, nil, nil)
	if err != nil {
		return err
	}
	if c.Output == "json" {
		_, err = fmt.Fprintln(con.stdout, string(got.body))
		return err
	}
	var all struct{ Items []json.RawMessage }
	if err := json.Unmarshal(got.body, &all); err != nil {
		return puzzling(err)
	}
	return con.printTable([]column{{text("SIAPA", "WHOSE"), "id"}, {text("BATAS", "LIMIT"), "what"}, {text("TERPAKAI", "USED"), "used"},
		{text("DARI", "OF"), "limit"}, {text("MULAI LAGI", "BEGINS ANEW"), "endsAt"}}, each(all.Items))
}
