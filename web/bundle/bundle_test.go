package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../.."

func needsNodeModules(t *testing.T) {
	if _, err := os.Stat(filepath.Join(root, "node_modules", "htmx.org")); err != nil {
		t.Skip("node_modules is not installed")
	}
}

// What is committed must be what the sources say.
func TestDistIsTheBundleOfTheSources(t *testing.T) {
	needsNodeModules(t)
	files, err := bundle(root)
	if err != nil {
		t.Fatal(err)
	}
	dist := filepath.Join(root, "internal", "platform", "web", "dist")
	for name, want := range files {
		if got, err := os.ReadFile(filepath.Join(dist, name)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is out of date: run go run ./web/bundle", name)
		}
	}
	entries, err := os.ReadDir(dist)
	if err != nil || len(entries) != len(files) {
		t.Errorf("%d files in dist, want %d (%v)", len(entries), len(files), err)
	}
}

func TestBundleIsTheSameEveryTimeAndEverywhere(t *testing.T) {
	needsNodeModules(t)
	first, err := bundle(root)
	if err != nil {
		t.Fatal(err)
	}
	absolute, _ := filepath.Abs(root)
	second, err := bundle(absolute)
	if err != nil {
		t.Fatal(err)
	}
	for name := range first {
		if !bytes.Equal(first[name], second[name]) {
			t.Errorf("%s differs", name)
		}
		if bytes.Contains(first[name], []byte(absolute)) {
			t.Errorf("%s holds a path of this machine", name)
		}
	}
}

func TestDarkValuesApplyInTwoWays(t *testing.T) {
	css := underPreference(`:root[data-theme="dark"]{--page:#000}`)
	for _, want := range []string{
		`:root[data-theme="dark"]{--page:#000}`,
		"@media (prefers-color-scheme: dark) {\n:root:not([data-theme=\"light\"]){--page:#000}\n}",
	} {
		if !strings.Contains(css, want) {
			t.Errorf("lacks %s in %s", want, css)
		}
	}
}

// A colour that only one theme knows would be unreadable in the other.
func TestEveryDarkTokenHasALightOne(t *testing.T) {
	light, err := os.ReadFile(filepath.Join(root, "web", "css", "tokens.css"))
	if err != nil {
		t.Fatal(err)
	}
	dark, err := os.ReadFile(filepath.Join(root, "web", "css", "tokens-dark.css"))
	if err != nil {
		t.Fatal(err)
	}
	for field := range strings.FieldsSeq(string(dark)) {
		if strings.HasPrefix(field, "--") && !strings.Contains(string(light), field) {
			t.Errorf("tokens.css lacks %s", field)
		}
	}
}

func TestWriteReplacesWhatIsOld(t *testing.T) {
	needsNodeModules(t)
	out := t.TempDir()
	stale := filepath.Join(out, "old.css")
	if err := os.WriteFile(stale, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := write(root, out); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(stale); !os.IsNotExist(err) {
		t.Error("a file that is no longer made stays")
	}
	if err := write(t.TempDir(), out); err == nil {
		t.Error("bundling nothing succeeds")
	}
}

func TestCompileTellsWhereTheSourceIsWrong(t *testing.T) {
	wrong := filepath.Join(t.TempDir(), "wrong.ts")
	if err := os.WriteFile(wrong, []byte("let 1 = 2"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := compile(wrong, oldest); err == nil || !strings.Contains(err.Error(), "wrong.ts:1") {
		t.Errorf("compile: %v", err)
	}
}
