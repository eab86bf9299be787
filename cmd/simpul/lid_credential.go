package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"simpul"
)

type lidCredentialCmd struct {
	lidArg   `embed:""`
	Generate bool   `xor:"how" help:"Buat nilainya; ditampilkan sekali saja." en:"Make the value; it is shown only once."`
	Stdin    bool   `xor:"how" help:"Baca nilainya dari masukan standar." en:"Read the value from standard input."`
	Remove   bool   `xor:"how" help:"Hapus kredensialnya." en:"Take the credential away."`
	Header   string `placeholder:"NAME" help:"Kepala HTTP; bawaan Authorization." en:"HTTP header; Authorization unless given."`
}

// Help gives examples.
func (*lidCredentialCmd) Help() string {
	return "simpul lid credential kesehatan/Imunisasi --generate\nsimpul lid credential kesehatan/Imunisasi --stdin < kunci.txt\nsimpul lid credential kesehatan/Imunisasi"
}

// longestCredential is what is read of standard input, in bytes.
const longestCredential = 8 << 10

// Run sets the credential with which the hub proves itself to the LID's origin,
// or tells whether there is one. A value never stands on the command line, where
// others on the machine could read it.
func (c *lidCredentialCmd) Run(ctx context.Context, con *console) error {
	switch {
	case c.Remove:
		if _, err := c.ask(ctx, con, http.MethodDelete, nil, "origin-credential"); err != nil {
			return err
		}
		_, err := fmt.Fprintf(con.stdout, "Origin credential of %s removed\n", printable(c.LID))
		return err
	case c.Generate:
		return c.put(ctx, con, map[string]any{"generate": true})
	case c.Stdin:
		value, err := io.ReadAll(io.LimitReader(con.stdin, longestCredential))
		if err != nil {
			return err
		}
		return c.put(ctx, con, map[string]any{"value": strings.TrimSpace(string(value))})
	}
	got, err := c.ask(ctx, con, http.MethodGet, nil, "origin-credential")
	if err != nil {
		return err
	}
	return c.tell(con, got)
}

func (c *lidCredentialCmd) put(ctx context.Context, con *console, wish map[string]any) error {
	if c.Header != "" {
		wish["header"] = c.Header
	}
	got, err := c.ask(ctx, con, http.MethodPut, wish, "origin-credential")
	if err != nil {
		return err
	}
	return c.tell(con, got)
}

// tell writes a value that was made, and nothing else, to standard output.
func (c *lidCredentialCmd) tell(con *console, got answer) error {
	var state struct {
		Header string
		Usable bool
		Value  simpul.Secret
	}
	if err := json.Unmarshal(got.body, &state); err != nil {
		return puzzling(err)
	}
	if state.Value != "" {
		if _, err := fmt.Fprintln(con.stdout, printable(state.Value.Reveal())); err != nil {
			return err
		}
		con.say(text("Hub kini mengirim kepala %s ini ke origin %s. Simpan sekarang di layanan Anda: nilainya tidak ditampilkan lagi.", "The hub now sends this header %s to the origin of %s. Keep it in your service now: the value is not shown again.", state.Header, c.LID))
		return nil
	}
	line := fmt.Sprintf("Origin credential of %s: header %s", c.LID, state.Header)
	if !state.Usable {
		line += ", not sent: the origin has changed since"
	}
	_, err := fmt.Fprintln(con.stdout, printable(line))
	return err
}
