package app_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
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

// A provider that has answered gets no more of the upload, and what it got is a
// beginning of it: never the whole, with a gap.
func TestAProviderThatAnswersEarlyGetsABeginning(t *testing.T) {
	body := make([]byte, 12<<20)
	for i := range body {
		body[i] = byte(i >> 12)
	}
	got, fault := make(chan []byte, 1), make(chan error, 1)
	early := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.NewResponseController(w).EnableFullDuplex()
		first := make([]byte, 1)
		io.ReadFull(r.Body, first)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "12")
		io.WriteString(w, `{"items":[]}`)
		http.NewResponseController(w).Flush()
		rest, err := io.ReadAll(r.Body)
		got <- append(first, rest...)
		fault <- err
	}))
	t.Cleanup(early.Close)
	hub := newSite(t).serve(t)
	key := hub.settle(t)
	hub.offer(t, "Dini", early.URL, object{"maxBodyBytes": 100_000_000}, nil)

	for _, framing := range []string{"Content-Length: " + strconv.Itoa(len(body)), "Transfer-Encoding: chunked"} {
		c := dial(t, hub.gateway, 1)[0]
		c.SetDeadline(time.Now().Add(patience))
		io.WriteString(c, request("POST", "/uji/Dini", framing, "X-API-Key: "+key))
		text := body
		if strings.Contains(framing, "chunked") {
			text = slices.Concat([]byte(strconv.FormatInt(int64(len(body)), 16)+"\r\n"), body, []byte("\r\n0\r\n\r\n"))
		}
		if _, err := c.Write(text); err != nil {
			t.Fatalf("%s: %v", framing, err)
		}
		if heads, _ := answersOn(c); statuses(heads) != "200" {
			t.Fatalf("%s: %q", framing, statuses(heads))
		}
		if part, err := <-got, <-fault; err == nil || len(part) == len(body) || !bytes.HasPrefix(body, part) {
			t.Errorf("%s: the provider got %d bytes (%v), which are not a beginning", framing, len(part), err)
		}
	}
}
