package main

import (
	"context"
	"fmt"
	"net/http"

	"simpul/internal/platform/resource"
)

type deleteCmd struct {
	Kind     string `arg:"" help:"Agency, Application, LID, Grant atau Limit." en:"Agency, Application, LID, Grant or Limit."`
	ID       string `arg:"" help:"ID sumber daya itu." en:"The resource's ID."`
	hubFlags `embed:""`
}

// Help gives examples.
func (*deleteCmd) Help() string {
	return "simpul delete grant izin-bandung\n" +
		"simpul delete lid master/Kota"
}

// Run deletes one resource.
func (c *deleteCmd) Run(ctx context.Context, con *console) error {
	kind, err := resource.ParseKind(c.Kind)
	if err != nil {
		return usage(placeless(err))
	}
	if err := kind.Check(c.ID); err != nil {
		return usage(placeless(err))
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	if _, err := hub.call(ctx, http.MethodDelete, item(kind, c.ID), nil, nil); err != nil {
		return err
	}
	_, err = fmt.Fprintf(con.stdout, "%s %s deleted\n", kind, c.ID)
	return err
}
