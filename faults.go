package simpul

import (
	"errors"
	"strconv"
)

// MostFaults is how many wrong places of one input are named. Whoever mends them
// is told of the next when they send it again.
const MostFaults = 100

// Faults gathers what is wrong with an input, so that it can be mended in one
// go. The zero value has found nothing.
type Faults struct{ found []*Error }

// Add notes what is wrong at a place. It returns false where the error says
// something else, or where no more can be noted: then the search ends.
func (f *Faults) Add(err error) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Code != CodeInvalid || len(f.found) == MostFaults {
		return false
	}
	f.found = append(f.found, e)
	return len(f.found) < MostFaults
}

// Any reports whether something was found.
func (f *Faults) Any() bool { return len(f.found) > 0 }

// Err is what was found as one error: nil for nothing, the error itself for
// one, and for several the first, with all of their places.
func (f *Faults) Err() error {
	switch len(f.found) {
	case 0:
		return nil
	case 1:
		return f.found[0]
	}
	first := f.found[0]
	count := strconv.Itoa(len(f.found))
	if len(f.found) == MostFaults {
		count = "≥ " + count
	}
	all := *first
	all.Message = Text{"Ada " + count + " kesalahan. Yang pertama: " + first.Message.ID, "There are " + count + " mistakes. The first: " + first.Message.In(English)}
	all.Faults = make([]Fault, len(f.found))
	for i, e := range f.found {
		all.Faults[i] = Fault{e.Place, e.Message}
	}
	return &all
}
