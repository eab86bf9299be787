package compare

import (
	"cmp"
	"slices"
	"strings"

	"simpul/internal/registry/catalog/contract"
)

// Contracts compares a contract with the one that takes its place. Nil stands for
// one without operations.
func Contracts(before, after *contract.Contract) Result {
	c := &comparer{known: map[pair][]change{}}
	old, next := byShape(before), byShape(after)
	for _, shape := range shapes(old, next) {
		c.operation(old[shape], next[shape])
	}
	return c.result()
}

// call is an operation with the shape of its path.
type call struct {
	contract.Operation
	shape string
}

// byShape finds operations by method and path, whatever its parameters are
// called.
func byShape(c *contract.Contract) map[string]*call {
	found := map[string]*call{}
	if c == nil {
		return found
	}
	for _, op := range c.Operations {
		shape := shapeOf(op.Path) + " " + op.Method
		found[shape] = &call{op, shape}
	}
	return found
}

func shapeOf(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if strings.HasPrefix(s, "{") {
			segments[i] = "{}"
		}
	}
	return strings.Join(segments, "/")
}

// shapes lists what either has, in order.
func shapes(old, next map[string]*call) (all []string) {
	for shape := range old {
		all = append(all, shape)
	}
	for shape := range next {
		if old[shape] == nil {
			all = append(all, shape)
		}
	}
	slices.Sort(all)
	return all
}

// comparer gathers differences.
type comparer struct {
	operationName string
	here          [3][]Difference // of the operation, by rank
	kept          []Difference
	room          [3]int // taken, by rank
	counted       Result
	known         map[pair][]change // lists of fields that were compared
}

func (c *comparer) operation(old, next *call) {
	switch {
	case next == nil:
		c.operationName = label(old)
		c.add("", operationRemoved(label(old)))
	case old == nil:
		c.operationName = label(next)
		c.add("", operationAdded(label(next)))
	default:
		c.operationName = label(old)
		c.all("", described(words{"Operasi " + label(old), "Operation " + label(old)},
			old.Summary+"\n"+old.Description, next.Summary+"\n"+next.Description))
		c.parameters(old, next)
		c.request(old.Request, next.Request)
		c.answers(old.Answers, next.Answers)
	}
	c.settle()
}

func label(op *call) string { return op.Method + " " + op.Path }

// rank orders effects.
func rank(e Effect) int { return slices.Index([]Effect{Breaking, Warning, Harmless}, e) }

// add counts a change at a place within the operation, and keeps it where there
// is room.
func (c *comparer) add(at string, ch change) {
	switch {
	case ch.effect == Breaking:
		c.counted.Breaking++
	case ch.effect == Warning:
		c.counted.Warnings++
	case ch.kind == Added:
		c.counted.Additions++
	default:
		c.counted.Others++
	}
	r := rank(ch.effect)
	if c.room[r] == Most {
		return
	}
	c.room[r]++
	place := c.operationName
	for _, part := range []string{at, ch.path} {
		if part != "" {
			place += " → " + clip(part)
		}
	}
	c.here[r] = append(c.here[r], Difference{
		Operation: c.operationName, Place: place, Kind: ch.kind, Effect: ch.effect,
		Sentence: ch.sentence, Why: ch.why, Before: clip(ch.before), After: clip(ch.after),
	})
}

func (c *comparer) all(at string, changes []change) {
	for _, ch := range changes {
		c.add(at, ch)
	}
}

// settle puts what was found of an operation behind what was found of others.
func (c *comparer) settle() {
	for i := range c.here {
		slices.SortStableFunc(c.here[i], func(a, b Difference) int {
			return cmp.Or(strings.Compare(a.Place, b.Place), strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.Sentence.EN, b.Sentence.EN))
		})
		c.kept = append(c.kept, c.here[i]...)
		c.here[i] = nil
	}
}

func (c *comparer) result() Result {
	r := c.counted
	r.Differences = c.kept
	return r
}
