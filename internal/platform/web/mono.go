package web

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// Mono shows an identifier, address or code in a fixed-width face. It may break
// after a slash, an at sign or a dot; what is copied has no break in it.
type Mono string

// Render writes the identifier, escaped.
func (m Mono) Render(_ context.Context, w io.Writer) error {
	var b strings.Builder
	b.WriteString(`<span class="mono" translate="no">`)
	for rest := string(m); rest != ""; {
		i := strings.IndexAny(rest, "/@.") + 1
		if i == 0 {
			i = len(rest)
		}
		b.WriteString(templ.EscapeString(rest[:i]))
		if rest = rest[i:]; rest != "" && !strings.HasPrefix(rest, "/") {
			b.WriteString("<wbr>")
		}
	}
	b.WriteString("</span>")
	_, err := io.WriteString(w, b.String())
	return err
}
