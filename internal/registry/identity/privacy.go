package identity

import (
	"context"
	"slices"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// trailPage is how many events of the trail are read at a time.
const trailPage = 500

// Dossier is all that the hub knows of a person (UU 27/2022 articles 5 and 7).
type Dossier struct {
	Account     Account
	Invitations []Issued
	Emergencies []Emergency
	Events      []trail.Event  // that concern the person, or that they caused; oldest first
	SignIn      map[string]any // how they sign in
	Inbox       map[string]any // what the hub wrote to them
}

// Export returns what the hub knows of a person, to themselves or to whoever has
// the permission. That somebody asked for it is an event too.
func (s *Service) Export(ctx context.Context, p simpul.Principal, id string) (d Dossier, err error) {
	account := simpul.AccountID(id)
	if p.Account != account {
		if err := p.Need(simpul.ExportPeople); err != nil {
			return Dossier{}, s.note(ctx, attempt{p, id, "account.export", account}, err)
		}
	}
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if d, err = s.dossier(ctx, tx, account); err != nil {
			return err
		}
		return s.record(ctx, tx, about(p, account, "account.export", ""))
	})
	return d, sqldb.Coded(err, kindAccount, id)
}

func (s *Service) dossier(ctx context.Context, tx *sqldb.Tx, id simpul.AccountID) (d Dossier, err error) {
	if d.Account, err = s.account(ctx, tx, id); err != nil {
		return d, err
	}
	if d.Invitations, err = invitationsOf(ctx, tx, id); err != nil {
		return d, err
	}
	if d.Emergencies, err = listEmergencies(ctx, tx, id, "", everything); err != nil {
		return d, err
	}
	for i := range d.Emergencies {
		if d.Emergencies[i], err = s.openReason(d.Emergencies[i]); err != nil {
			return d, err
		}
	}
	if d.Events, err = eventsOf(ctx, tx, id); err != nil {
		return d, err
	}
	if d.SignIn, err = s.others.Access.Facts(ctx, tx, id); err != nil {
		return d, err
	}
	d.Inbox, err = s.others.Inbox.Facts(ctx, tx, id)
	return d, err
}

// everything is a limit that no person's rows reach.
const everything = 1_000_000

// eventsOf reads the events about a person and those that they caused, each
// once.
func eventsOf(ctx context.Context, tx *sqldb.Tx, id simpul.AccountID) ([]trail.Event, error) {
	events := []trail.Event{}
	for _, filter := range []trail.Filter{{Account: id}, {Actor: string(id)}} {
		for before := int64(0); ; {
			page, err := trail.List(ctx, tx, filter, before, trailPage)
			if err != nil {
				return nil, err
			}
			events = append(events, page...)
			if len(page) < trailPage {
				break
			}
			before = page[len(page)-1].Seq
		}
	}
	slices.SortFunc(events, func(a, b trail.Event) int { return int(a.Seq - b.Seq) })
	return slices.CompactFunc(events, func(a, b trail.Event) bool { return a.Seq == b.Seq }), nil
}

// Erase destroys what is known of a person whose account is closed. Its name
// stays in the audit trail, as a pseudonym. While nobody else administers the
// agency, the hub keeps knowing who last did.
func (s *Service) Erase(ctx context.Context, p simpul.Principal, id string) error {
	account := simpul.AccountID(id)
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := p.Need(simpul.ErasePeople); err != nil {
			return err
		}
		if err := s.erasable(ctx, tx, p, account); err != nil {
			return err
		}
		if err := changing(ctx, tx, revisionAccount, id); err != nil {
			return err
		}
		if err := s.others.Access.Forget(ctx, tx, account); err != nil {
			return err
		}
		if err := s.others.Inbox.Forget(ctx, tx, account); err != nil {
			return err
		}
		if err := eraseAccount(ctx, tx, account, s.now().Truncate(time.Millisecond)); err != nil {
			return err
		}
		return s.record(ctx, tx, about(p, account, "account.erase", ""))
	})
	return s.note(ctx, attempt{p, id, "account.erase", account}, sqldb.Coded(err, kindAccount, id))
}

func (s *Service) erasable(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, id simpul.AccountID) error {
	a, err := getAccount(ctx, tx, id)
	if err != nil {
		return err
	}
	if a.State != Closed || !a.Erased.IsZero() {
		return closedFirst()
	}
	by, err := s.actor(ctx, tx, p)
	if err != nil {
		return err
	}
	last, err := isLastAdmin(ctx, tx, a.Account, by.roles)
	if err != nil || last {
		return orElse(err, successorFirst())
	}
	return nil
}

func closedFirst() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Hanya akun yang sudah ditutup, dan belum dihapus datanya, yang dapat dihapus datanya.", EN: "Only an account that is closed, and not yet erased, can be erased."},
		Remedy:  simpul.Text{ID: "Minta admin instansi menutup akun itu dahulu.", EN: "First ask the agency's administrator to close the account."},
	}
}

func successorFirst() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Orang ini admin terakhir instansinya.", EN: "This person was the last administrator of their agency."},
		Remedy:  simpul.Text{ID: "Tunggu sampai instansi itu mempunyai admin aktif lain.", EN: "Wait until the agency has another active administrator."},
	}
}
