package violation

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/a-h/templ"

	"simpul"
	"simpul/internal/platform/web"
)

func in(ctx context.Context, w Words) string { return simpul.Text(w).In(web.Language(ctx)) }

// checkBadges say what is held to the contract now.
func checkBadges(ctx context.Context, c simpul.Checks) []web.Badge {
	return []web.Badge{
		modeBadge(ctx, web.T(ctx, "Permintaan", "Requests"), c.Request),
		modeBadge(ctx, web.T(ctx, "Jawaban", "Answers"), c.Response),
	}
}

func modeBadge(ctx context.Context, what string, c simpul.Check) web.Badge {
	switch c {
	case simpul.CheckEnforce:
		return web.Badge{Label: what + ": " + web.T(ctx, "diwajibkan", "enforced"), Tone: web.Good}
	case simpul.CheckObserve:
		return web.Badge{Label: what + ": " + web.T(ctx, "diamati", "observed"), Tone: web.Info}
	}
	return web.Badge{Label: what + ": " + web.T(ctx, "tidak diperiksa", "not checked")}
}

func off(c simpul.Checks) bool {
	looks := func(c simpul.Check) bool { return c == simpul.CheckObserve || c == simpul.CheckEnforce }
	return !looks(c.Request) && !looks(c.Response)
}

// lead is the first sentence of the page.
func lead(ctx context.Context, v view) string {
	if v.Own {
		return web.T(ctx, "Apa yang tidak sesuai kontrak pada panggilan dan jawaban LID ini. Hub mencatat tempat dan harapannya, tidak pernah isinya.",
			"What in calls and answers of this LID is not as its contract says. The hub notes the place and what is expected, never the content.")
	}
	return web.T(ctx, "Apa yang tidak sesuai kontrak pada permintaan instansi Anda ke LID ini. Hub mencatat tempat dan harapannya, tidak pernah isinya.",
		"What in your agency's requests to this LID is not as its contract says. The hub notes the place and what is expected, never the content.")
}

func total(ctx context.Context, v view, d Direction) string {
	sum := int64(0)
	for _, day := range v.ByDay {
		if d == Request {
			sum += day.Requests
		} else {
			sum += day.Responses
		}
	}
	return web.Number(ctx, sum)
}

func refused(ctx context.Context, v view) string {
	sum := int64(0)
	for _, g := range v.Groups {
		sum += g.Refused
	}
	return web.Number(ctx, sum)
}

func period(ctx context.Context, v view) string {
	return fmt.Sprintf(web.T(ctx, "%d hari terakhir", "last %d days"), v.Days)
}

// trend is the course by day, requests and answers together.
func trend(ctx context.Context, v view) web.Trend {
	t := web.Trend{Title: web.T(ctx, "Pelanggaran per hari", "Violations by day"), When: web.T(ctx, "Hari", "Day"), Unit: web.T(ctx, "Pelanggaran", "Violations")}
	for _, d := range v.ByDay {
		p := web.Point{Label: dayLabel(ctx, d), Value: float64(d.Requests + d.Responses)}
		if v.Own && d.Requests > 0 && d.Responses > 0 {
			p.Shown = fmt.Sprintf(web.T(ctx, "%s (permintaan %s, jawaban %s)", "%s (requests %s, answers %s)"),
				web.Number(ctx, d.Requests+d.Responses), web.Number(ctx, d.Requests), web.Number(ctx, d.Responses))
		}
		t.Points = append(t.Points, p)
	}
	return t
}

func dayLabel(ctx context.Context, d Day) string {
	day, err := time.ParseInLocation(time.DateOnly, d.Date, jakarta)
	if err != nil {
		return d.Date
	}
	return web.Date(ctx, day)
}

// of are the groups of one direction.
func (v view) of(d Direction) (groups []Group) {
	for _, g := range v.Groups {
		if g.Direction == d {
			groups = append(groups, g)
		}
	}
	return groups
}

// title says what is wrong in a group.
func title(ctx context.Context, g Group) string {
	switch g.Keyword {
	case other:
		return web.T(ctx, "Terlalu banyak jenis untuk dibedakan", "Too many kinds to tell apart")
	case "unchecked":
		return web.T(ctx, "Terlalu besar untuk diperiksa", "Too large to be checked")
	case "cost":
		return web.T(ctx, "Terlalu rumit untuk diperiksa", "Too complex to be checked")
	case "required":
		return web.T(ctx, "Ada yang wajib tetapi tidak ada", "Something required is missing")
	case "additionalProperties", "unevaluatedProperties", "false":
		return web.T(ctx, "Ada anggota yang tidak dikenal kontrak", "A member that the contract does not know")
	case "type":
		return web.T(ctx, "Jenis nilainya lain", "The value is of another type")
	case "json", "duplicate", "depth", "size", "number":
		return web.T(ctx, "JSON-nya tidak dapat dibaca dengan satu cara", "JSON that cannot be read in one way")
	case "mediaType", "encoding":
		return web.T(ctx, "Jenis medianya lain dari kontrak", "Another media type than the contract has")
	case "status":
		return web.T(ctx, "Status jawaban tidak ada dalam kontrak", "The contract does not have the status of the answer")
	case "undeclared":
		return web.T(ctx, "Ada isi yang tidak disebut kontrak", "A body that the contract does not mention")
	}
	if words, ok := byRule()[g.Keyword]; ok {
		return words.In(web.Language(ctx))
	}
	return web.T(ctx, "Nilainya tidak sesuai aturan ", "The value does not meet ") + g.Keyword
}

// byRule says in plain words which rule of a schema a value does not meet.
func byRule() map[string]simpul.Text {
	return map[string]simpul.Text{
		"minimum": {ID: "Nilainya terlalu kecil", EN: "The value is too small"}, "exclusiveMinimum": {ID: "Nilainya terlalu kecil", EN: "The value is too small"},
		"maximum": {ID: "Nilainya terlalu besar", EN: "The value is too large"}, "exclusiveMaximum": {ID: "Nilainya terlalu besar", EN: "The value is too large"},
		"multipleOf": {ID: "Nilainya bukan kelipatan yang diminta", EN: "The value is not the multiple that is asked for"},
		"pattern":    {ID: "Bentuk tulisannya lain", EN: "The value is written in another form"}, "format": {ID: "Bentuk tulisannya lain", EN: "The value is written in another form"},
		"minLength": {ID: "Teksnya terlalu pendek", EN: "The text is too short"}, "maxLength": {ID: "Teksnya terlalu panjang", EN: "The text is too long"},
		"minItems": {ID: "Isinya terlalu sedikit", EN: "There are too few items"}, "maxItems": {ID: "Isinya terlalu banyak", EN: "There are too many items"},
		"enum": {ID: "Nilainya tidak ada dalam pilihan", EN: "The value is none of the choices"}, "const": {ID: "Nilainya bukan yang ditetapkan", EN: "The value is not the one that is set"},
	}
}

// directionTitle heads the groups of one direction.
func directionTitle(ctx context.Context, d Direction) string {
	if d == Response {
		return web.T(ctx, "Jawaban layanan", "Answers of the service")
	}
	return web.T(ctx, "Permintaan pemanggil", "Requests of callers")
}

// remedy says what to do about the violations of a direction, by who reads it.
func remedy(ctx context.Context, v view, d Direction) string {
	switch {
	case d == Response:
		return web.T(ctx, "Perbaiki layanan di tempat yang disebut. Bila layanannya benar, perbaiki kontraknya dan terbitkan versi baru.", "Mend the service at the places that are named. If the service is right, mend the contract and publish a new version.")
	case v.Own:
		return web.T(ctx, "Beri tahu pemanggil di bawah. Bila semuanya keliru di tempat yang sama, kontraknya mungkin kurang jelas: tambahkan contoh.", "Tell those who call, listed below. If all of them err at the same place, the contract may be unclear: add an example.")
	}
	return web.T(ctx, "Sesuaikan aplikasi Anda dengan kontrak LID di katalog.", "Fit your application to the LID's contract in the catalogue.")
}

// special is what to do about kinds that are no matter of the schema.
func special(ctx context.Context, g Group) string {
	switch {
	case g.Keyword == "unchecked" && g.Direction == Response:
		return web.T(ctx, "Batasi banyaknya baris dalam satu jawaban, atau biarkan pemeriksaan mengamati saja.", "Limit the rows in one answer, or let the check only observe.")
	case g.Keyword == "unchecked":
		return web.T(ctx, "Kirim isi yang lebih kecil, dalam beberapa panggilan.", "Send a smaller body, in several calls.")
	case g.Keyword == "cost":
		return web.T(ctx, "Sederhanakan skemanya: kurangi cabang anyOf dan oneOf yang merujuk dirinya sendiri, dan pola yang panjang.", "Make the schema simpler: fewer branches of anyOf and oneOf that refer to themselves, and shorter patterns.")
	}
	return ""
}

// quiet says that nothing is wrong, and what that allows.
func quiet(ctx context.Context, v view) string {
	if v.Checks.Request == simpul.CheckObserve || v.Checks.Response == simpul.CheckObserve {
		return web.T(ctx, "Semua yang diperiksa dalam waktu ini sesuai kontraknya. Sekarang saat yang baik untuk mewajibkan pemeriksaannya.", "Everything that was checked in this time meets the contract. Now is a good time to enforce the checks.")
	}
	return web.T(ctx, "Semua yang diperiksa dalam waktu ini sesuai kontraknya.", "Everything that was checked in this time meets the contract.")
}

// history is since when there is a group, and when it was met last.
func history(ctx context.Context, v view, g Group) string {
	parts := []string{web.T(ctx, "Sejak ", "Since ") + since(ctx, g), web.T(ctx, "terakhir ", "last ") + web.Moment(ctx, g.LastHour)}
	if v.Own && g.Applications > 1 {
		parts = append(parts, fmt.Sprintf(web.T(ctx, "%s aplikasi", "%s applications"), web.Number(ctx, g.Applications)))
	}
	return strings.Join(parts, " · ")
}

func since(ctx context.Context, g Group) string {
	day := web.Date(ctx, g.FirstHour)
	if g.FirstVersion == "" {
		return day
	}
	return fmt.Sprintf(web.T(ctx, "versi %s, %s", "version %s, %s"), g.FirstVersion, day)
}

// often says how many there were.
func often(ctx context.Context, g Group) web.Badge {
	label := fmt.Sprintf(web.T(ctx, "%s kali", "%s times"), web.Number(ctx, g.Count))
	switch {
	case g.Refused == g.Count:
		return web.Badge{Label: label + web.T(ctx, ", ditolak", ", refused"), Tone: web.Bad}
	case g.Refused > 0:
		return web.Badge{Label: label + fmt.Sprintf(web.T(ctx, ", %s ditolak", ", %s refused"), web.Number(ctx, g.Refused)), Tone: web.Bad}
	}
	return web.Badge{Label: label + web.T(ctx, ", diteruskan", ", passed on"), Tone: web.Caution}
}

func callerRows(ctx context.Context, v view) [][]templ.Component {
	rows := make([][]templ.Component, len(v.Callers))
	for i, c := range v.Callers {
		rows[i] = []templ.Component{web.Mono(string(c.Application)), web.Text(web.Number(ctx, c.Count))}
	}
	return rows
}

func periods(ctx context.Context, v view) (all []web.Button) {
	for _, days := range []int{7, 30, 90} {
		b := web.Button{Label: fmt.Sprintf(web.T(ctx, "%d hari", "%d days"), days), Href: fmt.Sprintf("%s?hari=%d", PagePath(v.LID), days), Weight: web.Quiet, Small: true}
		if days == v.Days {
			b.Weight = web.Secondary
		}
		all = append(all, b)
	}
	return all
}
