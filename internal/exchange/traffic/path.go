package traffic

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"simpul"
)

// Pass is a call's way through the limits, compiled once for the application
// and the LID of a grant and shared by all its calls.
type Pass struct {
	key
	limiter *Limiter
	rules   *rulebook // that it was compiled by
	tenant  *tenant
	holds   []hold
	policy  []string // value of RateLimit-Policy; nil where nothing is limited
}

// key is what a pass is compiled from, beside the rulebook.
type key struct {
	application simpul.ApplicationID
	address     simpul.Address
	perMinute   int // of the grant
	origins     int // calls that the LID's origins take at one time; 0 for any number
}

// subjects are what a call counts against, in the order in which it is counted:
// the narrowest first, so that what is refused for its own sake is not counted
// against others for an instant.
func (k key) subjects(grant simpul.GrantID) [4]simpul.Subject {
	return [4]simpul.Subject{
		{Kind: simpul.SubjectGrant, ID: string(grant)},
		{Kind: simpul.SubjectApplication, ID: string(k.application)},
		{Kind: simpul.SubjectAgency, ID: string(k.application.Agency())},
		{Kind: simpul.SubjectLID, ID: string(k.address)},
	}
}

// Release ends a call that was admitted.
func (p *Pass) Release() {
	for i := range p.holds {
		p.holds[i].leave()
	}
	p.limiter.crowd.leave(p.tenant)
}

// announcePolicies joins the policies of all holds.
func (p *Pass) writePolicy() {
	var all []string
	for i := range p.holds {
		all = append(all, p.holds[i].rules.policies(p.holds[i].subject.Kind)...)
	}
	if len(all) > 0 {
		p.policy = []string{strings.Join(all, ", ")}
	}
}

// The fields of draft-ietf-httpapi-ratelimit-headers as net/http writes them.
const (
	fieldPolicy = "Ratelimit-Policy"
	fieldLeft   = "Ratelimit"
)

// Announce tells of every policy that applies, and how much is left of the
// tightest: the one of which the smallest part is left.
func (p *Pass) Announce(h http.Header) {
	if p.policy == nil {
		return
	}
	h[fieldPolicy] = p.policy
	if t := p.tightest(p.limiter.clock().UnixNano()); t.name != "" {
		var b [96]byte
		text := append(b[:0], '"')
		text = append(text, t.kind...)
		text = append(text, t.name[1:]...)
		text = append(text, `";r=`...)
		text = strconv.AppendInt(text, t.left, 10)
		if t.reset > 0 {
			text = append(text, ";t="...)
			text = strconv.AppendInt(text, int64((t.reset+time.Second-1)/time.Second), 10)
		}
		h[fieldLeft] = []string{string(text)}
	}
}

// tight is how much of one policy is left.
type tight struct {
	kind  simpul.SubjectKind
	name  string // of the policy, behind a dot; empty for none
	left  int64
	reset time.Duration
	ratio float64
}

func (p *Pass) tightest(now int64) (t tight) {
	t.ratio = 2
	for i := range p.holds {
		h := &p.holds[i]
		consider := func(name string, left, limit int64, reset time.Duration) {
			if ratio := float64(left) / float64(limit); ratio < t.ratio {
				t = tight{h.subject.Kind, name, left, reset, ratio}
			}
		}
		if h.rules.perMinute > 0 {
			left, reset := h.rate.left(now)
			consider(".", left, int64(h.rules.burst), reset)
		}
		if h.rules.perDay > 0 {
			left, reset := h.day.remains(now)
			consider(".-day", left, h.rules.perDay, reset)
		}
		if h.rules.perMonth > 0 {
			left, reset := h.month.remains(now)
			consider(".-month", left, h.rules.perMonth, reset)
		}
		if h.rules.concurrent > 0 {
			consider(".-calls", max(0, h.room.Load()-h.underway.Load()), h.rules.concurrent, 0)
		}
	}
	return t
}
