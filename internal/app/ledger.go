package app

import (
	"context"
	"net/http"
	"net/url"

	"simpul/internal/exchange/evidence/ledger"
	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
)

// openLedger opens the evidence log of this process's journal. A process that
// writes no journal has none.
func (h *Hub) openLedger(ctx context.Context) error {
	keys := ledger.NewKeys(h.db, sealer{h.vault}, clock.System)
	h.publish(keys.Lines)
	h.publish(h.Witnesses.KeyLines)
	if !h.indexes() {
		return nil
	}
	journal := h.journal.ID().String()
	key, err := keys.Open(ctx, h.name(), journal)
	if err != nil {
		return err
	}
	h.Ledger, err = ledger.New(h.config.Data, h.journal, key, ledger.Options{Cosigned: cosigning{h}, Heads: keys.Heads(journal), Log: h.log})
	if err != nil {
		return err
	}
	h.ledgerGauges()
	h.witnessed(h.Ledger)
	return nil
}

// name is what the hub is called in the names of its logs: the host by which
// people know it.
func (h *Hub) name() string {
	for _, known := range []string{h.config.Control.URL, h.config.Gateway.URL} {
		if u, err := url.Parse(known); err == nil && u.Hostname() != "" {
			return u.Hostname()
		}
	}
	return "localhost"
}

// publish adds a source of public keys by which proofs are checked.
func (h *Hub) publish(lines ledger.Lines) { h.keyLines = append(h.keyLines, lines) }

// publicKeys puts the file of public keys on the mux of a listener.
func (h *Hub) publicKeys(mux *http.ServeMux) { ledger.RegisterKeys(mux, h.keyLines...) }

// logTiles puts the evidence log on the mux.
func (h *Hub) logTiles(mux *http.ServeMux) {
	if h.Ledger != nil {
		h.Ledger.Register(mux, h.earlierLogs()...)
	}
}

func (h *Hub) ledgerAPI(api *httpapi.API) { ledger.RegisterAPI(api, h.Proofs()) }

// Proofs gives proofs of exchanges to those who may see them.
func (h *Hub) Proofs() ledger.Proofs {
	proofs := ledger.Proofs{Exchanges: h.Exchanges, Prover: noProver{}, Open: h.keys.OpenPersonal, Erased: h.keys.Erased}
	if h.Ledger != nil {
		proofs.Prover = h.Ledger
	}
	for _, log := range h.earlierLogs() {
		proofs.Earlier = append(proofs.Earlier, log)
	}
	return proofs
}

// noProver stands for the log of a process that has none.
type noProver struct{}

func (noProver) Journal() string { return "" }

func (noProver) Prove(context.Context, uint64) (proof.Bundle, error) {
	return proof.Bundle{}, ledger.Elsewhere("")
}

// ledgerGauges show what an operator watches of the log.
func (h *Hub) ledgerGauges() {
	h.metrics.Gauge("simpul_log_lag_records", "Records on disk that are not in the evidence log yet.", func() float64 { return float64(h.Ledger.Behind()) })
	h.metrics.Gauge("simpul_log_entries", "Entries of the evidence log, up to 256 records each.", func() float64 { return float64(h.Ledger.Size()) })
	h.metrics.Gauge("simpul_log_following", "1 while the evidence log follows the journal.", func() float64 {
		if h.Ledger.Err() != nil {
			return 0
		}
		return 1
	})
}
