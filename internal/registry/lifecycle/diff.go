package lifecycle

import (
	"context"
	"fmt"
	"strings"

	"simpul"
	"simpul/internal/platform/web"
)

// Change is one thing that differs between two models.
type Change struct {
	What          simpul.Text
	Before, After simpul.Text // empty where there is nothing
}

// Changes lists how one model differs from another, in the order of the steps.
func Changes(before, after Model) (all []Change) {
	for _, s := range after.Steps {
		old, known := before.Step(s.Code)
		if !known {
			all = append(all, Change{What: simpul.Text{ID: "Tahap baru " + s.Code, EN: "New step " + s.Code}, After: s.Title.Text()})
			continue
		}
		all = append(all, stepChanges(old, s)...)
	}
	for _, s := range before.Steps {
		if _, kept := after.Step(s.Code); !kept {
			all = append(all, Change{What: simpul.Text{ID: "Tahap " + s.Code + " dihapus", EN: "Step " + s.Code + " is removed"}, Before: s.Title.Text()})
		}
	}
	return append(all, wayChanges(before, after)...)
}

func stepChanges(old, s Step) (all []Change) {
	add := func(id, en string, before, after simpul.Text) {
		if before != after {
			all = append(all, Change{simpul.Text{ID: s.Code + ": " + id, EN: s.Code + ": " + en}, before, after})
		}
	}
	guidance := func(s Step) simpul.Text {
		if s.Guidance == nil {
			return simpul.Text{}
		}
		return s.Guidance.Text()
	}
	add("judul", "title", bothWords(old.Title), bothWords(s.Title))
	add("keadaan", "state", stateWords(old.State), stateWords(s.State))
	add("pelaku", "who acts", ownerWords(old.Owner), ownerWords(s.Owner))
	add("batas waktu", "timer", timerWords(old.Timer), timerWords(s.Timer))
	add("bila terlambat", "when late", escalateWords(old.Escalate), escalateWords(s.Escalate))
	add("petunjuk", "guidance", guidance(old), guidance(s))
	return all
}

// bothWords shows both languages, since either may have changed.
func bothWords(n Names) simpul.Text {
	if n.EN == "" {
		return simpul.Text{ID: n.ID, EN: n.ID}
	}
	return simpul.Text{ID: n.ID + " / " + n.EN, EN: n.ID + " / " + n.EN}
}

func wayChanges(before, after Model) (all []Change) {
	find := func(m Model, t Transition) (Transition, bool) {
		for _, o := range m.Transitions {
			if o.From == t.From && o.To == t.To {
				return o, true
			}
		}
		return Transition{}, false
	}
	for _, t := range after.Transitions {
		old, known := find(before, t)
		if now, then := wayWords(t), wayWords(old); !known || now != then {
			all = append(all, Change{simpul.Text{ID: "Peralihan " + t.From + " → " + t.To, EN: "Transition " + t.From + " → " + t.To}, then, now})
		}
	}
	for _, t := range before.Transitions {
		if _, kept := find(after, t); !kept {
			all = append(all, Change{simpul.Text{ID: "Peralihan " + t.From + " → " + t.To + " dihapus", EN: "Transition " + t.From + " → " + t.To + " is removed"}, wayWords(t), simpul.Text{}})
		}
	}
	return all
}

// wayWords says who may go a way, and what must be met.
func wayWords(t Transition) simpul.Text {
	if t.Permission == "" {
		return simpul.Text{}
	}
	who := actor(t.Permission)
	if len(t.Conditions) == 0 {
		return who
	}
	list := strings.Join(t.Conditions, ", ")
	return simpul.Text{ID: fmt.Sprintf("%s, syarat: %s", who.ID, list), EN: fmt.Sprintf("%s, needs: %s", who.EN, list)}
}

// changeRows shows the differences as a table.
func changeRows(ctx context.Context, all []Change) (rows [][]component) {
	l := web.Language(ctx)
	for _, c := range all {
		rows = append(rows, []component{web.Text(c.What.In(l)), web.Text(c.Before.In(l)), web.Text(c.After.In(l))})
	}
	return rows
}
