package catalog

import (
	"context"

	"simpul"
	"simpul/internal/platform/web"
)

// tally counts what each choice would leave.
type tally struct {
	classes                                  map[simpul.LIDClass]int
	agencies, regions, levels, themes, holds map[string]int
	names                                    map[string]string // of agencies
}

func newTally() *tally {
	return &tally{
		classes:  map[simpul.LIDClass]int{},
		agencies: map[string]int{}, regions: map[string]int{}, levels: map[string]int{}, themes: map[string]int{}, holds: map[string]int{},
		names: map[string]string{},
	}
}

// count adds an entry to every choice that could be made beside the others in
// force.
func (t *tally) count(q query, e entry) {
	if q.anyClass().admits(e) {
		t.classes[e.Spec.Class]++
	}
	if q.anyAgency().admits(e) {
		t.agencies[string(e.Spec.Agency)]++
		t.names[string(e.Spec.Agency)] = e.Owner.Name
	}
	if q.anyRegion().admits(e) {
		add(t.regions, e.regions()...)
	}
	if q.anyLevel().admits(e) {
		add(t.levels, e.Owner.Level)
	}
	if q.anyTheme().admits(e) {
		for _, theme := range e.Spec.Themes {
			add(t.themes, string(theme))
		}
	}
	if q.anyHolds().admits(e) {
		add(t.holds, holding(e.Spec.Metadata))
	}
}

func add(counts map[string]int, values ...string) {
	for _, v := range values {
		if v != "" {
			counts[v]++
		}
	}
}

// What is known of personal data, as the address of a list says it.
const (
	holdsPersonal = "ya"
	holdsNone     = "tidak"
	holdsUnsaid   = "belum"
)

func holding(m Metadata) string {
	held, said := m.Personal()
	switch {
	case !said:
		return holdsUnsaid
	case held:
		return holdsPersonal
	}
	return holdsNone
}

func holdingChoices(ctx context.Context, counts map[string]int) []choice {
	return offered(counts,
		choice{Value: holdsNone, Label: web.T(ctx, "Tanpa data pribadi", "Without personal data")},
		choice{Value: holdsPersonal, Label: web.T(ctx, "Memuat data pribadi", "Holds personal data")},
		choice{Value: holdsUnsaid, Label: web.T(ctx, "Belum dinyatakan", "Not said yet")})
}

func levelChoices(ctx context.Context, counts map[string]int) []choice {
	return offered(counts,
		choice{Value: "nasional", Label: web.T(ctx, "Nasional", "National")},
		choice{Value: "provinsi", Label: web.T(ctx, "Provinsi", "Province")},
		choice{Value: "kabupaten", Label: web.T(ctx, "Kabupaten", "Regency")},
		choice{Value: "kota", Label: web.T(ctx, "Kota", "City")})
}

func themeChoices(ctx context.Context, counts map[string]int) []choice {
	all := make([]choice, 0, len(themes()))
	for _, t := range themes() {
		all = append(all, choice{Value: string(t.Code), Label: web.T(ctx, t.Name.ID, t.Name.EN)})
	}
	return offered(counts, all...)
}

// offered keeps the choices that would leave something.
func offered(counts map[string]int, all ...choice) []choice {
	var some []choice
	for _, c := range all {
		if c.Count = counts[c.Value]; c.Count > 0 {
			some = append(some, c)
		}
	}
	return some
}
