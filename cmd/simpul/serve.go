package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"strings"

	"simpul/internal/app"
	"simpul/internal/platform/config"
	"simpul/internal/platform/telemetry"
)

type serveCmd struct {
	Config string   `type:"path" placeholder:"FILE" help:"Berkas pengaturan YAML." en:"YAML configuration file."`
	Data   string   `placeholder:"DIR" help:"Folder data." en:"Data folder."`
	Roles  []string `placeholder:"ROLE" help:"Tugas proses ini: gateway, control, worker, witness." en:"Work of this process: gateway, control, worker, witness."`
	Output string   `short:"o" enum:"text,json" default:"text" placeholder:"text|json" help:"Bentuk baris siap: text atau json." en:"Form of the ready line: text or json."`
}

// Help gives examples.
func (*serveCmd) Help() string {
	return "simpul serve --data /var/lib/simpul\n" +
		"simpul serve --config /etc/simpul.yaml --roles gateway\n" +
		"simpul serve --config /etc/saksi.yaml --roles witness"
}

// Run serves until it is told to stop.
func (c *serveCmd) Run(ctx context.Context, con *console) error {
	settings, err := c.settings()
	if err != nil {
		return usage(err)
	}
	log, err := telemetry.NewLogger(con.stderr, settings.Log.Level, settings.Log.Format)
	if err != nil {
		return usage(err)
	}
	slog.SetDefault(log)
	if settings.OnlyWitness() {
		return app.ServeWitness(ctx, settings, log, func(at app.Ready) { c.ready(con, at, settings.Data) })
	}
	hub, err := app.Open(ctx, settings, log)
	if err != nil {
		return err
	}
	err = hub.Serve(ctx, func(at app.Ready) { c.ready(con, at, settings.Data) })
	if cerr := hub.Close(); err == nil {
		err = cerr
	}
	return err
}

// ready tells people, or a script, that the process serves.
func (c *serveCmd) ready(con *console, at app.Ready, data string) {
	switch {
	case c.Output == "json":
		json.NewEncoder(con.stdout).Encode(readyLine{Ready: true, Gateway: at.Gateway, Control: at.Control, Witness: at.Witness, Data: data})
	case at.Gateway == "" && at.Control == "" && at.Witness != "":
		con.say(text("Saksi siap: %s", "The witness is ready: %s", at.Witness))
	default:
		con.say(text("Simpul siap. Gerbang: %s  Kendali: %s", "Simpul is ready. Gateway: %s  Control: %s", at.Gateway, at.Control))
	}
}

// settings are the file's, overridden by the environment, overridden by flags.
func (c *serveCmd) settings() (config.Config, error) {
	settings, err := config.Load(c.Config, environment())
	if err != nil {
		return settings, err
	}
	if c.Data != "" {
		settings.Data = c.Data
	}
	if len(c.Roles) > 0 {
		settings.Roles = nil
		for _, r := range c.Roles {
			settings.Roles = append(settings.Roles, config.Role(r))
		}
	}
	return settings, settings.Validate()
}

// readyLine is what a script waits for on standard output.
type readyLine struct {
	Ready      bool   `json:"ready"`
	Gateway    string `json:"gateway"`
	Control    string `json:"control"`
	Witness    string `json:"witness,omitempty"`
	Data       string `json:"data"`
	AdminToken string `json:"admin_token,omitempty"`
	APIKey     string `json:"api_key,omitempty"`
	Mailbox    string `json:"mailbox,omitempty"`
	Health     string `json:"health_service,omitempty"`    // application of the demo that no LID names yet
	HealthKey  string `json:"health_credential,omitempty"` // by which it knows the hub
}

func environment() map[string]string {
	env := map[string]string{}
	for _, pair := range os.Environ() {
		if name, value, ok := strings.Cut(pair, "="); ok {
			env[name] = value
		}
	}
	return env
}

// offline are the settings of a command that works on the hub's own data.
type offline struct {
	Config string `type:"path" placeholder:"FILE" help:"Berkas pengaturan YAML." en:"YAML configuration file."`
	Data   string `placeholder:"DIR" help:"Folder data." en:"Data folder."`
}

func (o offline) settings() (config.Config, error) {
	return (&serveCmd{Config: o.Config, Data: o.Data}).settings()
}
