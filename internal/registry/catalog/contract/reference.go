package contract

import (
	"net/url"
	"strconv"
	"strings"

	"simpul"
)

// references finds what references refer to. All of them are checked before any
// is followed.
type references struct {
	root    *node
	targets map[string]*node
}

// find returns the value that a reference names, or nil. A reference is a JSON
// Pointer (RFC 6901) in a URI fragment.
func (r *references) find(ref string) *node {
	if target, known := r.targets[ref]; known {
		return target
	}
	target := r.walk(ref)
	r.targets[ref] = target
	return target
}

func (r *references) walk(ref string) *node {
	pointer, err := url.PathUnescape(strings.TrimPrefix(ref, "#"))
	switch {
	case err != nil || pointer != "" && pointer[0] != '/':
		return nil
	case pointer == "":
		return r.root
	}
	n := r.root
	for token := range strings.SplitSeq(pointer[1:], "/") {
		n = n.child(strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~"))
	}
	return n
}

// child returns the member or element that a token of a JSON Pointer names.
func (n *node) child(token string) *node {
	if !n.array() {
		return n.get(token)
	}
	i, err := strconv.Atoi(token)
	if err != nil || i < 0 || i >= len(n.children) {
		return nil
	}
	return n.children[i]
}

// resolve follows a reference object to what it stands for. Any other value
// stands for itself.
func (r *references) resolve(n *node) *node {
	for range maxHops {
		ref := n.get("$ref").str()
		if ref == "" {
			return n
		}
		n = r.find(ref)
	}
	return nil
}

// check refuses the document if a reference in it leaves it, leads nowhere or
// never ends.
func (r *references) check() error {
	c := checker{references: r}
	return c.visit(r.root, context{})
}

type checker struct {
	*references
	at place
}

func (c *checker) visit(n *node, in context) error {
	for i, child := range n.children {
		next, name := context{}, ""
		if n.object() {
			name = n.names[i]
			if next = in.below(name, child); next.data {
				continue
			}
		} else {
			name = index(i)
		}
		c.at = append(c.at, name)
		if err := c.reference(n, name, child); err != nil {
			return err
		}
		if err := c.visit(child, next); err != nil {
			return err
		}
		c.at = c.at[:len(c.at)-1]
	}
	return nil
}

// reference checks a member of n that may be a reference. Anchors that are
// looked up while validating mean nothing to this reader.
func (c *checker) reference(n *node, name string, value *node) error {
	if name != "$ref" && name != "$dynamicRef" && name != "$recursiveRef" {
		return nil
	}
	ref := value.str()
	switch {
	case ref == "":
		return nil
	case ref[0] != '#':
		return leavesDocument(c.at, ref)
	case name != "$ref":
		return nil
	case c.find(ref) == nil:
		return leadsNowhere(c.at, ref)
	case c.resolve(n) == nil:
		return neverEnds(c.at, ref)
	}
	return nil
}

func leavesDocument(at place, ref string) error {
	return fault(at,
		simpul.Text{ID: "Rujukan " + quote(ref) + " keluar dari dokumen; hub tidak pernah mengambil berkas lain.", EN: "Reference " + quote(ref) + " leaves the document; the hub never fetches other files."},
		simpul.Text{ID: "Salin bagian yang dirujuk ke dalam components, lalu rujuk dengan #/components/….", EN: "Copy what it refers to into components, and refer to it with #/components/…."})
}

func leadsNowhere(at place, ref string) error {
	return fault(at,
		simpul.Text{ID: "Rujukan " + quote(ref) + " tidak menunjuk bagian mana pun dari dokumen.", EN: "Reference " + quote(ref) + " points at no part of the document."},
		simpul.Text{ID: "Periksa ejaannya, atau tambahkan bagian itu.", EN: "Check its spelling, or add that part."})
}

func neverEnds(at place, ref string) error {
	return fault(at,
		simpul.Text{ID: "Rujukan " + quote(ref) + " hanya menunjuk rujukan lain dan tidak pernah sampai.", EN: "Reference " + quote(ref) + " refers only to other references and never arrives."},
		simpul.Text{ID: "Rujuk langsung bagian yang dimaksud.", EN: "Refer to the part itself."})
}
