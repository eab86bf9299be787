//go:build linux

package main

import (
	"errors"
	"os/exec"
	"strings"
	"testing"
)

func TestPeerConfigurations(t *testing.T) {
	c := peerConfig{Dir: t.TempDir(), Listen: "127.0.0.1:4001", Origin: "127.0.0.1:4002", Cores: 3}
	for _, p := range peers() {
		text, err := p.render(c)
		if err != nil || !strings.Contains(text, c.Listen) || !strings.Contains(text, c.Origin) || strings.Contains(text, "<no value>") {
			t.Errorf("%s: %v\n%s", p.name, err, text)
		}
	}
}

// The peers themselves read the configurations, where they are installed.
func TestPeersAcceptTheirConfigurations(t *testing.T) {
	check := map[string]func(path, file string) *exec.Cmd{
		"nginx":   func(path, file string) *exec.Cmd { return exec.Command(path, "-t", "-e", "stderr", "-c", file) },
		"haproxy": func(path, file string) *exec.Cmd { return exec.Command(path, "-c", "-f", file) },
		"caddy": func(path, file string) *exec.Cmd {
			return exec.Command(path, "validate", "--adapter", "caddyfile", "--config", file)
		},
	}
	for _, p := range peers() {
		t.Run(p.name, func(t *testing.T) {
			path, err := p.find()
			if err != nil {
				t.Skip(err)
			}
			listen, err := freePort()
			if err != nil {
				t.Fatal(err)
			}
			file, err := p.write(peerConfig{Dir: t.TempDir(), Listen: listen, Origin: "127.0.0.1:9", Cores: 2})
			if err != nil {
				t.Fatal(err)
			}
			if out, err := check[p.name](path, file).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

func TestMissingPeerNamesItsPackage(t *testing.T) {
	p := peer{name: "x", program: "no-such-proxy", debian: "x-light"}
	if _, err := p.find(); !errors.Is(err, errNotInstalled) || !isMissing(err) || !strings.Contains(err.Error(), "apt-get install x-light") {
		t.Errorf("err = %v", err)
	}
}
