//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// target is one way through a proxy to the origin.
type target struct {
	peer   string // short name in ratios: "nginx"
	figure string // name of its CPU figure; "" for the origin itself
	proxy  *process
	host   string // IPv4 and port
	path   string
	header http.Header

	want []byte                 // the body that every answer must have, byte for byte
	same func(body []byte) bool // whether a first answer is right; its bytes become want
}

// plain is a target that passes the origin's body on unchanged.
func plain(peer string, p *process, host string) *target {
	t := &target{peer: peer, proxy: p, host: host, path: "/"}
	t.figure = "proxy_plain_" + peer
	t.same = func(body []byte) bool { return bytes.Equal(body, payload()) }
	return t
}

// await polls the target until it answers rightly, and keeps that answer as the
// one that all others must equal.
func (t *target) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		body, err := get(ctx, "http://"+t.host+t.path, t.header)
		if err == nil && t.same(body) {
			t.want = body
			return nil
		}
		if dead := t.proxy.alive(); dead != nil {
			return dead
		}
		if err == nil {
			return fmt.Errorf("%s: the first answer is not the expected body: %.200q", t.peer, body)
		}
		if pause(ctx, 50*time.Millisecond) != nil {
			return fmt.Errorf("%s: %w: %s", t.peer, err, t.proxy.said)
		}
	}
}

// plan is the load for this target.
func (t *target) plan(connections int) plan {
	var b bytes.Buffer
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: application/json\r\nUser-Agent: simpul-bench\r\n", t.path, t.host)
	t.header.Write(&b)
	b.WriteString("\r\n")
	return plan{Address: t.host, Connections: connections, Request: b.Bytes(), Want: t.want}
}

// get fetches a URL on a connection of its own and returns the body of a 200.
func get(ctx context.Context, url string, header http.Header) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	return do(req)
}

// do sends a request on a connection of its own and returns the body of a 2xx.
func do(req *http.Request) ([]byte, error) {
	req.Close = true
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	if res.StatusCode/100 != 2 {
		return nil, fmt.Errorf("%s %s: status %d: %.500s", req.Method, req.URL.Path, res.StatusCode, body)
	}
	return body, nil
}

// freePort finds a port of the loopback interface that nothing listens on. It
// is given back before the peer takes it; a peer that loses that race does not
// start, which its readiness check reports.
func freePort() (string, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
