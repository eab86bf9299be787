package main

import (
	"context"
	"fmt"
	"net/http"
)

type lidPurgeCmd struct {
	lidArg `embed:""`
}

// Help gives an example.
func (*lidPurgeCmd) Help() string { return "simpul lid purge master/Kota" }

// Run has every node of the hub forget what it keeps of the LID.
func (c *lidPurgeCmd) Run(ctx context.Context, con *console) error {
	if _, err := c.ask(ctx, con, http.MethodDelete, nil, "kept"); err != nil {
		return err
	}
	_, err := fmt.Fprintf(con.stdout, "Kept answers of %s forgotten\n", printable(c.LID))
	return err
}
