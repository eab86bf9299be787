package traffic

import (
	"strconv"

	"simpul"
)

// rules are the limits of one subject, from wherever they were declared. They
// never change: a subject gets others.
type rules struct {
	perMinute  int // 0 for no limit, as all of these
	burst      int
	perDay     int64
	perMonth   int64
	concurrent int64
}

func (r rules) none() bool { return r == rules{} }

// rulesOf joins what a Limit says of a subject with the rate of a grant or the
// number of calls that a LID's origins take at one time.
func rulesOf(s Spec, perMinute, origins int) rules {
	r := rules{perMinute: s.RatePerMinute, burst: s.Burst, perDay: s.PerDay, perMonth: s.PerMonth, concurrent: int64(s.Concurrent)}
	if perMinute > 0 {
		r.perMinute = perMinute
	}
	if r.perMinute == 0 {
		r.burst = 0
	} else if r.burst == 0 {
		r.burst = r.perMinute
	}
	if origins > 0 && (r.concurrent == 0 || int64(origins) < r.concurrent) {
		r.concurrent = int64(origins)
	}
	return r
}

// policies writes the rules as draft-ietf-httpapi-ratelimit-headers has them.
func (r rules) policies(kind simpul.SubjectKind) (all []string) {
	name := func(what string) string { return `"` + string(kind) + what + `";q=` }
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	if r.perMinute > 0 {
		all = append(all, name("")+number(int64(r.perMinute))+";w=60")
	}
	if r.perDay > 0 {
		all = append(all, name("-day")+number(r.perDay)+";w=86400")
	}
	if r.perMonth > 0 {
		all = append(all, name("-month")+number(r.perMonth)+";w=2592000")
	}
	if r.concurrent > 0 {
		all = append(all, name("-calls")+number(r.concurrent)+`;qu="concurrent-requests"`)
	}
	return all
}
