package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/app"
)

type backupCmd struct {
	Create backupCreateCmd `cmd:"" default:"withargs" help:"Buat cadangan (bawaan)." en:"Make a backup (the default)."`
	Verify backupVerifyCmd `cmd:"" help:"Baca seluruh cadangan dan bandingkan dengan daftarnya." en:"Read whole backups and compare them with their list."`
}

type backupCreateCmd struct {
	Out        string   `required:"" placeholder:"FILE" help:"Berkas cadangan yang dibuat; tidak boleh sudah ada." en:"The backup to make; it must not exist."`
	Recipient  []string `placeholder:"age1…" help:"Kunci publik age yang dapat membukanya; boleh berulang." en:"An age public key that can open it; may be repeated."`
	Recipients []string `placeholder:"FILE" help:"Berkas berisi kunci publik age." en:"A file of age public keys."`
	Passphrase string   `name:"passphrase-file" placeholder:"FILE" help:"Berkas yang baris pertamanya frasa sandi." en:"A file whose first line is a passphrase."`
	Since      string   `placeholder:"FILE" help:"Cadangan sebelumnya: hanya bagian jurnal dan log yang baru yang disalin." en:"An earlier backup: only new parts of the journal and log are copied."`
	WithKeys   bool     `help:"Sertakan kunci hub. Siapa pun yang membuka cadangan lalu membaca semua data tersegel." en:"Include the hub's keys. Whoever opens the backup then reads all sealed data."`
	Output     string   `short:"o" enum:"text,json" default:"text" placeholder:"text|json" help:"text atau json." en:"text or json."`
	offline    `embed:""`
}

// Help gives examples.
func (*backupCreateCmd) Help() string {
	return "simpul backup --data /var/lib/simpul --out penuh.simpul --recipient age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\n" +
		"simpul backup create --data /var/lib/simpul --out rabu.simpul --since penuh.simpul --recipients penerima.txt"
}

// Run makes the backup beside the hub, which may be running.
func (c *backupCreateCmd) Run(ctx context.Context, con *console) error {
	settings, err := c.settings()
	if err != nil {
		return usage(err)
	}
	to, err := app.BackupRecipients(c.Recipient, c.Recipients, c.Passphrase)
	if err != nil {
		return usage(err)
	}
	if len(to) == 0 {
		return usage(simpul.Invalid("", text("Cadangan tanpa penerima tidak dibuat: isinya akan terbaca siapa pun.", "A backup without a recipient is not made: anyone could read it."),
			text("Sebutkan --recipient age1…, --recipients BERKAS, atau --passphrase-file BERKAS.", "Name --recipient age1…, --recipients FILE, or --passphrase-file FILE.")))
	}
	begun := time.Now()
	r, err := app.BackUp(ctx, settings, app.BackupWish{Out: c.Out, To: to, Since: c.Since, WithKeys: c.WithKeys})
	if err != nil {
		return err
	}
	if c.Output == "json" {
		return json.NewEncoder(con.stdout).Encode(r)
	}
	fmt.Fprintln(con.stdout, text("%s: jurnal sampai catatan %d, log %d entri, keadaan %s; %.1f MB dalam %.1f detik.",
		"%s: journal up to record %d, log of %d entries, as of %s; %.1f MB in %.1f seconds.",
		c.Out, r.Journal.Position, r.Log.Size, r.At.Format(time.RFC3339), float64(r.Archive.Bytes)/1e6, time.Since(begun).Seconds()).In(con.lang))
	if !c.WithKeys {
		con.say(text("Kunci hub tidak disertakan. Simpan salinan vault.json di tempat lain: tanpanya data tersegel hilang.", "The hub's keys are not included. Keep a copy of vault.json elsewhere: without it sealed data is lost."))
	}
	return nil
}

// unlock is what opens backups.
type unlock struct {
	Identity   []string `placeholder:"FILE" help:"Berkas kunci rahasia age; boleh berulang." en:"A file with an age secret key; may be repeated."`
	Passphrase string   `name:"passphrase-file" placeholder:"FILE" help:"Berkas yang baris pertamanya frasa sandi." en:"A file whose first line is a passphrase."`
}

type backupVerifyCmd struct {
	Files  []string `arg:"" placeholder:"FILE" help:"Cadangan penuh, lalu cadangan tambahan menurut waktu." en:"The full backup, then incremental ones in the order of time."`
	unlock `embed:""`
}

// Help gives examples.
func (*backupVerifyCmd) Help() string {
	return "simpul backup verify penuh.simpul rabu.simpul --identity kunci.txt\n" +
		"simpul backup verify penuh.simpul"
}

// Run reads the backups to their end.
func (c *backupVerifyCmd) Run(ctx context.Context, con *console) error {
	keys, err := app.BackupIdentities(c.Identity, c.Passphrase)
	if err != nil {
		return usage(err)
	}
	v, err := app.VerifyBackup(ctx, c.Files, keys)
	if err != nil {
		return err
	}
	if !v.Opened {
		fmt.Fprintln(con.stdout, text("Utuh: %d berkas (%.1f MB) sama dengan tanda terimanya. Isinya tidak dibuka; sebutkan --identity untuk membacanya.",
			"Whole: %d files (%.1f MB) are what their receipts say. The contents were not opened; name --identity to read them.", v.Files, float64(v.Bytes)/1e6).In(con.lang))
		return nil
	}
	m := v.Manifest
	fmt.Fprintln(con.stdout, text("Utuh: %d berkas, %.1f MB isi. Jurnal sampai catatan %d, log %d entri, keadaan %s.",
		"Whole: %d files, %.1f MB of contents. Journal up to record %d, log of %d entries, as of %s.", v.Files, float64(v.Bytes)/1e6, m.Journal.Position, m.Log.Size, m.At.Format(time.RFC3339)).In(con.lang))
	return nil
}
