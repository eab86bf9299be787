package main

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"

	"simpul"
)

type accountCmd struct {
	List    accountListCmd    `cmd:"" help:"Tampilkan akun orang yang bekerja dengan hub." en:"Show the accounts of people who work with the hub."`
	Invite  accountInviteCmd  `cmd:"" help:"Undang seseorang; kodenya dikirim ke surelnya." en:"Invite somebody; the code goes to their e-mail address."`
	Get     accountGetCmd     `cmd:"" help:"Tampilkan satu akun." en:"Show one account."`
	Recover accountRecoverCmd `cmd:"" help:"Kirim kode pemulihan kepada orang yang kehilangan semua cara masuk." en:"Send a recovery code to somebody who lost every way to sign in."`
	Close   accountCloseCmd   `cmd:"" help:"Tutup akun selamanya." en:"Close an account for good."`
}

// account is the argument that most account commands have.
type account struct {
	Account string `arg:"" help:"Nama akun, nama@domain-instansi." en:"Account name, name@agency-domain."`
}

// open checks the name, opens the hub and gives the account's path.
func (a account) open(f hubFlags, con *console) (*hub, []string, error) {
	id, err := simpul.ParseAccountID(a.Account)
	if err != nil {
		return nil, nil, usage(placeless(err))
	}
	hub, err := f.open(con)
	return hub, []string{"accounts", string(id)}, err
}

type accountListCmd struct {
	State    string `enum:",invited,active,suspended,closed" default:"" placeholder:"STATE" help:"Hanya yang invited, active, suspended atau closed." en:"Only those invited, active, suspended or closed."`
	Search   string `placeholder:"TEXT" help:"Bagian nama akun." en:"Part of the account's name."`
	Agency   string `placeholder:"ID" help:"Hanya dari instansi ini." en:"Only of this agency."`
	Output   string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags `embed:""`
}

// Help gives examples.
func (*accountListCmd) Help() string {
	return "simpul account list\n" +
		"simpul account list --state invited -o json"
}

// Run shows the accounts that the caller may see.
func (c *accountListCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	filter := url.Values{}
	for name, value := range map[string]string{"state": c.State, "search": c.Search, "agency": c.Agency} {
		if value != "" {
			filter.Set(name, value)
		}
	}
	return con.printAccounts(c.Output, hub.listWhere(ctx, filter, "accounts"))
}

type accountGetCmd struct {
	account  `embed:""`
	Output   string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*accountGetCmd) Help() string { return "simpul account get siti.rahma@bandungkota.go.id -o json" }

// Run shows one account.
func (c *accountGetCmd) Run(ctx context.Context, con *console) error {
	hub, path, err := c.account.open(c.hubFlags, con)
	if err != nil {
		return err
	}
	if c.Output == "json" {
		return printObject(con.stdout, hub.one(ctx, path))
	}
	return con.printAccounts(c.Output, hub.one(ctx, path))
}

type accountInviteCmd struct {
	account  `embed:""`
	Name     string   `required:"" placeholder:"NAME" help:"Nama lengkap orang itu." en:"The person's full name."`
	Email    string   `required:"" placeholder:"ADDRESS" help:"Surel dinas, ke sana kode dikirim." en:"Official e-mail address, where the code goes."`
	Role     []string `required:"" placeholder:"ROLE" help:"Peran; boleh berulang." en:"A role; may be repeated."`
	National bool     `help:"Beri peran itu untuk semua instansi." en:"Give the roles for every agency."`
	Phone    string   `placeholder:"NUMBER" help:"Nomor telepon." en:"Telephone number."`
	Position string   `placeholder:"TEXT" help:"Jabatan." en:"Position."`
	Language string   `enum:"id,en" default:"id" placeholder:"id|en" help:"Bahasa surel: id atau en." en:"Language of e-mails: id or en."`
	hubFlags `embed:""`
}

// Help gives examples.
func (*accountInviteCmd) Help() string {
	return "simpul account invite siti.rahma@bandungkota.go.id --name \"Siti Rahma\" --email siti@bandung.go.id --role admin\n" +
		"simpul account invite budi@komdigi.go.id --name \"Budi Santoso\" --email budi@komdigi.go.id --role operator --national"
}

// Run invites somebody. The code is in their letter, not in the answer.
func (c *accountInviteCmd) Run(ctx context.Context, con *console) error {
	hub, path, err := c.account.open(c.hubFlags, con)
	if err != nil {
		return err
	}
	wish, err := json.Marshal(c.newcomer(path[1]))
	if err != nil {
		return err
	}
	if _, err := hub.call(ctx, http.MethodPost, path[:1], nil, wish); err != nil {
		return err
	}
	_, err = fmt.Fprintf(con.stdout, "Account %s invited\n", printable(path[1]))
	return err
}

func (c *accountInviteCmd) newcomer(id string) map[string]any {
	roles := make([]map[string]any, len(c.Role))
	for i, role := range c.Role {
		roles[i] = map[string]any{"role": role, "national": c.National}
	}
	return map[string]any{"id": id, "name": c.Name, "email": c.Email, "phone": c.Phone, "position": c.Position, "language": c.Language, "roles": roles}
}

type accountRecoverCmd struct {
	account  `embed:""`
	hubFlags `embed:""`
}

// Help gives an example.
func (*accountRecoverCmd) Help() string { return "simpul account recover siti.rahma@bandungkota.go.id" }

// Run begins a recovery.
func (c *accountRecoverCmd) Run(ctx context.Context, con *console) error {
	return c.account.act(ctx, c.hubFlags, con, "recovery", "Recovery of %s begun\n")
}

type accountCloseCmd struct {
	account  `embed:""`
	hubFlags `embed:""`
}

// Help gives an example.
func (*accountCloseCmd) Help() string { return "simpul account close siti.rahma@bandungkota.go.id" }

// Run ends an account.
func (c *accountCloseCmd) Run(ctx context.Context, con *console) error {
	return c.account.act(ctx, c.hubFlags, con, "closure", "Account %s closed\n")
}

// act does one thing to the account and says that it is done.
func (a account) act(ctx context.Context, f hubFlags, con *console, deed, done string) error {
	hub, path, err := a.open(f, con)
	if err != nil {
		return err
	}
	if _, err := hub.call(ctx, http.MethodPost, append(path, deed), nil, nil); err != nil {
		return err
	}
	_, err = fmt.Fprintf(con.stdout, done, printable(path[1]))
	return err
}

// printAccounts writes accounts as a table, with their roles in one cell.
func (c *console) printAccounts(output string, accounts iter.Seq2[json.RawMessage, error]) error {
	if output == "json" {
		return printList(c.stdout, accounts)
	}
	columns := []column{{text("ID", "ID"), "id"}, {text("NAMA", "NAME"), "name"}, {text("STATUS", "STATE"), "state"}, {text("PERAN", "ROLES"), "held"}}
	return c.printTable(columns, func(yield func(json.RawMessage, error) bool) {
		for item, err := range accounts {
			if err == nil {
				item, err = withHeld(item)
			}
			if !yield(item, err) {
				return
			}
		}
	})
}

// withHeld adds the names of an account's roles as one text.
func withHeld(item json.RawMessage) (json.RawMessage, error) {
	var members map[string]any
	if err := json.Unmarshal(item, &members); err != nil {
		return nil, puzzling(err)
	}
	var names []string
	holdings, _ := members["roles"].([]any)
	for _, holding := range holdings {
		names = append(names, fmt.Sprint(at(holding, "role")))
	}
	members["held"] = strings.Join(names, ", ")
	return json.Marshal(members)
}
