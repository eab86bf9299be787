package wire

import (
	"crypto/tls"
	"net"
	"syscall"
)

// quiet reports whether the other side of an idle connection has said nothing,
// not even that it is gone. It looks without waiting and takes nothing away.
func quiet(c net.Conn) bool {
	if secured, ok := c.(*tls.Conn); ok {
		c = secured.NetConn()
	}
	access, ok := c.(syscall.Conn)
	if !ok {
		return true // cannot be looked at; the exchange will tell
	}
	raw, err := access.SyscallConn()
	if err != nil {
		return false
	}
	silent := false
	err = raw.Read(func(fd uintptr) bool {
		var one [1]byte
		_, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		silent = err == syscall.EAGAIN
		return true
	})
	return err == nil && silent
}
