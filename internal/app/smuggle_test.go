package app_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Two programs that read one stream of bytes in different ways let a stranger put
// a request of his own (here the canary) into the conversation between them. The
// corpus holds what is known to divide readers. Each case goes to the hub over a
// raw connection; behind the hub stand programs with readers of their own, and a
// recorder that notes what they understood. What must be true of every case:
//
//   - The recorder saw the calls that the hub has on record, with the same bodies,
//     and nothing else.
//   - An answer tells of the exchange that it belongs to, and of no other.
//   - Where the end of a message is doubtful the hub ends the connection.
//   - The hub serves the next caller.

// hostile is one case of the corpus.
type hostile struct {
	name  string
	bytes string
	must  string // the verdict
	ends  bool   // the sender says that it has finished, instead of sending the probe
}

// refused is the verdict that nothing is served, at most one refusal is said, and
// the connection ends. Any other verdict is the statuses in order, those of the
// canary behind and of the probe included.
const refused = "refused"

// corpus is every case for one LID.
func corpus(lid, key string) []hostile {
	c := caller{lid: lid, key: "X-API-Key: " + key}
	var all []hostile
	for _, part := range [][]hostile{c.lengths(), c.codings(), c.chunks(), c.trailers(), c.heads(), c.targets(), c.versions(), c.upgrades(), c.bodies()} {
		all = append(all, part...)
	}
	return all
}

// caller writes the requests of the corpus.
type caller struct{ lid, key string }

const chunking = "Transfer-Encoding: chunked"

// inner is the canary as it stands within a body: a request to the origin itself.
const inner = "GET /kenari HTTP/1.1\r\nHost: asal\r\nExchange-Id: kenari\r\n\r\n"

// behind is the canary as it stands behind a request: one to the hub.
func (c caller) behind() string { return c.get("/kenari") }

func (c caller) path(below string) string { return "/uji/" + c.lid + below }

func (c caller) get(below string, headers ...string) string {
	return request("GET", c.path(below), append(headers, c.key)...)
}

func (c caller) post(body string, headers ...string) string {
	return request("POST", c.path(""), append(headers, c.key)...) + body
}

// meets reports whether what came back fits the verdict.
func meets(verdict string, heads []*http.Response) bool {
	if verdict == refused {
		return len(heads) == 0 || len(heads) == 1 && heads[0].StatusCode >= 400
	}
	return statuses(heads) == verdict
}

func TestNothingIsSmuggled(t *testing.T) {
	hub := newSite(t).serve(t, "LIMITS_GRACE=2s")
	key := hub.settle(t)
	seen := newRecorder(t)
	for _, o := range origins(t, seen) {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			lid := o.lid
			hub.offer(t, lid, o.start(t), object{"maxBodyBytes": 100_000}, nil)
			for _, h := range corpus(lid, key) {
				t.Run(h.name, func(t *testing.T) { h.try(t, hub) })
				hub.stillServes(t, lid, key)
			}
			reconcile(t, hub, lid, seen.of(o.name))
		})
	}
}

// try lets the case happen.
func (h hostile) try(t *testing.T, hub *process) {
	t.Helper()
	heads, bodies := h.on(t, hub.gateway)
	if !meets(h.must, heads) {
		t.Errorf("%q, must be %q: %.300q", statuses(heads), h.must, bodies)
	}
	for i, head := range heads {
		if head.StatusCode >= 200 {
			explains(t, head, bodies[i])
			belongs(t, head, bodies[i])
		}
	}
}

// on sends the bytes and the probe, or says that nothing follows, and returns
// what came back.
func (h hostile) on(t *testing.T, url string) ([]*http.Response, []string) {
	t.Helper()
	if !h.ends {
		return attack{input: h.bytes}.on(t, url)
	}
	c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience))
	io.WriteString(c, h.bytes)
	c.(*net.TCPConn).CloseWrite()
	return answersOn(c)
}

// belongs checks that an answer of the recorder went to whom it was meant for.
func belongs(t *testing.T, head *http.Response, body string) {
	t.Helper()
	switch media := head.Header.Get("Content-Type"); {
	case head.Header.Get("Exchange-Id") == "" || media == "application/problem+json":
		return
	case head.StatusCode != http.StatusOK:
		t.Errorf("the origin did not like what the hub sent: %d %.300q", head.StatusCode, body)
		return
	}
	var told struct{ Items []struct{ Kode string } }
	if err := json.Unmarshal([]byte(body), &told); err != nil || len(told.Items) != 1 || told.Items[0].Kode != head.Header.Get("Exchange-Id") {
		t.Errorf("the answer of exchange %s is %.300q (%v)", head.Header.Get("Exchange-Id"), body, err)
	}
}

// stillServes makes a harmless call on a new connection.
func (p *process) stillServes(t *testing.T, lid, key string) {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(p.gateway, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience))
	io.WriteString(c, request("GET", "/uji/"+lid+"/baik", "X-API-Key: "+key, "Connection: close"))
	head, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(head.Body)
	if err != nil || head.StatusCode != http.StatusOK {
		t.Fatalf("a good call: %d %v %s", head.StatusCode, err, body)
	}
	belongs(t, head, string(body))
}
