package catalog

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/platform/web"
	"simpul/internal/registry/catalog/contract/compare"
)

// RevisionsPath returns where the revisions of a LID are listed.
func RevisionsPath(a simpul.Address) string { return PagePath(a) + "/revisi" }

// ComparePath returns where two revisions are compared.
func ComparePath(a simpul.Address, from, to int64) string {
	return RevisionsPath(a) + "/banding?" + url.Values{"dari": {strconv.FormatInt(from, 10)}, "ke": {strconv.FormatInt(to, 10)}}.Encode()
}

// RevisionPages are the screens of what LIDs were. Everybody sees what was
// published; who is signed in as well what their agency alone may see.
type RevisionPages struct {
	service  *Service
	agencies Agencies
	visitor  func(context.Context) (simpul.Principal, bool)
}

// NewRevisionPages returns the screens; visitor tells who is signed in.
func NewRevisionPages(service *Service, agencies Agencies, visitor func(context.Context) (simpul.Principal, bool)) *RevisionPages {
	return &RevisionPages{service, agencies, visitor}
}

// Register puts the screens on the mux.
func (p *RevisionPages) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET "+ListPath+"/{group}/{name}/revisi", p.list)
	mux.HandleFunc("GET "+ListPath+"/{group}/{name}/revisi/banding", p.compare)
}

// reader is who looks: somebody who may read LIDs, or the public.
func (p *RevisionPages) reader(w http.ResponseWriter, r *http.Request) simpul.Principal {
	who, ok := p.visitor(r.Context())
	if !ok || !who.Can(simpul.ReadLIDs) {
		return simpul.Principal{}
	}
	w.Header().Set("Cache-Control", "no-store")
	return who
}

const revisionsOnPage = 20

// historyView is a page of the list.
type historyView struct {
	Address simpul.Address
	Newest  Revision // of this page, with its spec
	Owner   Agency
	Steps   []Step
	Later   bool   // there are newer ones on a page before
	Next    string // address of the page of older ones; "" for none
	Mine    bool   // the reader sees all there is
}

func (p *RevisionPages) list(w http.ResponseWriter, r *http.Request) {
	who, id := p.reader(w, r), addressOf(r)
	before := number(r, "sebelum", math.MaxInt64)
	steps, err := p.service.History(r.Context(), who, id, before, revisionsOnPage)
	if err == nil && len(steps) == 0 {
		err = simpul.NotFound(kindLID, id)
	}
	v := historyView{Address: simpul.Address(id), Steps: steps, Later: before != math.MaxInt64}
	if err == nil {
		v.Newest, err = p.service.Revision(r.Context(), who, id, steps[0].Number)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	if last := steps[len(steps)-1]; !last.First {
		v.Next = RevisionsPath(v.Address) + "?sebelum=" + strconv.FormatInt(last.Number, 10)
	}
	v.Owner, v.Mine = p.agencies.Agency(r.Context(), v.Newest.Agency), who.Scope().Covers(v.Newest.Agency)
	web.Render(w, r, http.StatusOK, historyPage(v))
}

func (p *RevisionPages) compare(w http.ResponseWriter, r *http.Request) {
	who, id := p.reader(w, r), addressOf(r)
	from, to := number(r, "dari", 0), number(r, "ke", 0)
	if from > to && to != 0 {
		from, to = to, from
	}
	c, err := p.service.Diff(r.Context(), who, id, from, to)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, comparePage(compareView{c, p.agencies.Agency(r.Context(), c.To.Agency)}))
}

func addressOf(r *http.Request) string { return r.PathValue("group") + "/" + r.PathValue("name") }

// number reads a number of the query; whatever is none is the usual one.
func number(r *http.Request, name string, usual int64) int64 {
	n, err := strconv.ParseInt(r.URL.Query().Get(name), 10, 64)
	if err != nil || n <= 0 {
		return usual
	}
	return n
}

// compareView is two revisions side by side.
type compareView struct {
	Changes
	Owner Agency
}

// group is the differences of one operation.
type group struct {
	Operation string
	Changes   []compare.Difference
}

// groups parts the differences by operation, in their order.
func (v compareView) groups() (all []group) {
	for _, d := range v.Contract.Differences {
		if n := len(all); n == 0 || all[n-1].Operation != d.Operation {
			all = append(all, group{Operation: d.Operation})
		}
		last := &all[len(all)-1]
		last.Changes = append(last.Changes, d)
	}
	return all
}

// within is where in its operation a difference is; "" for all of it.
func within(d compare.Difference) string {
	return strings.TrimPrefix(strings.TrimPrefix(d.Place, d.Operation), " → ")
}

func stateName(ctx context.Context, s State) string {
	switch s {
	case Draft:
		return web.T(ctx, "Rancangan", "Draft")
	case Published:
		return web.T(ctx, "Terbit", "Published")
	case Retired:
		return web.T(ctx, "Pensiun", "Retired")
	case "deprecated":
		return web.T(ctx, "Akan diakhiri", "Deprecated")
	}
	return string(s)
}

func stateTone(s State) web.Tone {
	switch s {
	case Published:
		return web.Good
	case "deprecated":
		return web.Caution
	}
	return web.Neutral
}

// author is who made a revision: to the owner the account, to others the agency.
func author(v historyView, r Revision) string {
	if !v.Mine {
		return v.Owner.Name
	}
	return r.Author
}

// capital writes words as the beginning of a sentence.
func capital(words string) string {
	return strings.ToUpper(words[:min(1, len(words))]) + words[min(1, len(words)):]
}
