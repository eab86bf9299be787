package front

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Server answers HTTP/1.1 on a listener. Its fields may not change once it
// serves.
type Server struct {
	Handler       http.Handler
	Refuse        func(w http.ResponseWriter, status int, reason string) // tells that a request is not read
	Second        func(*tls.Conn)                                        // takes what negotiated HTTP/2; nil: nobody may
	TLS           *tls.Config                                            // nil: in clear
	HeaderTimeout time.Duration                                          // to receive a head, and for the handshake
	IdleTimeout   time.Duration                                          // of a connection between two requests
	BodyTimeout   time.Duration                                          // to receive a whole body, where the handler sets no deadline
	WriteTimeout  time.Duration                                          // for one write, where the handler sets no deadline
	MaxHead       int                                                    // bytes
	Connections   int                                                    // at one time; idle ones make room, further ones wait
	Opened        func(change int64)                                     // hears of connections: 1 for one more, -1 for one less; nil: nobody
	Log           *slog.Logger

	stopping atomic.Bool
	mu       sync.Mutex
	conns    map[*conn]struct{}
	listener net.Listener
}

// Serve serves until Shutdown or Close, and then returns http.ErrServerClosed.
func (s *Server) Serve(l net.Listener) error {
	if !s.open(l) {
		l.Close()
		return http.ErrServerClosed
	}
	stop := make(chan struct{})
	defer close(stop)
	go s.lookout(stop)
	room := make(chan struct{}, s.Connections)
	for {
		s.makeRoom(room)
		plain, err := accept(l)
		if s.stopping.Load() {
			if err == nil {
				plain.Close()
			}
			return http.ErrServerClosed
		}
		if err != nil {
			return err
		}
		s.opened(1)
		c := newConn(s, &counted{Conn: plain, leave: func() {
			s.opened(-1)
			<-room
		}})
		s.remember(c)
		go c.serve()
	}
}

// counted is a connection that makes room for another when it ends, whoever
// serves it then.
type counted struct {
	net.Conn
	once  sync.Once
	leave func()
}

// Close ends the connection.
func (c *counted) Close() error {
	c.once.Do(c.leave)
	return c.Conn.Close()
}

// CloseWrite ends the sending.
func (c *counted) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

// NetConn returns what is counted.
func (c *counted) NetConn() net.Conn { return c.Conn }

func (s *Server) opened(change int64) {
	if s.Opened != nil {
		s.Opened(change)
	}
}

func (s *Server) open(l net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listener, s.conns = l, map[*conn]struct{}{}
	return !s.stopping.Load()
}

// accept waits out what passes, such as too many open files.
func accept(l net.Listener) (net.Conn, error) {
	for wait := 5 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		c, err := l.Accept()
		if !passing(err) {
			return c, err
		}
		time.Sleep(wait)
	}
}

// passing reports why a connection could not be accepted that the next one may be.
func passing(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.Is(err, syscall.ECONNABORTED) ||
		errors.Is(err, syscall.ENOBUFS) || errors.Is(err, syscall.ENOMEM)
}

func (s *Server) remember(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns[c] = struct{}{}
}

func (s *Server) forget(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

// Shutdown stops accepting, ends the connections between two requests, and waits
// for the others until ctx ends.
func (s *Server) Shutdown(ctx context.Context) error {
	s.stop()
	every := time.NewTicker(10 * time.Millisecond)
	defer every.Stop()
	for s.endIdle() > 0 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-every.C:
		}
	}
	return nil
}

// Close ends every connection.
func (s *Server) Close() error {
	s.stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.plain.Close()
	}
	return nil
}

func (s *Server) stop() {
	s.stopping.Store(true)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != nil {
		s.listener.Close()
	}
}

// endIdle closes the connections that are between two requests, and returns how
// many are left.
func (s *Server) endIdle() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.endIfIdle(c.idle.Load())
	}
	return len(s.conns)
}

// complain answers in clear whoever speaks HTTP to a listener that speaks TLS.
func (s *Server) complain(c *conn, err error) {
	broken, ok := errors.AsType[tls.RecordHeaderError](err)
	if !ok || broken.Conn == nil || !looksLikeHTTP(broken.RecordHeader) {
		s.Log.Debug("TLS handshake", "from", c.from, "error", err)
		return
	}
	c.refuse(malformed("this address speaks HTTPS, and the request came without TLS"))
}

func looksLikeHTTP(head [5]byte) bool {
	switch string(head[:]) {
	case "GET /", "HEAD ", "POST ", "PUT /", "OPTIO", "DELET", "PATCH":
		return true
	}
	return false
}
