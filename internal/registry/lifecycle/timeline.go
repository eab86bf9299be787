package lifecycle

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"simpul"
	"simpul/internal/platform/web"
)

// mostDone is how many steps that are over a timeline shows at once; the older
// ones wait behind a line.
const mostDone = 8

// TimelineView is what the picture of a LID's life shows.
type TimelineView struct {
	Entries []Entry
	due     func(ctx context.Context, at time.Time) string
}

// Picture draws the life of a LID that the scope sees: what was, what is with
// its due date in words, and what will usually come.
func (s *Service) Picture(ctx context.Context, scope simpul.Scope, address simpul.Address) (templ.Component, error) {
	entries, err := s.Timeline(ctx, scope, address)
	if err != nil {
		return nil, err
	}
	now := s.now()
	return Timeline(TimelineView{entries, func(ctx context.Context, at time.Time) string {
		return s.dueWords(at, now).In(web.Language(ctx))
	}}), nil
}

// older are the first of the steps that are over, where there are too many.
func (v TimelineView) older() []Entry { return v.Entries[:v.fold()] }

func (v TimelineView) newer() []Entry { return v.Entries[v.fold():] }

func (v TimelineView) fold() int {
	over := 0
	for _, e := range v.Entries {
		if e.Phase == Done {
			over++
		}
	}
	return max(0, over-mostDone)
}

func phaseBadge(ctx context.Context, e Entry) web.Badge {
	switch {
	case e.Late:
		return web.Badge{Label: web.T(ctx, "Terlambat", "Late"), Tone: web.Bad}
	case e.Phase == Current:
		return web.Badge{Label: web.T(ctx, "Sekarang", "Now"), Tone: web.Info}
	case e.Phase == Done:
		return web.Badge{Label: web.T(ctx, "Selesai", "Done"), Tone: web.Good}
	}
	return web.Badge{Label: web.T(ctx, "Berikutnya", "To come")}
}

// signed says who made a step and when.
func signed(ctx context.Context, e Entry) string {
	text := web.Moment(ctx, e.Since)
	if e.Mover != "" {
		text += web.T(ctx, " oleh ", " by ") + e.Mover
	}
	if e.Second != "" {
		text += web.T(ctx, ", disetujui ", ", approved by ") + e.Second
	}
	return text
}

// ahead says whose step it will be, and for how long.
func ahead(ctx context.Context, e Entry) string {
	l := web.Language(ctx)
	text := capital(ownerWords(e.Step.Owner).In(l))
	if e.Step.Timer != nil {
		text += " · " + timerWords(e.Step.Timer).In(l)
	}
	return text
}

func needs(ctx context.Context, e Entry) string {
	text := ""
	for i, n := range e.Needs {
		if i > 0 {
			text += "; "
		}
		text += n.In(web.Language(ctx))
	}
	return text
}
