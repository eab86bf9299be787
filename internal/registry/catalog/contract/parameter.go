package contract

import (
	"slices"

	"simpul"
)

// parameters reads what an operation takes outside its body: what its path
// declares, and what it declares itself, which replaces the former.
func (r *reader) parameters(at place, t template, item, operation *node) ([]Parameter, error) {
	all, err := r.declared(at[:len(at)-1].in("parameters"), item.get("parameters"))
	if err != nil {
		return nil, err
	}
	own, err := r.declared(at.in("parameters"), operation.get("parameters"))
	if err != nil {
		return nil, err
	}
	for _, p := range own {
		same := func(other Parameter) bool { return other.Name == p.Name && other.In == p.In }
		if i := slices.IndexFunc(all, same); i >= 0 {
			all[i] = p
		} else {
			all = append(all, p)
		}
	}
	for _, name := range t.parameters {
		if !slices.ContainsFunc(all, func(p Parameter) bool { return p.In == "path" && p.Name == name }) {
			return nil, undeclared(at, name)
		}
	}
	return all, nil
}

func undeclared(at place, name string) error {
	return fault(at.in("parameters"),
		simpul.Text{ID: "Parameter alamat " + quote(name) + " tidak dideklarasikan.", EN: "Path parameter " + quote(name) + " is not declared."},
		simpul.Text{ID: "Tambahkan {\"name\": " + quote(name) + ", \"in\": \"path\", \"required\": true, …} pada parameters.", EN: "Add {\"name\": " + quote(name) + ", \"in\": \"path\", \"required\": true, …} to parameters."})
}

func (r *reader) declared(at place, list *node) ([]Parameter, error) {
	if list != nil && !list.array() {
		return nil, expected(at, "daftar parameter", "a list of parameters")
	}
	if len(list.elements()) > maxParameters {
		return nil, excess(at, "lebih dari 200 parameter", "more than 200 parameters")
	}
	var all []Parameter
	for i, n := range list.elements() {
		p, err := r.parameter(at.item(i), r.resolve(n))
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

func (r *reader) parameter(at place, n *node) (Parameter, error) {
	p := Parameter{
		Name: clip(n.get("name").str(), maxText), In: n.get("in").str(), Required: n.get("required").truth(),
		Description: clip(n.get("description").str(), maxText),
	}
	if p.Name == "" {
		return p, expected(at.in("name"), "nama parameter", "the parameter's name")
	}
	switch p.In {
	case "path":
		p.Required = true
	case "query", "header", "cookie":
	default:
		return p, expected(at.in("in"), "path, query, header, atau cookie", "path, query, header or cookie")
	}
	schema := n.get("schema")
	if schema == nil {
		_, media := n.get("content").members()
		if len(media) > 0 {
			schema = r.resolve(media[0]).get("schema")
		}
	}
	about := r.describe(schema, 0)
	p.Type, p.Format, p.Rules = about.kind, about.format, r.demands(schema, 0).rules
	if p.Description == "" {
		p.Description = about.description
	}
	p.Example = written(r.example(n, schema))
	return p, nil
}

// written is a value as one would write it in a URL.
func written(n *node) string {
	switch {
	case n == nil || len(n.raw) > maxText:
		return ""
	case n.str() != "":
		return n.str()
	}
	return string(n.raw)
}
