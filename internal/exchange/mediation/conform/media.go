package conform

import (
	"strings"

	"simpul"
)

// mediaOf is a media type without its parameters, in lower case.
func mediaOf(contentType string) string {
	base, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(base))
}

// isJSON reports media types whose bodies are JSON (RFC 6839 section 3.1).
func isJSON(media string) bool {
	return media == "application/json" || strings.HasSuffix(media, "+json")
}

// covering finds what the contract says of a media type; nil for nothing.
func (b *body) covering(media string) *mediaType {
	for i := range b.media {
		m := &b.media[i]
		if m.name == media {
			return m
		}
		if parent, isRange := strings.CutSuffix(m.name, "*"); isRange && media != "" && (m.name == "*/*" || strings.HasPrefix(media, parent)) {
			return m
		}
	}
	return nil
}

func (b *body) names() []string {
	all := make([]string, len(b.media))
	for i, m := range b.media {
		all[i] = m.name
	}
	return all
}

// foreignMedia tells of a media type that the contract does not have.
func (b *body) foreignMedia() Fault {
	return Fault{Place: "header.Content-Type", Spot: "header.Content-Type", Keyword: "mediaType", Expected: listed("Content-Type ", "Content-Type ", b.names())}
}

// encoded tells of a body that is compressed, so that nobody can look into it.
func encoded() Fault {
	return Fault{Place: "header.Content-Encoding", Spot: "header.Content-Encoding", Keyword: "encoding", Expected: simpul.Text{
		ID: "isi tanpa kompresi (tanpa Content-Encoding)", EN: "a body without compression (no Content-Encoding)"}}
}
