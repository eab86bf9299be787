package sandbox

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"simpul"
)

// Limits on what is kept of one LID, bytes.
const (
	maxExample = 64 << 10
	maxStage   = 512 << 10
)

// Stage is what the operations of a LID answer in the sandbox. It is immutable.
type Stage struct{ scenes map[simpul.Operation]*scene }

// scene is one operation.
type scene struct{ answers []answer }

// answer is one that the contract declares.
type answer struct {
	status   string // "200", "4XX" or "default"
	media    string // "" for an answer without a body
	examples []example
}

// example is one body. Its name is empty where the contract gives none.
type example struct {
	name string
	body []byte
}

// Compile reads the examples of an OpenAPI document, which was checked before.
func Compile(text json.RawMessage) (*Stage, error) {
	doc, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	c := &compiler{document: doc, left: maxStage}
	stage := &Stage{scenes: map[simpul.Operation]*scene{}}
	paths, items := doc.root.get("paths").members()
	for i, path := range paths {
		methods, operations := doc.resolve(items[i]).members()
		for j, method := range methods {
			if isMethod(method) {
				stage.scenes[simpul.Operation{Method: strings.ToUpper(method), Path: path}] = c.scene(operations[j])
			}
		}
	}
	return stage, nil
}

func isMethod(key string) bool {
	return slices.Contains([]string{"get", "head", "post", "put", "patch", "delete", "options"}, key)
}

// compiler reads one document.
type compiler struct {
	*document
	left int // bytes that may still be kept
}

// scene puts the answers in the order in which they are chosen: successes first,
// lower numbers first.
func (c *compiler) scene(operation *node) *scene {
	s := &scene{}
	statuses, responses := operation.get("responses").members()
	for i, status := range statuses {
		if !strings.HasPrefix(status, "x-") {
			s.answers = append(s.answers, c.answer(status, c.resolve(responses[i])))
		}
	}
	slices.SortStableFunc(s.answers, func(a, b answer) int {
		return cmp.Or(cmp.Compare(order(a.status), order(b.status)), strings.Compare(a.status, b.status))
	})
	return s
}

func order(status string) int {
	switch {
	case status[:min(1, len(status))] == "2":
		return 0
	case status == "default":
		return 1
	}
	return 2
}

func (c *compiler) answer(status string, response *node) answer {
	a := answer{status: strings.ToUpper(status)}
	if status == "default" {
		a.status = status
	}
	names, media := response.get("content").members()
	if len(names) == 0 {
		return a
	}
	chosen := max(slices.IndexFunc(names, isJSON), 0)
	content := c.resolve(media[chosen])
	a.media = names[chosen]
	if base, _, _ := strings.Cut(a.media, ";"); strings.Contains(base, "*") {
		a.media = "application/json"
	}
	for _, e := range c.examples(content, a) {
		if len(e.body) <= min(maxExample, c.left) {
			c.left -= len(e.body)
			a.examples = append(a.examples, e)
		}
	}
	return a
}

func isJSON(media string) bool {
	base, _, _ := strings.Cut(strings.ToLower(media), ";")
	base = strings.TrimSpace(base)
	return base == "application/json" || strings.HasSuffix(base, "+json") || base == "*/*" || base == "application/*"
}

// examples returns those of a media type object; where it has none and is JSON, one
// that follows from the schema.
func (c *compiler) examples(content *node, a answer) (all []example) {
	isJSON := isJSON(a.media)
	if e := content.get("example"); e != nil {
		all = append(all, example{body: written(e, isJSON)})
	}
	names, named := content.get("examples").members()
	for i, name := range names {
		if value := c.resolve(named[i]).get("value"); value != nil {
			all = append(all, example{name, written(value, isJSON)})
		}
	}
	if len(all) == 0 && isJSON && content != nil {
		g := &generator{document: c.document, values: maxValues}
		if strings.HasPrefix(a.media, "application/problem+json") && !strings.HasSuffix(a.status, "XX") && a.status != "default" {
			g.status = a.status
		}
		all = []example{{body: withoutNIK(g.write(nil, content.get("schema"), "", 0))}}
	}
	return all
}

// written is an example as a body: of another type than JSON it stands in a text.
func written(value *node, isJSON bool) []byte {
	if !isJSON && value.is('"') {
		return withoutNIK([]byte(value.str()))
	}
	return withoutNIK(compact(value.raw))
}

// code is the status of an answer: of a range the first, 200 where nothing else is
// declared.
func (a answer) code() int {
	if n, err := strconv.Atoi(strings.ReplaceAll(a.status, "X", "0")); err == nil {
		return n
	}
	return 200
}

// means reports whether a status is declared by the answer.
func (a answer) means(code int) bool {
	text := strconv.Itoa(code)
	return a.status == text || a.status == text[:1]+"XX" || a.status == "default"
}
