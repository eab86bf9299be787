package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"simpul"
)

// Site is what all pages of one hub share: its frame. The wiring describes it
// once, so that a room can draw a page without knowing the other rooms.
type Site struct {
	Banner      simpul.Text     // one line above the header: whose hub this is, or that it is a demonstration
	About       simpul.Text     // one or two sentences in the footer
	Nav         []NavItem       // main navigation, in order; five at most stay readable
	Footer      []NavItem       // links in the footer
	Attribution templ.Component // sources and licences of the data shown; may be nil
	SignIn      string          // address of the sign-in page; empty hides the link
	Zone        Zone            // clock of the hub's seat; WIB by default

	// Deed says in words what a permission lets somebody do, as in "see agencies";
	// nil, or an empty text, means that nobody knows.
	Deed func(simpul.Permission) simpul.Text

	// Account tells who is signed in; nil, or a zero Account, means nobody.
	Account func(context.Context) Account
}

// NavItem is one entry of a navigation.
type NavItem struct {
	Label simpul.Text
	Href  string
}

// Account is who is signed in, as the header shows it.
type Account struct {
	Name    string
	Note    string    // a second line, such as the roles; may be empty
	Href    string    // where the account's own page is, when there is no menu; may be empty
	Menu    []NavItem // what this reader works with, beside the main navigation; may be empty
	Unread  int       // messages that wait in the inbox
	Inbox   string    // address of the inbox; empty where there is none
	SignOut string    // address that ends the session by POST
}

type siteKey struct{}

// Frame gives every page that next renders this site's frame.
func (s Site) Frame(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), siteKey{}, s)))
	})
}

func siteOf(ctx context.Context) Site {
	s, _ := ctx.Value(siteKey{}).(Site)
	return s
}

func (s Site) account(ctx context.Context) Account {
	if s.Account == nil {
		return Account{}
	}
	return s.Account(ctx)
}

// current tells how an entry relates to the page that is shown, in the words of
// aria-current: the "page" itself, "true" for an ancestor, "" for neither.
func (n NavItem) current(ctx context.Context) string {
	path := visitOf(ctx).url.Path
	switch {
	case n.Href == path:
		return "page"
	case n.Href != "/" && strings.HasPrefix(path, strings.TrimSuffix(n.Href, "/")+"/"):
		return "true"
	}
	return ""
}
