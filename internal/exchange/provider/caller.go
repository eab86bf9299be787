package provider

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"simpul"
)

// Caller calls providers over HTTP, with connections kept alive per origin.
type Caller struct{ transport *http.Transport }

// New returns a caller. connections bounds how many are open to one origin.
func New(connections int) *Caller {
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}
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

	silence := time.AfterFunc(route.Timeout, func() { cancel(errSilent) })
	res, err := c.transport.RoundTrip(out)
	silence.Stop()
	if err != nil {
		err = describe(route, r.Context(), ctx, err)
		cancel(nil)
		return nil, err
	}
	hideOrigin(route, res.Header)
	res.Body = &answerBody{ReadCloser: res.Body, route: route, silence: silence, cancel: cancel, ctx: ctx}
	return res, nil
}

var errSilent = errors.New("the provider was silent for too long")

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

// hideOrigin removes what tells where the provider is or what it runs, so that
// nobody can go around the hub.
func hideOrigin(route *simpul.Route, h http.Header) {
	h.Del("Server")
	h.Del("X-Powered-By")
	h.Del("Alt-Svc")
	for _, name := range []string{"Location", "Content-Location"} {
		value := h.Get(name)
		if value == "" {
			continue
		}
		u, err := url.Parse(value)
		below, inside := "", false
		if err == nil && (u.Host == "" || u.Host == route.Upstream.Host) {
			below, inside = strings.CutPrefix(u.EscapedPath(), route.Upstream.EscapedPath())
		}
		switch {
		case inside:
			h.Set(name, (&url.URL{Path: "/" + string(route.Address) + below, RawQuery: u.RawQuery}).String())
		case err != nil || u.Host == "" || u.Host == route.Upstream.Host:
			h.Del(name)
		}
	}
}

// describe tells what went wrong in the words of the hub. caller is the
// consumer's context, ctx the one that silence ends.
func describe(route *simpul.Route, caller, ctx context.Context, err error) error {
	var opErr *net.OpError
	switch {
	case caller.Err() != nil:
		return fmt.Errorf("consumer gave up: %w", caller.Err())
	case errors.Is(context.Cause(ctx), errSilent) || errors.Is(err, os.ErrDeadlineExceeded):
		return tooSlow(route, err)
	case errors.As(err, &opErr) && opErr.Op == "dial":
		return unreachable(route, err)
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

// answerBody gives up on a provider that falls silent within its answer.
type answerBody struct {
	io.ReadCloser
	route   *simpul.Route
	silence *time.Timer
	ctx     context.Context
	cancel  context.CancelCauseFunc
}

func (b *answerBody) Read(p []byte) (int, error) {
	b.silence.Reset(b.route.Timeout)
	n, err := b.ReadCloser.Read(p)
	b.silence.Stop()
	switch {
	case err == nil || err == io.EOF:
		return n, err
	case errors.Is(context.Cause(b.ctx), errSilent):
		return n, tooSlow(b.route, err)
	}
	return n, nonsense(b.route, err)
}

func (b *answerBody) Close() error {
	b.silence.Stop()
	err := b.ReadCloser.Close()
	b.cancel(nil)
	return err
}
