//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"runtime"
	"syscall"
	"time"
)

// patience is how long a request may stay unanswered after its phase.
const patience = 10 * time.Second

// plan is what the load child needs to know before its first phase.
type plan struct {
	Address     string `json:"address"` // IPv4 and port
	Connections int    `json:"connections"`
	Request     []byte `json:"request"` // as it goes onto the wire
	Want        []byte `json:"want"`    // the body that every answer must have
}

// serveLoad is the load child: a plan, then phases, one JSON value each, on in;
// one phaseResult for each phase on out. It ends when in ends.
func serveLoad(_ context.Context, in io.Reader, out io.Writer) error {
	runtime.GOMAXPROCS(1) // one thread does all; a second would only steal time from the target
	from, to := json.NewDecoder(in), json.NewEncoder(out)
	var p plan
	if err := from.Decode(&p); err != nil {
		return fmt.Errorf("load: plan: %w", err)
	}
	l, err := dialLoad(p)
	if err != nil {
		return err
	}
	defer l.close()
	for {
		var ph phase
		if err := from.Decode(&ph); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("load: phase: %w", err)
		}
		result, err := l.run(ph)
		if err != nil {
			return err
		}
		if err := to.Encode(result); err != nil {
			return err
		}
	}
}

// loader is an HTTP/1.1 client of one thread over many connections: an epoll
// loop that sends fixed bytes and compares answers, so that on a machine of few
// cores the load leaves the time to what is measured.
type loader struct {
	plan
	epoll, timer int
	conns        map[int32]*conn // open ones by descriptor
	idle         chan *conn      // first in, first out: all connections take turns
	phase        *recorder
	start        time.Time
	inFlight     int
}

// conn is one keep-alive connection; at most one request is under way on it.
type conn struct {
	fd  int
	buf []byte // of it, n bytes of the answer have come
	n   int
	due time.Duration // of the request under way

	busy, dead bool
}

func dialLoad(p plan) (*loader, error) {
	address, err := netip.ParseAddrPort(p.Address)
	if err != nil || !address.Addr().Is4() {
		return nil, fmt.Errorf("load: %q is not an IPv4 address with a port", p.Address)
	}
	l := &loader{plan: p, epoll: -1, timer: -1, conns: map[int32]*conn{}, idle: make(chan *conn, p.Connections)}
	if err := l.open(address); err != nil {
		l.close()
		return nil, fmt.Errorf("load: %w", err)
	}
	return l, nil
}

func (l *loader) open(address netip.AddrPort) (err error) {
	if l.epoll, err = syscall.EpollCreate1(syscall.EPOLL_CLOEXEC); err != nil {
		return fmt.Errorf("epoll: %w", err)
	}
	if l.timer, err = newTimer(); err != nil {
		return err
	}
	if err := l.watch(l.timer); err != nil {
		return err
	}
	for range l.Connections {
		fd, err := dialSocket(address)
		if err != nil {
			return fmt.Errorf("connect to %s: %w", address, err)
		}
		c := &conn{fd: fd, buf: make([]byte, 16<<10)}
		l.conns[int32(fd)] = c
		if err := l.watch(fd); err != nil {
			return err
		}
		l.idle <- c
	}
	return nil
}

func (l *loader) watch(fd int) error {
	return syscall.EpollCtl(l.epoll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)})
}

func dialSocket(address netip.AddrPort) (int, error) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	err = syscall.Connect(fd, &syscall.SockaddrInet4{Port: int(address.Port()), Addr: address.Addr().As4()})
	if err == nil {
		err = syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
	}
	if err == nil {
		err = syscall.SetNonblock(fd, true)
	}
	if err != nil {
		syscall.Close(fd)
		return -1, err
	}
	return fd, nil
}

func (l *loader) close() {
	for _, c := range l.conns {
		syscall.Close(c.fd)
	}
	for _, fd := range [...]int{l.timer, l.epoll} {
		if fd >= 0 {
			syscall.Close(fd)
		}
	}
}

// run drives one phase and returns when every request is answered or has failed.
func (l *loader) run(p phase) (phaseResult, error) {
	l.phase, l.start, l.inFlight = &recorder{}, time.Now(), 0
	events := make([]syscall.EpollEvent, 2*l.Connections)
	for {
		now := time.Since(l.start)
		due, more := p.due(l.phase.Sent, now)
		switch {
		case more && due <= now && len(l.idle) > 0:
			if c := <-l.idle; !c.dead {
				l.send(c, due)
			}
			continue
		case !more && l.inFlight == 0:
			return l.phase.result(now), nil
		case len(l.conns) == 0:
			l.phase.failed("no connection is left")
			return l.phase.result(now), nil
		case now > p.Duration+patience:
			l.phase.failed(fmt.Sprintf("%d requests without an answer after %s", l.inFlight, patience))
			return l.phase.result(now), nil
		}
		if more && len(l.idle) > 0 {
			if err := armTimer(l.timer, due-now); err != nil {
				return phaseResult{}, fmt.Errorf("load: %w", err)
			}
		}
		if err := l.wait(events); err != nil {
			return phaseResult{}, err
		}
	}
}

func (l *loader) wait(events []syscall.EpollEvent) error {
	n, err := syscall.EpollWait(l.epoll, events, int(time.Second/time.Millisecond))
	if err != nil && !errors.Is(err, syscall.EINTR) {
		return fmt.Errorf("load: epoll: %w", err)
	}
	for _, e := range events[:max(n, 0)] {
		if c, ok := l.conns[e.Fd]; ok {
			l.receive(c)
			continue
		}
		var expirations [8]byte
		syscall.Read(l.timer, expirations[:]) // nothing to learn: run looks at the clock
	}
	return nil
}

// send starts a request. It fits into the empty socket buffer, so a short write
// is a failure like any other.
func (l *loader) send(c *conn, due time.Duration) {
	c.due, c.busy = due, true
	l.inFlight++
	l.phase.sent(time.Since(l.start) - due)
	n, err := syscall.Write(c.fd, l.Request)
	if err != nil {
		l.drop(c, "write: "+err.Error())
	} else if n < len(l.Request) {
		l.drop(c, "write: cut short")
	}
}

func (l *loader) receive(c *conn) {
	n, err := syscall.Read(c.fd, c.buf[c.n:])
	switch {
	case errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EINTR):
		return
	case err != nil:
		l.drop(c, "read: "+err.Error())
		return
	case n == 0:
		l.drop(c, "connection closed by the target")
		return
	}
	c.n += n
	r, size, err := parseResponse(c.buf[:c.n])
	switch {
	case err != nil:
		l.drop(c, err.Error())
	case size == 0 && c.n == len(c.buf):
		l.drop(c, "answer of more than 16 KiB")
	case size == 0: // more to come
	default:
		l.judge(c, r, size)
	}
}

// judge counts a whole answer and gives the connection back.
func (l *loader) judge(c *conn, r response, size int) {
	switch {
	case r.status != 200:
		l.drop(c, fmt.Sprintf("status %d: %.120q", r.status, r.body))
	case !bytes.Equal(r.body, l.Want):
		l.drop(c, fmt.Sprintf("another body than expected: %.120q", r.body))
	case size != c.n:
		l.drop(c, "bytes after the answer")
	case r.close:
		l.drop(c, "the target does not keep the connection alive")
	default:
		c.n, c.busy = 0, false
		l.inFlight--
		l.phase.answered(time.Since(l.start) - c.due)
		l.idle <- c
	}
}

// drop counts a failure and closes the connection. An idle one stays in the
// queue, marked, until its turn comes.
func (l *loader) drop(c *conn, reason string) {
	l.phase.failed(reason)
	delete(l.conns, int32(c.fd))
	syscall.Close(c.fd)
	if c.busy {
		l.inFlight--
	}
	c.busy, c.dead = false, true
}
