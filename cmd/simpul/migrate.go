package main

import (
	"context"

	"simpul/internal/app"
)

type migrateCmd struct {
	offline `embed:""`
}

// Help gives an example.
func (*migrateCmd) Help() string { return "simpul migrate --data /var/lib/simpul" }

// Run brings the database to this version.
func (c *migrateCmd) Run(ctx context.Context, con *console) error {
	settings, err := c.settings()
	if err != nil {
		return usage(err)
	}
	db, err := app.OpenDatabase(ctx, settings)
	if err != nil {
		return err
	}
	con.say(text("Basis data sudah pada versi ini.", "The database is at this version."))
	return db.Close()
}
