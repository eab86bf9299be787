package main

import (
	"net/http"
	"slices"
	"testing"
)

const oneNotice = `{"id":"n-1","topic":"key.expiring","title":{"id":"Kunci berakhir","en":"A key expires"},"body":{"id":""},"due":"2026-11-28T00:00:00Z","link":"/aplikasi","state":"unread","urgent":false}`

func TestInboxLists(t *testing.T) {
	hub := newFakeHub(t)
	hub.hold(t, "/notices/n-1", oneNotice)
	hub.simpul(t, "inbox", "list").expect(t, 0, "KEADAAN", "n-1  unread   2026-11-28T00:00:00Z  Kunci berakhir  /aplikasi")
	hub.simpul(t, "inbox", "list", "--unread", "--lang=en").expect(t, 0, "A key expires")
	hub.simpul(t, "inbox", "list", "-o", "json").expect(t, 0, `"topic":"key.expiring"`)
	if !slices.Contains(hub.requests, "GET /notices?unread=true") {
		t.Errorf("asked %q", hub.requests)
	}
}

func TestInboxMarks(t *testing.T) {
	hub := newFakeHub(t)
	hub.hold(t, "/notices/n-1", oneNotice)
	hub.simpul(t, "inbox", "done", "n-1").expect(t, 0, "Notice n-1 done")
	hub.simpul(t, "inbox", "read", "n-1").expect(t, 0, "Notice n-1 read")
	hub.simpul(t, "inbox", "read", "..").expect(t, 2, "tidak sah")
	hub.simpul(t, "inbox", "read", "n-9").expect(t, 1, "Tidak ditemukan")
	if !slices.Contains(hub.requests, http.MethodPatch+" /notices/n-1") {
		t.Errorf("asked %q", hub.requests)
	}
}
