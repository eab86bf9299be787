package main

import (
	"context"
	"encoding/json"
	"io"
	"os"

	"simpul"
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

// mostProof is as much of a proof as is read, bytes.
const mostProof = 4 << 20

// Run writes a proof that shows one field, and nothing of what is personal. It asks
// no hub.
func (c *evidenceFieldCmd) Run(_ context.Context, con *console) error {
	file, err := readAtMost(c.Proof, mostProof)
	if err != nil {
		return err
	}
	body, err := readAtMost(c.Body, fieldtree.MaxBytes)
	if err != nil {
		return err
	}
	var whole proof.Bundle
	if err := json.Unmarshal(file, &whole); err != nil || whole.Format != proof.Format {
		return usage(noProof(c.Proof))
	}
	reduced, err := fieldtree.Prove(whole, body, c.Field)
	if err != nil {
		return err
	}
	written, err := json.MarshalIndent(reduced, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, append(written, '\n'), 0o600); err != nil {
		return usage(simpul.Invalid("", text("Berkas %s tidak dapat ditulis (%v).", "File %s cannot be written (%v).", c.Out, err), text("Sebutkan berkas lain dengan --out.", "Name another file with --out.")))
	}
	con.say(text("%s membuktikan %s = %s, dan tidak menunjukkan kolom lain.", "%s proves %s = %s, and shows no other field.", c.Out, c.Field, reduced.Field.Value))
	return nil
}

func noProof(name string) error {
	return simpul.Invalid("", text("%s bukan bukti pertukaran.", "%s is not the proof of an exchange.", name),
		text("Ambil lagi buktinya dari hub, dan simpan tanpa mengubahnya.", "Get the proof from the hub once more, and keep it unchanged."))
}

// readAtMost reads a file that is no longer than that.
func readAtMost(name string, most int64) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, usage(simpul.Invalid("", text("Berkas %s tidak dapat dibaca (%v).", "File %s cannot be read (%v).", name, err), text("Periksa nama berkasnya.", "Check the file's name.")))
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(content)) > most {
		err = simpul.Invalid("", text("Berkas %s lebih besar dari %d KiB.", "File %s is larger than %d KiB.", name, most>>10), text("Pilih berkas yang benar.", "Choose the right file."))
	}
	return content, err
}
