package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"simpul"
	"simpul/internal/platform/resource"
)

type agencyCmd struct {
	Standing  agencyStandingCmd  `cmd:"" help:"Tampilkan status instansi: izin operasional dan pembekuan." en:"Show an agency's standing: operational approval and suspension."`
	Decide    agencyDecideCmd    `cmd:"" help:"Pindahkan instansi ke langkah berikutnya: trial, operational." en:"Move an agency to its next step: trial, operational."`
	Suspend   agencySuspendCmd   `cmd:"" help:"Bekukan instansi dengan alasan." en:"Suspend an agency, with the reason."`
	Reinstate agencyReinstateCmd `cmd:"" help:"Akhiri pembekuan instansi." en:"End an agency's suspension."`
	Addresses agencyAddressesCmd `cmd:"" help:"Tampilkan atau ganti alamat yang boleh memanggil." en:"Show or replace the addresses that may call."`
	Units     agencyUnitsCmd     `cmd:"" help:"Tampilkan unit instansi." en:"Show an agency's units."`
	Unit      agencyUnitCmd      `cmd:"" help:"Buat, ubah, atau hapus unit." en:"Create, change or delete a unit."`
}

// agencyArg is the argument that every agency command has.
type agencyArg struct {
	Agency   string `arg:"" help:"Domain instansi." en:"Domain of the agency."`
	hubFlags `embed:""`
}

// ask sends one request about the agency.
func (a agencyArg) ask(ctx context.Context, con *console, method string, body any, path ...string) (answer, error) {
	if err := resource.Agency.Check(a.Agency); err != nil {
		return answer{}, usage(placeless(err))
	}
	hub, err := a.open(con)
	if err != nil {
		return answer{}, err
	}
	var sent []byte
	if body != nil {
		if sent, err = json.Marshal(body); err != nil {
			return answer{}, err
		}
	}
	return hub.call(ctx, method, append(item(resource.Agency, a.Agency), path...), nil, sent)
}

// tell writes the hub's answer, or what was done where it has none.
func tell(con *console, got answer, err error, did string) error {
	if err != nil {
		return err
	}
	if did == "" {
		did = string(got.body)
	}
	_, err = fmt.Fprintln(con.stdout, printable(did))
	return err
}

type agencyStandingCmd struct {
	agencyArg `embed:""`
}

// Help gives an example.
func (*agencyStandingCmd) Help() string { return "simpul agency standing bandungkota.go.id" }

// Run shows the standing as JSON.
func (c *agencyStandingCmd) Run(ctx context.Context, con *console) error {
	got, err := c.ask(ctx, con, http.MethodGet, nil, "standing")
	return tell(con, got, err, "")
}

type agencyDecideCmd struct {
	agencyArg    `embed:""`
	Standing     string `arg:"" enum:"trial,operational" help:"trial atau operational." en:"trial or operational."`
	LetterNumber string `help:"Nomor surat izin; wajib untuk operational." en:"Number of the letter; required for operational."`
	LetterDate   string `placeholder:"DAY" help:"Tanggal surat, misalnya 2026-11-23." en:"Date of the letter, such as 2026-11-23."`
}

// Help gives an example.
func (*agencyDecideCmd) Help() string {
	return "simpul agency decide bandungkota.go.id operational --letter-number 12/IO/2026 --letter-date 2026-11-23"
}

// Run decides.
func (c *agencyDecideCmd) Run(ctx context.Context, con *console) error {
	body := map[string]string{"standing": c.Standing}
	if c.LetterNumber != "" {
		body["letterNumber"] = c.LetterNumber
	}
	if c.LetterDate != "" {
		body["letterDate"] = c.LetterDate
	}
	got, err := c.ask(ctx, con, http.MethodPut, body, "standing")
	return tell(con, got, err, "Agency "+c.Agency+" is now "+c.Standing)
}

type agencySuspendCmd struct {
	agencyArg `embed:""`
	Reason    string `required:"" help:"Alasan yang dibaca instansi." en:"The reason, which the agency reads."`
}

// Help gives an example.
func (*agencySuspendCmd) Help() string {
	return "simpul agency suspend bandungkota.go.id --reason \"Kunci bocor berulang\""
}

// Run suspends.
func (c *agencySuspendCmd) Run(ctx context.Context, con *console) error {
	got, err := c.ask(ctx, con, http.MethodPut, map[string]string{"reason": c.Reason}, "suspension")
	return tell(con, got, err, "Agency "+c.Agency+" suspended")
}

type agencyReinstateCmd struct {
	agencyArg `embed:""`
}

// Help gives an example.
func (*agencyReinstateCmd) Help() string { return "simpul agency reinstate bandungkota.go.id" }

// Run ends a suspension.
func (c *agencyReinstateCmd) Run(ctx context.Context, con *console) error {
	got, err := c.ask(ctx, con, http.MethodDelete, nil, "suspension")
	return tell(con, got, err, "Agency "+c.Agency+" reinstated")
}

type agencyAddressesCmd struct {
	agencyArg `embed:""`
	Set       []string `placeholder:"CIDR" help:"Ganti daftar; dapat diulang." en:"Replace the list; can be repeated."`
	Anywhere  bool     `help:"Kosongkan daftar: boleh dari mana saja." en:"Empty the list: from anywhere."`
}

// Help gives examples.
func (*agencyAddressesCmd) Help() string {
	return "simpul agency addresses bandungkota.go.id\n" +
		"simpul agency addresses bandungkota.go.id --set 103.12.4.0/24 --set 2001:db8::/32"
}

// Run shows or replaces the list.
func (c *agencyAddressesCmd) Run(ctx context.Context, con *console) error {
	if len(c.Set) == 0 && !c.Anywhere {
		got, err := c.ask(ctx, con, http.MethodGet, nil, "addresses")
		return tell(con, got, err, "")
	}
	if len(c.Set) > 0 && c.Anywhere {
		return usage(simpul.Invalid("",
			text("--set dan --anywhere saling meniadakan.", "--set and --anywhere exclude each other."),
			text("Pakai salah satu.", "Use one of them.")))
	}
	got, err := c.ask(ctx, con, http.MethodPut, map[string][]string{"addresses": append([]string{}, c.Set...)}, "addresses")
	return tell(con, got, err, "Addresses of "+c.Agency+" replaced")
}

type agencyUnitsCmd struct {
	agencyArg `embed:""`
}

// Help gives an example.
func (*agencyUnitsCmd) Help() string { return "simpul agency units bandungkota.go.id" }

// Run shows the units.
func (c *agencyUnitsCmd) Run(ctx context.Context, con *console) error {
	if err := resource.Agency.Check(c.Agency); err != nil {
		return usage(placeless(err))
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	columns := []column{{text("ID", "ID"), "id"}, {text("NAMA", "NAME"), "name"}, {text("BAGIAN DARI", "PART OF"), "parent"}}
	return con.printTable(columns, hub.list(ctx, append(item(resource.Agency, c.Agency), "units")...))
}

type agencyUnitCmd struct {
	agencyArg `embed:""`
	Unit      string `arg:"" help:"ID unit." en:"ID of the unit."`
	Name      string `help:"Nama unit; wajib kecuali --delete." en:"Name of the unit; required except with --delete."`
	Parent    string `help:"ID unit induk." en:"ID of the unit of which it is a part."`
	Delete    bool   `help:"Hapus unit." en:"Delete the unit."`
}

// Help gives examples.
func (*agencyUnitCmd) Help() string {
	return "simpul agency unit bandungkota.go.id bidang-aplikasi --name \"Bidang Aplikasi\"\n" +
		"simpul agency unit bandungkota.go.id bidang-aplikasi --delete"
}

// Run changes one unit.
func (c *agencyUnitCmd) Run(ctx context.Context, con *console) error {
	if err := checkSegment(c.Unit, text("Lihat \"simpul agency units\".", "See \"simpul agency units\".")); err != nil {
		return err
	}
	if c.Delete {
		got, err := c.ask(ctx, con, http.MethodDelete, nil, "units", c.Unit)
		return tell(con, got, err, "Unit "+c.Unit+" deleted")
	}
	body := map[string]string{"name": c.Name}
	if c.Parent != "" {
		body["parent"] = c.Parent
	}
	got, err := c.ask(ctx, con, http.MethodPut, body, "units", c.Unit)
	return tell(con, got, err, "Unit "+c.Unit+" stored")
}
