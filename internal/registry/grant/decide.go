package grant

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// ActionApprove is the name of the act that needs a second person: to give
// access to a closed LID.
const ActionApprove = "grant.approve-closed"

// Decision is what a provider decides on a version of a request.
type Decision struct {
	Version   int    // that was read
	Verdict   State  // Approved, Returned or Refused
	Reason    string // needed to return or refuse; the requester reads it
	Terms     Terms  // what is given; where approved
	Agreement Agreement
}

// Decide decides on a request to an agency that the scope covers. Access to a
// closed LID is only put before a second person.
func (a *Access) Decide(ctx context.Context, p simpul.Principal, id string, d Decision) (Case, error) {
	var c Case
	err := a.change(ctx, p, p.Scope(), id, func(tx *sqldb.Tx, now *Case) (err error) {
		if err := mayDecide(p, *now); err != nil {
			return err
		}
		switch {
		case now.State != Submitted:
			return notNow(now.State)
		case now.Version != d.Version:
			return changedMeanwhile()
		}
		now.opened(p, a.now())
		if d.Verdict == Approved {
			err = a.give(ctx, tx, p, now, d)
		} else {
			err = a.turnDown(ctx, tx, p, now, d)
		}
		c = *now
		return err
	})
	return c, a.noted(ctx, p, id, err)
}

// mayDecide refuses whoever must not decide: anybody but the provider, the
// requester, and an agency on its own application where the LID is another's.
func mayDecide(p simpul.Principal, c Case) error {
	switch author := c.Latest(); {
	case p.IsHub():
		return nil
	case !p.Scope().Covers(c.Provider), c.Provider != c.Consumer() && p.Agency == c.Consumer():
		return notTheProvider(c.Provider)
	case sameAs(p, author):
		return ownRequest()
	}
	return p.Need(simpul.WriteGrants)
}

// sameAs reports whether the principal submitted the version.
func sameAs(p simpul.Principal, v Version) bool {
	return p.ID == v.Author || p.Account != "" && p.Account == v.AuthorAccount
}

func notTheProvider(provider simpul.AgencyID) error {
	return &simpul.Error{
		Code: simpul.CodeDenied, Owner: provider,
		Message: simpul.Text{ID: "Hanya penyedia yang memutuskan permohonan ini.", EN: "Only the provider decides on this request."},
		Remedy:  simpul.Text{ID: "Tunggu keputusan " + string(provider) + ", atau hubungi mereka.", EN: "Wait for the decision of " + string(provider) + ", or contact them."},
	}
}

func ownRequest() error {
	return &simpul.Error{
		Code:    simpul.CodeDenied,
		Message: simpul.Text{ID: "Anda sendiri yang mengajukan permohonan ini.", EN: "You made this request yourself."},
		Remedy:  simpul.Text{ID: "Minta rekan lain yang berwenang memutuskannya.", EN: "Ask a colleague who is entitled to decide on it."},
	}
}

func changedMeanwhile() error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "version",
		Message: simpul.Text{ID: "Pemohon sudah mengirim versi lain.", EN: "The requester has submitted another version."},
		Remedy:  simpul.Text{ID: "Muat ulang, baca versi yang baru, lalu putuskan.", EN: "Reload, read the new version, and decide then."},
	}
}

// turnDown returns or refuses.
func (a *Access) turnDown(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, c *Case, d Decision) (err error) {
	if d.Verdict != Returned && d.Verdict != Refused {
		return wrong("verdict", simpul.Text{ID: "Keputusan tidak dikenal.", EN: "The verdict is unknown."},
			simpul.Text{ID: "Gunakan approved, returned, atau refused.", EN: "Use approved, returned or refused."})
	}
	if d.Reason, err = reasoned(d.Reason); err != nil {
		return err
	}
	return a.conclude(ctx, tx, p, c, d, map[State]string{Returned: "request.return", Refused: "request.refuse"}[d.Verdict])
}

// give approves, or puts the approval before a second person.
func (a *Access) give(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, c *Case, d Decision) error {
	if err := a.allowed(ctx, *c, d); err != nil {
		return err
	}
	on, err := a.grants.catalogue.Subject(ctx, tx, c.LID)
	if err != nil {
		return simpul.At("lid", err)
	}
	d.Reason = strings.TrimSpace(d.Reason)
	if on.Class != simpul.Tertutup || p.IsHub() {
		return a.approve(ctx, tx, p, c, d)
	}
	if err := d.Agreement.check(a.now()); err != nil {
		return err
	}
	content, err := json.Marshal(waitingDecision{c.ID, c.LID, c.Application, d})
	if err != nil {
		return fmt.Errorf("encode decision: %w", err)
	}
	before, err := stateOf(c.Request)
	if err != nil {
		return err
	}
	if c.Proposal, err = a.proposals.Propose(ctx, tx, p, ActionApprove, c.ID, c.Provider, before, content, d.Reason); err != nil {
		return err
	}
	c.UpdatedAt = a.now()
	return saveRequest(ctx, tx, c.Request)
}

// allowed checks what is given against what was asked and what the LID allows.
func (a *Access) allowed(ctx context.Context, c Case, d Decision) error {
	if err := checkReason(d.Reason); err != nil {
		return err
	}
	offer, err := a.offers.Offer(ctx, c.LID)
	if err != nil {
		return simpul.At("lid", err)
	}
	if offer.Provider != c.Provider {
		return notTheProvider(offer.Provider)
	}
	if err := d.Terms.within(c.Latest().Ask.Terms); err != nil {
		return err
	}
	return d.Terms.check(offer, a.limits[offer.Class], a.now())
}

// checkReason lets an approval go without one.
func checkReason(text string) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	_, err := reasoned(text)
	return err
}

func (g Agreement) check(now time.Time) error {
	if err := checkWords("agreement.number", g.Number, 3, simpul.Text{ID: "Tulis nomor perjanjian yang mendasari akses ke LID tertutup.", EN: "Write the number of the agreement that access to a closed LID rests on."}); err != nil {
		return err
	}
	if date, err := time.Parse(time.DateOnly, g.Date); err != nil || date.After(now.Add(24*time.Hour)) {
		return wrong("agreement.date", simpul.Text{ID: "Tanggal perjanjian tidak sah.", EN: "The date of the agreement is not valid."},
			simpul.Text{ID: "Tulis tanggal perjanjian, paling lambat hari ini, misalnya 2026-11-02.", EN: "Write the date of the agreement, today at the latest, such as 2026-11-02."})
	}
	return nil
}

// approve writes the grant.
func (a *Access) approve(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, c *Case, d Decision) error {
	held, err := heldBy(ctx, tx, c.Latest().Ask)
	if err != nil {
		return err
	}
	id := held.ID
	if id == "" {
		id = newGrantID()
	}
	spec, from := c.Latest().Ask.spec(d.Terms, d.Agreement), origin{Request: c.ID, DecidedBy: p.ID}
	spec.Seldom = held.Spec.Seldom
	if held.takenByAPerson() { // to resume is an act of its own
		spec.Suspended, from.SuspendedBy = true, held.SuspendedBy
	}
	if _, err := putGrant(ctx, tx, id, spec, c.Provider, from, held.Times.UpdatedAt, a.now()); err != nil {
		return refusal(err, id, spec)
	}
	c.Grant = simpul.GrantID(id)
	d.Verdict = Approved
	return a.conclude(ctx, tx, p, c, d, "request.approve")
}

// conclude writes down what was decided, and tells who asked.
func (a *Access) conclude(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, c *Case, d Decision, action string) error {
	v := &c.Versions[0]
	v.Outcome, v.Reason, v.Given, v.Agreement, v.DecidedBy, v.DecidedAt = d.Verdict, d.Reason, d.Terms, d.Agreement, p.ID, a.now()
	if err := decideVersion(ctx, tx, c.ID, *v); err != nil {
		return err
	}
	c.State, c.UpdatedAt = d.Verdict, v.DecidedAt
	if err := saveRequest(ctx, tx, c.Request); err != nil {
		return err
	}
	e := trail.By(p, c.Provider, action, c.ID)
	e.Detail = string(c.Grant)
	return errors.Join(trail.Append(ctx, tx, e), a.notifier.Notify(ctx, tx, decided(*c)))
}

// noted keeps that a decision was refused to somebody who sees the request.
func (a *Access) noted(ctx context.Context, p simpul.Principal, id string, err error) error {
	if simpul.CodeOf(err) != simpul.CodeDenied {
		return err
	}
	noting := a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		r, err := getRequest(ctx, tx, id)
		if err != nil {
			return err
		}
		agency := r.Provider
		if !p.Scope().Covers(agency) {
			agency = r.Consumer()
		}
		e := trail.By(p, agency, "request.decide", id)
		e.Outcome = simpul.CodeDenied
		return trail.Append(ctx, tx, e)
	})
	return errors.Join(err, noting)
}

// waitingDecision is a decision that waits for a second person.
type waitingDecision struct {
	Request     string               `json:"request"`
	LID         simpul.Address       `json:"lid"`
	Application simpul.ApplicationID `json:"application"`
	Decision    Decision             `json:"decision"`
}

// stateOf is a request as a proposal remembers it: a decision on one that was
// decided, withdrawn or mended meanwhile is outdated.
func stateOf(r Request) ([]byte, error) {
	return json.Marshal(struct {
		ID      string `json:"id"`
		State   State  `json:"state"`
		Version int    `json:"version"`
	}{r.ID, r.State, r.Version})
}

// Present returns a request as a proposal remembers it, and keeps others from
// changing it until the transaction ends.
func (a *Access) Present(ctx context.Context, tx *sqldb.Tx, id string) ([]byte, error) {
	if err := holdRequest(ctx, tx, id); err != nil {
		return nil, err
	}
	r, err := getRequest(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	return stateOf(r)
}

// ApproveProposed writes the grant of a decision that a second person, who is
// not the requester either, has approved. first is who decided.
func (a *Access) ApproveProposed(ctx context.Context, tx *sqldb.Tx, content []byte, first, second simpul.Principal) error {
	var w waitingDecision
	if err := json.Unmarshal(content, &w); err != nil {
		return fmt.Errorf("decode proposed decision: %w", err)
	}
	c, err := a.find(ctx, tx, w.Request)
	if err != nil {
		return err
	}
	if sameAs(second, c.Latest()) {
		return ownRequest()
	}
	if c.State != Submitted || c.Version != w.Decision.Version {
		return changedMeanwhile()
	}
	if err := a.allowed(ctx, c, w.Decision); err != nil {
		return err
	}
	return a.approve(ctx, tx, first, &c, w.Decision)
}

// ShowProposed says what a decision that waits for a second person would give.
func ShowProposed(content []byte) ([]simpul.Text, error) {
	var w waitingDecision
	if err := json.Unmarshal(content, &w); err != nil || w.Request == "" {
		return nil, err
	}
	said := w.Decision.Terms.Sentences()
	if w.Decision.Agreement.Number != "" {
		said = append(said, w.Decision.Agreement.sentence())
	}
	head := simpul.Text{ID: string(w.Application) + " memanggil " + string(w.LID) + ".", EN: string(w.Application) + " calls " + string(w.LID) + "."}
	return append([]simpul.Text{head}, said...), nil
}
