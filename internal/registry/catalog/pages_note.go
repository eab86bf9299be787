package catalog

import (
	"context"
	"time"

	"simpul"
)

// Note is what another room wants everybody to know of a published LID.
type Note struct {
	Title simpul.Text
	Text  string // as somebody wrote it
	By    string
	At    time.Time
}

// Annotate lets another room say something on the page of a LID.
func (p *Pages) Annotate(note func(context.Context, *LID) (Note, bool)) { p.note = note }

func (p *Pages) notes(ctx context.Context, l *LID) []Note {
	if p.note == nil {
		return nil
	}
	if n, ok := p.note(ctx, l); ok {
		return []Note{n}
	}
	return nil
}
