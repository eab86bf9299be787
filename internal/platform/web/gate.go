package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"

	"simpul"
)

// Gate stands before the screens that are not for everybody. Its zero value
// lets nobody in and knows no way to sign in: app fills it.
type Gate struct {
	Visitor func(context.Context) (simpul.Principal, bool) // who is signed in
	SignIn  string                                         // path of the sign-in page, which takes ?next=
	Home    string                                         // where to go on after signing in, when what was asked for cannot be shown
}

// Screen answers somebody who is signed in.
type Screen func(http.ResponseWriter, *http.Request, simpul.Principal)

// longestForm is what the fields of a form may have together, in bytes. A screen
// that takes files sets its own limit.
const longestForm = 64 << 10

// At is the gate of a room whose first screen has the path.
func (g Gate) At(home string) Gate {
	g.Home = home
	return g
}

// Admit shows a screen to those who have the permission.
func (g Gate) Admit(need simpul.Permission, show Screen) http.Handler {
	return g.Known(func(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
		if err := who.Need(need); err != nil {
			Fail(w, r, err)
			return
		}
		show(w, r, who)
	})
}

// Known shows a screen to whoever is signed in, and asks everybody else to do so
// first. What it shows is for them alone and is kept nowhere.
func (g Gate) Known(show Screen) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, ok := g.Visitor(r.Context())
		if !ok {
			g.Lead(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		show(w, r, who)
	})
}

// Form shows a screen as Admit does, after reading the form that was sent. Whoever
// is no longer signed in keeps what they filled in.
func (g Gate) Form(need simpul.Permission, show Screen) http.Handler {
	return g.keep(g.form(need, show))
}

func (g Gate) form(need simpul.Permission, show Screen) http.Handler {
	return g.Admit(need, func(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
		r.Body = http.MaxBytesReader(w, r.Body, longestForm)
		if err := r.ParseForm(); err != nil {
			Fail(w, r, unreadable(err))
			return
		}
		show(w, r, who)
	})
}

// Lead takes a visitor to the sign-in page, and from there back to where they
// wanted to go. A screen that refreshes itself leaves its page as a whole.
func (g Gate) Lead(w http.ResponseWriter, r *http.Request) {
	to := g.signInFor(r)
	if r.Header.Get("HX-Request") == "" {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	w.Header().Set("HX-Redirect", to)
	w.WriteHeader(http.StatusNoContent)
}

// signInFor is the sign-in page that leads on to what was asked for, or to the page
// of the form that was sent.
func (g Gate) signInFor(r *http.Request) string {
	next := r.URL.RequestURI()
	if r.Method != http.MethodGet {
		next = cmp.Or(cameFrom(r), g.Home)
	}
	return g.SignIn + "?next=" + url.QueryEscape(next)
}

// cameFrom is the page of this site from which a request was sent, if it says so.
func cameFrom(r *http.Request) string {
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host || r.Host == "" {
		return ""
	}
	return from.RequestURI()
}

// unreadable is a form that is too long, or broken.
func unreadable(err error) error {
	fault := simpul.Invalid("form",
		simpul.Text{ID: "Isian formulir tidak terbaca.", EN: "The form cannot be read."},
		simpul.Text{ID: "Muat ulang halamannya, lalu coba lagi dengan isian yang lebih pendek.", EN: "Reload the page and try again with shorter texts."})
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		fault.Code = simpul.CodeTooLarge
	}
	return fault
}
