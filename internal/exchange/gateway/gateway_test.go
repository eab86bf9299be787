package gateway

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul"
)

func TestAnExchangeIsDeliveredAndRecorded(t *testing.T) {
	h := newHub(t, answer(`{"items":[]}`))
	res, body, err := h.do(t, "GET", "/master/Kota/32.73?x=1", nil)
	if err != nil || res.StatusCode != 200 || body != `{"items":[]}` {
		t.Fatalf("%v %v %q", err, res, body)
	}
	x := h.record(t)
	const digest = "38bfbf62213c23ccab55a2bf8dc9ff7e8ba64aae2eecdd82e68a5fc8e16b9dee"
	if x.ID != simpul.ExchangeID(res.Header.Get("Exchange-Id")) || x.Status != 200 || x.Outcome != "" ||
		x.Operation.Path != "/{kode}" || x.Grant != "bandung-kota" || x.ResponseBytes != 12 || x.Latency <= 0 {
		t.Errorf("record %+v", x)
	}
	if len(x.ResponseDigest) != len(digest) {
		t.Errorf("digest %q", x.ResponseDigest)
	}
	if h.received.URL.Path != "/32.73" || h.received.URL.RawQuery != "x=1" {
		t.Errorf("the provider was asked for %s", h.received.URL)
	}
}

func TestTheProviderLearnsWhoCallsFromTheHubAlone(t *testing.T) {
	h := newHub(t, answer("ok"))
	_, _, err := h.do(t, "GET", "/master/Kota", nil,
		"Simpul-Application", "liar@evil.id", "Exchange-Id", "forged", "Cookie", "session=1",
		"X-Forwarded-For", "10.0.0.1", "Forwarded", "for=10.0.0.1", "Simpul-Anything", "x")
	if err != nil {
		t.Fatal(err)
	}
	got := h.received.Header
	if got.Get("Simpul-Application") != "layanan@bandungkota.go.id" || got.Get("Exchange-Id") != string(h.record(t).ID) {
		t.Errorf("introduced as %v", got)
	}
	for _, name := range []string{"X-Api-Key", "Authorization", "Cookie", "X-Forwarded-For", "Forwarded", "Simpul-Anything"} {
		if got.Get(name) != "" {
			t.Errorf("%s reached the provider: %q", name, got.Get(name))
		}
	}
}

func TestACacheKeepsConsumersApart(t *testing.T) {
	for class, want := range map[simpul.LIDClass]string{simpul.Terbuka: "public, max-age=60", simpul.Terbatas: "no-store"} {
		h := newHub(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "public, max-age=60")
			io.WriteString(w, "ok")
		})
		h.route.Class = class
		res, _, err := h.do(t, "GET", "/master/Kota", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := res.Header.Get("Cache-Control"); got != want || res.Header.Get("Vary") != "Authorization, X-API-Key" {
			t.Errorf("%s: Cache-Control %q, Vary %q", class, got, res.Header.Get("Vary"))
		}
	}
}

func TestRefusals(t *testing.T) {
	denied := &simpul.Error{Code: simpul.CodeDenied, Owner: "kemendagri.go.id", Message: simpul.Text{ID: "Belum ada izin.", EN: "No grant."}, Remedy: simpul.Text{ID: "Ajukan.", EN: "Ask."}}
	for name, c := range map[string]struct {
		method, path string
		header       []string
		decide       error
		status       int
		code         string
		recorded     bool
	}{
		"no key":         {"GET", "/master/Kota", []string{"X-Api-Key", ""}, nil, 401, "unauthenticated", false},
		"unknown key":    {"GET", "/master/Kota", []string{"X-Api-Key", "bad"}, nil, 401, "unauthenticated", false},
		"unknown LID":    {"GET", "/master/Planet", nil, nil, 404, "not_found", true},
		"unknown path":   {"GET", "/master/Kota/a/b", nil, nil, 404, "not_found", true},
		"wrong method":   {"DELETE", "/master/Kota", nil, nil, 405, "method_not_allowed", true},
		"no grant":       {"GET", "/master/Kota", nil, denied, 403, "denied", true},
		"path trick":     {"GET", "/master/%2e%2e/x", nil, nil, 400, "invalid", true},
		"upgrade":        {"GET", "/master/Kota", []string{"Upgrade", "websocket", "Connection", "Upgrade"}, nil, 400, "invalid", true},
		"uncoded error":  {"GET", "/master/Kota", nil, errors.New("secret detail"), 500, "internal", true},
		"not an address": {"GET", "/", nil, nil, 404, "not_found", true},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHub(t, answer("must not be reached"))
			h.decide = c.decide
			res, body, err := h.do(t, c.method, c.path, nil, c.header...)
			if err != nil {
				t.Fatal(err)
			}
			p := problem(t, res, body)
			if res.StatusCode != c.status || p.Code != c.code {
				t.Errorf("got %d %s: %s", res.StatusCode, p.Code, body)
			}
			if strings.Contains(body, "secret detail") {
				t.Error("the text of an uncoded error left the process")
			}
			if h.received != nil {
				t.Error("the provider was called")
			}
			if recorded := len(h.sealed) == 1 && h.sealed[0].Outcome == simpul.Code(c.code) && h.sealed[0].Status == c.status; recorded != c.recorded {
				t.Errorf("recorded %v, want %v: %+v", recorded, c.recorded, h.sealed)
			}
		})
	}
}

func TestAWrongMethodNamesTheRightOnes(t *testing.T) {
	h := newHub(t, answer(""))
	res, _, err := h.do(t, "DELETE", "/master/Kota", nil)
	if err != nil {
		t.Fatal(err)
	}
	allow := strings.Split(res.Header.Get("Allow"), ", ")
	slices.Sort(allow)
	if !slices.Equal(allow, []string{"GET", "POST"}) {
		t.Errorf("Allow: %v", allow)
	}
}

func TestRefusalsSpeakTheReadersLanguage(t *testing.T) {
	h := newHub(t, answer(""))
	h.decide = &simpul.Error{Code: simpul.CodeDenied, Message: simpul.Text{ID: "Belum ada izin.", EN: "No grant."}}
	for accept, want := range map[string]string{"": "Belum ada izin.", "en-GB,en;q=0.9": "No grant.", "fr, id": "Belum ada izin."} {
		res, body, err := h.do(t, "GET", "/master/Kota", nil, "Accept-Language", accept)
		if err != nil {
			t.Fatal(err)
		}
		if p := problem(t, res, body); p.Detail != want {
			t.Errorf("%q: got %q", accept, p.Detail)
		}
	}
}

func TestTheRequestBodyStreamsWithinItsLimit(t *testing.T) {
	h := newHub(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	const text = "hello, provider"
	_, body, err := h.do(t, "POST", "/master/Kota", strings.NewReader(text))
	if err != nil || body != text {
		t.Fatalf("%v %q", err, body)
	}
	x := h.record(t)
	if x.RequestBytes != int64(len(text)) || x.RequestDigest != x.ResponseDigest || x.RequestDigest == "" {
		t.Errorf("record %+v", x)
	}
}

func TestABodyOverTheLimitIsRefused(t *testing.T) {
	for name, body := range map[string]io.Reader{
		"declared": bytes.NewReader(make([]byte, 1001)),
		"chunked":  io.MultiReader(bytes.NewReader(make([]byte, 900)), bytes.NewReader(make([]byte, 900))),
	} {
		t.Run(name, func(t *testing.T) {
			h := newHub(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) })
			res, text, err := h.do(t, "POST", "/master/Kota", body)
			if err != nil {
				t.Fatal(err)
			}
			if p := problem(t, res, text); res.StatusCode != 413 || p.Code != "too_large" {
				t.Errorf("got %d %s", res.StatusCode, text)
			}
			if x := h.record(t); x.Outcome != simpul.CodeTooLarge {
				t.Errorf("record %+v", x)
			}
		})
	}
}

func TestWithoutARecordThereIsNoExchange(t *testing.T) {
	full := &simpul.Error{Code: simpul.CodeUnavailable, Message: simpul.Text{EN: "journal full"}}
	t.Run("open fails", func(t *testing.T) {
		h := newHub(t, answer("personal data"))
		h.route.Class, h.openErr = simpul.Terbatas, full
		res, body, err := h.do(t, "GET", "/master/Kota", nil)
		if err != nil || res.StatusCode != 503 || strings.Contains(body, "personal data") {
			t.Errorf("%v %v %q", err, res, body)
		}
		if h.received != nil {
			t.Error("the provider was called")
		}
	})
	t.Run("seal fails on a short answer", func(t *testing.T) {
		h := newHub(t, answer("personal data"))
		h.route.Class, h.sealErr = simpul.Terbatas, full
		res, body, err := h.do(t, "GET", "/master/Kota", nil)
		if err != nil || res.StatusCode != 503 || strings.Contains(body, "personal data") {
			t.Errorf("%v %v %q", err, res, body)
		}
	})
	t.Run("seal fails on a long answer", func(t *testing.T) {
		long := strings.Repeat("personal data ", 100_000)
		h := newHub(t, answer(long))
		h.route.Class, h.sealErr = simpul.Terbatas, full
		_, body, err := h.do(t, "GET", "/master/Kota", nil)
		if err == nil || len(body) >= len(long) {
			t.Errorf("the whole answer was delivered without its record: %d of %d bytes, %v", len(body), len(long), err)
		}
	})
}

func TestEveryLengthOfAnswerArrivesWholeUnderADurableClass(t *testing.T) {
	for _, n := range []int{0, 1, heldBytes - 1, heldBytes, heldBytes + 1, 2*heldBytes - 1, 2 * heldBytes, 5*heldBytes + 7} {
		want := strings.Repeat("x", n)
		h := newHub(t, answer(want))
		h.route.Class = simpul.Tertutup
		res, body, err := h.do(t, "GET", "/master/Kota", nil)
		if err != nil || res.StatusCode != 200 || body != want {
			t.Errorf("%d bytes: %v, got %d", n, err, len(body))
		}
		if x := h.record(t); x.ResponseBytes != int64(n) || len(h.opened) != 1 {
			t.Errorf("%d bytes: record %+v", n, x)
		}
	}
}

func TestAnAnswerThatBreaksOffIsRecordedAsSuch(t *testing.T) {
	for _, class := range []simpul.LIDClass{simpul.Terbuka, simpul.Terbatas} {
		h := newHub(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "200000")
			w.Write(make([]byte, 100_000))
		})
		h.route.Class = class
		_, _, err := h.do(t, "GET", "/master/Kota", nil)
		if err == nil {
			t.Errorf("%s: a broken answer looked whole", class)
		}
		if x := h.record(t); x.Outcome == "" {
			t.Errorf("%s: record %+v", class, x)
		}
	}
}

func TestAConsumerThatHangsUpIsRecordedAsSuch(t *testing.T) {
	gone := make(chan struct{})
	h := newHub(t, func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte("first"))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		close(gone)
	})
	ctx, hangUp := context.WithCancel(t.Context())
	r, _ := http.NewRequestWithContext(ctx, "GET", h.url+"/master/Kota", nil)
	r.Header.Set("X-Api-Key", "good")
	transport := &http.Transport{DisableKeepAlives: true}
	res, err := (&http.Client{Transport: transport}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	hangUp()
	res.Body.Close()
	<-gone
	<-h.recorded
	if x := h.record(t); x.Outcome == "" {
		t.Errorf("record %+v", x)
	}
}

func TestABodyThatTricklesIsCutOff(t *testing.T) {
	h := newHub(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) })
	h.gateway.patience.Grace = 200 * time.Millisecond
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "POST /master/Kota HTTP/1.1\r\nHost: x\r\nX-Api-Key: good\r\nContent-Length: 500\r\n\r\nabc")
	res, err := http.ReadResponse(bufio.NewReader(conn), nil) // nothing more is sent
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	if p := problem(t, res, string(body)); res.StatusCode != 400 || p.Code != "invalid" {
		t.Errorf("got %d %s", res.StatusCode, body)
	}
}

func TestABodyThatNeverComesDoesNotHoldARefusal(t *testing.T) {
	h := newHub(t, answer(""))
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "POST /master/Kota HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n")
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 401 {
		t.Errorf("got %d", res.StatusCode)
	}
}

// The rest of a body that was refused must not be taken for a request.
func TestNothingFollowsABodyThatWasNotRead(t *testing.T) {
	const smuggled = "GET /master/Kota HTTP/1.1\r\nHost: x\r\nX-Api-Key: good\r\n\r\n"
	for name, request := range map[string]string{
		"refused by its length":    "POST /master/Kota HTTP/1.1\r\nHost: x\r\nX-Api-Key: good\r\nContent-Length: 1001\r\n\r\n" + strings.Repeat("a", 1001),
		"refused while it streams": "POST /master/Kota HTTP/1.1\r\nHost: x\r\nX-Api-Key: good\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + strings.Repeat("a", 1001) + "\r\n0\r\n\r\n",
		"malformed":                "POST /master/Kota HTTP/1.1\r\nHost: x\r\nX-Api-Key: good\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		"of a stranger":            "POST /master/Kota HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			h := newHub(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) })
			conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			io.WriteString(conn, request+smuggled)
			answers := bufio.NewReader(conn)
			res, err := http.ReadResponse(answers, nil)
			if err != nil {
				t.Fatal(err)
			}
			io.Copy(io.Discard, res.Body)
			res.Body.Close()
			if res.StatusCode < 400 || !res.Close {
				t.Errorf("got %d, close %v", res.StatusCode, res.Close)
			}
			if again, err := http.ReadResponse(answers, nil); err == nil {
				again.Body.Close()
				t.Errorf("a second answer came: %d", again.StatusCode)
			}
		})
	}
}

func TestInterimAnswersStayBehind(t *testing.T) {
	h := newHub(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</x>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		io.WriteString(w, "ok")
	})
	res, _, err := h.do(t, "GET", "/master/Kota", nil)
	if err != nil || res.StatusCode != 200 || res.Header.Get("Exchange-Id") != string(h.record(t).ID) {
		t.Errorf("%v %v", err, res)
	}
}

func TestPatienceIsBoundedAtATimeAndInAll(t *testing.T) {
	patience := Patience{Grace: time.Second, MinRate: 1000}
	for name, c := range map[string]struct {
		moved  int64
		waited time.Duration
		left   time.Duration
	}{
		"at the beginning":         {0, 0, time.Second},
		"after some silence":       {0, 700 * time.Millisecond, 300 * time.Millisecond},
		"after too much":           {0, 2 * time.Second, -time.Second},
		"fast so far":              {1_000_000, time.Second, time.Second},
		"as fast as it must be":    {10_000, 10 * time.Second, time.Second},
		"slower than it must be":   {9_000, 10 * time.Second, 0},
		"huge, and nothing wasted": {1 << 50, time.Second, time.Second},
	} {
		p := pace{patience: patience, moved: c.moved, waited: c.waited}
		if got := p.left(); got != c.left {
			t.Errorf("%s: %v, want %v", name, got, c.left)
		}
	}
}

func TestAnEventStreamDoesNotWait(t *testing.T) {
	release := make(chan struct{})
	h := newHub(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, "data: 1\n\n")
		w.(http.Flusher).Flush()
		<-release
	})
	h.route.Class = simpul.Terbatas
	r, _ := http.NewRequestWithContext(t.Context(), "GET", h.url+"/master/Kota", nil)
	r.Header.Set("X-Api-Key", "good")
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	line, err := bufio.NewReader(res.Body).ReadString('\n') // arrives before the provider ends
	close(release)
	if err != nil || line != "data: 1\n" {
		t.Errorf("%q %v", line, err)
	}
}

func TestADrainingGatewayEndsItsConnections(t *testing.T) {
	h := newHub(t, answer("ok"))
	g := New(h, &Pipeline{Resolver: h, Decider: h, Recorder: h, Mediator: h, Caller: h, MaxBody: 1000},
		Patience{Grace: time.Second, MinRate: 1 << 20}, slog.New(slog.DiscardHandler))
	g.Drain()
	front := httptest.NewServer(g)
	defer front.Close()
	h.url = front.URL
	r, _ := http.NewRequestWithContext(t.Context(), "GET", front.URL+"/master/Kota", nil)
	r.Header.Set("X-Api-Key", "good")
	res, err := front.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if !res.Close {
		t.Error("the answer leaves the connection open")
	}
}
