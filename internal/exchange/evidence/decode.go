package evidence

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"simpul"
)

// readPlain reads a payload as appendRecord writes most of them: members in its
// order, without escapes. It shares the text with what it returns, and allocates
// nothing. It says no to everything else, which json reads.
func readPlain(text string) (p payload, ok bool) {
	rest, ok := strings.CutPrefix(text, "{")
	if !ok || !utf8.ValidString(text) {
		return p, false
	}
	for next := 0; rest != "}"; {
		if next > 0 {
			if rest, ok = strings.CutPrefix(rest, ","); !ok {
				return p, false
			}
		}
		var name, value string
		var quoted bool
		if name, value, quoted, rest, ok = cutMember(rest); !ok {
			return p, false
		}
		at := slices.Index(members[next:], name)
		if at < 0 || !p.set(name, value, quoted) {
			return p, false
		}
		next += at + 1
	}
	return p, true
}

// members are those of a payload, in the order of appendRecord.
var members = []string{
	"kind", "id", "opened", "application", "credential", "address", "version", "class", "provider", "method", "path", "grant", "purpose",
	"status", "outcome", "request_digest", "response_digest", "request_bytes", "response_bytes", "latency_ns", "upstream_ns",
	"basis", "fields", "subject", "case", "persons", "unnamed", "field_root", "field_key",
	"personal", "personal_key", "clock", "salt",
}

func (p *payload) set(name, value string, quoted bool) bool {
	if quoted {
		return p.setText(name, value)
	}
	return p.setNumber(name, value)
}

// cutMember cuts `"name":"value"` or `"name":12` off.
func cutMember(text string) (name, value string, quoted bool, rest string, ok bool) {
	if name, rest, ok = cutText(text); !ok {
		return "", "", false, "", false
	}
	if rest, ok = strings.CutPrefix(rest, ":"); !ok {
		return "", "", false, "", false
	}
	if strings.HasPrefix(rest, `"`) {
		value, rest, ok = cutText(rest)
		return name, value, true, rest, ok
	}
	end := strings.IndexAny(rest, ",}")
	if end < 1 {
		return "", "", false, "", false
	}
	return name, rest[:end], false, rest[end:], true
}

// cutText cuts a string without escapes, and its quotes, off.
func cutText(text string) (inside, rest string, ok bool) {
	if !strings.HasPrefix(text, `"`) {
		return "", "", false
	}
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return text[1:i], text[i+1:], true
		case c == '\\' || c < ' ':
			return "", "", false
		}
	}
	return "", "", false
}

func (p *payload) setText(name, value string) bool {
	switch name {
	case "kind":
		p.Kind = Kind(value)
	case "id":
		p.ID = simpul.ExchangeID(value)
	case "opened":
		return readTime(&p.Opened, []byte(value))
	case "application":
		p.Application = simpul.ApplicationID(value)
	case "credential":
		p.Credential = value
	case "address":
		p.Address = simpul.Address(value)
	case "version":
		p.Version = value
	case "class":
		p.Class = simpul.LIDClass(value)
	case "provider":
		p.Provider = simpul.AgencyID(value)
	case "method":
		p.Method = value
	case "path":
		p.Path = value
	case "grant":
		p.Grant = simpul.GrantID(value)
	case "purpose":
		p.Purpose = value
	case "outcome":
		p.Outcome = simpul.Code(value)
	case "request_digest":
		p.RequestDigest = simpul.Digest(value)
	case "response_digest":
		p.ResponseDigest = simpul.Digest(value)
	default:
		return p.setLate(name, value)
	}
	return true
}

// readTime reads a time as it is written, with two digits for the hour, which
// UnmarshalText does not insist on.
func readTime(t *time.Time, value []byte) bool {
	return len(value) >= len("2006-01-02T15:04:05Z") && value[13] == ':' && t.UnmarshalText(value) == nil
}

// setLate sets the texts behind the numbers.
func (p *payload) setLate(name, value string) bool {
	switch name {
	case "basis":
		p.Basis = value
	case "fields":
		p.Fields = value
	case "subject":
		p.Subject = value
	case "case":
		p.Case = value
	case "persons":
		p.Persons = value
	case "field_root":
		p.FieldRoot = simpul.Digest(value)
	case "field_key":
		p.FieldKey = value
	case "personal":
		p.Personal = value
	case "personal_key":
		p.PersonalKey = value
	case "salt": // only the commitment needs it
	default:
		return false
	}
	return true
}

func (p *payload) setNumber(name, value string) bool {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || value[0] == '+' || value[0] == '0' || strings.HasPrefix(value, "-0") {
		return false
	}
	switch name {
	case "status":
		p.Status = int(n)
	case "request_bytes":
		p.RequestBytes = n
	case "response_bytes":
		p.ResponseBytes = n
	case "latency_ns":
		p.LatencyNS = n
	case "upstream_ns":
		p.UpstreamNS = n
	case "clock":
		p.Clock = n
	case "unnamed":
		p.Unnamed = int(n)
	default:
		return false
	}
	return true
}
