package app

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/lifecycle"
	"simpul/internal/registry/maturity"
	"simpul/internal/registry/signin"
	"simpul/internal/registry/standard"
)

// openMaturity builds the room of evidence reports.
func (h *Hub) openMaturity() {
	h.Maturity = maturity.New(h.db, maturity.Sources{
		Registry: assessed{h}, Ledger: doings{h}, Shelf: norms{h}, Hub: h.called,
	}, clock.System)
}

// called names this hub for readers outside of it.
func (h *Hub) called() string {
	at := strings.TrimPrefix(strings.TrimPrefix(h.portal, "https://"), "http://")
	if at == "" {
		return "Simpul"
	}
	return "Simpul, " + at
}

func (h *Hub) maturityAPI(api *httpapi.API) { maturity.Register(api, h.Maturity) }

func (h *Hub) maturityPages(mux *http.ServeMux, names *roster) {
	agencies := func(ctx context.Context) (all []maturity.Agency) {
		for _, a := range names.today(ctx).sorted {
			all = append(all, maturity.Agency{ID: simpul.AgencyID(a.ID), Name: a.Spec.Name, Level: string(a.Spec.Level), Region: a.Spec.Region})
		}
		return all
	}
	maturity.NewPages(h.Maturity, agencies, signin.Gate()).Register(mux)
}

// assessed tells of an agency and its LIDs.
type assessed struct{ hub *Hub }

func (a assessed) Agency(ctx context.Context, p simpul.Principal, id simpul.AgencyID) (maturity.Agency, maturity.Approval, error) {
	stored, err := a.hub.Agencies.Get(ctx, p, string(id))
	if err != nil {
		return maturity.Agency{}, maturity.Approval{}, err
	}
	found := maturity.Agency{ID: id, Name: stored.Spec.Name, Level: string(stored.Spec.Level), Region: stored.Spec.Region}
	at, err := a.hub.Agencies.Approval(ctx, p, string(id))
	if err != nil {
		return found, maturity.Approval{}, err
	}
	approval := maturity.Approval{
		Standing: string(at.Standing), Letter: at.LetterNumber, LetterDate: at.LetterDate, DecidedAt: known(at.DecidedAt),
		Suspended: stored.Spec.Suspended || !at.Suspension.Since.IsZero(),
	}
	_, versions, _, err := a.hub.Onboarding.OfAgency(ctx, p, id)
	for _, v := range versions { // newest first
		if v.Outcome == "accepted" {
			approval.FormVersion, approval.FormAt = v.Number, known(v.DecidedAt)
			break
		}
	}
	return found, approval, err
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func (a assessed) LIDs(ctx context.Context, scope simpul.Scope, id simpul.AgencyID) (all []maturity.LID, err error) {
	stored, err := a.hub.LIDs.OfAgency(ctx, scope, id)
	if err != nil {
		return nil, err
	}
	scores := a.hub.finder.Scores(id)
	for _, s := range stored {
		l := maturity.LID{
			Address: simpul.Address(s.ID), Title: s.Spec.Title, Class: s.Spec.Class, Version: s.Spec.Version, State: string(s.Spec.State),
			Live: s.Spec.State.Live(), Since: s.Times.CreatedAt, Updated: s.Times.UpdatedAt,
		}
		if score, ok := scores[l.Address]; ok {
			l.Score = &score
		}
		if l.Registered, l.Evaluated, err = a.milestones(ctx, scope, l.Address); err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

// stepEvaluating is the step of the first life cycle in which a LID is reviewed.
const stepEvaluating = "evaluating"

// milestones are when a LID came into the catalogue, and when its last review
// ended; nil where its course does not know.
func (a assessed) milestones(ctx context.Context, scope simpul.Scope, address simpul.Address) (registered, evaluated *time.Time, err error) {
	entries, err := a.hub.Lifecycle.Timeline(ctx, scope, address)
	for _, e := range entries {
		switch {
		case e.Phase == lifecycle.Coming || e.Since.IsZero():
		case registered == nil && e.Step.State.Live():
			registered = &e.Since
		case e.Step.Code == stepEvaluating && e.Phase == lifecycle.Done:
			evaluated = &e.Until
		}
	}
	return registered, evaluated, err
}

// doings tells of grants and exchanges.
type doings struct{ hub *Hub }

func (l doings) Grants(ctx context.Context, scope simpul.Scope, id simpul.AgencyID) (maturity.Grants, error) {
	given, held, err := l.hub.Grants.Tallies(ctx, scope, id)
	return maturity.Grants{Given: maturity.Tally(given), Held: maturity.Tally(held)}, err
}

func (l doings) Counts(ctx context.Context, scope simpul.Scope, id simpul.AgencyID, from, until time.Time) (all []maturity.Count, err error) {
	counts, err := l.hub.Exchanges.CountByLID(ctx, scope, id, from, until)
	for _, c := range counts {
		side := maturity.Called
		if c.Provided {
			side = maturity.Provided
		}
		all = append(all, maturity.Count{LID: c.Address, Side: side, Sum: maturity.Sum{Ended: c.Sealed, Delivered: c.Delivered}})
	}
	return all, err
}

func (l doings) Samples(ctx context.Context, scope simpul.Scope, id simpul.AgencyID, from, until time.Time, most int) (all []maturity.Sample, err error) {
	newest, _, err := l.hub.Exchanges.List(ctx, scope, evidence.Filter{Outcome: evidence.Delivered, Since: from, Until: until}, most, "")
	for _, x := range newest {
		side := maturity.Called
		if x.Exchange.Provider == id {
			side = maturity.Provided
		}
		all = append(all, maturity.Sample{ID: x.Exchange.ID, At: x.Exchange.OpenedAt, LID: x.Exchange.Address, Side: side})
	}
	return all, err
}

func (l doings) Kept(ctx context.Context) (time.Time, error) {
	at, err := l.hub.Exchanges.Floor(ctx)
	if at.Unix() <= 0 {
		return time.Time{}, err
	}
	return at.UTC(), err
}

// norms tells which standards and lists an agency keeps and follows.
type norms struct{ hub *Hub }

func (n norms) Norms(ctx context.Context, scope simpul.Scope, id simpul.AgencyID) (maturity.Norms, error) {
	c, err := n.hub.Standards.Contribution(ctx, scope, id)
	var found maturity.Norms
	for _, s := range c.Standards {
		found.Authored = append(found.Authored, maturity.Authored{Kind: "standard", ID: string(s.ID), Title: s.Spec.Name})
	}
	for _, l := range c.Lists {
		found.Authored = append(found.Authored, maturity.Authored{Kind: "list", ID: l.ID, Title: l.Spec.Title.ID})
	}
	found.Followed, found.Forms = followed(c.Uses), formCounts(c.Forms)
	return found, err
}

// followed adds up bindings by what they bind to.
func followed(uses []standard.Use) (all []maturity.Followed) {
	type key struct{ kind, id string }
	fields, lids := map[key]int{}, map[key]map[simpul.Address]bool{}
	note := func(k key, lid simpul.Address) {
		if k.id == "" {
			return
		}
		if lids[k] == nil {
			lids[k] = map[simpul.Address]bool{}
		}
		fields[k]++
		lids[k][lid] = true
	}
	for _, u := range uses {
		note(key{"standard", string(u.Standard)}, u.LID)
		note(key{"list", string(u.List)}, u.LID)
	}
	for k, n := range fields {
		all = append(all, maturity.Followed{Kind: k.kind, ID: k.id, Fields: n, LIDs: len(lids[k])})
	}
	slices.SortFunc(all, func(a, b maturity.Followed) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) })
	return all
}

// formCounts puts the states of each form together.
func formCounts(counts []standard.FormCount) (all []maturity.FormCount) {
	for _, c := range counts { // sorted by form
		if n := len(all); n == 0 || all[n-1].Form != string(c.Form) {
			all = append(all, maturity.FormCount{Form: string(c.Form)})
		}
		last := &all[len(all)-1]
		switch c.State {
		case standard.MetadataApproved:
			last.Approved = c.Forms
		case standard.MetadataSubmitted:
			last.Submitted = c.Forms
		default:
			last.Draft = c.Forms
		}
	}
	return all
}
