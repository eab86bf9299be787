package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// keep holds the form of somebody whose session has ended meanwhile on a page that
// can send it again, in place of losing it on the way to the sign-in. Nothing of it
// is kept on this side, nor in an address. What is no plain form is led to sign in.
func (g Gate) keep(form http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, in := g.Visitor(r.Context()); in || !plainForm(r) {
			form.ServeHTTP(w, r)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, longestForm)
		if err := r.ParseForm(); err != nil || len(r.PostForm) == 0 {
			g.Lead(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		Render(w, r, http.StatusUnauthorized, kept(g.signInFor(r), r.URL.RequestURI(), entriesOf(r.PostForm)))
	})
}

func plainForm(r *http.Request) bool {
	media, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	return r.Method == http.MethodPost && r.Header.Get("HX-Request") == "" && strings.TrimSpace(media) == "application/x-www-form-urlencoded"
}

// entry is one field of a form as it was sent.
type entry struct{ name, value string }

func entriesOf(form url.Values) (all []entry) {
	for name, values := range form {
		for _, value := range values {
			all = append(all, entry{name, value})
		}
	}
	slices.SortStableFunc(all, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return all
}
