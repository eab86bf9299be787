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
	return signin.New(h.db, accounts{h.Identity}, h.Notices, h.personalSealer(), signin.NewArgon2id(hashesAtOnce), limits, clock.System, h.log)
}

func (h *Hub) signInPages() *signin.Pages {
	return signin.NewPages(h.SignIn, strings.HasPrefix(h.config.Control.URL, "https://"), h.log)
}

// accounts tells the sign-in room who has an account or a token, in its words.
type accounts struct{ *identity.Service }

func (a accounts) Person(ctx context.Context, id simpul.AccountID) (signin.Person, error) {
	p, err := a.Service.Person(ctx, id)
	return signin.Person{ID: p.ID, Name: p.Name, Language: p.Language, Active: p.State == identity.Active}, err
}

func (a accounts) Invitation(ctx context.Context, code simpul.Secret) (signin.Invitation, error) {
	i, err := a.Service.Invitation(ctx, code)
	return invitation(i), err
}

func (a accounts) Redeem(ctx context.Context, tx *sqldb.Tx, code simpul.Secret) (signin.Invitation, error) {
	i, err := a.Service.Redeem(ctx, tx, code)
	return invitation(i), err
}

func invitation(i identity.Invitation) signin.Invitation {
	return signin.Invitation{Account: i.Account, Name: i.Name, Recover: i.Purpose == identity.Recover, Until: i.Until}
}

// signIns are the ways in which people sign in. They are asked long after the
// hub is built, so identity may be built first.
type signIns struct{ hub *Hub }

func (s signIns) EndAll(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) error {
	return s.hub.SignIn.EndAll(ctx, tx, account)
}

func (s signIns) Forget(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) error {
	return s.hub.SignIn.Forget(ctx, tx, account)
}

func (s signIns) Facts(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) (map[string]any, error) {
	return s.hub.SignIn.Facts(ctx, tx, account)
}
