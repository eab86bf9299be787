package app

import (
	"net"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/exchange/policy"
	"simpul/internal/platform/config"
	"simpul/internal/platform/proxied"
	"simpul/internal/registry/agency"
)

// streams is how many calls may be under way on one HTTP/2 connection. With as
// many a client that opens streams and resets them at once (CVE-2023-44487) gains
// nothing: net/http counts a stream until its handler has ended, holds at most
// four times as many back, and then ends the connection.
const streams = 100

// front gives a server what it speaks: HTTP/1.1, HTTP/2 over TLS, and without TLS
// where the operator wants that. The head of a call is bounded by MaxHeaderBytes
// on either; a connection on which no stream is open by IdleTimeout, whatever its
// client trickles; one whose client takes nothing, or has gone without a word, by
// grace.
func (h *Hub) front(s *http.Server, at config.Listener) {
	s.Protocols = new(http.Protocols)
	s.Protocols.SetHTTP1(true)
	s.Protocols.SetHTTP2(true)
	s.Protocols.SetUnencryptedHTTP2(at.H2C)
	grace := h.config.Limits.Grace
	s.HTTP2 = &http.HTTP2Config{
		MaxConcurrentStreams: streams,
		SendPingTimeout:      grace,
		PingTimeout:          grace,
		WriteByteTimeout:     grace,
	}
}

// accept learns from where connections came that proxies pass on.
func (h *Hub) accept(l net.Listener, at config.Listener) net.Listener {
	if !at.ProxyProtocol {
		return l
	}
	return proxied.Listen(l, h.proxies.Trusts, h.config.Limits.HeaderTimeout)
}

// standing tells whether what was decided still holds, for calls that last.
type standing struct {
	keys *agency.Keyring
	book *policy.Book
}

func (s standing) Foresee(c simpul.Consumer, route *simpul.Route, now time.Time) (simpul.Decision, error) {
	if err := s.keys.Permit(c, route); err != nil {
		return simpul.Decision{}, err
	}
	return s.book.Decide(c, route, now)
}
