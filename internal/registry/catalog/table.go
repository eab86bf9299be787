package catalog

import (
	"hash/maphash"
	"iter"
	"maps"
)

// parts is into how many parts a table is divided. With 10,000 LIDs a part has
// forty, which a change copies in a microsecond.
const parts = 256

// table is a map of which the next edition shares the parts that it does not
// change. The zero table is empty. Many may read a table once nobody changes it.
type table[K ~string, V any] struct {
	parts [parts]map[K]V
	own   [parts]bool // whether the part is this edition's alone
}

// seed divides keys as nobody outside can foresee.
var seed = maphash.MakeSeed()

func part[K ~string](key K) int { return int(maphash.String(seed, string(key)) % parts) }

func (t *table[K, V]) get(key K) (V, bool) {
	v, ok := t.parts[part(key)][key]
	return v, ok
}

// at returns what stands at the key, or nothing.
func (t *table[K, V]) at(key K) V { return t.parts[part(key)][key] }

func (t *table[K, V]) put(key K, v V) { t.writable(part(key))[key] = v }

func (t *table[K, V]) drop(key K) {
	if i := part(key); len(t.parts[i]) > 0 {
		delete(t.writable(i), key)
	}
}

// writable copies a part before it is changed for the first time.
func (t *table[K, V]) writable(i int) map[K]V {
	switch {
	case t.parts[i] == nil:
		t.parts[i], t.own[i] = map[K]V{}, true
	case !t.own[i]:
		t.parts[i], t.own[i] = maps.Clone(t.parts[i]), true
	}
	return t.parts[i]
}

// next returns a table that begins with the same, for the edition that follows.
func (t *table[K, V]) next() table[K, V] { return table[K, V]{parts: t.parts} }

func (t *table[K, V]) all() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, p := range t.parts {
			for k, v := range p {
				if !yield(k, v) {
					return
				}
			}
		}
	}
}

func (t *table[K, V]) values() iter.Seq[V] {
	return func(yield func(V) bool) {
		for _, v := range t.all() {
			if !yield(v) {
				return
			}
		}
	}
}
