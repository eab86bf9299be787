package gateway

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// overH2C serves the hub's gateway by HTTP/2 without TLS, and returns a client.
func (h *hub) overH2C(t *testing.T) *http.Client {
	t.Helper()
	g := New(h, &Pipeline{Resolver: h, Decider: h, Recorder: h, Mediator: h, Caller: h, MaxBody: 1 << 20},
		Patience{Grace: 200 * time.Millisecond, MinRate: 1 << 20, Idle: 10 * time.Second}, slog.New(slog.DiscardHandler))
	front := httptest.NewUnstartedServer(g)
	front.Config.Protocols = new(http.Protocols)
	front.Config.Protocols.SetUnencryptedHTTP2(true)
	front.Start()
	t.Cleanup(front.Close)
	h.url = front.URL
	transport := &http.Transport{Protocols: new(http.Protocols)}
	transport.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// longer is more than the patience of these tests.
func longer() <-chan time.Time { return time.After(500 * time.Millisecond) }

// Time that the provider takes within an answer or a body is not the consumer's,
// whichever protocol has the deadlines.
func TestAProvidersTimeIsNotTheConsumersOverHTTP2(t *testing.T) {
	h := newHub(t, func(w http.ResponseWriter, r *http.Request) {
		first := make([]byte, 1)
		io.ReadFull(r.Body, first)
		<-longer()
		rest, _ := io.ReadAll(r.Body)
		io.WriteString(w, "one ")
		http.NewResponseController(w).Flush()
		<-longer()
		w.Write(append(first, rest...))
	})
	client := h.overH2C(t)
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+"/master/Kota", io.MultiReader(strings.NewReader("x"), strings.NewReader(strings.Repeat("y", 1<<19))))
	r.Header.Set("X-Api-Key", "good")
	res, err := client.Do(r)
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
