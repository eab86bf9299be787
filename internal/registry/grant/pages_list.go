package grant

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"simpul"
	"simpul/internal/platform/web"
)

// listing is where a reader is in a list: its address, what they filter by, and
// which page of it they see.
type listing struct {
	Path  string
	Query url.Values
	Page  int // from 1
	Total int // entries that the filter lets through
}

// mostPages bounds how far somebody can page, since the database counts up to
// there.
const mostPages = 4000

func listingOf(r *http.Request, path string) listing {
	l := listing{Path: path, Query: r.URL.Query(), Page: 1}
	if n, err := strconv.Atoi(l.Query.Get("hal")); err == nil && n > 1 {
		l.Page = min(n, mostPages)
	}
	l.Query.Del("hal")
	return l
}

func (l listing) offset() int { return (l.Page - 1) * pageSize }

// filtered reports whether the reader looks for something.
func (l listing) filtered() bool { return l.Query.Get("lid") != "" || l.Query.Get("pihak") != "" }

// with is the address of the list with one value changed, from its first page.
func (l listing) with(name, value string) string {
	query := url.Values{}
	for key, values := range l.Query {
		query[key] = values
	}
	query.Set(name, value)
	if value == "" {
		query.Del(name)
	}
	if len(query) == 0 {
		return l.Path
	}
	return l.Path + "?" + query.Encode()
}

// without is the address of the list with no filter by words or by state.
func (l listing) without() string {
	bare := listing{Path: l.Path, Query: url.Values{}}
	if side := l.Query.Get("sisi"); side != "" {
		bare.Query.Set("sisi", side)
	}
	return bare.with("hal", "")
}

// pages leads through the list; next is empty on the last page.
func (l listing) pages(ctx context.Context) web.Pagination {
	first := l.offset() + 1
	last := min(l.Total, l.offset()+pageSize)
	p := web.Pagination{Count: web.Number(ctx, first) + "–" + web.Number(ctx, last) + web.T(ctx, " dari ", " of ") + web.Number(ctx, l.Total)}
	if l.Page > 1 {
		p.First = l.with("hal", "")
	}
	if last < l.Total && l.Page < mostPages {
		p.Next = l.with("hal", strconv.Itoa(l.Page+1))
	}
	return p
}

// choice is one value by which a list can be narrowed, and how many it has.
type choice struct {
	Value, Label string
	Count        int
}

// tabs are the lists that somebody can go to.
type tabs struct {
	Current  string
	National bool // the visitor acts for no agency, and sees what all ask and hold
	MayGive  bool
	Waiting  int // requests that wait for the visitor's agency
}

// requestsView is a list of requests.
type requestsView struct {
	listing
	tabs
	Requests []Request
	Counts   map[State]int
	State    State // of those shown; empty for all
	Grants   []Held
	Pins     map[string]pinView // of the grants that build on an earlier version
	MayAsk   bool
	Now      time.Time
	agency   func(context.Context, simpul.AgencyID) string
}

func (v requestsView) choices(ctx context.Context) []choice {
	all := choice{Label: web.T(ctx, "Semua", "All")}
	var each []choice
	for _, s := range States() {
		all.Count += v.Counts[s]
		each = append(each, choice{string(s), s.Name().In(web.Language(ctx)), v.Counts[s]})
	}
	return append([]choice{all}, each...)
}

// list shows what the visitor's agency asks for, and the newest of what it holds.
func (p *Pages) list(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	v, err := p.requests(r, who, ListPath, Filter{Consumer: who.Agency})
	if err == nil {
		v.Grants, err = p.Grants.Browse(r.Context(), who, GrantFilter{Consumer: who.Agency, Standing: Active}, 0, 3)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v.Pins = p.pinsOf(r.Context(), who, v.Grants...)
	web.Render(w, r, http.StatusOK, listPage(v))
}

// inbox shows what the visitor's agency is asked for.
func (p *Pages) inbox(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	v, err := p.requests(r, who, InboxPath, Filter{Provider: who.Agency})
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, inboxPage(v))
}

func (p *Pages) requests(r *http.Request, who simpul.Principal, path string, f Filter) (requestsView, error) {
	v := requestsView{listing: listingOf(r, path), MayAsk: who.Can(simpul.WriteApplications), Now: p.Now(), agency: p.Agency}
	v.State = State(v.Query.Get("status"))
	f.State, f.LID, f.Party = v.State, v.Query.Get("lid"), v.Query.Get("pihak")
	var err error
	if v.Requests, v.Counts, err = p.Access.Browse(r.Context(), who, f, v.offset(), pageSize); err != nil {
		return v, err
	}
	for state, n := range v.Counts {
		if v.State == "" || v.State == state {
			v.Total += n
		}
	}
	v.tabs, err = p.tabs(r.Context(), who, path)
	return v, err
}

func (p *Pages) tabs(ctx context.Context, who simpul.Principal, current string) (tabs, error) {
	t := tabs{Current: current, National: who.Agency == "", MayGive: who.Can(simpul.WriteGrants)}
	if !t.MayGive || t.National {
		return t, nil
	}
	_, counts, err := p.Access.Browse(ctx, who, Filter{Provider: who.Agency}, 0, 1)
	t.Waiting = counts[Submitted]
	return t, err
}
