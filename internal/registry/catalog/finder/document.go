package finder

// Document is one thing to be found.
type Document struct {
	ID       string
	Title    string
	Address  string
	Keywords []string
	Agency   string   // who offers it
	Places   []string // where it belongs to
	About    string   // description, purpose, themes
	Fields   []string // names and descriptions of what it answers
}

// fields are the parts of a document that are searched, with how much a word
// weighs in each: what people mean first is the title.
func fields() []field {
	return []field{{"title", 6}, {"address", 4}, {"keywords", 4}, {"agency", 2.5}, {"places", 2}, {"about", 1}, {"fields", 1}}
}

type field struct {
	name   string
	weight float64
}

// parts are the words of a document, by field.
func (d Document) parts() map[string][]string {
	return map[string][]string{
		"title":    words(d.Title),
		"address":  words(d.Address),
		"keywords": wordsOf(d.Keywords),
		"agency":   words(d.Agency),
		"places":   wordsOf(d.Places),
		"about":    words(d.About),
		"fields":   wordsOf(d.Fields),
	}
}
