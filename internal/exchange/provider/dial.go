package provider

import (
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"

	"simpul"
)

// dialer connects to providers, and to nobody else.
func dialer() *net.Dialer {
	return &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second, Control: guard}
}

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
