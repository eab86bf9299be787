package main

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"simpul"
)

type trackerProofCmd struct {
	Exchange string        `arg:"" help:"Nomor pertukaran, dari tracker list." en:"Number of the exchange, from tracker list."`
	Look     string        `required:"" placeholder:"ID" help:"Pembukaan jejak, dari tracker list." en:"The opened tracker, from tracker list."`
	Out      string        `placeholder:"FILE" help:"Simpan ke berkas ini; bawaan keluaran standar." en:"Write to this file; standard output unless given."`
	Wait     time.Duration `default:"30s" placeholder:"LAMA" help:"Tunggu paling lama sekian sampai akses masuk log; bawaan 30s." en:"Wait at most so long for the access to be in the log; 30s unless given."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*trackerProofCmd) Help() string {
	return "simpul tracker proof --look l-k3m9q2x7w4t8v5ab 01a21079-6180-7e06-9fe9-de76d84be225 --out bukti.json"
}

// Run fetches the proof of one access, which the person may take with them: it tells who
// asked for what and why, and not about whom.
func (c *trackerProofCmd) Run(ctx context.Context, con *console) error {
	id, err := simpul.ParseExchangeID(c.Exchange)
	if err != nil {
		return usage(placeless(err))
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]string{"look": c.Look, "exchange": string(id)})
	if err != nil {
		return err
	}
	file, err := awaitProof(ctx, hub, c.Wait, func() (*http.Response, []byte, error) {
		return hub.exchange(ctx, http.MethodPost, []string{"tracker", "proofs"}, nil, body)
	})
	if err != nil {
		return err
	}
	return keepProof(con, file, id, c.Out)
}
