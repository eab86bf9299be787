package portal

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/web"
)

// Desk is what the portal asks for somebody who works with the hub.
type Desk interface {
	// Worker tells who somebody is, in words.
	Worker(ctx context.Context, p simpul.Principal) Worker
	// Tasks are what waits for them; in any order.
	Tasks(ctx context.Context, p simpul.Principal) ([]Task, error)
	// Traffic counts the exchanges of their tenants since the time.
	Traffic(ctx context.Context, scope simpul.Scope, since time.Time) (Figures, error)
	// Beginnings are the first steps that they have not taken yet.
	Beginnings(ctx context.Context, p simpul.Principal) ([]Beginning, error)
}

// Worker is somebody who is signed in.
type Worker struct {
	Name   string   // as colleagues call them
	Agency string   // name; empty for who acts for the nation
	Roles  []string // in the reader's language
}

// title names the roles and where they are held.
func (w Worker) title() string {
	parts := slices.DeleteFunc([]string{strings.Join(w.Roles, ", "), w.Agency}, func(s string) bool { return s == "" || s == w.Name })
	return strings.Join(parts, " · ")
}

// Task is something that waits for somebody.
type Task struct {
	Title string
	Text  string
	Href  string    // page where to act
	Due   time.Time // zero: no date
}

// Beginning is a first step that teaches how to go on.
type Beginning struct {
	Title simpul.Text
	Text  simpul.Text
	Label simpul.Text // of the button
	Href  string
}

// deskView is what the desk shows.
type deskView struct {
	Worker     Worker
	Tasks      []Task // soonest first, those without a date last
	Figures    Figures
	Beginnings []Beginning
	Now        time.Time
}

func (p *Pages) desktop(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	view, err := p.gather(r.Context(), visitor)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	web.Render(w, r, http.StatusOK, deskPage(view))
}

func (p *Pages) gather(ctx context.Context, visitor simpul.Principal) (v deskView, err error) {
	v = deskView{Worker: p.desk.Worker(ctx, visitor), Now: p.now()}
	if v.Tasks, err = p.desk.Tasks(ctx, visitor); err != nil {
		return v, err
	}
	slices.SortStableFunc(v.Tasks, bySoonest)
	if v.Beginnings, err = p.desk.Beginnings(ctx, visitor); err != nil {
		return v, err
	}
	v.Figures, err = p.desk.Traffic(ctx, visitor.Scope(), startOfDay(v.Now))
	return v, err
}

func bySoonest(a, b Task) int {
	switch {
	case a.Due.IsZero() && b.Due.IsZero():
		return 0
	case a.Due.IsZero():
		return 1
	case b.Due.IsZero():
		return -1
	}
	return cmp.Compare(a.Due.UnixMilli(), b.Due.UnixMilli())
}

// due says until when, and how urgent that is.
func (v deskView) due(ctx context.Context, t Task) web.Badge {
	switch {
	case t.Due.IsZero():
		return web.Badge{Label: web.T(ctx, "Tanpa tenggat", "No due date")}
	case t.Due.Before(v.Now):
		return web.Badge{Label: web.T(ctx, "Lewat tenggat sejak ", "Overdue since ") + web.Date(ctx, t.Due), Tone: web.Bad}
	case t.Due.Sub(v.Now) < 48*time.Hour:
		return web.Badge{Label: web.T(ctx, "Paling lambat ", "Due ") + web.Moment(ctx, t.Due), Tone: web.Caution}
	}
	return web.Badge{Label: web.T(ctx, "Paling lambat ", "Due ") + web.Date(ctx, t.Due), Tone: web.Info}
}

func deskLead(ctx context.Context, v deskView) string {
	overdue := 0
	for _, t := range v.Tasks {
		if !t.Due.IsZero() && t.Due.Before(v.Now) {
			overdue++
		}
	}
	switch {
	case overdue > 0:
		return counted(ctx, overdue, " tugas sudah lewat tenggat.", " task is overdue.", " tasks are overdue.")
	case len(v.Tasks) > 0:
		return counted(ctx, len(v.Tasks), " tugas menunggu Anda.", " task is waiting for you.", " tasks are waiting for you.")
	}
	return web.T(ctx, "Semua tugas Anda sudah beres.", "All your tasks are done.")
}

// counted says how many; only English tells one from several.
func counted(ctx context.Context, n int, id, one, several string) string {
	if n == 1 {
		several = one
	}
	return web.Number(ctx, n) + web.T(ctx, id, several)
}

// beginnings draws the first steps as a sequence with a button each.
func beginnings(ctx context.Context, all []Beginning) web.Steps {
	lang := web.Language(ctx)
	steps := make(web.Steps, len(all))
	for i, b := range all {
		weight := web.Secondary
		if i == 0 {
			weight = web.Primary
		}
		steps[i] = web.Step{Title: b.Title.In(lang), Text: b.Text.In(lang), Body: web.Button{Label: b.Label.In(lang), Href: b.Href, Weight: weight}}
	}
	return steps
}
