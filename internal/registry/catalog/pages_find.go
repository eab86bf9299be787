package catalog

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"simpul"
)

// entry is a LID in the list, with the agency that provides it.
type entry struct {
	*LID
	Owner Agency
}

// choice is a value by which the list can be narrowed.
type choice struct {
	Value, Label string
	Count        int
	Within       bool // belongs to the choice before it, as a regency to its province
}

// found is the answer to a query: one page of entries, and the ways to narrow.
type found struct {
	Entries           []entry
	Total             int
	Published         int // LIDs in the whole catalogue
	Last              bool
	Classes           map[simpul.LIDClass]int
	Agencies, Regions []choice
}

// find answers a query. Every count is of what would be listed if only that
// choice were made.
func (p *Pages) find(ctx context.Context, q query) found {
	words := tokens(q.Text)
	var matched []ranked
	classes := map[simpul.LIDClass]int{}
	agencies, regions := map[string]int{}, map[string]int{}
	names := map[string]string{}
	all := p.directory.All()
	for _, l := range all {
		e := entry{l, p.agencies.Agency(ctx, l.Spec.Agency)}
		weight, ok := e.weigh(words)
		if !ok {
			continue
		}
		if q.admits(e) {
			matched = append(matched, ranked{e, weight})
		}
		if q.anyClass().admits(e) {
			classes[l.Spec.Class]++
		}
		if q.anyAgency().admits(e) {
			agencies[string(l.Spec.Agency)]++
			names[string(l.Spec.Agency)] = e.Owner.Name
		}
		if q.anyRegion().admits(e) {
			for _, code := range e.regions() {
				regions[code]++
			}
		}
	}
	f := found{Total: len(matched), Published: len(all), Classes: classes, Agencies: byName(agencies, names)}
	f.Regions = p.regionChoices(ctx, regions)
	f.Entries, f.Last = page(matched, q.Page)
	return f
}

// matching lists what a query finds, without pages.
func (p *Pages) matching(ctx context.Context, q query) []entry {
	words := tokens(q.Text)
	var entries []entry
	for _, l := range p.directory.All() {
		e := entry{l, p.agencies.Agency(ctx, l.Spec.Agency)}
		if _, ok := e.weigh(words); ok && q.admits(e) {
			entries = append(entries, e)
		}
	}
	return entries
}

// admits reports whether the filters let an entry through.
func (q query) admits(e entry) bool {
	return (len(q.Classes) == 0 || slices.Contains(q.Classes, e.Spec.Class)) &&
		(q.Agency == "" || q.Agency == e.Spec.Agency) &&
		(q.Region == "" || slices.Contains(e.regions(), q.Region))
}

// regions are the regions in which an entry is found: a city's LID also in its
// province.
func (e entry) regions() []string {
	code := e.Owner.Region
	if code == "" {
		return []string{national}
	}
	if province, _, inner := strings.Cut(code, "."); inner {
		return []string{province, code}
	}
	return []string{code}
}

func tokens(text string) []string { return strings.Fields(strings.ToLower(text)) }

// weigh reports whether every word occurs in the entry, and how many of them in
// its title or address, which is what people mean first.
func (e entry) weigh(words []string) (weight int, ok bool) {
	if len(words) == 0 {
		return 0, true
	}
	head := strings.ToLower(e.Spec.Title + "\n" + string(e.Address))
	rest := strings.ToLower(e.Spec.Description + "\n" + strings.Join(e.Spec.Keywords, "\n") + "\n" + e.Owner.Name + "\n" + string(e.Spec.Agency))
	for _, word := range words {
		switch {
		case strings.Contains(head, word):
			weight++
		case !strings.Contains(rest, word):
			return 0, false
		}
	}
	return weight, true
}

type ranked struct {
	entry
	weight int
}

// page returns the entries of a page, the best matches first, and whether it is
// the last. A page beyond the last is empty.
func page(all []ranked, number int) (entries []entry, last bool) {
	slices.SortStableFunc(all, func(a, b ranked) int { return b.weight - a.weight })
	from := min((number-1)*perPage, len(all))
	to := min(from+perPage, len(all))
	for _, r := range all[from:to] {
		entries = append(entries, r.entry)
	}
	return entries, to == len(all)
}

func byName(counts map[string]int, names map[string]string) []choice {
	choices := make([]choice, 0, len(counts))
	for id, n := range counts {
		choices = append(choices, choice{Value: id, Label: names[id], Count: n})
	}
	slices.SortFunc(choices, func(a, b choice) int {
		return cmp.Or(strings.Compare(a.Label, b.Label), strings.Compare(a.Value, b.Value))
	})
	return choices
}

// regionChoices puts the nation first, and then each province before what lies
// in it, as the codes do.
func (p *Pages) regionChoices(ctx context.Context, counts map[string]int) []choice {
	choices := make([]choice, 0, len(counts))
	for code, n := range counts {
		c := choice{Value: code, Count: n, Within: strings.Contains(code, ".")}
		if code != national {
			c.Label = cmp.Or(p.agencies.Region(ctx, code), code)
		}
		choices = append(choices, c)
	}
	slices.SortFunc(choices, func(a, b choice) int {
		if (a.Value == national) != (b.Value == national) {
			return map[bool]int{true: -1, false: 1}[a.Value == national]
		}
		return strings.Compare(a.Value, b.Value)
	})
	return choices
}
