package contract

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// request reads the body that an operation takes.
func (r *reader) request(at place, body *node) (*Request, error) {
	if body == nil {
		return nil, nil
	}
	body = r.resolve(body)
	if !body.object() {
		return nil, expected(at, "objek isi permintaan", "a request body object")
	}
	bodies, _, err := r.bodies(at, body)
	return &Request{Required: body.get("required").truth(), Bodies: bodies}, err
}

// fields are those of the JSON body.
func (q *Request) fields() []Field {
	if q == nil {
		return nil
	}
	return jsonFields(q.Bodies)
}

func jsonFields(all []Body) []Field {
	i := slices.IndexFunc(all, func(b Body) bool { return b.JSON })
	if i < 0 {
		return nil
	}
	return all[i].Fields
}

// bodies reads what stands under content, and returns the media type object for
// JSON beside it.
func (r *reader) bodies(at place, holder *node) (all []Body, media *node, err error) {
	media = r.jsonMedia(holder)
	names, values := holder.get("content").members()
	for i, name := range names {
		base, _, _ := strings.Cut(strings.ToLower(name), ";")
		b := Body{Media: clip(strings.TrimSpace(base), maxText)}
		if b.JSON = media != nil && r.resolve(values[i]) == media && !slices.ContainsFunc(all, func(other Body) bool { return other.JSON }); b.JSON {
			schema := media.get("schema")
			b.Whole = r.whole(schema)
			if b.Fields, err = r.shape(at, schema); err != nil {
				return nil, nil, err
			}
		}
		all = append(all, b)
	}
	return all, media, nil
}

// whole describes a value that is no member of another.
func (r *reader) whole(schema *node) Field {
	about, demands := r.describe(schema, 0), r.demands(schema, 0)
	return Field{Type: about.kind, Format: about.format, Description: about.description, Nullable: demands.null, Rules: demands.rules}
}

// answers reads the successful JSON answers, each by itself and the fields of
// all together, and an example. Where an operation declares no success, its
// default answer counts.
func (r *reader) answers(at place, responses *node, op *Operation) error {
	if responses != nil && !responses.object() {
		return expected(at, "objek jawaban per status", "an object of answers by status")
	}
	for _, status := range successes(responses) {
		response := r.resolve(responses.get(status))
		if !response.object() {
			return expected(at.in(status), "objek jawaban", "an answer object")
		}
		bodies, media, err := r.bodies(at.in(status), response)
		if err != nil {
			return err
		}
		op.Answers = append(op.Answers, Answer{Status: status, Bodies: bodies})
		op.ResponseFields = r.merge(op.ResponseFields, jsonFields(bodies))
		if op.Example == nil {
			op.Example = compact(r.example(media, media.get("schema")))
		}
	}
	return nil
}

func successes(responses *node) []string {
	names, _ := responses.members()
	var all []string
	for _, status := range names {
		if isSuccess(status) {
			all = append(all, status)
		}
	}
	if all == nil && responses.get("default") != nil {
		return []string{"default"}
	}
	return all
}

func isSuccess(status string) bool {
	code, err := strconv.Atoi(status)
	return status == "2XX" || err == nil && code >= 200 && code < 300
}

// merge adds the fields that are new. It leaves both lists as they are, since
// answers share them.
func (r *reader) merge(fields, more []Field) []Field {
	switch {
	case len(fields) == 0:
		return more
	case len(more) == 0 || &fields[0] == &more[0]:
		return fields
	}
	r.fields -= len(fields) + len(more)
	known := make(map[string]bool, len(fields))
	for _, f := range fields {
		known[f.Path] = true
	}
	merged := slices.Clip(fields)
	for _, f := range more {
		if !known[f.Path] {
			merged = append(merged, f)
		}
	}
	return merged
}

// jsonMedia returns the media type object for JSON of a body, or nil. A range
// such as */* includes JSON.
func (r *reader) jsonMedia(body *node) *node {
	names, media := body.get("content").members()
	for i, name := range names {
		base, _, _ := strings.Cut(strings.ToLower(name), ";")
		switch base = strings.TrimSpace(base); {
		case base == "application/json", strings.HasSuffix(base, "+json"), base == "*/*", base == "application/*":
			return r.resolve(media[i])
		}
	}
	return nil
}

// example returns the first example of a parameter, media type or schema, or nil.
func (r *reader) example(n, schema *node) *node {
	if e := n.get("example"); e != nil {
		return e
	}
	if _, named := n.get("examples").members(); len(named) > 0 {
		if e := r.resolve(named[0]).get("value"); e != nil {
			return e
		}
	}
	schema = r.resolve(schema)
	if e := schema.get("example"); e != nil {
		return e
	}
	if all := schema.get("examples").elements(); len(all) > 0 {
		return all[0]
	}
	return nil
}

// compact returns a value without white space, unless it is too long to show.
func compact(n *node) json.RawMessage {
	if n == nil || len(n.raw) > maxExample {
		return nil
	}
	var b bytes.Buffer
	json.Compact(&b, n.raw) // the decoder has checked it
	return bytes.Clone(b.Bytes())
}
