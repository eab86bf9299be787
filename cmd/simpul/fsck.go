package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/app"
)

type fsckCmd struct {
	Output  string `short:"o" enum:"text,json" default:"text" placeholder:"text|json" help:"text atau json." en:"text or json."`
	offline `embed:""`
}

// Help gives examples.
func (*fsckCmd) Help() string {
	return "simpul fsck --data /var/lib/simpul\n" +
		"simpul fsck --config /etc/simpul.yaml -o json"
}

// Run checks the store: 0 when nothing is damaged, 1 when something is.
func (c *fsckCmd) Run(ctx context.Context, con *console) error {
	settings, err := c.settings()
	if err != nil {
		return usage(err)
	}
	r, err := app.CheckStore(ctx, settings)
	if err != nil {
		return err
	}
	if c.Output == "json" {
		if err := json.NewEncoder(con.stdout).Encode(checkedStore(r, con.lang)); err != nil {
			return err
		}
	} else {
		con.showCheck(r)
	}
	return unclean(r)
}

// unclean ends a command with status 1 where something is damaged.
func unclean(r app.StoreReport) error {
	if r.Clean() {
		return nil
	}
	return &failure{nil, statusFailed}
}

// checked is the report in JSON.
type checked struct {
	Clean    bool           `json:"clean"`
	Findings []checkFinding `json:"findings"`
	Journal  string         `json:"journal,omitempty"`
	Segments int            `json:"segments"`
	Records  uint64         `json:"records"`
	Last     uint64         `json:"last"`
	Ended    []checkEnded   `json:"ended,omitempty"`
	Database string         `json:"database,omitempty"`
	Events   int64          `json:"events"`
	Sealed   int            `json:"sealed"`
	Summed   *time.Time     `json:"summed,omitempty"`
}

// checkEnded is a journal that the one of the store goes on for.
type checkEnded struct {
	Journal string `json:"journal"`
	Records uint64 `json:"records"`
	Last    uint64 `json:"last"`
}

type checkFinding struct {
	Code    string `json:"code"` // stable; docs/guide/hasil-fsck.md lists them
	Place   string `json:"place"`
	Offset  *int64 `json:"offset,omitempty"`
	Record  uint64 `json:"record,omitempty"`
	Through uint64 `json:"through,omitempty"`
	Detail  string `json:"detail,omitempty"`
	Damage  bool   `json:"damage"`
	Message string `json:"message"`
	Remedy  string `json:"remedy"`
}

func checkedStore(r app.StoreReport, lang simpul.Language) checked {
	c := checked{
		Clean: r.Clean(), Findings: []checkFinding{}, Journal: r.Journal.ID, Segments: r.Journal.Segments, Records: r.Journal.Records,
		Last: r.Journal.Last, Database: r.Engine, Events: r.Events, Sealed: r.Sealed,
	}
	if !r.Summed.IsZero() {
		c.Summed = &r.Summed
	}
	for _, i := range r.Ended {
		c.Ended = append(c.Ended, checkEnded{i.ID, i.Records, i.Last})
	}
	for _, f := range r.Findings {
		one := checkFinding{Code: string(f.Code), Place: f.Place, Record: f.Record, Through: f.Through, Detail: f.Detail,
			Damage: f.Harm(), Message: f.Message().In(lang), Remedy: f.Remedy().In(lang)}
		if f.Offset >= 0 {
			one.Offset = &f.Offset
		}
		c.Findings = append(c.Findings, one)
	}
	return c
}

// showCheck writes a line for each finding, what to do below the first of each code,
// and a line about the whole.
func (c *console) showCheck(r app.StoreReport) {
	told := map[string]bool{}
	for _, f := range r.Findings {
		kind := text("keterangan", "note")
		if f.Harm() {
			kind = text("RUSAK", "DAMAGED")
		}
		fmt.Fprintln(c.stdout, printable(fmt.Sprintf("%s: %s %s: %s", f.Where(), kind.In(c.lang), f.Code, f.Message().In(c.lang))))
		if !told[string(f.Code)] {
			fmt.Fprintln(c.stdout, "    → "+f.Remedy().In(c.lang))
		}
		told[string(f.Code)] = true
	}
	fmt.Fprintln(c.stdout, text(
		"Diperiksa: %d catatan dalam %d berkas jurnal (terakhir %d), basis data %s, %d peristiwa audit, %d nilai tersegel.",
		"Checked: %d records in %d files of the journal (last %d), database %s, %d audit events, %d sealed values.",
		r.Journal.Records, r.Journal.Segments, r.Journal.Last, orNone(r.Engine), r.Events, r.Sealed).In(c.lang))
	for _, i := range r.Ended {
		fmt.Fprintln(c.stdout, text("Jurnal %s, yang sudah berakhir: %d catatan dalam %d berkas (terakhir %d).", "Journal %s, which has ended: %d records in %d files (last %d).", i.ID, i.Records, i.Segments, i.Last).In(c.lang))
	}
	if r.Clean() {
		fmt.Fprintln(c.stdout, text("Tidak ada kerusakan.", "No damage was found.").In(c.lang))
		return
	}
	c.say(text("Ada kerusakan. Jangan hapus apa pun: salin folder data dahulu, lalu ikuti anjuran di bawah setiap temuan.", "There is damage. Delete nothing: copy the data folder first, then follow what is said below each finding."))
}

func orNone(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
