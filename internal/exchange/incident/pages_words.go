package incident

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"simpul/internal/platform/web"
)

// span writes a length of time in its two largest parts.
func span(ctx context.Context, d time.Duration) string {
	d = max(d, -d)
	unit := func(n int, id, one, many string) string {
		if n == 1 {
			return "1 " + web.T(ctx, id, one)
		}
		return strconv.Itoa(n) + " " + web.T(ctx, id, many)
	}
	days, hours, minutes := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60
	switch {
	case days > 0 && hours > 0:
		return unit(days, "hari", "day", "days") + " " + unit(hours, "jam", "hour", "hours")
	case days > 0:
		return unit(days, "hari", "day", "days")
	case hours > 0 && minutes > 0:
		return unit(hours, "jam", "hour", "hours") + " " + unit(minutes, "menit", "minute", "minutes")
	case hours > 0:
		return unit(hours, "jam", "hour", "hours")
	}
	return unit(minutes, "menit", "minute", "minutes")
}

// clockTone is how much the clock of a case asks for attention.
func clockTone(c Case, now time.Time) web.Tone {
	switch left := c.Left(now); {
	case c.Closed():
		return web.Good
	case left <= 12*time.Hour:
		return web.Bad
	case left <= 48*time.Hour:
		return web.Caution
	}
	return web.Info
}

func clockWords(ctx context.Context, c Case, now time.Time) string {
	switch left := c.Left(now); {
	case c.Closed():
		return web.T(ctx, "Ditutup", "Closed")
	case left < 0:
		return web.T(ctx, "Tenggat lewat ", "Overdue by ") + span(ctx, left)
	default:
		return web.T(ctx, "Tersisa ", "Left: ") + span(ctx, left)
	}
}

// localMoment writes a time on the clock of the case.
func localMoment(ctx context.Context, t time.Time, z Zone) string {
	t = t.In(z.Location())
	return web.Date(ctx, time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, WIB.Location())) + web.T(ctx, " ", ", ") + t.Format(web.T(ctx, "15.04", "15:04")) + " " + string(z)
}

func listColumns(ctx context.Context) []web.Column {
	return []web.Column{{Label: web.T(ctx, "Aplikasi", "Application")}, {Label: web.T(ctx, "Orang", "Persons"), Numeric: true},
		{Label: web.T(ctx, "Diketahui", "Noted")}, {Label: web.T(ctx, "Tenggat 3 × 24 jam", "3 × 24 hour term")}}
}

func listRows(ctx context.Context, v listView) (rows [][]templ.Component) {
	for _, c := range v.Cases {
		rows = append(rows, []templ.Component{
			web.Link{Label: string(c.Question.Application), Href: PagePath(c.ID)},
			web.Text(personsShort(ctx, c.Answer)), web.Text(localMoment(ctx, c.NotedAt, c.Question.Zone)),
			web.Badge{Label: clockWords(ctx, c, v.Now), Tone: clockTone(c, v.Now)},
		})
	}
	return rows
}

// personsShort is a number, or the two between which it lies.
func personsShort(ctx context.Context, a Answer) string {
	if a.Least == a.Persons {
		return web.Number(ctx, a.Persons)
	}
	return web.Number(ctx, a.Least) + "–" + web.Number(ctx, a.Persons)
}

func personsNote(ctx context.Context, a Answer) string {
	if !a.Several() {
		return web.T(ctx, "nama samaran berbeda", "distinct pseudonyms")
	}
	return web.T(ctx, "nama samaran dari ", "pseudonyms of ") + strconv.Itoa(len(a.Months)) + web.T(ctx, " bulan; lihat di bawah", " months; see below")
}

func questionFacts(ctx context.Context, c Case) []web.Fact {
	q := c.Question
	facts := []web.Fact{{Term: web.T(ctx, "Aplikasi", "Application"), Value: web.Mono(q.Application)}}
	if q.LID != "" {
		facts = append(facts, web.Fact{Term: "LID", Value: web.Mono(q.LID)})
	} else {
		facts = append(facts, web.Fact{Term: "LID", Value: web.Text(web.T(ctx, "semua", "all"))})
	}
	return append(facts,
		web.Fact{Term: web.T(ctx, "Dari", "From"), Value: web.Text(localMoment(ctx, q.From, q.Zone))},
		web.Fact{Term: web.T(ctx, "Sampai sebelum", "Up to"), Value: web.Text(localMoment(ctx, q.Until, q.Zone))},
		web.Fact{Term: web.T(ctx, "Insiden diketahui", "Incident noted"), Value: web.Text(localMoment(ctx, c.NotedAt, q.Zone) + web.T(ctx, " oleh ", " by ") + c.NotedBy)},
		web.Fact{Term: web.T(ctx, "Angka dihitung", "Figures counted"), Value: web.Text(localMoment(ctx, c.Answer.At, q.Zone))})
}

func disclosedColumns(ctx context.Context) []web.Column {
	return []web.Column{{Label: "LID"}, {Label: web.T(ctx, "Isian", "Fields")}, {Label: web.T(ctx, "Orang", "Persons"), Numeric: true},
		{Label: web.T(ctx, "Pertukaran", "Exchanges"), Numeric: true}, {Label: web.T(ctx, "Pertama", "First")}, {Label: web.T(ctx, "Terakhir", "Last")}}
}

func disclosedRows(ctx context.Context, c Case) (rows [][]templ.Component) {
	for _, d := range c.Answer.Disclosed {
		lid := templ.Component(web.Mono(d.LID))
		if d.LID == "" {
			lid = web.Text(web.T(ctx, "LID dan isian lain", "other LIDs and fields"))
		}
		rows = append(rows, []templ.Component{lid, web.Text(fieldsShown(ctx, d)), web.Text(web.Number(ctx, d.Persons)), web.Text(web.Number(ctx, d.Exchanges)),
			web.Text(localMoment(ctx, d.First, c.Question.Zone)), web.Text(localMoment(ctx, d.Last, c.Question.Zone))})
	}
	return rows
}

func fieldsShown(ctx context.Context, d Disclosure) string {
	switch {
	case d.LID == "":
		return web.T(ctx, "beragam", "various")
	case d.Fields == "":
		return web.T(ctx, "semua isian menurut kontrak", "every field of the contract")
	}
	return strings.ReplaceAll(d.Fields, " ", ", ")
}

func undeclaredRows(ctx context.Context, a Answer) (rows [][]templ.Component) {
	for _, u := range a.Undeclared {
		rows = append(rows, []templ.Component{web.Mono(u.LID), web.ClassBadge{Class: u.Class}, web.Text(web.Number(ctx, u.Exchanges))})
	}
	return rows
}

// perDay is the course of the days from the first to the last.
func perDay(ctx context.Context, c Case) web.Columns {
	chart := web.Columns{ID: "hari", Title: web.T(ctx, "Orang per hari (", "Persons a day (") + string(c.Question.Zone) + ")",
		When: web.T(ctx, "Hari", "Day"), Summary: web.T(ctx, "Orang yang datanya diteruskan pada tiap hari.", "Persons whose data were delivered on each day.")}
	persons := web.Series{Label: web.T(ctx, "Orang", "Persons")}
	days := c.Answer.Days
	at, _ := time.Parse(time.DateOnly, days[0].Day)
	for _, d := range days {
		day, _ := time.Parse(time.DateOnly, d.Day)
		for ; at.Before(day); at = at.AddDate(0, 0, 1) { // a day without accesses
			chart.Moments, persons.Values = append(chart.Moments, web.Date(ctx, at)), append(persons.Values, 0)
		}
		chart.Moments, persons.Values = append(chart.Moments, web.Date(ctx, day)), append(persons.Values, float64(d.Persons))
		at = day.AddDate(0, 0, 1)
	}
	chart.Series = []web.Series{persons}
	return chart
}

func noteFacts(ctx context.Context, c Case) (facts []web.Fact) {
	for _, n := range c.Notes {
		facts = append(facts, web.Fact{Term: localMoment(ctx, n.At, c.Question.Zone) + " · " + n.By, Value: web.Text(n.Text)})
	}
	return facts
}

func monthsWords(ctx context.Context, a Answer) string {
	var parts []string
	for _, m := range a.Months {
		parts = append(parts, monthName(ctx, m.Month)+": "+web.Number(ctx, m.Persons))
	}
	return strings.Join(parts, ", ")
}

// monthName is a month, such as 2026-10, in words.
func monthName(ctx context.Context, month string) string {
	at, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return web.T(ctx, monthNames[at.Month()-1], at.Month().String()) + " " + strconv.Itoa(at.Year())
}

func wrongLines(m Match) string {
	var parts []string
	for _, n := range m.Wrong {
		parts = append(parts, strconv.Itoa(n))
	}
	return strings.Join(parts, ", ")
}

func zoneOptions(chosen string) (all []web.Option) {
	for _, z := range Zones() {
		all = append(all, web.Option{Value: string(z), Label: string(z), Selected: string(z) == chosen})
	}
	return all
}
