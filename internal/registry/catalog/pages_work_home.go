package catalog

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"simpul"
	"simpul/internal/platform/web"
)

// goodQuality is the score from which a live LID is left in peace.
const goodQuality = 70

// homeView is the page of one's own LID.
type homeView struct {
	work
	submission
	Form  *form
	Links []web.Link
	News  news
}

// news is what just happened, in words; empty for nothing.
type news struct {
	Title, Text string
	Proposal    string
}

// todo is the one thing to do next.
type todo struct {
	Text  string
	Label string
	Href  string // "" where nobody here can act
}

func (p *Workplace) home(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	v, err := p.open(r, who)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	if v.begun() {
		http.Redirect(w, r, workPath(v.ID, sectionWords), http.StatusSeeOther)
		return
	}
	p.showHome(w, r, http.StatusOK, v, &form{values: url.Values{}})
}

func (p *Workplace) showHome(w http.ResponseWriter, r *http.Request, status int, v work, f *form) {
	view := homeView{work: v, Form: f}
	var err error
	if view.submission, err = p.submission(r.Context(), v); err != nil {
		web.Fail(w, r, err)
		return
	}
	if p.Also != nil {
		view.Links = p.Also(r.Context(), v.Who, v.address(), v.Spec)
	}
	if status == http.StatusOK {
		view.News = v.news(r)
	}
	web.Render(w, r, status, homePage(view))
}

// news reads from the address what the page before it did.
func (v work) news(r *http.Request) news {
	ctx, q := r.Context(), r.URL.Query()
	switch {
	case q.Has("diajukan"):
		return news{Title: web.T(ctx, "Sudah diajukan", "Submitted"), Text: v.expects(ctx)}
	case q.Has("terbit"):
		return news{Title: web.T(ctx, "Sudah terbit", "Published"), Text: web.T(ctx, "LID ini tampak di katalog dan dapat dipanggil dengan izin.", "This LID is in the catalogue and can be called with a grant.")}
	case proposalOf(r) != "":
		return news{Title: web.T(ctx, "Menunggu orang kedua", "Waits for a second person"), Text: web.T(ctx, "Perubahan ini baru berlaku setelah disetujui orang lain yang berwenang.", "This change counts once another person who may approves it."), Proposal: proposalOf(r)}
	case q.Has("tersimpan"):
		return news{Title: web.T(ctx, "Tersimpan", "Stored"), Text: web.T(ctx, "Perubahan Anda sudah berlaku.", "Your change is in effect.")}
	}
	return news{}
}

// expects says plainly who acts next, and by when.
func (v work) expects(ctx context.Context) string {
	next := v.Stand.next()
	if next.Step == "" {
		return ""
	}
	text := web.T(ctx, "Langkah berikutnya, ", "The next step, ") + next.Title.In(web.Language(ctx)) + web.T(ctx, ", ada pada ", ", is with ") + next.Who.In(web.Language(ctx))
	switch {
	case !v.Stand.Due.IsZero():
		text += web.T(ctx, ", paling lambat ", ", by ") + web.Date(ctx, v.Stand.Due)
	case next.Days > 0:
		text += web.T(ctx, ", dalam ", ", within ") + web.Number(ctx, next.Days) + web.T(ctx, " hari kerja", plural(next.Days, " working day", " working days"))
	}
	return text + "."
}

// todo is what the reader does next with the LID.
func (v work) todo(ctx context.Context) todo {
	if v.begun() {
		return todo{web.T(ctx, "Kontraknya sudah ada, alamatnya belum.", "It has a contract, and no address yet."), web.T(ctx, "Pilih alamat", "Choose an address"), workPath(v.ID, sectionWords)}
	}
	if v.Spec.State == Draft {
		return v.todoOfDraft(ctx)
	}
	if v.Spec.State == Retired {
		return todo{Text: web.T(ctx, "LID ini sudah berakhir.", "This LID has ended.")}
	}
	if report := v.quality(); report.Score < goodQuality {
		worst := report.Mend()[0]
		return todo{web.T(ctx, "Keterangannya dapat lebih baik: ", "Its description can be better: ") + worst.Remedy.In(web.Language(ctx)), web.T(ctx, "Benahi", "Mend it"), workPath(v.ID, sectionOfPlace(worst.Place))}
	}
	return todo{web.T(ctx, "LID ini terbit. Lihat siapa yang meminta akses.", "This LID is published. See who asks for access."), web.T(ctx, "Permohonan akses", "Requests for access"), "/akses/masuk"}
}

func (v work) todoOfDraft(ctx context.Context) todo {
	if key := v.firstGap(); key != "" {
		s, _ := sectionOf(key)
		return todo{s.Title.In(web.Language(ctx)) + web.T(ctx, " belum lengkap: ", " lacks ") + inWords(ctx, s.missing(v.Spec, v.Read)) + ".", web.T(ctx, "Lengkapi", "Complete it"), workPath(v.ID, key)}
	}
	next := v.Stand.next()
	switch {
	case next.Need == simpul.WriteLIDs:
		return todo{web.T(ctx, "Semua yang wajib sudah terisi. Periksa sekali lagi, lalu ajukan.", "All that is required is there. Look once more, then submit it."), web.T(ctx, "Periksa dan ajukan", "Check and submit"), workPath(v.ID, sectionSubmit)}
	case next.Need != "" && v.Who.Can(next.Need):
		return todo{web.T(ctx, "Penyedia sudah mengajukannya; Anda yang memutuskan.", "The provider has submitted it; you decide."), web.T(ctx, "Periksa dan putuskan", "Check and decide"), workPath(v.ID)}
	}
	return todo{Text: web.T(ctx, "Anda tidak perlu berbuat apa-apa sekarang. ", "There is nothing for you to do now. ") + v.expects(ctx)}
}

// sectionOfPlace is the section in which a place of a resource file is written.
func sectionOfPlace(place string) string {
	switch name, _, _ := strings.Cut(strings.TrimPrefix(place, "spec."), "."); name {
	case "contract":
		return sectionContract
	case "personalData", "licence", "legalBasis", "class":
		return sectionLaw
	case "contacts", "frequency", "serviceLevel", "coverage", "examples", "sandbox", "upstream":
		return sectionService
	case "standards":
		return sectionFields
	}
	return sectionWords
}

// decides reports whether the reader is the one whom the LID waits for, to be
// registered.
func (v work) decides() bool {
	return v.Spec.State == Draft && v.Stand.next().Need == simpul.RegisterLIDs && v.operates()
}
