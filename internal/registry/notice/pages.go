package notice

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// Addresses of the screens.
const (
	InboxPath       = "/kotak-masuk"
	PreferencesPath = "/kotak-masuk/preferensi"
	OutboxPath      = "/kotak-masuk/surel"
)

const (
	perPage = 30
	maxForm = 8 << 10 // bytes
)

// Pages are the screens of the room.
type Pages struct {
	service *Service
	gate    web.Gate
	mailing bool // mail is configured in this process
	now     clock.Clock
}

// NewPages returns the screens. mailing says whether letters go out at all.
func NewPages(s *Service, gate web.Gate, mailing bool, now clock.Clock) *Pages {
	return &Pages{s, gate.At(InboxPath), mailing, now}
}

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.Handle("GET "+InboxPath, p.gate.Known(p.inbox))
	mux.Handle("POST "+InboxPath, p.gate.Known(p.readAll))
	mux.Handle("POST "+InboxPath+"/{id}", p.gate.Known(p.mark))
	mux.Handle("GET "+PreferencesPath, p.gate.Known(p.preferences))
	mux.Handle("POST "+PreferencesPath, p.gate.Known(p.prefer))
	mux.Handle("GET "+OutboxPath, p.gate.Known(p.outbox))
}

// inboxView is what the inbox shows.
type inboxView struct {
	program bool // a token is signed in, which has no inbox
	unread  bool // only what was not read
	later   bool // a further page
	waiting []Entry
	news    []Entry
	next    string // address of the next page
	outbox  bool   // the visitor may see what became of letters
	now     time.Time
}

func (p *Pages) inbox(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	v := inboxView{now: p.now(), outbox: visitor.Can(simpul.ReadAccounts)}
	if visitor.Account == "" {
		v.program = true
		web.Render(w, r, http.StatusOK, inboxPage(v))
		return
	}
	cursor, err := httpapi.DecodeCursor(r.URL.Query().Get("cursor"))
	if err == nil {
		v.unread, v.later = r.URL.Query().Get("unread") != "", cursor != ""
		err = p.fill(r.Context(), &v, visitor, cursor)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, inboxPage(v))
}

func (p *Pages) fill(ctx context.Context, v *inboxView, visitor simpul.Principal, cursor string) (err error) {
	if !v.later {
		if v.waiting, err = p.service.Waiting(ctx, visitor.Account); err != nil {
			return err
		}
	}
	news, next, err := p.service.List(ctx, visitor, Filter{Unread: v.unread, News: true}, cursor, perPage)
	v.news = news
	if next != "" {
		v.next = inboxAddress(v.unread, httpapi.EncodeCursor(next))
	}
	return err
}

func inboxAddress(unread bool, cursor string) string {
	q := url.Values{}
	if unread {
		q.Set("unread", "1")
	}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	if len(q) == 0 {
		return InboxPath
	}
	return InboxPath + "?" + q.Encode()
}

// mark changes one entry, and then leads to where the reader acts, or back.
func (p *Pages) mark(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	form, err := readForm(w, r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	e, err := p.service.Mark(r.Context(), visitor, r.PathValue("id"), State(form.Get("state")))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	to := inboxAddress(form.Get("unread") != "", "")
	if form.Get("open") != "" && e.Link != "" {
		to = e.Link
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (p *Pages) readAll(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	if err := p.service.ReadAll(r.Context(), visitor); err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, InboxPath, http.StatusSeeOther)
}

// preferencesView is what the preferences screen shows.
type preferencesView struct {
	prefs   Preferences
	saved   bool
	mailing bool
	dead    Letter
	failed  bool // dead is a letter that could not go
}

func (p *Pages) preferences(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	v := preferencesView{saved: r.URL.Query().Get("saved") != "", mailing: p.mailing}
	var err error
	if v.prefs, err = p.service.Preferences(r.Context(), visitor); err == nil {
		v.dead, v.failed, err = p.service.Undelivered(r.Context(), visitor)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, preferencesPage(v))
}

func (p *Pages) prefer(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	form, err := readForm(w, r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	wanted := Preferences{Language: simpul.Language(form.Get("language")), Ways: map[string]Way{}}
	for _, s := range Subjects() {
		if way := form.Get("way-" + s.ID); way != "" {
			wanted.Ways[s.ID] = Way(way)
		}
	}
	if _, err := p.service.Prefer(r.Context(), visitor, wanted); err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, PreferencesPath+"?saved=1", http.StatusSeeOther)
}

// outboxView is what the list of letters shows.
type outboxView struct {
	mailing bool
	state   string
	letters []Letter
	later   bool
	next    string // address of the next page
}

func (p *Pages) outbox(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	query := r.URL.Query()
	v := outboxView{mailing: p.mailing, state: query.Get("state"), later: query.Get("cursor") != ""}
	cursor, err := httpapi.DecodeCursor(query.Get("cursor"))
	if err == nil {
		var next string
		v.letters, next, err = p.service.Outbox(r.Context(), visitor, v.state, cursor, perPage)
		if next != "" {
			v.next = OutboxPath + "?" + url.Values{"state": {v.state}, "cursor": {httpapi.EncodeCursor(next)}}.Encode()
		}
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, outboxPage(v))
}

func readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return nil, simpul.Invalid("form",
			simpul.Text{ID: "Isian formulir tidak terbaca.", EN: "The form cannot be read."},
			simpul.Text{ID: "Muat ulang halamannya, lalu coba lagi.", EN: "Reload the page and try again."})
	}
	return r.PostForm, nil
}
