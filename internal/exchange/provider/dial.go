package provider

import (
	"fmt"
	"net/netip"
	"syscall"

	"simpul"
)

// guard refuses to connect where no provider can be, whatever name led there. It
// is asked with the address itself, after the name was resolved.
func guard(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if !simpul.Callable(to.Addr()) {
		return fmt.Errorf("%s is no address of a provider", to.Addr())
	}
	return nil
}
