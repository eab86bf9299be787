//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"
)

// peer is a proxy program of somebody else, started with a configuration that
// we generate.
type peer struct {
	name    string
	program string
	debian  string   // package that holds it
	version []string // arguments that print the version
	config  string   // name of the configuration file
	text    string   // its template, over peerConfig
	args    func(config string) []string
}

// peerConfig is what the configuration templates may use.
type peerConfig struct {
	Dir    string // scratch directory of this peer
	Listen string // IPv4 and port
	Origin string // IPv4 and port
	Cores  int
}

func peers() []peer { return []peer{nginxPeer(), haproxyPeer(), caddyPeer()} }

// find returns the program's path. Debian keeps servers in /usr/sbin, which is
// not on everybody's path.
func (p peer) find() (string, error) {
	for _, name := range []string{p.program, "/usr/sbin/" + p.program} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%w: apt-get install %s", errNotInstalled, p.debian)
}

// start runs the peer before the origin, with its files in dir.
func (p peer) start(ctx context.Context, dir, origin string, cores int) (*target, error) {
	path, err := p.find()
	if err != nil {
		return nil, err
	}
	listen, err := freePort()
	if err != nil {
		return nil, err
	}
	c := peerConfig{Dir: filepath.Join(dir, p.name), Listen: listen, Origin: origin, Cores: cores}
	file, err := p.write(c)
	if err != nil {
		return nil, err
	}
	home := []string{"HOME=" + c.Dir, "XDG_DATA_HOME=" + c.Dir, "XDG_CONFIG_HOME=" + c.Dir}
	process, err := launch(ctx, command{name: p.name, path: path, args: p.args(file), env: home})
	if err != nil {
		return nil, err
	}
	return plain(p.name, process, listen), nil
}

func (p peer) write(c peerConfig) (string, error) {
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return "", err
	}
	text, err := p.render(c)
	if err != nil {
		return "", err
	}
	file := filepath.Join(c.Dir, p.config)
	return file, os.WriteFile(file, []byte(text), 0o600)
}

func (p peer) render(c peerConfig) (string, error) {
	t, err := template.New(p.config).Option("missingkey=error").Parse(p.text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, c)
	return b.String(), err
}

// describe returns the first line with which the program states its version.
func (p peer) describe(ctx context.Context) string {
	path, err := p.find()
	if err != nil {
		return err.Error()
	}
	out, err := exec.CommandContext(ctx, path, p.version...).CombinedOutput()
	if err != nil {
		return err.Error()
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	return line
}
