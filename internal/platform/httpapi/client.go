package httpapi

import (
	"net/http"
	"net/netip"
	"strings"
)

// Proxies are the load balancers and proxies in front of the hub, whose word on
// where a request came from is believed.
type Proxies []netip.Prefix

// ParseProxies reads addresses and prefixes in CIDR notation (RFC 4632).
func ParseProxies(list []string) (Proxies, error) {
	var proxies Proxies
	for _, text := range list {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			addr, err := netip.ParseAddr(text)
			if err != nil {
				return nil, err
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		proxies = append(proxies, prefix.Masked())
	}
	return proxies, nil
}

// Client returns the address from which a request came: of the connection, or,
// where that is a trusted proxy's, the last one in X-Forwarded-For that is not.
// What a client writes there itself stands before it and is never reached.
func (p Proxies) Client(r *http.Request) netip.Addr {
	port, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr := port.Addr().Unmap()
	if !p.trusts(addr) {
		return addr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && p.trusts(addr); i-- {
		before, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		addr = before.Unmap()
	}
	return addr
}

// Sent reports whether a trusted proxy has sent the request, so that what it
// says about the client is believed.
func (p Proxies) Sent(r *http.Request) bool {
	port, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && p.trusts(port.Addr().Unmap())
}

// Holds reports whether an address is one of those listed.
func (p Proxies) Holds(addr netip.Addr) bool { return p.trusts(addr) }

func (p Proxies) trusts(addr netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}
