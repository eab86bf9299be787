package main

import (
	"fmt"

	"simpul/internal/app"
)

type evidenceRenewCmd struct {
	Reason  string `required:"" placeholder:"TEXT" help:"Mengapa, dalam satu kalimat; tertulis di catatan pertama jurnal baru dan dibaca siapa pun." en:"Why, in one sentence; it stands in the first record of the new journal, for everybody to read."`
	offline `embed:""`
}

// Help gives an example.
func (*evidenceRenewCmd) Help() string {
	return "simpul evidence renew --data /var/lib/simpul --reason \"Folder data dipulihkan dari salinan 26 November 2026\"\n\n" +
		"Hub harus berhenti. Jurnal lama diakhiri seperti adanya: tetap dicari, dibuktikan, dan dicadangkan.\n" +
		"Log lamanya tidak pernah disambung lagi, dan ini tidak dapat dibatalkan."
}

// Run ends the journal of a stopped hub and begins another one.
func (c *evidenceRenewCmd) Run(con *console) error {
	settings, err := c.settings()
	if err != nil {
		return usage(err)
	}
	r, err := app.RenewJournal(settings, c.Reason)
	if err != nil {
		return err
	}
	fmt.Fprintln(con.stdout, text("Jurnal %s berakhir pada catatan %d, lognya %d entri. Jurnal %s melanjutkannya.",
		"The journal %s ends with record %d, its log with %d entries. The journal %s goes on for it.", r.Ended, r.Last, r.Entries, r.Successor).In(con.lang))
	con.say(text("Jalankan hub, lalu beri saksi baris log yang baru dari /.well-known/simpul-keys.", "Start the hub, then give the witnesses the line of the new log from /.well-known/simpul-keys."))
	return nil
}
