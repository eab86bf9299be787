package app

import (
	"context"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/catalog"
)

// course lets a LID be wherever its owner puts it.
type course struct{}

func (course) Prepare(context.Context, simpul.Principal, catalog.Move) error { return nil }

func (course) Check(_ context.Context, _ *sqldb.Tx, _ simpul.Principal, m catalog.Move) (catalog.Place, error) {
	if m.To == "" {
		m.To = m.From.State
	}
	if m.Step == "" {
		m.Step = m.From.Step
	}
	return catalog.Place{State: m.To, Step: m.Step}, nil
}

func (c course) Follow(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, m catalog.Move) (catalog.Place, error) {
	return c.Check(ctx, tx, p, m)
}
