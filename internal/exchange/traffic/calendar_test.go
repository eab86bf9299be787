package traffic

import (
	"testing"
	"time"

	"simpul"
)

func TestDaysAndMonthsAreOfTheZone(t *testing.T) {
	for _, c := range []struct {
		zone   string
		window Window
		now    string
		begins string
		ends   string
	}{
		{"", Day, "2026-11-23T16:59:59Z", "2026-11-22T17:00:00Z", "2026-11-23T17:00:00Z"}, // 23.59.59 WIB
		{"", Day, "2026-11-23T17:00:00Z", "2026-11-23T17:00:00Z", "2026-11-24T17:00:00Z"},
		{"Asia/Jakarta", Month, "2026-11-30T17:00:00Z", "2026-11-30T17:00:00Z", "2026-12-31T17:00:00Z"}, // 1 December
		{"Asia/Makassar", Day, "2026-11-23T16:00:00Z", "2026-11-23T16:00:00Z", "2026-11-24T16:00:00Z"},
		{"Asia/Jayapura", Month, "2028-02-28T15:00:00Z", "2028-01-31T15:00:00Z", "2028-02-29T15:00:00Z"}, // a leap year
		{"UTC", Day, "2026-11-23T23:59:59Z", "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z"},
	} {
		calendar, err := ParseCalendar(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		now, _ := time.Parse(time.RFC3339, c.now)
		begins, ends := calendar.span(c.window, now.UnixNano())
		if got := [2]string{stamp(begins), stamp(ends)}; got != [2]string{c.begins, c.ends} {
			t.Errorf("%s %s at %s: %v", c.zone, c.window, c.now, got)
		}
	}
}

func stamp(ns int64) string { return time.Unix(0, ns).UTC().Format(time.RFC3339) }

func TestAnUnknownZoneIsRefused(t *testing.T) {
	for _, zone := range []string{"WIB", "Local", "Asia/Bandung", "../etc/passwd"} {
		if _, err := ParseCalendar(zone); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("%q: %v", zone, err)
		}
	}
}
