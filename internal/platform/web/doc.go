// Package web is the door to the screens: the frame around every page, the
// components that pages are made of, the two languages, and the way a page or a
// failure is sent. It is named after what it adapts, the browser.
//
// # Wiring
//
// A handler tree for screens is put together once:
//
//	mux.Handle("GET /assets/", web.Assets())
//	mux.HandleFunc("GET /katalog", pages.catalogue)
//	handler := web.Localize(site.Frame(web.Secure(mux)))
//
// [Secure] sets the security headers and refuses forged requests, [Localize]
// finds the reader's language and theme, and a [Site] describes the frame:
// banner, navigation, footer, attribution, clock, who is signed in. Secure comes
// innermost, so that its refusal has the frame and the language as well.
//
// # A screen
//
// A handler gathers data and answers with [Render], or with [Fail] and the
// error. A screen is a templ component inside [Layout]:
//
//	templ catalogue(found []Entry) {
//		@web.Layout(web.Page{Title: web.T(ctx, "Katalog", "Catalogue")}) {
//			@web.Heading("", web.T(ctx, "Katalog layanan data", "Catalogue of data services"), "")
//			@web.Search{Action: "/katalog", Label: web.T(ctx, "Cari", "Search")}
//		}
//	}
//
// Every sentence is written in both languages where it stands, with [T].
//
// # Components
//
// What wraps other content is a function with children: [Layout], [Heading],
// [Hero], [Section], [Notice], [Empty], [Disclosure]. All else is a value that
// is a component itself, so that it also fits into a table cell or a list:
//
//   - moving around: [Link], [Button], [Breadcrumb], [Pagination]
//   - one thing: [Summary], [Card], [Stat], [Code], [Steps], [Stepper], [Tabs]
//   - many things: [Table], [Card] in a div of class "results" or "grid"
//   - marks: [ClassBadge], [OutcomeBadge], [Badge], [Endpoint], [Mono], [Time], [Text]
//   - input: [Search], [Filter], [Field], [TextArea], [Select], [File], [Faults]
//   - charts: [Bars] for a few values, [Trend] and [Columns] for amounts over time,
//     [Lines] for several values over time, [Shares] for parts of wholes, [Strip] for
//     days, and the small course in [Stat]
//
// Figures and times are written by [Number], [Decimal], [Percent], [Bytes],
// [Duration], [Moment], [Exact], [Second] and [Date].
//
// Arrangement is a handful of classes: "stack" (with "stack--close",
// "stack--wide") below each other, "cluster" beside each other, "grid" (with
// "grid--small") in columns, "split" for filters beside results (with
// "split--end" for facts after the content), "panel" for a quiet ground,
// "prose" for running text, "lead" and "soft" for emphasis, "full" for a child
// of Layout that reaches from edge to edge. The sources are in web/css.
//
// # Promises
//
// Pages work without JavaScript, at 320 px, at 400 % zoom, by keyboard, in both
// themes, and meet WCAG 2.2 AA as far as axe-core can tell. No page has inline
// script or style: write no style attribute, the policy blocks it; a measure in
// a chart is an attribute of SVG. What an agency writes is escaped, and an
// address with a foreign scheme becomes harmless. A first view weighs less than
// 100 kB compressed. Each of these has a test.
//
// # Sources
//
// Components are *.templ files; go generate writes the *_templ.go beside them.
// dist is written by go run ./web/bundle. Both are committed. To look at all
// components: SIMPUL_SCREENSHOTS=/tmp go test -run Browser.
//
// Dependencies: github.com/a-h/templ, and httpapi for the status of a code.
package web

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -path .
