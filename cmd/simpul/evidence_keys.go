package main

import (
	"context"
	"io"
	"net/http"

	"simpul/internal/exchange/evidence/proof"
)

type evidenceKeysCmd struct {
	Out      string `placeholder:"FILE" help:"Simpan ke berkas ini; bawaan keluaran standar." en:"Write to this file; standard output unless given."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*evidenceKeysCmd) Help() string {
	return "simpul evidence keys --server https://hub.contoh.go.id --out kunci.txt"
}

// Run fetches the keys that the hub publishes, and says that they are worth as much as the
// way that they came.
func (c *evidenceKeysCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	keys, err := hub.keys(ctx)
	if err != nil {
		return err
	}
	if c.Out == "" {
		_, err = con.stdout.Write(keys)
	} else {
		err = keep(c.Out, keys)
	}
	if err != nil {
		return err
	}
	con.say(text("Bandingkan kunci ini dengan yang diumumkan di tempat lain, misalnya oleh saksi: kunci dari hub saja tidak membuktikan apa pun tentang hub itu.",
		"Compare these keys with what is published elsewhere, such as by a witness: keys from the hub alone prove nothing about that hub."))
	return nil
}

// keys fetches the file of public keys. It is public, so no token goes along.
func (h *hub) keys(ctx context.Context) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, h.base.JoinPath(".well-known", "simpul-keys").String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "text/plain")
	response, err := h.client.Do(request)
	if err != nil {
		return nil, h.unreachable(ctx, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, proof.MaxKeysBytes+1))
	switch {
	case err != nil:
		return nil, h.unreachable(ctx, err)
	case response.StatusCode != http.StatusOK:
		return nil, h.strange(text("%s tidak mengumumkan kunci (HTTP %d).", "%s publishes no keys (HTTP %d).", h.base, response.StatusCode))
	}
	if _, err := proof.ParseKeys(body); err != nil {
		return nil, within(h.base.Host, ": ", err)
	}
	return []byte(printable(string(body))), nil
}
