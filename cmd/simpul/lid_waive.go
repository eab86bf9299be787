package main

import (
	"context"
	"net/http"
)

type lidWaiveCmd struct {
	lidArg `embed:""`
	Reason string `required:"" placeholder:"TEXT" help:"Mengapa, paling sedikit 20 karakter; dapat dibaca siapa saja." en:"Why, at least 20 characters; everybody can read it."`
}

// Help gives an example.
func (*lidWaiveCmd) Help() string {
	return "simpul lid waive kesehatan/Imunisasi --reason 'Sertifikat diperbarui sebelum 1 Februari 2027.'"
}

// Run signs that the LID may be published although its test failed.
func (c *lidWaiveCmd) Run(ctx context.Context, con *console) error {
	got, err := c.ask(ctx, con, http.MethodPost, map[string]string{"reason": c.Reason}, "feasibility", "waiver")
	return tell(con, got, err, "LID "+c.LID+" waived")
}
