package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"simpul"
	"simpul/internal/app"
	"simpul/internal/platform/config"
)

type vaultCmd struct {
	Wrap   vaultWrapCmd   `cmd:"" help:"Bungkus berkas kunci hub dengan kunci token PKCS#11, di mesin hub sendiri." en:"Wrap the hub's key file by the key of a PKCS#11 token, on the hub's own machine."`
	Unwrap vaultUnwrapCmd `cmd:"" help:"Buka bungkus berkas kunci hub." en:"Unwrap the hub's key file."`
	Export vaultExportCmd `cmd:"" help:"Usulkan ekspor kunci hub, terenkripsi bagi penerima age." en:"Propose an export of the hub's keys, encrypted to an age recipient."`
	Fetch  vaultFetchCmd  `cmd:"" help:"Unduh ekspor yang disetujui, sekali saja." en:"Download an approved export, once."`
}

type vaultWrapCmd struct {
	offline `embed:""`
}

// Help gives an example.
func (*vaultWrapCmd) Help() string { return "simpul vault wrap --config /etc/simpul.yaml" }

// Run wraps the key file. The hub must be stopped.
func (c *vaultWrapCmd) Run(_ context.Context, con *console) error {
	backup, err := c.convert(app.WrapVault)
	if err != nil {
		return err
	}
	fmt.Fprintf(con.stdout, "Wrapped. Copy in clear: %s\n", backup)
	con.say(text("Jalankan hub dan pastikan ia siap. Lalu pindahkan salinan tanpa bungkus itu ke brankas dan hapus dari mesin ini: siapa pun yang membacanya membuka semua data tersegel.", "Start the hub and see that it is ready. Then move the copy in clear to a safe and delete it from this machine: whoever reads it opens all sealed data."))
	return nil
}

type vaultUnwrapCmd struct {
	offline `embed:""`
}

// Help gives an example.
func (*vaultUnwrapCmd) Help() string { return "simpul vault unwrap --config /etc/simpul.yaml" }

// Run unwraps the key file. The hub must be stopped.
func (c *vaultUnwrapCmd) Run(_ context.Context, con *console) error {
	backup, err := c.convert(app.UnwrapVault)
	if err != nil {
		return err
	}
	fmt.Fprintf(con.stdout, "Unwrapped. Wrapped copy: %s\n", backup)
	con.say(text("Hapus vault.pkcs11 dari pengaturan sebelum hub dijalankan. Berkas kunci sekarang tanpa bungkus.", "Remove vault.pkcs11 from the settings before the hub is started. The key file is in clear now."))
	return nil
}

func (o offline) convert(convert func(config.Config) (string, error)) (string, error) {
	settings, err := o.settings()
	if err != nil {
		return "", usage(err)
	}
	return convert(settings)
}

type vaultExportCmd struct {
	Recipient string `required:"" placeholder:"age1…" help:"Kunci publik age penerima." en:"The recipient's age public key."`
	Why       string `required:"" placeholder:"TEXT" help:"Untuk apa; dibaca orang kedua." en:"What for; the second person reads it."`
	hubFlags  `embed:""`
}

// Help gives an example.
func (*vaultExportCmd) Help() string {
	return "simpul vault export --recipient age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p --why \"cadangan triwulan\""
}

// Run makes the proposal and prints its ID.
func (c *vaultExportCmd) Run(ctx context.Context, con *console) error {
	body, err := json.Marshal(map[string]string{"recipient": c.Recipient, "why": c.Why})
	if err != nil {
		return err
	}
	return propose(ctx, con, c.hubFlags, http.MethodPost, []string{"keys", "exports"}, body)
}

// propose sends what needs two people and prints the proposal's ID.
func propose(ctx context.Context, con *console, flags hubFlags, method string, path []string, body []byte) error {
	hub, err := flags.open(con)
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, method, path, nil, body)
	if err != nil {
		return err
	}
	id, _, err := got.waits()
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(con.stdout, printable(id)); err != nil {
		return err
	}
	con.say(text("Menunggu persetujuan kedua.", "Waits for a second approval."))
	return nil
}

type vaultFetchCmd struct {
	ID       string `arg:"" help:"ID usulan ekspor." en:"ID of the export's proposal."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*vaultFetchCmd) Help() string {
	return "simpul vault fetch u-4h7x2m9qk3ab > simpul-vault.json.age"
}

// Run writes the encrypted file to standard output.
func (c *vaultFetchCmd) Run(ctx context.Context, con *console) error {
	if c.ID == "" || c.ID == "." || c.ID == ".." {
		return usage(simpul.Invalid("", text("ID usulan %q tidak sah.", "Proposal ID %q is not valid.", c.ID), simpul.Text{}))
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, http.MethodPost, []string{"keys", "exports", c.ID, "file"}, nil, nil)
	if err != nil {
		return err
	}
	var made struct{ File string }
	if err := json.Unmarshal(got.body, &made); err != nil {
		return puzzling(err)
	}
	_, err = fmt.Fprint(con.stdout, printable(made.File))
	return err
}
