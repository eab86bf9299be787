package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// Revision is what a LID was from one change to the next. It never changes
// itself, and stays when the LID is deleted.
type Revision struct {
	Address  simpul.Address
	Number   int64 // from 1; what others do not see leaves gaps for them
	Agency   simpul.AgencyID
	Digest   string // SHA-256 of the spec in canonical form, in hex
	Contract string // the same of the contract in it; "" for none
	Author   string // who stored it, told to the owner only; "" where nobody wrote it down
	At       time.Time
	Version  string
	State    State
	Spec     Spec // zero in lists
}

// record writes the revision that a move makes, before the LID is stored: of a
// LID that has none yet, first what it was. A move that changes nothing writes
// none.
func (s *Service) record(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, m Move) error {
	last, err := lastRevision(ctx, tx, m.Address)
	if errors.Is(err, sqldb.ErrNoRows) {
		last, err = s.recordFormer(ctx, tx, m.Address)
	}
	if err != nil {
		return err
	}
	next, err := revisionOf(m.Address, m.Spec)
	if err != nil || next.Digest == last.Digest {
		return err
	}
	next.Number, next.Author, next.At = last.Number+1, p.ID, s.now()
	return addRevision(ctx, tx, next)
}

// recordFormer writes what a LID was that was stored before there were revisions,
// as number 1.
func (s *Service) recordFormer(ctx context.Context, tx *sqldb.Tx, address simpul.Address) (Revision, error) {
	former, err := ownRow(ctx, tx, string(address))
	switch {
	case errors.Is(err, sqldb.ErrNoRows):
		return Revision{}, nil
	case err != nil:
		return Revision{}, err
	}
	first, err := former.revision()
	if err != nil {
		return first, err
	}
	return first, addRevision(ctx, tx, first)
}

// revision is what a stored LID is that has no revision.
func (r row) revision() (Revision, error) {
	stored, err := r.stored()
	if err != nil {
		return Revision{}, err
	}
	first, err := revisionOf(simpul.Address(r.address), stored.Spec)
	first.Number, first.At = 1, stored.Times.UpdatedAt
	return first, err
}

func revisionOf(address simpul.Address, spec Spec) (Revision, error) {
	document, err := json.Marshal(spec)
	if err != nil {
		return Revision{}, fmt.Errorf("encode LID: %w", err)
	}
	digest, err := digestOf(document)
	if err != nil {
		return Revision{}, err
	}
	contract, err := digestOf(spec.Contract)
	return Revision{Address: address, Agency: spec.Agency, Digest: digest, Contract: contract, Version: spec.Version, State: spec.State, Spec: spec}, err
}

// digestOf is the SHA-256 of a document in its canonical form, in hex; "" for
// none.
func digestOf(document json.RawMessage) (string, error) {
	text, err := canonical(document)
	if err != nil || len(text) == 0 || string(text) == "null" {
		return "", err
	}
	return fmt.Sprintf("%x", sha256.Sum256(text)), nil
}

// Revisions lists those of a LID that the principal may see, the newest first:
// the owner all, everybody else what was live. The page is after the number.
func (s *Service) Revisions(ctx context.Context, p simpul.Principal, id string, before int64, limit int) (all []Revision, err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = visible(ctx, tx, id, before, limit)
		return err
	})
	if err != nil {
		return nil, sqldb.Coded(err, kindLID, id)
	}
	for i := range all {
		all[i] = all[i].discreet(p.Scope())
	}
	return all, nil
}

// visible lists revisions; of a LID without any, what it is now.
func visible(ctx context.Context, tx *sqldb.Tx, id string, before int64, limit int) ([]Revision, error) {
	all, err := listRevisions(ctx, tx, id, before, limit)
	if err != nil || len(all) > 0 {
		return all, err
	}
	if _, err := newestRevision(ctx, tx, id); err == nil {
		return nil, nil // the page after the last
	}
	only, err := virtual(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if before <= only.Number {
		return nil, nil
	}
	only.Spec = Spec{}
	return []Revision{only}, nil
}

// virtual is the revision that a LID would get first, which nobody wrote yet.
func virtual(ctx context.Context, tx *sqldb.Tx, id string) (Revision, error) {
	r, err := seenRow(ctx, tx, id)
	if err != nil {
		return Revision{}, err
	}
	return r.revision()
}

// Revision returns one revision with what the LID was.
func (s *Service) Revision(ctx context.Context, p simpul.Principal, id string, number int64) (r Revision, err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		r, err = revisionAt(ctx, tx, id, number)
		return err
	})
	if err != nil {
		return Revision{}, sqldb.Coded(err, kindRevision, fmt.Sprint(number))
	}
	return r.discreet(p.Scope()), nil
}

var kindRevision = simpul.Text{ID: "Revisi", EN: "Revision"}

func revisionAt(ctx context.Context, tx *sqldb.Tx, id string, number int64) (Revision, error) {
	r, err := getRevision(ctx, tx, id, number)
	if !errors.Is(err, sqldb.ErrNoRows) || number != 1 {
		return r, err
	}
	if _, err := newestRevision(ctx, tx, id); err == nil {
		return Revision{}, sqldb.ErrNoRows // there are others, and this is not for the reader
	}
	return virtual(ctx, tx, id)
}

// discreet hides from everybody but the owner what discreet hides of a LID, and
// who works there.
func (r Revision) discreet(scope simpul.Scope) Revision {
	if scope.Covers(r.Agency) {
		return r
	}
	r.Author = ""
	if r.Spec.Agency != "" {
		r.Spec = discreet(httpapi.Stored[Spec]{ID: string(r.Address), Spec: r.Spec}, scope).Spec
	}
	return r
}
