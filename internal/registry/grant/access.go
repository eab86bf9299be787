package grant

import (
	"context"
	"errors"
	"strings"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Offers is what requests need of the catalogue.
type Offers interface {
	// Offer returns what a published LID offers; any other LID is not found.
	Offer(ctx context.Context, address simpul.Address) (Offer, error)
}

// Sealer seals what only the hub itself may read, for its place in the database.
type Sealer interface {
	Seal(plaintext []byte, table, row, column string) ([]byte, error)
	Open(sealed []byte, table, row, column string) ([]byte, error)
}

// Notifier tells people, in the transaction of what it tells of.
type Notifier interface {
	Notify(ctx context.Context, tx *sqldb.Tx, n simpul.Notice) error
}

// Proposer puts before a second person what one alone must not do.
type Proposer interface {
	// Propose stores the proposal within the transaction and returns its ID.
	Propose(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, action, subject string, agency simpul.AgencyID, before, content []byte, why string) (id string, err error)
}

// AccessConfig is what the use cases on requests need.
type AccessConfig struct {
	DB        *sqldb.DB
	Grants    *Service // that requests lead to
	Offers    Offers
	Sealer    Sealer
	Notifier  Notifier
	Proposals Proposer
	Deadlines Deadlines
	Limits    Limits
	Disuse    Disuse
	Now       clock.Clock
}

// Access is the use cases on requests for access, and on what becomes of the
// grants that they led to.
type Access struct {
	db        *sqldb.DB
	grants    *Service
	offers    Offers
	store     requests
	notifier  Notifier
	proposals Proposer
	deadlines Deadlines
	limits    Limits
	disuse    Disuse
	now       clock.Clock
}

// NewAccess returns the use cases.
func NewAccess(c AccessConfig) *Access {
	return &Access{c.DB, c.Grants, c.Offers, requests{c.Sealer}, c.Notifier, c.Proposals, c.Deadlines, c.Limits, c.Disuse, c.Now}
}

// Offer returns what a published LID offers.
func (a *Access) Offer(ctx context.Context, address simpul.Address) (Offer, error) {
	return a.offers.Offer(ctx, address)
}

// Submit asks for access. A LID of the open class is granted at once, within
// what anybody may have; for any other the provider is told.
func (a *Access) Submit(ctx context.Context, p simpul.Principal, ask Ask) (Case, error) {
	offer, err := a.checked(ctx, p, ask)
	if err != nil {
		return Case{}, err
	}
	now := a.now()
	c := Case{Request: Request{
		ID: newRequestID(now), LID: ask.LID, Provider: offer.Provider, Application: ask.Application, Class: offer.Class, State: Submitted,
		Version: 1, CreatedAt: now,
	}}
	c.waitFrom(now, a.deadlines)
	err = a.db.Write(ctx, acting(p, offer), func(tx *sqldb.Tx) error {
		held, err := heldBy(ctx, tx, ask)
		if err != nil {
			return err
		}
		c.Renews = simpul.GrantID(held.ID)
		if err := insertRequest(ctx, tx, c.Request); err != nil {
			return err
		}
		return a.handIn(ctx, tx, p, &c, ask, held)
	})
	return c, submission(err, ask)
}

// heldBy is the grant that the application has already, which nobody else of the
// provider changes until the transaction ends; zero for none.
func heldBy(ctx context.Context, tx *sqldb.Tx, ask Ask) (row, error) {
	held, err := grantOfPair(ctx, tx, ask.Application, ask.LID)
	if err == nil {
		err = holdGrant(ctx, tx, held.ID)
	}
	if err == nil {
		held, err = grantOfPair(ctx, tx, ask.Application, ask.LID)
	}
	_, err = sqldb.Exists(held, err)
	return held, err
}

// checked finds what keeps somebody from asking.
func (a *Access) checked(ctx context.Context, p simpul.Principal, ask Ask) (Offer, error) {
	if _, err := simpul.ParseApplicationID(string(ask.Application)); err != nil {
		return Offer{}, simpul.At("application", err)
	}
	if !p.Scope().Covers(ask.Application.Agency()) {
		return Offer{}, noApplication(ask)
	}
	if _, err := simpul.ParseAddress(string(ask.LID)); err != nil {
		return Offer{}, simpul.At("lid", err)
	}
	offer, err := a.offers.Offer(ctx, ask.LID)
	if err != nil {
		return Offer{}, simpul.At("lid", err)
	}
	return offer, ask.check(offer, a.limits[offer.Class], a.now())
}

// acting is the scope of a submission: the hub's where it may decide by itself.
func acting(p simpul.Principal, o Offer) simpul.Scope {
	if o.Class == simpul.Terbuka {
		return simpul.NationScope()
	}
	return p.Scope()
}

// handIn stores the version of a case that is new, and decides or asks for a
// decision. held is the grant that the application has already, if any.
func (a *Access) handIn(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, c *Case, ask Ask, held row) error {
	v := Version{Number: c.Version, Ask: ask, Author: p.ID, AuthorAccount: p.Account, SubmittedAt: c.SubmittedAt}
	if err := a.store.insertVersion(ctx, tx, c.ID, v); err != nil {
		return err
	}
	c.Versions = append([]Version{v}, c.Versions...)
	if err := trail.Append(ctx, tx, trail.By(p, c.Consumer(), "request.submit", c.ID)); err != nil {
		return err
	}
	alone, err := a.decidesItself(ctx, tx, c.Request, ask.Terms, held)
	if err != nil {
		return err
	}
	if alone {
		return a.approve(ctx, tx, simpul.TheHub(), c, Decision{Verdict: Approved, Terms: ask.Terms})
	}
	return a.notifier.Notify(ctx, tx, waiting(*c))
}

// decidesItself reports whether the hub grants a request by itself: the class is
// open, the rate is what anybody may have, and no provider has decided otherwise
// on the pair before, by ending, suspending or narrowing a grant. What the hub
// itself suspended for want of use it may give back.
func (a *Access) decidesItself(ctx context.Context, tx *sqldb.Tx, r Request, asked Terms, held row) (bool, error) {
	if r.Class != simpul.Terbuka || asked.RatePerMinute > openRate {
		return false, nil
	}
	on, err := a.grants.catalogue.Subject(ctx, tx, r.LID)
	if err != nil || on.Class != simpul.Terbuka {
		return false, err
	}
	if held.ID != "" {
		before := held.Spec.terms()
		before.From, before.Until = nil, nil
		return !held.takenByAPerson() && asked.within(before) == nil, nil
	}
	ended, err := wasEnded(ctx, tx, r.Application, r.LID)
	return !ended, err
}

// takenByAPerson reports whether somebody, and not the hub, suspended the grant.
func (r row) takenByAPerson() bool {
	return r.Spec.Suspended && r.SuspendedBy != simpul.TheHub().ID
}

// noApplication is said of an application that is not there and of another
// agency's in the same words.
func noApplication(ask Ask) error {
	return simpul.Invalid("application",
		simpul.Text{ID: "Instansi Anda tidak memiliki aplikasi " + string(ask.Application) + ".", EN: "Your agency has no application " + string(ask.Application) + "."},
		simpul.Text{ID: "Pilih salah satu aplikasi instansi Anda, atau daftarkan dahulu.", EN: "Choose one of your agency's applications, or register it first."})
}

func submission(err error, ask Ask) error {
	switch {
	case errors.Is(err, sqldb.ErrReference):
		return noApplication(ask)
	case errors.Is(err, sqldb.ErrDuplicate):
		return &simpul.Error{
			Code: simpul.CodeConflict, Place: "lid", Err: err,
			Message: simpul.Text{ID: "Aplikasi ini sudah punya permohonan yang belum selesai untuk " + string(ask.LID) + ".", EN: "This application has a request for " + string(ask.LID) + " already that is not finished."},
			Remedy:  simpul.Text{ID: "Tunggu keputusannya, perbaiki, atau tarik permohonan itu.", EN: "Wait for its decision, mend it, or withdraw it."},
		}
	}
	return err
}

// Mend submits a request that was returned once more, changed. Its LID and its
// application stay.
func (a *Access) Mend(ctx context.Context, p simpul.Principal, id string, ask Ask) (Case, error) {
	before, err := a.Get(ctx, p, id)
	if err != nil {
		return Case{}, err
	}
	ask.LID, ask.Application = before.LID, before.Application
	offer, err := a.checked(ctx, p, ask)
	if err != nil {
		return Case{}, err
	}
	var c Case
	err = a.change(ctx, p, acting(p, offer), id, func(tx *sqldb.Tx, now *Case) error {
		if now.State != Returned {
			return notNow(now.State)
		}
		held, err := heldBy(ctx, tx, ask)
		if err != nil {
			return err
		}
		now.State, now.Version, now.Class = Submitted, now.Version+1, offer.Class
		now.waitFrom(a.now(), a.deadlines)
		if err := saveRequest(ctx, tx, now.Request); err != nil {
			return err
		}
		err = a.handIn(ctx, tx, p, now, ask, held)
		c = *now
		return err
	})
	return c, err
}

// Withdraw ends a request of one's own agency.
func (a *Access) Withdraw(ctx context.Context, p simpul.Principal, id string) (Case, error) {
	var c Case
	err := a.change(ctx, p, p.Scope(), id, func(tx *sqldb.Tx, now *Case) error {
		switch {
		case !p.Scope().Covers(now.Consumer()):
			return notYours()
		case !now.State.open():
			return notNow(now.State)
		}
		now.State, now.UpdatedAt = Withdrawn, a.now()
		c = *now
		if err := saveRequest(ctx, tx, now.Request); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, now.Consumer(), "request.withdraw", id))
	})
	return c, err
}

func notYours() error {
	return &simpul.Error{
		Code:    simpul.CodeDenied,
		Message: simpul.Text{ID: "Permohonan ini bukan milik instansi Anda.", EN: "This request is not your agency's."},
		Remedy:  simpul.Text{ID: "Penyedia memutuskan permohonan; pemohon yang menariknya.", EN: "The provider decides on a request; who asked withdraws it."},
	}
}

// change carries out a change of a request that the principal sees, after those
// that others are making.
func (a *Access) change(ctx context.Context, p simpul.Principal, scope simpul.Scope, id string, edit func(*sqldb.Tx, *Case) error) error {
	err := a.db.Write(ctx, scope, func(tx *sqldb.Tx) error {
		if err := holdRequest(ctx, tx, id); err != nil {
			return err
		}
		c, err := a.find(ctx, tx, id)
		if err != nil {
			return err
		}
		if !p.Scope().Covers(c.Provider) && !p.Scope().Covers(c.Consumer()) {
			return sqldb.ErrNoRows
		}
		return edit(tx, &c)
	})
	return sqldb.Coded(err, kindRequest, id)
}

func (a *Access) find(ctx context.Context, tx *sqldb.Tx, id string) (c Case, err error) {
	if c.Request, err = getRequest(ctx, tx, id); err != nil {
		return c, err
	}
	c.Versions, err = a.store.versions(ctx, tx, id)
	return c, err
}

// Get returns a request that the scope made or was made to.
func (a *Access) Get(ctx context.Context, p simpul.Principal, id string) (c Case, err error) {
	err = a.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		c, err = a.find(ctx, tx, id)
		return err
	})
	return c, sqldb.Coded(err, kindRequest, id)
}

// List returns the requests that the scope made or was made to, the oldest
// first.
func (a *Access) List(ctx context.Context, p simpul.Principal, f Filter, page httpapi.Page) (all []Request, err error) {
	err = a.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = listRequests(ctx, tx, f, page)
		return err
	})
	return all, err
}

// Lapse ends requests that nobody acted on for a month after they were due, and
// tells who asked.
func (a *Access) Lapse(ctx context.Context) error {
	now := a.now()
	return a.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		late, err := neglected(ctx, tx, now.AddDate(0, 0, -30))
		for _, r := range late {
			c, ferr := a.find(ctx, tx, r.ID)
			if ferr != nil {
				return ferr
			}
			c.State, c.UpdatedAt = Lapsed, now
			err = errors.Join(err, saveRequest(ctx, tx, c.Request), a.notifier.Notify(ctx, tx, decided(c)),
				trail.Append(ctx, tx, trail.Event{Agency: r.Consumer(), Actor: trail.Hub, Action: "request.lapse", Subject: r.ID}))
		}
		return err
	})
}

// reasoned checks what a person wrote as a reason, and takes the white space
// around it off.
func reasoned(text string) (string, error) {
	text = strings.TrimSpace(text)
	return text, checkWords("reason", text, 5, simpul.Text{ID: "Tulis alasannya dalam satu atau dua kalimat; pemohon membacanya.", EN: "Write the reason in a sentence or two; who asked reads it."})
}
