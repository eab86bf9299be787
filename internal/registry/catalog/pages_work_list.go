package catalog

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
	"simpul/internal/registry/catalog/contract"
)

// workPerPage is how many LIDs a page of the list shows.
const workPerPage = 20

// mostScanned is how many LIDs are read in search of those at one step.
const mostScanned = 5000

// workList is the list of one's own LIDs.
type workList struct {
	LIDs     []work
	Begun    []work
	Text     string
	Step     string // a state, or a step of the life cycle
	Agency   string
	Who      simpul.Principal
	Next     string // address of the next page
	First    string
	Narrowed bool
}

func (p *Workplace) list(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	q := r.URL.Query()
	v := workList{Text: cut(strings.TrimSpace(q.Get("q")), 100), Step: cut(q.Get("langkah"), 63), Agency: cut(strings.TrimSpace(q.Get("instansi")), 253), Who: who}
	v.Narrowed = v.Text != "" || v.Step != "" || v.Agency != ""
	after := q.Get("sesudah")
	stored, more, err := p.choose(r.Context(), who, v, simpul.Address(cut(after, 130)))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	if after != "" {
		v.First = v.href("")
	}
	if more {
		v.Next = v.href(stored[len(stored)-1].ID)
	}
	if v.LIDs, err = p.works(r.Context(), who, stored); err == nil && !v.Narrowed && after == "" {
		v.Begun, err = p.begunWorks(r.Context(), who)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, workListPage(v))
}

// href is the address of the list from a LID on, with the same filter.
func (v workList) href(after string) string {
	q := url.Values{}
	for name, value := range map[string]string{"q": v.Text, "langkah": v.Step, "instansi": v.Agency, "sesudah": after} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return WorkPath
	}
	return WorkPath + "?" + q.Encode()
}

// choose reads one page of the list, and whether more follow.
func (p *Workplace) choose(ctx context.Context, who simpul.Principal, v workList, after simpul.Address) (page []httpapi.Stored[Spec], more bool, err error) {
	by := Selection{Agency: simpul.AgencyID(v.Agency), Text: v.Text, After: after, Limit: workPerPage + 1}
	switch state := State(v.Step); state {
	case Draft, Published, Retired, "":
		by.State = state
		page, err = p.LIDs.Owned(ctx, who, by)
	default:
		page, err = p.at(ctx, who, by, v.Step)
	}
	if len(page) > workPerPage {
		return page[:workPerPage], true, err
	}
	return page, false, err
}

// at finds LIDs that stand at a step, which only their documents tell.
func (p *Workplace) at(ctx context.Context, who simpul.Principal, by Selection, step string) (found []httpapi.Stored[Spec], err error) {
	most := by.Limit
	by.Limit = 200
	for range mostScanned / 200 {
		batch, err := p.LIDs.Owned(ctx, who, by)
		if err != nil {
			return nil, err
		}
		for _, l := range batch {
			if l.Spec.Step == step && len(found) < most {
				found = append(found, l)
			}
		}
		if len(batch) < by.Limit || len(found) == most {
			return found, nil
		}
		by.After = simpul.Address(batch[len(batch)-1].ID)
	}
	return found, nil
}

func (p *Workplace) works(ctx context.Context, who simpul.Principal, stored []httpapi.Stored[Spec]) (all []work, err error) {
	for _, l := range stored {
		v := work{Stored: l, Who: who, Owner: p.Agencies.Agency(ctx, l.Spec.Agency)}
		if read, err := contract.Parse(l.Spec.Contract); err == nil {
			v.Read = read
		}
		if !v.begun() {
			v.Bound = p.Finder.gauge.bound(v.address())
			if v.Stand, err = p.Road.Stand(ctx, who, v.address(), l.Spec); err != nil {
				return nil, err
			}
		}
		all = append(all, v)
	}
	return all, nil
}

func (p *Workplace) begunWorks(ctx context.Context, who simpul.Principal) ([]work, error) {
	stored, err := p.LIDs.Begun(ctx, who)
	if err != nil {
		return nil, err
	}
	return p.works(ctx, who, stored[:min(len(stored), workPerPage)])
}

// stepOptions are the filters of the list.
func (v workList) stepOptions(ctx context.Context) []web.Option {
	all := []web.Option{
		{Label: web.T(ctx, "Semua", "All")}, {Value: string(Draft), Label: web.T(ctx, "Rancangan", "Drafts")}, {Value: stepRegistering, Label: web.T(ctx, "Menunggu operator", "Waiting for the operator")},
		{Value: string(Published), Label: web.T(ctx, "Terbit", "Published")}, {Value: string(Retired), Label: web.T(ctx, "Pensiun", "Retired")},
	}
	known := false
	for i := range all {
		all[i].Selected = all[i].Value == v.Step
		known = known || all[i].Selected
	}
	if !known {
		all = append(all, web.Option{Value: v.Step, Label: v.Step, Selected: true})
	}
	return all
}
