package evidence

import (
	"time"

	"simpul"
)

// Kind says which moment of an exchange a record keeps.
type Kind string

const (
	Opened Kind = "opened" // the provider is about to be called
	Sealed Kind = "sealed" // the exchange has ended; every field is known
)

// Record is one entry of the journal: an exchange as it stood at one moment.
// A sealed record repeats all that the opened one says, so it stands alone.
type Record struct {
	Kind     Kind
	Exchange simpul.Exchange // without what stands sealed, until [Keys.Open] fills it in
	Personal Personal
	Clock    time.Duration // most by which the hub's clock was wrong, whole milliseconds; 0: not proven
}
