package app

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/agency"
)

// rosterAge is how old the names on a screen may be.
const rosterAge = 5 * time.Second

// roster knows the names of all agencies for the screens, so that a list of LIDs
// costs no SQL for each. Who the agencies are is public.
type roster struct {
	agencies *agency.Agencies
	log      *slog.Logger
	now      clock.Clock

	turn sync.Mutex
	view rosterView
	read time.Time
}

// rosterView is one immutable state of the roster.
type rosterView struct {
	byID    map[simpul.AgencyID]agency.Spec
	sorted  []httpapi.Stored[agency.Spec] // national ones by name, then the others by region
	regions map[string]string             // names, by code
}

// today returns the agencies as they are, or were a moment ago. When they cannot
// be read, the last known state serves on: names are no reason to fail a page.
func (r *roster) today(ctx context.Context) rosterView {
	r.turn.Lock()
	defer r.turn.Unlock()
	if now := r.now(); r.read.IsZero() || now.Sub(r.read) > rosterAge {
		view, err := r.load(ctx)
		if err != nil {
			r.log.ErrorContext(ctx, "names of agencies cannot be read", "error", err)
			return r.view
		}
		r.view, r.read = view, now
	}
	return r.view
}

// forget has the next question read the agencies again.
func (r *roster) forget() {
	r.turn.Lock()
	defer r.turn.Unlock()
	r.read = time.Time{}
}

// load reads all agencies, page by page.
func (r *roster) load(ctx context.Context) (rosterView, error) {
	view := rosterView{byID: map[simpul.AgencyID]agency.Spec{}, regions: map[string]string{}}
	for page := (httpapi.Page{Limit: 1000}); ; {
		some, err := r.agencies.List(ctx, simpul.Principal{}, page)
		if err != nil {
			return rosterView{}, err
		}
		for _, a := range some {
			view.byID[simpul.AgencyID(a.ID)] = a.Spec
			if a.Spec.Region != "" {
				view.regions[a.Spec.Region] = strings.TrimPrefix(a.Spec.Name, "Pemerintah ")
			}
		}
		view.sorted = append(view.sorted, some...)
		if len(some) < page.Limit {
			break
		}
		page.After = some[len(some)-1].ID
	}
	slices.SortFunc(view.sorted, func(a, b httpapi.Stored[agency.Spec]) int {
		return cmp.Or(cmp.Compare(a.Spec.Region, b.Spec.Region), cmp.Compare(a.Spec.Name, b.Spec.Name))
	})
	return view, nil
}

// name returns the name of an agency; of one that is not known, its ID.
func (v rosterView) name(id simpul.AgencyID) string {
	if spec, ok := v.byID[id]; ok {
		return spec.Name
	}
	return string(id)
}
