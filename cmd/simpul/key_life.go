package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"simpul"
)

// keyWish is what the control API is asked of a new key.
type keyWish struct {
	Label       string     `json:"label,omitempty"`
	ExpiresAt   *time.Time `json:"expiresAt,omitempty"`
	OverlapDays int        `json:"overlapDays,omitempty"`
}

// parseExpiry reads "2027-06-30", the end of which is meant, or "90d".
func parseExpiry(given string, now time.Time) (*time.Time, error) {
	if given == "" {
		return nil, nil
	}
	if days, ok := strings.CutSuffix(given, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n > 0 && n <= 730 {
			end := now.Add(time.Duration(n) * 24 * time.Hour)
			return &end, nil
		}
	}
	if date, err := time.Parse(time.DateOnly, given); err == nil {
		end := date.Add(24 * time.Hour)
		return &end, nil
	}
	return nil, usage(simpul.Invalid("",
		text("Akhir kunci %q tidak sah.", "The end %q of the key is not valid.", given),
		text("Tulis tanggal seperti 2027-06-30, atau jumlah hari seperti 90d; paling lama 730d.", "Write a day such as 2027-06-30, or a number of days such as 90d; 730d at most.")))
}

// checkSegment refuses an identifier that cannot be one segment of a path.
func checkSegment(id string, remedy simpul.Text) error {
	if id == "" || id == "." || id == ".." {
		return usage(simpul.Invalid("", text("ID %q tidak sah.", "ID %q is not valid.", id), remedy))
	}
	return nil
}

type keyRotateCmd struct {
	application `embed:""`
	KeyID       string `arg:"" name:"key-id" help:"ID kunci lama seperti pada key list." en:"The old key's ID as in key list."`
	Overlap     int    `default:"7" placeholder:"DAYS" help:"Hari kunci lama masih berlaku, 1 sampai 90; bawaan 7." en:"Days for which the old key still counts, 1 to 90; 7 unless given."`
	Label       string `help:"Catatan kunci baru; bawaan seperti yang lama." en:"Note of the new key; as the old one's unless given."`
	Expires     string `placeholder:"DAY|Nd" help:"Akhir kunci baru: tanggal (2027-06-30) atau jumlah hari (90d); bawaan setahun." en:"When the new key ends: a day (2027-06-30) or a number of days (90d); a year unless given."`
	Output      string `short:"o" enum:"text,json" default:"text" placeholder:"text|json" help:"text (kuncinya saja) atau json." en:"text (the key alone) or json."`
	hubFlags    `embed:""`
}

// Help gives an example.
func (*keyRotateCmd) Help() string {
	return "simpul key rotate layanan@bandungkota.go.id k-7f3a --overlap 14"
}

// Run writes the new key, and nothing else, to standard output.
func (c *keyRotateCmd) Run(ctx context.Context, con *console) error {
	if c.Overlap < 1 || c.Overlap > 90 {
		return usage(simpul.Invalid("",
			text("Masa tumpang tindih %d hari tidak sah.", "An overlap of %d days is not valid.", c.Overlap),
			text("Pilih 1 sampai 90 hari.", "Choose 1 to 90 days.")))
	}
	expires, err := parseExpiry(c.Expires, time.Now())
	if err != nil {
		return err
	}
	if err := checkSegment(c.KeyID, text("Salin ID dari \"simpul key list\".", "Copy the ID from \"simpul key list\".")); err != nil {
		return err
	}
	hub, path, err := c.keys(c.hubFlags, con)
	if err != nil {
		return err
	}
	wish, err := json.Marshal(keyWish{c.Label, expires, c.Overlap})
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, http.MethodPost, append(path, c.KeyID, "rotation"), nil, wish)
	if err != nil {
		return err
	}
	return printKey(con, c.Output, got.body)
}

type keyLeakedCmd struct {
	Application string `arg:"" optional:"" help:"ID aplikasi; tanpa ini teks kunci dibaca dari masukan standar." en:"Application ID; without it the text of the key is read from standard input."`
	KeyID       string `arg:"" optional:"" name:"key-id" help:"ID kunci yang bocor." en:"The ID of the key that leaked."`
	hubFlags    `embed:""`
}

// Help gives examples.
func (*keyLeakedCmd) Help() string {
	return "simpul key leaked layanan@bandungkota.go.id k-7f3a\n" +
		"simpul key leaked < kunci-yang-ditemukan.txt"
}

// Run reports one key, by its ID or by its text. The text comes from standard
// input, since a command line is seen by others.
func (c *keyLeakedCmd) Run(ctx context.Context, con *console) error {
	if c.Application == "" {
		return c.byText(ctx, con)
	}
	if err := checkSegment(c.KeyID, text("Tulis ID aplikasi dan ID kunci.", "Write the application's ID and the key's.")); err != nil {
		return err
	}
	hub, path, err := application{c.Application}.keys(c.hubFlags, con)
	if err != nil {
		return err
	}
	if _, err := hub.call(ctx, http.MethodPost, append(path, c.KeyID, "leak"), nil, nil); err != nil {
		return err
	}
	_, err = fmt.Fprintf(con.stdout, "Key %s reported and revoked\n", printable(c.KeyID))
	return err
}

func (c *keyLeakedCmd) byText(ctx context.Context, con *console) error {
	found, err := io.ReadAll(io.LimitReader(con.stdin, 1<<10))
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]string{"key": string(bytes.TrimSpace(found))})
	if err != nil {
		return err
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	if _, err := hub.call(ctx, http.MethodPost, []string{"leaked-keys"}, nil, body); err != nil {
		return err
	}
	_, err = fmt.Fprintln(con.stdout, "Reported; if there is such a key, it is revoked")
	return err
}
