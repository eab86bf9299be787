package dcat

import (
	"slices"
	"strings"

	"simpul"
)

// knownContexts are contexts that are understood by heart and never fetched: the
// one of DCAT-AP, of which terms lists what an entry is made of.
func knownContexts() []string {
	return []string{
		"https://semiceu.github.io/DCAT-AP/releases/3.0.0/context/dcat-ap.jsonld",
		"https://semiceu.github.io/DCAT-AP/releases/3.0.1/context/dcat-ap.jsonld",
		"https://www.w3.org/ns/dcat.jsonld",
	}
}

// byHeart are the terms of the known contexts.
func byHeart() map[string]string {
	return map[string]string{
		"Catalogue": "dcat:Catalog", "Catalog": "dcat:Catalog", "Dataset": "dcat:Dataset", "DataService": "dcat:DataService", "DatasetSeries": "dcat:DatasetSeries",
		"Agent": "foaf:Agent", "Organization": "foaf:Organization", "Person": "foaf:Person",
		"title": "dct:title", "description": "dct:description", "publisher": "dct:publisher", "modified": "dct:modified", "issued": "dct:issued",
		"modificationDate": "dct:modified", "keyword": "dcat:keyword", "landingPage": "dcat:landingPage", "endpointURL": "dcat:endpointURL",
		"dataset": "dcat:dataset", "service": "dcat:service", "name": "foaf:name", "id": "@id", "type": "@type",
	}
}

// terms expand the names of a document to addresses.
type terms struct {
	names map[string]string // to a full address or a keyword
	vocab string
}

// readTerms reads the @context of a document: prefixes and terms that stand in
// it, and contexts that are known by heart. Any other address is refused, since
// it would have to be fetched.
func readTerms(at place, c *value) (terms, error) {
	t := terms{names: map[string]string{}}
	for prefix, uri := range prefixes() {
		t.names[prefix] = uri
	}
	t.names["dcterms"] = prefixes()["dct"]
	parts := []*value{c}
	if c.array() {
		parts = c.children
	}
	for i, part := range parts {
		where := at
		if c.array() {
			where = at.index(i)
		}
		if err := t.take(where, part); err != nil {
			return t, err
		}
	}
	return t, nil
}

func (t *terms) take(at place, c *value) error {
	switch {
	case c == nil || c.null():
		return nil
	case c.isText() && slices.Contains(knownContexts(), c.text):
		for name, meaning := range byHeart() {
			t.names[name] = t.expand(meaning)
		}
		return nil
	case c.isText():
		return fault(at,
			simpul.Text{ID: "Konteks " + quote(c.text) + " harus diambil dari jaringan, dan hub tidak mengambil apa pun.", EN: "The context " + quote(c.text) + " would have to be fetched, and the hub fetches nothing."},
			simpul.Text{ID: "Tulis konteksnya langsung di dalam dokumen, sebagai objek.", EN: "Write the context into the document itself, as an object."})
	case !c.object():
		return expected(at, "objek konteks", "a context object")
	}
	return t.define(at, c)
}

// define takes the definitions of an inline context. A definition may use one
// that stands after it, so prefixes come first.
func (t *terms) define(at place, c *value) error {
	for i, name := range c.names {
		meaning := c.children[i]
		switch name {
		case "@vocab":
			t.vocab = t.expand(meaning.text)
			continue
		case "@import", "@propagate", "@protected":
			if name == "@import" {
				return expected(at.member(name), "konteks tanpa @import", "a context without @import")
			}
			continue
		}
		if id := meaning.identifier(); strings.HasSuffix(id, "/") || strings.HasSuffix(id, "#") {
			t.names[name] = id
		}
	}
	for i, name := range c.names {
		if id := c.children[i].identifier(); id != "" && !strings.HasPrefix(name, "@") {
			t.names[name] = t.expand(id)
		}
	}
	return nil
}

// identifier is what a definition of a term stands for.
func (v *value) identifier() string {
	if v.object() {
		return v.get("@id").str()
	}
	return v.str()
}

// expand returns the full address of a name: a term, a prefixed name, or an
// address already. Names that mean nothing are "".
func (t *terms) expand(name string) string {
	if strings.HasPrefix(name, "@") {
		return name
	}
	if meaning, ok := t.names[name]; ok {
		return meaning
	}
	if prefix, rest, ok := strings.Cut(name, ":"); ok {
		if base, known := t.names[prefix]; known && !strings.HasPrefix(rest, "//") {
			return base + rest
		}
		return name
	}
	if t.vocab != "" {
		return t.vocab + name
	}
	return ""
}
