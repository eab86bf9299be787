package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A list that lacks something says so, and one that lacks a moment's does not.
func TestAListSaysWhatItLacks(t *testing.T) {
	for body, want := range map[string]string{
		`{"items":[],"behind":0,"completeUntil":"2026-11-25T05:00:00Z"}`:  "",
		`{"items":[],"behind":41,"completeUntil":"2099-01-01T00:00:00Z"}`: "",
		`{"items":[],"behind":41,"completeUntil":"2026-01-01T05:00:00Z"}`: "41 catatan sesudahnya belum terbaca",
		`{"items":[],"behind":41}`:                                        "tertinggal 41 catatan dari jurnal bukti, yang dipegang proses hub lain",
		`{"items":[]}`:                                                    "",
	} {
		hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Write([]byte(body))
		}))
		t.Cleanup(hub.Close)
		got := runWith(t, "", "log", "--server", hub.URL, "--token", "spt_uji")
		if got.status != 0 || got.stdout != "" || !strings.Contains(got.stderr, want) || want == "" && got.stderr != "" {
			t.Errorf("%s: %+v", body, got)
		}
	}
}
