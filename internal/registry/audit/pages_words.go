package audit

import (
	"context"
	"io"

	"simpul/internal/platform/trail"
	"simpul/internal/platform/web"
)

// what shows an event's sentence, marked where it was refused.
type what struct{ event trail.Event }

// Render writes the sentence.
func (c what) Render(ctx context.Context, w io.Writer) error {
	return sentence(Sentence(c.event).In(web.Language(ctx)), c.event.Action, c.event.Outcome != "").Render(ctx, w)
}

func badDateText(ctx context.Context) string {
	return web.T(ctx, "Tanggal tidak terbaca; tulis seperti 2026-01-31.", "The date cannot be read; write it like 2026-01-31.")
}
