package gateway

import (
	"mime"
	"net/http"
	"strings"

	"simpul"
)

// Committer commits to the fields of an answer: the root goes into its record, and so
// does the key, where it is sealed. Both are empty for what is not taken apart.
type Committer interface {
	Commit(body []byte) (root simpul.Digest, key string)
}

// commitFields has the fields of the answer committed to, where the LID asks for it
// and the answer is JSON.
func (c *call) commitFields(by Committer, h http.Header) {
	if d := c.route.Delivery; d != nil && d.Provable && isJSON(h) {
		c.fields = by
	}
}

// commit notes what was committed to, if body is the whole answer.
func (s *sealer) commit(body []byte) {
	if c := s.call; c.fields != nil && s.n == int64(len(body)) {
		c.exchange.FieldRoot, c.exchange.FieldKey = c.fields.Commit(body)
	}
}

// isJSON reports JSON as it is, not compressed.
func isJSON(h http.Header) bool {
	kinds, encoding := h["Content-Type"], h.Get("Content-Encoding")
	if len(kinds) != 1 || encoding != "" && encoding != "identity" {
		return false
	}
	kind, _, err := mime.ParseMediaType(kinds[0])
	return err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json"))
}
