package app_test

import (
	"bytes"
	"io"
	"strconv"
	"testing"
	"time"
)

// Who is refused while it still sends, and reads only when it has sent all, gets
// its answer all the same: the hub does not hang up on it.
func TestARefusalReachesWhoStillSends(t *testing.T) {
	hub := newSite(t).serve(t)
	const size = 12 << 20 // more than the buffers of a connection hold
	c := dial(t, hub.gateway, 1)[0]
	c.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(c, request("POST", "/uji/Data", "Content-Length: "+strconv.Itoa(size))); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Write(bytes.Repeat([]byte("x"), size)); err != nil {
		t.Fatalf("after %d bytes: %v", n, err)
	}
	if heads, _ := answersOn(c); statuses(heads) != "401" {
		t.Errorf("%q", statuses(heads))
	}
}
