package proxied

import (
	"bytes"
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func nobody(netip.Addr) bool     { return false }
func loopback(a netip.Addr) bool { return a == netip.MustParseAddr("127.0.0.1") }

// echo serves HTTP that answers with the client's address.
func echo(t *testing.T, trusts func(netip.Addr) bool, patience time.Duration) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{ReadHeaderTimeout: 30 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		io.WriteString(w, "<"+r.RemoteAddr+">")
	})}
	go s.Serve(Listen(l, trusts, patience))
	t.Cleanup(func() { s.Close() })
	return l.Addr().String()
}

const ask = "GET / HTTP/1.1\r\nHost: hub\r\n\r\n"

// say sends bytes and returns all that comes back.
func say(t *testing.T, address, text string) string {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(30 * time.Second))
	io.WriteString(c, text)
	got, err := io.ReadAll(c)
	if err != nil && !strings.Contains(err.Error(), "reset") {
		t.Fatalf("%q: %v", text, err)
	}
	return string(got)
}

// v2 writes a header of version 2: its command and family, and what follows.
func v2(command, family byte, rest string) string {
	body, err := hex.DecodeString(rest)
	if err != nil {
		panic(err)
	}
	head := append([]byte("\r\n\r\n\x00\r\nQUIT\n"), 0x20|command, family, byte(len(body)>>8), byte(len(body)))
	return string(append(head, body...))
}

const (
	of4 = "cb007109" + "0a000001" + "dd05" + "01bb" // 203.0.113.9:56581 → 10.0.0.1:443
	of6 = "20010db8000000000000000000000009" + "20010db8000000000000000000000001" + "dd05" + "01bb"
)

func TestAProxyTellsTheClientsAddress(t *testing.T) {
	at := echo(t, loopback, 10*time.Second)
	for name, c := range map[string]struct{ prefix, want string }{
		"version 1":              {"PROXY TCP4 203.0.113.9 10.0.0.1 56581 443\r\n", "<203.0.113.9:56581>"},
		"version 1, IPv6":        {"PROXY TCP6 2001:db8::9 2001:db8::1 56581 443\r\n", "<[2001:db8::9]:56581>"},
		"version 2":              {v2(1, 0x11, of4), "<203.0.113.9:56581>"},
		"version 2, IPv6":        {v2(1, 0x21, of6), "<[2001:db8::9]:56581>"},
		"version 2, extensions":  {v2(1, 0x11, of4+"010002"+"6832"), "<203.0.113.9:56581>"},
		"the proxy for itself":   {v2(0, 0x00, ""), "<127.0.0.1:"},
		"for itself, with a lie": {v2(0, 0x11, of4), "<127.0.0.1:"},
	} {
		if got := say(t, at, c.prefix+ask); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %s", name, got, c.want)
		}
	}
}

// What a proxy says wrongly ends the connection, and is never answered.
func TestAWordThatCannotBeReadEndsTheConnection(t *testing.T) {
	at := echo(t, loopback, 10*time.Second)
	for name, prefix := range map[string]string{
		"none":                 "",
		"unknown":              "PROXY UNKNOWN\r\n",
		"unknown with a lie":   "PROXY UNKNOWN 10.0.0.1 10.0.0.1 1 1\r\n",
		"bare LF":              "PROXY TCP4 203.0.113.9 10.0.0.1 1 1\n",
		"two spaces":           "PROXY  TCP4 203.0.113.9 10.0.0.1 1 1\r\n",
		"another family":       "PROXY TCP4 2001:db8::9 2001:db8::1 1 1\r\n",
		"a zone":               "PROXY TCP6 fe80::1%eth0 2001:db8::1 1 1\r\n",
		"a port too large":     "PROXY TCP4 203.0.113.9 10.0.0.1 65536 1\r\n",
		"a signed port":        "PROXY TCP4 203.0.113.9 10.0.0.1 +1 1\r\n",
		"a name":               "PROXY TCP4 hub.go.id 10.0.0.1 1 1\r\n",
		"too few words":        "PROXY TCP4 203.0.113.9\r\n",
		"too many words":       "PROXY TCP4 203.0.113.9 10.0.0.1 1 1 1\r\n",
		"lower case":           "proxy TCP4 203.0.113.9 10.0.0.1 1 1\r\n",
		"endless":              "PROXY TCP4 " + strings.Repeat("1", 4096),
		"a NUL":                "PROXY TCP4 203.0.113.9\x00 10.0.0.1 1 1\r\n",
		"version 3":            strings.Replace(v2(1, 0x11, of4), "\x21", "\x31", 1),
		"another command":      v2(7, 0x11, of4),
		"no family":            v2(1, 0x00, ""),
		"UDP":                  v2(1, 0x12, of4),
		"a socket's path":      v2(1, 0x31, strings.Repeat("61", 216)),
		"shorter than its say": v2(1, 0x11, of4[:8]),
	} {
		if got := say(t, at, prefix+ask); got != "" {
			t.Errorf("%s: answered %q", name, got)
		}
	}
}

func TestASlowProxyIsNotWaitedFor(t *testing.T) {
	at := echo(t, loopback, time.Second)
	for name, part := range map[string]string{"nothing": "", "half of version 1": "PROXY TC", "half of version 2": v2(1, 0x11, of4)[:20]} {
		if got := say(t, at, part); got != "" {
			t.Errorf("%s: answered %q", name, got)
		}
	}
	if got := say(t, at, v2(1, 0x11, of4)+ask); !strings.Contains(got, "<203.0.113.9:56581>") {
		t.Errorf("after slow ones: %q", got)
	}
}

// What a client writes that is no proxy is no address, but a malformed call.
func TestNobodyElseIsBelieved(t *testing.T) {
	at := echo(t, nobody, 10*time.Second)
	if got := say(t, at, ask); !strings.Contains(got, "<127.0.0.1:") {
		t.Errorf("a plain call: %q", got)
	}
	for _, prefix := range []string{"PROXY TCP4 203.0.113.9 10.0.0.1 1 1\r\n", v2(1, 0x11, of4)} {
		if got := say(t, at, prefix+ask); strings.Contains(got, "203.0.113.9") || strings.Contains(got, "200 OK") {
			t.Errorf("%q: %q", prefix, got)
		}
	}
}

// pipe is a connection of which a part is read from memory.
type pipe struct {
	net.Conn
	r io.Reader
}

func (p pipe) Read(b []byte) (int, error)       { return p.r.Read(b) }
func (p pipe) RemoteAddr() net.Addr             { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9} }
func (p pipe) LocalAddr() net.Addr              { return p.RemoteAddr() }
func (p pipe) SetReadDeadline(time.Time) error  { return nil }
func (p pipe) SetWriteDeadline(time.Time) error { return nil }
func (p pipe) Close() error                     { return nil }

// once is a listener with one connection.
type once struct {
	net.Listener
	c net.Conn
}

func (o once) Accept() (net.Conn, error) { return o.c, nil }

// Whatever comes first, the address is the proxy's or one that TCP may have, and
// what is passed on is what followed it.
func FuzzProxyHeader(f *testing.F) {
	for _, seed := range []string{"PROXY TCP4 203.0.113.9 10.0.0.1 56581 443\r\n", v2(1, 0x11, of4), v2(1, 0x21, of6), v2(0, 0, ""), ask} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, prefix []byte) {
		const rest = "\x00the rest\r\n"
		all := append(bytes.Clone(prefix), rest...)
		l := Listen(once{c: pipe{r: bytes.NewReader(all)}}, loopback, time.Second)
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		tcp, ok := c.RemoteAddr().(*net.TCPAddr)
		if !ok || len(tcp.IP) != 4 && len(tcp.IP) != 16 {
			t.Fatalf("%q: address %v", prefix, c.RemoteAddr())
		}
		got, err := io.ReadAll(c)
		if !bytes.HasSuffix(all, got) {
			t.Errorf("%q: read %q", prefix, got)
		}
		if err != nil && (len(got) > 0 || tcp.Port != 9) {
			t.Errorf("%q: %v, yet %q from %v", prefix, err, got, tcp)
		}
	})
}
