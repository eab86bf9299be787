package identity

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Others are what the room asks of others. Tokens and roles need none of them.
type Others struct {
	Agencies Agencies
	Sealer   Sealer
	Mailer   Mailer
	Notifier Notifier
	Access   Access
	Inbox    Inbox
}

// Agencies knows which agencies there are.
type Agencies interface {
	// Name returns the agency's name, or a not-found error.
	Name(ctx context.Context, id simpul.AgencyID) (string, error)
}

// Sealer encrypts what is stored, bound to the place where it is stored, and
// makes keyed digests, by which a sealed field is found again.
type Sealer interface {
	Seal(plaintext []byte, table, row, column string) ([]byte, error)
	Open(sealed []byte, table, row, column string) ([]byte, error)
	Digest(value, purpose string) (string, error)
}

// Mailer sends the letter with the code by which somebody joins or comes back.
// It takes part in the transaction: the letter leaves if that is stored.
type Mailer interface {
	Invite(ctx context.Context, tx *sqldb.Tx, to, name string, language simpul.Language, link, purpose string, until time.Time) error
}

// Notifier tells people who have accounts.
type Notifier interface {
	Notify(ctx context.Context, tx *sqldb.Tx, n simpul.Notice) error
}

// Access holds the ways in which people sign in.
type Access interface {
	// EndAll ends every session of the account.
	EndAll(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) error
	// Forget drops every credential and session of the account.
	Forget(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) error
	// Facts tells what is known of how the person signs in, for their export.
	Facts(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) (map[string]any, error)
}

// Inbox holds what the hub has written to the account.
type Inbox interface {
	// Forget drops all of it.
	Forget(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) error
	// Facts tells what there is, for the person's export.
	Facts(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) (map[string]any, error)
}

// Connect gives the room what it asks of others. It comes before any use of
// accounts.
func (s *Service) Connect(others Others) { s.others = others }

// Announce says where people find the screens; letters link there.
func (s *Service) Announce(controlURL string) { s.site.Store(&controlURL) }
