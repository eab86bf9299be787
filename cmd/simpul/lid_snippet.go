package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"simpul/internal/platform/resource"
)

type lidSnippetCmd struct {
	LID       string   `arg:"" name:"lid" help:"Alamat LID, misalnya master/Kota." en:"The LID's address, such as master/Kota."`
	Language  string   `short:"l" enum:"curl,go,python,php,java,javascript" default:"curl" placeholder:"curl|go|python|php|java|javascript" help:"Bahasa programnya; bawaan curl." en:"The program's language; curl unless given."`
	Operation string   `placeholder:"OP" help:"Operasi seperti pada kontrak, misalnya \"GET /{kode}\"; bawaan yang pertama." en:"The operation as in the contract, such as \"GET /{kode}\"; the first one unless given."`
	Set       []string `sep:"none" placeholder:"NAME=VALUE" help:"Nilai parameter; dapat diulang." en:"Value of a parameter; can be repeated."`
	hubFlags  `embed:""`
}

// Help gives examples.
func (*lidSnippetCmd) Help() string {
	return "simpul lid snippet master/Kota --language python\n" +
		"simpul lid snippet master/Kota -l go --operation \"GET /{kode}\" --set kode=32.73 > main.go"
}

// Run writes the program, and nothing else, to standard output. It holds no key:
// it takes that from SIMPUL_API_KEY.
func (c *lidSnippetCmd) Run(ctx context.Context, con *console) error {
	if err := resource.LID.Check(c.LID); err != nil {
		return usage(placeless(err))
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	query := url.Values{"language": {c.Language}}
	if c.Operation != "" {
		query.Set("operation", c.Operation)
	}
	for _, pair := range c.Set {
		query.Add("value", pair)
	}
	got, err := hub.call(ctx, http.MethodGet, append(item(resource.LID, c.LID), "snippets"), query, nil)
	if err != nil {
		return err
	}
	var written struct{ Text string }
	if err := json.Unmarshal(got.body, &written); err != nil {
		return puzzling(err)
	}
	_, err = fmt.Fprint(con.stdout, written.Text)
	return err
}
