package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"simpul/internal/platform/resource"
)

type reportCmd struct {
	Agency   string `arg:"" help:"Domain instansi." en:"The agency's domain."`
	From     string `placeholder:"YYYY-MM-DD" help:"Hari pertama; setahun sebelum --until bila tidak disebut." en:"First day; a year before --until unless given."`
	Until    string `placeholder:"YYYY-MM-DD" help:"Hari terakhir; hari ini bila tidak disebut." en:"Last day; today unless given."`
	Output   string `short:"o" enum:"pdf,csv,json" default:"pdf" placeholder:"pdf|csv|json" help:"pdf, csv, atau json." en:"pdf, csv or json."`
	hubFlags `embed:""`
}

// Help gives examples.
func (*reportCmd) Help() string {
	return "simpul report kemendagri.go.id > bukti.pdf\nsimpul report kemendagri.go.id --from 2026-01-01 --until 2026-06-30 -o csv"
}

// Run writes the evidence report of an agency to standard output.
func (c *reportCmd) Run(ctx context.Context, con *console) error {
	if err := resource.Agency.Check(c.Agency); err != nil {
		return usage(placeless(err))
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	query := url.Values{}
	for name, value := range map[string]string{"from": c.From, "until": c.Until} {
		if value != "" {
			query.Set(name, value)
		}
	}
	path := []string{"agencies", c.Agency, "evidence-report"}
	if c.Output == "json" {
		got, err := hub.call(ctx, http.MethodGet, path, query, nil)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(con.stdout, "%s\n", got.body)
		return err
	}
	query.Set("format", c.Output)
	file, err := hub.download(ctx, append(path, "file"), query)
	if err != nil {
		return err
	}
	_, err = con.stdout.Write(file)
	return err
}
