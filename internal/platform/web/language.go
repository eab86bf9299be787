package web

import (
	"context"
	"net/http"
	"net/url"

	"simpul"
)

// visit is what a page needs to know about the request that it answers.
type visit struct {
	language simpul.Language
	theme    theme
	url      *url.URL
}

type visitKey struct{}

// visitOf returns the visit that Localize put into the context; without one,
// the defaults: Indonesian, the device's theme, the address "/".
func visitOf(ctx context.Context) visit {
	if v, ok := ctx.Value(visitKey{}).(visit); ok {
		return v
	}
	return visit{language: simpul.Indonesian, theme: themeAuto, url: &url.URL{Path: "/"}}
}

// Language returns the language in which the page speaks.
func Language(ctx context.Context) simpul.Language { return visitOf(ctx).language }

// T returns the sentence in the page's language. Both stand side by side where
// they are used, so that whoever changes one sees the other:
//
//	web.T(ctx, "Katalog", "Catalogue")
func T(ctx context.Context, id, en string) string {
	return simpul.Text{ID: id, EN: en}.In(Language(ctx))
}

// Localize resolves the language and the theme of a request and remembers both
// for a year. The language comes from the query (?lang=en), else the cookie,
// else Accept-Language, else it is Indonesian. The theme comes from the query
// (?theme=dark), else the cookie, else the device decides.
func Localize(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := visit{language: languageOf(r), theme: themeOf(r), url: r.URL}
		query := r.URL.Query()
		if l := query.Get(languageParam); spoken(l) {
			remember(w, r, languageParam, l, true)
		}
		if t := theme(query.Get(themeParam)); t.known() {
			remember(w, r, themeParam, string(t), false) // the theme switch writes it too
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitKey{}, v)))
	})
}

// Names of the query parameters, and of the cookies that remember them.
const (
	languageParam = "lang"
	themeParam    = "theme"
)

func languageOf(r *http.Request) simpul.Language {
	if l := r.URL.Query().Get(languageParam); spoken(l) {
		return simpul.Language(l)
	}
	if c, err := r.Cookie(languageParam); err == nil && spoken(c.Value) {
		return simpul.Language(c.Value)
	}
	return simpul.ParseLanguage(r.Header.Get("Accept-Language"))
}

func spoken(tag string) bool {
	return tag == string(simpul.Indonesian) || tag == string(simpul.English)
}

// remember sets a cookie of one year. A preference is no secret, but only the
// theme has a reason to be read by scripts.
func remember(w http.ResponseWriter, r *http.Request, name, value string, httpOnly bool) {
	http.SetCookie(w, &http.Cookie{
		Name:     name,
		Value:    value,
		Path:     "/",
		MaxAge:   365 * 24 * 60 * 60,
		SameSite: http.SameSiteLaxMode,
		HttpOnly: httpOnly,
		Secure:   r.TLS != nil,
	})
}

// switchTo returns the address of the same page with one preference changed.
func switchTo(ctx context.Context, param, value string) string {
	query := visitOf(ctx).url.Query()
	query.Set(param, value)
	return "?" + query.Encode()
}
