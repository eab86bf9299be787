package reshape

import (
	"bytes"
	"errors"
	"io"
	"math/big"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"simpul"
)

// tree is a whole JSON document in memory, with the order of its members.
type tree struct {
	scalar   string // as written; "" for an array or object
	object   bool
	names    []string
	children []tree
}

// plant reads a document.
func plant(document []byte) (tree, error) {
	d := jsontext.NewDecoder(bytes.NewReader(document))
	root, err := plantValue(d)
	if err != nil {
		return root, err
	}
	if _, err := d.ReadToken(); err != io.EOF {
		return root, errors.New("more than one document")
	}
	return root, nil
}

func plantValue(d *jsontext.Decoder) (t tree, err error) {
	kind := d.PeekKind()
	if kind != jsontext.KindBeginObject && kind != jsontext.KindBeginArray {
		v, err := d.ReadValue()
		return tree{scalar: string(v)}, err
	}
	t.object = kind == jsontext.KindBeginObject
	if _, err := d.ReadToken(); err != nil {
		return t, err
	}
	for d.PeekKind() != jsontext.KindEndObject && d.PeekKind() != jsontext.KindEndArray {
		if t.object {
			name, err := d.ReadToken()
			if err != nil {
				return t, err
			}
			t.names = append(t.names, name.String())
		}
		child, err := plantValue(d)
		if err != nil {
			return t, err
		}
		t.children = append(t.children, child)
	}
	_, err = d.ReadToken()
	return t, err
}

// write renders a document in which names are written in the one canonical way.
func (t tree) write(b *strings.Builder) {
	if t.scalar != "" {
		b.WriteString(t.scalar)
		return
	}
	left, right := "[", "]"
	if t.object {
		left, right = "{", "}"
	}
	b.WriteString(left)
	for i, child := range t.children {
		if i > 0 {
			b.WriteString(",")
		}
		if t.object {
			b.Write(quote(t.names[i]))
			b.WriteString(":")
		}
		child.write(b)
	}
	b.WriteString(right)
}

func (t tree) String() string {
	var b strings.Builder
	t.write(&b)
	return b.String()
}

var errOracle = errors.New("the oracle refuses")

// shaped is the oracle: the meaning of changes on a whole document. Each object is
// changed by itself, its values first.
func shaped(t tree, at []string, changes []simpul.Change) (tree, error) {
	here := strings.Join(at, ".")
	if !t.object && t.scalar == "" {
		out := tree{}
		for _, child := range t.children {
			c, err := shaped(child, at, changes)
			if err != nil {
				return out, err
			}
			out.children = append(out.children, c)
		}
		return out, nil
	}
	for _, c := range changes {
		if c.Field != here || len(at) == 0 || c.Recode == nil && c.Unit == nil {
			continue
		}
		var err error
		if t, err = converted(t, c); err != nil {
			return t, err
		}
	}
	if t.scalar != "" {
		return t, nil
	}
	out := tree{object: true}
	for i, name := range t.names {
		below := append(slices.Clone(at), name)
		if slices.ContainsFunc(changes, func(c simpul.Change) bool {
			return c.Drop && c.Field == strings.Join(below, ".") && !strings.Contains(name, ".")
		}) {
			continue
		}
		child, err := t.children[i], error(nil)
		if !strings.Contains(name, ".") { // no path reaches it
			child, err = shaped(t.children[i], below, changes)
		}
		if err != nil {
			return out, err
		}
		for _, c := range changes {
			if c.Rename != "" && c.Field == strings.Join(below, ".") && !strings.Contains(name, ".") {
				name = c.Rename
				break
			}
		}
		out.names, out.children = append(out.names, name), append(out.children, child)
	}
	sorted := slices.Clone(out.names)
	slices.Sort(sorted)
	if len(slices.Compact(sorted)) != len(out.names) {
		return out, errOracle
	}
	return out, nil
}

func converted(t tree, c simpul.Change) (tree, error) {
	if c.Unit != nil {
		return measured(t, c.Unit)
	}
	if t.scalar == "null" {
		return t, nil
	}
	key := t.scalar
	if strings.HasPrefix(key, `"`) {
		plain, _ := jsontext.AppendUnquote(nil, key)
		key = string(plain)
	}
	if to, ok := c.Recode.Pairs[key]; ok && t.scalar != "" {
		return tree{scalar: string(quote(to))}, nil
	}
	switch c.Recode.Else {
	case "null":
		return tree{scalar: "null"}, nil
	case "refuse":
		return t, errOracle
	}
	return t, nil
}

// measured converts with rational numbers.
func measured(t tree, u *simpul.Unit) (tree, error) {
	if t.scalar == "null" {
		return t, nil
	}
	if t.scalar == "" || !strings.ContainsAny(t.scalar[:1], "-0123456789") {
		return t, errOracle
	}
	r, ok := new(big.Rat).SetString(t.scalar)
	if !ok {
		return t, errOracle
	}
	factor, _ := new(big.Rat).SetString(u.Factor)
	r.Mul(r, factor)
	if u.Offset != "" {
		offset, _ := new(big.Rat).SetString(u.Offset)
		r.Add(r, offset)
	}
	if u.Digits > 0 {
		r = halfEven(r, u.Digits)
	}
	places, _ := r.FloatPrec()
	text := r.FloatString(places)
	if strings.Trim(text, "-0.") == "" {
		text = "0"
	}
	return tree{scalar: text}, nil
}

// halfEven rounds to so many places.
func halfEven(r *big.Rat, places int) *big.Rat {
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))
	scaled := new(big.Rat).Mul(r, scale)
	floor := new(big.Int).Div(scaled.Num(), scaled.Denom()) // towards minus infinity: the divisor is positive
	rest := new(big.Rat).Sub(scaled, new(big.Rat).SetInt(floor))
	switch rest.Cmp(big.NewRat(1, 2)) {
	case 1:
		floor.Add(floor, big.NewInt(1))
	case 0:
		if floor.Bit(0) == 1 {
			floor.Add(floor, big.NewInt(1))
		}
	}
	return new(big.Rat).Quo(new(big.Rat).SetInt(floor), scale)
}
