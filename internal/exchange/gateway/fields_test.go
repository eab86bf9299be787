package gateway

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"simpul"
)

// counter commits to the length of an answer.
type counter struct{ calls int }

func (c *counter) Commit(body []byte) (simpul.Digest, string) {
	c.calls++
	return simpul.Digest(fmt.Sprint("root of ", len(body))), "key"
}

func TestFieldsOfAnAnswerAreCommittedTo(t *testing.T) {
	long := `"` + strings.Repeat("x", heldBytes) + `"`
	for name, c := range map[string]struct {
		body, kind, encoding string
		chunked, off         bool
		class                simpul.LIDClass
		root                 simpul.Digest
	}{
		"short":          {body: `{"a":1}`, kind: "application/json", root: "root of 7"},
		"of a class":     {body: `{"a":1}`, kind: "application/json; charset=utf-8", class: simpul.Terbatas, root: "root of 7"},
		"without length": {body: `{"a":1}`, kind: "application/problem+json", chunked: true, root: "root of 7"},
		"full":           {body: long[:heldBytes-1], kind: "application/json", chunked: true, root: simpul.Digest(fmt.Sprint("root of ", heldBytes-1))},
		"too long":       {body: long, kind: "application/json", class: simpul.Terbatas},
		"not JSON":       {body: `<a/>`, kind: "application/xml", class: simpul.Terbatas},
		"no type":        {body: `{"a":1}`, kind: ""},
		"compressed":     {body: `{"a":1}`, kind: "application/json", encoding: "gzip", class: simpul.Terbatas},
		"not asked for":  {body: `{"a":1}`, kind: "application/json", class: simpul.Terbatas, off: true},
	} {
		h := newHub(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Content-Type"] = []string{c.kind}
			if c.encoding != "" {
				w.Header().Set("Content-Encoding", c.encoding)
			}
			if c.chunked {
				w.(http.Flusher).Flush()
			}
			io.WriteString(w, c.body)
		})
		committer := &counter{}
		h.pipeline.Fields = committer
		h.route.Delivery = &simpul.Delivery{Provable: !c.off}
		if c.class != "" {
			h.route.Class = c.class
		}
		if _, got, err := h.do(t, "GET", "/master/Kota/32", nil, "X-API-Key", "good", "Accept-Encoding", "gzip"); c.encoding == "" && (err != nil || got != c.body) {
			t.Errorf("%s: %.20q, %v", name, got, err)
		}
		<-h.recorded
		x := h.record(t)
		if x.FieldRoot != c.root || (x.FieldKey != "") != (c.root != "") || committer.calls > 1 || c.off && committer.calls != 0 {
			t.Errorf("%s: root %q under %q after %d", name, x.FieldRoot, x.FieldKey, committer.calls)
		}
	}
}
