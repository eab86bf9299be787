package proof

import (
	"errors"
	"time"

	"github.com/go-json-experiment/json"

	"simpul"
)

// Statement is what a record says, as far as somebody who checks a proof may want to
// know. It is the text of others: whoever shows it sees to control characters.
type Statement struct {
	Kind           string               `json:"kind"`
	ID             simpul.ExchangeID    `json:"id"`
	Opened         time.Time            `json:"opened,omitzero"`
	Application    simpul.ApplicationID `json:"application,omitzero"`
	Address        simpul.Address       `json:"address,omitzero"`
	Version        string               `json:"version,omitzero"`
	Class          simpul.LIDClass      `json:"class,omitzero"`
	Provider       simpul.AgencyID      `json:"provider,omitzero"`
	Method         string               `json:"method,omitzero"`
	Path           string               `json:"path,omitzero"`
	Grant          simpul.GrantID       `json:"grant,omitzero"`
	Purpose        string               `json:"purpose,omitzero"`
	Basis          string               `json:"basis,omitzero"`
	Fields         string               `json:"fields,omitzero"` // dotted paths with spaces between them; "" for every field
	Case           string               `json:"case,omitzero"`
	Status         int                  `json:"status,omitzero"`
	Outcome        simpul.Code          `json:"outcome,omitzero"`
	RequestDigest  simpul.Digest        `json:"request_digest,omitzero"`
	ResponseDigest simpul.Digest        `json:"response_digest,omitzero"`
	RequestBytes   int64                `json:"request_bytes,omitzero"`
	ResponseBytes  int64                `json:"response_bytes,omitzero"`
	FieldRoot      simpul.Digest        `json:"field_root,omitzero"`
	PersonalKey    string               `json:"personal_key,omitzero"` // of the seal on what is personal; "" where nothing is
}

// What a record is of.
const (
	opened = "opened" // the provider is about to be called
	sealed = "sealed" // the exchange has ended
)

var errKind = errors.New("not the record of an exchange")

// parseRecord reads the bytes of a record. Members that it does not know are
// ignored, since records gain members; one that stands twice is refused.
func parseRecord(record []byte) (Statement, error) {
	var s Statement
	if err := json.Unmarshal(record, &s); err != nil {
		return Statement{}, err
	}
	if s.Kind != opened && s.Kind != sealed {
		return Statement{}, errKind
	}
	return s, nil
}
