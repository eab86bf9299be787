package app

import (
	"context"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/exchange/tracker"
	"simpul/internal/portal"
)

// citizensProofs is nil where this process keeps no evidence log.
func (h *Hub) citizensProofs() tracker.Proofs {
	if h.Ledger == nil {
		return nil
	}
	return citizensProofs{h}
}

// citizensProofs gives the tracker proofs by the hub's own right: the tracker has made sure
// whose access it is.
type citizensProofs struct{ hub *Hub }

func (c citizensProofs) Proof(ctx context.Context, id simpul.ExchangeID) (tracker.Proof, error) {
	found, err := c.hub.exchangeProofs().Proof(ctx, simpul.NationScope(), id)
	if err != nil {
		return tracker.Proof{}, err
	}
	return forCitizen(found)
}

// forCitizen refuses a record in which anything of persons can be read: records from
// before there were keys tell everybody of the exchange, and what proves their fields.
func forCitizen(found portal.Proof) (tracker.Proof, error) {
	bundle, err := proof.Parse(found.File)
	if err != nil {
		return tracker.Proof{}, err
	}
	open, err := evidence.TellsOfPersons(bundle.Record)
	if err != nil {
		return tracker.Proof{}, err
	}
	if _, erased := bundle.Erased(); open || bundle.Personal != "" && !erased {
		return tracker.Proof{}, unsealed()
	}
	return tracker.Proof{File: found.File, Sound: found.Sound, Witnesses: found.Witnesses, Dependent: found.Dependent, Newest: found.Newest}, nil
}

func unsealed() error {
	return &simpul.Error{
		Code:    simpul.CodeDenied,
		Message: simpul.Text{ID: "Bukti akses ini tidak dapat diberikan: catatannya dari masa ketika data semua orang di dalamnya belum dikunci.", EN: "The proof of this access cannot be given: its record is from a time when the data of everybody in it were not locked yet."},
		Remedy:  simpul.Text{ID: "Catat nomor pertukarannya; pengawas dan hakim dapat meminta buktinya kepada pengelola hub dengan nomor itu.", EN: "Keep the exchange number; an authority or a judge can ask the hub's operator for the proof with it."},
	}
}
