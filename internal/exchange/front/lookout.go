package front

import (
	"crypto/tls"
	"net"
	"syscall"
	"time"
)

const (
	glance = 50 * time.Millisecond // between two looks at who is still there
	brief  = 40 * time.Millisecond // an answer that takes less needs no look
)

// lookout cancels the requests of consumers who are gone, until stop.
func (s *Server) lookout(stop <-chan struct{}) {
	every := time.NewTicker(glance)
	defer every.Stop()
	for {
		select {
		case <-stop:
			return
		case now := <-every.C:
			for _, c := range s.waiting(now.Add(-brief)) {
				c.lookAfter()
			}
		}
	}
}

// waiting are the connections whose request came before the time.
func (s *Server) waiting(before time.Time) (all []*conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		if since := c.since.Load(); since != 0 && since < before.UnixNano() {
			all = append(all, c)
		}
	}
	return all
}

// lookAfter cancels the present request if its consumer is gone.
func (c *conn) lookAfter() {
	if cancel := c.cancel.Load(); cancel != nil && c.ear.gone() {
		(*cancel)()
	}
}

// ear listens to a connection without taking anything away.
type ear struct {
	raw     syscall.RawConn // nil: cannot be looked at
	secured bool
}

// listenTo makes an ear of a connection, or of the one within.
func (e *ear) listenTo(c net.Conn) {
	for {
		if access, ok := c.(syscall.Conn); ok {
			e.raw, _ = access.SyscallConn() // fails for one that is closed
			return
		}
		switch within := c.(type) {
		case *tls.Conn:
			c, e.secured = within.NetConn(), true
		case interface{ NetConn() net.Conn }:
			c = within.NetConn()
		case interface{ Raw() net.Conn }: // of a connection whose address a proxy tells
			c = within.Raw()
		default:
			return
		}
	}
}

// closing is the type of the TLS record by which a peer says that it sends no
// more (RFC 8446 section 5.1: alert).
const closing = 21

// gone reports whether the other side has closed the connection, or broken it.
func (e *ear) gone() bool {
	if e.raw == nil {
		return false
	}
	ended := false
	err := e.raw.Control(func(fd uintptr) {
		var one [1]byte
		n, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		switch {
		case err == syscall.EAGAIN || err == syscall.EINTR:
		case err != nil || n == 0:
			ended = true
		default:
			ended = e.secured && one[0] == closing
		}
	})
	return err == nil && ended
}
