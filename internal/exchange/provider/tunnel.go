package provider

import (
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

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

// switching makes a call that asks to switch protocols. Where the origin does, the
// answer's body is an io.ReadWriteCloser; else it is an answer like any other.
func (c *Caller) switching(r *http.Request, to *url.URL, silence time.Duration) (*http.Response, error) {
	if to.Scheme == prior {
		return nil, errors.New("HTTP/2 without TLS switches to nothing")
	}
	return c.tunnels.Do(r, to, silence)
}

// switched reports an answer by which the origin switches protocols. That it was
// asked to, the client has seen to.
func switched(res *http.Response) bool { return res.StatusCode == http.StatusSwitchingProtocols }

// watched is the body of an answer, of which one that can be written to stays so.
func watched(b *answerBody) io.ReadCloser {
	if both, ok := b.ReadCloser.(io.ReadWriteCloser); ok {
		return &tunnelBody{b, both}
	}
	return b
}

// tunnelBody is an origin's side of a tunnel.
type tunnelBody struct {
	*answerBody
	io.Writer
}
