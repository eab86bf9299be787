package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"simpul"
	"simpul/internal/platform/resource"
)

type applyCmd struct {
	fileFlags `embed:""`
	Output    string `short:"o" enum:"text,json" default:"text" placeholder:"text|json" help:"text atau json (satu objek per baris)." en:"text or json (one object a line)."`
	hubFlags  `embed:""`
}

// Help gives examples.
func (*applyCmd) Help() string {
	return "simpul apply -f instansi.yaml\n" +
		"simpul apply -f sumber-daya/\n" +
		"cat lid.yaml | simpul apply -f - -o json"
}

// Run sends the resources, those that others refer to first, and stops at the
// first that the hub refuses.
func (c *applyCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	docs, err := c.load(con)
	if err != nil {
		return err
	}
	for i, d := range docs {
		done, err := hub.apply(ctx, d)
		if err != nil {
			return errors.Join(located(err, d), stopped(docs[:i], docs[i:]))
		}
		if err := c.print(con, d, done); err != nil {
			return err
		}
		if done.action == "created" {
			hub.warn(ctx, con, d)
		}
	}
	return nil
}

func (c *applyCmd) print(con *console, d resource.Document, done applied) error {
	if c.Output == "json" {
		line := map[string]any{"kind": d.Kind, "id": d.ID, "action": done.action}
		if done.proposal != "" {
			line["proposal"] = done.proposal
		}
		return json.NewEncoder(con.stdout).Encode(line)
	}
	shown := done.action
	if done.action == waiting {
		shown = text("menunggu persetujuan kedua: %s", "waits for a second approval: %s", printable(done.proposal)).In(con.lang)
	}
	_, err := fmt.Fprintf(con.stdout, "%s %s %s\n", d.Kind, d.ID, shown)
	return err
}

// stopped says how far apply came.
func stopped(done, left []resource.Document) error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: text("Berhenti. Sudah diterapkan (%d): %s. Belum diterapkan (%d): %s.", "Stopped. Applied (%d): %s. Not applied (%d): %s.", len(done), names(done), len(left), names(left)),
		Remedy:  text("Perbaiki, lalu jalankan perintah yang sama lagi.", "Mend it, then run the same command again."),
	}
}

// names lists documents, cut short where nobody would read on.
func names(docs []resource.Document) string {
	const longest = 20
	var list []string
	for i, d := range docs {
		if i == longest {
			list = append(list, "…")
			break
		}
		list = append(list, string(d.Kind)+" "+d.ID)
	}
	if len(list) == 0 {
		return "–"
	}
	return strings.Join(list, ", ")
}

// applied is what applying one document did.
type applied struct {
	action   string // created, updated, unchanged or waiting
	proposal string // that waits for a second person
}

// waiting is the action of a change that does nothing yet.
const waiting = "waiting"

// apply stores one document and tells what that did: created, updated or
// unchanged, by comparing what the hub held before with what it holds now; or
// that it waits for a second person.
func (h *hub) apply(ctx context.Context, d resource.Document) (applied, error) {
	before, err := h.stored(ctx, d)
	if err != nil {
		return applied{}, err
	}
	after, err := h.put(ctx, d, false)
	if err != nil {
		return applied{}, err
	}
	if proposal, waits, err := after.waits(); waits || err != nil {
		return applied{waiting, proposal}, err
	}
	held, err := canonical(after.body)
	switch {
	case err != nil:
		return applied{}, err
	case after.status == http.StatusCreated || before == nil:
		return applied{action: "created"}, nil
	case string(before) == string(held):
		return applied{action: "unchanged"}, nil
	}
	return applied{action: "updated"}, nil
}

// stored returns what the hub holds under the document's name, in canonical
// form; nil where it holds nothing.
func (h *hub) stored(ctx context.Context, d resource.Document) ([]byte, error) {
	got, err := h.call(ctx, http.MethodGet, item(d.Kind, d.ID), nil, nil)
	switch {
	case absent(err):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return canonical(got.body)
}

func (h *hub) put(ctx context.Context, d resource.Document, dryRun bool) (answer, error) {
	var query url.Values
	if dryRun {
		query = url.Values{"dryRun": {"true"}}
	}
	return h.call(ctx, http.MethodPut, item(d.Kind, d.ID), query, d.JSON)
}

func canonical(body []byte) ([]byte, error) {
	c, err := resource.Canonical(body)
	if err != nil {
		return nil, puzzling(err)
	}
	return c, nil
}
