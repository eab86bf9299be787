//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
)

// originReady is the first line of the origin child.
type originReady struct {
	Address string `json:"address"` // what the targets proxy to
	Control string `json:"control"` // answers /count; not for targets
}

// serveOrigin is the origin child: the provider's service that every target
// stands before. It answers the same body to every GET / and counts all calls.
func serveOrigin(ctx context.Context, _ io.Reader, out io.Writer) error {
	var calls atomic.Int64
	service, err := serveLocal(ctx, countCalls(&calls, originService()))
	if err != nil {
		return err
	}
	control, err := serveLocal(ctx, originControl(&calls))
	if err != nil {
		return err
	}
	if err := json.NewEncoder(out).Encode(originReady{service, control}); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// serveLocal serves on a free port of the loopback interface until ctx ends and
// returns its address. Connections may idle as long as they like: keep-alive to
// the origin is part of the bargain.
func serveLocal(ctx context.Context, h http.Handler) (string, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: h}
	context.AfterFunc(ctx, func() { server.Close() })
	go server.Serve(l)
	return l.Addr().String(), nil
}

func countCalls(calls *atomic.Int64, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		next.ServeHTTP(w, r)
	})
}

func originControl(calls *atomic.Int64) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, calls.Load())
	})
}

// bulkReceipt is the answer to an upload.
type bulkReceipt struct {
	Bytes  int64  `json:"bytes"`
	Intact bool   `json:"intact"`
	Error  string `json:"error,omitempty"`
}

func originService() http.Handler {
	body := payload()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.Write(body)
	})
	mux.HandleFunc("GET /bulk/{bytes}", sendBulk)
	mux.HandleFunc("POST /bulk/", receiveBulk)
	mux.HandleFunc("POST /bulk", receiveBulk)
	return mux
}

func sendBulk(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.ParseInt(r.PathValue("bytes"), 10, 64)
	if err != nil || n < 0 || n > bulkBytes {
		http.Error(w, "a length of at most 1 GiB is needed", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(n, 10))
	io.CopyN(w, newPattern(), n)
}

func receiveBulk(w http.ResponseWriter, r *http.Request) {
	n, err := io.Copy(newPattern(), http.MaxBytesReader(w, r.Body, bulkBytes))
	receipt := bulkReceipt{Bytes: n, Intact: err == nil}
	if err != nil {
		receipt.Error = err.Error()
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(receipt)
}

// origin is the harness's side of the origin child.
type origin struct {
	process *process
	address string
	control string
}

func startOrigin(ctx context.Context) (*origin, error) {
	c, err := self("origin")
	if err != nil {
		return nil, err
	}
	line := newReadyLine()
	c.stdout = line
	p, err := launch(ctx, c)
	if err != nil {
		return nil, err
	}
	var ready originReady
	if err := line.await(ctx, p, &ready); err != nil {
		p.stop()
		return nil, err
	}
	return &origin{process: p, address: ready.Address, control: ready.Control}, nil
}

// calls returns how many requests the origin has seen so far.
func (o *origin) calls(ctx context.Context) (int, error) {
	body, err := get(ctx, "http://"+o.control+"/count", nil)
	if err != nil {
		return 0, fmt.Errorf("origin: %w", err)
	}
	var n int
	_, err = fmt.Sscan(string(body), &n)
	return n, err
}
