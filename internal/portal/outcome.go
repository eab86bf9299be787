package portal

import (
	"context"
	"io"

	"simpul/internal/platform/web"
)

// outcome shows how an exchange ended, or that it has not.
type outcome struct{ Exchange }

// Render writes the badge.
func (o outcome) Render(ctx context.Context, w io.Writer) error {
	if !o.Ended {
		return web.Badge{Label: web.T(ctx, "Berlangsung", "Under way"), Tone: web.Info}.Render(ctx, w)
	}
	return web.OutcomeBadge{Status: o.Status, Outcome: o.Exchange.Exchange.Outcome}.Render(ctx, w)
}
