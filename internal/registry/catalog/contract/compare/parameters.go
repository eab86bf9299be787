package compare

import (
	"slices"
	"strings"

	"simpul/internal/registry/catalog/contract"
)

// parameters compares what two operations take outside their bodies.
func (c *comparer) parameters(old, next *call) {
	before, after := keyed(old), keyed(next)
	for _, key := range keys(before, after) {
		p, was := before[key]
		q, is := after[key]
		switch {
		case !is:
			c.add(spot(p), change{kind: Removed, effect: Breaking, sentence: named(p).says("dihapus.", "was removed."), why: refused, before: p.Name})
		case !was:
			c.add(spot(q), parameterAdded(q))
		default:
			c.parameter(p, q)
		}
	}
}

func parameterAdded(q contract.Parameter) change {
	if q.Required {
		return change{kind: Added, effect: Breaking, sentence: named(q).says("ditambahkan dan wajib diisi.", "was added and is required."), why: refused, after: q.Name}
	}
	return change{kind: Added, effect: Harmless, sentence: named(q).says("ditambahkan dan boleh dikosongkan.", "was added and is optional."), why: ignored, after: q.Name}
}

func (c *comparer) parameter(p, q contract.Parameter) {
	if p.In == "path" && p.Name != q.Name {
		c.add(spot(p), change{kind: Renamed, effect: Breaking, sentence: named(p).says("berganti nama menjadi "+clip(q.Name)+".", "is now called "+clip(q.Name)+"."), why: byName, before: p.Name, after: q.Name})
	}
	c.all(spot(p), values(written, named(p), asField(p), asField(q)))
}

// asField sees a parameter as a member of the request.
func asField(p contract.Parameter) contract.Field {
	return contract.Field{Type: p.Type, Format: p.Format, Description: p.Description, Required: p.Required, Rules: p.Rules}
}

// spot is the place of a parameter within its operation.
func spot(p contract.Parameter) string { return p.In + " " + p.Name }

func named(p contract.Parameter) words {
	w := "Parameter " + clip(p.Name)
	return words{w, w}
}

// keyed finds the parameters of an operation: of the path by their position, the
// others by name. OpenAPI gives three headers no meaning as parameters.
func keyed(op *call) map[string]contract.Parameter {
	found := map[string]contract.Parameter{}
	for _, p := range op.Parameters {
		switch name := strings.ToLower(p.Name); {
		case p.In == "path":
			if i := position(op.Path, p.Name); i != "" {
				found["path "+i] = p
			}
		case p.In != "header":
			found[p.In+" "+p.Name] = p
		case name != "accept" && name != "content-type" && name != "authorization":
			found["header "+name] = p
		}
	}
	return found
}

// position is where a path has a parameter, as a letter; "" for nowhere.
func position(path, name string) string {
	i := slices.Index(strings.Split(path, "/"), "{"+name+"}")
	if i < 0 {
		return ""
	}
	return string(rune('a' + i))
}

func keys(before, after map[string]contract.Parameter) (all []string) {
	for key := range before {
		all = append(all, key)
	}
	for key := range after {
		if _, known := before[key]; !known {
			all = append(all, key)
		}
	}
	slices.Sort(all)
	return all
}
