package app_test

import (
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "write the golden files anew")

// description is the control API as it was last agreed on.
var description = filepath.Join("..", "..", "docs", "api", "openapi.yaml")

// The control API is what docs/api/openapi.yaml says. A change shows in review;
// `make gen` writes the file.
func TestOpenAPIIsTheGoldenOne(t *testing.T) {
	got, err := open(t, settings(t, t.TempDir())).API(http.NewServeMux()).OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.MkdirAll(filepath.Dir(description), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(description, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(description)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the API differs from %s; run `make gen` if that is meant:\n%s", description, diff)
	}
}

// A running hub serves the same description, to everybody, in both forms.
func TestOpenAPIIsServed(t *testing.T) {
	at, api := begin(t, settings(t, t.TempDir()))
	golden, err := os.ReadFile(description)
	if err != nil {
		t.Fatal(err)
	}
	var want any
	if err := yaml.Unmarshal(golden, &want); err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	want = decode[any](t, answer{text: string(asJSON)})

	got := call(t, api.client, at.Control+"/api/openapi.json", "")
	if diff := cmp.Diff(want, decode[any](t, got)); got.status != http.StatusOK || diff != "" {
		t.Errorf("%d, differs from the golden file:\n%s", got.status, diff)
	}
	if media := got.header.Get("Content-Type"); !strings.HasPrefix(media, "application/") || !strings.Contains(media, "json") {
		t.Errorf("Content-Type %q", media)
	}
	if text := call(t, api.client, at.Control+"/api/openapi.yaml", "").text; text != string(golden) {
		t.Error("openapi.yaml differs from the golden file")
	}
	version := decode[struct{ OpenAPI string }](t, got).OpenAPI
	if !strings.HasPrefix(version, "3.1") {
		t.Errorf("OpenAPI %s", version)
	}
}
