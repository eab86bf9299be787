package app

import (
	"context"
	"strings"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/identity"
	"simpul/internal/registry/signin"
)

// hashesAtOnce bounds the memory that signing in with passwords takes: 19 MiB
// for each.
const hashesAtOnce = 4

// newSignIn connects signing in with the accounts, the vault and the inbox.
func (h *Hub) newSignIn() *signin.Service {
	limits := signin.Limits{Idle: h.config.Session.Idle, Absolute: h.config.Session.Absolute}
	return signin.New(h.db, people{h.Identity}, unnotified{}, digestingSealer{sealer{h.vault}}, signin.NewArgon2id(hashesAtOnce), limits, clock.System, h.log)
}

func (h *Hub) signInPages() *signin.Pages {
	return signin.NewPages(h.SignIn, strings.HasPrefix(h.config.Control.URL, "https://"), h.log)
}

// digestingSealer also finds what is not stored.
type digestingSealer struct{ sealer }

func (s digestingSealer) Digest(value, purpose string) (string, error) {
	return s.vault.Digest(value, purpose)
}

// unnotified tells nobody, as long as there is no inbox.
type unnotified struct{}

func (unnotified) Notify(context.Context, *sqldb.Tx, simpul.Notice) error { return nil }

// people tells the sign-in room who has an account or a token. There are tokens
// only.
type people struct{ tokens *identity.Service }

func (people) Person(context.Context, simpul.AccountID) (signin.Person, error) {
	return signin.Person{}, noAccount()
}

func (people) PrincipalOf(context.Context, simpul.AccountID) (simpul.Principal, error) {
	return simpul.Principal{}, noAccount()
}

func (p people) Principal(ctx context.Context, token simpul.Secret) (simpul.Principal, error) {
	return p.tokens.Principal(ctx, token)
}

func (p people) TokenHolder(ctx context.Context, id string) (simpul.Principal, error) {
	all, err := p.tokens.Tokens(ctx)
	for _, t := range all {
		if t.ID == id {
			return simpul.Acting(t.ID, t.Role, t.Agency), nil
		}
	}
	if err == nil {
		err = noAccount()
	}
	return simpul.Principal{}, err
}

func (people) Invitation(context.Context, simpul.Secret) (signin.Invitation, error) {
	return signin.Invitation{}, noAccount()
}

func (people) Redeem(context.Context, *sqldb.Tx, simpul.Secret) (signin.Invitation, error) {
	return signin.Invitation{}, noAccount()
}

func noAccount() error {
	return &simpul.Error{
		Code:    simpul.CodeNotFound,
		Message: simpul.Text{ID: "Akun atau undangan ini tidak ada.", EN: "There is no such account or invitation."},
		Remedy:  simpul.Text{ID: "Hubungi admin instansi Anda.", EN: "Contact your agency's administrator."},
	}
}
