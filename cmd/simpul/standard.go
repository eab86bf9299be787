package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"simpul"
)

type standardCmd struct {
	Versions standardVersionsCmd `cmd:"" help:"Tampilkan semua versi sebuah standar data." en:"Show every version of a data standard."`
	Propose  standardProposeCmd  `cmd:"" help:"Minta pembina menyetujui sebuah rancangan." en:"Ask the authority to approve a draft."`
	Approve  standardApproveCmd  `cmd:"" help:"Berlakukan versi yang diusulkan." en:"Put a proposed version in force."`
	Refuse   standardRefuseCmd   `cmd:"" help:"Kembalikan versi yang diusulkan kepada instansinya." en:"Return a proposed version to its agency."`
}

// standardVersion is what every command on one version of a standard has.
type standardVersion struct {
	ID       string `arg:"" help:"ID standar, dari get standards." en:"The standard's ID, from get standards."`
	Version  int    `arg:"" optional:"" help:"Nomor versi; yang terbaru bila tidak ada." en:"Number of the version; the newest without it."`
	hubFlags `embed:""`
}

// versioned is a version of a standard as the API shows it.
type versioned struct {
	Spec struct {
		Version int    `json:"version"`
		State   string `json:"state"`
	} `json:"spec"`
}

// take moves a version one step.
func (s standardVersion) take(ctx context.Context, con *console, step, note string) error {
	if err := checkSegment(s.ID, text("Salin ID dari \"simpul get standards\".", "Copy the ID from \"simpul get standards\".")); err != nil {
		return err
	}
	hub, err := s.open(con)
	if err != nil {
		return err
	}
	if s.Version == 0 {
		if s.Version, err = newestVersion(ctx, hub, s.ID); err != nil {
			return err
		}
	}
	body, err := json.Marshal(map[string]string{"note": note})
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, http.MethodPost, []string{"standards", s.ID, "versions", strconv.Itoa(s.Version), step}, nil, body)
	if err != nil {
		return err
	}
	var v versioned
	if err := json.Unmarshal(got.body, &v); err != nil {
		return puzzling(err)
	}
	_, err = fmt.Fprintln(con.stdout, printable(fmt.Sprintf("Standard %s version %d %s", s.ID, v.Spec.Version, v.Spec.State)))
	return err
}

func newestVersion(ctx context.Context, hub *hub, id string) (int, error) {
	got, err := hub.call(ctx, http.MethodGet, []string{"standards", id, "versions"}, nil, nil)
	if err != nil {
		return 0, err
	}
	var all struct{ Items []versioned }
	if err := json.Unmarshal(got.body, &all); err != nil {
		return 0, puzzling(err)
	}
	if len(all.Items) == 0 {
		return 0, simpul.NotFound(text("Standar", "Standard"), id)
	}
	return all.Items[0].Spec.Version, nil
}

type standardVersionsCmd struct {
	ID       string `arg:"" help:"ID standar, dari get standards." en:"The standard's ID, from get standards."`
	Output   string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*standardVersionsCmd) Help() string { return "simpul standard versions nik" }

// Run lists the versions, newest first.
func (c *standardVersionsCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	items := hub.listWhere(ctx, url.Values{}, "standards", c.ID, "versions")
	if c.Output == "json" {
		return printList(con.stdout, items)
	}
	return con.printTable([]column{{text("VERSI", "VERSION"), "spec.version"}, {text("KEADAAN", "STATE"), "spec.state"}, {text("CATATAN", "NOTE"), "note"}}, items)
}

type standardProposeCmd struct {
	standardVersion `embed:""`
	Note            string `placeholder:"TEXT" help:"Catatan untuk pembina." en:"A note for the authority."`
}

// Help gives an example.
func (*standardProposeCmd) Help() string { return "simpul standard propose nik" }

// Run proposes.
func (c *standardProposeCmd) Run(ctx context.Context, con *console) error {
	return c.take(ctx, con, "propose", c.Note)
}

type standardApproveCmd struct {
	standardVersion `embed:""`
	Note            string `placeholder:"TEXT" help:"Catatan; pengusul membacanya." en:"A note; whoever proposed it reads it."`
}

// Help gives examples.
func (*standardApproveCmd) Help() string {
	return "simpul standard approve nik\nsimpul standard approve nik 2 --note \"sesuai SNI\""
}

// Run approves.
func (c *standardApproveCmd) Run(ctx context.Context, con *console) error {
	return c.take(ctx, con, "approve", c.Note)
}

type standardRefuseCmd struct {
	standardVersion `embed:""`
	Note            string `required:"" placeholder:"TEXT" help:"Alasan; pengusul membacanya." en:"The reason; whoever proposed it reads it."`
}

// Help gives an example.
func (*standardRefuseCmd) Help() string {
	return "simpul standard refuse nik --note \"definisinya belum menyebut sumber\""
}

// Run returns the version to its agency.
func (c *standardRefuseCmd) Run(ctx context.Context, con *console) error {
	return c.take(ctx, con, "return", c.Note)
}
