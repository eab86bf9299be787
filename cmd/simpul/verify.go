package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"

	"simpul"
	"simpul/internal/exchange/evidence/proof"
)

type verifyCmd struct {
	File        string `arg:"" help:"Berkas bukti; - untuk masukan standar." en:"The proof's file; - for standard input."`
	Keys        string `required:"" placeholder:"FILE" help:"Kunci publik yang Anda percaya, satu per baris." en:"The public keys that you trust, one a line."`
	Witnesses   int    `placeholder:"N" help:"Tuntut paling sedikit sekian saksi." en:"Demand at least so many witnesses."`
	Body        string `placeholder:"FILE" help:"Periksa bahwa ini isi jawabannya; sidik terkunci memerlukan bukti dengan bagian pribadinya." en:"Check that this is the body of the answer; a keyed fingerprint takes a proof with its personal part."`
	RequestBody string `placeholder:"FILE" help:"Periksa bahwa ini isi permintaannya." en:"Check that this is the body of the call."`
	Output      string `short:"o" enum:"text,json" default:"text" placeholder:"text|json" help:"text atau json." en:"text or json."`
}

// Help gives examples, and says what the exit status means.
func (*verifyCmd) Help() string {
	return "simpul verify bukti.json --keys kunci.txt\n" +
		"simpul verify bukti.json --keys kunci.txt --witnesses 2 --body jawaban.json\n" +
		"simpul verify bukti.json --keys kunci.txt -o json\n" +
		"# 0: sah / valid · 1: tidak cocok / does not fit · 2: tidak dapat diperiksa / cannot be checked"
}

// Run checks a proof without a hub and without a network. The exit status is 0 for a
// proof that holds, 1 for one that does not, or a body that is another, 2 where there is
// nothing to check, or a body cannot be told.
func (c *verifyCmd) Run(_ context.Context, con *console) error {
	bundle, keys, err := c.read(con)
	if err != nil {
		return usage(err)
	}
	demand, err := c.demand()
	if err != nil {
		return usage(err)
	}
	verdict := proof.Verify(bundle, keys, demand)
	show := showVerdict
	if c.Output == "json" {
		show = encodeVerdict
	}
	if err := show(con, bundle, verdict); err != nil {
		return err
	}
	switch verdict.Status { // the verdict has said why
	case proof.Invalid:
		return &failure{status: statusFailed}
	case proof.Unchecked:
		return &failure{status: statusUsage}
	}
	return nil
}

func (c *verifyCmd) read(con *console) (b proof.Bundle, k proof.Keys, err error) {
	text, err := readBounded(con, c.Keys, proof.MaxKeysBytes)
	if err != nil {
		return b, k, err
	}
	if k, err = proof.ParseKeys(text); err != nil {
		return b, k, within(c.Keys, ":", err)
	}
	file, err := readBounded(con, c.File, proof.MaxBytes)
	if err != nil {
		return b, k, err
	}
	b, err = proof.Parse(file)
	return b, k, within(c.File, ": ", err)
}

// readBounded reads one byte more than there may be, so that whoever parses it refuses
// what is larger and nobody holds it.
func readBounded(con *console, path string, most int64) ([]byte, error) {
	in := con.stdin
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, unreadable(path, err)
		}
		defer file.Close()
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, most+1))
	if err != nil {
		return nil, unreadable(path, err)
	}
	return text, nil
}

// within puts the name of the file before the place in it.
func within(path, between string, err error) error {
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok {
		return err
	}
	placed := *e
	placed.Place = path
	if e.Place != "" {
		placed.Place += between + e.Place
	}
	return &placed
}

func (c *verifyCmd) demand() (d proof.Demand, err error) {
	if c.Witnesses < 0 {
		return d, simpul.Invalid("", text("--witnesses %d tidak mungkin.", "--witnesses %d is impossible.", c.Witnesses),
			text("Sebutkan 0 atau lebih.", "Name 0 or more."))
	}
	d.Witnesses = c.Witnesses
	if d.Request, err = bodyIn(c.RequestBody); err != nil {
		return d, err
	}
	d.Response, err = bodyIn(c.Body)
	return d, err
}

// bodyIn sums the file up without holding it. Without a file there is nothing to compare.
func bodyIn(path string) (*proof.Body, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return nil, unreadable(path, err)
	}
	return new(proof.Body(sum.Sum(nil))), nil
}

// headline is the verdict in a sentence.
func headline(b proof.Bundle, v proof.Verdict) simpul.Text {
	switch {
	case !v.Sound():
		return text("TIDAK SAH: berkas ini tidak membuktikan pertukaran %s.", "NOT VALID: this file does not prove exchange %s.", b.Exchange)
	case v.Status == proof.Invalid:
		return text("BUKAN ISINYA: pertukaran %s memang tercatat, tetapi isi yang Anda pegang lain.", "NOT ITS BODY: exchange %s is on record, but the body that you hold is another.", b.Exchange)
	case v.Status == proof.Unchecked:
		return text("TIDAK DAPAT DIPASTIKAN: pertukaran %s memang tercatat, tetapi bukti ini tidak cukup untuk mengenali isinya.", "CANNOT BE TOLD: exchange %s is on record, but this proof is not enough to know its body by.", b.Exchange)
	case v.Status == proof.Awaiting:
		return text("SAH, menunggu saksi: hub telah mencatat pertukaran %s persis seperti ini.", "VALID, awaiting witness: the hub has recorded exchange %s exactly like this.", b.Exchange)
	}
	n := len(v.Witnesses)
	return simpul.Text{
		ID: fmt.Sprintf("SAH: pertukaran %s tercatat persis seperti ini, di hadapan %d saksi.", b.Exchange, n),
		EN: fmt.Sprintf("VALID: exchange %s is on record exactly like this, before %d witnesses.", b.Exchange, n),
	}
}
