package app

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"testing"

	"simpul/internal/platform/config"
)

func TestAListenerThatFailsIsNotTakenForAStop(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &Hub{config: config.Default(), log: slog.New(slog.DiscardHandler)}
	s := &server{listener: l, Server: http.Server{Handler: http.NotFoundHandler()}}
	h.quicken(s, h.config.Gateway)
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(h.config.Limits.Connections) }()
	l.Close()
	if err := <-ended; err == nil || errors.Is(err, http.ErrServerClosed) {
		t.Errorf("got %v", err)
	}
}
