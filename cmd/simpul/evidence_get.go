package main

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence/proof"
)

type evidenceGetCmd struct {
	ID       string        `arg:"" help:"Nomor pertukaran, dari kepala Exchange-Id." en:"The exchange's number, from the Exchange-Id header."`
	Out      string        `placeholder:"FILE" help:"Simpan ke berkas ini; bawaan keluaran standar." en:"Write to this file; standard output unless given."`
	Wait     time.Duration `default:"30s" placeholder:"LAMA" help:"Tunggu paling lama sekian sampai pertukaran masuk log; bawaan 30s." en:"Wait at most so long for the exchange to be in the log; 30s unless given."`
	Personal bool          `help:"Sertakan bagian pribadi catatan, dengan kunci sidiknya; hanya untuk pihak pertukaran. Jangan teruskan berkasnya." en:"Add the personal part of the record, with its digest key; for parties of the exchange alone. Do not pass the file on."`
	hubFlags `embed:""`
}

// Help gives examples.
func (*evidenceGetCmd) Help() string {
	return "simpul evidence get 019ab6f0-8a51-7c2e-9d1b-3f5a7c9e1b2d --out bukti.json\n" +
		"simpul evidence get 019ab6f0-8a51-7c2e-9d1b-3f5a7c9e1b2d | simpul verify - --keys kunci.txt"
}

// Run fetches a proof, and waits while the exchange is not in the log yet.
func (c *evidenceGetCmd) Run(ctx context.Context, con *console) error {
	id, err := simpul.ParseExchangeID(c.ID)
	if err != nil {
		return usage(placeless(err))
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	query := url.Values{}
	if c.Personal {
		query.Set("personal", "true")
	}
	file, err := awaitProof(ctx, hub, c.Wait, func() (*http.Response, []byte, error) {
		return hub.exchange(ctx, http.MethodGet, []string{"exchanges", string(id), "proof"}, query, nil)
	})
	if err != nil {
		return err
	}
	return keepProof(con, file, id, c.Out)
}

// keepProof writes the file of a proof where the caller wants it.
func keepProof(con *console, file []byte, id simpul.ExchangeID, out string) error {
	if b, err := proof.Parse(file); err != nil || b.Exchange != string(id) {
		return puzzling(errors.Join(err, errors.New("not the proof of "+string(id))))
	}
	if out == "" {
		_, err := con.stdout.Write(append(file, '\n'))
		return err
	}
	if err := keep(out, append(file, '\n')); err != nil {
		return err
	}
	con.say(text("Bukti tersimpan di %[1]s. Periksa tanpa hub: simpul verify %[1]s --keys KUNCI", "The proof is in %[1]s. Check it without a hub: simpul verify %[1]s --keys KEYS", out))
	return nil
}

// Bounds of the time between two questions.
const (
	askAgainSoonest = 200 * time.Millisecond
	askAgainLatest  = 5 * time.Second
)

// awaitProof asks until the hub has the proof or the time is up.
func awaitProof(ctx context.Context, hub *hub, wait time.Duration, ask func() (*http.Response, []byte, error)) ([]byte, error) {
	until := time.Now().Add(wait)
	for {
		response, body, err := ask()
		if err != nil {
			return nil, err
		}
		pause := retryAfter(response.Header)
		if response.StatusCode != http.StatusConflict || time.Now().Add(pause).After(until) {
			got, err := hub.judge(response, body)
			return got.body, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, hub.unreachable(ctx, ctx.Err())
		}
	}
}

// retryAfter is how long the hub asks to wait, within bounds.
func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.ParseUint(h.Get("Retry-After"), 10, 16)
	if err != nil {
		return time.Second
	}
	return min(max(time.Duration(seconds)*time.Second, askAgainSoonest), askAgainLatest)
}

// keep writes a file that its owner alone may read: a proof may hold what is personal.
func keep(path string, content []byte) error {
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return &simpul.Error{Code: simpul.CodeInvalid, Place: path, Err: err,
			Message: text("Berkas ini tidak dapat ditulis (%v).", "This file cannot be written (%v).", err),
			Remedy:  text("Sebutkan berkas lain dengan --out.", "Name another file with --out.")}
	}
	return nil
}
