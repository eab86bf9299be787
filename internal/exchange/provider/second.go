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
	plain     *http.Transport // to origins of the scheme h2c
	origins   sync.Map        // by "host:port": those that chose HTTP/2
}

// prior is the scheme of origins that are known to speak HTTP/2 without TLS ("prior
// knowledge", RFC 9113 section 3.3). It is the hub's own word, and never sent.
const prior = "h2c"

func newSecond(connections int) *second {
	s := &second{transport: newTransport(connections)}
	s.plain = newTransport(connections)
	s.plain.Protocols = new(http.Protocols)
	s.plain.Protocols.SetUnencryptedHTTP2(true)
	return s
}

// lifeSign is how long an HTTP/2 connection may be silent before the hub asks
// whether the origin is still there, and how long the origin may take to say so.
const lifeSign = 15 * time.Second

func newTransport(connections int) *http.Transport {
	return &http.Transport{
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: lifeSign, PingTimeout: lifeSign, WriteByteTimeout: lifeSign},
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
	}
}

// Close closes idle connections.
func (s *second) Close() {
	s.transport.CloseIdleConnections()
	s.plain.CloseIdleConnections()
}

// speaks reports whether the origin of an address speaks HTTP/2: it chose that
// before, or its scheme says so.
func (s *second) speaks(to *url.URL) bool {
	if to.Scheme != "https" {
		return to.Scheme == prior
	}
	_, known := s.origins.Load(to.Host)
	return known
}

func (s *second) learn(to *url.URL) { s.origins.Store(to.Host, nil) }

// reach returns the client for an address, whose scheme becomes one of the wire.
func (s *second) reach(to *url.URL) *http.Transport {
	if to.Scheme != prior {
		return s.transport
	}
	to.Scheme = "http"
	return s.plain
}

// call sends the request and watches over the provider's silence.
// Its error is as the client gives it.
func (s *second) call(r *http.Request, to *url.URL, patience time.Duration) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	out := r.Clone(ctx)
	out.URL, out.Host = to, ""
	out.Trailer = r.Trailer // which is filled while its body is read
	if _, said := out.Header["User-Agent"]; !said {
		out.Header.Set("User-Agent", "") // the transport would name itself
	}
	wait := awaitHead(patience, cancel)
	if out.Body != nil && out.Body != http.NoBody {
		out.Body = &requestBody{out.Body, wait}
	}
	res, err := s.reach(to).RoundTrip(out)
	wait.end()
	if err != nil {
		err = silent(ctx, err)
		cancel(nil)
		return nil, err
	}
	res.Body = newPatientBody(patience, res.Body, ctx, cancel)
	return res, nil
}
