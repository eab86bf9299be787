package conform

import (
	"crypto/sha256"
	"sync"
	"weak"
)

// Contracts compiles each distinct document once, for as long as somebody holds
// what came of it: many LIDs share a contract, and one LID has several routes.
// Its zero value is ready.
type Contracts struct {
	mu      sync.Mutex
	formats *formats
	known   map[[sha256.Size]byte]weak.Pointer[Contract]
	sweep   int // at how many documents those that nobody holds are forgotten
}

// leastSweep is below how many documents none is forgotten.
const leastSweep = 256

// Of returns what the document compiles to. An error is not remembered.
func (c *Contracts) Of(document []byte) (*Contract, error) {
	key := sha256.Sum256(document)
	c.mu.Lock()
	defer c.mu.Unlock()
	if contract := c.known[key].Value(); contract != nil {
		return contract, nil
	}
	if c.formats == nil {
		var err error
		if c.formats, err = newFormats(); err != nil {
			return nil, err
		}
	}
	contract, err := compile(document, c.formats)
	if err != nil {
		return nil, err
	}
	if c.known == nil {
		c.known = map[[sha256.Size]byte]weak.Pointer[Contract]{}
	}
	c.known[key] = weak.Make(contract)
	c.forget()
	return contract, nil
}

func (c *Contracts) forget() {
	if len(c.known) < max(c.sweep, leastSweep) {
		return
	}
	for key, held := range c.known {
		if held.Value() == nil {
			delete(c.known, key)
		}
	}
	c.sweep = 2 * len(c.known)
}
