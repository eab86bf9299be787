package app

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"simpul"
	"simpul/internal/exchange/evidence"
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
	h.metrics.Gauge("simpul_log_trouble", "Why the evidence log stands still: 0 it does not, 1 disk full, 2 read-only, 3 faulty, 4 forbidden, 5 damaged, 6 other.", func() float64 {
		trouble, _ := logTrouble(h.Ledger.Err())
		return float64(slices.Index(evidence.Troubles(), trouble) + 1)
	})
}

// logTrouble says why the log stands still, in one word and in a sentence with what to do.
// Traffic goes on meanwhile, and proofs of what is not in the log wait.
func logTrouble(err error) (evidence.Trouble, simpul.Text) {
	trouble := evidence.TroubleOf(err)
	if _, damaged := errors.AsType[*ledger.DamageError](err); damaged {
		trouble = evidence.Damaged
	}
	switch trouble {
	case evidence.NoTrouble:
		return trouble, simpul.Text{}
	case evidence.Full:
		return trouble, simpul.Text{ID: "Berhenti: disk log penuh. Kosongkan ruang; log melanjutkan sendiri.", EN: "Stands still: the log's disk is full. Free space; the log goes on by itself."}
	case evidence.ReadOnly:
		return trouble, simpul.Text{ID: "Berhenti: disk log hanya dapat dibaca. Periksa disk itu (dmesg), lalu pasang lagi agar dapat ditulis; log melanjutkan sendiri.", EN: "Stands still: the log's disk is read-only. Check it (dmesg), and mount it writable again; the log goes on by itself."}
	case evidence.Faulty:
		return trouble, simpul.Text{ID: "Berhenti: disk log melaporkan kesalahan. Periksa kesehatan disk itu dan ganti bila perlu.", EN: "Stands still: the log's disk reports errors. Check its health and replace it if need be."}
	case evidence.Forbidden:
		return trouble, simpul.Text{ID: "Berhenti: hub tidak diizinkan menulis log. Kembalikan pemilik dan mode folder log; log melanjutkan sendiri.", EN: "Stands still: the hub is not permitted to write the log. Restore the owner and mode of the folder log; the log goes on by itself."}
	case evidence.Damaged:
		return trouble, simpul.Text{ID: "Berhenti: log atau jurnal rusak. Jangan hapus apa pun; salin folder data, hentikan hub, dan jalankan simpul fsck.", EN: "Stands still: the log or the journal is damaged. Delete nothing; copy the data folder, stop the hub, and run simpul fsck."}
	}
	return trouble, simpul.Text{ID: "Berhenti. Sebabnya ada di catatan hub (\"evidence log: stands still\"); log mencoba lagi sendiri.", EN: "Stands still. The hub's own log says why (\"evidence log: stands still\"); it tries again by itself."}
}
