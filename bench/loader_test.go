//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// serve starts a server and returns its host and the count of its calls.
func serve(t *testing.T, h http.Handler) (string, *atomic.Int64) {
	t.Helper()
	var calls atomic.Int64
	s := httptest.NewServer(countCalls(&calls, h))
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://"), &calls
}

func loadOf(t *testing.T, host string, connections int) *loader {
	t.Helper()
	target := plain("test", nil, host)
	target.want = payload()
	l, err := dialLoad(target.plan(connections))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	return l
}

func TestLoaderSendsExactlyAsManyAsItSays(t *testing.T) {
	for name, p := range map[string]phase{
		"closed loop": {Duration: time.Minute, Max: 500},
		"open loop":   {Duration: time.Minute, Max: 100, Rate: 5000},
	} {
		t.Run(name, func(t *testing.T) {
			host, calls := serve(t, originService())
			l := loadOf(t, host, 7)
			for range 2 { // the connections serve several phases
				r, err := l.run(p)
				if err != nil || r.check() != nil || r.Sent != p.Max {
					t.Fatalf("%+v, %v", r, err)
				}
			}
			if got := calls.Load(); got != int64(2*p.Max) {
				t.Errorf("the server saw %d requests of %d", got, 2*p.Max)
			}
		})
	}
}

func TestLoaderAcceptsChunkedAnswers(t *testing.T) {
	host, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write(payload()[:100])
		w.(http.Flusher).Flush()
		w.Write(payload()[100:])
	}))
	r, err := loadOf(t, host, 2).run(phase{Duration: time.Minute, Max: 20})
	if err != nil || r.check() != nil {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestLoaderCountsEveryWrongAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		reason string
	}{
		"status":  {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "busy", http.StatusServiceUnavailable) }, "status 503"},
		"body":    {func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("{}")) }, "another body"},
		"hang-up": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "closed by the target"},
		"keep-alive": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Connection", "close")
			w.Write(payload())
		}, "keep the connection alive"},
		"too long": {func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 64<<10)) }, "16 KiB"},
	} {
		t.Run(name, func(t *testing.T) {
			host, _ := serve(t, c.answer)
			r, err := loadOf(t, host, 3).run(phase{Duration: time.Minute, Max: 50})
			if err != nil || r.OK != 0 {
				t.Fatalf("%+v, %v", r, err)
			}
			if err := r.check(); err == nil || !strings.Contains(err.Error(), c.reason) {
				t.Errorf("%v does not tell %q", err, c.reason)
			}
		})
	}
}

func TestLoaderNeedsATarget(t *testing.T) {
	for _, address := range []string{"", "localhost:80", "[::1]:80", "127.0.0.1:1"} {
		if l, err := dialLoad(plan{Address: address, Connections: 1}); err == nil {
			l.close()
			t.Errorf("%q was dialled", address)
		}
	}
}

func TestServeLoadSpeaksOneResultPerPhase(t *testing.T) {
	host, calls := serve(t, originService())
	target := plain("test", nil, host)
	target.want = payload()
	var in, out bytes.Buffer
	to := json.NewEncoder(&in)
	to.Encode(target.plan(2))
	to.Encode(phase{Duration: time.Minute, Max: 10})
	to.Encode(phase{Duration: time.Minute, Max: 20})
	if err := serveLoad(t.Context(), &in, &out); err != nil {
		t.Fatal(err)
	}
	from := json.NewDecoder(&out)
	for _, want := range []int{10, 20} {
		var r phaseResult
		if err := from.Decode(&r); err != nil || r.OK != want {
			t.Errorf("%+v, %v; want %d answers", r, err, want)
		}
	}
	if calls.Load() != 30 || from.More() {
		t.Errorf("%d calls, more results %v", calls.Load(), from.More())
	}
}
