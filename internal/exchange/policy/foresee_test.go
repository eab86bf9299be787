package policy

import (
	"testing"

	"simpul"
)

// What is foreseen is what is decided next, and foreseeing uses nothing up.
func TestForeseeingIsDecidingWithoutUse(t *testing.T) {
	for name, change := range map[string]func(*simpul.Grant){
		"allowed":   nil,
		"limited":   func(g *simpul.Grant) { g.RatePerMin = 2 },
		"suspended": func(g *simpul.Grant) { g.Suspended = true },
		"expired":   func(g *simpul.Grant) { g.Until = noon },
		"not begun": func(g *simpul.Grant) { g.From = noon.Add(1) },
		"no grant":  func(g *simpul.Grant) { g.LID = "master/Desa" },
	} {
		t.Run(name, func(t *testing.T) {
			b := openBook(t, newShelf(plain(change)))
			for range 4 {
				_, first := b.Foresee(who, route, noon)
				_, again := b.Foresee(who, route, noon)
				_, decided := b.Decide(who, route, noon)
				for _, err := range []error{first, again} {
					if simpul.CodeOf(err) != simpul.CodeOf(decided) && (err != nil || decided != nil) {
						t.Fatalf("foresaw %v, decided %v", err, decided)
					}
				}
			}
		})
	}
}
