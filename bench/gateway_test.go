//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// fakeSimpul is a program that obeys the command-line contract and names the
// given listeners as its own.
func fakeSimpul(t *testing.T, gatewayURL, controlURL string) string {
	t.Helper()
	script := fmt.Sprintf(`#!/bin/sh
case "$1 $2" in
"token create") [ "$3 $4 $5" = "--role operator --data" ] && echo spt_test ;;
"serve --data")
  [ "$SIMPUL_GATEWAY_ADDR $SIMPUL_CONTROL_ADDR" = "127.0.0.1:0 127.0.0.1:0" ] || exit 2
  echo '{"ready":true,"gateway":"%s","control":"%s/","data":"x"}'
  exec sleep 60 ;;
*) exit 2 ;;
esac
`, gatewayURL, controlURL)
	path := filepath.Join(t.TempDir(), "simpul")
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// recordingControl answers like the control API and keeps what it was sent.
type recordingControl struct{ calls []string }

func (c *recordingControl) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body resource
	json.NewDecoder(r.Body).Decode(&body)
	c.calls = append(c.calls, r.Method+" "+r.URL.Path+" "+body.Metadata.ID)
	if r.Header.Get("Authorization") != "Bearer spt_test" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	w.WriteHeader(http.StatusCreated)
	io.WriteString(w, `{"key":"spk_test"}`)
}

// TestGatewayIsSetUpOverItsControlAPI walks the whole set-up: token, start, ready
// line, resources in order, key.
func TestGatewayIsSetUpOverItsControlAPI(t *testing.T) {
	recorded := &recordingControl{}
	controlServer := httptest.NewServer(recorded)
	t.Cleanup(controlServer.Close)
	program := fakeSimpul(t, "http://127.0.0.1:4003", controlServer.URL)
	g, err := startGateway(t.Context(), program, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.process.stop)
	if err := g.provision(t.Context(), "127.0.0.1:9"); err != nil {
		t.Fatal(err)
	}
	if g.host != "127.0.0.1:4003" || g.key != "spk_test" {
		t.Errorf("host %q, key %q", g.host, g.key)
	}
	want := []string{
		"PUT /api/v1/agencies/penyedia.bench.go.id penyedia.bench.go.id",
		"PUT /api/v1/agencies/pemanfaat.bench.go.id pemanfaat.bench.go.id",
		"PUT /api/v1/applications/beban@pemanfaat.bench.go.id beban@pemanfaat.bench.go.id",
		"PUT /api/v1/lids/bench/Echo bench/Echo",
		"PUT /api/v1/lids/bench/Checked bench/Checked",
		"PUT /api/v1/lids/bench/Fields bench/Fields",
		"PUT /api/v1/lids/bench/Bulk bench/Bulk",
		"PUT /api/v1/grants/bench-echo bench-echo",
		"PUT /api/v1/grants/bench-checked bench-checked",
		"PUT /api/v1/grants/bench-fields bench-fields",
		"PUT /api/v1/grants/bench-bulk bench-bulk",
		"POST /api/v1/applications/beban@pemanfaat.bench.go.id/keys ",
	}
	if !slices.Equal(recorded.calls, want) {
		t.Errorf("calls:\n%s\nwant:\n%s", strings.Join(recorded.calls, "\n"), strings.Join(want, "\n"))
	}
}

func TestGatewayThatIsNotBuilt(t *testing.T) {
	_, err := startGateway(t.Context(), filepath.Join(t.TempDir(), "simpul"), t.TempDir())
	if !errors.Is(err, errNotBuilt) || err.Error() != "not built: run make build" {
		t.Errorf("err = %v", err)
	}
}

func TestControlErrorsNameTheCall(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, `{"code":"invalid","remedy":"write a class"}`, http.StatusBadRequest)
	}))
	t.Cleanup(server.Close)
	_, err := control{base: server.URL}.send(t.Context(), http.MethodPut, "/lids/a/B", nil)
	if err == nil || !strings.Contains(err.Error(), "PUT /api/v1/lids/a/B: status 400") || !strings.Contains(err.Error(), "write a class") {
		t.Errorf("err = %v", err)
	}
}

func TestGovernedRequestCarriesTheKey(t *testing.T) {
	g := &gateway{host: "127.0.0.1:4003", key: "spk_test"}
	text := string(g.selecting().plan(1).Request)
	if !strings.HasPrefix(text, "GET /bench/Fields HTTP/1.1\r\nHost: 127.0.0.1:4003\r\n") || !strings.Contains(text, "\r\nX-Api-Key: spk_test\r\n") || !strings.HasSuffix(text, "\r\n\r\n") {
		t.Errorf("request: %q", text)
	}
}

// TestBulkTransfer passes a body both ways between the harness and the origin.
func TestBulkTransfer(t *testing.T) {
	host, _ := serve(t, http.StripPrefix("/bench", lowerBulk(originService())))
	g := &gateway{host: host}
	if err := g.bulk().await(t.Context()); err != nil {
		t.Error(err)
	}
	if err := g.passBoth(t.Context(), 1<<20+7); err != nil {
		t.Error(err)
	}
}

// lowerBulk does what the LID bench/Bulk does: it maps the address to /bulk.
func lowerBulk(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = strings.Replace(r.URL.Path, "/Bulk", "/bulk", 1)
		next.ServeHTTP(w, r)
	})
}

func TestBulkTransferNoticesDamage(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"refused":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"cut short": func(w http.ResponseWriter, _ *http.Request) { io.CopyN(w, newPattern(), 100) },
		"altered":   func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 1000)) },
	} {
		host, _ := serve(t, h)
		if err := (&gateway{host: host}).download(t.Context(), 1000); err == nil {
			t.Errorf("%s: not noticed", name)
		}
	}
	host, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"bytes":999,"intact":true}`) }))
	if err := (&gateway{host: host}).upload(t.Context(), 1000); err == nil {
		t.Error("an upload that lost a byte was not noticed")
	}
}
