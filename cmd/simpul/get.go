package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"

	"simpul/internal/platform/resource"
)

type getCmd struct {
	Kind     string `arg:"" help:"Agency, Application, LID, Grant, Limit, RefCode, Standard, Binding, Role, LifeCycle, Holiday atau Issuer; besar kecil huruf dan jamak bebas." en:"Agency, Application, LID, Grant, Limit, RefCode, Standard, Binding, Role, LifeCycle, Holiday or Issuer; in either case, one or many."`
	ID       string `arg:"" optional:"" help:"ID satu sumber daya; tanpa ini semuanya." en:"ID of one resource; all of them without it."`
	Output   string `short:"o" enum:"table,yaml,json" default:"table" placeholder:"table|yaml|json" help:"table, yaml (dapat diterapkan lagi) atau json." en:"table, yaml (can be applied again) or json."`
	hubFlags `embed:""`
}

// Help gives examples.
func (*getCmd) Help() string {
	return "simpul get agencies\n" +
		"simpul get lid master/Kota -o yaml > kota.yaml\n" +
		"simpul get grants -o json"
}

// Run shows one resource or a whole collection.
func (c *getCmd) Run(ctx context.Context, con *console) error {
	kind, err := resource.ParseKind(c.Kind)
	if err != nil {
		return usage(placeless(err))
	}
	if c.ID != "" {
		if err := kind.Check(c.ID); err != nil {
			return usage(placeless(err))
		}
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	items := hub.list(ctx, kind.Collection())
	if c.ID != "" {
		items = hub.one(ctx, item(kind, c.ID))
	}
	switch {
	case c.Output == "yaml":
		return printYAML(con.stdout, items)
	case c.Output == "json" && c.ID != "":
		return printObject(con.stdout, items)
	case c.Output == "json":
		return printList(con.stdout, items)
	}
	return con.printTable(columnsOf(kind), items)
}

// one is a collection of the one resource at the path.
func (h *hub) one(ctx context.Context, path []string) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		got, err := h.call(ctx, http.MethodGet, path, nil, nil)
		yield(got.body, err)
	}
}

// printYAML writes what apply -f reads.
func printYAML(w io.Writer, items iter.Seq2[json.RawMessage, error]) error {
	separator := ""
	for item, err := range items {
		if err != nil {
			return err
		}
		text, err := yamlOf(item)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s%s", separator, text); err != nil {
			return err
		}
		separator = "---\n"
	}
	return nil
}

// printObject writes one resource as the hub sent it.
func printObject(w io.Writer, items iter.Seq2[json.RawMessage, error]) error {
	for item, err := range items {
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s\n", bytes.TrimSpace(item)); err != nil {
			return err
		}
	}
	return nil
}

// printList writes a collection in the API's shape, as one page: {"items":[…]}.
func printList(w io.Writer, items iter.Seq2[json.RawMessage, error]) error {
	separator := `{"items":[`
	for item, err := range items {
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s\n%s", separator, bytes.TrimSpace(item)); err != nil {
			return err
		}
		separator = ","
	}
	if separator != "," {
		_, err := fmt.Fprintln(w, separator+"]}")
		return err
	}
	_, err := fmt.Fprintln(w, "\n]}")
	return err
}
