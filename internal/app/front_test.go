package app

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"simpul/internal/platform/config"
)

// waitMost bounds the waits of tests within this package: it prevents hangs and
// measures nothing.
const waitMost = 60 * time.Second

// fronted serves a handler as a listener of the hub does.
func fronted(t *testing.T, change func(*config.Config), handler http.HandlerFunc) (address string) {
	t.Helper()
	c := config.Default()
	c.Gateway.Addr = "127.0.0.1:0"
	change(&c)
	h := &Hub{config: c, log: slog.New(slog.DiscardHandler)}
	s, err := h.newServer(c.Gateway, always)
	if err != nil {
		t.Fatal(err)
	}
	s.Handler = handler
	h.quicken(s, c.Gateway)
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(c.Limits.Connections) }()
	t.Cleanup(func() {
		if s.first != nil {
			s.first.Close()
		}
		s.Close()
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return s.listener.Addr().String()
}

// protocol answers with the protocol of the call.
func protocol(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) }

func withH2C(c *config.Config) { c.Gateway.H2C = true }

func TestBothListenersSpeakHTTP2OverTLS(t *testing.T) {
	server := issue(t, "hub", nil)
	c := config.Default()
	c.Data, c.Gateway.Addr, c.Control.Addr = t.TempDir(), "127.0.0.1:0", "127.0.0.1:0"
	c.Gateway.TLS = config.TLS{Cert: server.cert, Key: server.key}
	c.Control.TLS = c.Gateway.TLS
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	h, err := Open(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	at := serving(t, h)
	for _, url := range []string{at.Gateway, at.Control} {
		for major, ask := range map[int]func(*http.Transport){1: func(*http.Transport) {}, 2: func(t *http.Transport) { t.ForceAttemptHTTP2 = true }} {
			client := speaking(t, server, nil)
			ask(client.Transport.(*http.Transport))
			res, err := client.Get(url + "/healthz")
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.ProtoMajor != major || res.StatusCode != http.StatusOK {
				t.Errorf("%s: %s %d, want HTTP/%d", url, res.Proto, res.StatusCode, major)
			}
		}
	}
}

// h2c speaks HTTP/2 without TLS.
func h2c(t *testing.T) *http.Client {
	transport := &http.Transport{Protocols: new(http.Protocols)}
	transport.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: waitMost}
}

func TestHTTP2WithoutTLSIsSpokenWhereWanted(t *testing.T) {
	on := fronted(t, withH2C, protocol)
	for client, want := range map[*http.Client]string{h2c(t): "HTTP/2.0", {Transport: &http.Transport{DisableKeepAlives: true}}: "HTTP/1.1"} {
		res, err := client.Get("http://" + on)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if string(got) != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	off := fronted(t, func(*config.Config) {}, protocol)
	if res, err := h2c(t).Get("http://" + off); err == nil {
		res.Body.Close()
		t.Errorf("off: %s", res.Proto)
	}
}

// A client that comes back needs no second handshake in full, for as long as the
// key of its ticket is kept; keys change by themselves every day, and are kept
// for a week.
func TestSessionTicketsResumeAndRotate(t *testing.T) {
	server := issue(t, "hub", nil)
	secured, err := newTLS(config.TLS{Cert: server.cert, Key: server.key}, always, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	var later atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	secured.Time = now
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: http.HandlerFunc(protocol), ErrorLog: quiet(slog.New(slog.DiscardHandler))}
	go s.Serve(overTLS(l, secured))
	t.Cleanup(func() { s.Close() })

	sessions := tls.NewLRUClientSessionCache(4)
	for _, c := range []struct {
		after   time.Duration
		resumes bool
	}{{0, false}, {time.Minute, true}, {3 * 24 * time.Hour, true}, {20 * 24 * time.Hour, false}} {
		later.Store(int64(c.after))
		client := &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true, ClientSessionCache: sessions}} // certificates of tests are short-lived
		res, err := (&http.Client{Transport: client, Timeout: waitMost}).Get("https://" + l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, res.Body) // the ticket comes behind the handshake
		res.Body.Close()
		if res.TLS.DidResume != c.resumes {
			t.Errorf("after %s: resumed %v, want %v", c.after, res.TLS.DidResume, c.resumes)
		}
	}
}

// frames is a client of HTTP/2 that says what it likes.
type frames struct {
	net.Conn
	*http2.Framer
	head bytes.Buffer
	*hpack.Encoder
}

func speakFrames(t *testing.T, address string) *frames {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(waitMost))
	io.WriteString(c, http2.ClientPreface)
	f := &frames{Conn: c, Framer: http2.NewFramer(c, c)}
	f.Encoder = hpack.NewEncoder(&f.head)
	f.WriteSettings()
	return f
}

func (f *frames) open(stream uint32) error {
	f.head.Reset()
	all := []string{":method", "GET", ":scheme", "http", ":authority", "hub", ":path", "/"}
	for i := 0; i+1 < len(all); i += 2 {
		f.WriteField(hpack.HeaderField{Name: all[i], Value: all[i+1]})
	}
	return f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: f.head.Bytes(), EndStream: true, EndHeaders: true})
}

// end reads up to the end of the connection, and returns why the server said that
// it ends.
func (f *frames) end() http2.ErrCode {
	code := http2.ErrCodeNo
	for {
		frame, err := f.ReadFrame()
		if err != nil {
			return code
		}
		if away, ok := frame.(*http2.GoAwayFrame); ok {
			code = away.ErrCode
		}
	}
}

// Streams that are reset as soon as they are open (CVE-2023-44487) never make
// more work than a connection may have, and end the connection.
func TestStreamsThatAreResetAtOnceGainNothing(t *testing.T) {
	var under, most atomic.Int64
	release := make(chan struct{})
	at := fronted(t, withH2C, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/quick" {
			return
		}
		n := under.Add(1)
		defer under.Add(-1)
		for had := most.Load(); n > had && !most.CompareAndSwap(had, n); had = most.Load() {
		}
		<-release
	})
	f := speakFrames(t, at)
	go func() {
		for i := range uint32(10 * streams) {
			if f.open(2*i+1) != nil || f.WriteRSTStream(2*i+1, http2.ErrCodeCancel) != nil {
				return
			}
		}
	}()
	if code := f.end(); code != http2.ErrCodeEnhanceYourCalm {
		t.Errorf("the connection ends with %v", code)
	}
	res, err := h2c(t).Get("http://" + at + "/quick")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	close(release)
	if most.Load() > streams {
		t.Errorf("%d calls of one connection at a time", most.Load())
	}
}

func TestHeadsOverTheLimitAreRefused(t *testing.T) {
	at := fronted(t, withH2C, protocol)
	long := strings.Repeat("x", 64<<10)
	r, _ := http.NewRequest(http.MethodGet, "http://"+at, nil)
	r.Header.Set("X-Long", long)
	if res, err := h2c(t).Do(r); err == nil {
		res.Body.Close()
		if res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("got %d", res.StatusCode)
		}
	}
}

// Endless CONTINUATION frames (CVE-2023-45288) end the connection.
func TestAHeadWithoutEndEndsTheConnection(t *testing.T) {
	at := fronted(t, withH2C, protocol)
	f := speakFrames(t, at)
	go func() {
		part := []byte("\x00\x01x" + "\x7f\x80\x7e" + strings.Repeat("y", 255))
		if f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: []byte{0x82, 0x86, 0x84}}) != nil {
			return
		}
		for f.WriteContinuation(1, false, part) == nil {
		}
	}()
	f.end() // returns: the server has closed
}

// A client that sends half a head, and then nothing or trickles pings, keeps its
// connection no longer than one that is idle.
func TestHalfAHeadIsNotWaitedFor(t *testing.T) {
	at := fronted(t, func(c *config.Config) {
		withH2C(c)
		c.Limits.IdleTimeout = 200 * time.Millisecond
	}, protocol)
	f := speakFrames(t, at)
	f.Write([]byte{0, 0, 90, 1, 4, 0, 0, 0, 1, 0x82}) // HEADERS of 90 bytes, of which one comes
	f.end()
}
