package catalog

import (
	"context"
	"errors"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// mostSuccessors bounds how far a chain of successors is followed.
const mostSuccessors = 1000

// checkSuccessor refuses a successor that cannot be called, and one whose own
// successors lead back. It comes after the revision, so that of two agencies
// that name each other the second sees what the first did.
func checkSuccessor(ctx context.Context, tx *sqldb.Tx, address, successor simpul.Address) error {
	if successor == address {
		return inCircle([]simpul.Address{address, address})
	}
	l, err := getLID(ctx, tx, string(successor))
	switch {
	case errors.Is(err, sqldb.ErrNoRows), err == nil && !l.Spec.State.Live():
		return notCallable(successor)
	case err != nil:
		return err
	}
	chain := []simpul.Address{address}
	for next := successor; next != "" && len(chain) < mostSuccessors; {
		chain = append(chain, next)
		if next == address {
			return inCircle(chain)
		}
		if next, err = successorOf(ctx, tx, next); err != nil {
			return err
		}
	}
	return nil
}

func notCallable(successor simpul.Address) error {
	return simpul.Invalid("spec.deprecation.successor",
		simpul.Text{ID: "Tidak ada LID terbit di alamat " + string(successor) + ".", EN: "There is no published LID at " + string(successor) + "."},
		simpul.Text{ID: "Terbitkan penggantinya dahulu, atau kosongkan successor.", EN: "Publish what follows first, or leave successor out."})
}

func inCircle(chain []simpul.Address) error {
	names := make([]string, len(chain))
	for i, a := range chain {
		names[i] = string(a)
	}
	way := strings.Join(names, " → ")
	return simpul.Invalid("spec.deprecation.successor",
		simpul.Text{ID: "Pengganti LID ini kembali kepadanya: " + way + ".", EN: "What follows this LID leads back to it: " + way + "."},
		simpul.Text{ID: "Sebut LID lain yang tidak akan digantikan oleh LID ini.", EN: "Name another LID, which this one is not to follow."})
}

// gone is a LID that is retired, as everybody may know of it.
type gone struct {
	address   simpul.Address
	agency    simpul.AgencyID
	successor simpul.Address
	legacy    string
	retired   int64 // milliseconds; 0 for one from before that was kept
}

// leads returns where a chain of successors ends: the last that is live, "" where
// none is. It begins with what follows, not with what ended.
func (e *edition) leads(next simpul.Address) (last simpul.Address) {
	for n := 0; next != "" && n < mostSuccessors; n++ {
		if l, live := e.lids.get(next); live {
			last, next = next, l.Spec.successor()
			continue
		}
		next = e.gone.at(next).successor
	}
	return last
}

// goneOf is the retired LID that was called at the key.
func (e *edition) goneOf(key string) (gone, bool) {
	address, known := e.tombs.get(key)
	return e.gone.at(address), known
}

// route tells of the end of what is called no more; nothing can be called by it.
func (g gone) route(next simpul.Address) *simpul.Route {
	route := &simpul.Route{Address: g.address, Owner: g.agency}
	if g.retired > 0 {
		at := time.UnixMilli(g.retired)
		route.Ending = &simpul.Ending{Since: at, Sunset: at, Successor: next}
	}
	return route
}

// retiredRefusal tells whoever calls a retired LID what to call instead.
func retiredRefusal(g gone, next simpul.Address) error {
	remedy := simpul.Text{ID: "Tanyakan penggantinya kepada " + string(g.agency) + ", atau cari di katalog LID.", EN: "Ask " + string(g.agency) + " what follows it, or look in the LID catalogue."}
	if next != "" {
		remedy = simpul.Text{ID: "Pakai penggantinya: " + string(next) + ". Ajukan akses ke sana, lalu panggil /" + string(next) + ".", EN: "Use what follows it: " + string(next) + ". Ask for access to it, then call /" + string(next) + "."}
	}
	return &simpul.Error{
		Code: simpul.CodeGone, Owner: g.agency, Remedy: remedy,
		Message: simpul.Text{ID: "LID " + string(g.address) + " sudah pensiun.", EN: "LID " + string(g.address) + " is retired."},
	}
}
