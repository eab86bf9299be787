// Package portal is the screens that look across the rooms: the home page, the
// guide, the agencies, and the exchanges as they happen.
//
// It knows no room. What it shows comes through the interfaces in portal.go,
// which the wiring connects. Whoever is signed in finds their desk on the home
// page: what waits for them and until when (desk.go). Exchanges are shown to whoever is signed in, by the
// scope of their principal; everything else is public.
package portal

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -path .
