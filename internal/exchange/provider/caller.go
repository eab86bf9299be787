package provider

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"simpul/internal/exchange/wire"
	"strings"
	"time"

	"simpul"
)

// Caller calls providers over HTTP, with connections kept alive per origin.
type Caller struct {
	wire    *wire.Client
	second  *second
	tunnels *wire.Client
}

// New returns a caller. connections bounds how many are open to one origin.
func New(connections int) *Caller {
	client := wire.New(connections, nil)
	client.Dial = dialer().DialContext
	return &Caller{client, newSecond(connections), newTunnels(connections)}
}

// Close closes idle connections.
func (c *Caller) Close() {
	c.wire.Close()
	c.second.Close()
	c.tunnels.Close()
}

// Call sends the request to the route's upstream. r.URL.Path is the path below
// the LID's address, already checked by the gateway. The answer's body must be
// closed.
func (c *Caller) Call(route *simpul.Route, r *http.Request) (*http.Response, error) {
	to := target(route.Upstream, r.URL)
	if r.Header["Upgrade"] != nil {
		return c.tunnel(route, r, to)
	}
	if c.second.speaks(to) {
		return c.second.call(route, r, to)
	}
	res, err := c.wire.Do(r, to, route.Timeout)
	switch {
	case errors.Is(err, wire.ErrHTTP2):
		c.second.learn(to)
		return c.second.call(route, r, to)
	case err != nil:
		return nil, describe(route, r.Context(), err)
	}
	res.Body = &answerBody{res.Body, route, r.Context()}
	return final(route, to, res)
}

// final checks an answer and takes the provider's own traces off it.
func final(route *simpul.Route, called *url.URL, res *http.Response) (*http.Response, error) {
	if res.StatusCode < 200 || res.StatusCode > 599 {
		res.Body.Close()
		return nil, nonsense(route, fmt.Errorf("status %d as the final answer", res.StatusCode))
	}
	hideOrigin(route, called, res.Header)
	return res, nil
}

// answerBody tells in the words of the hub why an answer broke off.
type answerBody struct {
	io.ReadCloser
	route  *simpul.Route
	caller context.Context // the consumer's
}

func (b *answerBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = describe(b.route, b.caller, err)
	}
	return n, err
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
// consumer's context.
func describe(route *simpul.Route, caller context.Context, err error) error {
	switch {
	case caller.Err() != nil:
		return &simpul.Error{Code: simpul.CodeAborted, Err: fmt.Errorf("consumer gave up: %w", caller.Err())}
	case errors.Is(err, errSilent), wire.IsSilence(err):
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
