package proxied

import (
	"errors"
	"net"
	"net/netip"
	"time"

	proxyproto "github.com/pires/go-proxyproto"
)

// errNoAddress refuses a word that names no client. Whoever reads the request
// would take the proxy for its client, and believe more of it.
var errNoAddress = errors.New("the proxy names no TCP address")

// listener gives out connections that can end one way.
type listener struct{ *proxyproto.Listener }

// Accept waits for the next connection, and for nothing that it says.
func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if told, ok := c.(*proxyproto.Conn); ok {
		return conn{told}, err
	}
	return c, err
}

// conn is a connection that a proxy passes on.
type conn struct{ *proxyproto.Conn }

// CloseWrite ends the sending.
func (c conn) CloseWrite() error {
	if tcp, ok := c.TCPConn(); ok {
		return tcp.CloseWrite()
	}
	return errors.ErrUnsupported
}

// Listen makes a listener learn the client's address from proxies. trusts tells
// which addresses are proxies; patience is how long one may take to say it.
func Listen(l net.Listener, trusts func(netip.Addr) bool, patience time.Duration) net.Listener {
	return listener{&proxyproto.Listener{
		Listener:          l,
		ReadHeaderTimeout: patience,
		ValidateHeader:    named,
		ConnPolicy: func(c proxyproto.ConnPolicyOptions) (proxyproto.Policy, error) {
			if trusts(addressOf(c.Upstream)) {
				return proxyproto.REQUIRE, nil
			}
			return proxyproto.SKIP, nil
		},
	}}
}

// addressOf is the address of a peer; the zero one, which nobody trusts, where it
// has none.
func addressOf(peer net.Addr) netip.Addr {
	tcp, ok := peer.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	return tcp.AddrPort().Addr().Unmap()
}

// named accepts a TCP address, and what a proxy asks for itself: LOCAL of version
// 2, with which it looks whether the hub is well. UNKNOWN of version 1 may stand
// for a client too.
func named(h *proxyproto.Header) error {
	switch {
	case h.Command.IsLocal() && h.Version == 2:
		return nil
	case h.Command.IsLocal(), h.TransportProtocol != proxyproto.TCPv4 && h.TransportProtocol != proxyproto.TCPv6:
		return errNoAddress
	}
	return nil
}
