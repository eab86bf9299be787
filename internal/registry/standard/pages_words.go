package standard

import (
	"context"
	"sort"
	"strings"
	"time"

	"github.com/a-h/templ"

	"simpul/internal/platform/web"
)

// dayWords writes a day as people read it: "25 Jul 2022".
func dayWords(ctx context.Context, d Day) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return "–"
	}
	return web.Date(ctx, t.Add(12*time.Hour)) // noon in UTC is the same day in all of Indonesia
}

// periodWords says since when and until when; the last day is the one before the end.
func periodWords(ctx context.Context, v Validity) string {
	switch {
	case v.From == "" && v.Until == "":
		return web.T(ctx, "Sejak awal, sampai kini", "From the beginning until now")
	case v.Until == "":
		return web.T(ctx, "Sejak ", "Since ") + dayWords(ctx, v.From)
	case v.From == "":
		return web.T(ctx, "Sampai ", "Until ") + dayWords(ctx, v.Until.before())
	}
	return dayWords(ctx, v.From) + " – " + dayWords(ctx, v.Until.before())
}

func relationWords(ctx context.Context, r Relation) string {
	switch r {
	case Broader:
		return web.T(ctx, "lebih luas", "broader")
	case Narrower:
		return web.T(ctx, "bagiannya", "narrower")
	}
	return web.T(ctx, "persis sama", "exactly the same")
}

func changeWords(ctx context.Context, c Change) string {
	switch c {
	case Split:
		return web.T(ctx, "Pemekaran", "Split")
	case Merge:
		return web.T(ctx, "Penggabungan", "Merger")
	}
	return web.T(ctx, "Penggantian kode", "Replaced code")
}

// moment is one step of a code's history.
type moment struct {
	day  Day
	step web.Step
}

// timeline tells the periods and the events of a code, oldest first; on one
// day the event before the meaning that follows from it.
func (v codeView) timeline(ctx context.Context) web.Steps {
	var all []moment
	for _, e := range v.Successions {
		all = append(all, moment{e.Day, web.Step{
			Title: dayWords(ctx, e.Day) + " · " + changeWords(ctx, e.Kind),
			Text:  e.Source, Body: v.change(e)}})
	}
	for _, c := range v.Periods {
		all = append(all, moment{c.From, web.Step{Title: c.Name.Text().In(web.Language(ctx)), Text: periodWords(ctx, c.Validity) + noted(c.Notes)}})
		if c.Until != "" && !v.continues(c.Until) {
			all = append(all, moment{c.Until, web.Step{Title: dayWords(ctx, c.Until) + " · " + web.T(ctx, "Tidak berlaku lagi", "No longer valid")}})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].day < all[j].day })
	steps := make(web.Steps, len(all))
	for i, m := range all {
		steps[i] = m.step
	}
	return steps
}

// continues reports whether another meaning begins on the day.
func (v codeView) continues(day Day) bool {
	for _, c := range v.Periods {
		if c.From == day {
			return true
		}
	}
	return false
}

func noted(notes string) string {
	if notes == "" {
		return ""
	}
	return ". " + notes
}

func (v codeView) mappingRows(ctx context.Context) [][]templ.Component {
	rows := make([][]templ.Component, len(v.Mappings))
	for i, m := range v.Mappings {
		rows[i] = []templ.Component{
			web.Link{Label: v.called(ctx, m.List, m.Target), Href: codeHref(m.List, m.Target, "")},
			web.Link{Label: string(m.List), Href: listHref(m.List)},
			web.Text(relationWords(ctx, m.Relation)), web.Text(periodWords(ctx, m.Validity)),
		}
	}
	return rows
}

func (v listView) rows(ctx context.Context) [][]templ.Component {
	rows := make([][]templ.Component, len(v.Codes))
	for i, c := range v.Codes {
		var below templ.Component
		if c.Below > 0 {
			below = web.Link{Label: web.T(ctx, "Lihat ", "Show ") + web.Number(ctx, c.Below), Href: v.below(c.Code.Code)}
		}
		rows[i] = []templ.Component{
			web.Link{Label: c.Name.Text().In(web.Language(ctx)), Href: codeHref(ListID(v.ID), c.Code.Code, v.other())},
			web.Mono(c.Code.Code), web.Text(periodWords(ctx, c.Validity)), below,
		}
	}
	return rows
}

// other is the day of the page where it is not today.
func (v listView) other() Day {
	if v.Query.On == v.Today {
		return ""
	}
	return v.Query.On
}

func (v listView) trail(ctx context.Context) []web.Link {
	trail := []web.Link{{Label: web.T(ctx, "Beranda", "Home"), Href: "/"}, {Label: web.T(ctx, "Kode referensi", "Reference codes"), Href: CodesPath}}
	if len(v.Way) == 0 {
		return trail
	}
	trail = append(trail, web.Link{Label: v.Spec.Title.Text().In(web.Language(ctx)), Href: v.below("")})
	for _, c := range v.Way[:len(v.Way)-1] {
		trail = append(trail, web.Link{Label: c.Name.Text().In(web.Language(ctx)), Href: v.below(c.Code)})
	}
	return trail
}

// heading is the name of the part that the page shows.
func (v listView) heading(ctx context.Context) (eyebrow, title, lead string) {
	if n := len(v.Way); n > 0 {
		return v.Way[n-1].Code + " · " + v.Spec.Title.Text().In(web.Language(ctx)), v.Way[n-1].Name.Text().In(web.Language(ctx)), ""
	}
	return web.T(ctx, "Daftar kode referensi", "List of reference codes"), v.Spec.Title.Text().In(web.Language(ctx)), v.Spec.Description
}

// opening is the beginning of a description.
func opening(s string) string {
	if short := clip(s, 200); short != s {
		return strings.TrimSpace(short) + "…"
	}
	return s
}

// counted says how many codes the page shows, and how many the list has on the day.
func (v listView) counted(ctx context.Context) string {
	whole := web.Number(ctx, v.Valid) + web.T(ctx, " kode berlaku pada ", " codes are valid on ") + dayWords(ctx, v.Query.On)
	here := web.Number(ctx, len(v.Codes))
	switch {
	case v.Next != "" || v.Query.After != "" || v.Query.Text == "" && len(v.Way) == 0:
		return whole
	case v.Query.Text != "":
		return here + web.T(ctx, " cocok; ", " match; ") + whole
	}
	return here + web.T(ctx, " tepat di bawahnya; di seluruh daftar ", " right below it; in the whole list ") + whole
}
