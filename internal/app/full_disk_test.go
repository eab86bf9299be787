package app_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// The disk of a hub fills up: calls are refused in words that name the cause, the
// load balancer and the metrics are told, and once there is room the hub goes on by
// itself.
func TestAFullDiskIsToldAndTheHubGoesOn(t *testing.T) {
	data := t.TempDir()
	if err := syscall.Mount("tmpfs", data, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("this machine does not let a test mount a file system: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(data, syscall.MNT_DETACH) })
	c := settings(t, data)
	c.Database.URL = "sqlite://" + filepath.Join(t.TempDir(), "simpul.db")
	at, api := begin(t, c)
	key := api.settle(t)
	api.offer(t, "Data", answering(t, `{"items":[]}`), nil, nil)
	if got := call(t, api.client, at.Gateway+"/uji/Data", key); got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.text)
	}

	filler := filepath.Join(data, "filler")
	fill(t, filler)
	eventually(t, "a refusal", func() bool {
		got := call(t, api.client, at.Gateway+"/uji/Data", key)
		return got.status == http.StatusServiceUnavailable && strings.Contains(got.text, "penuh") && strings.Contains(got.text, "kosongkan ruang")
	})
	if got := call(t, api.client, at.Gateway+"/readyz", ""); got.status != http.StatusServiceUnavailable || !strings.Contains(got.text, "disk of the evidence journal is full") {
		t.Errorf("readyz: %d %s", got.status, got.text)
	}
	if got := call(t, api.client, at.Control+"/metrics", ""); !strings.Contains(got.text, "\nsimpul_journal_trouble 1\n") || !strings.Contains(got.text, "\nsimpul_journal_free_bytes ") {
		t.Errorf("metrics: %s", got.text)
	}

	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	eventually(t, "an answer", func() bool {
		return call(t, api.client, at.Gateway+"/uji/Data", key).status == http.StatusOK
	})
	if got := call(t, api.client, at.Gateway+"/readyz", ""); got.status != http.StatusOK {
		t.Errorf("readyz: %d %s", got.status, got.text)
	}
}

// fill writes until nothing fits any more.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for b := make([]byte, 4096); ; {
		if _, err := f.Write(b); err != nil {
			return
		}
	}
}
