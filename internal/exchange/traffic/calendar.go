package traffic

import (
	"time"

	"simpul"
)

// Window is a stretch of the calendar in which a quota counts.
type Window string

const (
	Day   Window = "day"
	Month Window = "month"
)

// Calendar says where days and months begin.
type Calendar struct{ zone *time.Location }

// DefaultZone is the zone of a hub that was told none: western Indonesian time.
const DefaultZone = "Asia/Jakarta"

// ParseCalendar accepts the name of a time zone. Indonesia's zones have no summer
// time (Keppres 41/1987) and need no time zone database; any other does.
func ParseCalendar(zone string) (Calendar, error) {
	own := map[string]*time.Location{
		"": time.FixedZone("WIB", 7*60*60), DefaultZone: time.FixedZone("WIB", 7*60*60), "Asia/Pontianak": time.FixedZone("WIB", 7*60*60),
		"Asia/Makassar": time.FixedZone("WITA", 8*60*60), "Asia/Jayapura": time.FixedZone("WIT", 9*60*60),
	}
	if known, ok := own[zone]; ok {
		return Calendar{known}, nil
	}
	found, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" {
		return Calendar{}, simpul.Invalid("traffic.zone",
			simpul.Text{ID: "Zona waktu \"" + zone + "\" tidak dikenal.", EN: "Time zone \"" + zone + "\" is unknown."},
			simpul.Text{ID: "Tulis misalnya Asia/Jakarta, Asia/Makassar atau Asia/Jayapura.", EN: "Write for example Asia/Jakarta, Asia/Makassar or Asia/Jayapura."})
	}
	return Calendar{found}, nil
}

// Ahead is how far the zone is ahead of UTC, which for Indonesia's never changes.
func (c Calendar) Ahead() time.Duration {
	_, seconds := time.Unix(0, 0).In(c.zone).Zone()
	return time.Duration(seconds) * time.Second
}

// span is the day or month that a moment, in nanoseconds since the epoch, falls
// into: from its first nanosecond up to but not including that of the next.
func (c Calendar) span(w Window, now int64) (begins, ends int64) {
	year, month, day := time.Unix(0, now).In(c.zone).Date()
	if w == Month {
		return time.Date(year, month, 1, 0, 0, 0, 0, c.zone).UnixNano(), time.Date(year, month+1, 1, 0, 0, 0, 0, c.zone).UnixNano()
	}
	return time.Date(year, month, day, 0, 0, 0, 0, c.zone).UnixNano(), time.Date(year, month, day+1, 0, 0, 0, 0, c.zone).UnixNano()
}
