package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiffShowsWhatApplyWouldChange(t *testing.T) {
	hub := newFakeHub(t)
	file := write(t, "a.yaml", agencyYAML("a.go.id"))
	hub.simpul(t, "apply", "-f", file).expect(t, 0)
	hub.simpul(t, "diff", "-f", file).expect(t, 0)

	changed := write(t, "b.yaml", strings.Replace(agencyYAML("a.go.id"), "Instansi", "Lain", 1))
	got := hub.simpul(t, "diff", "-f", changed)
	got.expect(t, 1)
	want := "--- hub Agency a.go.id\n+++ " + changed + `:1 Agency a.go.id
@@ -3,6 +3,6 @@
 metadata:
   id: a.go.id
 spec:
-  name: Instansi
+  name: Lain
   region: "32.73"
   suspended: false
`
	if diff := cmp.Diff(want, got.stdout); diff != "" {
		t.Error(diff)
	}
	if got.stderr != "" {
		t.Errorf("a difference is no error, but: %s", got.stderr)
	}
	hub.simpul(t, "apply", "-f", file).expect(t, 0, "unchanged") // diff has stored nothing
}

func TestDiffOfANewResourceIsAllOfIt(t *testing.T) {
	hub := newFakeHub(t)
	got := hub.simpul(t, "diff", "-f", write(t, "a.yaml", agencyYAML("a.go.id")))
	got.expect(t, 1, "@@ -0,0 +1,8 @@\n+apiVersion: simpul/v1\n+kind: Agency\n", "+  suspended: false\n")
	if len(hub.held) != 0 {
		t.Error("diff has stored something")
	}
}

func TestDiffEndsWithTwoOnTroubleAndStillComparesTheRest(t *testing.T) {
	hub := newFakeHub(t)
	hub.refusals["PUT /agencies/a.go.id"] = `{"status":400,"detail":"Nama salah.","errors":[{"location":"body.spec.name","message":"Nama salah."}]}`
	file := write(t, "n.yaml", agencyYAML("a.go.id")+"---\n"+agencyYAML("b.go.id"))
	hub.simpul(t, "diff", "-f", file).expect(t, 2, file+":6: Nama salah.\n", "+  id: b.go.id\n")

	hub.simpul(t, "diff", "-f", "missing.yaml").expect(t, 2, "missing.yaml")
	hub.simpul(t, "diff").expect(t, 2, "Belum ada berkas")
	hub.Close()
	hub.simpul(t, "diff", "-f", file).expect(t, 2, "Apakah hub berjalan?")
}

// A file may hold an agency and what belongs to it. Before the first apply the
// hub cannot check the latter; afterwards a refusal is one.
func TestDiffShowsWhatWaitsForAnother(t *testing.T) {
	hub := newFakeHub(t)
	hub.refusals["PUT /lids/master/Kota"] = `{"status":404,"detail":"Instansi \"a.go.id\" tidak ditemukan."}`
	file := write(t, "n.yaml", agencyYAML("a.go.id")+"---\napiVersion: simpul/v1\nkind: LID\nmetadata: {id: master/Kota}\nspec: {agency: a.go.id}\n")
	got := hub.simpul(t, "diff", "-f", file)
	got.expect(t, 1, "+kind: Agency\n", "+kind: LID\n", "+  agency: a.go.id\n", "LID master/Kota baru dapat diperiksa sesudah Agency a.go.id diterapkan.")

	hub.hold(t, "/agencies/a.go.id", `{"apiVersion":"simpul/v1","kind":"Agency","metadata":{"id":"a.go.id"},"spec":{}}`)
	hub.simpul(t, "diff", "-f", file).expect(t, 2, file+":9: Instansi \"a.go.id\" tidak ditemukan.\n")
}
