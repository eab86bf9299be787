package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const nationYAML = `apiVersion: simpul/v1
kind: Grant
metadata: {id: izin-1}
spec: {lid: master/Kota, application: app@b.go.id}
---
apiVersion: simpul/v1
kind: LID
metadata: {id: master/Kota}
spec:
  agency: a.go.id
  class: terbuka
  fields: [x, y]
---
apiVersion: simpul/v1
kind: Application
metadata: {id: app@b.go.id}
spec: {}
---
apiVersion: simpul/v1
kind: Agency
metadata: {id: a.go.id}
spec: {}
`

func TestApplySendsWhatOthersReferToFirst(t *testing.T) {
	hub := newFakeHub(t)
	got := hub.simpul(t, "apply", "-f", write(t, "nation.yaml", nationYAML))
	got.expect(t, 0)
	want := "Agency a.go.id created\nApplication app@b.go.id created\nLID master/Kota created\nGrant izin-1 created\n"
	if diff := cmp.Diff(want, got.stdout); diff != "" {
		t.Error(diff)
	}
	puts := slices.DeleteFunc(hub.requests, func(r string) bool { return !strings.HasPrefix(r, "PUT") })
	if diff := cmp.Diff([]string{"PUT /agencies/a.go.id", "PUT /applications/app@b.go.id", "PUT /lids/master/Kota", "PUT /grants/izin-1"}, puts); diff != "" {
		t.Error(diff)
	}
}

func TestApplyTellsCreatedUpdatedUnchanged(t *testing.T) {
	hub := newFakeHub(t)
	file := write(t, "a.yaml", agencyYAML("a.go.id"))
	for _, want := range []string{"created", "unchanged", "unchanged"} {
		hub.simpul(t, "apply", "-f", file).expect(t, 0, "Agency a.go.id "+want+"\n")
	}
	changed := write(t, "a.yaml", strings.Replace(agencyYAML("a.go.id"), "Instansi", "Lain", 1))
	hub.simpul(t, "apply", "-f", changed).expect(t, 0, "Agency a.go.id updated\n")
}

func TestApplyAsJSON(t *testing.T) {
	hub := newFakeHub(t)
	got := hub.simpul(t, "apply", "-o", "json", "-f", write(t, "a.yaml", agencyYAML("a.go.id")+"---\n"+agencyYAML("b.go.id")))
	want := `{"action":"created","id":"a.go.id","kind":"Agency"}` + "\n" + `{"action":"created","id":"b.go.id","kind":"Agency"}` + "\n"
	if got.stdout != want {
		t.Errorf("got %s", got.stdout)
	}
}

func TestApplySendsNothingWhenAnyFileIsBroken(t *testing.T) {
	hub := newFakeHub(t)
	good := write(t, "good.yaml", agencyYAML("a.go.id"))
	broken := write(t, "broken.yaml", "apiVersion: simpul/v1\nkind: Agensi\nmetadata: {id: x.go.id}\nspec: {}\n")
	got := hub.simpul(t, "apply", "-f", good, "-f", broken, "-f", "missing.yaml", good)
	got.expect(t, 1, broken+":2: Jenis \"Agensi\" tidak dikenal — Pilih salah satu: Agency",
		"missing.yaml: Berkas tidak dapat dibaca", good+":1: Agency \"a.go.id\" sudah ditulis di "+good+":1")
	if len(hub.requests) != 0 || got.stdout != "" {
		t.Errorf("sent %v", hub.requests)
	}
}

func TestApplyStopsAtARefusalAndShowsItsLines(t *testing.T) {
	hub := newFakeHub(t)
	hub.refusals["PUT /lids/master/Kota"] = `{"status":400,"code":"invalid","detail":"Kelas salah.","remedy":"Pilih kelas.","owner":"a.go.id",
		"errors":[{"location":"body.spec.fields[1]","message":"kolom tidak dikenal"},{"location":"body.spec.class","message":"Kelas salah."}]}`
	file := write(t, "n.yaml", nationYAML)
	got := hub.simpul(t, "apply", "-f", file)
	got.expect(t, 1,
		file+":11: Kelas salah.\n"+file+":12: spec.fields[1]: kolom tidak dikenal — Pilih kelas. Yang dapat memperbaiki: a.go.id.\n",
		"Sudah diterapkan (2): Agency a.go.id, Application app@b.go.id. Belum diterapkan (2): LID master/Kota, Grant izin-1")
	if hub.held["/grants/izin-1"] != nil {
		t.Error("went on after a refusal")
	}
	if got.stdout != "Agency a.go.id created\nApplication app@b.go.id created\n" {
		t.Errorf("stdout %q", got.stdout)
	}
}

func TestApplyShowsARefusalWithoutPlacesAtTheDocument(t *testing.T) {
	hub := newFakeHub(t)
	hub.refusals["PUT /agencies/b.go.id"] = `{"status":409,"code":"conflict","detail":"Already there."}`
	file := write(t, "n.yaml", agencyYAML("a.go.id")+"---\n"+agencyYAML("b.go.id"))
	hub.simpul(t, "apply", "--lang", "en", "-f", file).expect(t, 1, file+":9: Already there.\n", "Applied (1): Agency a.go.id. Not applied (1): Agency b.go.id")
	if hub.last.Get("Accept-Language") != "en" {
		t.Error("the hub was not asked for English")
	}
}

func TestApplyFromStandardInputAndDirectory(t *testing.T) {
	hub := newFakeHub(t)
	runWith(t, agencyYAML("in.go.id"), "apply", "-f", "-", "--server", hub.URL).expect(t, 0, "Agency in.go.id created")
	runWith(t, "kind: [", "apply", "-f", "-", "--server", hub.URL).expect(t, 1, "<stdin>:1: ")

	directory := t.TempDir()
	for name, content := range map[string]string{"2.yaml": agencyYAML("b.go.id"), "1.yml": agencyYAML("a.go.id"), "notes.txt": "not: [read", "sub/3.yaml": "not: [read"} {
		path := filepath.Join(directory, name)
		os.MkdirAll(filepath.Dir(path), 0o700)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got := hub.simpul(t, "apply", "-f", directory)
	if got.stdout != "Agency a.go.id created\nAgency b.go.id created\n" {
		t.Errorf("got %+v", got)
	}
	hub.simpul(t, "apply", "-f", t.TempDir()).expect(t, 1, "Tidak ada berkas .yaml")
}
