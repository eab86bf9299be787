package wire

import (
	"crypto/tls"
	"net"
	"syscall"
)

// ear listens to an idle connection: has the other side said anything, or gone?
// It looks without waiting and takes nothing away.
type ear struct {
	raw    syscall.RawConn // nil: cannot be looked at
	look   func(fd uintptr)
	silent bool
	one    [1]byte
}

// listenTo makes an ear of a connection. One that cannot be looked at counts as
// silent; the exchange will tell.
func (e *ear) listenTo(c net.Conn) {
	if secured, ok := c.(*tls.Conn); ok {
		c = secured.NetConn()
	}
	access, ok := c.(syscall.Conn)
	if !ok {
		return
	}
	e.raw, _ = access.SyscallConn() // fails for a connection that is closed, which the exchange will tell
	e.look = func(fd uintptr) {
		_, _, err := syscall.Recvfrom(int(fd), e.one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		e.silent = err == syscall.EAGAIN
	}
}

// quiet reports whether the other side has said nothing, not even that it is gone.
// A deadline that has passed since the last read says nothing of that.
func (e *ear) quiet() bool {
	if e.raw == nil {
		return true
	}
	return e.raw.Control(e.look) == nil && e.silent
}
