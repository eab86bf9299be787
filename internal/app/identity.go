package app

import (
	"context"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/identity"
	"simpul/internal/registry/signin"
)

// people gives the identity room what it asks of others.
func (h *Hub) people() identity.Others {
	return identity.Others{
		Agencies: agencyNames{h.Agencies},
		Sealer:   h.personalSealer(),
		Mailer:   h.Notices,
		Notifier: h.Notices,
		Access:   signIns{h},
		Inbox:    h.Notices,
	}
}

// peoplePages are the screens about people, roles and emergency access.
func (h *Hub) peoplePages(names *roster) *identity.PeoplePages {
	agencyName := func(ctx context.Context, id simpul.AgencyID) string { return names.today(ctx).name(id) }
	return identity.NewPeoplePages(h.Identity, signin.Gate(), agencyName, clock.System)
}

// tendPeople notes what ends by itself, until ctx ends.
func (h *Hub) tendPeople(ctx context.Context) {
	h.Identity.Run(ctx, func(err error) { h.log.Error("accounts are not tended", "error", err) })
}

// digester seals, and finds what is sealed again.
type digester struct{ sealer }

func (h *Hub) personalSealer() digester { return digester{sealer{h.vault}} }

func (d digester) Digest(value, purpose string) (string, error) {
	return d.vault.Digest(value, purpose)
}

// agencyNames knows which agencies there are.
type agencyNames struct{ agencies *agency.Agencies }

func (a agencyNames) Name(ctx context.Context, id simpul.AgencyID) (string, error) {
	stored, err := a.agencies.Get(ctx, simpul.Principal{}, string(id))
	return stored.Spec.Name, err
}

// staff knows who holds what and where their letters go. It is asked long after
// the hub is built, so it may be given to rooms that are built before identity.
type staff struct{ hub *Hub }

func (s staff) Holders(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID, permission simpul.Permission) ([]simpul.AccountID, error) {
	return s.hub.Identity.Holders(ctx, tx, agency, permission)
}

func (s staff) Address(ctx context.Context, _ *sqldb.Tx, id simpul.AccountID) (email, name string, language simpul.Language, err error) {
	person, err := s.hub.Identity.Person(ctx, id)
	if err == nil && person.State != identity.Active {
		err = simpul.NotFound(simpul.Text{ID: "Akun", EN: "Account"}, string(id))
	}
	return person.Email, person.Name, person.Language, err
}
