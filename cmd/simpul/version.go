package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
)

type versionCmd struct {
	Output string `short:"o" enum:"text,json" default:"text" placeholder:"text|json" help:"text atau json." en:"text or json."`
}

// Help gives an example.
func (*versionCmd) Help() string { return "simpul version -o json" }

// Run prints which program this is.
func (c *versionCmd) Run(con *console) error {
	b := build()
	if c.Output == "json" {
		return json.NewEncoder(con.stdout).Encode(b)
	}
	_, err := fmt.Fprintf(con.stdout, "simpul %s (%s, %s)\n", b.Version, b.Go, b.Platform)
	return err
}

// buildFacts say which program this is, as the Go tool stamped it.
type buildFacts struct {
	Version  string `json:"version"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func build() buildFacts {
	b := buildFacts{Version: "devel", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		b.Version = info.Main.Version
	}
	return b
}
