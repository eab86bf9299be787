package main

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGetListsAsATable(t *testing.T) {
	hub := newFakeHub(t)
	for i, name := range []string{"Kota A", "", "Baris\nbaru \x1b[31m", "X"} {
		resource, _ := json.Marshal(map[string]any{"metadata": map[string]any{"id": fmt.Sprintf("i%d.go.id", i)}, "spec": map[string]any{"name": name, "level": "kota", "suspended": i == 0}})
		hub.hold(t, fmt.Sprintf("/agencies/i%d.go.id", i), string(resource))
	}
	got := hub.simpul(t, "get", "Agencies")
	got.expect(t, 0)
	const want = `ID        NAMA              TINGKAT  WILAYAH  DIBEKUKAN
i0.go.id  Kota A            kota     -        ya
i1.go.id  -                 kota     -        tidak
i2.go.id  Baris baru �[31m  kota     -        tidak
i3.go.id  X                 kota     -        tidak
`
	if diff := cmp.Diff(want, got.stdout); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"GET /agencies", "GET /agencies?cursor=2"}, hub.requests); diff != "" {
		t.Error("cursors not followed to the end:", diff)
	}
	hub.simpul(t, "get", "agency", "--lang=en").expect(t, 0, "SUSPENDED", "yes")
}

func TestGetTablesHaveTheColumnsOfTheKind(t *testing.T) {
	hub := newFakeHub(t)
	hub.hold(t, "/applications/a@b.go.id", `{"metadata":{"id":"a@b.go.id"},"spec":{"name":"Aplikasi","description":"D"}}`)
	hub.hold(t, "/lids/master/Kota", `{"metadata":{"id":"master/Kota"},"spec":{"title":"Kota","agency":"b.go.id","class":"terbuka","version":"1.10","state":"published","contract":{"x":[1]}}}`)
	hub.hold(t, "/grants/g", `{"metadata":{"id":"g"},"spec":{"lid":"master/Kota","application":"a@b.go.id","purpose":"P","until":"2027-01-01T00:00:00Z"}}`)
	hub.simpul(t, "get", "applications").expect(t, 0, "a@b.go.id  Aplikasi  D\n")
	hub.simpul(t, "get", "lids").expect(t, 0, "master/Kota  Kota   b.go.id   terbuka  1.10   published\n")
	hub.simpul(t, "get", "lids", "master/Kota").expect(t, 0, "master/Kota  Kota   b.go.id   terbuka  1.10   published\n")
	hub.simpul(t, "get", "grant", "g").expect(t, 0, "g   master/Kota  a@b.go.id  P       2027-01-01T00:00:00Z  -\n")
}

func TestGetYAMLCanBeAppliedAgain(t *testing.T) {
	hub := newFakeHub(t)
	hub.simpul(t, "apply", "-f", write(t, "n.yaml", nationYAML)).expect(t, 0)
	hub.simpul(t, "apply", "-f", write(t, "a.yaml", agencyYAML("z.go.id"))).expect(t, 0)
	for _, kind := range []string{"agencies", "applications", "lids", "grants"} {
		got := hub.simpul(t, "get", kind, "-o", "yaml")
		got.expect(t, 0)
		again := runWith(t, got.stdout, "apply", "-f", "-", "--server", hub.URL)
		again.expect(t, 0, "unchanged")
		if diff := cmp.Diff(0, again.status); diff != "" {
			t.Error(diff)
		}
	}
}

func TestGetJSON(t *testing.T) {
	hub := newFakeHub(t)
	if got := hub.simpul(t, "get", "lids", "-o", "json"); got.stdout != "{\"items\":[]}\n" {
		t.Errorf("empty list: %q", got.stdout)
	}
	for _, id := range []string{"a", "b", "c"} {
		hub.hold(t, "/grants/"+id, `{"metadata":{"id":"`+id+`"},"status":{"updatedAt":"x"}}`)
	}
	if got := hub.simpul(t, "get", "grant", "b", "-o", "json"); got.stdout != `{"metadata":{"id":"b"},"status":{"updatedAt":"x"}}`+"\n" {
		t.Errorf("one: %s", got.stdout)
	}
	var list struct{ Items []any }
	got := hub.simpul(t, "get", "grants", "-o", "json")
	if err := json.Unmarshal([]byte(got.stdout), &list); err != nil || len(list.Items) != 3 {
		t.Errorf("list: %v %s", err, got.stdout)
	}
}

func TestGetOfWhatIsNotThere(t *testing.T) {
	hub := newFakeHub(t)
	for _, output := range []string{"table", "yaml", "json"} {
		got := hub.simpul(t, "get", "lid", "master/Kota", "-o", output)
		got.expect(t, 1, "simpul: Tidak ditemukan — Periksa ejaannya.\n")
		if got.stdout != "" {
			t.Errorf("%s: stdout %q", output, got.stdout)
		}
	}
	hub.simpul(t, "get", "lid", "Kota").expect(t, 2, "tidak berbentuk grup/Nama")
	hub.simpul(t, "get", "foo").expect(t, 2, "Agency, Application, LID, Grant, Limit, RefCode, Standard, Binding")
}

func TestDelete(t *testing.T) {
	hub := newFakeHub(t)
	hub.hold(t, "/lids/master/Kota", `{}`)
	hub.simpul(t, "delete", "lid", "master/Kota").expect(t, 0, "LID master/Kota deleted\n")
	hub.simpul(t, "delete", "lid", "master/Kota").expect(t, 1, "Tidak ditemukan")
	before := len(hub.requests)
	for _, id := range []string{"../agencies/a.go.id", "master/Kota/..", "master%2FKota", ""} {
		hub.simpul(t, "delete", "LID", id).expect(t, 2)
	}
	if len(hub.requests) != before {
		t.Errorf("sent %v", hub.requests[before:])
	}
}

func TestKeys(t *testing.T) {
	hub := newFakeHub(t)
	got := hub.simpul(t, "key", "create", "a@b.go.id", "--label", "produksi")
	got.expect(t, 0, "Kunci k-1 dibuat")
	if got.stdout != "spk_rahasia\n" {
		t.Errorf("stdout %q", got.stdout)
	}
	hub.simpul(t, "key", "create", "a@b.go.id", "-o", "json").expect(t, 0, `"key":"spk_rahasia"`)

	hub.hold(t, "/applications/a@b.go.id/keys/k-1", `{"id":"k-1","label":"produksi","createdAt":"2026-11-23T00:00:00Z"}`)
	hub.simpul(t, "key", "list", "a@b.go.id").expect(t, 0, "k-1  produksi  2026-11-23T00:00:00Z  -         -\n")
	hub.simpul(t, "key", "list", "a@b.go.id", "-o", "json").expect(t, 0, `"label":"produksi"`)
	hub.simpul(t, "key", "revoke", "a@b.go.id", "k-1").expect(t, 0, "Key k-1 revoked\n")
	hub.simpul(t, "key", "revoke", "a@b.go.id", "k-1").expect(t, 1, "Tidak ditemukan")

	before := len(hub.requests)
	hub.simpul(t, "key", "revoke", "a@b.go.id", "..").expect(t, 2)
	hub.simpul(t, "key", "list", "b.go.id").expect(t, 2, "tidak berbentuk nama@domain-instansi")
	if len(hub.requests) != before {
		t.Errorf("sent %v", hub.requests[before:])
	}
	hub.simpul(t, "key", "revoke", "a@b.go.id", "a/b?c").expect(t, 1)
	if got := hub.requests[len(hub.requests)-1]; got != "DELETE /applications/a@b.go.id/keys/a%2Fb%3Fc" {
		t.Errorf("path not escaped: %s", got)
	}
}
