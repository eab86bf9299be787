package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"simpul/internal/app"
)

type witnessCmd struct {
	Key  witnessKeyCmd  `cmd:"" help:"Cetak kunci publik saksi ini; dibuat bila belum ada." en:"Print this witness's public key; it is made where there is none."`
	List witnessListCmd `cmd:"" help:"Tampilkan saksi hub dan tanda tangan terakhirnya." en:"Show the hub's witnesses and their newest cosignatures."`
}

type witnessKeyCmd struct {
	Name    string `placeholder:"DOMAIN" help:"Nama kunci yang dibuat, misalnya saksi.bpk.go.id; kosong: witness.name." en:"Name of a key that is made, such as saksi.bpk.go.id; empty: witness.name."`
	offline `embed:""`
}

// Help gives examples.
func (*witnessKeyCmd) Help() string {
	return "simpul witness key --config /etc/saksi.yaml\n" +
		"simpul witness key --data /var/lib/saksi --name saksi.bpk.go.id"
}

// Run prints the line for a file of public keys.
func (c *witnessKeyCmd) Run(_ context.Context, con *console) error {
	settings, err := c.settings()
	if err != nil {
		return usage(err)
	}
	if c.Name != "" {
		settings.Witness.Name = c.Name
	}
	line, err := app.WitnessKey(settings)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(con.stdout, line); err != nil {
		return err
	}
	con.say(text("Umumkan baris ini sendiri, dan kirim kepada hub yang Anda saksikan. Di pengaturan hub, witnesses.vkey adalah bagian sesudah kata witness.",
		"Publish this line yourself, and send it to the hub that you watch. In the hub's settings, witnesses.vkey is what follows the word witness."))
	return nil
}

type witnessListCmd struct {
	Output   string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*witnessListCmd) Help() string { return "simpul witness list" }

// Run lists every witness of every log, and says in a sentence where the logs
// stand.
func (c *witnessListCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, http.MethodGet, []string{"witnesses"}, nil, nil)
	if err != nil {
		return err
	}
	if c.Output == "json" {
		_, err := fmt.Fprintf(con.stdout, "%s\n", got.body)
		return err
	}
	var logs struct {
		Items []struct {
			Origin, Summary string
			Witnesses       []json.RawMessage
		}
	}
	if err := json.Unmarshal(got.body, &logs); err != nil {
		return puzzling(err)
	}
	for _, log := range logs.Items {
		if err := con.printTable(witnessColumns(), func(yield func(json.RawMessage, error) bool) {
			for _, w := range log.Witnesses {
				if !yield(w, nil) {
					return
				}
			}
		}); err != nil {
			return err
		}
		con.say(text("%s", "%s", printable(strings.TrimPrefix(log.Origin+": "+log.Summary, ": "))))
	}
	return nil
}

func witnessColumns() []column {
	return []column{{text("SAKSI", "WITNESS"), "name"}, {text("KEADAAN", "STATE"), "state"}, {text("SAMPAI ENTRI", "UP TO ENTRY"), "size"},
		{text("PADA", "AT"), "cosignedAt"}, {text("OPERATOR SENDIRI", "OWN"), "own"}}
}
