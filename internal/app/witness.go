package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"golang.org/x/net/netutil"

	"simpul/internal/exchange/evidence/witness"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/config"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/signin"
)

// vouched is the evidence log as witnesses know it.
type vouched interface {
	witness.Log
	Verifier() string // the key by which a witness follows it
}

// openWitnesses builds the room of who vouches for the evidence log, and the
// witness that this process is itself, if it is one.
func (h *Hub) openWitnesses() error {
	var peers []witness.Peer
	for i, w := range h.config.Witnesses {
		p, err := witness.ParsePeer(fmt.Sprintf("witnesses[%d]", i), w.Name, w.URL, w.VKey, w.Own)
		if err != nil {
			return err
		}
		peers = append(peers, p)
	}
	h.Witnesses = witness.New(h.db, peers, clock.System)
	if !h.config.Has(config.WitnessRole) {
		return nil
	}
	own, err := openWitness(h.config, h.log)
	h.witness = own
	return err
}

// witnessed has the log cosigned, once this process serves.
func (h *Hub) witnessed(log vouched) {
	h.vouched = log
	h.Witnesses.Own(log.Origin())
	h.gatherer = witness.NewGatherer(h.db, log, h.Witnesses.Peers, h.Notices, nil, clock.System, h.log)
	now := h.gatherer.Report
	h.metrics.Gauge("simpul_witness_configured", "Witnesses that are asked to cosign the evidence log.", func() float64 { return float64(len(now().Witnesses)) })
	h.metrics.Gauge("simpul_witness_cosigning", "Of them, those that cosigned within ten minutes.", func() float64 { return float64(now().Cosigned) })
	h.metrics.Gauge("simpul_witness_independent", "Of those, the ones that others than the hub's operator run.", func() float64 { return float64(now().Independent) })
	h.metrics.Gauge("simpul_witness_disputed", "1 while a witness has seen a later or another log.", func() float64 {
		if now().State == witness.Disputed {
			return 1
		}
		return 0
	})
	h.metrics.Gauge("simpul_witness_age_seconds", "Since a witness cosigned last; +Inf where none ever did.", func() float64 {
		if newest := now().Newest; !newest.IsZero() {
			return time.Since(newest).Seconds()
		}
		return math.Inf(1)
	})
}

// cosigning gives the log the checkpoints that witnesses cosigned: none before
// there is a gatherer.
type cosigning struct{ hub *Hub }

func (c cosigning) Cosigned(ctx context.Context, atLeast uint64) ([]byte, error) {
	if c.hub.gatherer == nil {
		return nil, nil
	}
	return c.hub.gatherer.Cosigned(ctx, atLeast)
}

// tendWitnesses gathers cosignatures, and serves the witness of this process, until
// ctx ends.
func (h *Hub) tendWitnesses(ctx context.Context) {
	served := make(chan struct{})
	go func() {
		defer close(served)
		if h.witness == nil {
			return
		}
		if err := h.witness.serve(ctx); err != nil {
			h.log.Error("the witness of this process has stopped", "error", err)
		}
	}()
	if h.gatherer != nil {
		h.gatherer.Run(ctx)
	}
	<-served
}

func (h *Hub) closeWitness() error {
	if h.witness == nil {
		return nil
	}
	return h.witness.Close()
}

func (h *Hub) witnessAPI(api *httpapi.API) { witness.Register(api, h.Witnesses) }

func (h *Hub) witnessPages(mux *http.ServeMux) {
	witness.NewPages(h.Witnesses, signin.Gate()).Register(mux)
}

// Rehearse runs a witness of the hub's own log in this process, on this machine
// alone. It shows how cosignatures come about; it is no independent witness, and
// is shown as none. Without a log there is nothing to rehearse.
func (h *Hub) Rehearse() error {
	if h.vouched == nil || h.witness != nil {
		return nil
	}
	c := h.config
	c.Witness = config.Witness{Addr: "127.0.0.1:0", Name: rehearsal, Key: filepath.Join(c.WitnessDir(), "key"),
		Logs: []config.WitnessLog{{Origin: h.vouched.Origin(), VKey: h.vouched.Verifier()}}}
	own, err := openWitness(c, h.log)
	if err != nil {
		return err
	}
	h.witness = own
	peer, err := witness.ParsePeer("witness", "Saksi peragaan", own.url, own.role.Key().String(), true)
	if err == nil {
		h.Witnesses.Add(peer)
	}
	return err
}

// rehearsal names the key of a witness that is none but for show.
const rehearsal = "saksi.peragaan"

// WitnessKey is the line of this witness's public key, which is made where there
// is none.
func WitnessKey(c config.Config) (string, error) {
	s, err := witness.OpenKey(roleOptions(c, nil).KeyFile(), c.Witness.Name)
	if err != nil {
		return "", err
	}
	return s.Key.Line(), nil
}

func roleOptions(c config.Config, log *slog.Logger) witness.RoleOptions {
	return witness.RoleOptions{Dir: c.WitnessDir(), Key: c.Witness.Key, Name: c.Witness.Name, Now: clock.System, Log: log}
}

// ServeWitness is a process that is a witness and nothing else: it opens no
// database and no journal. It serves until ctx ends; ready is called once.
func ServeWitness(ctx context.Context, c config.Config, log *slog.Logger, ready func(Ready)) error {
	own, err := openWitness(c, log)
	if err != nil {
		return err
	}
	ready(Ready{Witness: own.url})
	return errors.Join(own.serve(ctx), own.Close())
}

// witnessServer is a witness on its listener.
type witnessServer struct {
	role     *witness.Role
	listener net.Listener
	http     *http.Server
	url      string
}

// What a witness gives to strangers: a submission is small, and so is its answer.
const (
	witnessHead        = 8 << 10
	witnessPatience    = 10 * time.Second
	witnessConnections = 200
)

// openWitness opens the role with the logs that are configured, and listens.
func openWitness(c config.Config, log *slog.Logger) (*witnessServer, error) {
	role, err := witness.OpenRole(roleOptions(c, log))
	if err != nil {
		return nil, err
	}
	s := &witnessServer{role: role}
	for _, l := range c.Witness.Logs {
		if err := role.Follow(l.Origin, l.VKey); err != nil {
			return nil, errors.Join(err, role.Close())
		}
	}
	if len(c.Witness.Logs) == 0 {
		log.Warn("this witness follows no log yet: name some in witness.logs")
	}
	if err := s.listen(c.Witness, log); err != nil {
		return nil, errors.Join(err, role.Close())
	}
	return s, nil
}

func (s *witnessServer) listen(c config.Witness, log *slog.Logger) error {
	secured, err := newTLS(c.TLS, whereTrusted, log)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return occupied(c.Addr, err)
	}
	s.url = cmp.Or(c.URL, publicURL(config.Listener{TLS: c.TLS}, listener))
	if secured != nil {
		secured.NextProtos = []string{"http/1.1"} // all that a witness has to speak
	}
	s.listener = overTLS(netutil.LimitListener(listener, witnessConnections), secured)
	s.http = &http.Server{
		Handler: s.role.Handler(), MaxHeaderBytes: witnessHead, ErrorLog: quiet(log),
		ReadTimeout: witnessPatience, WriteTimeout: witnessPatience, IdleTimeout: 2 * time.Minute,
	}
	return nil
}

// serve serves until ctx ends, and then answers what is under way.
func (s *witnessServer) serve(ctx context.Context) error {
	failed := make(chan error, 1)
	go func() { failed <- s.http.Serve(s.listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), witnessPatience)
	defer cancel()
	err := s.http.Shutdown(within)
	<-failed
	return err
}

// Close ends the witness, whether it served or not.
func (s *witnessServer) Close() error {
	s.http.Close()
	s.listener.Close()
	return s.role.Close()
}
