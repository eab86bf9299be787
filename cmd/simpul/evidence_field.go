package main

import (
	"context"
	"encoding/json"

	"simpul/internal/exchange/evidence/fieldtree"
	"simpul/internal/exchange/evidence/proof"
)

type evidenceFieldCmd struct {
	Proof string `required:"" placeholder:"FILE" help:"Bukti pertukaran, dengan bagian pribadinya." en:"The exchange's proof, with its personal part."`
	Body  string `required:"" placeholder:"FILE" help:"Jawabannya, bita demi bita seperti diterima." en:"The answer, byte for byte as it was received."`
	Field string `required:"" placeholder:"POINTER" help:"Kolomnya, sebagai penunjuk RFC 6901." en:"The field, as an RFC 6901 pointer."`
	Out   string `required:"" placeholder:"FILE" help:"Berkas bukti yang baru." en:"The new proof's file."`
}

// Help gives an example.
func (*evidenceFieldCmd) Help() string {
	return "simpul evidence field --proof bukti.json --body jawaban.json --field /items/0/nama --out bukti-nama.json"
}

// Run writes a proof that shows one field, and nothing of what is personal. It asks
// no hub.
func (c *evidenceFieldCmd) Run(_ context.Context, con *console) error {
	file, err := readBounded(con, c.Proof, proof.MaxBytes)
	if err != nil {
		return usage(err)
	}
	body, err := readBounded(con, c.Body, fieldtree.MaxBytes)
	if err != nil {
		return usage(err)
	}
	whole, err := proof.Parse(file)
	if err != nil {
		return usage(err)
	}
	reduced, err := fieldtree.Prove(whole, body, c.Field)
	if err != nil {
		return err
	}
	written, err := json.MarshalIndent(reduced, "", "  ")
	if err != nil {
		return err
	}
	if err := keep(c.Out, append(written, '\n')); err != nil {
		return usage(err)
	}
	con.say(text("%s membuktikan %s = %s, dan tidak menunjukkan kolom lain.", "%s proves %s = %s, and shows no other field.", c.Out, c.Field, reduced.Field.Value))
	return nil
}
