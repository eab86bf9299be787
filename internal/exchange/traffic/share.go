package traffic

import "math"

// demand is what one node was asked for of one subject, smoothed.
type demand struct {
	perMinute float64 // calls that came
	used      float64 // of them, let through
	peak      float64 // calls under way at one time

	// As it is, not smoothed.
	missing    float64 // calls missing from its bucket
	day, month float64 // calls that it has leased and not used
}

// half is how much of a demand the newest observation is. A change of load is
// followed by seven eighths within three looks.
const half = 0.5

func (d demand) seen(asked, refused, peak int64, minutes float64) demand {
	next := func(before, now float64) float64 {
		if after := before + (now-before)*half; after >= 0.01 {
			return after
		}
		return 0
	}
	d.perMinute = next(d.perMinute, float64(asked)/minutes)
	d.used = next(d.used, float64(max(0, asked-refused))/minutes)
	d.peak = next(d.peak, float64(peak))
	return d
}

// far reports whether a demand differs so much from what others know of it that
// they should be told.
func (d demand) far(told demand) bool {
	apart := func(a, b float64) bool { return math.Abs(a-b) > 0.05*max(a, b) }
	return apart(d.perMinute, told.perMinute) || apart(d.used, told.used) || apart(d.peak, told.peak) || apart(d.missing, told.missing)
}

// part is how much of a limit this node has: 1 is all of it.
type part struct{ rate, concurrent float64 }

var whole = part{1, 1}

// idle is how much of a limit is kept for nodes that ask for nothing, all
// together, so that the first call on them does not wait for a look.
const idle = 0.01

// partOf divides a limit among nodes. Where it is enough for all, each gets what
// it asks for, and what is left over is divided evenly; where it is not, each
// gets its part of what is asked for. The parts of all nodes that know the same
// demands are 1 together.
func partOf(limit, own, others float64, nodes int) float64 {
	if nodes <= 1 {
		return 1
	}
	asked := own + others
	even := 1 / float64(nodes)
	wanted := even
	switch {
	case asked > limit:
		wanted = own / asked
	case limit > 0:
		wanted = own/limit + (1-asked/limit)*even
	}
	return (1-idle)*wanted + idle*even
}

// carried is how many calls move into a node's bucket, or below 0 out of it, when
// its part is what it is now, so that each bucket lacks its part of what is lacking
// from all. What moves passes the pot, which the database holds: nothing is lost
// on the way, and nothing is forgiven to a limit because its calls now come to
// another node.
func carried(part, own, others, pot, burst float64) float64 {
	off := part*(own+others+pot) - own
	switch {
	case off < -max(1, burst/50):
		return off
	case off > 0:
		return min(off, pot)
	}
	return 0
}
