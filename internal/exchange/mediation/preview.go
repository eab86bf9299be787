package mediation

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"simpul"
	"simpul/internal/exchange/mediation/reshape"
)

// Declared is what a provider has stored of a LID.
type Declared interface {
	// Declared returns how a LID of the principal's own is delivered. Any other is not
	// found.
	Declared(ctx context.Context, p simpul.Principal, address simpul.Address) (simpul.Delivery, simpul.AgencyID, error)
}

// CodesAt are the reference lists, as they are once those that changes name have been
// read.
type CodesAt interface {
	reshape.Codes
	Hold(ctx context.Context, changes []simpul.Change) error
}

// Previews show providers what changes make of an answer. They call nobody and store
// nothing.
type Previews struct {
	Declared Declared
	Codes    CodesAt
}

// Preview is what became of an answer: the changed one, or why it cannot be changed.
type Preview struct {
	Changed json.RawMessage
	Fault   *simpul.Error
}

// Try changes an answer by the changes of a LID of the principal's own, or by others
// in their place where any are given.
func (v Previews) Try(ctx context.Context, p simpul.Principal, id string, changes []simpul.Change, sample json.RawMessage) (Preview, error) {
	address, err := simpul.ParseAddress(id)
	if err != nil {
		return Preview{}, simpul.NotFound(simpul.Text{ID: "LID", EN: "LID"}, id)
	}
	stored, owner, err := v.Declared.Declared(ctx, p, address)
	if err != nil {
		return Preview{}, err
	}
	if changes == nil {
		changes = stored.Changes
	}
	if err := simpul.CheckChanges(changes); err != nil {
		return Preview{}, err
	}
	if err := v.Codes.Hold(ctx, changes); err != nil {
		return Preview{}, err
	}
	return changedSample(owner, changes, v.Codes, sample)
}

func changedSample(owner simpul.AgencyID, changes []simpul.Change, codes reshape.Codes, sample json.RawMessage) (Preview, error) {
	compiled, err := reshape.Compile(changes, codes)
	switch {
	case err != nil:
		return Preview{}, err
	case compiled == nil:
		return Preview{Changed: sample}, nil
	}
	changed, err := io.ReadAll(compiled.Open(&http.Response{Body: io.NopCloser(bytes.NewReader(sample))}, owner))
	if fault, ok := errors.AsType[*simpul.Error](err); ok {
		return Preview{Fault: fault}, nil
	}
	return Preview{Changed: changed}, err
}
