package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"

	"simpul"
)

type lidPreviewCmd struct {
	lidArg `embed:""`
	Answer string `arg:"" help:"Berkas JSON dengan jawaban layanan; - untuk masukan standar." en:"A JSON file with an answer of the service; - for standard input."`
	File   string `short:"f" placeholder:"FILE" help:"Coba perubahan dari berkas LID ini, bukan yang tersimpan." en:"Try the changes of this LID file, not those that are stored."`
}

// Help gives examples.
func (*lidPreviewCmd) Help() string {
	return "simpul lid changes-preview kesehatan/Imunisasi jawaban.json\n" +
		"simpul lid changes-preview kesehatan/Imunisasi jawaban.json -f lid.yaml\n" +
		"curl -s http://10.1.2.3/imunisasi | simpul lid changes-preview kesehatan/Imunisasi -"
}

// maxSample is the longest answer that is sent, bytes; what the hub accepts less
// what stands around it.
const maxSample = 1 << 20

// Run prints the changed answer, or says where it cannot be changed and ends with 1.
func (c *lidPreviewCmd) Run(ctx context.Context, con *console) error {
	wish, err := c.wish(con)
	if err != nil {
		return err
	}
	got, err := c.ask(ctx, con, http.MethodPost, wish, "changes", "preview")
	if err != nil {
		return err
	}
	var preview struct {
		Changed json.RawMessage
		Fault   *struct {
			Place           string
			Message, Remedy inBoth
		}
	}
	if err := json.Unmarshal(got.body, &preview); err != nil {
		return puzzling(err)
	}
	if f := preview.Fault; f != nil {
		place := f.Place
		if place != "" {
			place += ": "
		}
		fmt.Fprintln(con.stderr, printable(place+f.Message.in(con.lang)))
		return &failure{nil, statusFailed}
	}
	_, err = fmt.Fprintln(con.stdout, printable(string(preview.Changed)))
	return err
}

func (c *lidPreviewCmd) wish(con *console) (map[string]json.RawMessage, error) {
	answer, err := c.sample(con)
	if err != nil {
		return nil, err
	}
	wish := map[string]json.RawMessage{"answer": answer}
	if c.File == "" {
		return wish, nil
	}
	spec, err := specIn(con, c.File, c.LID)
	if err != nil {
		return nil, err
	}
	var planned struct {
		Delivery struct{ Changes json.RawMessage }
	}
	if err := json.Unmarshal(spec, &planned); err == nil && planned.Delivery.Changes != nil {
		wish["changes"] = planned.Delivery.Changes
	} else {
		wish["changes"] = json.RawMessage("[]")
	}
	return wish, nil
}

func (c *lidPreviewCmd) sample(con *console) (json.RawMessage, error) {
	source := con.stdin
	if c.Answer != "-" {
		file, err := os.Open(c.Answer)
		if err != nil {
			return nil, unreadable(c.Answer, err)
		}
		defer file.Close()
		source = file
	}
	sample, err := io.ReadAll(io.LimitReader(source, maxSample+1))
	switch {
	case err != nil:
		return nil, unreadable(c.Answer, err)
	case len(sample) > maxSample || !json.Valid(sample):
		return nil, usage(simpul.Invalid("",
			text("Berkas %s bukan JSON, atau lebih besar dari 1 MiB.", "File %s is not JSON, or larger than 1 MiB.", c.Answer),
			text("Simpan satu jawaban layanan Anda, misalnya dengan curl -o jawaban.json.", "Save one answer of your service, for example with curl -o answer.json.")))
	}
	return sample, nil
}
