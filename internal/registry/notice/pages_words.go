package notice

import (
	"context"
	"math"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"simpul"
	"simpul/internal/platform/web"
)

// dueBadge says how much time is left, in the words that people use for it.
func dueBadge(ctx context.Context, due, now time.Time) web.Badge {
	left := due.Sub(now)
	days := int(math.Floor(left.Hours() / 24))
	switch {
	case left < 0:
		return web.Badge{Label: web.T(ctx, "Lewat tenggat", "Overdue"), Tone: web.Bad}
	case days == 0:
		return web.Badge{Label: web.T(ctx, "Kurang dari sehari lagi", "Less than a day left"), Tone: web.Caution}
	case days == 1:
		return web.Badge{Label: web.T(ctx, "1 hari lagi", "1 day left"), Tone: web.Caution}
	}
	tone := web.Info
	if days <= 3 {
		tone = web.Caution
	}
	return web.Badge{Label: strconv.Itoa(days) + web.T(ctx, " hari lagi", " days left"), Tone: tone}
}

// stateBadge says what became of a letter.
func stateBadge(ctx context.Context, state string) web.Badge {
	switch state {
	case stateSent:
		return web.Badge{Label: web.T(ctx, "Terkirim", "Sent"), Tone: web.Good}
	case stateDead:
		return web.Badge{Label: web.T(ctx, "Gagal", "Failed"), Tone: web.Bad}
	case stateDropped:
		return web.Badge{Label: web.T(ctx, "Tidak perlu dikirim", "Not needed")}
	case stateGathered:
		return web.Badge{Label: web.T(ctx, "Menunggu ringkasan harian", "Waits for the daily digest"), Tone: web.Info}
	case stateSending:
		return web.Badge{Label: web.T(ctx, "Sedang dikirim", "On its way"), Tone: web.Info}
	}
	return web.Badge{Label: web.T(ctx, "Menunggu", "Waiting"), Tone: web.Caution}
}

func wayOptions(ctx context.Context, selected Way) []web.Option {
	all := []web.Option{
		{Value: string(ByEmail), Label: web.T(ctx, "Surel, saat itu juga", "E-mail, at once")},
		{Value: string(ByDigest), Label: web.T(ctx, "Satu surel ringkasan tiap pagi", "One digest each morning")},
		{Value: string(InInbox), Label: web.T(ctx, "Kotak masuk saja", "Inbox only")},
	}
	for i := range all {
		all[i].Selected = all[i].Value == string(selected)
	}
	return all
}

func languageOptions(ctx context.Context, selected simpul.Language) []web.Option {
	return []web.Option{
		{Value: "", Label: web.T(ctx, "Seperti bahasa akun saya", "As my account's language"), Selected: selected == ""},
		{Value: "id", Label: "Bahasa Indonesia", Selected: selected == simpul.Indonesian},
		{Value: "en", Label: "English", Selected: selected == simpul.English},
	}
}

func stateOptions(ctx context.Context, selected string) []web.Option {
	all := []web.Option{{Value: "", Label: web.T(ctx, "Semua", "All"), Selected: selected == ""}}
	for _, state := range []string{stateQueued, stateGathered, stateSending, stateSent, stateDropped, stateDead} {
		all = append(all, web.Option{Value: state, Label: stateBadge(ctx, state).Label, Selected: state == selected})
	}
	return all
}

func letterRows(ctx context.Context, letters []Letter) [][]templ.Component {
	rows := make([][]templ.Component, len(letters))
	for i, l := range letters {
		rows[i] = []templ.Component{
			receiverCell(ctx, l), web.Text(subjectCell(ctx, l)), stateBadge(ctx, l.State),
			web.Text(l.Reason.In(web.Language(ctx))), web.Text(web.Number(ctx, l.Attempts)), web.Time{At: l.At}, web.Time{At: l.Next},
		}
	}
	return rows
}

func receiverCell(ctx context.Context, l Letter) templ.Component {
	if l.Kind == letterToStranger {
		return web.Text(web.T(ctx, "Orang yang diundang", "Somebody invited"))
	}
	return web.Mono(l.Account)
}

func subjectCell(ctx context.Context, l Letter) string {
	switch l.Kind {
	case copyOfDay:
		return web.T(ctx, "Ringkasan harian", "Daily digest")
	case letterToStranger:
		return web.T(ctx, "Undangan atau pemulihan", "Invitation or recovery")
	}
	return SubjectOf(l.Topic).Title.In(web.Language(ctx))
}

// opening is the state of news that the reader opens: read, unless it was done.
func opening(e Entry) State {
	if e.State == Done {
		return Done
	}
	return Read
}

// named tells buttons of the same words apart for those who hear the page.
func named(e Entry) templ.Attributes {
	return templ.Attributes{"aria-describedby": e.ID + "-title"}
}

func emptyTitle(ctx context.Context, v inboxView) string {
	if len(v.waiting) > 0 {
		return web.T(ctx, "Tidak ada kabar lain", "No other news")
	}
	return web.T(ctx, "Belum ada apa-apa di sini", "Nothing here yet")
}

func newsFilter(ctx context.Context, v inboxView) web.Link {
	switch {
	case v.unread:
		return web.Link{Label: web.T(ctx, "Tampilkan semua kabar", "Show all news"), Href: InboxPath}
	case len(v.news) == 0:
		return web.Link{}
	}
	return web.Link{Label: web.T(ctx, "Hanya yang belum dibaca", "Only unread"), Href: inboxAddress(true, "")}
}

func first(v inboxView) string {
	if !v.later {
		return ""
	}
	return inboxAddress(v.unread, "")
}

func firstLetters(v outboxView) string {
	if !v.later {
		return ""
	}
	return OutboxPath + "?" + url.Values{"state": {v.state}}.Encode()
}

func inboxTrail(ctx context.Context) []web.Link {
	return []web.Link{{Label: web.T(ctx, "Beranda", "Home"), Href: "/"}, {Label: web.T(ctx, "Kotak masuk", "Inbox"), Href: InboxPath}}
}
