package catalog

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"simpul/internal/platform/web"
)

// mostAttributions is how many the foot of a page names before it points to the
// catalogue, where each stands with its LID.
const mostAttributions = 3

// Attributions shows the sources and licences of the published data, as licences
// such as the ODbL want it wherever the data is seen.
func Attributions(d *Directory) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return attributionList(distinct(d.All())).Render(ctx, w)
	})
}

// distinct leaves out what another attribution says as well.
func distinct(all []*LID) []string {
	var texts []string
	for _, l := range all {
		text := l.Spec.Attribution
		said := func(other string) bool { return strings.Contains(other, text) }
		if text == "" || slices.ContainsFunc(texts, said) {
			continue
		}
		texts = slices.DeleteFunc(texts, func(other string) bool { return strings.Contains(text, other) })
		if texts = append(texts, text); len(texts) > mostAttributions {
			break
		}
	}
	return texts
}

func moreSources(ctx context.Context) web.Link {
	return web.Link{Label: web.T(ctx, "Sumber data lain tercantum di halaman tiap LID.", "Further sources are named on the page of each LID."), Href: ListPath}
}
