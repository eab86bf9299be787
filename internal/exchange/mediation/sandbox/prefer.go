package sandbox

import (
	"net/http"
	"strconv"
	"strings"

	"simpul"
)

// preferred is which example a call prefers (RFC 7240). The zero value prefers none.
type preferred struct {
	code    int
	example string
}

// maxPrefer is how much of the header is read, bytes.
const maxPrefer = 1 << 10

// readPrefer reads what a call prefers: "code=404, example=nama". Preferences that
// are not known are ignored, and of two of one name the first counts.
func readPrefer(h http.Header) (p preferred, err error) {
	for _, line := range h.Values("Prefer") {
		for len(line) <= maxPrefer && line != "" {
			var name, value string
			name, value, line = nextPreference(line)
			switch {
			case name == "code" && p.code == 0:
				if p.code, err = strconv.Atoi(value); err != nil || p.code < 200 || p.code > 599 {
					return p, badCode()
				}
			case name == "example" && p.example == "":
				p.example = value
			}
		}
	}
	return p, nil
}

// nextPreference takes the first preference of a list, without its parameters.
func nextPreference(line string) (name, value, rest string) {
	end, quoted, parameters := len(line), false, -1
scan:
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == ';' && !quoted && parameters < 0:
			parameters = i
		case c == ',' && !quoted:
			end, rest = i, line[i+1:]
			break scan
		}
	}
	if parameters >= 0 {
		end = parameters
	}
	name, value, _ = strings.Cut(line[:end], "=")
	return strings.ToLower(strings.TrimSpace(name)), unquote(strings.TrimSpace(value)), rest
}

// unquote reads a token or a quoted string (RFC 9110 section 5.6.4).
func unquote(s string) string {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s
	}
	var b strings.Builder
	for i := 1; i < len(s)-1; i++ {
		if s[i] == '\\' && i+1 < len(s)-1 {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func badCode() error {
	return simpul.Invalid("header.Prefer",
		simpul.Text{ID: "Kode status pada kepala Prefer tidak sah.", EN: "The status code in the header Prefer is not valid."},
		simpul.Text{ID: "Tulis misalnya Prefer: code=404.", EN: "Write for example Prefer: code=404."})
}
