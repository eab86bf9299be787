package compare

import (
	"strings"

	"simpul"
	"simpul/internal/registry/catalog/contract"
)

// pair is two lists of fields, which bodies with one schema share.
type pair struct {
	before, after *contract.Field
	side          side
}

// fields compares the members of two bodies.
func (c *comparer) fields(s side, before, after []contract.Field) []change {
	if len(before) == 0 && len(after) == 0 {
		return nil
	}
	key := pair{first(before), first(after), s}
	changes, done := c.known[key]
	if !done {
		changes = members(s, before, after)
		c.known[key] = changes
	}
	return changes
}

func first(all []contract.Field) *contract.Field {
	if len(all) == 0 {
		return nil
	}
	return &all[0]
}

func members(s side, before, after []contract.Field) (changes []change) {
	old, next := listing(before), listing(after)
	for _, f := range before {
		g, is := next[f.Path]
		switch {
		case is:
			for _, ch := range values(s, s.field(f.Path), f, g) {
				ch.path = f.Path
				changes = append(changes, ch)
			}
		case !next.unsure(f.Path) && !missing(next, f.Path):
			changes = append(changes, fieldRemoved(s, f))
		}
	}
	for _, g := range after {
		if _, was := old[g.Path]; !was && !old.unsure(g.Path) && !missing(old, g.Path) {
			changes = append(changes, fieldAdded(s, g))
		}
	}
	return changes
}

func fieldRemoved(s side, f contract.Field) change {
	return change{path: f.Path, kind: Removed, effect: Breaking, sentence: s.field(f.Path).says("dihapus.", "was removed."), why: losing(s), before: f.Path}
}

func fieldAdded(s side, g contract.Field) change {
	ch := change{path: g.Path, kind: Added, effect: Harmless, sentence: s.field(g.Path).says("ditambahkan.", "was added."), why: ignored, after: g.Path}
	if s == sent && g.Required {
		ch.effect, ch.why, ch.sentence = Breaking, refused, s.field(g.Path).says("ditambahkan dan wajib diisi.", "was added and is required.")
	}
	return ch
}

// losing is what it means that something is gone.
func losing(s side) simpul.Text {
	if s == sent {
		return refused
	}
	return unread
}

// list finds fields by path.
type list map[string]contract.Field

func listing(fields []contract.Field) list {
	l := make(list, len(fields))
	for _, f := range fields {
		l[f.Path] = f
	}
	return l
}

// unsure reports whether the list may leave the path out because a field above
// it is cut.
func (l list) unsure(path string) bool {
	for up := parent(path); up != ""; up = parent(up) {
		if l[up].Cut {
			return true
		}
	}
	return false
}

// missing reports whether the field that holds the one at the path is missing as
// well: then that is what is told.
func missing(l list, path string) bool {
	up := parent(path)
	_, listed := l[up]
	return up != "" && !listed
}

func parent(path string) string {
	i := strings.LastIndexByte(path, '.')
	if i < 0 {
		return ""
	}
	return path[:i]
}
