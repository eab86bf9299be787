package conform

import (
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"strconv"
	"strings"
)

var errLarge = errors.New("the contract has too many schemas")

// direction says for whom a schema is read: what is readOnly is not required of
// a request, and what is writeOnly not of an answer.
type direction int

const (
	request direction = iota
	answer
)

// smith makes forms of the schemas of a document. It reads them itself, since a
// library that builds a model of each schema took fifty times as long, and a hub
// starts with hundreds of contracts. The library is what its tests compare with.
//
// $id, $anchor, $dynamicRef and their like mean nothing in a contract: a JSON
// Pointer is the only way from one schema to another.
type smith struct {
	*document
	old      bool // OpenAPI 3.0
	towards  direction
	formats  *formats
	patterns *patterns
	known    map[int32]*form
	targets  map[string]int32 // of references
	err      error
	cut      int // references that would never end
}

func newSmith(d *document, old bool, towards direction, formats *formats) *smith {
	return &smith{
		document: d, old: old, towards: towards, formats: formats, patterns: &patterns{known: map[string]*pattern{}},
		known: map[int32]*form{}, targets: map[string]int32{},
	}
}

// fail notes the first thing that is wrong with a schema.
func (s *smith) fail(keyword string, err error) {
	if s.err == nil {
		s.err = fmt.Errorf("schema: %s: %w", keyword, err)
	}
}

var errKeyword = errors.New("not of the form that JSON Schema says")

// nowhere is the index of a value that is not there. That of the document itself
// is 0 as well, but no schema is the whole of a contract.
const nowhere int32 = -1

// get finds a member of an object.
func (s *smith) get(at int32, name string) int32 {
	if at == nowhere || s.nodes[at].kind != object {
		return nowhere
	}
	for i := at + 1; i < s.nodes[at].end; i = s.nodes[i].end {
		if string(s.name(i)) == name {
			return i
		}
	}
	return nowhere
}

func (s *smith) str(at int32) (string, bool) {
	if at == nowhere || s.nodes[at].kind != text {
		return "", false
	}
	return string(s.value(at)), true
}

func (s *smith) truth(at int32) bool { return at != nowhere && s.nodes[at].truth }

// find follows a reference within the document.
func (s *smith) find(ref string) int32 {
	if known, ok := s.targets[ref]; ok {
		return known
	}
	at := s.walk(ref)
	s.targets[ref] = at
	return at
}

func (s *smith) walk(ref string) int32 {
	pointer, err := url.PathUnescape(strings.TrimPrefix(ref, "#"))
	if err != nil || pointer != "" && pointer[0] != '/' {
		return nowhere
	}
	at := int32(0)
	if pointer == "" {
		return at
	}
	for token := range strings.SplitSeq(pointer[1:], "/") {
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		if s.nodes[at].kind == array {
			at = s.element(at, token)
		} else {
			at = s.get(at, token)
		}
		if at == nowhere {
			return nowhere
		}
	}
	return at
}

func (s *smith) element(at int32, token string) int32 {
	nth, err := strconv.Atoi(token)
	if err != nil || nth < 0 || nth >= int(s.nodes[at].size) {
		return nowhere
	}
	child := at + 1
	for range nth {
		child = s.nodes[child].end
	}
	return child
}

// make compiles a schema; nowhere stays nil. One that leads to itself finds its
// own form half made, and complete when all is done.
func (s *smith) make(at int32) *form {
	if at == nowhere || s.err != nil {
		return nil
	}
	if known, ok := s.known[at]; ok {
		return known
	}
	f := &form{}
	if s.known[at] = f; len(s.known) > maxForms {
		s.fail("$ref", errLarge)
		return f
	}
	switch s.nodes[at].kind {
	case boolean:
		f.never = !s.nodes[at].truth
	case object:
		s.keywords(f, at)
	default:
		s.fail("schema", errKeyword)
	}
	return f
}

// keywords reads what a schema says, in the order in which it says it.
func (s *smith) keywords(f *form, at int32) {
	if ref := s.get(at, "$ref"); ref != nowhere {
		s.reference(f, ref)
		if s.old {
			return // 3.0 ignores what stands beside a reference
		}
	}
	for i := at + 1; i < s.nodes[at].end && s.err == nil; i = s.nodes[i].end {
		if keyword := string(s.name(i)); !s.keyword(f, keyword, i) {
			s.fail(keyword, errKeyword)
		}
	}
	s.required(f, at)
	if s.old {
		s.modernise(f, at)
	}
	f.looksBack = f.parts != nil && (f.parts.unseenMembers != nil || f.parts.unseenItems != nil)
	s.conditional(f, at)
}

// reference follows $ref. One that leaves the document is dropped: the contract's
// reader refuses it before.
func (s *smith) reference(f *form, at int32) {
	ref, ok := s.str(at)
	if !ok {
		s.fail("$ref", errKeyword)
		return
	}
	if !strings.HasPrefix(ref, "#") {
		return
	}
	target := s.find(ref)
	if target == nowhere {
		s.fail("$ref", errors.New("leads nowhere"))
		return
	}
	f.ref = s.make(target)
}

// modernise adds what a schema of OpenAPI 3.0 says in words of its own: nullable,
// and bounds that are exclusive or not.
func (s *smith) modernise(f *form, at int32) {
	if s.truth(s.get(at, "nullable")) && f.kinds != 0 {
		f.kinds |= null
		if f.values != nil {
			s.admitNull(f)
		}
	}
	if f.numbers == nil {
		return
	}
	if s.truth(s.get(at, "exclusiveMinimum")) {
		f.numbers.above, f.numbers.minimum = f.numbers.minimum, nil
	}
	if s.truth(s.get(at, "exclusiveMaximum")) {
		f.numbers.below, f.numbers.maximum = f.numbers.maximum, nil
	}
}

func (s *smith) admitNull(f *form) {
	values := f.values.document.text
	widened := append(append([]byte("[null,"), values[1:len(values)-1]...), ']')
	if f.values.nodes[0].size == 0 {
		widened = []byte("[null]")
	}
	f.values, _ = newChoice(widened) // it was read before
}

// required reads which members must be there, save those that the direction may
// leave out although they are required (OpenAPI 3.0 section 4.7.24.2).
func (s *smith) required(f *form, at int32) {
	list := s.get(at, "required")
	if list == nowhere {
		return
	}
	if s.nodes[list].kind != array {
		s.fail("required", errKeyword)
		return
	}
	properties := s.get(at, "properties")
	o := f.object()
	for i := list + 1; i < s.nodes[list].end; i = s.nodes[i].end {
		name, ok := s.str(i)
		if !ok {
			s.fail("required", errKeyword)
			return
		}
		p := o.properties[name]
		if p.must > 0 || s.excused(s.get(properties, name)) {
			continue
		}
		o.required = append(o.required, name)
		p.must = len(o.required)
		o.name(name, p)
	}
}

func (s *smith) excused(at int32) bool {
	word := "readOnly"
	if s.towards == answer {
		word = "writeOnly"
	}
	for range maxDepth {
		if at == nowhere || s.truth(s.get(at, word)) {
			return at != nowhere
		}
		ref, ok := s.str(s.get(at, "$ref"))
		if !ok {
			return false
		}
		at = s.find(ref)
	}
	return false
}

// conditional drops then and else where there is no if.
func (s *smith) conditional(f *form, at int32) {
	if f.parts != nil && f.parts.when == nil {
		f.parts.then, f.parts.otherwise = nil, nil
	}
}

func (f *form) object() *objectRules {
	if f.objects == nil {
		f.objects = &objectRules{maxMembers: -1}
	}
	return f.objects
}

func (o *objectRules) name(name string, p property) {
	if o.properties == nil {
		o.properties = map[string]property{}
	}
	o.properties[name] = p
}

func (f *form) array() *arrayRules {
	if f.arrays == nil {
		f.arrays = &arrayRules{maxItems: -1, minHeld: 1, maxHeld: -1}
	}
	return f.arrays
}

func (f *form) string() *stringRules {
	if f.strings == nil {
		f.strings = &stringRules{maxLength: -1}
	}
	return f.strings
}

func (f *form) number() *numberRules {
	if f.numbers == nil {
		f.numbers = &numberRules{}
	}
	return f.numbers
}

func (f *form) part() *combination {
	if f.parts == nil {
		f.parts = &combination{}
	}
	return f.parts
}

// count reads a whole number that is not negative, also one written as 2.0.
func (s *smith) count(at int32, into *int) bool {
	if s.nodes[at].kind != number {
		return false
	}
	r, ok := new(big.Rat).SetString(string(s.value(at)))
	if !ok || !r.IsInt() || r.Sign() < 0 {
		return false
	}
	*into = 1 << 40 // more than any message has
	if r.Num().IsInt64() {
		*into = int(min(r.Num().Int64(), 1<<40))
	}
	return true
}

func (s *smith) bound(at int32, into **bound) bool {
	if s.nodes[at].kind == boolean && s.old {
		return true // exclusiveMinimum of 3.0; see modernise
	}
	if s.nodes[at].kind != number {
		return false
	}
	r, ok := new(big.Rat).SetString(string(s.value(at)))
	*into = newBound(r)
	return ok
}

// one reads a schema.
func (s *smith) one(at int32, into **form) bool {
	*into = s.make(at)
	return true
}

// list reads an array of schemas.
func (s *smith) list(at int32, into *[]*form) bool {
	if s.nodes[at].kind != array {
		return false
	}
	all := make([]*form, 0, s.nodes[at].size)
	for i := at + 1; i < s.nodes[at].end; i = s.nodes[i].end {
		all = append(all, s.make(i))
	}
	*into = all
	return true
}
