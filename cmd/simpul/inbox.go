package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"simpul"
)

type inboxCmd struct {
	List inboxListCmd `cmd:"" help:"Tampilkan pesan, yang terbaru di atas." en:"Show notices, the newest first."`
	Read inboxReadCmd `cmd:"" help:"Tandai sebuah pesan sudah dibaca." en:"Mark a notice as read."`
	Done inboxDoneCmd `cmd:"" help:"Tandai sebuah pesan selesai." en:"Mark a notice as done."`
}

type inboxListCmd struct {
	Unread   bool   `help:"Hanya yang belum dibaca." en:"Only what was not read."`
	Output   string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags `embed:""`
}

// Help gives examples.
func (*inboxListCmd) Help() string {
	return "simpul inbox list\n" +
		"simpul inbox list --unread -o json"
}

// Run shows the newest page of the caller's own inbox.
func (c *inboxListCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	query := url.Values{}
	if c.Unread {
		query.Set("unread", "true")
	}
	got, err := hub.call(ctx, http.MethodGet, []string{"notices"}, query, nil)
	if err != nil {
		return err
	}
	var page struct {
		Items []json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(got.body, &page); err != nil {
		return puzzling(err)
	}
	if c.Output == "json" {
		_, err := fmt.Fprintf(con.stdout, "%s\n", got.body)
		return err
	}
	return con.printTable(columnsOfNotices(con.lang), func(yield func(json.RawMessage, error) bool) {
		for _, item := range page.Items {
			if !yield(item, nil) {
				return
			}
		}
	})
}

func columnsOfNotices(lang simpul.Language) []column {
	return []column{
		{text("ID", "ID"), "id"}, {text("KEADAAN", "STATE"), "state"}, {text("PALING LAMBAT", "DUE"), "due"},
		{text("PERIHAL", "TITLE"), "title." + string(lang)}, {text("HALAMAN", "PAGE"), "link"},
	}
}

// noticeFlags name one notice.
type noticeFlags struct {
	ID       string `arg:"" help:"ID pesan, dari inbox list." en:"The notice's ID, from inbox list."`
	hubFlags `embed:""`
}

type inboxReadCmd struct {
	noticeFlags `embed:""`
}

// Help gives an example.
func (*inboxReadCmd) Help() string { return "simpul inbox read n-4h7x2m9qk3ab" }

// Run marks one notice as read.
func (c *inboxReadCmd) Run(ctx context.Context, con *console) error { return c.mark(ctx, con, "read") }

type inboxDoneCmd struct {
	noticeFlags `embed:""`
}

// Help gives an example.
func (*inboxDoneCmd) Help() string { return "simpul inbox done n-4h7x2m9qk3ab" }

// Run marks one notice as done.
func (c *inboxDoneCmd) Run(ctx context.Context, con *console) error { return c.mark(ctx, con, "done") }

func (f noticeFlags) mark(ctx context.Context, con *console, state string) error {
	if f.ID == "" || f.ID == "." || f.ID == ".." {
		return usage(simpul.Invalid("",
			text("ID pesan %q tidak sah.", "Notice ID %q is not valid.", f.ID),
			text("Salin ID dari \"simpul inbox list\".", "Copy the ID from \"simpul inbox list\".")))
	}
	hub, err := f.open(con)
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]string{"state": state})
	if err != nil {
		return err
	}
	if _, err := hub.call(ctx, http.MethodPatch, []string{"notices", f.ID}, nil, body); err != nil {
		return err
	}
	_, err = fmt.Fprintf(con.stdout, "Notice %s %s\n", printable(f.ID), state)
	return err
}
