package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// fakeHub answers like the control API: it stores what is PUT, adds a default
// and a status, pages its lists, and refuses what a test tells it to.
type fakeHub struct {
	*httptest.Server
	mu       sync.Mutex
	held     map[string]map[string]any // by path below /api/v1
	refusals map[string]string         // "PUT /agencies/a.go.id": a problem document
	requests []string                  // in order, as "PUT /agencies/a.go.id"
	last     http.Header
	pageSize int
	similar  string // what it says of a planned LID
}

func newFakeHub(t *testing.T) *fakeHub {
	h := &fakeHub{held: map[string]map[string]any{}, refusals: map[string]string{}, pageSize: 2}
	h.Server = httptest.NewServer(h)
	t.Cleanup(h.Close)
	return h
}

func (h *fakeHub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	path := strings.TrimPrefix(r.URL.EscapedPath(), "/api/v1")
	request := r.Method + " " + path
	if r.URL.RawQuery != "" {
		request += "?" + r.URL.RawQuery
	}
	h.requests, h.last = append(h.requests, request), r.Header
	if refusal, ok := h.refusals[r.Method+" "+path]; ok {
		h.refuse(w, refusal)
		return
	}
	switch depth := strings.Count(path, "/"); {
	case r.Method == http.MethodPut:
		h.put(w, r, path)
	case path == "/lids/similar":
		reply(w, http.StatusOK, json.RawMessage(cmp.Or(h.similar, `{"items":[]}`)))
	case r.Method == http.MethodPost:
		reply(w, http.StatusCreated, map[string]any{"id": "k-1", "application": "a@b.go.id", "key": "spk_rahasia", "createdAt": "2026-11-23T00:00:00Z"})
	case h.held[path] == nil && (r.Method == http.MethodDelete || r.Method == http.MethodPatch || depth > 1 && !strings.HasSuffix(path, "/keys")):
		h.refuse(w, `{"status":404,"code":"not_found","detail":"Tidak ditemukan.","remedy":"Periksa ejaannya."}`)
	case r.Method == http.MethodDelete:
		delete(h.held, path)
		w.WriteHeader(http.StatusNoContent)
	case h.held[path] != nil:
		reply(w, http.StatusOK, h.held[path])
	default:
		h.list(w, r, path)
	}
}

func (h *fakeHub) put(w http.ResponseWriter, r *http.Request, path string) {
	var body map[string]any
	d := json.NewDecoder(r.Body)
	d.UseNumber()
	if err := d.Decode(&body); err != nil {
		h.refuse(w, `{"status":400,"detail":"not JSON"}`)
		return
	}
	if spec, ok := body["spec"].(map[string]any); ok && spec["suspended"] == nil {
		spec["suspended"] = false // a default of the hub's
	}
	body["status"] = map[string]any{"updatedAt": strconv.Itoa(len(h.requests))}
	status := http.StatusOK
	if h.held[path] == nil {
		status = http.StatusCreated
	}
	if r.URL.Query().Get("dryRun") != "true" {
		h.held[path] = body
	}
	reply(w, status, body)
}

func (h *fakeHub) list(w http.ResponseWriter, r *http.Request, path string) {
	var items []any
	for _, key := range slices.Sorted(maps.Keys(h.held)) {
		if strings.HasPrefix(key, path+"/") {
			items = append(items, h.held[key])
		}
	}
	start, _ := strconv.Atoi(r.URL.Query().Get("cursor"))
	end := min(start+h.pageSize, len(items))
	page := map[string]any{"items": append([]any{}, items[start:end]...)}
	if end < len(items) {
		page["next"] = strconv.Itoa(end)
	}
	reply(w, http.StatusOK, page)
}

func (h *fakeHub) refuse(w http.ResponseWriter, problem string) {
	var p struct{ Status int }
	json.Unmarshal([]byte(problem), &p)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	io.WriteString(w, problem)
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

// hold stores a resource as if it had been applied before.
func (h *fakeHub) hold(t *testing.T, path, resource string) {
	t.Helper()
	var body map[string]any
	if err := json.Unmarshal([]byte(resource), &body); err != nil {
		t.Fatal(err)
	}
	h.held[path] = body
}

// outcome is what a person sees of one command.
type outcome struct {
	status         int
	stdout, stderr string
}

// simpul runs one command line against the hub, in Indonesian unless it says
// otherwise.
func (h *fakeHub) simpul(t *testing.T, args ...string) outcome {
	t.Helper()
	return runWith(t, "", append(args, "--server", h.URL, "--token", "spt_uji")...)
}

func runWith(t *testing.T, stdin string, args ...string) outcome {
	t.Helper()
	for _, name := range []string{"SIMPUL_SERVER", "SIMPUL_TOKEN", "SIMPUL_LANG"} {
		t.Setenv(name, "")
		os.Unsetenv(name)
	}
	var stdout, stderr bytes.Buffer
	con := &console{stdin: strings.NewReader(stdin), stdout: &stdout, stderr: &stderr, lang: languageOf(args, func(string) string { return "" })}
	status := run(t.Context(), args, con)
	return outcome{status, stdout.String(), stderr.String()}
}

// write puts a file into a fresh directory and returns its path.
func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func agencyYAML(id string) string {
	return fmt.Sprintf("apiVersion: simpul/v1\nkind: Agency\nmetadata:\n  id: %s\nspec:\n  name: Instansi\n  region: \"32.73\"\n", id)
}

// expect fails where the outcome is not of the status, or does not say the words.
func (o outcome) expect(t *testing.T, status int, words ...string) {
	t.Helper()
	if o.status != status {
		t.Errorf("exit %d, want %d", o.status, status)
	}
	for _, w := range words {
		if !strings.Contains(o.stdout+o.stderr, w) {
			t.Errorf("does not say %q", w)
		}
	}
	if t.Failed() {
		t.Logf("stdout:\n%s\nstderr:\n%s", o.stdout, o.stderr)
	}
}
