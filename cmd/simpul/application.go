package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"simpul/internal/platform/resource"
)

type applicationCmd struct {
	List   applicationListCmd   `cmd:"" help:"Tampilkan aplikasi." en:"Show applications."`
	Create applicationCreateCmd `cmd:"" help:"Daftarkan atau ubah sebuah aplikasi." en:"Register or change an application."`
	Delete applicationDeleteCmd `cmd:"" help:"Hapus sebuah aplikasi beserta kuncinya." en:"Delete an application and its keys."`

	Certificate certificateCmd `cmd:"" help:"Kelola sertifikat yang membuktikan sebuah aplikasi." en:"Manage certificates by which an application proves itself."`
}

type applicationListCmd struct {
	Output   string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*applicationListCmd) Help() string { return "simpul application list" }

// Run shows the applications that the token may see.
func (c *applicationListCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	items := hub.list(ctx, resource.Application.Collection())
	if c.Output == "json" {
		return printList(con.stdout, items)
	}
	return con.printTable(columnsOf(resource.Application), items)
}

type applicationCreateCmd struct {
	application `embed:""`
	Name        string   `required:"" help:"Nama yang dikenal orang." en:"The name that people know."`
	Description string   `help:"Untuk apa aplikasi ini." en:"What the application is for."`
	Unit        string   `help:"ID unit yang mengelolanya." en:"ID of the unit that runs it."`
	From        []string `placeholder:"CIDR" help:"Alamat atau jaringan yang boleh memanggil; dapat diulang." en:"Address or network that may call; can be repeated."`
	hubFlags    `embed:""`
}

// Help gives an example.
func (*applicationCreateCmd) Help() string {
	return "simpul application create pajak@bandungkota.go.id --name \"Pajak Daerah\" --from 103.12.4.0/24"
}

// Run creates the application, or replaces what is declared of it.
func (c *applicationCreateCmd) Run(ctx context.Context, con *console) error {
	if err := resource.Application.Check(c.Application); err != nil {
		return usage(placeless(err))
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]any{
		"apiVersion": "simpul/v1", "kind": "Application", "metadata": map[string]string{"id": c.Application},
		"spec": struct {
			Name        string   `json:"name"`
			Description string   `json:"description,omitempty"`
			Unit        string   `json:"unit,omitempty"`
			Addresses   []string `json:"addresses,omitempty"`
		}{c.Name, c.Description, c.Unit, c.From},
	})
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, http.MethodPut, item(resource.Application, c.Application), nil, body)
	if err != nil {
		return err
	}
	did := "updated"
	if got.status == http.StatusCreated {
		did = "created"
	}
	_, err = fmt.Fprintf(con.stdout, "Application %s %s\n", c.Application, did)
	return err
}

type applicationDeleteCmd struct {
	application `embed:""`
	hubFlags    `embed:""`
}

// Help gives an example.
func (*applicationDeleteCmd) Help() string {
	return "simpul application delete pajak@bandungkota.go.id"
}

// Run deletes the application.
func (c *applicationDeleteCmd) Run(ctx context.Context, con *console) error {
	if err := resource.Application.Check(c.Application); err != nil {
		return usage(placeless(err))
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	if _, err := hub.call(ctx, http.MethodDelete, item(resource.Application, c.Application), nil, nil); err != nil {
		return err
	}
	_, err = fmt.Fprintf(con.stdout, "Application %s deleted\n", c.Application)
	return err
}
