package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"simpul"
	"simpul/internal/platform/resource"
)

type keyCmd struct {
	Create keyCreateCmd `cmd:"" help:"Buat kunci; kunci ditampilkan sekali saja." en:"Create a key; it is shown only once."`
	List   keyListCmd   `cmd:"" help:"Tampilkan kunci sebuah aplikasi, tanpa rahasianya." en:"Show an application's keys, without their secrets."`
	Revoke keyRevokeCmd `cmd:"" help:"Cabut sebuah kunci." en:"Revoke a key."`
}

// application is the argument that every key command has.
type application struct {
	Application string `arg:"" help:"ID aplikasi, nama@domain-instansi." en:"Application ID, name@agency-domain."`
}

// keys opens the hub and gives the path of the application's keys.
func (a application) keys(f hubFlags, con *console) (*hub, []string, error) {
	if err := resource.Application.Check(a.Application); err != nil {
		return nil, nil, usage(placeless(err))
	}
	hub, err := f.open(con)
	return hub, append(item(resource.Application, a.Application), "keys"), err
}

type keyCreateCmd struct {
	application `embed:""`
	Label       string `help:"Catatan untuk mengenali kunci." en:"A note to recognise the key by."`
	Output      string `short:"o" enum:"text,json" default:"text" placeholder:"text|json" help:"text (kuncinya saja) atau json." en:"text (the key alone) or json."`
	hubFlags    `embed:""`
}

// Help gives examples.
func (*keyCreateCmd) Help() string {
	return "simpul key create layanan@bandungkota.go.id --label produksi\n" +
		"KUNCI=$(simpul key create layanan@bandungkota.go.id)"
}

// Run writes the key, and nothing else, to standard output.
func (c *keyCreateCmd) Run(ctx context.Context, con *console) error {
	hub, path, err := c.keys(c.hubFlags, con)
	if err != nil {
		return err
	}
	wish, err := json.Marshal(struct {
		Label string `json:"label,omitempty"`
	}{c.Label})
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, http.MethodPost, path, nil, wish)
	if err != nil {
		return err
	}
	return printKey(con, c.Output, got.body)
}

func printKey(con *console, output string, body []byte) error {
	if output == "json" {
		_, err := fmt.Fprintf(con.stdout, "%s\n", body)
		return err
	}
	var made struct {
		ID  string        `json:"id"`
		Key simpul.Secret `json:"key"`
	}
	if err := json.Unmarshal(body, &made); err != nil {
		return puzzling(err)
	}
	if made.Key == "" {
		return puzzling(errors.New("no key"))
	}
	if _, err := fmt.Fprintln(con.stdout, printable(made.Key.Reveal())); err != nil {
		return err
	}
	con.say(text("Kunci %s dibuat. Simpan sekarang: kunci tidak ditampilkan lagi.", "Key %s was created. Keep it now: it is not shown again.", made.ID))
	return nil
}

type keyListCmd struct {
	application `embed:""`
	Output      string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags    `embed:""`
}

// Help gives an example.
func (*keyListCmd) Help() string { return "simpul key list layanan@bandungkota.go.id" }

// Run shows an application's keys.
func (c *keyListCmd) Run(ctx context.Context, con *console) error {
	hub, path, err := c.keys(c.hubFlags, con)
	if err != nil {
		return err
	}
	keys := hub.list(ctx, path...)
	if c.Output == "json" {
		return printList(con.stdout, keys)
	}
	return con.printTable(columnsOfKeys(), keys)
}

type keyRevokeCmd struct {
	application `embed:""`
	KeyID       string `arg:"" name:"key-id" help:"ID kunci seperti pada key list; bukan kuncinya." en:"The key's ID as in key list; not the key itself."`
	hubFlags    `embed:""`
}

// Help gives an example.
func (*keyRevokeCmd) Help() string { return "simpul key revoke layanan@bandungkota.go.id k-7f3a" }

// Run revokes one key.
func (c *keyRevokeCmd) Run(ctx context.Context, con *console) error {
	if c.KeyID == "" || c.KeyID == "." || c.KeyID == ".." {
		return usage(simpul.Invalid("",
			text("ID kunci %q tidak sah.", "Key ID %q is not valid.", c.KeyID),
			text("Salin ID dari \"simpul key list\".", "Copy the ID from \"simpul key list\".")))
	}
	hub, path, err := c.keys(c.hubFlags, con)
	if err != nil {
		return err
	}
	if _, err := hub.call(ctx, http.MethodDelete, append(path, c.KeyID), nil, nil); err != nil {
		return err
	}
	_, err = fmt.Fprintf(con.stdout, "Key %s revoked\n", printable(c.KeyID))
	return err
}
