package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

type qualityCmd struct {
	Address  string `arg:"" optional:"" help:"Alamat satu LID, atau kosong untuk daftar." en:"Address of one LID, or none for the list."`
	Tasks    bool   `help:"Tampilkan apa yang perlu dibenahi, yang paling bernilai di atas." en:"Show what to mend, what is worth most first."`
	Agency   string `placeholder:"ID" help:"LID instansi ini; tanpa ini, instansi Anda sendiri." en:"LIDs of this agency; your own unless given."`
	Most     int    `default:"100" placeholder:"N" help:"Paling banyak sekian baris." en:"At most so many rows."`
	Output   string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table, atau json." en:"table or json."`
	hubFlags `embed:""`
}

// Help gives examples.
func (*qualityCmd) Help() string {
	return "simpul quality\nsimpul quality master/Kota\nsimpul quality --tasks --most 3"
}

// Run shows scores, the worst described first; what to mend; or one LID.
func (c *qualityCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	if c.Address != "" {
		return c.one(ctx, con, hub)
	}
	query := url.Values{}
	if c.Agency != "" {
		query.Set("agency", c.Agency)
	}
	path, columns := []string{"quality"}, []column{{text("NILAI", "SCORE"), "score"}, {text("LID", "LID"), "lid"}, {text("INSTANSI", "AGENCY"), "agency"}, {text("JUDUL", "TITLE"), "title"}}
	if c.Tasks {
		path, columns = []string{"quality", "tasks"}, []column{{text("POIN", "POINTS"), "gain"}, {text("LID", "LID"), "lid"}, {text("PEMBENAHAN", "TO MEND"), "title." + string(con.lang)}, {text("TEMPAT", "PLACE"), "place"}}
	}
	items := func(yield func(json.RawMessage, error) bool) {
		n := 0
		for item, err := range hub.listWhere(ctx, query, path...) {
			if n++; n > c.Most || !yield(item, err) {
				return
			}
		}
	}
	if c.Output == "json" {
		return printList(con.stdout, items)
	}
	return con.printTable(columns, items)
}

// one shows the checks of one LID, with what is left to do.
func (c *qualityCmd) one(ctx context.Context, con *console, hub *hub) error {
	got, err := hub.call(ctx, http.MethodGet, append([]string{"quality"}, strings.Split(c.Address, "/")...), nil, nil)
	if err != nil {
		return err
	}
	if c.Output == "json" {
		_, err := fmt.Fprintf(con.stdout, "%s\n", got.body)
		return err
	}
	var q struct {
		Score  int `json:"score"`
		Checks []struct {
			Title  inBoth  `json:"title"`
			Points int     `json:"points"`
			Earned int     `json:"earned"`
			Remedy *inBoth `json:"remedy"`
			Place  string  `json:"place"`
		} `json:"checks"`
	}
	if err := json.Unmarshal(got.body, &q); err != nil {
		return puzzling(err)
	}
	fmt.Fprintf(con.stdout, "%s %d/100\n", printable(c.Address), q.Score)
	for _, check := range q.Checks {
		fmt.Fprintf(con.stdout, "%3d/%-3d %s\n", check.Earned, check.Points, printable(check.Title.in(con.lang)))
		if check.Remedy != nil {
			fmt.Fprintf(con.stdout, "        %s (%s)\n", printable(check.Remedy.in(con.lang)), printable(check.Place))
		}
	}
	return nil
}
