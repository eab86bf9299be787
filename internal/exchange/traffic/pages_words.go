package traffic

import (
	"context"

	"simpul"
	"simpul/internal/platform/web"
)

func groupsOf(national bool) []group {
	nearly := group{
		Title: simpul.Text{ID: "Hampir atau sudah tercapai", EN: "Nearly or fully used"},
		Lead:  simpul.Text{ID: "Sedikitnya 80% terpakai. Panggilan di atas batas ditolak dengan kode 429.", EN: "At least 80% is used. Calls above the limit are refused with code 429."}}
	if national {
		return []group{nearly,
			{Title: simpul.Text{ID: "Instansi pemakai", EN: "Consumer agencies"}},
			{Title: simpul.Text{ID: "Aplikasi", EN: "Applications"}},
			{Title: simpul.Text{ID: "Izin yang sedang dipakai", EN: "Grants in use"}},
			{Title: simpul.Text{ID: "LID", EN: "LIDs"}},
		}
	}
	return []group{nearly,
		{Title: simpul.Text{ID: "Yang Anda pakai", EN: "What you use"}, Lead: simpul.Text{ID: "Batas instansi, aplikasi, dan izin Anda sebagai pemakai.", EN: "Limits of your agency, its applications and its grants as consumer."}},
		{Title: simpul.Text{ID: "Yang Anda sediakan", EN: "What you provide"}, Lead: simpul.Text{ID: "Batas LID Anda, dan izin yang Anda berikan. Anda dapat mengubahnya.", EN: "Limits of your LIDs and of the grants that you gave. You can change them."}},
	}
}

// label names a limit: "Izin izin-bandung, per menit".
func label(ctx context.Context, u Use) string { return subjectLabel(ctx, u) + ", " + measure(ctx, u) }

func subjectLabel(ctx context.Context, u Use) string {
	text, named := kindName(ctx, u.Subject.Kind)+" "+u.Subject.ID, u.Title != "" && u.Title != u.Subject.ID
	if named && u.Subject.Kind == simpul.SubjectAgency {
		return u.Title
	}
	if named {
		text += " (" + u.Title + ")"
	}
	return text
}

func kindName(ctx context.Context, kind simpul.SubjectKind) string {
	return map[simpul.SubjectKind]simpul.Text{
		simpul.SubjectGrant: {ID: "Izin", EN: "Grant"}, simpul.SubjectApplication: {ID: "Aplikasi", EN: "Application"},
		simpul.SubjectAgency: {ID: "Instansi", EN: "Agency"}, simpul.SubjectLID: {ID: "LID", EN: "LID"},
	}[kind].In(web.Language(ctx))
}

// measure says in what a limit counts.
func measure(ctx context.Context, u Use) string {
	switch u.What {
	case Rate:
		return web.T(ctx, "per menit", "a minute")
	case PerDay:
		return web.T(ctx, "hari ini", "today")
	case PerMonth:
		return web.T(ctx, "bulan ini", "this month")
	}
	return web.T(ctx, "sekaligus", "at once")
}

// bars draws the limits of a group.
func bars(ctx context.Context, g group) web.Bars {
	b := web.Bars{
		Title: web.T(ctx, "Yang terpakai dari tiap batas", "What is used of each limit"), Hidden: true,
		What: web.T(ctx, "Batas", "Limit"), Unit: web.T(ctx, "Terpakai", "Used"), Whole: 1,
	}
	for _, u := range g.Uses {
		b.Points = append(b.Points, web.Point{
			Label: label(ctx, u), Value: min(1, u.Ratio()),
			Shown: web.Number(ctx, u.Used) + web.T(ctx, " dari ", " of ") + web.Number(ctx, u.Limit),
		})
	}
	return b
}

// notes are why limits are as they are, and when quotas begin anew.
func notes(ctx context.Context, g group) (all []string) {
	seen := map[string]bool{}
	add := func(text string) {
		if !seen[text] {
			seen[text] = true
			all = append(all, text)
		}
	}
	for _, u := range g.Uses {
		if u.Note != "" {
			add(subjectLabel(ctx, u) + ": " + u.Note)
		}
		if u.Ends != nil && u.Ratio() >= near {
			add(label(ctx, u) + web.T(ctx, ": dimulai lagi ", ": begins anew ") + web.Moment(ctx, *u.Ends))
		}
	}
	return all
}

// example is a limit that a reader may set, to be copied.
func example(national bool) string {
	if national {
		return "apiVersion: simpul/v1\nkind: Limit\nmetadata: {id: agency/bandungkota.go.id}\nspec:\n  ratePerMinute: 6000\n  perDay: 1000000\n  concurrent: 100\n  note: Sesuai kapasitas yang disepakati\n"
	}
	return "apiVersion: simpul/v1\nkind: Limit\nmetadata: {id: lid/master/Kota}\nspec:\n  ratePerMinute: 600\n  burst: 100\n  concurrent: 20\n  note: Origin kami melayani 20 panggilan sekaligus\n"
}

func lead(ctx context.Context, v view) string {
	if v.National {
		return web.T(ctx, "Berapa panggilan yang boleh lewat untuk tiap izin, aplikasi, instansi, dan LID di seluruh negeri, dan berapa yang terpakai sekarang.",
			"How many calls may pass for each grant, application, agency and LID of the nation, and how many are used now.")
	}
	return web.T(ctx, "Berapa panggilan yang boleh lewat untuk instansi Anda sebagai pemakai dan penyedia, dan berapa yang terpakai sekarang.",
		"How many calls may pass for your agency as consumer and as provider, and how many are used now.")
}

func writing(ctx context.Context, v view) string {
	if v.National {
		return web.T(ctx, "Sebagai operator nasional Anda menetapkan batas instansi (agency/…), aplikasi (application/…), izin (grant/…) dan LID (lid/…). Simpan lalu terapkan; berlaku di semua gerbang dalam satu detik, dan yang sudah terpakai tetap dihitung.",
			"As the national operator you set limits of agencies (agency/…), applications (application/…), grants (grant/…) and LIDs (lid/…). Save and apply; it takes effect on every gateway within a second, and what was used stays counted.")
	}
	return web.T(ctx, "Anda menetapkan batas LID Anda (lid/…) dan izin atasnya (grant/…). Laju per menit sebuah izin ditulis pada izin itu sendiri. Batas instansi dan aplikasi ditetapkan operator nasional.",
		"You set limits of your LIDs (lid/…) and of the grants on them (grant/…). The rate of a grant is written in the grant itself. Limits of agencies and applications are set by the national operator.")
}
