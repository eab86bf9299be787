package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

type grantCmd struct {
	Version grantVersionCmd `cmd:"" help:"Pindahkan izin instansi Anda ke versi lain dari kontraknya." en:"Move a grant of your agency to another version of its contract."`
}

type grantVersionCmd struct {
	Grant    string `arg:"" help:"ID izin, dari get grants." en:"The grant's ID, from get grants."`
	Version  string `arg:"" help:"Versi utama yang dipakai aplikasi, misalnya 2; newest mengikuti yang terbaru." en:"The major version that the application is built for, such as 2; newest follows the newest."`
	hubFlags `embed:""`
}

// Help gives examples.
func (*grantVersionCmd) Help() string {
	return "simpul grant version bandung-kota 2\nsimpul grant version bandung-kota newest"
}

// newest stands for no pin on the command line.
const newest = "newest"

// Run moves the grant.
func (c *grantVersionCmd) Run(ctx context.Context, con *console) error {
	if err := checkSegment(c.Grant, text("Salin ID dari \"simpul get grants\".", "Copy the ID from \"simpul get grants\".")); err != nil {
		return err
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	wanted, line := map[string]string{"version": c.Version}, "Grant "+c.Grant+" moved to version "+c.Version
	if c.Version == newest {
		wanted, line = map[string]string{}, "Grant "+c.Grant+" follows the newest version"
	}
	body, err := json.Marshal(wanted)
	if err != nil {
		return err
	}
	if _, err := hub.call(ctx, http.MethodPost, []string{"grants", c.Grant, "version"}, nil, body); err != nil {
		return err
	}
	_, err = fmt.Fprintln(con.stdout, printable(line))
	return err
}
