package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/resource"
)

type keyCmd struct {
	Create keyCreateCmd `cmd:"" help:"Buat kunci; kunci ditampilkan sekali saja." en:"Create a key; it is shown only once."`
	List   keyListCmd   `cmd:"" help:"Tampilkan kunci sebuah aplikasi, tanpa rahasianya." en:"Show an application's keys, without their secrets."`
	Rotate keyRotateCmd `cmd:"" help:"Ganti kunci; yang lama masih berlaku sementara." en:"Follow a key by another; the old one counts for a while."`
	Leaked keyLeakedCmd `cmd:"" help:"Laporkan kunci yang bocor; hub mencabutnya seketika." en:"Report a key that leaked; the hub revokes it at once."`
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
	Expires     string `placeholder:"DAY|Nd" help:"Akhir kunci: tanggal (2027-06-30) atau jumlah hari (90d); bawaan setahun." en:"When the key ends: a day (2027-06-30) or a number of days (90d); a year unless given."`
	Output      string `short:"o" enum:"text,json" default:"text" placeholder:"text|json" help:"text (kuncinya saja) atau json." en:"text (the key alone) or json."`
	hubFlags    `embed:""`
}

// Help gives examples.
func (*keyCreateCmd) Help() string {
	return "simpul key create layanan@bandungkota.go.id --label produksi --expires 90d\n" +
		"KUNCI=$(simpul key create layanan@bandungkota.go.id)"
}

// Run writes the key, and nothing else, to standard output.
func (c *keyCreateCmd) Run(ctx context.Context, con *console) error {
	hub, path, err := c.keys(c.hubFlags, con)
	if err != nil {
		return err
	}
	expires, err := parseExpiry(c.Expires, time.Now())
	if err != nil {
		return err
	}
	wish, err := json.Marshal(keyWish{Label: c.Label, ExpiresAt: expires})
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
	if err := checkSegment(c.KeyID, text("Salin ID dari \"simpul key list\".", "Copy the ID from \"simpul key list\".")); err != nil {
		return err
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
