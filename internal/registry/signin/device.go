package signin

import (
	"strings"

	"simpul"
)

// Device is what a browser says of itself, as a person would call it. What is
// not recognised is empty.
type Device struct{ Browser, System string }

// browsers and systems are looked for in this order: many claim to be others
// as well, so the one that claims least comes first.
var (
	browsers = []struct{ mark, name string }{
		{"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"EdgiOS/", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"},
		{"UCBrowser/", "UC Browser"}, {"FxiOS/", "Firefox"}, {"Firefox/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"},
		{"Safari/", "Safari"}, {"curl/", "curl"},
	}
	systems = []struct{ mark, name string }{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"CrOS", "ChromeOS"}, {"Windows", "Windows"},
		{"Macintosh", "macOS"}, {"Linux", "Linux"},
	}
)

// deviceOf reads a User-Agent field (RFC 9110 section 10.1.5).
func deviceOf(agent string) (d Device) {
	for _, b := range browsers {
		if strings.Contains(agent, b.mark) {
			d.Browser = b.name
			break
		}
	}
	for _, s := range systems {
		if strings.Contains(agent, s.mark) {
			d.System = s.name
			break
		}
	}
	return d
}

// stored is the device in one column.
func (d Device) stored() string { return d.Browser + "/" + d.System }

func deviceStored(text string) Device {
	browser, system, _ := strings.Cut(text, "/")
	return Device{browser, system}
}

// in names the device in a language.
func (d Device) in(l simpul.Language) string {
	switch {
	case d.Browser != "" && d.System != "":
		return d.Browser + simpul.Text{ID: " di ", EN: " on "}.In(l) + d.System
	case d.Browser+d.System != "":
		return d.Browser + d.System
	}
	return simpul.Text{ID: "Perangkat yang tidak dikenali", EN: "An unrecognised device"}.In(l)
}
