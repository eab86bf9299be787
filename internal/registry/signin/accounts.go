package signin

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Person is who an account belongs to, as far as signing in needs to know.
type Person struct {
	ID       simpul.AccountID
	Name     string
	Language simpul.Language
	Active   bool
}

// Invitation is what a code invites to.
type Invitation struct {
	Account simpul.AccountID
	Name    string
	Recover bool // the person is known and lost what they signed in with
	Until   time.Time
}

// Accounts is what this room asks about people and tokens.
type Accounts interface {
	// Person returns the person, or a not-found error.
	Person(ctx context.Context, id simpul.AccountID) (Person, error)
	// PrincipalOf returns what an active account may do; otherwise an error that
	// is not internal.
	PrincipalOf(ctx context.Context, id simpul.AccountID) (simpul.Principal, error)
	// Principal returns whom an API token stands for, or an unauthenticated error.
	Principal(ctx context.Context, token simpul.Secret) (simpul.Principal, error)
	// TokenHolder does so by the token's ID.
	TokenHolder(ctx context.Context, id string) (simpul.Principal, error)
	// Invitation looks at a code without using it. An unknown, used or expired one
	// is an error that is not internal.
	Invitation(ctx context.Context, code simpul.Secret) (Invitation, error)
	// Redeem uses a code up and makes its account active.
	Redeem(ctx context.Context, tx *sqldb.Tx, code simpul.Secret) (Invitation, error)
}

// Notifier tells people what happened, in the caller's transaction.
type Notifier interface {
	Notify(ctx context.Context, tx *sqldb.Tx, n simpul.Notice) error
}

// Sealer seals what is secret, bound to where it is stored, and digests by key
// what is looked up without being stored.
type Sealer interface {
	Seal(plaintext []byte, table, row, column string) ([]byte, error)
	Open(sealed []byte, table, row, column string) ([]byte, error)
	Digest(value, purpose string) (string, error)
}
