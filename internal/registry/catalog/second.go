package catalog

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// ActionPublish is the name of the act that needs a second person: to publish a
// LID of class tertutup, or to change what is published under that class.
const ActionPublish = "lid.publish"

// Proposer puts before a second person what one alone must not do.
type Proposer interface {
	// Propose stores the proposal within the transaction and returns its ID.
	Propose(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, action, subject string, agency simpul.AgencyID, before, content []byte, why string) (id string, err error)
}

// needsSecond reports whether a change needs two people. A LID of class tertutup
// does when it is published, when its contract, class, any of its origins, or
// what the hub changes in its answers becomes another while it is, and whenever it leaves that class: else somebody could make it a draft,
// then open it, and publish it, each step alone. To withdraw or retire one makes
// nothing more open, so one person is enough. before is nil for a new LID.
func needsSecond(before *Spec, next Spec) bool {
	switch {
	case before == nil:
		return next.State.Live() && next.Class == simpul.Tertutup
	case before.Class == simpul.Tertutup && next.Class != simpul.Tertutup:
		return true
	case next.Class != simpul.Tertutup || !next.State.Live():
		return false
	}
	return !before.State.Live() || before.Class != simpul.Tertutup || before.Upstream != next.Upstream || reaches(before.Delivery) != reaches(next.Delivery) ||
		!sameContract(before.Contract, next.Contract)
}

// sameContract compares what the documents say, whatever their white space and
// the order of their members.
func sameContract(a, b json.RawMessage) bool {
	left, lerr := canonical(a)
	right, rerr := canonical(b)
	return lerr == nil && rerr == nil && bytes.Equal(left, right)
}

// canonical writes a document with sorted members and its numbers untouched.
func canonical(document json.RawMessage) ([]byte, error) {
	if len(document) == 0 {
		return nil, nil
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	return json.Marshal(value)
}

// ContractDigest is the beginning of the SHA-256 of the contract, in hex: enough
// for a person to see whether two are the same. It is empty without a contract.
func (s Spec) ContractDigest() string {
	document, err := canonical(s.Contract)
	if err != nil || len(document) == 0 {
		return ""
	}
	return fmt.Sprintf("%x", sha256.Sum256(document))[:16]
}

// propose puts the change before a second person. The agency holds the address
// from here on, as it does with a draft.
func (s *Service) propose(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, address simpul.Address, before present, spec Spec) (string, error) {
	content, err := json.Marshal(spec)
	if err != nil {
		return "", fmt.Errorf("encode LID: %w", err)
	}
	return s.proposals.Propose(ctx, tx, p, ActionPublish, string(address), spec.Agency, before.document, content, "")
}

// Present returns what is stored at the address, as a proposal remembers it; nil
// where there is nothing. It needs a transaction that writes, in which nobody
// else then changes the LID.
func (s *Service) Present(ctx context.Context, tx *sqldb.Tx, address string) ([]byte, error) {
	if err := lockAddress(ctx, tx, address); err != nil {
		return nil, err
	}
	found, err := ownLID(ctx, tx, address)
	return found.document, err
}

// PutApproved stores a change that the second person has approved for whoever
// proposed it.
func (s *Service) PutApproved(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, second, id string, content []byte) error {
	spec, err := ReadSpec(content)
	if err != nil {
		return err
	}
	address, err := simpul.ParseAddress(id)
	if err != nil {
		return err
	}
	_, m, err := s.plan(ctx, tx, p, change{address: address, spec: spec, second: second})
	if err == nil {
		_, err = s.write(ctx, tx, p, m)
	}
	return refusal(err, id, spec)
}

// ReadSpec reads what a proposal has as its content.
func ReadSpec(content []byte) (spec Spec, err error) {
	if err := json.Unmarshal(content, &spec); err != nil {
		return Spec{}, fmt.Errorf("decode proposed LID: %w", err)
	}
	return spec, nil
}

// Operations lists what a contract lets consumers call, "GET /{kode}", one a
// line; empty for a draft without one.
func (s Spec) Operations() (lines []string) {
	read, err := s.read()
	if err != nil || read == nil {
		return nil
	}
	for _, op := range read.Operations {
		lines = append(lines, op.Method+" "+op.Path)
	}
	return lines
}
