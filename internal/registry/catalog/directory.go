package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// Directory is the view in memory of the live LIDs, with the versions that
// answer, and of those that are retired: the gateway's routes and the public
// catalogue. Reading it takes no lock and no SQL. It follows the
// revision log: Load once, then Refresh for each change.
type Directory struct {
	db      *sqldb.DB
	log     *slog.Logger
	compile Compiler
	now     atomic.Pointer[edition]
	turn    sync.Mutex // one refresh at a time
}

// Compiler makes of a route and the contract's document what the gateway needs
// to hold calls to them, once, when the LID is published. It returns nil where
// there is nothing to hold.
type Compiler func(route *simpul.Route, document json.RawMessage) any

func uncompiled(*simpul.Route, json.RawMessage) any { return nil }

// edition is one state of the directory, which nobody changes once it is
// published. The next one shares with it what stays the same.
type edition struct {
	compile Compiler

	lids    table[simpul.Address, *LID]
	routes  table[string, *simpul.Route] // by address and by legacy key
	sorted  []*LID                       // by address
	leading table[simpul.Address, bool]  // the LIDs that name a successor
	gone    table[simpul.Address, gone]
	tombs   table[string, simpul.Address]   // what is gone, by address and by legacy key
	keys    table[simpul.Address, []string] // where a LID is found beside its address
}

// NewDirectory returns an empty directory, in which nothing can be called.
func NewDirectory(db *sqldb.DB, log *slog.Logger) *Directory {
	d := &Directory{db: db, log: log, compile: uncompiled}
	d.now.Store(&edition{})
	return d
}

// Compile has every route that is published from now on compiled.
func (d *Directory) Compile(compile Compiler) { d.compile = compile }

// Resolve returns the route that is called at the key: "group/Name", or
// "t/agency/context/version" in the older form. Of a LID that is retired it
// returns, beside the error, a route that only tells of its end.
func (d *Directory) Resolve(key string) (*simpul.Route, error) {
	e := d.now.Load()
	if route, ok := e.routes.get(key); ok {
		return route, nil
	}
	if g, ok := e.goneOf(key); ok {
		next := e.leads(g.successor)
		return g.route(next), retiredRefusal(g, next)
	}
	return nil, &simpul.Error{
		Code:    simpul.CodeNotFound,
		Message: simpul.Text{ID: "Tidak ada LID terbit di alamat /" + key + ".", EN: "There is no published LID at /" + key + "."},
		Remedy:  simpul.Text{ID: "Cari alamat yang benar di katalog LID; huruf besar dan kecil dibedakan.", EN: "Look up the right address in the LID catalogue; capital letters matter."},
	}
}

// LID returns one live LID. One that is retired is gone.
func (d *Directory) LID(address simpul.Address) (*LID, error) {
	e := d.now.Load()
	if l, ok := e.lids.get(address); ok {
		return l, nil
	}
	if g, ok := e.gone.get(address); ok {
		return nil, retiredRefusal(g, e.leads(g.successor))
	}
	return nil, simpul.NotFound(kindLID, string(address))
}

// ended tells of a LID that is retired, and what can be called instead; next is
// nil for nothing.
func (d *Directory) ended(address simpul.Address) (g gone, next *LID, is bool) {
	e := d.now.Load()
	g, is = e.gone.get(address)
	return g, e.lids.at(e.leads(g.successor)), is
}

// All returns the live LIDs in the order of their addresses. The caller
// may not change them.
func (d *Directory) All() []*LID { return d.now.Load().sorted }

// Routes returns those that fit, each version that answers once, in the order of
// their addresses.
func (d *Directory) Routes(fits func(*simpul.Route) bool) (all []*simpul.Route) {
	e := d.now.Load()
	for _, l := range e.sorted {
		route := e.routes.at(string(l.Address))
		for _, one := range append([]*simpul.Route{route}, route.Older...) {
			if fits(one) {
				all = append(all, one)
			}
		}
	}
	return all
}

// Load replaces the view by what is stored.
func (d *Directory) Load(ctx context.Context) error {
	d.turn.Lock()
	defer d.turn.Unlock()
	next := &edition{compile: d.compile}
	err := d.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error { return d.fill(ctx, tx, next) })
	if err == nil {
		next.sort()
		d.publish(next)
	}
	return err
}

// fill takes everything that is stored into an empty edition.
func (d *Directory) fill(ctx context.Context, tx *sqldb.Tx, e *edition) error {
	versions, err := everyVersion(ctx, tx)
	if err != nil {
		return err
	}
	older := map[simpul.Address][]kept{}
	for _, k := range versions {
		older[k.address] = append(older[k.address], k)
	}
	rows, err := publishedLIDs(ctx, tx)
	if err != nil {
		return err
	}
	for _, r := range rows {
		d.serve(e, r, older[simpul.Address(r.address)])
	}
	ended, err := everyGone(ctx, tx)
	for _, g := range ended {
		e.bury(g, older[g.address])
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
				next = d.now.Load().next()
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
	for address := range e.leading.all() {
		e.lead(e.lids.at(address))
	}
	d.now.Store(e)
}

// next begins the edition that follows.
func (e *edition) next() *edition {
	return &edition{
		compile: e.compile, lids: e.lids.next(), routes: e.routes.next(), sorted: slices.Clone(e.sorted),
		leading: e.leading.next(), gone: e.gone.next(), tombs: e.tombs.next(), keys: e.keys.next(),
	}
}

// lead points a deprecated LID at the live end of its chain of successors, which
// a change of any of them may have moved. What an earlier edition shows stays.
func (e *edition) lead(l *LID) {
	next := e.leads(l.Spec.successor())
	if next == l.Successor {
		return
	}
	led := *l
	led.Successor = next
	e.enter(&led)
	e.place(&led)
}

// sort puts all LIDs in order.
func (e *edition) sort() {
	e.sorted = slices.SortedFunc(e.lids.values(), func(a, b *LID) int { return strings.Compare(string(a.Address), string(b.Address)) })
}

// place puts one LID where it belongs among the sorted.
func (e *edition) place(l *LID) {
	if i, there := e.where(l.Address); there {
		e.sorted[i] = l
	} else {
		e.sorted = slices.Insert(e.sorted, i, l)
	}
}

// displace takes one LID out of the sorted.
func (e *edition) displace(address simpul.Address) {
	if i, there := e.where(address); there {
		e.sorted = slices.Delete(e.sorted, i, i+1)
	}
}

func (e *edition) where(address simpul.Address) (int, bool) {
	return slices.BinarySearchFunc(e.sorted, address, func(l *LID, a simpul.Address) int { return strings.Compare(string(l.Address), string(a)) })
}

// serve puts a stored LID into the edition. One that cannot be read is left out
// and reported: it must not keep the others from being served.
func (d *Directory) serve(e *edition, r row, older []kept) {
	s, err := r.stored()
	if err != nil {
		d.leaveOut(r.address, err)
		return
	}
	d.add(e, s, older)
}

func (d *Directory) leaveOut(address string, err error) {
	d.log.Error("LID cannot be served", "address", address, "error", err)
}

func (d *Directory) add(e *edition, s httpapi.Stored[Spec], older []kept) {
	read, err := s.Spec.read()
	if err != nil {
		d.leaveOut(s.ID, err)
		return
	}
	l := &LID{Address: simpul.Address(s.ID), Spec: s.Spec, Contract: read, Created: s.Times.CreatedAt, Updated: s.Times.UpdatedAt}
	for _, k := range older {
		o, err := k.read()
		if err != nil {
			d.leaveOut(s.ID+" "+k.major, err)
			continue
		}
		l.Older = append(l.Older, o)
	}
	e.enter(l)
}

// enter puts a LID at its address and at the older ones, which name a version.
func (e *edition) enter(l *LID) {
	route := l.route()
	route.Plan = e.compile(route, l.Spec.Contract)
	for i, o := range l.Older {
		route.Older[i].Plan = e.compile(route.Older[i], o.spec.Contract)
	}
	e.lids.put(l.Address, l)
	e.routes.put(string(l.Address), route)
	if l.Spec.successor() != "" {
		e.leading.put(l.Address, true)
	}
	e.keys.drop(l.Address)
	e.fix(l.Spec.legacyKey(), route)
	for i, o := range l.Older {
		e.fix(o.spec.legacyKey(), route.Older[i])
	}
}

// fix puts a route at an older address, at which no pin counts.
func (e *edition) fix(key string, route *simpul.Route) {
	if key == "" {
		return
	}
	fixed := *route
	fixed.Fixed, fixed.Older = true, nil
	e.routes.put(key, &fixed)
	e.alias(route.Address, key)
}

// alias notes where a LID is found beside its address.
func (e *edition) alias(address simpul.Address, key string) {
	e.keys.put(address, append(slices.Clip(e.keys.at(address)), key))
}

// bury notes a retired LID at every address at which it was called.
func (e *edition) bury(g gone, older []kept) {
	e.gone.put(g.address, g)
	e.tombs.put(string(g.address), g.address)
	keys := []string{g.legacy}
	for _, k := range older {
		keys = append(keys, k.legacy)
	}
	for _, key := range keys {
		if key != "" {
			e.tombs.put(key, g.address)
			e.alias(g.address, key)
		}
	}
}

// drop takes a LID out of the edition. An older address that another LID has
// taken since stays with that one.
func (e *edition) drop(address simpul.Address) {
	for _, key := range append(slices.Clip(e.keys.at(address)), string(address)) {
		if route := e.routes.at(key); route != nil && route.Address == address {
			e.routes.drop(key)
		}
		if e.tombs.at(key) == address {
			e.tombs.drop(key)
		}
	}
	e.lids.drop(address)
	e.leading.drop(address)
	e.gone.drop(address)
	e.keys.drop(address)
}

// reread brings one LID of the edition up to date.
func (d *Directory) reread(ctx context.Context, tx *sqldb.Tx, e *edition, address string) error {
	if err := d.replace(ctx, tx, e, address); err != nil {
		return err
	}
	if l := e.lids.at(simpul.Address(address)); l != nil {
		e.place(l)
	} else {
		e.displace(simpul.Address(address))
	}
	return nil
}

// replace takes out what the edition has of the address and puts in what is stored.
func (d *Directory) replace(ctx context.Context, tx *sqldb.Tx, e *edition, address string) error {
	e.drop(simpul.Address(address))
	older, err := versionsOf(ctx, tx, simpul.Address(address))
	if err != nil {
		return err
	}
	r, err := publishedLID(ctx, tx, address)
	if err == nil {
		d.serve(e, r, older)
		return nil
	}
	if !errors.Is(err, sqldb.ErrNoRows) {
		return err
	}
	g, err := goneLID(ctx, tx, address)
	switch {
	case errors.Is(err, sqldb.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	e.bury(g, older)
	return nil
}
