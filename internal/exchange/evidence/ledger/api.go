package ledger

import (
	"context"
	"errors"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/platform/httpapi"
)

// Exchanges finds exchanges that a scope may see.
type Exchanges interface {
	Get(ctx context.Context, scope simpul.Scope, id simpul.ExchangeID) (evidence.Indexed, error)
}

// Prover proves records of one journal. A [Ledger] is one.
type Prover interface {
	Journal() string
	Prove(ctx context.Context, sequence uint64) (proof.Bundle, error)
}

// RegisterAPI adds the room's operation to the control API.
func RegisterAPI(api *httpapi.API, proofs Proofs) {
	httpapi.Register(api, httpapi.Operation{ID: "get-exchange-proof", Method: http.MethodGet, Path: "/exchanges/{id}/proof", Tag: "exchanges",
		Summary: "Read the proof of one exchange; 409 with Retry-After until it is in the evidence log", Need: simpul.ReadExchanges},
		proofs.get)
}

// Proofs gives proofs of exchanges to those who may see them.
type Proofs struct {
	Exchanges Exchanges
	Prover    Prover
	Earlier   []Prover // of journals that have ended
	Open      Opener   // nil: nobody reads what is sealed
	Erased    Eraser   // nil: nothing ever is
}

// Opener opens what stands sealed in a record: "" where nothing does.
type Opener func(record []byte) (string, error)

// Eraser tells of a record whose sealed part nobody can open any more, and of no other,
// with which key and when that went.
type Eraser func(record []byte) (key string, at time.Time, ok bool)

type proofInput struct {
	ID       string `path:"id" doc:"From the Exchange-Id header"`
	Personal bool   `query:"personal" doc:"Add what stands sealed in the record, for the parties of the exchange alone; 410 where it is erased. Whoever gets such a file from you can read it"`
}

type proofOutput struct{ Body proof.Bundle }

func (p Proofs) get(ctx context.Context, who simpul.Principal, in *proofInput) (*proofOutput, error) {
	bundle, err := p.Of(ctx, who.Scope(), in.ID)
	if err == nil && in.Personal {
		bundle.Personal, err = p.open(who.Scope(), bundle.Record)
	}
	return &proofOutput{bundle}, err
}

// open opens the sealed part for a party. The nation sees every exchange, and of
// none who was asked about.
func (p Proofs) open(scope simpul.Scope, record []byte) (string, error) {
	if scope == simpul.NationScope() || p.Open == nil {
		return "", &simpul.Error{Code: simpul.CodeDenied, Place: "query.personal",
			Message: simpul.Text{ID: "Bagian pribadi hanya untuk kedua pihak pertukaran.", EN: "The personal part is for the two parties of the exchange alone."},
			Remedy:  simpul.Text{ID: "Minta bukti tanpa personal, atau minta salah satu pihak mengambilnya.", EN: "Get the proof without personal, or ask one of the parties to get it."}}
	}
	return p.Open(record)
}

// Of returns the proof of the newest record of an exchange in the scope: of the
// sealed one, or of the opened one while it has not ended. Where what was personal is
// erased, the bundle says so.
func (p Proofs) Of(ctx context.Context, scope simpul.Scope, exchange string) (proof.Bundle, error) {
	id, err := simpul.ParseExchangeID(exchange)
	if err != nil {
		return proof.Bundle{}, placed("path.id", err)
	}
	found, err := p.Exchanges.Get(ctx, scope, id)
	if err != nil {
		return proof.Bundle{}, err
	}
	for _, prover := range append([]Prover{p.Prover}, p.Earlier...) {
		if prover.Journal() == found.Journal {
			return p.prove(ctx, prover, found.Sequence)
		}
	}
	return proof.Bundle{}, Elsewhere(found.Journal)
}

// prove says beside the proof what of the record was erased.
func (p Proofs) prove(ctx context.Context, prover Prover, sequence uint64) (proof.Bundle, error) {
	bundle, err := prover.Prove(ctx, sequence)
	if err != nil || p.Erased == nil {
		return bundle, err
	}
	if key, at, ok := p.Erased(bundle.Record); ok {
		bundle.Personal = proof.Erasure{Key: key, At: at}.Note()
	}
	return bundle, nil
}

// placed says where in the request the error is.
func placed(place string, err error) error {
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok {
		return err
	}
	located := *e
	located.Place = place
	return &located
}
