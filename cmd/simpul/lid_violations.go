package main

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"strconv"

	"simpul/internal/platform/resource"
)

type lidViolationsCmd struct {
	lidArg `embed:""`
	Days   int    `default:"7" placeholder:"N" help:"Berapa hari terakhir, paling banyak 90." en:"Of how many last days, at most 90."`
	Output string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
}

// Help gives examples.
func (*lidViolationsCmd) Help() string {
	return "simpul lid violations master/Kota\nsimpul lid violations master/Kota --days 30 -o json"
}

// Run lists kinds of violations, the most frequent first.
func (c *lidViolationsCmd) Run(ctx context.Context, con *console) error {
	if err := resource.LID.Check(c.LID); err != nil {
		return usage(placeless(err))
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	query := url.Values{"days": {strconv.Itoa(c.Days)}}
	got, err := hub.call(ctx, "GET", append(item(resource.LID, c.LID), "violations"), query, nil)
	if err != nil {
		return err
	}
	if c.Output == "json" {
		_, err = fmt.Fprintln(con.stdout, string(got.body))
		return err
	}
	var report struct{ Groups []json.RawMessage }
	if err := json.Unmarshal(got.body, &report); err != nil {
		return puzzling(err)
	}
	return con.printTable([]column{{text("ARAH", "DIRECTION"), "direction"}, {text("OPERASI", "OPERATION"), "method"}, {text("ALAMAT", "PATH"), "path"},
		{text("TEMPAT", "PLACE"), "place"}, {text("ATURAN", "KEYWORD"), "keyword"}, {text("SEHARUSNYA", "EXPECTED"), "expected." + string(con.lang)},
		{text("KALI", "TIMES"), "count"}, {text("DITOLAK", "REFUSED"), "refused"}}, each(report.Groups))
}

// each gives what is in hand as a list that could have failed.
func each(all []json.RawMessage) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		for _, one := range all {
			if !yield(one, nil) {
				return
			}
		}
	}
}
