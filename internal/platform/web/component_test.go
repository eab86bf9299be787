package web_test

import (
	"context"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"simpul"
	"simpul/internal/platform/web"
)

const hostile = `"><script>alert('x')</script>&`

// Whatever an agency writes into the catalogue stays text.
func TestHostileTextStaysText(t *testing.T) {
	cell := []templ.Component{web.Text(hostile), web.Mono(hostile), web.Link{Label: hostile, Href: "javascript:alert(1)"}}
	option := []web.Option{{Value: hostile, Label: hostile, Count: hostile}}
	tab := []web.Tab{{Label: hostile, Body: web.Text(hostile)}}
	points := []web.Point{{Label: hostile, Shown: hostile, Value: 1}, {Label: hostile, Value: 2}}
	for name, c := range map[string]templ.Component{
		"Layout":       web.Layout(web.Page{Title: hostile, Description: hostile, Trail: []web.Link{{Label: hostile, Href: hostile}}}),
		"Heading":      web.Heading(hostile, hostile, hostile),
		"Hero":         web.Hero(hostile, hostile),
		"Section":      web.Section(hostile, hostile, web.Link{Label: hostile, Href: hostile}),
		"Button":       web.Button{Label: hostile, Name: hostile, Value: hostile},
		"Button link":  web.Button{Label: hostile, Href: "javascript:alert(1)"},
		"Badge":        web.Badge{Label: hostile, Tone: web.Tone(hostile)},
		"ClassBadge":   web.ClassBadge{Class: simpul.LIDClass(hostile)},
		"OutcomeBadge": web.OutcomeBadge{Outcome: simpul.Code(hostile)},
		"Endpoint":     web.Endpoint{Method: hostile, Path: hostile},
		"Summary":      web.Summary{Rows: []web.Fact{{Term: hostile, Value: web.Text(hostile), Action: web.Link{Label: hostile, Href: "javascript:alert(1)"}}}},
		"Table":        web.Table{Caption: hostile, Columns: []web.Column{{Label: hostile}, {Label: hostile}}, Rows: [][]templ.Component{cell}},
		"Search":       web.Search{Action: "javascript:alert(1)", Label: hostile, Hint: hostile, Name: hostile, Value: hostile},
		"Filter":       web.Filter{Legend: hostile, Name: hostile, Options: option},
		"Field":        web.Field{Label: hostile, Name: hostile, Type: hostile, Value: hostile, Hint: hostile, Error: hostile, Autocomplete: hostile},
		"TextArea":     web.TextArea{Label: hostile, Name: hostile, Value: "</textarea>" + hostile, Error: hostile},
		"Select":       web.Select{Label: hostile, Name: hostile, Options: option},
		"Stat":         web.Stat{Label: hostile, Value: hostile, Unit: hostile, Note: hostile},
		"Notice":       web.Notice(web.Tone(hostile), hostile),
		"Empty":        web.Empty(hostile, hostile),
		"Pagination":   web.Pagination{Count: hostile, Next: "javascript:alert(1)", First: hostile},
		"Code":         web.Code{ID: hostile, Title: hostile, Text: "</pre>" + hostile},
		"Bars":         web.Bars{Title: hostile, What: hostile, Unit: hostile, Points: points},
		"Trend":        web.Trend{Title: hostile, When: hostile, Unit: hostile, Points: points},
		"Disclosure":   web.Disclosure(hostile, true),
		"Tabs":         web.Tabs{Name: hostile, Tabs: tab},
		"Card":         web.Card{Title: hostile, Href: "javascript:alert(1)", Text: hostile, Meta: cell},
		"Steps":        web.Steps{{Title: hostile, Text: hostile}},
	} {
		html := rendered(t, t.Context(), c)
		for _, harm := range []string{"<script>", "alert('x')", "javascript:"} {
			if strings.Contains(html, harm) {
				t.Errorf("%s lets %s through: %s", name, harm, html)
			}
		}
	}
}

func TestHostileErrorsStayText(t *testing.T) {
	w := httptest.NewRecorder()
	web.Fail(w, httptest.NewRequest("GET", "/", nil), &simpul.Error{Code: simpul.CodeInvalid, Message: simpul.Text{ID: hostile}, Remedy: simpul.Text{ID: hostile}, Owner: simpul.AgencyID(hostile)})
	if strings.Contains(w.Body.String(), "<script>") {
		t.Error("an error message became markup")
	}
}

func TestNavigationMarksWhereWeAre(t *testing.T) {
	for path, want := range map[string]string{
		"/":              `href="/" aria-current="page"`,
		"/katalog":       `href="/katalog" aria-current="page"`,
		"/katalog/kota":  `href="/katalog" aria-current="true"`,
		"/katalogus":     "",
		"/somewhere/odd": "",
	} {
		var html string
		page := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			html = rendered(t, r.Context(), web.Layout(web.Page{}))
		})
		web.Localize(gallerySite().Frame(page)).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
		if want != "" && !strings.Contains(html, want) {
			t.Errorf("%s: the page lacks %s", path, want)
		}
		if want == "" && strings.Contains(html, `aria-current="page"`) {
			t.Errorf("%s: an entry is marked", path)
		}
	}
}

func TestTheHeaderShowsWhoIsSignedIn(t *testing.T) {
	site := gallerySite()
	site.Account = func(context.Context) web.Account { return web.Account{Name: "Sari, Kota Bandung", SignOut: "/keluar"} }
	var html string
	page := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { html = rendered(t, r.Context(), web.Layout(web.Page{})) })
	site.Frame(page).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	if !strings.Contains(html, "Sari, Kota Bandung") || !strings.Contains(html, `method="post" action="/keluar"`) || strings.Contains(html, `href="/masuk"`) {
		t.Error("the header does not show the account, or still offers to sign in")
	}
}

func TestTheHeaderCountsUnreadNotices(t *testing.T) {
	for unread, want := range map[int]string{0: "", 3: "3", 150: "99+"} {
		site := gallerySite()
		site.Account = func(context.Context) web.Account {
			return web.Account{Name: "Sari", Inbox: "/kotak-masuk", Unread: unread}
		}
		var html string
		page := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { html = rendered(t, r.Context(), web.Layout(web.Page{})) })
		site.Frame(page).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		if !strings.Contains(html, `href="/kotak-masuk"`) || strings.Contains(html, "belum dibaca") != (want != "") || !strings.Contains(html, want) {
			t.Errorf("%d unread: %s", unread, html)
		}
	}
}

func TestPasswordsAreNeverSentBack(t *testing.T) {
	if html := rendered(t, t.Context(), web.Field{Name: "token", Type: "password", Value: "spt_secret"}); strings.Contains(html, "spt_secret") {
		t.Error(html)
	}
}

func TestMonoBreaksBetweenItsParts(t *testing.T) {
	for identifier, want := range map[string]string{
		"":                      "",
		"master/Kota":           "master/<wbr>Kota",
		"https://hub.go.id/":    "https://<wbr>hub.<wbr>go.<wbr>id/",
		"layanan@bandung.go.id": "layanan@<wbr>bandung.<wbr>go.<wbr>id",
	} {
		if got := rendered(t, t.Context(), web.Mono(identifier)); got != `<span class="mono" translate="no">`+want+`</span>` {
			t.Errorf("%s: %s", identifier, got)
		}
	}
}

func TestAnEmptyFactIsADash(t *testing.T) {
	for _, value := range []templ.Component{nil, web.Text(""), web.Mono("")} {
		if html := rendered(t, t.Context(), web.Summary{Rows: []web.Fact{{Term: "Kontak", Value: value}}}); !strings.Contains(html, "–") {
			t.Errorf("%#v: %s", value, html)
		}
	}
	if html := rendered(t, t.Context(), web.Time{}); !strings.Contains(html, "–") || strings.Contains(html, "datetime") {
		t.Errorf("no time: %s", html)
	}
	if html := rendered(t, t.Context(), web.Time{At: time.Unix(0, 0)}); !strings.Contains(html, `datetime="1970-01-01T00:00:00Z"`) {
		t.Errorf("a time: %s", html)
	}
}

func TestARowMayBeLongerOrShorterThanItsHead(t *testing.T) {
	rendered(t, t.Context(), web.Table{Columns: []web.Column{{Label: "A"}}, Rows: [][]templ.Component{{}, {web.Text("1"), nil, web.Text("3")}}})
}

// Charts must survive whatever a measurement brings.
func TestChartsDrawAnyValues(t *testing.T) {
	for name, values := range map[string][]float64{
		"none": {}, "one": {1}, "zeros": {0, 0, 0}, "odd": {math.NaN(), math.Inf(1), -5, 2}, "huge": {math.MaxFloat64, 1},
	} {
		var points []web.Point
		for _, v := range values {
			points = append(points, web.Point{Label: "x", Value: v})
		}
		for _, c := range []templ.Component{web.Trend{Points: points}, web.Bars{Points: points}, web.Stat{Recent: values}} {
			if html := rendered(t, t.Context(), c); strings.Contains(html, "NaN") || strings.Contains(html, "Inf") {
				t.Errorf("%s: %s", name, html)
			}
		}
	}
}

func TestBarsKeepTheirProportion(t *testing.T) {
	html := rendered(t, t.Context(), web.Bars{Points: []web.Point{{Value: 200}, {Value: 50}, {Value: 0.001}, {Value: 0}}})
	for _, want := range []string{`bars__fill" width="100"`, `bars__fill" width="25"`, `bars__fill" width="1"`, `bars__fill" width="0"`} {
		if !strings.Contains(html, want) {
			t.Errorf("lacks %s", want)
		}
	}
}

func rendered(t *testing.T, ctx context.Context, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
