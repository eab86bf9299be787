package contract

import "strings"

// shape lists the fields of a body with the schema. Bodies that share a schema
// share the list.
func (r *reader) shape(at place, schema *node) ([]Field, error) {
	if schema == nil {
		return nil, nil
	}
	if len(schema.names) == 1 {
		schema = r.resolve(schema)
	}
	if fields, known := r.shapes[schema]; known {
		return fields, nil
	}
	s := &shape{reader: r, known: map[string]int{}}
	s.walk(schema, branch{parent: -1, binding: true})
	for i := 0; i < len(s.deeper); i++ {
		s.walk(s.deeper[i].schema, s.deeper[i].branch)
	}
	if r.fields -= len(s.fields); s.incomplete || r.fields < 0 {
		return nil, excess(at, "kolomnya terlalu banyak", "it has too many fields")
	}
	fields := s.inOrder()
	r.shapes[schema] = fields
	return fields, nil
}

// shape is a list of fields under way. Fields are found level by level, so that
// what is cut of a list without end is its depth.
type shape struct {
	*reader
	fields     []Field
	parents    []int          // of each field the place of the one that holds it, or -1
	known      map[string]int // place in fields, by path
	required   []string       // paths
	deeper     []task
	incomplete bool // fields at the top had to be left out
}

// task is a field's schema that is still to be walked.
type task struct {
	schema *node
	branch branch
}

// branch is where in a body a schema applies.
type branch struct {
	path    string
	parent  int  // place in fields, or -1
	depth   int  // names in path
	binding bool // false in an alternative, which cannot require anything
	open    *trail
}

// trail is the schemas around a branch, to notice recursion.
type trail struct {
	schema *node
	up     *trail
	length int
}

func (t *trail) has(schema *node) bool {
	for ; t != nil; t = t.up {
		if t.schema == schema {
			return true
		}
	}
	return false
}

func (t *trail) and(schema *node) *trail {
	if t == nil {
		return &trail{schema, nil, 1}
	}
	return &trail{schema, t, t.length + 1}
}

// walk lists the members of the object that the schema describes. Arrays,
// references and combined schemas are transparent.
func (s *shape) walk(schema *node, b branch) {
	if s.visits--; s.visits < 0 || !schema.object() {
		return
	}
	if b.open.has(schema) || b.open != nil && b.open.length == maxNesting {
		s.cut(b.parent)
		return
	}
	b.open = b.open.and(schema)

	s.properties(schema, b)
	if ref := schema.get("$ref").str(); ref != "" {
		s.walk(s.find(ref), b)
	}
	for _, part := range schema.get("allOf").elements() {
		s.walk(part, b)
	}
	s.walk(schema.get("items"), b)
	for _, element := range schema.get("prefixItems").elements() {
		s.walk(element, b)
	}
	b.binding = false
	for _, keyword := range []string{"oneOf", "anyOf"} {
		for _, part := range schema.get(keyword).elements() {
			s.walk(part, b)
		}
	}
	s.walk(schema.get("then"), b)
	s.walk(schema.get("else"), b)
}

func (s *shape) properties(schema *node, b branch) {
	names, properties := schema.get("properties").members()
	for i, name := range names {
		if s.full(b) {
			s.cut(b.parent)
			s.incomplete = s.incomplete || b.parent < 0 && s.visits >= 0
			return
		}
		if name != "" && !strings.Contains(name, ".") {
			s.field(b, name, properties[i])
		}
	}
	if !b.binding {
		return
	}
	required := schema.get("required").elements()
	s.visits -= len(required)
	for _, name := range required {
		s.required = append(s.required, join(b.path, name.str()))
	}
}

// full reports whether no more can be listed in the branch.
func (s *shape) full(b branch) bool {
	return s.visits < 0 || b.depth == maxFieldDepth || len(s.fields) == maxShape
}

func (s *shape) field(b branch, name string, schema *node) {
	s.visits--
	path := join(b.path, name)
	i, listed := s.known[path]
	demands := s.demands(schema, 0)
	if listed && !b.binding {
		s.fields[i].Nullable = s.fields[i].Nullable || demands.null
		s.fields[i].Rules = s.either(s.fields[i].Rules, demands.rules)
	}
	if !listed {
		about := s.describe(schema, 0)
		i = len(s.fields)
		s.known[path] = i
		s.parents = append(s.parents, b.parent)
		s.fields = append(s.fields, Field{Path: path, Type: about.kind, Format: about.format, Description: about.description, Nullable: demands.null, Rules: demands.rules})
	}
	s.deeper = append(s.deeper, task{schema, branch{path: path, parent: i, depth: b.depth + 1, binding: true, open: b.open}})
}

// cut marks a field below which something is not listed. Recursion at the top
// leaves nothing out, and there is no field to mark.
func (s *shape) cut(i int) {
	if i >= 0 {
		s.fields[i].Cut = true
	}
}

// inOrder returns the fields in the order of the document, each before what it
// holds.
func (s *shape) inOrder() []Field {
	for _, path := range s.required {
		if i, listed := s.known[path]; listed {
			s.fields[i].Required = true
		}
	}
	below := make(map[int][]int, len(s.fields))
	for i, parent := range s.parents {
		below[parent] = append(below[parent], i)
	}
	ordered := make([]Field, 0, len(s.fields))
	var take func(parent int)
	take = func(parent int) {
		for _, i := range below[parent] {
			ordered = append(ordered, s.fields[i])
			take(i)
		}
	}
	take(-1)
	return ordered
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
