package simpul

import "net/netip"

// metadataServices are addresses at which clouds tell a machine its own secrets
// and that are not link-local (AWS over IPv6, Alibaba Cloud).
var metadataServices = [...]netip.Addr{netip.MustParseAddr("fd00:ec2::254"), netip.MustParseAddr("100.100.100.200")}

// Callable reports whether the hub may call a provider at the address: not where
// no provider can be, such as link-local addresses, under which clouds tell a
// machine its secrets, nor multicast and unspecified ones.
func Callable(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsValid() || a.IsUnspecified() || a.IsMulticast() || a.IsLinkLocalUnicast() || a.IsInterfaceLocalMulticast() {
		return false
	}
	return a != metadataServices[0] && a != metadataServices[1]
}

// Dialable is Callable for what a dialer's Control is asked: an address and a port.
func Dialable(address string) bool {
	to, err := netip.ParseAddrPort(address)
	return err == nil && Callable(to.Addr())
}
