package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"simpul"
	"simpul/internal/platform/resource"
)

type lidTestCmd struct {
	lidArg `embed:""`
	File   string `short:"f" placeholder:"FILE" help:"Uji LID dari berkas, tanpa menyimpannya." en:"Test the LID of a file, without storing it."`
	Output string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
}

// Help gives examples.
func (*lidTestCmd) Help() string {
	return "simpul lid test kesehatan/Imunisasi\nsimpul lid test kesehatan/Imunisasi -f imunisasi.yaml"
}

// Run tests the LID and shows the report, what failed first.
func (c *lidTestCmd) Run(ctx context.Context, con *console) error {
	body, err := c.planned(con)
	if err != nil {
		return err
	}
	got, err := c.ask(ctx, con, http.MethodPost, body, "feasibility")
	if err != nil {
		return err
	}
	var r fitness
	if err := json.Unmarshal(got.body, &r); err != nil {
		return puzzling(err)
	}
	if c.Output == "json" {
		_, err = fmt.Fprintf(con.stdout, "%s\n", got.body)
	} else {
		err = r.print(con.stdout, con.lang)
	}
	if err == nil && r.Outcome == "fail" {
		return &failure{status: statusFailed} // the report has said why
	}
	return err
}

// planned is the spec of the file's LID with the address, or nothing.
func (c *lidTestCmd) planned(con *console) (any, error) {
	if c.File == "" {
		return nil, nil
	}
	docs, err := fileFlags{File: []string{c.File}}.load(con)
	if err != nil {
		return nil, err
	}
	for _, d := range docs {
		if d.Kind == resource.LID && d.ID == c.LID {
			var whole struct {
				Spec json.RawMessage `json:"spec"`
			}
			err := json.Unmarshal(d.JSON, &whole)
			return whole, err
		}
	}
	return nil, usage(simpul.Invalid("",
		text("Berkas %s tidak memuat LID %s.", "File %s has no LID %s.", c.File, c.LID),
		text("Sebut alamat seperti pada metadata.id di berkas itu.", "Name the address as in metadata.id of the file.")))
}

// fitness is a report of a feasibility test as the API shows it.
type fitness struct {
	Outcome string `json:"outcome"`
	Checks  []struct {
		Title    inBoth `json:"title"`
		Outcome  string `json:"outcome"`
		Note     inBoth `json:"note"`
		Findings []struct {
			Outcome, Place, Expected, Got string

			What   inBoth `json:"what"`
			Remedy inBoth `json:"remedy"`
		} `json:"findings"`
	} `json:"checks"`
}

// print writes the checks, those that matter most first, with what to do.
func (r fitness) print(w io.Writer, lang simpul.Language) error {
	var b strings.Builder
	for _, outcome := range []string{"fail", "warn", "skipped", "pass"} {
		for _, c := range r.Checks {
			if c.Outcome != outcome {
				continue
			}
			fmt.Fprintf(&b, "%-8s %s\n", strings.ToUpper(outcome), c.Title.in(lang))
			said := map[inBoth]bool{}
			for _, f := range c.Findings {
				fmt.Fprintf(&b, "         %s\n", sighting(f.What.in(lang), f.Place, f.Expected, f.Got, lang))
				if remedy := f.Remedy.in(lang); remedy != "" && !said[f.Remedy] {
					fmt.Fprintf(&b, "         → %s\n", remedy)
					said[f.Remedy] = true
				}
			}
		}
	}
	fmt.Fprintln(&b, r.summary().In(lang))
	_, err := io.WriteString(w, printable(b.String()))
	return err
}

func sighting(what, place, expected, got string, lang simpul.Language) string {
	line := what
	if place != "" {
		line = place + ": " + line
	}
	if expected != "" {
		line += text(" Seharusnya %s.", " Expected %s.", expected).In(lang)
	}
	if got != "" {
		line += text(" Ternyata %s.", " Got %s.", got).In(lang)
	}
	return line
}

func (r fitness) summary() simpul.Text {
	counts := map[string]int{}
	for _, c := range r.Checks {
		counts[c.Outcome]++
	}
	if counts["fail"] > 0 {
		return text("%d dari %d pemeriksaan gagal; LID belum dapat didaftarkan.", "%d of %d checks failed; the LID cannot be registered yet.", counts["fail"], len(r.Checks))
	}
	return text("Laik: tidak ada dari %d pemeriksaan yang gagal, %d peringatan.", "Fit: none of %d checks failed, %d warnings.", len(r.Checks), counts["warn"])
}
