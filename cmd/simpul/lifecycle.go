package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"simpul"
	"simpul/internal/platform/resource"
)

type lifecycleCmd struct {
	Get      lifecycleGetCmd      `cmd:"" help:"Tampilkan model yang berlaku, sebagai berkas yang dapat diterapkan." en:"Show the model in force, as a file that can be applied."`
	Put      lifecyclePutCmd      `cmd:"" help:"Simpan model yang berlaku sejak tanggalnya." en:"Store a model that is in force from its day."`
	Due      lifecycleDueCmd      `cmd:"" help:"Tampilkan LID yang tahapnya jatuh tempo." en:"Show LIDs whose step is due."`
	Timeline lifecycleTimelineCmd `cmd:"" help:"Tampilkan perjalanan sebuah LID." en:"Show the life of a LID."`
}

type lifecycleGetCmd struct {
	Date     string `placeholder:"YYYY-MM-DD" help:"Tanggal yang ditanyakan; hari ini bila tidak disebut." en:"The day asked about; today unless given."`
	Output   string `short:"o" enum:"yaml,json" default:"yaml" placeholder:"yaml|json" help:"yaml (dapat diterapkan lagi) atau json." en:"yaml (can be applied again) or json."`
	hubFlags `embed:""`
}

// Help gives examples.
func (*lifecycleGetCmd) Help() string {
	return "simpul lifecycle get > daur-hidup.yaml\n" +
		"simpul lifecycle get --date 2027-01-04"
}

// Run shows the version in force on the day.
func (c *lifecycleGetCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	query := url.Values{}
	if c.Date != "" {
		query.Set("date", c.Date)
	}
	got, err := hub.call(ctx, http.MethodGet, []string{"lifecycle"}, query, nil)
	if err != nil {
		return err
	}
	var inForce struct{ From string }
	if err := json.Unmarshal(got.body, &inForce); err != nil {
		return puzzling(err)
	}
	items := hub.one(ctx, item(resource.LifeCycle, inForce.From))
	if c.Output == "json" {
		return printObject(con.stdout, items)
	}
	return printYAML(con.stdout, items)
}

type lifecyclePutCmd struct {
	fileFlags `embed:""`
	DryRun    bool `name:"dry-run" help:"Periksa saja, jangan simpan." en:"Check only, store nothing."`
	hubFlags  `embed:""`
}

// Help gives an example.
func (*lifecyclePutCmd) Help() string { return "simpul lifecycle put -f daur-hidup.yaml --dry-run" }

// Run stores the models of the files. metadata.id is the day from which each is
// in force.
func (c *lifecyclePutCmd) Run(ctx context.Context, con *console) error {
	docs, err := c.load(con)
	if err != nil {
		return err
	}
	for _, d := range docs {
		if d.Kind != resource.LifeCycle {
			return usage(simpul.Invalid(d.Place("kind"), text("%s bukan LifeCycle.", "%s is no LifeCycle.", d.Kind),
				text("Terapkan sumber daya lain dengan simpul apply.", "Apply other resources with simpul apply.")))
		}
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	for _, d := range docs {
		done, err := c.put(ctx, hub, d)
		if err != nil {
			return located(err, d)
		}
		if _, err := fmt.Fprintf(con.stdout, "%s %s %s\n", d.Kind, d.ID, done); err != nil {
			return err
		}
	}
	return nil
}

func (c *lifecyclePutCmd) put(ctx context.Context, hub *hub, d resource.Document) (string, error) {
	if c.DryRun {
		_, err := hub.put(ctx, d, true)
		return text("dapat disimpan", "can be stored").In(hub.lang), err
	}
	done, err := hub.apply(ctx, d)
	return done.action, err
}

type lifecycleDueCmd struct {
	Late     bool   `help:"Hanya yang terlambat." en:"Only what is late."`
	Days     int    `default:"30" placeholder:"N" help:"Yang jatuh tempo dalam sekian hari." en:"What is due within so many days."`
	Output   string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*lifecycleDueCmd) Help() string { return "simpul lifecycle due --late" }

// Run lists what is due.
func (c *lifecycleDueCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	filter := url.Values{"days": {strconv.Itoa(c.Days)}, "late": {strconv.FormatBool(c.Late)}}
	items := hub.listWhere(ctx, filter, "lifecycle", "due")
	if c.Output == "json" {
		return printList(con.stdout, items)
	}
	return con.printTable([]column{{text("LID", "LID"), "lid"}, {text("TAHAP", "STEP"), "step"}, {text("PELAKU", "WHO ACTS"), "owner"},
		{text("TENGGAT", "DUE"), "due"}, {text("TERLAMBAT", "LATE"), "late"}, {text("INSTANSI", "AGENCY"), "agency"}}, items)
}

type lifecycleTimelineCmd struct {
	lidArg `embed:""`
	Output string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
}

// Help gives an example.
func (*lifecycleTimelineCmd) Help() string { return "simpul lifecycle timeline master/Kota" }

// Run shows what happened to the LID, where it stands, and what comes.
func (c *lifecycleTimelineCmd) Run(ctx context.Context, con *console) error {
	got, err := c.ask(ctx, con, http.MethodGet, nil, "timeline")
	if err != nil {
		return err
	}
	if c.Output == "json" {
		_, err := fmt.Fprintf(con.stdout, "%s\n", got.body)
		return err
	}
	var all struct{ Items []json.RawMessage }
	if err := json.Unmarshal(got.body, &all); err != nil {
		return puzzling(err)
	}
	return con.printTable([]column{{text("KAPAN", "WHEN"), "phase"}, {text("TAHAP", "STEP"), "step"}, {text("PELAKU", "WHO ACTS"), "owner"},
		{text("SEJAK", "SINCE"), "since"}, {text("TENGGAT", "DUE"), "due"}, {text("OLEH", "BY"), "by"}}, func(yield func(json.RawMessage, error) bool) {
		for _, item := range all.Items {
			if !yield(item, nil) {
				return
			}
		}
	})
}
