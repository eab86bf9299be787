package reshape

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"simpul"
)

// Codes are the reference lists of the hub, in memory.
type Codes interface {
	// Current returns the code that is valid today and that the given one is or
	// became. It is not listed where there is none, or more than one.
	Current(list string, code []byte) (current string, listed bool, err error)
}

// Changes are the changes of one LID, compiled. Many answers may be changed at a
// time.
type Changes struct {
	root  *node
	text  int64     // longest one, bytes
	walks sync.Pool // of *walk, at rest
}

// node is a member that changes, or something below it does. Arrays are
// transparent: what stands here holds for each element.
type node struct {
	name    string
	below   map[string]*node
	drop    bool
	renamed []byte // the new name in JSON; nil: as it is
	target  int    // of renamed, in the targets of the object
	steps   []step

	// targets are the new names that members of this object get. Whatever is
	// delivered under one of them must be the only one.
	targets map[string]int
}

// step is one conversion of a value that is no array and no object.
type step interface {
	// convert appends to dst what becomes of a value, in JSON.
	convert(dst, value []byte) ([]byte, error)
	// compound is what becomes of an object, in JSON; nil: it stays.
	compound() ([]byte, error)
}

// Compile compiles changes; nil where there are none.
func Compile(changes []simpul.Change, codes Codes) (*Changes, error) {
	if len(changes) == 0 {
		return nil, nil
	}
	if err := simpul.CheckChanges(changes); err != nil {
		return nil, err
	}
	c := &Changes{root: &node{}, text: (*simpul.Delivery)(nil).LongestText()}
	for i, change := range changes {
		if err := c.root.add(change, codes); err != nil {
			return nil, fmt.Errorf("changes[%d]: %w", i, err)
		}
	}
	return c, nil
}

// Allow sets the longest text of the answers that will be changed, in bytes.
func (c *Changes) Allow(text int64) { c.text = text }

func (n *node) add(change simpul.Change, codes Codes) error {
	object := n
	for name := range strings.SplitSeq(change.Field, ".") {
		object, n = n, n.member(name)
	}
	switch {
	case change.Drop:
		n.drop = true
	case change.Recode != nil:
		n.steps = append(n.steps, newRecode(change.Recode, codes))
	case change.Unit != nil:
		u, err := newUnit(change.Unit)
		if err != nil {
			return err
		}
		n.steps = append(n.steps, u)
	default:
		n.renamed, n.target = quote(change.Rename), object.aim(change.Rename)
	}
	return nil
}

func (n *node) member(name string) *node {
	if n.below == nil {
		n.below = map[string]*node{}
	}
	m := n.below[name]
	if m == nil {
		m = &node{name: name}
		n.below[name] = m
	}
	return m
}

// aim notes that a member of the object gets the name.
func (n *node) aim(name string) int {
	if n.targets == nil {
		n.targets = map[string]int{}
	}
	i := len(n.targets)
	n.targets[name] = i
	return i
}

// quote writes a text in JSON.
func quote(text string) []byte {
	b, _ := jsontext.AppendQuote(nil, text) // what is no UTF-8 was refused before
	return b
}

// Open returns the body of an answer of the provider as the contract has it.
func (c *Changes) Open(res *http.Response, provider simpul.AgencyID) io.ReadCloser {
	w, ok := c.walks.Get().(*walk)
	if !ok {
		w = newWalk()
	}
	w.reset(res.Body, c.root, c.text)
	return &body{response: res, source: res.Body, provider: provider, changes: c, walk: w}
}

func (c *Changes) keep(w *walk) {
	if w.light() {
		w.reset(nil, nil, 0)
		c.walks.Put(w)
	}
}
