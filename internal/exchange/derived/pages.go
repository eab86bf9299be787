package derived

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"simpul"
	"simpul/internal/platform/web"
)

// Path is where operators see the journal and what is derived from it.
const Path = "/bukti-hub"

// Pages are the screens.
type Pages struct {
	service *Service
	gate    web.Gate
}

// NewPages returns the screens.
func NewPages(s *Service, gate web.Gate) *Pages { return &Pages{s, gate.At(Path)} }

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.Handle("GET "+Path, p.gate.Admit(simpul.TendViews, p.show))
	mux.Handle("GET "+Path+"/{name}/bangun-ulang", p.gate.Admit(simpul.TendViews, p.confirm))
	mux.Handle("POST "+Path+"/{name}/bangun-ulang", p.gate.Form(simpul.TendViews, p.rebuild))
}

// anew leads to where a view is built anew; nowhere for one that is kept.
func anew(ctx context.Context, one Standing) web.Link {
	if one.Kept != nil {
		return web.Link{}
	}
	return web.Link{Label: web.T(ctx, "Bangun ulang", "Build anew"), Href: rebuildPath(one.Name)}
}

func rebuildPath(name string) string { return Path + "/" + name + "/bangun-ulang" }

// stateView is what the page shows.
type stateView struct {
	Journal State
	Views   []Standing
	Now     time.Time
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, _ simpul.Principal) {
	journal, err := p.service.Journal()
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	all, err := p.service.All(r.Context())
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, statePage(stateView{journal, all, p.service.now()}))
}

func (p *Pages) confirm(w http.ResponseWriter, r *http.Request, _ simpul.Principal) {
	one, err := p.service.Get(r.Context(), r.PathValue("name"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	if one.Kept != nil {
		web.Fail(w, r, one.Kept)
		return
	}
	web.Render(w, r, http.StatusOK, confirmPage(one))
}

func (p *Pages) rebuild(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	if err := p.service.Rebuild(r.Context(), who, r.PathValue("name")); err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, Path, http.StatusSeeOther)
}

func records[N uint64 | int](ctx context.Context, n N) string {
	if n == 1 {
		return web.T(ctx, "1 catatan", "1 record")
	}
	return web.Number(ctx, int64(n)) + web.T(ctx, " catatan", " records")
}

// behindWords says in plain words how far a position is behind.
func behindWords(ctx context.Context, p Position, now time.Time) string {
	switch behind := p.Behind(); {
	case p.Trouble != "":
		return p.Why.In(web.Language(ctx))
	case p.Again:
		return web.T(ctx, "sedang dibangun ulang: ", "being built anew: ") + records(ctx, p.Sequence) + web.T(ctx, " dari ", " of ") + records(ctx, max(p.Seen, p.Sequence))
	case behind == 0 && !p.Ended.IsZero():
		return web.T(ctx, "selesai", "finished")
	case behind == 0 && p.Here:
		return web.T(ctx, "tidak tertinggal", "not behind")
	case behind == 0 && p.At.IsZero():
		return web.T(ctx, "tidak diketahui sampai ada catatan baru", "not known until there is a new record")
	case behind == 0:
		return web.T(ctx, "tidak tertinggal saat terakhir membaca", "not behind when it read last")
	case p.Age(now) > 0:
		return web.T(ctx, "tertinggal ", "behind by ") + records(ctx, behind) + web.T(ctx, "; yang tertua menunggu ", "; the oldest waits for ") + age(ctx, p.Age(now))
	default:
		return web.T(ctx, "tertinggal ", "behind by ") + records(ctx, behind)
	}
}

// age writes how long something waits, in its largest unit.
func age(ctx context.Context, d time.Duration) string {
	amount := func(n time.Duration, id, one, many string) string {
		if n == 1 {
			return "1 " + web.T(ctx, id, one)
		}
		return web.Number(ctx, int64(n)) + " " + web.T(ctx, id, many)
	}
	switch {
	case d >= 48*time.Hour:
		return amount(d/(24*time.Hour), "hari", "day", "days")
	case d >= 2*time.Hour:
		return amount(d/time.Hour, "jam", "hour", "hours")
	case d >= 2*time.Minute:
		return amount(d/time.Minute, "menit", "minute", "minutes")
	}
	return amount(d.Round(time.Second)/time.Second, "detik", "second", "seconds")
}

func standingBadge(ctx context.Context, s Standing) web.Badge {
	switch behind := s.Behind(); {
	case s.stands():
		return web.Badge{Label: web.T(ctx, "Berhenti", "Stands still"), Tone: web.Bad}
	case s.Again():
		return web.Badge{Label: web.T(ctx, "Dibangun ulang", "Being rebuilt"), Tone: web.Info}
	case behind == 0:
		return web.Badge{Label: web.T(ctx, "Mutakhir", "Up to date"), Tone: web.Good}
	case behind < fewRecords:
		return web.Badge{Label: web.T(ctx, "Mengejar", "Catching up"), Tone: web.Info}
	}
	return web.Badge{Label: web.T(ctx, "Tertinggal", "Behind"), Tone: web.Caution}
}

// fewRecords are read within a moment.
const fewRecords = 5000

func positionColumns(ctx context.Context) []web.Column {
	return []web.Column{{Label: web.T(ctx, "Jurnal", "Journal")}, {Label: web.T(ctx, "Dibaca sampai", "Read up to"), Numeric: true},
		{Label: web.T(ctx, "Keadaan", "State")}, {Label: web.T(ctx, "Disimpan", "Stored")}}
}

func positionRows(ctx context.Context, s Standing, now time.Time) (rows [][]templ.Component) {
	for _, p := range s.Positions {
		var name templ.Component = web.Mono(short(p.Journal))
		if p.Here {
			name = web.Text(short(p.Journal) + web.T(ctx, " (proses ini)", " (this process)"))
		}
		if !p.Ended.IsZero() {
			name = web.Text(short(p.Journal) + web.T(ctx, " (berakhir ", " (ended ") + web.Date(ctx, p.Ended) + ")")
		}
		rows = append(rows, []templ.Component{name, web.Text(web.Number(ctx, int64(p.Sequence))), web.Text(behindWords(ctx, p, now)), web.Text(web.Moment(ctx, p.At))})
	}
	return rows
}

// short is enough of a journal's identity to tell it from others.
func short(id string) string { return id[:min(len(id), 8)] }

func files(ctx context.Context, n int) string {
	if n == 1 {
		return web.T(ctx, "1 berkas", "1 file")
	}
	return web.Number(ctx, n) + web.T(ctx, " berkas", " files")
}

func journalFacts(ctx context.Context, s State) []web.Fact {
	torn := web.T(ctx, "tidak ada sisa penulisan yang terputus", "no rest of an interrupted write")
	if s.Torn > 0 {
		torn = web.T(ctx, "sisa penulisan yang terputus dibuang: ", "rest of an interrupted write removed: ") + web.Number(ctx, s.Torn) + web.T(ctx, " bita, tanpa satu pun catatan yang sudah diakui", " bytes, without any record that was acknowledged")
	}
	checked := files(ctx, s.Verified) + web.T(ctx, " terbaru diperiksa seluruhnya; ", ", the newest, checked in full; ") + torn
	return []web.Fact{
		{Term: web.T(ctx, "Nomor jurnal", "Journal"), Value: web.Mono(s.ID)},
		{Term: web.T(ctx, "Di cakram sampai catatan", "On disk up to record"), Value: web.Text(web.Number(ctx, int64(s.Durable)) + web.T(ctx, " dari ", " of ") + web.Number(ctx, int64(s.Last)))},
		{Term: web.T(ctx, "Ukuran di cakram", "Size on disk"), Value: web.Text(web.Bytes(ctx, s.Bytes) + web.T(ctx, " dalam ", " in ") + files(ctx, s.Segments))},
		{Term: web.T(ctx, "Pembukaan terakhir", "Last opening"), Value: web.Text(checked)},
	}
}
