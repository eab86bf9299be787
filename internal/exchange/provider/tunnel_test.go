package provider

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/exchange/wire"
)

// shouting switches to a protocol that says everything back in capitals; to other
// calls it tells the protocol of HTTP.
func shouting(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") == "" {
		w.Header().Set("X-Proto", r.Proto)
		return
	}
	c, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotImplemented)
		return
	}
	defer c.Close()
	io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nServer: rahasia\r\n\r\n")
	for {
		line, err := buffered.ReadString('\n')
		if err != nil {
			return
		}
		io.WriteString(c, strings.ToUpper(line))
	}
}

func upgradable(t *testing.T, base string) (*simpul.Route, *http.Request) {
	t.Helper()
	upstream, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.URL = &url.URL{Path: "/"}
	return &simpul.Route{Address: "uji/Soket", Owner: "penyedia.go.id", Upstream: upstream, Timeout: 5 * time.Second}, r
}

// An origin that would choose HTTP/2 switches all the same, and is called by
// HTTP/2 otherwise.
func TestAnOriginOfHTTP2SwitchesProtocols(t *testing.T) {
	origin := httptest.NewUnstartedServer(http.HandlerFunc(shouting))
	origin.EnableHTTP2 = true
	origin.StartTLS()
	t.Cleanup(origin.Close)
	roots := x509.NewCertPool()
	roots.AddCert(origin.Certificate())
	c := New(4)
	c.wire = wire.New(4, &tls.Config{RootCAs: roots})
	c.second.transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	c.tunnels = wire.New(4, &tls.Config{RootCAs: roots, NextProtos: []string{"http/1.1"}})
	t.Cleanup(c.Close)

	route, r := upgradable(t, origin.URL)
	r.Header.Set("Upgrade", "websocket")
	res, err := c.Call(route, r)
	if err != nil || res.StatusCode != http.StatusSwitchingProtocols || res.Header.Get("Server") != "" {
		t.Fatalf("%v %v", err, res)
	}
	stream, ok := res.Body.(io.ReadWriteCloser)
	if !ok {
		t.Fatalf("the body is %T", res.Body)
	}
	defer stream.Close()
	lines := bufio.NewReader(stream)
	for _, word := range []string{"halo\n", "lagi\n"} {
		io.WriteString(stream, word)
		if got, err := lines.ReadString('\n'); err != nil || got != strings.ToUpper(word) {
			t.Fatalf("%v %q", err, got)
		}
	}
	route, r = upgradable(t, origin.URL)
	if res, err = c.Call(route, r); err != nil || res.Header.Get("X-Proto") != "HTTP/2.0" {
		t.Fatalf("%v %v", err, res)
	}
	res.Body.Close()
}

func TestAnOriginIsCalledByHTTP2WithoutTLS(t *testing.T) {
	origin := httptest.NewUnstartedServer(http.HandlerFunc(shouting))
	origin.Config.Protocols = new(http.Protocols)
	origin.Config.Protocols.SetUnencryptedHTTP2(true)
	origin.Start()
	t.Cleanup(origin.Close)
	c := New(4)
	t.Cleanup(c.Close)
	route, r := upgradable(t, strings.Replace(origin.URL, "http", "h2c", 1))
	res, err := c.Call(route, r)
	if err != nil || res.Header.Get("X-Proto") != "HTTP/2.0" {
		t.Fatalf("%v %v", err, res)
	}
	res.Body.Close()
	if route.Upstream.Scheme != "h2c" {
		t.Error("the route was changed")
	}
	r.Header.Set("Upgrade", "websocket")
	if _, err := c.Call(route, r); simpul.CodeOf(err) != simpul.CodeUpstream {
		t.Errorf("a switch from HTTP/2: %v", err)
	}
}

// trailing is a body whose trailer is known when it has been read.
type trailing struct {
	io.Reader
	at http.Header
}

func (b trailing) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		b.at["X-Sum"] = []string{"42"}
	}
	return n, err
}

func TestTheTrailerOfACallReachesAnOriginOfHTTP2(t *testing.T) {
	origin := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("X-Got", r.Trailer.Get("X-Sum"))
	}))
	origin.Config.Protocols = new(http.Protocols)
	origin.Config.Protocols.SetUnencryptedHTTP2(true)
	origin.Start()
	t.Cleanup(origin.Close)
	c := New(4)
	t.Cleanup(c.Close)
	route, r := upgradable(t, strings.Replace(origin.URL, "http", "h2c", 1))
	r.Method, r.Trailer = http.MethodPost, http.Header{"X-Sum": nil}
	r.Body, r.ContentLength = io.NopCloser(trailing{strings.NewReader("isi"), r.Trailer}), -1
	res, err := c.Call(route, r)
	if err != nil || res.Header.Get("X-Got") != "42" {
		t.Fatalf("%v %v", err, res)
	}
	res.Body.Close()
}
