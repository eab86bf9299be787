package signin

import (
	"slices"
	"strings"
	"time"

	"simpul"
)

// Session is one browser in which somebody is signed in.
type Session struct {
	ID      string           // public; the secret is in the cookie and nowhere else
	Account simpul.AccountID // empty where a program's token began it
	Token   string           // ID of the API token that began it; empty otherwise
	At      time.Time        // when its owner last proved who they are
	Methods []string         // how, in the words of RFC 8176; empty for a token and for an agency's own provider

	agency      simpul.AgencyID
	device      Device
	origin      string
	begun, seen time.Time
	expires     time.Time
}

// revisionSession is the kind under which the end of a session is announced.
const revisionSession = "Session"

// Limits say how long a session lasts.
type Limits struct {
	Idle     time.Duration // without a request
	Absolute time.Duration // in all
}

// Recent is how long ago somebody may have proved who they are to change what
// they sign in with.
const Recent = 5 * time.Minute

// noted is how often a session's last request is written down.
const noted = time.Minute

// live reports whether the session may still be used.
func (s Session) live(now time.Time, l Limits) bool {
	return now.Before(s.expires) && now.Before(s.seen.Add(l.Idle))
}

// recent reports whether its owner proved who they are a moment ago.
func (s Session) recent(now time.Time) bool { return now.Before(s.At.Add(Recent)) }

// proof is how somebody proved who they are.
type proof struct {
	account  simpul.AccountID
	token    simpul.Principal // of a token; zero otherwise
	methods  []string
	upstream bool // by the provider of the agency
}

func (p proof) agency() simpul.AgencyID {
	if p.account == "" {
		return p.token.Agency
	}
	return p.account.Agency()
}

func (p proof) tokenID() string {
	if p.account != "" && p.token.ID == string(p.account) {
		return ""
	}
	return p.token.ID
}

// actor is how the audit trail names whoever it is.
func (p proof) actor() string {
	if p.token.ID != "" {
		return p.token.ID
	}
	return string(p.account)
}

func joined(methods []string) string { return strings.Join(methods, " ") }

func split(methods string) []string { return slices.Clip(strings.Fields(methods)) }
