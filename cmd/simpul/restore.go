package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/app"
)

type restoreCmd struct {
	Files       []string `arg:"" placeholder:"FILE" help:"Cadangan penuh, lalu cadangan tambahan menurut waktu." en:"The full backup, then incremental ones in the order of time."`
	Vault       string   `placeholder:"FILE" help:"Berkas kunci hub, bila cadangan tidak memuatnya." en:"The hub's key file, where the backup does not have it."`
	Newest      string   `placeholder:"FILE" help:"Tanda terima atau checkpoint terbaru yang diketahui, untuk mengenali cadangan yang lebih tua." en:"The newest receipt or checkpoint that is known, to recognise an older backup."`
	AcceptOlder bool     `help:"Pulihkan juga bila cadangan lebih tua daripada keadaan yang diketahui." en:"Restore although the backup is older than what is known."`
	Continue    bool     `help:"Lanjutkan jurnal yang dipulihkan. Hanya bila hub dihentikan sebelum cadangan diambil dan tidak pernah berjalan lagi." en:"Go on with the restored journal. Only where the hub was stopped before the backup was taken and has never run since."`
	Output      string   `short:"o" enum:"text,json" default:"text" placeholder:"text|json" help:"text atau json." en:"text or json."`
	unlock      `embed:""`
	offline     `embed:""`
}

// Help gives examples.
func (*restoreCmd) Help() string {
	return "simpul restore penuh.simpul --data /var/lib/simpul-baru --identity kunci.txt --vault vault.json\n" +
		"simpul restore penuh.simpul senin.simpul selasa.simpul --data /var/lib/simpul-baru --identity kunci.txt --newest checkpoint"
}

// restoredLine is what was restored, in JSON.
type restoredLine struct {
	Backup    string    `json:"backup"`
	Taken     time.Time `json:"taken"`
	Journal   string    `json:"journal"`
	Position  uint64    `json:"position"`
	LogSize   uint64    `json:"logSize"`
	Keys      bool      `json:"keys"`
	Lost      string    `json:"lost,omitempty"`
	Successor string    `json:"successor,omitempty"`
	Check     checked   `json:"check"`
}

// Run restores, checks what was restored, and says how old it is.
func (c *restoreCmd) Run(ctx context.Context, con *console) error {
	settings, err := c.settings()
	if err != nil {
		return usage(err)
	}
	keys, err := app.BackupIdentities(c.Identity, c.Passphrase)
	if err != nil {
		return usage(err)
	}
	if len(keys) == 0 {
		return usage(simpul.Invalid("", text("Cadangan terenkripsi, dan tidak ada kunci yang disebut.", "Backups are encrypted, and no key was named."), text("Sebutkan --identity BERKAS atau --passphrase-file BERKAS.", "Name --identity FILE or --passphrase-file FILE.")))
	}
	done, found, err := app.RestoreStore(ctx, settings, app.RestoreFrom{Backups: c.Files, Keys: keys, Newest: c.Newest, AcceptOlder: c.AcceptOlder, Continue: c.Continue, VaultFile: c.Vault})
	if err != nil {
		return err
	}
	if c.Output == "json" {
		if err := json.NewEncoder(con.stdout).Encode(restored(done, found, con.lang)); err != nil {
			return err
		}
		return unclean(found)
	}
	con.showRestored(settings.Data, done)
	con.showCheck(found)
	if !done.Keys {
		con.say(text("Kunci hub tidak ada dalam cadangan. Salin vault.json hub itu ke %s dengan mode 0600 sebelum hub dijalankan.", "The hub's keys are not in the backup. Copy that hub's vault.json to %s with mode 0600 before the hub is started.", settings.Vault.File))
	}
	return unclean(found)
}

func restored(done app.RestoredStore, found app.StoreReport, lang simpul.Language) restoredLine {
	m := done.Mark
	line := restoredLine{Backup: m.Backup, Taken: m.Taken, Journal: m.Journal, Position: m.Position, LogSize: m.LogSize, Successor: m.Successor, Keys: done.Keys, Check: checkedStore(found, lang)}
	if m.Lost != nil {
		line.Lost = m.Lost.Words().In(lang)
	}
	return line
}

func (c *console) showRestored(data string, done app.RestoredStore) {
	m := done.Mark
	fmt.Fprintln(c.stdout, text("Dipulihkan ke %s: keadaan pada %s, %s sebelum pemulihan. Jurnal sampai catatan %d, log %d entri.",
		"Restored into %s: the state of %s, %s before the restoring. Journal up to record %d, log of %d entries.",
		data, m.Taken.Format(time.RFC3339), m.At.Sub(m.Taken).Round(time.Second), m.Position, m.LogSize).In(c.lang))
	if m.Successor != "" {
		c.say(text("Jurnal lama berakhir di situ dan tetap dapat dibaca dan dibuktikan. Jurnal %s melanjutkannya, dengan log baru: beri saksi baris log itu dari /.well-known/simpul-keys sesudah hub dijalankan.",
			"The old journal ends there, and can still be read and proved. The journal %s goes on for it, with a new log: give the witnesses that log's line from /.well-known/simpul-keys once the hub runs.", m.Successor))
	}
	if m.Lost == nil {
		c.say(text("Apa pun yang terjadi sesudah saat itu tidak ada di sini. Bandingkan dengan checkpoint saksi (--newest) bila ada.", "Whatever happened after that moment is not here. Compare with the witnesses' checkpoint (--newest) if there is one."))
		return
	}
	lost := m.Lost.Words()
	c.say(simpul.Text{ID: "Hilang: " + lost.ID + ".", EN: "Lost: " + lost.EN + "."})
}
