package signin

import (
	"net/url"
	"strings"
)

// home is where people go who were not on their way to anywhere.
const home = "/"

// localPath returns the page of this hub to which somebody was on the way. An
// address elsewhere, and whatever a browser could take for one, becomes the
// home page: signing in must not hand people over to another site.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" {
		return home
	}
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsFunc(next, foreign) {
		return home
	}
	if u.Path == SignInPath || u.Path == SignOutPath {
		return home
	}
	return next
}

// foreign reports characters that browsers drop from an address or read as a
// slash, so that "/\host" and "/<tab>/host" lead elsewhere.
func foreign(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }
