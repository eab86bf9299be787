package portal

import "strconv"

// weave is a picture of applications on the left and sources on the right, and
// the connections between them: each with each, or all through a hub.
type weave struct {
	applications, sources int
	hub                   bool
}

// Size of the picture, in units of its own.
const (
	weaveWidth  = 400
	weaveHeight = 200
	weaveEdge   = 12 // from the border to the middle of a node
)

type point struct{ x, y int }

type connection struct{ from, to point }

// path writes a connection as SVG path data.
func (c connection) path() string {
	return "M" + c.from.String() + "L" + c.to.String()
}

// String writes a point as SVG path data.
func (p point) String() string { return strconv.Itoa(p.x) + " " + strconv.Itoa(p.y) }

func (w weave) left() []point  { return column(weaveEdge, w.applications) }
func (w weave) right() []point { return column(weaveWidth-weaveEdge, w.sources) }
func (w weave) centre() point  { return point{weaveWidth / 2, weaveHeight / 2} }

// column spreads nodes evenly from top to bottom.
func column(x, n int) []point {
	points := make([]point, n)
	for i := range points {
		points[i] = point{x, weaveHeight * (2*i + 1) / (2 * n)}
	}
	return points
}

// connections returns what has to be built and kept.
func (w weave) connections() []connection {
	var all []connection
	for _, from := range w.left() {
		if w.hub {
			all = append(all, connection{from, w.centre()})
			continue
		}
		for _, to := range w.right() {
			all = append(all, connection{from, to})
		}
	}
	if w.hub {
		for _, to := range w.right() {
			all = append(all, connection{w.centre(), to})
		}
	}
	return all
}
