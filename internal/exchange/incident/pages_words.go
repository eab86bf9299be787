package incident

import (
	"context"
	"slices"
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
	case c.Reported() && c.ReportedAt().After(c.DueAt()):
		return web.Caution
	case c.Reported():
		return web.Good
	case c.Closed(): // nobody had to be told
		return web.Neutral
	case left <= 12*time.Hour:
		return web.Bad
	case left <= 48*time.Hour:
		return web.Caution
	}
	return web.Info
}

// clockWords is the state of a case in a few words.
func clockWords(ctx context.Context, c Case, now time.Time) string {
	switch left := c.Left(now); {
	case c.Closed():
		return web.T(ctx, "Ditutup", "Closed")
	case c.Reported() && c.ReportedAt().After(c.DueAt()):
		return web.T(ctx, "Diberitahukan terlambat", "Notice sent late")
	case c.Reported():
		return web.T(ctx, "Diberitahukan", "Notice sent")
	case left < 0:
		return web.T(ctx, "Tenggat lewat ", "Overdue by ") + span(ctx, left)
	default:
		return web.T(ctx, "Tersisa ", "Left: ") + span(ctx, left)
	}
}

// clockTitle is the state of a case as its page says it.
func clockTitle(ctx context.Context, c Case, now time.Time) string {
	switch {
	case c.Closed():
		return web.T(ctx, "Insiden ini ditutup ", "This incident was closed ") + localMoment(ctx, c.ClosedAt, c.Question.Zone) + web.T(ctx, " oleh ", " by ") + c.ClosedBy
	case c.Reported() && c.ReportedAt().After(c.DueAt()):
		return web.T(ctx, "Pemberitahuan terkirim, ", "The notice was sent, ") + span(ctx, c.ReportedAt().Sub(c.DueAt())) + web.T(ctx, " sesudah tenggat", " after the term")
	case c.Reported():
		return web.T(ctx, "Pemberitahuan terkirim sebelum tenggat", "The notice was sent within the term")
	}
	return clockWords(ctx, c, now)
}

func clockText(ctx context.Context, c Case) string {
	due := localMoment(ctx, c.DueAt(), c.Question.Zone)
	if c.Closed() || c.Reported() {
		return web.T(ctx, "Tenggatnya ", "It was due by ") + due + web.T(ctx, " (3 × 24 jam, UU 27/2022 Pasal 46).", " (3 × 24 hours, UU 27/2022 article 46).")
	}
	return web.T(ctx, "Pemberitahuan tertulis paling lambat ", "The written notice is due by ") + due + web.T(ctx, " (3 × 24 jam, UU 27/2022 Pasal 46).", " (3 × 24 hours, UU 27/2022 article 46).")
}

// toldWords says when somebody got the notice.
func toldWords(ctx context.Context, at time.Time, c Case) string {
	switch {
	case !at.IsZero():
		return web.T(ctx, "diberi tahu ", "told ") + localMoment(ctx, at, c.Question.Zone)
	case c.Closed():
		return web.T(ctx, "tidak diberi tahu", "not told")
	}
	return web.T(ctx, "belum diberi tahu", "not told yet")
}

// keptWords says how long a case is kept.
func keptWords(ctx context.Context, c Case) string {
	if c.Closed() {
		return web.T(ctx, "Insiden ini dihapus bila masa simpannya lewat sejak ditutup, kecuali ditahan. Angka dan surat tetap dapat diunduh sampai saat itu.", "The incident is dropped once its retention has passed since it was closed, unless it is on hold. Figures and letters can be downloaded until then.")
	}
	return web.T(ctx, "Selama terbuka, insiden ini tidak dihapus. Masa simpan dihitung sejak ditutup.", "While it is open, the incident is not dropped. Its retention counts from when it is closed.")
}

// fileFacts are the letters and lists that can be downloaded.
func fileFacts(ctx context.Context, id string) []web.Fact {
	at := PagePath(id)
	return []web.Fact{
		{Term: web.T(ctx, "Surat kepada orang yang terdampak", "Letter to those affected"), Value: twoLinks(web.Link{Label: "PDF, Indonesia", Href: at + "/surat.pdf"}, web.Link{Label: "PDF, English", Href: at + "/surat.pdf?bahasa=en"})},
		{Term: web.T(ctx, "Surat kepada lembaga", "Letter to the institution"), Value: twoLinks(web.Link{Label: "PDF, Indonesia", Href: at + "/surat-lembaga.pdf"}, web.Link{Label: "PDF, English", Href: at + "/surat-lembaga.pdf?bahasa=en"})},
		{Term: web.T(ctx, "Daftar nama samaran yang terdampak", "List of the pseudonyms affected"), Value: twoLinks(web.Link{Label: "CSV", Href: at + "/terdampak.csv"}, web.Link{Label: "JSON", Href: at + "/terdampak.json"})},
	}
}

// reportOptions are who has not got the notice yet.
func reportOptions(ctx context.Context, c Case, f reportForm) (all []web.Option) {
	for _, one := range []struct {
		deed   Deed
		at     time.Time
		id, en string
	}{{ToldPersons, c.PersonsAt, "Orang yang terdampak", "Those affected"}, {ToldAuthority, c.AuthorityAt, "Lembaga pelindungan data pribadi", "The data-protection institution"}} {
		if one.at.IsZero() {
			all = append(all, web.Option{Value: string(one.deed), Label: web.T(ctx, one.id, one.en), Selected: slices.Contains(f.To, string(one.deed))})
		}
	}
	return all
}

// localMoment writes a time on the clock of the case.
func localMoment(ctx context.Context, t time.Time, z Zone) string {
	t = t.In(z.Location())
	return web.Date(ctx, time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, WIB.Location())) + web.T(ctx, " ", ", ") + t.Format(web.T(ctx, "15.04", "15:04")) + " " + string(z)
}

func listColumns(ctx context.Context) []web.Column {
	return []web.Column{{Label: web.T(ctx, "Aplikasi", "Application")}, {Label: web.T(ctx, "Nomor", "Number")}, {Label: web.T(ctx, "Orang", "Persons"), Numeric: true},
		{Label: web.T(ctx, "Diketahui", "Known")}, {Label: web.T(ctx, "Tenggat", "Due")}, {Label: web.T(ctx, "Keadaan", "State")}}
}

func listRows(ctx context.Context, v listView) (rows [][]templ.Component) {
	for _, c := range v.Cases {
		rows = append(rows, []templ.Component{
			web.Link{Label: string(c.Question.Application), Href: PagePath(c.ID)}, web.Mono(c.ID),
			web.Text(personsShort(ctx, c.Answer)), web.Text(localMoment(ctx, c.NotedAt, c.Question.Zone)), web.Text(localMoment(ctx, c.DueAt(), c.Question.Zone)),
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
		web.Fact{Term: web.T(ctx, "Insiden diketahui", "Incident became known"), Value: web.Text(localMoment(ctx, c.NotedAt, q.Zone))},
		web.Fact{Term: web.T(ctx, "Dicatat", "Recorded"), Value: web.Text(localMoment(ctx, c.CreatedAt, q.Zone) + web.T(ctx, " oleh ", " by ") + c.NotedBy)},
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
		rows = append(rows, []templ.Component{lid, web.Text(fieldWords(d).In(web.Language(ctx))), web.Text(web.Number(ctx, d.Persons)), web.Text(web.Number(ctx, d.Exchanges)),
			web.Text(localMoment(ctx, d.First, c.Question.Zone)), web.Text(localMoment(ctx, d.Last, c.Question.Zone))})
	}
	return rows
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
		text := n.Text
		if deed := deedWords(ctx, n, c.Question.Zone); deed != "" {
			text = deed + ": " + text
		}
		facts = append(facts, web.Fact{Term: localMoment(ctx, n.At, c.Question.Zone) + " · " + n.By, Value: web.Text(text)})
	}
	return facts
}

// deedWords says what a note tells that was done.
func deedWords(ctx context.Context, n Note, z Zone) string {
	switch n.Deed {
	case ToldPersons:
		return web.T(ctx, "Orang yang terdampak diberi tahu ", "Those affected were told ") + localMoment(ctx, n.Is, z)
	case ToldAuthority:
		return web.T(ctx, "Lembaga diberi tahu ", "The institution was told ") + localMoment(ctx, n.Is, z)
	case ToldBoth:
		return web.T(ctx, "Orang yang terdampak dan lembaga diberi tahu ", "Those affected and the institution were told ") + localMoment(ctx, n.Is, z)
	case Redated:
		return web.T(ctx, "Saat diketahui diubah dari ", "When it became known was changed from ") + localMoment(ctx, n.Was, z) + web.T(ctx, " menjadi ", " to ") + localMoment(ctx, n.Is, z)
	case Held:
		return web.T(ctx, "Ditahan dari penghapusan", "Put on hold")
	case Released:
		return web.T(ctx, "Dilepas dari penahanan", "The hold ended")
	case Closed:
		return web.T(ctx, "Ditutup", "Closed")
	}
	return ""
}

func monthsWords(ctx context.Context, a Answer) string {
	var parts []string
	for _, m := range a.Months {
		parts = append(parts, monthWords(m.Month).In(web.Language(ctx))+": "+web.Number(ctx, m.Persons))
	}
	return strings.Join(parts, ", ")
}

func wrongLines(m Match) string {
	var parts []string
	for _, n := range m.Wrong {
		parts = append(parts, strconv.Itoa(n))
	}
	return strings.Join(parts, ", ")
}

// zoneOptions are the zones with the places whose clock they are.
func zoneOptions(ctx context.Context, chosen string) (all []web.Option) {
	places := map[Zone]string{
		WIB:  web.T(ctx, "WIB – Sumatera, Jawa, Kalimantan Barat dan Tengah", "WIB – Sumatra, Java, western and central Kalimantan"),
		WITA: web.T(ctx, "WITA – Bali, Nusa Tenggara, Sulawesi, Kalimantan lainnya", "WITA – Bali, Nusa Tenggara, Sulawesi, the rest of Kalimantan"),
		WIT:  web.T(ctx, "WIT – Maluku, Papua", "WIT – Maluku, Papua"),
	}
	for _, z := range Zones() {
		all = append(all, web.Option{Value: string(z), Label: places[z], Selected: string(z) == chosen})
	}
	return all
}

// nobodyWords says what it means that no person is recorded.
func nobodyWords(ctx context.Context, a Answer) string {
	text := web.T(ctx, "Dalam waktu itu tidak ada pertukaran aplikasi ini yang menyebut orangnya, sejauh Anda boleh melihat. Periksa nama aplikasi dan waktunya.", "Within that time no exchange of this application names a person, as far as you may see. Check the application's name and the time.")
	if a.Gaps() {
		text += web.T(ctx, " Baca juga di atas apa yang tidak diketahui hub.", " Read above what the hub does not know, too.")
	}
	return text
}
