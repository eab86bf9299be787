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
	Loose             bool // not every word was found
	Abroad            []Foreign
	AbroadTotal       int
	Classes           map[simpul.LIDClass]int
	Agencies, Regions []choice
	Levels, Themes    []choice
	Holds             []choice // whether personal data is held
}

// mostAbroad is how many entries of other catalogues stand below the LIDs.
const mostAbroad = 5

// find answers a query. Every count is of what would be listed if only that
// choice were made.
func (p *Pages) find(ctx context.Context, q query) (found, error) {
	entries, loose, err := p.candidates(ctx, q.Text)
	if err != nil {
		return found{}, err
	}
	t := newTally()
	var matched []entry
	for _, e := range entries {
		if q.admits(e) {
			matched = append(matched, e)
		}
		t.count(q, e)
	}
	f := found{Total: len(matched), Published: len(p.directory.All()), Loose: loose, Classes: t.classes, Agencies: byName(t.agencies, t.names)}
	f.Regions = p.regionChoices(ctx, t.regions)
	f.Levels, f.Themes, f.Holds = levelChoices(ctx, t.levels), themeChoices(ctx, t.themes), holdingChoices(ctx, t.holds)
	f.Entries, f.Last = page(matched, q.Page)
	if q.Text != "" && q.Page == 1 {
		f.Abroad, f.AbroadTotal, err = p.finder.abroad.search(q.Text, mostAbroad)
	}
	return f, err
}

// candidates are the LIDs that a text finds, the best first, or all of them
// where there is no text.
func (p *Pages) candidates(ctx context.Context, text string) (entries []entry, loose bool, err error) {
	lids := p.directory.All()
	if text != "" {
		if lids, loose, err = p.finder.search(text); err != nil {
			return nil, false, err
		}
	}
	owners := map[simpul.AgencyID]Agency{}
	entries = make([]entry, len(lids))
	for i, l := range lids {
		owner, ok := owners[l.Spec.Agency]
		if !ok {
			owner = p.agencies.Agency(ctx, l.Spec.Agency)
			owners[l.Spec.Agency] = owner
		}
		entries[i] = entry{l, owner}
	}
	return entries, loose, nil
}

// matching lists what a query finds, without pages.
func (p *Pages) matching(ctx context.Context, q query) ([]entry, error) {
	entries, _, err := p.candidates(ctx, q.Text)
	return slices.DeleteFunc(entries, func(e entry) bool { return !q.admits(e) }), err
}

// admits reports whether the filters let an entry through.
func (q query) admits(e entry) bool {
	return (len(q.Classes) == 0 || slices.Contains(q.Classes, e.Spec.Class)) &&
		(q.Agency == "" || q.Agency == e.Spec.Agency) &&
		(q.Region == "" || slices.Contains(e.regions(), q.Region)) &&
		(q.Level == "" || q.Level == e.Owner.Level) &&
		(q.Theme == "" || slices.Contains(e.Spec.Themes, q.Theme)) &&
		(q.Holds == "" || q.Holds == holding(e.Spec.Metadata))
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

// page returns the entries of a page and whether it is the last. A page beyond
// the last is empty.
func page(all []entry, number int) (entries []entry, last bool) {
	from := min((number-1)*perPage, len(all))
	to := min(from+perPage, len(all))
	return all[from:to], to == len(all)
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
