package provider

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"simpul"
)

// Caller calls providers over HTTP, with connections kept alive per origin.
type Caller struct{ transport *http.Transport }

// New returns a caller. connections bounds how many are open to one origin.
func New(connections int) *Caller {
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second, Control: guard}
	return &Caller{&http.Transport{
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		MaxConnsPerHost:        connections,
		MaxIdleConnsPerHost:    connections,
		MaxIdleConns:           0, // bounded per origin
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		DisableCompression:     true, // bodies pass as they are
		ForceAttemptHTTP2:      true,
		// No Proxy: a provider is reached directly, never by an environment
		// variable's wish.
	}}
}

// Close closes idle connections.
func (c *Caller) Close() { c.transport.CloseIdleConnections() }

// Call sends the request to the route's upstream. r.URL.Path is the path below
// the LID's address, already checked by the gateway. The answer's body must be
// closed.
func (c *Caller) Call(route *simpul.Route, r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	out := r.Clone(ctx)
	out.URL = target(route.Upstream, r.URL)
	out.Host = ""

	wait := awaitHead(route.Timeout, cancel)
	if out.Body != nil && out.Body != http.NoBody {
		out.Body = &requestBody{out.Body, wait}
	}
	res, err := c.transport.RoundTrip(out)
	wait.end()
	if err != nil {
		err = describe(route, r.Context(), ctx, err)
		cancel(nil)
		return nil, err
	}
	if res.StatusCode < 200 || res.StatusCode > 599 {
		res.Body.Close()
		cancel(nil)
		return nil, nonsense(route, fmt.Errorf("status %d as the final answer", res.StatusCode))
	}
	hideOrigin(route, out.URL, res.Header)
	res.Body = newAnswerBody(route, res.Body, r.Context(), ctx, cancel)
	return res, nil
}

// target joins the provider's base with the path below the LID and the query.
func target(base, below *url.URL) *url.URL {
	u := *base
	rest := strings.TrimSuffix(below.EscapedPath(), "/")
	u.Path, u.RawPath = base.Path+strings.TrimSuffix(below.Path, "/"), base.EscapedPath()+rest
	if u.Path == "" {
		u.Path, u.RawPath = "/", ""
	}
	u.RawQuery = below.RawQuery
	return &u
}

// describe tells what went wrong in the words of the hub. caller is the
// consumer's context, ctx the one that silence ends.
func describe(route *simpul.Route, caller, ctx context.Context, err error) error {
	switch {
	case caller.Err() != nil:
		return &simpul.Error{Code: simpul.CodeAborted, Err: fmt.Errorf("consumer gave up: %w", caller.Err())}
	case errors.Is(context.Cause(ctx), errSilent):
		return tooSlow(route, err)
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return unreachable(route, err)
	}
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() { // of the TLS handshake
		return tooSlow(route, err)
	}
	return nonsense(route, err)
}

func unreachable(route *simpul.Route, err error) error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Owner: route.Owner, Retry: 5 * time.Second, Err: err,
		Message: simpul.Text{
			ID: fmt.Sprintf("Layanan %s milik %s tidak dapat dihubungi.", route.Address, route.Owner),
			EN: fmt.Sprintf("Service %s of %s cannot be reached.", route.Address, route.Owner)},
		Remedy: simpul.Text{
			ID: "Coba lagi sebentar lagi. Bila berlanjut, kabari penyedia dengan menyebut nomor pertukaran.",
			EN: "Try again shortly. If it goes on, tell the provider and quote the exchange number."},
	}
}

func tooSlow(route *simpul.Route, err error) error {
	return &simpul.Error{
		Code: simpul.CodeTimeout, Owner: route.Owner, Err: err,
		Message: simpul.Text{
			ID: fmt.Sprintf("Layanan %s milik %s tidak menjawab dalam %s.", route.Address, route.Owner, route.Timeout),
			EN: fmt.Sprintf("Service %s of %s did not answer within %s.", route.Address, route.Owner, route.Timeout)},
		Remedy: simpul.Text{
			ID: "Minta data yang lebih sedikit, atau coba lagi. Bila berlanjut, kabari penyedia.",
			EN: "Ask for less data, or try again. If it goes on, tell the provider."},
	}
}

func nonsense(route *simpul.Route, err error) error {
	return &simpul.Error{
		Code: simpul.CodeUpstream, Owner: route.Owner, Err: err,
		Message: simpul.Text{
			ID: fmt.Sprintf("Layanan %s milik %s menjawab dengan bentuk yang tidak dapat dibaca.", route.Address, route.Owner),
			EN: fmt.Sprintf("Service %s of %s gave an answer that cannot be read.", route.Address, route.Owner)},
		Remedy: simpul.Text{
			ID: "Kabari penyedia dengan menyebut nomor pertukaran; mengulang panggilan tidak akan membantu.",
			EN: "Tell the provider and quote the exchange number; calling again will not help."},
	}
}
