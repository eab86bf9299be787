package app_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

// Providers that are down, slow or out of their mind. The consumer gets a clear
// answer, or a visibly broken one, and the record says which.
func TestProvidersMisbehave(t *testing.T) {
	hub := newSite(t).serve(t)
	key := hub.settle(t)
	selected := object{"fields": []string{"items.kode"}}
	body := func(text string) string {
		return fmt.Sprintf("Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(text), text)
	}
	const ok, rows = "HTTP/1.1 200 OK\r\n", `{"items":[{"kode":"1","nama":"satu"}]}`
	const broken = -1 // in place of a status: the answer breaks off
	long := strings.Repeat(" ", 200_000)
	for i, c := range []struct {
		name    string
		says    string // the bytes of the provider's answer, after which it hangs up
		lid     object
		grant   object
		status  int
		outcome string
	}{
		{"well", ok + body(rows), nil, nil, 200, "delivered"},
		{"its own refusal", "HTTP/1.1 422 No\r\n" + body(`{"kesalahan":"x"}`), nil, nil, 422, "delivered"},
		{"its own failure", "HTTP/1.1 500 Oops\r\n" + body(`{}`), nil, nil, 500, "delivered"},
		{"more than it announced", ok + body(rows) + "more", nil, nil, 200, "delivered"},
		{"interim answers", strings.Repeat("HTTP/1.1 103 Early\r\nLink: </x>\r\n\r\n", 3) + ok + body(rows), nil, nil, 200, "delivered"},

		{"hangs up", "", nil, nil, 502, "upstream"},
		{"noise", "\x00\xff\xfe\r\n\r\n", nil, nil, 502, "upstream"},
		{"no status line", rows, nil, nil, 502, "upstream"},
		{"half a head", "HTTP/1.1 200 OK\r\nContent-Ty", nil, nil, 502, "upstream"},
		{"head too large", ok + "X-A: " + long + "\r\n" + body(rows), nil, nil, 502, "upstream"},
		{"header without colon", ok + "XA\r\n" + body(rows), nil, nil, 502, "upstream"},
		{"two lengths", ok + "Content-Length: 5\r\n" + body(rows), nil, nil, 502, "upstream"},
		{"no such status", "HTTP/1.1 0200 OK\r\n" + body(rows), nil, nil, 502, "upstream"},
		{"status below 100", "HTTP/1.1 099 Low\r\n" + body(rows), nil, nil, 502, "upstream"},
		{"status 000", "HTTP/1.1 000 None\r\n" + body(rows), nil, nil, 502, "upstream"},
		{"changes the protocol", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", nil, nil, 502, "upstream"},
		{"interim answers without end", strings.Repeat("HTTP/1.1 103 Early\r\nLink: </x>\r\n\r\n", 10_000), nil, nil, 502, "upstream"},

		{"cut", ok + body(long + "{}")[:150_000], nil, nil, broken, "upstream"},
		{"cut chunk", ok + "Transfer-Encoding: chunked\r\n\r\n40000\r\n" + long, nil, nil, broken, "upstream"},
		{"malformed chunk", ok + "Transfer-Encoding: chunked\r\n\r\n10000\r\n" + long[:0x10000] + "\r\nzz\r\n", nil, nil, broken, "upstream"},
		{"cut, long, and must leave a record", ok + body(long + "{}")[:150_000], object{"class": "tertutup"}, nil, broken, "upstream"},
		{"cut, and must leave a record", ok + body(rows)[:60], object{"class": "terbatas"}, nil, 502, "upstream"},
		{"cut, with fields selected", ok + body(rows)[:60], nil, selected, 502, "upstream"},
		{"not JSON, with fields selected", ok + body(`{"items":[{"kode":`), nil, selected, 502, "upstream"},
		{"another type, with fields selected", ok + "Content-Type: text/html\r\nContent-Length: 3\r\n\r\nabc", nil, selected, 502, "upstream"},
		{"compressed, with fields selected", ok + "Content-Encoding: gzip\r\n" + body(rows), nil, selected, 502, "upstream"},
		{"nested too deep, with fields selected", ok + body(strings.Repeat("[", 100_000)), nil, selected, 502, "upstream"},
		{"a part, with fields selected", "HTTP/1.1 206 Part\r\nContent-Range: bytes 0-1/2\r\n" + body(rows), nil, selected, 502, "upstream"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			name := "Laku" + strconv.Itoa(i)
			hub.offer(t, name, saying(t, c.says), c.lid, c.grant)
			hub.visit(t, key, name, c.status, c.outcome)
		})
	}
	t.Run("down", func(t *testing.T) {
		down := httptest.NewServer(nil)
		down.Close()
		hub.offer(t, "Mati", down.URL, nil, nil)
		got := hub.visit(t, key, "Mati", 503, "unavailable")
		if got.header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	})
	t.Run("silent", func(t *testing.T) {
		t.Parallel()
		hub.offer(t, "Diam", silent(t, ""), object{"timeoutSeconds": 1}, nil)
		hub.visit(t, key, "Diam", 504, "timeout")
	})
	t.Run("silent within its answer", func(t *testing.T) {
		t.Parallel()
		hub.offer(t, "Putus", silent(t, ok+body(long)[:150_000]), object{"timeoutSeconds": 1}, nil)
		hub.visit(t, key, "Putus", broken, "timeout")
	})
}

// An interim answer is held to no grant, so it stays behind.
func TestInterimAnswersStayBehind(t *testing.T) {
	hub := newSite(t).serve(t)
	key := hub.settle(t)
	interim := "HTTP/1.1 103 Early Hints\r\nX-Isi: rahasia\r\n\r\n"
	hub.offer(t, "Dini", saying(t, interim+"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), nil, nil)
	heads, _ := attack{input: request("GET", "/uji/Dini", "X-API-Key: "+key)}.on(t, hub.gateway)
	if got := statuses(heads); got != "200 200" {
		t.Errorf("%q, want the final answer, and the probe's", got)
	}
}

// visit calls the LID uji/NAME and checks the answer and its record. A status
// below zero is an answer that breaks off.
func (p *process) visit(t *testing.T, key, name string, status int, outcome string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.gateway+"/uji/"+name, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-API-Key", key)
	got, err := do(p.client, r)
	switch {
	case got.header == nil:
		t.Fatalf("no answer: %v", err)
	case status < 0 && err == nil:
		t.Errorf("a broken answer looks whole: %d %q", got.status, got.text)
	case status >= 0 && (err != nil || got.status != status):
		t.Errorf("%d, want %d: %v %s", got.status, status, err, got.text)
	}
	kept := p.record(t, got.header.Get("Exchange-Id"))
	if kept.State != "sealed" || kept.Outcome != outcome || status >= 0 && kept.HTTPStatus != status {
		t.Errorf("the record says %+v, want %s", kept, outcome)
	}
	return got
}

// saying is a provider that answers every request with the bytes and hangs up.
func saying(t *testing.T, bytes string) (upstream string) {
	return speaking(t, func(c net.Conn) { io.WriteString(c, bytes) })
}

// silent is a provider that says the bytes, and then nothing.
func silent(t *testing.T, bytes string) (upstream string) {
	return speaking(t, func(c net.Conn) {
		io.WriteString(c, bytes)
		io.Copy(io.Discard, c) // until the hub hangs up
	})
}

// speaking is a provider that has every connection answered, after the head of
// a request.
func speaking(t *testing.T, answer func(net.Conn)) (upstream string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
					answer(c)
				}
			}()
		}
	}()
	return "http://" + listener.Addr().String()
}

// What is large streams: neither an answer nor a request is held in memory.
func TestLargeBodiesStream(t *testing.T) {
	const size, allowance = 200 << 20, 48 << 20
	hub := newSite(t).serve(t)
	key := hub.settle(t)
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodPost {
			n, _ := io.Copy(io.Discard, r.Body)
			fmt.Fprintf(w, `{"items":[{"kode":"%d"}]}`, n)
			return
		}
		io.Copy(w, rowsOf(size))
	}))
	t.Cleanup(provider.Close)
	hub.offer(t, "Besar", provider.URL, object{"maxBodyBytes": 2 * size}, nil)
	hub.offer(t, "Rahasia", provider.URL, object{"class": "tertutup"}, nil)
	hub.offer(t, "Pilih", provider.URL, object{"class": "terbatas"}, object{"fields": []string{"items.kode"}})

	for _, c := range []struct {
		name, method, lid string
		body              io.Reader
		least             int64 // bytes of the answer
	}{
		{"answer", http.MethodGet, "Besar", nil, size},
		{"answer that must leave a record", http.MethodGet, "Rahasia", nil, size},
		{"answer with fields selected", http.MethodGet, "Pilih", nil, size / 4},
		{"request", http.MethodPost, "Besar", rowsOf(size), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), c.method, hub.gateway+"/uji/"+c.lid, c.body)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-API-Key", key)
			before := metric(t, hub, "process_resident_memory_bytes")
			res, err := hub.client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			most, n := before, int64(0)
			for {
				part, err := io.CopyN(io.Discard, res.Body, 32<<20)
				n += part
				most = max(most, metric(t, hub, "process_resident_memory_bytes"))
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if res.StatusCode != http.StatusOK || n < c.least {
				t.Errorf("%d, %d bytes", res.StatusCode, n)
			}
			t.Logf("memory rose by %.0f MiB, from %.0f", (most-before)/(1<<20), before/(1<<20))
			if most-before > allowance {
				t.Errorf("more than %d MiB", allowance>>20)
			}
			if kept := hub.record(t, res.Header.Get("Exchange-Id")); kept.Outcome != "delivered" || kept.ResponseBytes != n {
				t.Errorf("the record says %+v, %d bytes arrived", kept, n)
			}
		})
	}
}

// rowsOf is a list of rows in JSON, of about the size in bytes.
func rowsOf(size int) io.Reader {
	row := `{"kode":"3273010001","nama":"Isola"},`
	block := strings.Repeat(row, 1000)
	var parts []io.Reader
	parts = append(parts, strings.NewReader(`{"items":[`))
	for range size/len(block) + 1 {
		parts = append(parts, strings.NewReader(block))
	}
	return io.MultiReader(append(parts, strings.NewReader(`{}]}`))...)
}
