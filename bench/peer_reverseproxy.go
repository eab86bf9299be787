//go:build linux

package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
)

// proxyReady is the first line of the reverseproxy child.
type proxyReady struct {
	Address string `json:"address"`
}

// serveReverseProxy is the baseline child: net/http and httputil.ReverseProxy of
// the Go that built this program, and nothing else. in holds the origin's URL.
// The pool of idle connections, two by default, has room for all of the load's.
func serveReverseProxy(ctx context.Context, in io.Reader, out io.Writer) error {
	text, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	to, err := url.Parse(string(text))
	if err != nil {
		return err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, 256
	address, err := serveLocal(ctx, &httputil.ReverseProxy{
		Transport: transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.SetXForwarded()
		},
	})
	if err != nil {
		return err
	}
	if err := json.NewEncoder(out).Encode(proxyReady{address}); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

func startReverseProxy(ctx context.Context, origin string) (*target, error) {
	c, err := self("reverseproxy")
	if err != nil {
		return nil, err
	}
	in, err := pipeText("http://" + origin)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	line := newReadyLine()
	c.stdin, c.stdout = in, line
	p, err := launch(ctx, c)
	if err != nil {
		return nil, err
	}
	var ready proxyReady
	if err := line.await(ctx, p, &ready); err != nil {
		p.stop()
		return nil, err
	}
	return plain("reverseproxy", p, ready.Address), nil
}
