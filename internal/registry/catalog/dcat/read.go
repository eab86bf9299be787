package dcat

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"simpul"
)

// Read reads the datasets and services of somebody else's catalogue, in the
// order of their addresses. It fetches nothing. What it does not understand it
// leaves out; what would be an entry and is not whole it refuses with its place.
// A document without any entry is refused, since it is likely another kind.
func Read(document []byte) ([]Entry, error) {
	v, err := decode(document)
	if err != nil {
		return nil, err
	}
	g := &gathered{nodes: map[string]*thing{}}
	if g.terms, err = readTerms(root.member("@context"), v.get("@context")); err != nil {
		return nil, err
	}
	if err := g.walk(root, v, true); err != nil {
		return nil, err
	}
	return g.entries()
}

// thing is a node of the graph, with all that the document says of it.
type thing struct {
	id    string // its address, or a made-up key
	at    place  // where it was first met
	types []string
	texts map[string][]text   // literals, by property
	links map[string][]string // keys of other things, or addresses
}

// gathered is the graph of a document.
type gathered struct {
	terms terms
	nodes map[string]*thing // by address, or by a made-up key for those without
	blank int
}

// walk takes in every node below a value.
func (g *gathered) walk(at place, v *value, top bool) error {
	switch {
	case v.array():
		for i, child := range v.children {
			if err := g.walk(at.index(i), child, top); err != nil {
				return err
			}
		}
		return nil
	case !v.object():
		return expected(at, "objek JSON-LD", "a JSON-LD object")
	}
	_, err := g.node(at, v, top)
	return err
}

// node takes in one object and returns its key.
func (g *gathered) node(at place, v *value, top bool) (key string, err error) {
	t := g.thing(at, v)
	for i, name := range v.names {
		where, child := at.member(name), v.children[i]
		switch meaning := g.terms.expand(name); meaning {
		case "", "@id", "@index":
		case "@context":
			if !top {
				return "", expected(where, "dokumen dengan satu @context di puncaknya", "a document with one @context at its top")
			}
		case "@type":
			t.addTypes(g.terms, child)
		case "@graph", "@included":
			err = g.walk(where, child, false)
		case "@reverse":
			return "", expected(where, "hubungan yang ditulis searah, tanpa @reverse", "relations written forwards, without @reverse")
		default:
			err = g.property(where, t, meaning, child)
		}
		if err != nil {
			return "", err
		}
	}
	return t.key(), nil
}

func (g *gathered) thing(at place, v *value) *thing {
	id := ""
	for i, name := range v.names {
		if g.terms.expand(name) == "@id" {
			id = g.terms.expand(v.children[i].str())
			if id == "" {
				id = v.children[i].str()
			}
		}
	}
	key := id
	if key == "" {
		g.blank++
		key = "_:" + strconv.Itoa(g.blank) + "?" // no address has this form
	}
	t, ok := g.nodes[key]
	if !ok {
		t = &thing{id: key, at: at, texts: map[string][]text{}, links: map[string][]string{}}
		g.nodes[key] = t
	}
	return t
}

func (t *thing) key() string { return t.id }

func (t *thing) addTypes(names terms, v *value) {
	all := []*value{v}
	if v.array() {
		all = v.children
	}
	for _, one := range all {
		if name := names.expand(one.str()); name != "" && !slices.Contains(t.types, name) {
			t.types = append(t.types, name)
		}
	}
}

// property takes in what a node says under one name.
func (g *gathered) property(at place, t *thing, name string, v *value) error {
	switch {
	case v.array():
		for i, child := range v.children {
			if err := g.property(at.index(i), t, name, child); err != nil {
				return err
			}
		}
	case v.object():
		return g.objectProperty(at, t, name, v)
	case v.isText():
		t.texts[name] = append(t.texts[name], text{value: v.text})
		t.links[name] = append(t.links[name], v.text) // which of both it is, the reader of the property knows
	}
	return nil
}

func (g *gathered) objectProperty(at place, t *thing, name string, v *value) error {
	if literal := v.get("@value"); literal != nil {
		t.texts[name] = append(t.texts[name], text{literal.str(), language2(v.get("@language").str())})
		return nil
	}
	if list := cmp.Or(v.get("@list"), v.get("@set")); list != nil {
		return g.property(at, t, name, list)
	}
	if isLanguageMap(v) {
		for i, code := range v.names {
			t.texts[name] = append(t.texts[name], text{v.children[i].str(), language2(code)})
		}
		return nil
	}
	key, err := g.node(at, v, false)
	if err == nil {
		t.links[name] = append(t.links[name], key)
	}
	return err
}

// isLanguageMap tells {"id": "…", "en": "…"} from a node.
func isLanguageMap(v *value) bool {
	for i, name := range v.names {
		code := language2(name)
		if len(code) < 2 || len(code) > 3 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz") != "" || !v.children[i].isText() || name == "id" && isAddress(v.children[i].text) {
			return false
		}
	}
	return len(v.names) > 0
}

// language2 is the first part of a language tag.
func language2(tag string) string {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return primary
}

func (g *gathered) entries() ([]Entry, error) {
	dcat := prefixes()["dcat"]
	var all []Entry
	for _, t := range g.nodes {
		service := slices.Contains(t.types, dcat+"DataService")
		if !service && !slices.Contains(t.types, dcat+"Dataset") {
			continue
		}
		e, err := g.entry(t, service)
		if err != nil {
			return nil, err
		}
		if all = append(all, e); len(all) > maxEntries {
			return nil, excess("lebih dari 20.000 entri", "more than 20,000 entries")
		}
	}
	if len(all) == 0 {
		return nil, expected(root, "paling sedikit satu dcat:Dataset atau dcat:DataService", "at least one dcat:Dataset or dcat:DataService")
	}
	slices.SortFunc(all, func(a, b Entry) int { return strings.Compare(a.URI, b.URI) })
	return all, nil
}

func (g *gathered) entry(t *thing, service bool) (Entry, error) {
	p := prefixes()
	e := Entry{URI: t.id, Service: service, Title: clean(best(t.texts[p["dct"]+"title"]), maxTitle), Description: clean(best(t.texts[p["dct"]+"description"]), maxText)}
	switch {
	case !isAddress(e.URI):
		return e, fault(t.at.member("@id"),
			simpul.Text{ID: "Entri ini tidak punya alamat http atau https yang tetap.", EN: "This entry has no lasting http or https address."},
			simpul.Text{ID: "Beri setiap dataset dan layanan sebuah @id.", EN: "Give each dataset and service an @id."})
	case e.Title == "":
		return e, fault(t.at.member("dct:title"),
			simpul.Text{ID: "Entri " + quote(e.URI) + " tidak punya judul.", EN: "The entry " + quote(e.URI) + " has no title."},
			simpul.Text{ID: "Beri dct:title berupa teks.", EN: "Give it a dct:title that is text."})
	}
	e.Page, e.Publisher = g.page(t), g.publisher(t)
	for _, word := range t.texts[p["dcat"]+"keyword"] {
		if k := clean(word.value, maxTitle); k != "" && !slices.Contains(e.Keywords, k) {
			e.Keywords = append(e.Keywords, k)
		}
	}
	slices.Sort(e.Keywords)
	e.Keywords = e.Keywords[:min(len(e.Keywords), maxKeywords)]
	return e, g.modified(t, &e)
}

// page is where people read more: the landing page, or the entry's own address.
func (g *gathered) page(t *thing) string {
	pages := slices.Clone(t.links[prefixes()["dcat"]+"landingPage"])
	slices.Sort(pages)
	for _, uri := range pages {
		if isAddress(uri) {
			return uri
		}
	}
	return t.id
}

// publisher names the organisation behind an entry. A person is not named.
func (g *gathered) publisher(t *thing) string {
	foaf := prefixes()["foaf"]
	var names []text
	for _, key := range t.links[prefixes()["dct"]+"publisher"] {
		agent := g.nodes[key]
		if agent == nil || slices.Contains(agent.types, foaf+"Person") {
			continue
		}
		for _, property := range []string{foaf + "name", prefixes()["skos"] + "prefLabel", prefixes()["rdfs"] + "label"} {
			names = append(names, agent.texts[property]...)
		}
	}
	return clean(best(names), maxTitle)
}

func (g *gathered) modified(t *thing, e *Entry) error {
	for _, stated := range t.texts[prefixes()["dct"]+"modified"] {
		at, ok := day(stated.value)
		if !ok {
			return fault(t.at.member("dct:modified"),
				simpul.Text{ID: "Waktu perubahan " + quote(stated.value) + " tidak sah.", EN: "The time of change " + quote(stated.value) + " is not valid."},
				simpul.Text{ID: "Tulis xsd:date atau xsd:dateTime, misalnya 2026-01-31.", EN: "Write xsd:date or xsd:dateTime, such as 2026-01-31."})
		}
		if at.After(e.Modified) {
			e.Modified = at
		}
	}
	return nil
}

// day reads the forms of xsd:dateTime, with and without a zone, and of xsd:date.
func day(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", time.DateOnly, "2006-01-02Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1 && t.Year() <= 9999 {
			return t.UTC().Truncate(time.Millisecond), true
		}
	}
	return time.Time{}, false
}

func isAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && len(s) <= maxURI && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil &&
		!strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune("<>\"{}|\\^`", r) })
}

// clean keeps the text of somebody else to one line of printable characters.
func clean(s string, most int) string {
	printable := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	runes := []rune(strings.Join(strings.Fields(printable), " "))
	return string(runes[:min(len(runes), most)])
}
