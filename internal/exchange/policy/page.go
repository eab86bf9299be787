package policy

import (
	"hash/maphash"
	"maps"
	"strings"

	"simpul"
)

// shards is into how many parts a page is divided. With 100,000 grants a part has
// four hundred, which a change copies in microseconds.
const shards = 256

// page is one immutable state of the book, by application and LID.
type page struct {
	seed   maphash.Seed
	shards [shards]map[pair]*rule
}

// newPage returns a page without rules that expects so many.
func newPage(rules int) *page {
	p := &page{seed: maphash.MakeSeed()}
	for i := range p.shards {
		p.shards[i] = make(map[pair]*rule, rules/shards)
	}
	return p
}

func (p *page) shard(key pair) int { return int(maphash.Comparable(p.seed, key) % shards) }

// find returns the rule of a pair; nil for none.
func (p *page) find(key pair) *rule { return p.shards[p.shard(key)][key] }

// edition is a page that nobody reads yet. A part is copied before it is changed
// for the first time; the others are shared with the page before.
type edition struct {
	*page
	own    [shards]bool
	parsed map[string]simpul.FieldSet // of the fields that were compiled so far
}

// edit begins the page that follows.
func (p *page) edit() *edition {
	next := *p
	return &edition{page: &next, parsed: map[string]simpul.FieldSet{}}
}

func (e *edition) set(r *rule) { e.part(r.pair())[r.pair()] = r }

func (e *edition) drop(key pair) { delete(e.part(key), key) }

func (e *edition) part(key pair) map[pair]*rule {
	i := e.shard(key)
	if !e.own[i] {
		e.own[i], e.shards[i] = true, maps.Clone(e.shards[i])
	}
	return e.shards[i]
}

// fields compiles paths. Grants that name the same fields share what nobody
// changes.
func (e *edition) fields(paths []string) (simpul.FieldSet, error) {
	key := strings.Join(paths, "\n")
	if known, ok := e.parsed[key]; ok {
		return known, nil
	}
	set, err := simpul.ParseFields(paths)
	if err == nil {
		e.parsed[key] = set
	}
	return set, err
}
