package app

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/net/netutil"

	"simpul"
	"simpul/internal/exchange/front"
	"simpul/internal/platform/config"
	"simpul/internal/platform/httpapi"
)

// server is one listener with its handler. On the gateway's, HTTP/1.1 is answered
// by the hub's own server, and the standard one sees what negotiated HTTP/2.
type server struct {
	http.Server
	first    *front.Server // nil: the standard server answers everything
	handed   *handover     // what first gives to the standard server
	listener net.Listener
	secured  *tls.Config // nil: in clear
}

// quicken puts the hub's own server before the standard one, unless that is to
// speak HTTP/2 in clear.
func (h *Hub) quicken(s *server, at config.Listener) {
	if at.H2C {
		return
	}
	limits := h.config.Limits
	s.handed, s.ConnState = newHandover(s.listener.Addr()), nil // connections are counted where they are accepted
	s.first = &front.Server{
		Handler: s.Handler, Refuse: unread, Second: s.handed.take, TLS: s.secured,
		HeaderTimeout: limits.HeaderTimeout, IdleTimeout: limits.IdleTimeout, BodyTimeout: limits.IdleTimeout, WriteTimeout: limits.Grace,
		MaxHead: limits.Header, Connections: limits.Connections, Log: h.log,
		Opened: func(change int64) { h.flow.connections.Add(change) },
	}
}

// Serve serves until Shutdown.
func (s *server) Serve(connections int) error {
	if s.first == nil {
		return s.Server.Serve(overTLS(netutil.LimitListener(s.listener, connections), s.secured))
	}
	second := make(chan error, 1)
	go func() { second <- s.Server.Serve(s.handed) }()
	if err := s.first.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		s.Server.Close()
		<-second
		return err
	}
	return <-second
}

// Shutdown stops accepting and waits for what is under way until ctx ends.
func (s *server) Shutdown(ctx context.Context) error {
	if s.first == nil {
		return s.Server.Shutdown(ctx)
	}
	first := make(chan error, 1)
	go func() { first <- s.first.Shutdown(ctx) }()
	return errors.Join(s.Server.Shutdown(ctx), <-first)
}

// unread tells whoever sent a request that cannot be read. It has a number, as
// every answer of the gateway has, though nobody known asked and nothing is
// recorded.
func unread(w http.ResponseWriter, status int, reason string) {
	p := httpapi.ProblemOf(unreadable(status, reason), simpul.Indonesian)
	p.Status, p.Title, p.ExchangeID = status, http.StatusText(status), simpul.NewExchangeID(time.Now())
	w.Header().Set("Exchange-Id", string(p.ExchangeID))
	p.Write(w)
}

func unreadable(status int, reason string) error {
	e := simpul.Invalid("request",
		simpul.Text{ID: "Permintaan HTTP ini tidak dapat dibaca dengan satu cara (" + reason + ").", EN: "This HTTP request cannot be read in one way (" + reason + ")."},
		simpul.Text{ID: "Periksa pustaka HTTP atau perantara yang menyusunnya terhadap RFC 9112, lalu kirim lagi pada sambungan baru.", EN: "Check the HTTP library or intermediary that made it against RFC 9112, and send it again on a new connection."})
	if status == http.StatusRequestHeaderFieldsTooLarge {
		e.Remedy = simpul.Text{ID: "Kirim kepala permintaan yang lebih pendek.", EN: "Send a shorter request head."}
	}
	return e
}

// handover is a listener of connections that somebody else has accepted.
type handover struct {
	addr  net.Addr
	conns chan net.Conn
	ended chan struct{}
	once  sync.Once
}

func newHandover(addr net.Addr) *handover {
	return &handover{addr: addr, conns: make(chan net.Conn), ended: make(chan struct{})}
}

// take gives a connection to whoever accepts, or ends it.
func (l *handover) take(c *tls.Conn) {
	select {
	case l.conns <- c:
	case <-l.ended:
		c.Close()
	}
}

// Accept waits for the next connection.
func (l *handover) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.ended:
		return nil, net.ErrClosed
	}
}

// Close ends the handing over.
func (l *handover) Close() error {
	l.once.Do(func() { close(l.ended) })
	return nil
}

// Addr is the address of the first listener.
func (l *handover) Addr() net.Addr { return l.addr }
