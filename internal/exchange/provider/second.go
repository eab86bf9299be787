package provider

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// second calls providers that speak HTTP/2, by the standard client.
type second struct {
	transport *http.Transport
	origins   sync.Map // by "host:port": those that chose HTTP/2
}

func newSecond(connections int) *second {
	return &second{transport: &http.Transport{
		DialContext:            dialer().DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		MaxConnsPerHost:        connections,
		MaxIdleConnsPerHost:    connections,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		DisableCompression:     true, // bodies pass as they are
		ForceAttemptHTTP2:      true,
		// No Proxy: a provider is reached directly, never by an environment
		// variable's wish.
	}}
}

// Close closes idle connections.
func (s *second) Close() { s.transport.CloseIdleConnections() }

// speaks reports whether the origin of an address chose HTTP/2 before.
func (s *second) speaks(to *url.URL) bool {
	if to.Scheme != "https" {
		return false
	}
	_, known := s.origins.Load(to.Host)
	return known
}

func (s *second) learn(to *url.URL) { s.origins.Store(to.Host, nil) }

// call sends the request and watches over the provider's silence.
// Its error is as the client gives it.
func (s *second) call(r *http.Request, to *url.URL, patience time.Duration) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	out := r.Clone(ctx)
	out.URL, out.Host = to, ""
	wait := awaitHead(patience, cancel)
	if out.Body != nil && out.Body != http.NoBody {
		out.Body = &requestBody{out.Body, wait}
	}
	res, err := s.transport.RoundTrip(out)
	wait.end()
	if err != nil {
		err = silent(ctx, err)
		cancel(nil)
		return nil, err
	}
	res.Body = newPatientBody(patience, res.Body, ctx, cancel)
	return res, nil
}
