package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"simpul"
	"simpul/internal/platform/config"
	"simpul/internal/registry/oidc"
)

// Ready says where a hub serves.
type Ready struct {
	Gateway string // URL; empty when this process does not have the role
	Control string
	Witness string
}

// Serve serves until ctx ends, and then drains: it says that it is not ready,
// answers for a while longer, ends the calls under way, and stops. ready is
// called once, when the listeners accept.
func (h *Hub) Serve(ctx context.Context, ready func(Ready)) error {
	if err := h.load(ctx); err != nil {
		return err
	}
	var draining atomic.Bool
	servers, at, err := h.listen(&draining)
	if err != nil {
		return err
	}

	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	var work sync.WaitGroup
	work.Go(func() { h.follow(background) })
	work.Go(func() { h.heal(background) })
	work.Go(func() { h.timekeeper.Run(background) })
	work.Go(func() { h.keys.Run(background, h.log) })
	work.Go(func() { h.tendOrigins(background) })
	work.Go(func() { h.tokens.Run(background) })
	work.Go(func() { h.trust.Run(background) })
	work.Go(func() { h.tendKeys(background) })
	work.Go(func() { h.tendTraffic(background) })
	if h.config.Has(config.Worker) {
		work.Go(func() { h.deliver(background, cmp.Or(at.Control, h.config.Control.URL)) })
		work.Go(func() { h.chore(background, "tell of the restoring", h.tellRestored) })
	}
	work.Go(func() { tendCollector(background) })
	work.Go(func() { h.chores(background) })
	work.Go(func() { h.watchIncidents(background) })
	work.Go(func() { h.tendPeople(background) })
	work.Go(func() { h.violations.Run(background) })
	work.Go(func() { h.tendWitnesses(background) })
	if h.indexes() {
		work.Go(func() {
			if err := h.index.Run(background); err != nil {
				h.log.Error("the index of exchanges has stopped", "error", err)
			}
		})
	}
	if h.indexes() {
		work.Go(func() { h.meter.Run(background) })
		work.Go(func() { h.tendJournal(background) })
	}
	work.Go(func() { h.tendEarlier(background) })
	if h.Ledger != nil {
		work.Go(func() { h.Ledger.Run(background) })
	}
	if h.indexes() {
		work.Go(func() { h.followTracker(background) })
	}
	failed := make(chan error, len(servers))
	for _, s := range servers {
		work.Go(func() {
			if err := s.Serve(h.config.Limits.Connections); !errors.Is(err, http.ErrServerClosed) {
				failed <- err
			}
		})
	}
	ready(at)

	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	draining.Store(true)
	h.gateway.Drain()
	err = errors.Join(err, h.drain(servers))
	stop()
	work.Wait()
	return err
}

// drain waits the configured delay, in which load balancers look elsewhere, and
// then for the calls under way.
func (h *Hub) drain(servers []*server) error {
	time.Sleep(h.config.Drain.Delay)
	deadline, cancel := context.WithTimeout(context.Background(), h.config.Drain.Timeout)
	defer cancel()
	var errs []error
	for _, s := range servers {
		if err := s.Shutdown(deadline); err != nil {
			errs = append(errs, fmt.Errorf("drain %s: %w", s.listener.Addr(), err))
		}
	}
	h.gateway.EndTunnels(deadline)
	return errors.Join(errs...)
}

func (h *Hub) listen(draining *atomic.Bool) (servers []*server, at Ready, err error) {
	defer func() {
		if err != nil {
			for _, s := range servers {
				s.listener.Close()
			}
		}
	}()
	if h.config.Has(config.Gateway) {
		s, err := h.newServer(h.config.Gateway, always)
		if err != nil {
			return servers, at, err
		}
		servers = append(servers, s)
		at.Gateway = publicURL(h.config.Gateway, s.listener)
		s.Handler = h.gatewayHandler(draining)
		h.quicken(s, h.config.Gateway)
	}
	if h.config.Has(config.Control) {
		s, err := h.newServer(h.config.Control, whereTrusted)
		if err != nil {
			return servers, at, err
		}
		servers = append(servers, s)
		at.Control = publicURL(h.config.Control, s.listener)
		h.portal = at.Control
		// Nothing that the control listener takes or gives streams for long.
		s.ReadTimeout, s.WriteTimeout = time.Minute, time.Minute
		h.Identity.Announce(at.Control)
		s.Handler = h.controlHandler(draining, at.Gateway)
		if err := h.SignIn.Announce(at.Control); err != nil {
			return servers, at, err
		}
	}
	if issuer := cmp.Or(at.Gateway, h.config.Gateway.URL); issuer != "" {
		err = h.tokens.Announce(oidc.Addresses{Issuer: issuer, Control: cmp.Or(at.Control, h.config.Control.URL)})
	}
	return servers, at, err
}

// newServer listens under the limits that every listener has. The gateway's
// bodies have no time limit of their own; its Patience holds them to a pace.
func (h *Hub) newServer(at config.Listener, asks asking) (*server, error) {
	limits := h.config.Limits
	secured, err := newTLS(at.TLS, asks, h.log)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", at.Addr)
	if err != nil {
		return nil, occupied(at.Addr, err)
	}
	s := &server{
		Server: http.Server{
			ReadHeaderTimeout: limits.HeaderTimeout,
			IdleTimeout:       limits.IdleTimeout,
			MaxHeaderBytes:    limits.Header,
			ErrorLog:          quiet(h.log),
			ConnState:         h.flow.connection,
			// "OPTIONS *" is answered by the handlers, as everything else is.
			DisableGeneralOptionsHandler: true,
		},
		listener: h.accept(listener, at),
		secured:  secured,
	}
	h.front(&s.Server, at)
	return s, nil
}

// occupied explains why the hub cannot listen.
func occupied(addr string, err error) error {
	cause := err
	if e, ok := errors.AsType[*net.OpError](err); ok {
		cause = e.Err
	}
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Place: addr, Err: err,
		Message: simpul.Text{ID: fmt.Sprintf("Alamat ini tidak dapat dipakai (%v).", cause), EN: fmt.Sprintf("This address cannot be used (%v).", cause)},
		Remedy:  simpul.Text{ID: "Hentikan program yang memakainya, atau pilih alamat lain.", EN: "Stop the program that uses it, or choose another address."},
	}
}

// publicURL is where the outside finds a listener: as configured, or by the
// address on which it listens. On this machine alone that is localhost by name:
// a browser ties a passkey to a name and refuses an address.
func publicURL(l config.Listener, listener net.Listener) string {
	if l.URL != "" {
		return l.URL
	}
	addr, scheme := listener.Addr().(*net.TCPAddr), "http"
	if l.TLS.Cert != "" {
		scheme = "https"
	}
	host := addr.IP.String()
	if addr.IP.IsUnspecified() || addr.IP.IsLoopback() {
		host = "localhost"
	}
	return scheme + "://" + net.JoinHostPort(host, fmt.Sprint(addr.Port))
}
