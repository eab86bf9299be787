package incident

import (
	"strings"
	"time"

	"simpul"
)

// Zone is a time zone of Indonesia, in which an office reads the clock.
type Zone string

// The zones, none of which has summer time (Keppres 41/1987).
const (
	WIB  Zone = "WIB"  // UTC+7
	WITA Zone = "WITA" // UTC+8
	WIT  Zone = "WIT"  // UTC+9
)

// Zones lists them from west to east.
func Zones() []Zone { return []Zone{WIB, WITA, WIT} }

// ParseZone accepts the name of a zone; the empty text is the office's own.
func ParseZone(s string, office Zone) (Zone, error) {
	switch z := Zone(strings.ToUpper(strings.TrimSpace(s))); z {
	case "":
		return office, nil
	case WIB, WITA, WIT:
		return z, nil
	}
	return "", simpul.Invalid("zone",
		simpul.Text{ID: "Zona waktu tidak dikenal.", EN: "The time zone is unknown."},
		simpul.Text{ID: "Pilih WIB, WITA, atau WIT.", EN: "Choose WIB, WITA or WIT."})
}

// ZoneOfRegion is the zone of a province, or of a regency of it, by its Kemendagri
// code. Keppres 41/1987 names the provinces of its day; one that was made since
// lies in the zone of the one that it was a part of. The first digit is the group
// of islands, and Kalimantan alone is in two zones.
func ZoneOfRegion(code string) (z Zone, ok bool) {
	province, _, _ := strings.Cut(code, ".")
	if len(province) != 2 {
		return "", false
	}
	switch province[0] {
	case '1', '2', '3': // Sumatra, Java
		return WIB, true
	case '5', '7': // Bali and Nusa Tenggara, Sulawesi
		return WITA, true
	case '8', '9': // Maluku, Papua
		return WIT, true
	case '6':
		if province == "61" || province == "62" { // Kalimantan Barat, Kalimantan Tengah
			return WIB, true
		}
		return WITA, true
	}
	return "", false
}

// ZoneOfOffset is the zone that is so many hours ahead of UTC, WIB for any other.
func ZoneOfOffset(ahead time.Duration) Zone {
	switch ahead {
	case 8 * time.Hour:
		return WITA
	case 9 * time.Hour:
		return WIT
	}
	return WIB
}

// Location is the zone as package time knows it.
func (z Zone) Location() *time.Location {
	hours := map[Zone]int{WITA: 8, WIT: 9}[z]
	if hours == 0 {
		hours = 7
	}
	return time.FixedZone(string(z), hours*3600)
}
