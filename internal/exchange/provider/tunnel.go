package provider

import (
	"crypto/tls"
	"errors"
	"net/http"
	"net/url"

	"simpul"
	"simpul/internal/exchange/wire"
)

// newTunnels is a client for calls that switch protocols. They have connections of
// their own, since they keep them for long, and speak HTTP/1.1 to whoever would
// choose, since HTTP/2 cannot switch.
func newTunnels(connections int) *wire.Client {
	client := wire.New(connections, &tls.Config{NextProtos: []string{"http/1.1"}})
	client.Dial = dialer().DialContext
	return client
}

// tunnel makes a call that asks to switch protocols. Where the origin does, the
// answer's body is an io.ReadWriteCloser; else it is an answer like any other.
func (c *Caller) tunnel(route *simpul.Route, r *http.Request, to *url.URL) (*http.Response, error) {
	if to.Scheme == prior {
		return nil, nonsense(route, errors.New("HTTP/2 without TLS switches to nothing"))
	}
	res, err := c.tunnels.Do(r, to, route.Timeout)
	if err != nil {
		return nil, describe(route, r.Context(), err)
	}
	if res.StatusCode == http.StatusSwitchingProtocols {
		hideOrigin(route, to, res.Header)
		return res, nil
	}
	res.Body = &answerBody{res.Body, route, r.Context()}
	return final(route, to, res)
}
