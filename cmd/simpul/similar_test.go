package main

import (
	"strings"
	"testing"
)

func TestApplyWarnsOfALIDThatExists(t *testing.T) {
	hub := newFakeHub(t)
	hub.similar = `{"items":[{"lid":"pendidikan/Sekolah","title":"Satuan pendidikan","agency":"c.go.id","score":83,"fields":["npsn","nama"],"words":["sekolah"],"concepts":["EDUC"]}]}`
	file := write(t, "n.yaml", nationYAML)
	want := "Peringatan: master/Kota mirip pendidikan/Sekolah (Satuan pendidikan), 83 dari 100. Sama-sama punya: npsn, nama, sekolah, EDUC."
	if got := hub.simpul(t, "diff", "-f", file); !strings.Contains(got.stderr, want) {
		t.Errorf("diff says %q", got.stderr)
	}
	if got := hub.simpul(t, "apply", "-f", file); got.status != 0 || !strings.Contains(got.stderr, want) {
		t.Errorf("apply says %q", got.stderr)
	}
	if got := hub.simpul(t, "apply", "-f", file); strings.Contains(got.stderr, "Peringatan") {
		t.Errorf("a LID that is held is warned of: %q", got.stderr)
	}
}

// An older hub, or a role that may not ask, is no reason to fail.
func TestNoAdviceIsNoFailure(t *testing.T) {
	hub := newFakeHub(t)
	hub.refusals["POST /lids/similar"] = `{"status":404,"code":"not_found","detail":"Tidak ada."}`
	if got := hub.simpul(t, "apply", "-f", write(t, "n.yaml", nationYAML)); got.status != 0 || strings.Contains(got.stderr, "Tidak ada") {
		t.Errorf("got %+v", got)
	}
}
