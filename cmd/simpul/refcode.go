package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"

	"simpul"
	"simpul/internal/app/demo"
	"simpul/internal/platform/resource"
)

type refcodeCmd struct {
	Lookup  refcodeLookupCmd  `cmd:"" help:"Tunjukkan arti sebuah kode pada satu tanggal." en:"Show what a code means on a date."`
	Import  refcodeImportCmd  `cmd:"" help:"Ganti semua kode sebuah daftar dengan isi berkas." en:"Replace all codes of a list by those of a file."`
	Export  refcodeExportCmd  `cmd:"" help:"Tulis semua kode sebuah daftar." en:"Write all codes of a list."`
	Regions refcodeRegionsCmd `cmd:"" help:"Tulis kode wilayah Kemendagri dari paket idn-area-data sebagai CSV." en:"Write the region codes of Kemendagri from the package idn-area-data as CSV."`
}

type refcodeLookupCmd struct {
	List     string `arg:"" help:"Nama daftar, atau kode saja bila daftarnya tidak disebut." en:"Name of the list, or the code alone when no list is named."`
	Code     string `arg:"" optional:"" help:"Kodenya." en:"The code."`
	Date     string `placeholder:"YYYY-MM-DD" help:"Tanggal yang ditanyakan; hari ini bila tidak disebut." en:"The date asked about; today unless given."`
	Output   string `short:"o" enum:"text,json" default:"text" placeholder:"text|json" help:"text atau json." en:"text or json."`
	hubFlags `embed:""`
}

// Help gives examples.
func (*refcodeLookupCmd) Help() string {
	return "simpul refcode lookup wilayah-kemendagri 91\n" +
		"simpul refcode lookup wilayah-kemendagri 93 --date 2022-07-24\n" +
		"simpul refcode lookup 32"
}

// Run shows what the code means. Without a list the hub refuses where lists
// disagree.
func (c *refcodeLookupCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	path := []string{"codes", c.List}
	if c.Code != "" {
		if err := resource.RefCode.Check(c.List); err != nil {
			return usage(placeless(err))
		}
		path = []string{"refcodes", c.List, "codes", c.Code}
	}
	query := url.Values{}
	if c.Date != "" {
		query.Set("date", c.Date)
	}
	got, err := hub.call(ctx, http.MethodGet, path, query, nil)
	if err != nil {
		return err
	}
	if c.Output == "json" {
		_, err := fmt.Fprintf(con.stdout, "%s\n", got.body)
		return err
	}
	return printFound(con, got.body)
}

func printFound(con *console, body []byte) error {
	var f struct {
		List, Date, Code, Parent, From, Until string
		Name                                  struct{ ID, EN string }
		Mappings                              []struct{ List, Target, Relation string }
	}
	if err := json.Unmarshal(body, &f); err != nil {
		return puzzling(err)
	}
	name := simpul.Text(f.Name).In(con.lang)
	if _, err := fmt.Fprintf(con.stdout, "%s %s %s %s\n", f.Date, printable(f.List), printable(f.Code), printable(name)); err != nil {
		return err
	}
	for _, m := range f.Mappings {
		if _, err := fmt.Fprintf(con.stdout, "  %s %s %s\n", m.Relation, printable(m.List), printable(m.Target)); err != nil {
			return err
		}
	}
	return nil
}

type refcodeImportCmd struct {
	List     string `arg:"" help:"Nama daftar." en:"Name of the list."`
	File     string `arg:"" help:"Berkas, atau - untuk masukan baku." en:"File, or - for standard input."`
	Format   string `enum:"csv,sdmx-json" default:"csv" placeholder:"csv|sdmx-json" help:"csv atau sdmx-json." en:"csv or sdmx-json."`
	DryRun   bool   `name:"dry-run" help:"Periksa saja, jangan simpan." en:"Check only, store nothing."`
	hubFlags `embed:""`
}

// Help gives examples.
func (*refcodeImportCmd) Help() string {
	return "simpul refcode import wilayah-bps bps.csv --dry-run\n" +
		"simpul refcode regions --villages | simpul refcode import wilayah-kemendagri -"
}

// fileTimeout is how long the largest file may take to be sent and stored.
const fileTimeout = 5 * time.Minute

// maxFile is the largest file that the hub takes, bytes.
const maxFile = 100 << 20

// Run sends the file. The hub stores all of it or, on the first mistake, nothing.
func (c *refcodeImportCmd) Run(ctx context.Context, con *console) error {
	if err := resource.RefCode.Check(c.List); err != nil {
		return usage(placeless(err))
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	hub.client.Timeout = fileTimeout
	file, err := readWhole(con, c.File)
	if err != nil {
		return err
	}
	query := url.Values{"format": {c.Format}}
	if c.DryRun {
		query.Set("dryRun", "true")
	}
	got, err := hub.call(ctx, http.MethodPost, []string{"refcodes", c.List, "import"}, query, file)
	if err != nil {
		return inFile(err, c.File)
	}
	var done struct{ Rows, Before int }
	if err := json.Unmarshal(got.body, &done); err != nil {
		return puzzling(err)
	}
	_, err = fmt.Fprintf(con.stdout, "RefCode %s %d rows, %d before\n", c.List, done.Rows, done.Before)
	return err
}

// inFile says where in the file the hub found mistakes, each on its own line. The
// remedy, which is the first one's, follows the last.
func inFile(err error, file string) error {
	r, ok := errors.AsType[*refusal](err)
	if !ok || len(r.Places) == 0 {
		return err
	}
	all := make([]error, len(r.Places))
	for i, p := range r.Places {
		e := r.at(file+", "+p.Location, p.Message)
		if i < len(r.Places)-1 {
			e.Remedy = simpul.Text{}
		}
		all[i] = e
	}
	return errors.Join(all...)
}

func readWhole(con *console, name string) ([]byte, error) {
	in := con.stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, unreadableFile(name, err)
		}
		defer file.Close()
		in = file
	}
	whole, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err != nil {
		return nil, unreadableFile(name, err)
	}
	if len(whole) > maxFile {
		return nil, simpul.Invalid("", text("Berkas %s lebih besar dari 100 MB.", "File %s is larger than 100 MB.", name), text("Bagi menjadi beberapa daftar.", "Divide it into several lists."))
	}
	return whole, nil
}

func unreadableFile(name string, err error) error {
	e := simpul.Invalid("", text("Berkas %s tidak terbaca.", "File %s cannot be read.", name), text("Periksa nama dan hak bacanya.", "Check its name and the right to read it."))
	e.Err = err
	return e
}

type refcodeExportCmd struct {
	List     string `arg:"" help:"Nama daftar." en:"Name of the list."`
	Format   string `enum:"csv,sdmx-json" default:"csv" placeholder:"csv|sdmx-json" help:"csv atau sdmx-json." en:"csv or sdmx-json."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*refcodeExportCmd) Help() string {
	return "simpul refcode export wilayah-kemendagri > wilayah.csv"
}

// Run writes the file to standard output.
func (c *refcodeExportCmd) Run(ctx context.Context, con *console) error {
	if err := resource.RefCode.Check(c.List); err != nil {
		return usage(placeless(err))
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, http.MethodGet, []string{"refcodes", c.List, "export"}, url.Values{"format": {c.Format}}, nil)
	if err != nil {
		return err
	}
	_, err = con.stdout.Write(got.body)
	return err
}

type refcodeRegionsCmd struct {
	Villages   bool   `help:"Juga desa dan kelurahan (83.763)." en:"Villages too (83,763)."`
	RegionData string `name:"region-data" env:"SIMPUL_REGION_DATA" placeholder:"DIR" help:"Folder paket npm idn-area-data." en:"Folder of the npm package idn-area-data."`
}

// Help gives an example.
func (*refcodeRegionsCmd) Help() string { return "simpul refcode regions --villages > wilayah.csv" }

// Run writes the codes as an import takes them.
func (c *refcodeRegionsCmd) Run(con *console) error {
	dir, err := demo.FindRegions(c.RegionData)
	if err != nil {
		return err
	}
	regions, err := demo.LoadRegions(dir)
	if err != nil {
		return err
	}
	down := demo.District
	if c.Villages {
		down = demo.Village
	}
	out := csv.NewWriter(con.stdout)
	out.Write([]string{"code", "parent", "name_id", "from", "notes"})
	for _, code := range demo.RegionCodes(regions, down) {
		out.Write([]string{code.Code, code.Parent, code.Name.ID, string(code.From), code.Notes})
	}
	out.Flush()
	return out.Error()
}
