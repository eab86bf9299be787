package web

import "net/http"

// theme is the colours that somebody chose; themeAuto leaves it to the device.
type theme string

const (
	themeAuto  theme = "auto"
	themeLight theme = "light"
	themeDark  theme = "dark"
)

func (t theme) known() bool { return t == themeAuto || t == themeLight || t == themeDark }

func themeOf(r *http.Request) theme {
	if t := theme(r.URL.Query().Get(themeParam)); t.known() {
		return t
	}
	if c, err := r.Cookie(themeParam); err == nil && theme(c.Value).known() {
		return theme(c.Value)
	}
	return themeAuto
}
