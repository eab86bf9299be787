package web

import (
	"context"
	"fmt"
	"time"

	"simpul"
)

// Zone is one of Indonesia's three time zones (Keppres 41/1987).
type Zone int

const (
	WIB  Zone = iota // western, UTC+7
	WITA             // central, UTC+8
	WIT              // eastern, UTC+9
)

// location needs no time zone database: none of the three has summer time.
func (z Zone) location() *time.Location {
	switch z {
	case WITA:
		return time.FixedZone("WITA", 8*60*60)
	case WIT:
		return time.FixedZone("WIT", 9*60*60)
	}
	return time.FixedZone("WIB", 7*60*60)
}

// Moment writes a time on the hub's clock: "23 Nov 2026 16.10 WIB" (English
// "23 Nov 2026, 16:10 WIB"). The zero time is written as a dash.
func Moment(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	local := onSite(ctx, t)
	return Date(ctx, t) + T(ctx, " ", ", ") + local.Format(T(ctx, "15.04", "15:04")) + " " + local.Location().String()
}

// Exact writes a time on the hub's clock to the second: "23 Nov 2026 16.10.07
// WIB" (English "23 Nov 2026, 16:10:07 WIB"). The zero time is written as a dash.
func Exact(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return Date(ctx, t) + T(ctx, " ", ", ") + Second(ctx, t) + " " + onSite(ctx, t).Location().String()
}

// Second writes a time to the second: "16.10.07" (English "16:10:07").
func Second(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return onSite(ctx, t).Format(T(ctx, "15.04.05", "15:04:05"))
}

// Date writes the day of a time on the hub's clock: "23 Nov 2026".
func Date(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	local := onSite(ctx, t)
	return fmt.Sprintf("%d %s %d", local.Day(), month(ctx, local.Month()), local.Year())
}

func onSite(ctx context.Context, t time.Time) time.Time {
	return t.In(siteOf(ctx).Zone.location())
}

func month(ctx context.Context, m time.Month) string {
	if Language(ctx) == simpul.English {
		return m.String()[:3]
	}
	names := [...]string{"Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"}
	return names[m-1]
}
