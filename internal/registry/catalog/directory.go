package catalog

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// Directory is the view in memory of the published LIDs: the gateway's routes
// and the public catalogue. Reading it takes no lock and no SQL. It follows the
// revision log: Load once, then Refresh for each change.
type Directory struct {
	db   *sqldb.DB
	log  *slog.Logger
	now  atomic.Pointer[edition]
	turn sync.Mutex // one refresh at a time
}

// edition is one immutable state of the directory.
type edition struct {
	lids   map[simpul.Address]*LID
	routes map[string]*simpul.Route // by address and by legacy key
	sorted []*LID                   // by address
}

// NewDirectory returns an empty directory, in which nothing can be called.
func NewDirectory(db *sqldb.DB, log *slog.Logger) *Directory {
	d := &Directory{db: db, log: log}
	d.now.Store(&edition{})
	return d
}

// Resolve returns the route that is called at the key: "group/Name", or
// "t/agency/context/version" in the older form.
func (d *Directory) Resolve(key string) (*simpul.Route, error) {
	if route, ok := d.now.Load().routes[key]; ok {
		return route, nil
	}
	return nil, &simpul.Error{
		Code:    simpul.CodeNotFound,
		Message: simpul.Text{ID: "Tidak ada LID terbit di alamat /" + key + ".", EN: "There is no published LID at /" + key + "."},
		Remedy:  simpul.Text{ID: "Cari alamat yang benar di katalog LID; huruf besar dan kecil dibedakan.", EN: "Look up the right address in the LID catalogue; capital letters matter."},
	}
}

// LID returns one published LID.
func (d *Directory) LID(address simpul.Address) (*LID, error) {
	if l, ok := d.now.Load().lids[address]; ok {
		return l, nil
	}
	return nil, simpul.NotFound(kindLID, string(address))
}

// All returns the published LIDs in the order of their addresses. The caller
// may not change them.
func (d *Directory) All() []*LID { return d.now.Load().sorted }

// Load replaces the view by what is stored.
func (d *Directory) Load(ctx context.Context) error {
	d.turn.Lock()
	defer d.turn.Unlock()
	next := &edition{lids: map[simpul.Address]*LID{}, routes: map[string]*simpul.Route{}}
	err := d.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		rows, err := publishedLIDs(ctx, tx)
		if err != nil {
			return err
		}
		for _, r := range rows {
			d.serve(next, r)
		}
		return nil
	})
	if err == nil {
		d.publish(next)
	}
	return err
}

// Refresh reads again the LIDs that the revisions name.
func (d *Directory) Refresh(ctx context.Context, changes []sqldb.Revision) error {
	d.turn.Lock()
	defer d.turn.Unlock()
	var next *edition
	err := d.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, c := range changes {
			if c.Kind != revisionLID {
				continue
			}
			if next == nil {
				next = d.now.Load().clone()
			}
			if err := d.reread(ctx, tx, next, c.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && next != nil {
		d.publish(next)
	}
	return err
}

func (d *Directory) publish(e *edition) {
	e.sorted = slices.SortedFunc(maps.Values(e.lids), func(a, b *LID) int {
		return strings.Compare(string(a.Address), string(b.Address))
	})
	d.now.Store(e)
}

func (e *edition) clone() *edition {
	return &edition{lids: maps.Clone(e.lids), routes: maps.Clone(e.routes)}
}

// serve puts a stored LID into the edition. One that cannot be read is left out
// and reported: it must not keep the others from being served.
func (d *Directory) serve(e *edition, r row) {
	s, err := r.stored()
	if err != nil {
		d.leaveOut(r.address, err)
		return
	}
	d.add(e, s)
}

func (d *Directory) leaveOut(address string, err error) {
	d.log.Error("LID cannot be served", "address", address, "error", err)
}

func (d *Directory) add(e *edition, s httpapi.Stored[Spec]) {
	read, err := s.Spec.read()
	if err != nil {
		d.leaveOut(s.ID, err)
		return
	}
	l := &LID{Address: simpul.Address(s.ID), Spec: s.Spec, Contract: read, Created: s.Times.CreatedAt, Updated: s.Times.UpdatedAt}
	route := l.route()
	e.lids[l.Address] = l
	e.routes[s.ID] = route
	if key := s.Spec.legacyKey(); key != "" {
		e.routes[key] = route
	}
}

func (d *Directory) reread(ctx context.Context, tx *sqldb.Tx, e *edition, address string) error {
	if old, ok := e.lids[simpul.Address(address)]; ok {
		delete(e.lids, old.Address)
		delete(e.routes, address)
		key := old.Spec.legacyKey()
		if route := e.routes[key]; route != nil && route.Address == old.Address { // else another LID has it since
			delete(e.routes, key)
		}
	}
	r, err := publishedLID(ctx, tx, address)
	switch {
	case errors.Is(err, sqldb.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	d.serve(e, r)
	return nil
}
