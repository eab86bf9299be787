package violation

import (
	"time"

	"simpul"
)

// Direction says which message of an exchange is not what the contract says.
type Direction string

// The directions.
const (
	Request  Direction = "request"
	Response Direction = "response"
)

// Found is one violation of one message.
type Found struct {
	Place    string // "body/items/*/kode" or "query.limit"
	Keyword  string // of JSON Schema, or a word of the hub
	Expected simpul.Text
}

// Kind is what is the same violation each time it happens.
type Kind struct {
	Address   simpul.Address
	Provider  simpul.AgencyID
	Operation simpul.Operation
	Direction Direction
	Place     string
	Keyword   string
}

// key is what is counted together: a kind, in an hour, by one application.
type key struct {
	Kind
	hour        int64 // milliseconds since the epoch at which it began
	version     string
	application simpul.ApplicationID
	enforced    bool
}

func (k key) consumer() simpul.AgencyID { return k.application.Agency() }

// row is an amount that is yet to be written.
type row struct {
	key
	expected simpul.Text
	amount   int64
}

// sample is one violation with its exchange, as an example.
type sample struct {
	key
	expected simpul.Text
	exchange simpul.ExchangeID
	at       time.Time
}

// other is what is counted together once there are too many kinds to tell apart.
const other = "other"
