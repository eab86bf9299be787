package contract

import (
	"strings"

	"simpul"
)

// Parse reads an OpenAPI document.
func Parse(doc []byte) (*Contract, error) {
	root, err := decode(doc)
	if err != nil {
		return nil, err
	}
	if err := version(root); err != nil {
		return nil, err
	}
	r := &reader{
		references: references{root: root, targets: map[string]*node{}},
		shapes:     map[*node][]Field{},
		demanded:   map[*node]demands{},
		visits:     maxVisits, fields: maxFields, looks: maxVisits,
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	return r.contract()
}

// reader reads one document.
type reader struct {
	references
	shapes   map[*node][]Field // what was read of a body's schema
	demanded map[*node]demands // what was read of any schema

	visits, fields int // what is left of maxVisits and maxFields
	looks          int // what is left of maxVisits for demands
}

func version(root *node) error {
	if root.get("swagger") != nil {
		return fault(place{"swagger"},
			simpul.Text{ID: "Ini dokumen Swagger 2.0.", EN: "This is a Swagger 2.0 document."},
			simpul.Text{ID: "Ubah menjadi OpenAPI 3 dengan alat konversi, misalnya swagger2openapi.", EN: "Convert it to OpenAPI 3 with a conversion tool such as swagger2openapi."})
	}
	v := root.get("openapi").str()
	switch {
	case v == "":
		return notOpenAPI()
	case !strings.HasPrefix(v, "3.0.") && !strings.HasPrefix(v, "3.1."):
		return fault(place{"openapi"},
			simpul.Text{ID: "Versi OpenAPI " + quote(v) + " tidak didukung.", EN: "OpenAPI version " + quote(v) + " is not supported."},
			simpul.Text{ID: "Tulis kontrak menurut OpenAPI 3.0 atau 3.1, misalnya \"3.1.0\".", EN: "Write the contract in OpenAPI 3.0 or 3.1, such as \"3.1.0\"."})
	}
	return nil
}

func notOpenAPI() error {
	return fault(nil,
		simpul.Text{ID: "Ini bukan dokumen OpenAPI: anggota openapi tidak ada.", EN: "This is not an OpenAPI document: it has no member openapi."},
		simpul.Text{ID: "Sertakan dokumen OpenAPI 3.0 atau 3.1 dalam JSON.", EN: "Include an OpenAPI 3.0 or 3.1 document in JSON."})
}

func (r *reader) contract() (*Contract, error) {
	info := r.root.get("info")
	c := &Contract{Title: strings.TrimSpace(info.get("title").str()), Version: strings.TrimSpace(info.get("version").str())}
	if c.Title == "" {
		return nil, expected(place{"info", "title"}, "judul", "a title")
	}
	if c.Version == "" {
		return nil, expected(place{"info", "version"}, "versi kontrak, dalam tanda kutip", "the contract's version, in quotes")
	}
	c.Title, c.Version = clip(c.Title, maxText), clip(c.Version, maxText)
	var err error
	if c.Operations, err = r.operations(); err != nil {
		return nil, err
	}
	return c, nil
}

func (r *reader) operations() ([]Operation, error) {
	at := place{"paths"}
	names, items := r.root.get("paths").members()
	known := map[string]string{} // by the shape of the path
	var ops []Operation
	for i, path := range names {
		if strings.HasPrefix(path, "x-") {
			continue
		}
		t, err := parseTemplate(at.in(path), path)
		if err != nil {
			return nil, err
		}
		if same, taken := known[t.shape()]; taken {
			return nil, ambiguousPath(at.in(path), same)
		}
		known[t.shape()] = path
		if ops, err = r.pathItem(ops, at.in(path), t, items[i]); err != nil {
			return nil, err
		}
		switch {
		case r.visits < 0 || r.fields < 0:
			return nil, excess(at.in(path), "skema-skemanya terlalu banyak atau terlalu sering saling merujuk", "it has too many schemas, or they refer to each other too often")
		case len(ops) > maxOperations:
			return nil, excess(at, "lebih dari 500 operasi", "more than 500 operations")
		}
	}
	if len(ops) == 0 {
		return nil, expected(at, "paling sedikit satu operasi", "at least one operation")
	}
	return ops, nil
}

func ambiguousPath(at place, same string) error {
	return fault(at,
		simpul.Text{ID: "Alamat ini hanya berbeda nama parameter dari " + quote(same) + ".", EN: "This path differs from " + quote(same) + " only in the names of its parameters."},
		simpul.Text{ID: "Gabungkan keduanya menjadi satu alamat.", EN: "Merge the two into one path."})
}

// pathItem appends the operations of one path.
func (r *reader) pathItem(ops []Operation, at place, t template, item *node) ([]Operation, error) {
	item = r.resolve(item)
	if !item.object() {
		return nil, expected(at, "objek dengan metode", "an object of methods")
	}
	for i, key := range item.names {
		switch key {
		case "get", "head", "post", "put", "patch", "delete", "options":
			op, err := r.operation(at.in(key), t, item, item.children[i])
			if err != nil {
				return nil, err
			}
			op.Operation = simpul.Operation{Method: strings.ToUpper(key), Path: t.path}
			ops = append(ops, op)
		case "summary", "description", "servers", "parameters", "$ref":
		default:
			if !strings.HasPrefix(key, "x-") {
				return nil, unknownMethod(at.in(key), key)
			}
		}
	}
	return ops, nil
}

func unknownMethod(at place, key string) error {
	return fault(at,
		simpul.Text{ID: quote(key) + " bukan metode yang dilayani hub.", EN: quote(key) + " is not a method that the hub serves."},
		simpul.Text{ID: "Gunakan get, head, post, put, patch, delete, atau options, dengan huruf kecil.", EN: "Use get, head, post, put, patch, delete or options, in lower case."})
}

func (r *reader) operation(at place, t template, item, n *node) (op Operation, err error) {
	if !n.object() {
		return op, expected(at, "objek operasi", "an operation object")
	}
	op.Summary, op.Description = clip(n.get("summary").str(), maxText), clip(n.get("description").str(), maxText)
	if op.Parameters, err = r.parameters(at, t, item, n); err != nil {
		return op, err
	}
	if op.Request, err = r.request(at.in("requestBody"), n.get("requestBody")); err != nil {
		return op, err
	}
	op.RequestFields = op.Request.fields()
	op.Problems = r.problems(n.get("responses"))
	err = r.answers(at.in("responses"), n.get("responses"), &op)
	return op, err
}
