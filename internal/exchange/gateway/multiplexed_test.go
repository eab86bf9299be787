package gateway

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// overH2C serves the hub's gateway by HTTP/2 without TLS.
func (h *hub) overH2C(t *testing.T) {
	t.Helper()
	g := New(h, &Pipeline{Resolver: h, Decider: h, Recorder: h, Mediator: h, Caller: h, MaxBody: 1 << 20},
		Patience{Grace: 200 * time.Millisecond, MinRate: 1 << 20, Idle: 10 * time.Second}, slog.New(slog.DiscardHandler))
	front := httptest.NewUnstartedServer(g)
	front.Config.Protocols = new(http.Protocols)
	front.Config.Protocols.SetUnencryptedHTTP2(true)
	front.Start()
	t.Cleanup(front.Close)
	h.url = front.URL
}

// longer is more than the patience of these tests.
func longer() { time.Sleep(500 * time.Millisecond) }

// pipes is a listener without a network, so that time can be told to pass.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	c, open := <-p
	if !open {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p pipes) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	p <- far
	return near, nil
}

// unhurried is a provider that takes its time within the body and its answer.
func unhurried(r *http.Request) (*http.Response, error) {
	first := make([]byte, 1)
	io.ReadFull(r.Body, first)
	longer()
	rest, _ := io.ReadAll(r.Body)
	body, answer := io.Pipe()
	go func() {
		io.WriteString(answer, "one ")
		longer()
		answer.Write(append(first, rest...))
		answer.Close()
	}()
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: body, ContentLength: -1, Request: r}, nil
}

// Time that the provider takes within an answer or a body is not the consumer's,
// whichever protocol has the deadlines.
func TestAProvidersTimeIsNotTheConsumersOverHTTP2(t *testing.T) {
	h := newHub(t, nil)
	synctest.Test(t, func(t *testing.T) {
		g := New(h, &Pipeline{Resolver: h, Decider: h, Recorder: h, Mediator: h, Caller: calling(unhurried), MaxBody: 1 << 20},
			Patience{Grace: 200 * time.Millisecond, MinRate: 1 << 20, Idle: 10 * time.Second}, slog.New(slog.DiscardHandler))
		protocols := new(http.Protocols)
		protocols.SetUnencryptedHTTP2(true)
		network := make(pipes)
		front := &http.Server{Handler: g, Protocols: protocols}
		go front.Serve(network)
		transport := &http.Transport{Protocols: protocols, DialContext: network.dial}
		defer func() {
			transport.CloseIdleConnections()
			close(network)
			front.Close()
		}()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://hub/master/Kota", io.MultiReader(strings.NewReader("x"), strings.NewReader(strings.Repeat("y", 1<<19))))
		r.Header.Set("X-Api-Key", "good")
		res, err := transport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		got, err := io.ReadAll(res.Body)
		if err != nil || len(got) != 4+1+1<<19 || res.ProtoMajor != 2 {
			t.Errorf("%s: %d bytes, %v", res.Proto, len(got), err)
		}
		<-h.recorded
		if x := h.record(t); x.Outcome != "" || x.RequestBytes != 1+1<<19 {
			t.Errorf("record %+v", x)
		}
	})
}

// A consumer that gives no room for the answer is cut off, though its connection
// lives.
func TestAConsumerWithoutRoomIsCutOffOverHTTP2(t *testing.T) {
	for name, body := range map[string]string{"short": "four", "long": strings.Repeat("x", 1<<20)} {
		h := newHub(t, answer(body))
		h.overH2C(t)
		c, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(30 * time.Second))
		io.WriteString(c, http2.ClientPreface)
		f := http2.NewFramer(c, bufio.NewReader(c))
		f.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 0})
		var head strings.Builder
		encoder := hpack.NewEncoder(&head)
		for _, field := range [][2]string{{":method", "GET"}, {":scheme", "http"}, {":authority", "hub"}, {":path", "/master/Kota"}, {"x-api-key", "good"}} {
			encoder.WriteField(hpack.HeaderField{Name: field[0], Value: field[1]})
		}
		f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: []byte(head.String()), EndStream: true, EndHeaders: true})
		for reset := false; !reset; {
			frame, err := f.ReadFrame()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			_, reset = frame.(*http2.RSTStreamFrame)
		}
	}
}
