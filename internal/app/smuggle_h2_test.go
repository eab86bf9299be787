package app_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// What comes as HTTP/2 goes on as HTTP/1.1, in which a line end within a field, a
// transfer coding or a length that is not the body's would be borders of a
// message. Each case is written frame by frame.

// field is one line of a head, pseudo or not.
type field struct{ name, value string }

// downgrade is one case: what is sent on the first stream of a connection.
type downgrade struct {
	name    string
	fields  []field
	body    string
	trailer []field
	must    string // the status, or "no": refused, reset or hung up; or either
}

const no = "no"

// stream is a head as it should be, but for the fields that replace or follow.
func stream(lid, key, method string, more ...field) []field {
	all := []field{{":method", method}, {":scheme", "https"}, {":authority", "hub"}, {":path", "/uji/" + lid}, {"x-api-key", key}}
	for _, f := range more {
		replaced := false
		for i := range all {
			if strings.HasPrefix(f.name, ":") && all[i].name == f.name {
				all[i], replaced = f, true
			}
		}
		if !replaced {
			all = append(all, f)
		}
	}
	return all
}

// without is a head that lacks a field.
func without(all []field, name string) (rest []field) {
	for _, f := range all {
		if f.name != name {
			rest = append(rest, f)
		}
	}
	return rest
}

func downgrades(lid, key string) []downgrade {
	get := func(more ...field) []field { return stream(lid, key, "GET", more...) }
	post := func(more ...field) []field { return stream(lid, key, "POST", more...) }
	path := "/uji/" + lid
	whole := field{"content-length", strconv.Itoa(len(inner))}
	request := " HTTP/1.1\r\nHost: asal\r\n\r\n" + inner
	either := "200 " + no
	return []downgrade{
		{name: "a call", fields: get(), must: "200"},
		{name: "canary in a body", fields: post(whole), body: inner, must: "200"},
		{name: "canary in a body without a length", fields: post(), body: inner, must: "200"},
		{name: "trailer", fields: post(), body: inner, trailer: []field{{"x-sum", "1"}}, must: "200"},

		{name: "CRLF in a value", fields: get(field{"x-a", "b\r\nHost: jahat"}), must: no},
		{name: "canary in a value", fields: get(field{"x-a", "b\r\n\r\n" + inner}), must: no},
		{name: "LF in a value", fields: get(field{"x-a", "b\nTransfer-Encoding: chunked"}), must: no},
		{name: "CR in a value", fields: get(field{"x-a", "b\rX-B: c"}), must: no},
		{name: "NUL in a value", fields: get(field{"x-a", "b\x00c"}), must: no},
		{name: "white space around a value", fields: get(field{"x-a", " b "}), must: either},
		{name: "CRLF in a name", fields: get(field{"x-a: b\r\nx-b", "c"}), must: no},
		{name: "coding in a name", fields: get(field{"transfer-encoding: chunked\r\nx", "c"}), must: no},
		{name: "colon in a name", fields: get(field{"x-a:", "c"}), must: no},
		{name: "space in a name", fields: get(field{"x a", "c"}), must: no},
		{name: "capitals in a name", fields: get(field{"X-A", "c"}), must: no},
		{name: "no name", fields: get(field{"", "c"}), must: no},
		{name: "name beyond ASCII", fields: get(field{"x-\xc3\xa9", "c"}), must: no},

		{name: "canary in the path", fields: get(field{":path", path + request}), must: no},
		{name: "CRLF in the path", fields: get(field{":path", path + "\r\nX-A: b"}), must: no},
		{name: "space in the path", fields: get(field{":path", path + " x"}), must: no},
		{name: "NUL in the path", fields: get(field{":path", path + "\x00"}), must: no},
		{name: "empty path", fields: get(field{":path", ""}), must: no},
		{name: "relative path", fields: get(field{":path", "uji/" + lid}), must: no},
		{name: "absolute path", fields: get(field{":path", "https://jahat.example" + path}), must: either},
		{name: "asterisk", fields: get(field{":path", "*"}), must: no},
		{name: "dot segments", fields: get(field{":path", path + "/../../kenari"}), must: no},
		{name: "fragment", fields: get(field{":path", path + "#/kenari"}), must: no},
		{name: "canary in the method", fields: get(field{":method", "GET /kenari" + request}), must: no},
		{name: "empty method", fields: get(field{":method", ""}), must: no},
		{name: "method with a space", fields: get(field{":method", "GET x"}), must: no},
		{name: "canary in the authority", fields: get(field{":authority", "hub\r\n\r\n" + inner}), must: no},
		{name: "authority with a user", fields: get(field{":authority", "a@hub"}), must: either},
		{name: "authority with a path", fields: get(field{":authority", "hub/x"}), must: either},
		{name: "authority and another host", fields: get(field{"host", "jahat.example"}), must: either},
		{name: "canary in the scheme", fields: get(field{":scheme", "https\r\n\r\n" + inner}), must: either},
		{name: "scheme with a host", fields: get(field{":scheme", "http://jahat.example/"}), must: either},

		{name: "path twice", fields: append(get(field{":path", "/x"}), field{":path", path}), must: no},
		{name: "method twice", fields: append([]field{{":method", "POST"}}, get()...), must: no},
		{name: "authority twice", fields: append([]field{{":authority", "jahat"}}, get()...), must: no},
		{name: "scheme twice", fields: append([]field{{":scheme", "http"}}, get()...), must: no},
		{name: "pseudo field behind others", fields: append(without(get(), ":path"), field{":path", path}), must: no},
		{name: "pseudo field that nobody knows", fields: append([]field{{":x", "y"}}, get()...), must: no},
		{name: "pseudo field of answers", fields: append([]field{{":status", "200"}}, get()...), must: no},
		{name: "no path", fields: without(get(), ":path"), must: no},
		{name: "no method", fields: without(get(), ":method"), must: no},
		{name: "no scheme", fields: without(get(), ":scheme"), must: no},
		{name: "no authority", fields: without(get(), ":authority"), must: either},
		{name: "tunnel", fields: []field{{":method", "CONNECT"}, {":authority", "jahat.example:80"}, {"x-api-key", key}}, must: no},
		{name: "tunnel with a path", fields: get(field{":method", "CONNECT"}), must: no},
		{name: "websocket that nobody offered", fields: append([]field{{":protocol", "websocket"}}, get(field{":method", "CONNECT"})...), must: no},

		{name: "coding", fields: post(field{"transfer-encoding", "chunked"}), body: "0\r\n\r\n" + inner, must: no},
		{name: "coding and a length", fields: post(field{"transfer-encoding", "chunked"}, field{"content-length", "4"}), body: "0\r\n\r\n" + inner, must: no},
		{name: "identity", fields: post(field{"transfer-encoding", "identity"}), body: inner, must: no},
		{name: "connection", fields: get(field{"connection", "close"}), must: no},
		{name: "connection names the hub's", fields: get(field{"connection", "simpul-application"}), must: no},
		{name: "keep alive", fields: get(field{"keep-alive", "timeout=1"}), must: no},
		{name: "proxy connection", fields: get(field{"proxy-connection", "close"}), must: no},
		{name: "upgrade", fields: get(field{"upgrade", "websocket"}), must: no},
		{name: "te", fields: get(field{"te", "gzip"}), must: no},
		{name: "te: trailers", fields: get(field{"te", "trailers"}), must: "200"},

		{name: "length too short", fields: post(field{"content-length", "4"}), body: inner, must: no},
		{name: "length of zero", fields: post(field{"content-length", "0"}), body: inner, must: no},
		{name: "length too long", fields: post(field{"content-length", "900"}), body: inner, must: no},
		{name: "length without a body", fields: post(field{"content-length", "900"}), must: either}, // Go's server takes it for none
		{name: "length of another GET", fields: get(field{"content-length", "4"}), body: inner, must: no},
		{name: "two lengths", fields: post(whole, field{"content-length", "4"}), body: inner, must: either}, // Go's server takes the first
		{name: "one length twice", fields: post(whole, whole), body: inner, must: either},
		{name: "list of lengths", fields: post(field{"content-length", whole.value + ", 4"}), body: inner, must: either}, // Go's server takes no length from it
		{name: "signed length", fields: post(field{"content-length", "+" + whole.value}), body: inner, must: either},
		{name: "length beyond numbers", fields: post(field{"content-length", "18446744073709551616"}), body: inner, must: either},
		{name: "expectation", fields: post(whole, field{"expect", "100-continue"}), body: inner, must: either},

		{name: "trailer with a length", fields: post(), body: inner, trailer: []field{{"content-length", "4"}}, must: either},
		{name: "trailer with a coding", fields: post(), body: inner, trailer: []field{{"transfer-encoding", "chunked"}}, must: either},
		{name: "trailer with CRLF", fields: post(), body: inner, trailer: []field{{"x-a", "b\r\n\r\n" + inner}}, must: either},
		{name: "trailer with a pseudo field", fields: post(), body: inner, trailer: []field{{":path", "/kenari"}}, must: either},
		{name: "trailer with another identity", fields: post(), body: inner, trailer: []field{{"simpul-application", "bos@jahat.go.id"}, {"exchange-id", "kenari"}}, must: either},

		{name: "oversized value", fields: get(field{"x-a", strings.Repeat("a", 1<<20)}), must: no},
		{name: "oversized number of fields", fields: get(many(20_000)...), must: no},
		{name: "credential twice", fields: get(field{"x-api-key", key}), must: no},
		{name: "crumbs of a cookie", fields: get(field{"cookie", "a=b"}, field{"cookie", "c=d"}), must: "200"},
	}
}

func many(n int) (all []field) {
	for i := range n {
		all = append(all, field{"x-" + strconv.Itoa(i), "b"})
	}
	return all
}

func TestNothingIsSmuggledThroughHTTP2(t *testing.T) {
	cert := certify(t)
	hub := newSite(t).serve(t, "LIMITS_GRACE=2s", "GATEWAY_TLS_CERT="+cert.file, "GATEWAY_TLS_KEY="+cert.key)
	key := hub.settle(t)
	if speak(t, hub.gateway).protocol != "h2" {
		t.Skip("NOT TESTED: the gateway does not speak HTTP/2")
	}
	seen := newRecorder(t)
	for _, o := range origins(t, seen) {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			lid := o.lid
			hub.offer(t, lid, o.start(t), object{"maxBodyBytes": 100_000}, nil)
			for _, d := range downgrades(lid, key) {
				t.Run(d.name, func(t *testing.T) {
					if got := d.on(t, hub.gateway); !strings.Contains(d.must, got[:2]) {
						t.Errorf("%s, must be %s", got, d.must)
					}
				})
				good := downgrade{fields: stream(lid, key, "GET")}
				if got := good.on(t, hub.gateway); got != "200" {
					t.Fatalf("a good call after %s: %s", d.name, got)
				}
			}
			reconcile(t, hub, lid, seen.of(o.name))
		})
	}
}

// conversation is one connection of HTTP/2.
type conversation struct {
	net.Conn
	*http2.Framer
	protocol string
	head     bytes.Buffer
	encoder  *hpack.Encoder
}

// speak connects and says what a client says first.
func speak(t *testing.T, url string) *conversation {
	t.Helper()
	dialer := &tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2", "http/1.1"}}}
	c, err := dialer.Dial("tcp", strings.TrimPrefix(url, "https://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(patience))
	s := &conversation{Conn: c, Framer: http2.NewFramer(c, c), protocol: c.(*tls.Conn).ConnectionState().NegotiatedProtocol}
	s.AllowIllegalWrites = true
	s.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	s.encoder = hpack.NewEncoder(&s.head)
	if s.protocol == "h2" {
		c.Write([]byte(http2.ClientPreface))
		s.WriteSettings()
	}
	return s
}

// say writes a head, in as many frames as it needs. Errors are met when reading.
func (s *conversation) say(stream uint32, fields []field, last bool) {
	s.head.Reset()
	for _, f := range fields {
		s.encoder.WriteField(hpack.HeaderField{Name: f.name, Value: f.value})
	}
	const most = 16 << 10
	block := s.head.Bytes()
	first := block[:min(len(block), most)]
	block = block[len(first):]
	s.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: first, EndStream: last, EndHeaders: len(block) == 0})
	for len(block) > 0 {
		part := block[:min(len(block), most)]
		block = block[len(part):]
		s.WriteContinuation(stream, len(block) == 0, part)
	}
}

// on sends the case and returns the status of the answer, or why there is none.
func (d downgrade) on(t *testing.T, url string) string {
	t.Helper()
	s := speak(t, url)
	defer s.Close()
	go func() {
		s.say(1, d.fields, d.body == "" && d.trailer == nil)
		if d.body != "" {
			s.WriteData(1, d.trailer == nil, []byte(d.body))
		}
		if d.trailer != nil {
			s.say(1, d.trailer, true)
		}
	}()
	return s.outcome(t)
}

// outcome reads until the first stream has ended. Every refusal begins with "no".
func (s *conversation) outcome(t *testing.T) (status string) {
	t.Helper()
	status = no
	for {
		frame, err := s.ReadFrame()
		if err != nil {
			var slow net.Error
			if errors.As(err, &slow) && slow.Timeout() {
				t.Fatal("no answer")
			}
			return status
		}
		switch f := frame.(type) {
		case *http2.RSTStreamFrame:
			return no + ": " + f.ErrCode.String()
		case *http2.GoAwayFrame:
			return no + ": " + f.ErrCode.String()
		case *http2.MetaHeadersFrame:
			if code := f.PseudoValue("status"); code != "" && code[0] != '1' {
				if status = code; code[0] >= '4' {
					status = no + ": " + code
				}
			}
			if f.StreamEnded() {
				return status
			}
		case *http2.DataFrame:
			if len(status) > 3 {
				status += " " + string(f.Data())
			}
			if f.StreamEnded() {
				return status
			}
		}
	}
}

// certificate is one of a hub, on disk.
type certificate struct{ file, key string }

func certify(t *testing.T) certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	writeFile(t, dir, "cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	writeFile(t, dir, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})))
	return certificate{filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")}
}

// Streams that are opened and reset at once (CVE-2023-44487), heads that go on
// and on (CVE-2024-27316), and floods of small frames leave nothing behind.
func TestFloodsOfFramesLeaveNothingBehind(t *testing.T) {
	cert := certify(t)
	hub := newSite(t).serve(t, "GATEWAY_TLS_CERT="+cert.file, "GATEWAY_TLS_KEY="+cert.key)
	key := hub.settle(t)
	if speak(t, hub.gateway).protocol != "h2" {
		t.Skip("NOT TESTED: the gateway does not speak HTTP/2")
	}
	seen := newRecorder(t)
	hub.offer(t, "Banjir", seen.URL, nil, nil)
	good := downgrade{fields: stream("Banjir", key, "GET")}
	hub.client.Transport.(*http.Transport).TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	before := gauge(t, hub)
	for name, flood := range map[string]func(s *conversation){
		"resets": func(s *conversation) {
			for n := uint32(1); n < 20_000; n += 2 {
				s.say(n, good.fields, true)
				if s.WriteRSTStream(n, http2.ErrCodeCancel) != nil {
					return
				}
			}
		},
		"continuations": func(s *conversation) {
			s.WriteHeaders(http2.HeadersFrameParam{StreamID: 1})
			for range 50_000 {
				if s.WriteContinuation(1, false, []byte("\x00\x03x-a\x01b")) != nil {
					return
				}
			}
		},
		"empty continuations": func(s *conversation) {
			s.WriteHeaders(http2.HeadersFrameParam{StreamID: 1})
			for range 50_000 {
				if s.WriteContinuation(1, false, nil) != nil {
					return
				}
			}
		},
		"settings": func(s *conversation) {
			for range 50_000 {
				if s.WriteSettings() != nil {
					return
				}
			}
		},
		"pings": func(s *conversation) {
			for range 50_000 {
				if s.WritePing(false, [8]byte{}) != nil {
					return
				}
			}
		},
		"empty data": func(s *conversation) {
			s.say(1, stream("Banjir", key, "POST"), false)
			for range 50_000 {
				if s.WriteData(1, false, nil) != nil {
					return
				}
			}
		},
		"compressed heads": func(s *conversation) {
			long := field{"x-a", strings.Repeat("a", 3000)}
			for n := uint32(1); n < 200; n += 2 {
				fields := good.fields
				for range 200 {
					fields = append(fields, long) // one byte each, once the peer remembers it
				}
				s.say(n, fields, true)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := speak(t, hub.gateway)
			s.SetDeadline(time.Now().Add(10 * time.Second)) // a peer that reads nobody may block
			flood(s)
			s.Close()
			if got := good.on(t, hub.gateway); got != "200" {
				t.Errorf("a good call after it: %s", got)
			}
		})
	}
	steady(t, hub, before, 20)
	t.Logf("the origin saw %d calls", len(seen.of("Go")))
}
