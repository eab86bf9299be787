package web

import (
	"context"
	"io"
)

// Sign is a badge whose meaning an icon repeats, for what the reader must not
// pass over in a list.
type Sign struct {
	Label string
	Tone  Tone
}

// Render writes the badge.
func (s Sign) Render(ctx context.Context, w io.Writer) error {
	return badge(s.Label, string(s.Tone), noticeIcon(s.Tone)).Render(ctx, w)
}
