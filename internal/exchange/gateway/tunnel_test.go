package gateway

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"simpul"
)

// echoing is a provider's WebSocket that says back what it hears.
func echoing(t *testing.T) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"uji"}})
		if err != nil {
			return
		}
		defer c.CloseNow()
		c.SetReadLimit(1 << 20)
		for {
			kind, message, err := c.Read(t.Context())
			if err != nil {
				return
			}
			c.Write(t.Context(), kind, message)
		}
	}
}

func (h *hub) switching() *hub {
	h.route.Delivery = &simpul.Delivery{Upgrade: true}
	return h
}

func (h *hub) dial(t *testing.T) (*websocket.Conn, *http.Response, error) {
	t.Helper()
	c, res, err := websocket.Dial(t.Context(), h.url+"/master/Kota", &websocket.DialOptions{HTTPHeader: http.Header{"X-Api-Key": {"good"}}, Subprotocols: []string{"uji"}})
	if err == nil {
		t.Cleanup(func() { c.CloseNow() })
	}
	return c, res, err
}

func (h *hub) mustDial(t *testing.T) (*websocket.Conn, *http.Response) {
	t.Helper()
	c, res, err := h.dial(t)
	if err != nil {
		t.Fatal(err)
	}
	return c, res
}

// mustEcho says something and hears it back.
func mustEcho(t *testing.T, c *websocket.Conn, text string) {
	t.Helper()
	c.SetReadLimit(1 << 20)
	if err := c.Write(t.Context(), websocket.MessageText, []byte(text)); err != nil {
		t.Fatal(err)
	}
	if _, got, err := c.Read(t.Context()); err != nil || string(got) != text {
		t.Fatalf("%v: %d bytes", err, len(got))
	}
}

func TestAWebSocketPassesAndIsRecorded(t *testing.T) {
	for _, class := range []simpul.LIDClass{simpul.Terbuka, simpul.Terbatas} {
		h := newHub(t, echoing(t)).switching()
		h.route.Class = class
		c, res := h.mustDial(t)
		if c.Subprotocol() != "uji" || res.Header.Get("Exchange-Id") == "" || res.Header.Get("Traceparent") == "" || res.Header.Get("LID-Version") != "1.0" {
			t.Errorf("head %v", res.Header)
		}
		if h.received.Header.Get("X-Api-Key") != "" || h.received.Header.Get("Simpul-Application") == "" {
			t.Errorf("the provider saw %v", h.received.Header)
		}
		if len(h.opened) != 1 || len(h.sealed) != 0 {
			t.Errorf("opened %d, sealed %d", len(h.opened), len(h.sealed))
		}
		mustEcho(t, c, "halo")
		mustEcho(t, c, strings.Repeat("x", 100_000))
		if err := c.Close(websocket.StatusNormalClosure, ""); err != nil {
			t.Error(err)
		}
		<-h.recorded
		x := h.record(t)
		if x.Status != 101 || x.Outcome != "" || x.RequestBytes < 100_000 || x.ResponseBytes < 100_000 || x.Latency <= 0 || x.RequestDigest != "" {
			t.Errorf("record %+v", x)
		}
	}
}

func TestWhoMaySwitch(t *testing.T) {
	good := []string{"Connection", "keep-alive, Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}
	with := func(name, value string) []string { return append([]string{name, value}, good...) }
	but := func(name, value string) []string {
		changed := append([]string{}, good...)
		for i := 0; i < len(changed); i += 2 {
			if changed[i] == name {
				changed[i+1] = value
			}
		}
		return changed
	}
	for name, c := range map[string]struct {
		header []string
		change func(*hub)
		method string
		want   string
	}{
		"it":               {good, func(*hub) {}, "GET", "101"},
		"capitals":         {but("Upgrade", "WebSocket"), func(*hub) {}, "GET", "101"},
		"no such LID":      {good, func(h *hub) { h.route.Delivery = nil }, "GET", "400"},
		"not this LID":     {good, func(h *hub) { h.route.Delivery = &simpul.Delivery{} }, "GET", "400"},
		"some fields":      {good, func(h *hub) { h.decision.Obligations.Fields = simpul.FieldSet{"a": nil} }, "GET", "403"},
		"POST":             {good, func(*hub) {}, "POST", "400"},
		"with a body":      {with("Content-Length", "3"), func(*hub) {}, "GET", "400"},
		"chunked":          {with("Transfer-Encoding", "chunked"), func(*hub) {}, "GET", "400"},
		"a near word":      {but("Upgrade", "websocket/13"), func(*hub) {}, "GET", "400"},
		"two protocols":    {but("Upgrade", "websocket, h2c"), func(*hub) {}, "GET", "400"},
		"two fields":       {with("Upgrade", "websocket"), func(*hub) {}, "GET", "400"},
		"no Connection":    {but("Connection", "keep-alive"), func(*hub) {}, "GET", "400"},
		"another version":  {but("Sec-WebSocket-Version", "8"), func(*hub) {}, "GET", "400"},
		"a short key":      {but("Sec-WebSocket-Key", "AAAA"), func(*hub) {}, "GET", "400"},
		"two keys":         {with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), func(*hub) {}, "GET", "400"},
		"no grant":         {good, func(h *hub) { h.decide = &simpul.Error{Code: simpul.CodeDenied} }, "GET", "403"},
		"not recordable":   {good, func(h *hub) { h.openErr = errors.New("disk full") }, "GET", "500"},
		"a hub that stops": {good, func(h *hub) { h.gateway.Drain() }, "GET", "503"},
	} {
		h := newHub(t, echoing(t)).switching()
		c.change(h)
		if got := h.raw(t, c.method, c.header, "")[:3]; got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if c.want != "101" && h.received != nil {
			t.Errorf("%s: the provider was called", name)
		}
	}
}

// A wish for another protocol than WebSocket is not granted and does no harm: the
// provider hears nothing of it, whether its LID switches to WebSocket or not.
func TestAWishForAnotherProtocolIsIgnored(t *testing.T) {
	for name, header := range map[string][]string{
		"h2c":                {"Connection", "Upgrade, HTTP2-Settings", "Upgrade", "h2c", "HTTP2-Settings", "AAMAAABk"},
		"h2c, not named":     {"Upgrade", "h2c", "HTTP2-Settings", "AAMAAABk"},
		"h2c with WebSocket": {"Connection", "Upgrade", "Upgrade", "h2c", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
		"TLS":                {"Connection", "Upgrade", "Upgrade", "TLS/1.0"},
		"two":                {"Connection", "Upgrade", "Upgrade", "h2c, TLS/1.3"},
		"two fields":         {"Connection", "Upgrade", "Upgrade", "h2c", "Upgrade", "TLS/1.3"},
		"empty":              {"Connection", "Upgrade", "Upgrade", ""},
	} {
		for _, delivery := range []*simpul.Delivery{nil, {Upgrade: true}} {
			h := newHub(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "jawab") })
			h.route.Delivery = delivery
			if got := h.raw(t, "GET", header, ""); !strings.HasPrefix(got, "200") {
				t.Fatalf("%s: %s", name, got)
			}
			<-h.recorded
			for _, field := range []string{"Upgrade", "Connection", "Http2-Settings"} {
				if got := h.received.Header[field]; got != nil {
					t.Errorf("%s: the provider was sent %s %q", name, field, got)
				}
			}
		}
	}
}

// raw makes a call as it is written, and returns the status line after the version,
// and all that follows the head when more is given.
func (h *hub) raw(t *testing.T, method string, header []string, more string) string {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(30 * time.Second))
	fmt.Fprintf(c, "%s /master/Kota HTTP/1.1\r\nHost: hub\r\nX-Api-Key: good\r\n", method)
	for i := 0; i+1 < len(header); i += 2 {
		fmt.Fprintf(c, "%s: %s\r\n", header[i], header[i+1])
	}
	io.WriteString(c, "\r\n"+more)
	reader := bufio.NewReader(c)
	res, err := http.ReadResponse(reader, &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	rest := ""
	if more != "" {
		b, _ := io.ReadAll(reader)
		rest = string(b)
	}
	return fmt.Sprint(res.StatusCode) + rest
}

func TestAProviderThatDoesNotSwitchAnswersAsEver(t *testing.T) {
	h := newHub(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "nanti", http.StatusConflict) }).switching()
	if _, res, err := h.dial(t); err == nil || res.StatusCode != http.StatusConflict {
		t.Errorf("%v %v", err, res)
	}
	<-h.recorded
	if x := h.record(t); x.Status != 409 || x.Outcome != "" || x.ResponseBytes == 0 {
		t.Errorf("record %+v", x)
	}
}

// An answer that switches to something else, or for somebody else, is no answer.
func TestASwitchMustBeForTheRequest(t *testing.T) {
	for name, head := range map[string]string{
		"another key":      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n",
		"no key":           "Connection: Upgrade\r\nUpgrade: websocket\r\n",
		"another protocol": "Connection: Upgrade\r\nUpgrade: h2c\r\n",
	} {
		h := newHub(t, func(w http.ResponseWriter, r *http.Request) {
			c, _, _ := http.NewResponseController(w).Hijack()
			defer c.Close()
			io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\n"+head+"\r\n")
			io.Copy(io.Discard, c)
		}).switching()
		if _, res, err := h.dial(t); err == nil || res.StatusCode != http.StatusBadGateway {
			t.Errorf("%s: %v %v", name, err, res)
		}
		<-h.recorded
		if x := h.record(t); x.Outcome != simpul.CodeUpstream {
			t.Errorf("%s: record %+v", name, x)
		}
	}
}

// What leaves HTTP is WebSocket and nothing else.
func TestATunnelCarriesWebSocketOnly(t *testing.T) {
	ask := []string{"Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}
	var heard atomic.Int64
	h := newHub(t, func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer c.CloseNow()
		if _, _, err := c.Read(t.Context()); err == nil {
			heard.Add(1)
		}
	}).switching()
	got := h.raw(t, "GET", ask, "GET /admin HTTP/1.1\r\nHost: asal\r\n\r\n")
	if !strings.HasPrefix(got, "101\x88\x02\x03\xea") || heard.Load() > 0 {
		t.Errorf("got %q", got)
	}
	<-h.recorded
	if x := h.record(t); x.Outcome != simpul.CodeInvalid || x.RequestBytes != 0 {
		t.Errorf("record %+v", x)
	}
}

func TestFramesAreFollowed(t *testing.T) {
	long := strings.Repeat("x", 70_000)
	for text, want := range map[string]struct {
		ok, between bool
	}{
		"\x81\x05halo!":                 {true, true},
		"\x81\x05halo!\x81":             {true, false},
		"\x81\x05hal":                   {true, false},
		"\x82\x7e\x00\x80" + long[:128]: {true, true},
		"\x82\x7f\x00\x00\x00\x00\x00\x01\x11\x70" + long: {true, true},
		"\x01\x01a\x89\x00\x80\x01b":                      {true, true},
		"\xc1\x01a":                                       {true, true}, // compressed, as both agreed
		"\x88\x02\x03\xe8":                                {true, false},
		"\x88\x00\x81\x00":                                {false, false}, // after the end
		"\x81\x85aaaahalo!":                               {false, false}, // masked by a server
		"\x83\x00":                                        {false, false},
		"\x8b\x00":                                        {false, false},
		"\x09\x00":                                        {false, false}, // a control frame in parts
		"\x89\x7e\x00\x80":                                {false, false},
		"\x82\x7f\x80\x00\x00\x00\x00\x00\x00\x00": {false, false},
		"HTTP/1.1 200 OK\r\n":                      {false, false},
	} {
		for _, step := range []int{1, 3, len(text)} {
			var f frames
			var err error
			for rest := text; rest != "" && err == nil; {
				n := min(step, len(rest))
				err, rest = f.feed([]byte(rest[:n])), rest[n:]
			}
			if (err == nil) != want.ok || err == nil && f.between() != want.between {
				t.Errorf("%.20q by %d: %v, between %v", text, step, err, f.between())
			}
		}
	}
	client := frames{masked: true}
	if err := client.feed(client.closeFrame(closeGoingAway)); err != nil || !client.closed {
		t.Errorf("the hub's own close frame: %v", err)
	}
}

func FuzzFrames(f *testing.F) {
	f.Add([]byte("\x81\x85aaaahalo!\x88\x80aaaa"), 3)
	f.Fuzz(func(t *testing.T, text []byte, at int) {
		one, two := frames{masked: true}, frames{masked: true}
		at = max(0, min(at, len(text)))
		first := one.feed(text)
		second := two.feed(text[:at])
		if second == nil {
			second = two.feed(text[at:])
		}
		if (first == nil) != (second == nil) || first == nil && (one.left != two.left || one.have != two.have || one.closed != two.closed) {
			t.Errorf("%q is read in two ways, cut at %d", text, at)
		}
	})
}

func TestAWebSocketPassesOverTLS(t *testing.T) {
	h := newHub(t, echoing(t)).switching()
	front := httptest.NewUnstartedServer(h.gateway)
	front.EnableHTTP2 = true
	front.StartTLS()
	t.Cleanup(front.Close)
	c, _, err := websocket.Dial(t.Context(), front.URL+"/master/Kota", &websocket.DialOptions{HTTPHeader: http.Header{"X-Api-Key": {"good"}},
		HTTPClient: &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: front.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, NextProtos: []string{"http/1.1"}}}}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseNow()
	mustEcho(t, c, "halo")
	c.Close(websocket.StatusNormalClosure, "")
	<-h.recorded
}

// watched tells of each time that a credential was looked at.
type watched struct {
	*standings
	from chan string
}

func (w *watched) Authenticate(r *http.Request, key simpul.Secret) (simpul.Consumer, error) {
	w.from <- r.Header.Get("X-Forwarded-For")
	return w.standings.Authenticate(r, key)
}

// Whether a credential goes on to count is judged by the request as it came: from
// where, a proxy has said.
func TestATunnelIsJudgedByTheRequestThatOpenedIt(t *testing.T) {
	h := newHub(t, echoing(t)).switching()
	s := &watched{&standings{hub: h}, make(chan string, 100)}
	h.gateway.auth = s
	c, _, err := websocket.Dial(t.Context(), h.url+"/master/Kota", &websocket.DialOptions{HTTPHeader: http.Header{"X-Api-Key": {"good"}, "X-Forwarded-For": {"203.0.113.9"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseNow()
	for range 2 {
		if from := <-s.from; from != "203.0.113.9" {
			t.Errorf("judged as from %q", from)
		}
	}
	mustEcho(t, c, "halo")
	c.Close(websocket.StatusNormalClosure, "")
	<-h.recorded
}
