package contract

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// request reads the fields of a request's JSON body.
func (r *reader) request(at place, body *node) ([]Field, error) {
	if body == nil {
		return nil, nil
	}
	body = r.resolve(body)
	if !body.object() {
		return nil, expected(at, "objek isi permintaan", "a request body object")
	}
	return r.shape(at, r.jsonMedia(body).get("schema"))
}

// answers reads the fields that successful JSON answers have, all together, and
// an example. Where an operation declares no success, its default answer counts.
func (r *reader) answers(at place, responses *node) ([]Field, json.RawMessage, error) {
	if responses != nil && !responses.object() {
		return nil, nil, expected(at, "objek jawaban per status", "an object of answers by status")
	}
	var fields []Field
	var example json.RawMessage
	for _, status := range successes(responses) {
		response := r.resolve(responses.get(status))
		if !response.object() {
			return nil, nil, expected(at.in(status), "objek jawaban", "an answer object")
		}
		media := r.jsonMedia(response)
		more, err := r.shape(at.in(status), media.get("schema"))
		if err != nil {
			return nil, nil, err
		}
		fields = r.merge(fields, more)
		if example == nil {
			example = compact(r.example(media, media.get("schema")))
		}
	}
	return fields, example, nil
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
