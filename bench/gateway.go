//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// errNotBuilt marks a gateway whose program does not exist yet.
var errNotBuilt = errors.New("not built: run make build")

// gateway is a running Simpul with everything on, in one process, set up over
// its control API as an operator would.
type gateway struct {
	process *process
	host    string // IPv4 and port of the gateway listener
	control control
	key     string // of the benchmark's application
}

// gatewayReady is the ready line of `simpul serve -o json`.
type gatewayReady struct {
	Ready   bool   `json:"ready"`
	Gateway string `json:"gateway"`
	Control string `json:"control"`
}

func startGateway(ctx context.Context, program, dir string) (*gateway, error) {
	program, err := filepath.Abs(program)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(program); err != nil {
		return nil, errNotBuilt
	}
	data := filepath.Join(dir, "simpul")
	token, err := operatorToken(ctx, program, data)
	if err != nil {
		return nil, err
	}
	line := newReadyLine()
	p, err := launch(ctx, command{
		name: "simpul", path: program, args: []string{"serve", "--data", data, "-o", "json"},
		env:    []string{"SIMPUL_GATEWAY_ADDR=127.0.0.1:0", "SIMPUL_CONTROL_ADDR=127.0.0.1:0"},
		stdout: line,
	})
	if err != nil {
		return nil, err
	}
	g := &gateway{process: p, control: control{token: token}}
	if err := g.awaitReady(ctx, line); err != nil {
		p.stop()
		return nil, err
	}
	return g, nil
}

// operatorToken creates the first token offline, before the hub runs.
func operatorToken(ctx context.Context, program, data string) (string, error) {
	return tokenOf(ctx, program, data, "--role", "operator")
}

// newToken creates a token of somebody of an agency of a running hub.
func newToken(ctx context.Context, program, dir, role, agency string) (string, error) {
	return tokenOf(ctx, program, filepath.Join(dir, "simpul"), "--role", role, "--agency", agency)
}

func tokenOf(ctx context.Context, program, data string, whose ...string) (string, error) {
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, program, slices.Concat([]string{"token", "create"}, whose, []string{"--data", data})...)
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("simpul token create: %w: %s", err, bytes.TrimSpace(said.Bytes()))
	}
	return strings.TrimSpace(string(out)), nil
}

func (g *gateway) awaitReady(ctx context.Context, line *readyLine) error {
	var ready gatewayReady
	if err := line.await(ctx, g.process, &ready); err != nil {
		return err
	}
	if !ready.Ready {
		return errors.New("simpul: the ready line does not say ready")
	}
	u, err := url.Parse(ready.Gateway)
	if err != nil {
		return fmt.Errorf("simpul: ready line: %w", err)
	}
	address, err := net.ResolveTCPAddr("tcp4", u.Host)
	if err != nil {
		return fmt.Errorf("simpul: ready line: %w", err)
	}
	g.host, g.control.base = address.String(), strings.TrimSuffix(ready.Control, "/")
	return nil
}

// governed is a call of one application under a grant, by API key, with its
// record in the evidence journal: the least that any exchange costs.
func (g *gateway) governed() *target {
	t := plain("simpul", g.process, g.host)
	t.figure, t.path, t.header = "gateway_governed_key", "/bench/Echo", g.header()
	return t
}

// bearing is the same call by an access token that the key was exchanged for.
// The token lives ten minutes, which is longer than the figure takes to measure
// unless the flags ask for more.
func (g *gateway) bearing(token string) *target {
	t := g.governed()
	t.figure, t.header = "gateway_governed_bearer", http.Header{}
	t.header.Set("Authorization", "Bearer "+token)
	return t
}

// buyToken gets an access token of the benchmark's application (RFC 6749
// section 4.4).
func (g *gateway) buyToken(ctx context.Context) (string, error) {
	form := strings.NewReader(url.Values{"grant_type": {"client_credentials"}}.Encode())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+g.host+"/oauth2/token", form)
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(url.QueryEscape(benchApplication), g.key)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", fmt.Errorf("simpul: token: %w", err)
	}
	defer answer.Body.Close()
	var given struct {
		Token string `json:"access_token"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&given); err != nil || given.Token == "" {
		return "", fmt.Errorf("simpul: no token: %s", answer.Status)
	}
	return given.Token, nil
}

// checking is the same with every answer held to the contract before it leaves.
func (g *gateway) checking() *target {
	t := g.governed()
	t.figure, t.path = "gateway_response_validation", "/bench/Checked"
	return t
}

// selecting is the same under a grant that delivers two of the body's fields.
func (g *gateway) selecting() *target {
	t := g.governed()
	t.figure, t.path = "gateway_field_selection", "/bench/Fields"
	t.same = func(body []byte) bool { return sameJSON(body, selectedPayload()) }
	return t
}

// bulk is a small download through the LID of the large bodies.
func (g *gateway) bulk() *target {
	t := g.governed()
	t.path = "/bench/Bulk/64"
	t.same = func(body []byte) bool {
		_, err := newPattern().Write(body)
		return err == nil && len(body) == 64
	}
	return t
}

func (g *gateway) header() http.Header {
	h := http.Header{}
	h.Set("X-API-Key", g.key)
	return h
}
