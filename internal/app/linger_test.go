package app_test

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Who is refused while it still sends, and reads only when it has sent all, gets
// its answer all the same: the hub does not hang up on it.
func TestARefusalReachesWhoStillSends(t *testing.T) {
	const size = 12 << 20 // more than the buffers of a connection hold
	hub := newSite(t).serve(t)
	for _, c := range []struct{ name, at, request, want string }{
		{"no key", hub.gateway, request("POST", "/uji/Data", "Content-Length: "+strconv.Itoa(size)), "401"},
		{"no token", strings.TrimSuffix(hub.control.url, "/api/v1"), request("PUT", "/api/v1/lids/uji/Data", "Content-Type: application/json", "Content-Length: "+strconv.Itoa(size)), "401"},
		{"no session", strings.TrimSuffix(hub.control.url, "/api/v1"), request("POST", "/kode/uji/berkas", "Content-Type: text/csv", "Content-Length: "+strconv.Itoa(size)), "303"},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn := dial(t, c.at, 1)[0]
			conn.SetDeadline(time.Now().Add(patience))
			if _, err := io.WriteString(conn, c.request); err != nil {
				t.Fatal(err)
			}
			if n, err := conn.Write(bytes.Repeat([]byte("x"), size)); err != nil {
				t.Fatalf("after %d bytes: %v", n, err)
			}
			if heads, bodies := answersOn(conn); statuses(heads) != c.want {
				t.Errorf("%q %s", statuses(heads), bodies)
			}
		})
	}
}
