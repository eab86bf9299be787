package app

import (
	"context"
	"errors"

	"simpul/internal/platform/clock"
	"simpul/internal/platform/config"
	"simpul/internal/registry/identity"
)

// Tokens are the use cases on control API tokens.
type Tokens = identity.Service

// WithTokens lends the use cases on tokens in the configured database, while no
// hub needs to run: whoever may read the hub's data may make tokens for it.
func WithTokens(ctx context.Context, c config.Config, use func(*Tokens) error) error {
	db, err := OpenDatabase(ctx, c)
	if err != nil {
		return err
	}
	return errors.Join(use(identity.New(db, clock.System)), db.Close())
}
