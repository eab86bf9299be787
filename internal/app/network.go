package app

import (
	"cmp"
	"context"
	"slices"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/portal"
	"simpul/internal/registry/grant"
)

// network answers the map's questions from the grants.
type network struct {
	hub   *Hub
	names *roster
}

// Counts are of the whole nation: they name nobody.
func (n network) Counts(ctx context.Context) (portal.NetworkCounts, error) {
	all, err := n.hub.Grants.All(ctx)
	if err != nil {
		return portal.NetworkCounts{}, err
	}
	applications, lids := map[simpul.ApplicationID]bool{}, map[simpul.Address]bool{}
	counts := portal.NetworkCounts{}
	for _, g := range all {
		if g.Suspended {
			continue
		}
		counts.Grants++
		applications[g.Consumer], lids[g.LID] = true, true
	}
	counts.Applications, counts.LIDs = len(applications), len(lids)
	return counts, nil
}

// pair is one agency that uses another's data.
type pair struct{ consumer, provider simpul.AgencyID }

// Links gathers the grants that the visitor's scope covers, by pair of agencies.
// A grant for a LID that is not published connects nobody.
func (n network) Links(ctx context.Context, visitor simpul.Principal) ([]portal.NetworkLink, error) {
	grants := map[pair]map[simpul.Address]int{}
	for page := (httpapi.Page{Limit: 500}); ; {
		some, err := n.hub.Grants.List(ctx, visitor, page)
		if err != nil {
			return nil, err
		}
		for _, g := range some {
			n.note(grants, g.Spec)
		}
		if len(some) < page.Limit {
			return n.named(ctx, grants), nil
		}
		page.After = some[len(some)-1].ID
	}
}

func (n network) note(grants map[pair]map[simpul.Address]int, g grant.Spec) {
	l, err := n.hub.directory.LID(g.LID)
	if err != nil || g.Suspended {
		return
	}
	p := pair{g.Application.Agency(), l.Spec.Agency}
	if grants[p] == nil {
		grants[p] = map[simpul.Address]int{}
	}
	grants[p][g.LID]++
}

func (n network) named(ctx context.Context, grants map[pair]map[simpul.Address]int) []portal.NetworkLink {
	view := n.names.today(ctx)
	links := make([]portal.NetworkLink, 0, len(grants))
	for p, lids := range grants {
		link := portal.NetworkLink{Consumer: view.name(p.consumer), Provider: view.name(p.provider), LIDs: len(lids)}
		for _, count := range lids {
			link.Grants += count
		}
		links = append(links, link)
	}
	slices.SortFunc(links, func(a, b portal.NetworkLink) int {
		return cmp.Or(b.Grants-a.Grants, cmp.Compare(a.Consumer, b.Consumer), cmp.Compare(a.Provider, b.Provider))
	})
	return links
}
