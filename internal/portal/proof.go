package portal

import (
	"context"
	"errors"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/web"
)

// Proofs gives out proofs of exchanges. What is not in the scope does not exist
// for it.
type Proofs interface {
	// Proof returns the proof of an exchange. The error is a conflict while
	// the exchange is not in the log.
	Proof(ctx context.Context, scope simpul.Scope, id simpul.ExchangeID) (Proof, error)
}

// Proof is the proof of one exchange, and what the hub found when it checked it with
// its own keys.
type Proof struct {
	File      []byte // as it is handed out
	Sound     bool   // it holds
	Entry     uint64 // of the log, counted from 1
	Size      uint64 // of the log, entries
	Witnesses []string
	Dependent bool      // the hub's own operator runs all of them
	Newest    time.Time // when the last of them cosigned
	Erased    time.Time // when what was personal in the record was erased; zero: it was not
}

// ShowProofs makes the page of an exchange offer its proof. Without it the page says
// that the hub keeps no log.
func (p *Pages) ShowProofs(proofs Proofs) { p.proofs = proofs }

// proofView is what the page of an exchange says of its proof.
type proofView struct {
	ID    simpul.ExchangeID
	Kept  bool          // the hub keeps a log
	Fault *simpul.Error // why there is no proof now
	Proof Proof
}

func (p *Pages) proofOf(ctx context.Context, scope simpul.Scope, id simpul.ExchangeID) (v proofView, err error) {
	v.ID, v.Kept = id, p.proofs != nil
	if !v.Kept {
		return v, nil
	}
	v.Proof, err = p.proofs.Proof(ctx, scope, id)
	if fault, ok := errors.AsType[*simpul.Error](err); ok && fault.Code != simpul.CodeInternal {
		v.Fault, err = fault, nil
	}
	return v, err
}

func (v proofView) file() string { return proofFile(v.ID) }

// proofFile is what the file of a proof is called.
func proofFile(id simpul.ExchangeID) string { return "bukti-" + string(id) + ".json" }

// proof hands out the file of a proof.
func (p *Pages) proof(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	id, err := simpul.ParseExchangeID(r.PathValue("id"))
	if err != nil || p.proofs == nil {
		web.Fail(w, r, noSuchExchange(r.PathValue("id")))
		return
	}
	found, err := p.proofs.Proof(r.Context(), visitor.Scope(), id)
	if simpul.CodeOf(err) == simpul.CodeNotFound {
		err = noSuchExchange(string(id))
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Disposition", `attachment; filename="`+proofFile(id)+`"`)
	h.Set("Cache-Control", "no-store")
	w.Write(found.File)
}
