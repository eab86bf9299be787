package feasibility

import (
	"context"
	"fmt"
	"strings"

	"github.com/a-h/templ"

	"simpul/internal/platform/web"
)

func outcomeBadge(ctx context.Context, o Outcome) web.Badge {
	switch o {
	case Pass:
		return web.Badge{Label: web.T(ctx, "Lulus", "Passed"), Tone: web.Good}
	case Warn:
		return web.Badge{Label: web.T(ctx, "Peringatan", "Warning"), Tone: web.Caution}
	case Fail:
		return web.Badge{Label: web.T(ctx, "Gagal", "Failed"), Tone: web.Bad}
	}
	return web.Badge{Label: web.T(ctx, "Dilewati", "Skipped")}
}

// headline is the first sentence of the page.
func headline(ctx context.Context, v view) string {
	if v.Report == nil {
		return web.T(ctx, "Hub menguji LID ini sebelum terbit.", "The hub tests this LID before it is published.")
	}
	return v.Report.Summary().In(web.Language(ctx))
}

func runLabel(ctx context.Context, v view) string {
	if v.Report == nil {
		return web.T(ctx, "Uji sekarang", "Test now")
	}
	return web.T(ctx, "Uji lagi", "Test again")
}

// staleness says why a report does not count for what there is now.
func staleness(ctx context.Context, v view) string {
	if v.Report.Digest != v.Digest {
		return web.T(ctx, "Kontrak, origin, atau kredensialnya sudah berubah sejak diuji. Uji lagi.", "The contract, the origin or the credential has changed since it was tested. Test again.")
	}
	return web.T(ctx, "Laporannya sudah terlalu lama untuk dipakai menerbitkan. Uji lagi.", "The report is too old to be published by. Test again.")
}

func passedLabel(ctx context.Context, n int) string {
	return fmt.Sprintf(web.T(ctx, "%d pemeriksaan lulus", "%d checks passed"), n)
}

// group is findings that say the same of different places.
type group struct {
	What, Remedy Words
	Found        []Finding
}

func grouped(all []Finding) (groups []group) {
	at := map[Words]int{}
	for _, f := range all {
		i, known := at[f.What]
		if !known {
			i = len(groups)
			at[f.What] = i
			groups = append(groups, group{What: f.What, Remedy: f.Remedy})
		}
		groups[i].Found = append(groups[i].Found, f)
	}
	return groups
}

// detail is where a thing was found, what was expected and what there was.
func detail(ctx context.Context, f Finding) string {
	var parts []string
	if f.Place != "" {
		parts = append(parts, f.Place)
	}
	if f.Expected != "" {
		parts = append(parts, web.T(ctx, "seharusnya ", "expected ")+f.Expected)
	}
	if f.Got != "" {
		parts = append(parts, web.T(ctx, "ternyata ", "got ")+f.Got)
	}
	return strings.Join(parts, " · ")
}

func aboutRows(ctx context.Context, v view) []web.Fact {
	r := v.Report
	rows := []web.Fact{
		{Term: web.T(ctx, "Diminta oleh", "Asked for by"), Value: web.Text(r.By)},
		{Term: web.T(ctx, "Selesai", "Ended"), Value: web.Time{At: r.Ended}},
		{Term: web.T(ctx, "Lamanya", "Took"), Value: web.Text(web.Duration(ctx, r.Ended.Sub(r.Started)))},
		{Term: web.T(ctx, "Versi hub", "Version of the hub"), Value: web.Text(r.Version)},
	}
	if r.Latency != nil {
		rows = append(rows, web.Fact{Term: web.T(ctx, "Kecepatan", "Speed"), Value: web.Text(fmt.Sprintf("p50 %d ms, p95 %d ms, max %d ms (%d ×)", r.Latency.Median, r.Latency.P95, r.Latency.Slowest, r.Latency.Calls))})
	}
	return append(rows, web.Fact{Term: web.T(ctx, "Sidik yang diuji", "Fingerprint of what was tested"), Value: web.Mono(r.Digest[:min(16, len(r.Digest))])})
}

func historyColumns(ctx context.Context) []web.Column {
	return []web.Column{{Label: web.T(ctx, "Laporan", "Report")}, {Label: web.T(ctx, "Hasil", "Outcome")}, {Label: web.T(ctx, "Keadaan", "State")}, {Label: web.T(ctx, "Diminta oleh", "Asked for by")}, {Label: web.T(ctx, "Selesai", "Ended"), Numeric: true}}
}

func historyRows(ctx context.Context, v view) [][]templ.Component {
	rows := make([][]templ.Component, len(v.History))
	for i, e := range v.History {
		state := web.T(ctx, "lain dari sekarang", "another than now")
		if e.Digest == v.Digest {
			state = web.T(ctx, "seperti sekarang", "as it is now")
		}
		rows[i] = []templ.Component{
			web.Link{Label: e.ID, Href: PagePath(v.Address) + "?laporan=" + e.ID}, outcomeBadge(ctx, e.Outcome), web.Text(state), web.Text(e.By), web.Time{At: e.Ended},
		}
	}
	return rows
}
