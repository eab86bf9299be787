package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"simpul/internal/platform/config"
)

// Events of a provider arrive one by one, in every class, by HTTP/1.1 and HTTP/2,
// and a consumer that hangs up ends and seals the exchange.
func TestEventsArriveOneByOne(t *testing.T) {
	next, hungUp := make(chan int), make(chan struct{}, 10)
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		http.NewResponseController(w).Flush()
		for {
			select {
			case n := <-next:
				fmt.Fprintf(w, "data: %d\n\n", n)
				http.NewResponseController(w).Flush()
			case <-r.Context().Done():
				hungUp <- struct{}{}
				return
			}
		}
	}))
	t.Cleanup(provider.Close)
	c := settings(t, t.TempDir())
	c.Gateway.H2C = true
	at, api := begin(t, c)
	key := api.settle(t)
	second := &http.Transport{Protocols: new(http.Protocols)}
	second.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(second.CloseIdleConnections)
	for _, class := range []string{"terbuka", "terbatas"} {
		api.offer(t, "Kejadian"+class, provider.URL, object{"class": class}, nil)
		for name, client := range map[string]*http.Client{"HTTP/1.1": api.client, "HTTP/2": {Transport: second}} {
			t.Run(class+" "+name, func(t *testing.T) {
				ctx, hangUp := context.WithCancel(t.Context())
				defer hangUp()
				r, _ := http.NewRequestWithContext(ctx, http.MethodGet, at.Gateway+"/uji/Kejadian"+class, nil)
				r.Header.Set("X-API-Key", key)
				res, err := client.Do(r) // the head comes before any event
				if err != nil {
					t.Fatal(err)
				}
				defer res.Body.Close()
				lines := bufio.NewReader(res.Body)
				for n := range 3 {
					next <- n
					line, err := lines.ReadString('\n')
					if err != nil || line != fmt.Sprintf("data: %d\n", n) {
						t.Fatalf("%v: %q", err, line)
					}
					lines.ReadString('\n')
				}
				hangUp()
				<-hungUp
				if found := api.ended(t, res.Header.Get("Exchange-Id")); found.Outcome != "aborted" || found.ResponseBytes != int64(len("data: 0\n\n")*3) {
					t.Errorf("recorded as %+v", found)
				}
			})
		}
	}
}

// newEcho is a provider's WebSocket that says back what it hears.
func newEcho(t *testing.T) (upstream string) {
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer c.CloseNow()
		for {
			kind, message, err := c.Read(r.Context())
			if err != nil {
				return
			}
			c.Write(r.Context(), kind, message)
		}
	}))
	t.Cleanup(provider.Close)
	return provider.URL
}

func dialSocket(t *testing.T, url, key string) (*websocket.Conn, *http.Response, error) {
	t.Helper()
	c, res, err := websocket.Dial(t.Context(), url, &websocket.DialOptions{HTTPHeader: http.Header{"X-Api-Key": {key}}})
	if err == nil {
		t.Cleanup(func() { c.CloseNow() })
	}
	return c, res, err
}

func mustSocket(t *testing.T, url, key string) (c *websocket.Conn, exchange string) {
	t.Helper()
	c, res, err := dialSocket(t, url, key)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Write(t.Context(), websocket.MessageText, []byte("halo")); err != nil {
		t.Fatal(err)
	}
	if _, got, err := c.Read(t.Context()); err != nil || string(got) != "halo" {
		t.Fatalf("%v %q", err, got)
	}
	return c, res.Header.Get("Exchange-Id")
}

// A WebSocket passes in each class, where the LID says so, and lives as long as
// what let it through.
func TestWebSocketsLiveAsLongAsTheirGrant(t *testing.T) {
	at, api := begin(t, settings(t, t.TempDir()))
	key := api.settle(t)
	switching := object{"delivery": object{"upgrade": true}}
	upstream := newEcho(t)
	api.offer(t, "Biasa", upstream, nil, nil)
	if _, res, err := dialSocket(t, at.Gateway+"/uji/Biasa", key); err == nil || res.StatusCode != http.StatusBadRequest {
		t.Errorf("a LID that does not switch: %v %v", err, res)
	}
	for name, end := range map[string]func(lid string){
		"suspended grant": func(lid string) {
			grant := grantSpec("uji/"+lid, consumerApp)
			grant["suspended"] = true
			api.put(t, "Grant", "uji-"+strings.ToLower(lid), grant)
		},
		"revoked grant": func(lid string) { api.must(t, 204, http.MethodDelete, "/grants/uji-"+strings.ToLower(lid), nil) },
		"taken back":    func(lid string) { api.put(t, "LID", "uji/"+lid, lidSpec(providerAgency, upstream)) },
	} {
		t.Run(name, func(t *testing.T) {
			lid := "Soket" + strings.ToUpper(name[:1])
			api.offer(t, lid, upstream, merged(object{"class": "terbatas"}, switching), nil)
			c, exchange := mustSocket(t, at.Gateway+"/uji/"+lid, key)
			end(lid)
			if _, _, err := c.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
				t.Errorf("ended with %v", err)
			}
			if found := api.ended(t, exchange); found.Outcome == "delivered" || found.Outcome == "aborted" || found.HTTPStatus != 101 {
				t.Errorf("recorded as %+v", found)
			}
		})
	}
	api.offer(t, "Tetap", upstream, switching, nil)
	of := "/applications/" + consumerApp + "/keys"
	other := api.key(t, consumerApp)
	zero, _ := mustSocket(t, at.Gateway+"/uji/Tetap", other)
	for _, k := range decode[struct{ Items []struct{ ID string } }](t, api.must(t, 200, http.MethodGet, of, nil)).Items {
		api.must(t, 204, http.MethodDelete, of+"/"+k.ID, nil)
	}
	if _, _, err := zero.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
		t.Errorf("of a revoked key: ended with %v", err)
	}
	key = api.key(t, consumerApp)
	one, exchange := mustSocket(t, at.Gateway+"/uji/Tetap", key)
	one.Close(websocket.StatusNormalClosure, "")
	if found := api.ended(t, exchange); found.Outcome != "delivered" || found.ResponseBytes == 0 {
		t.Errorf("recorded as %+v", found)
	}
	two, _ := mustSocket(t, at.Gateway+"/uji/Tetap", key)
	api.put(t, "Agency", consumerAgency, object{"name": "Pemakai", "level": "nasional", "suspended": true})
	if _, _, err := two.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
		t.Errorf("of a suspended agency: ended with %v", err)
	}
}

// A hub that stops lets WebSockets go on for as long as calls may, then closes
// them, and each is on record.
func TestAStopClosesWebSockets(t *testing.T) {
	place := newSite(t)
	hub := place.serve(t, "DRAIN_TIMEOUT=1s")
	key := hub.settle(t)
	hub.offer(t, "Soket", newEcho(t), object{"delivery": object{"upgrade": true}}, nil)
	c, exchange := mustSocket(t, hub.gateway+"/uji/Soket", key)
	hub.terminate()
	if _, _, err := c.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("ended with %v", err)
	}
	if err := hub.wait(t); err != nil {
		t.Errorf("the hub ended with %v", err)
	}
	again := place.serve(t)
	if found := again.record(t, exchange); found.Outcome != "unavailable" || found.State != "sealed" {
		t.Errorf("recorded as %+v", found)
	}
}

// collecting is a collector of traces.
func collecting(t *testing.T) (url string, got chan *v1.ExportTraceServiceRequest) {
	got = make(chan *v1.ExportTraceServiceRequest, 100)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		sent := &v1.ExportTraceServiceRequest{}
		if err := proto.Unmarshal(text, sent); err != nil {
			t.Error(err)
		}
		got <- sent
	}))
	t.Cleanup(s.Close)
	return s.URL, got
}

// A traced exchange reaches the collector with what the contract says of it, and
// nothing of what was asked.
func TestExchangesAreTraced(t *testing.T) {
	c := settings(t, t.TempDir())
	url, got := collecting(t)
	c.Telemetry = config.Telemetry{OTLP: url, Ratio: 1}
	at, api := begin(t, c)
	key := api.settle(t)
	api.offer(t, "Data", answering(t, `{"items":[]}`), nil, nil)
	answer := call(t, api.client, at.Gateway+"/uji/Data/3273010101990001?nama=rahasia", key)
	if answer.status != http.StatusOK {
		t.Fatalf("%d %s", answer.status, answer.text)
	}
	sent := <-got
	text, err := json.Marshal(sent)
	if err != nil {
		t.Fatal(err)
	}
	spans := sent.ResourceSpans[0].ScopeSpans[0].Spans
	if len(spans) != 2 || fmt.Sprintf("%x", spans[0].TraceId) != answer.header.Get("Traceparent")[3:35] || spans[1].Name != "GET /uji/Data/{id}" {
		t.Errorf("%s: got %s", answer.header.Get("Traceparent"), text)
	}
	for _, hidden := range []string{"3273010101990001", "rahasia", key, "127.0.0.1"} {
		if strings.Contains(string(text), hidden) {
			t.Errorf("tells %s: %s", hidden, text)
		}
	}
}

// A collector that is gone is no matter of those who call.
func TestADeadCollectorHurtsNobody(t *testing.T) {
	c := settings(t, t.TempDir())
	c.Telemetry = config.Telemetry{OTLP: "http://127.0.0.1:1", Ratio: 1}
	at, api := begin(t, c)
	key := api.settle(t)
	api.offer(t, "Data", answering(t, `{"items":[]}`), nil, nil)
	for range 100 {
		if got := call(t, api.client, at.Gateway+"/uji/Data", key); got.status != http.StatusOK {
			t.Fatalf("%d %s", got.status, got.text)
		}
	}
}
