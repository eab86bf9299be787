package feasibility

import (
	"slices"
	"strings"
)

// lint is one rule about contracts. What fails harms consumers or the origin, or
// cannot be mended later without breaking consumers; the rest is advice.
type lint struct {
	key    string
	title  Words
	reason string // why it is as weighty as it is
	look   func(*test, *Check)
}

// lints are the rules about contracts, in the order of the report.
func lints() []lint {
	return []lint{
		{"contract", say("Kontrak lengkap dan dapat diperiksa", "The contract is whole and can be checked"),
			"fail: without it nothing else can be held to what the provider promises", lookReadable},
		{"description", say("Operasi dan parameter dijelaskan", "Operations and parameters are described"),
			"warn: readers lack words; they can be added at any time without breaking anybody", lookDescribed},
		{"examples", say("Contoh tersedia", "Examples are given"),
			"warn: as descriptions; without examples the test guesses values and sees less", lookExamples},
		{"errors-declared", say("Jawaban gagal dideklarasikan", "Failures are declared"),
			"warn: consumers can handle what is not declared, but not well; it can be added", lookErrors},
		{"limits", say("Batas banyaknya data wajar", "Sane limits on how much is answered"),
			"fail where a list has no limit: it floods consumers as it grows, and a limit that comes later breaks them; warn for the rest", lookLimits},
		{"names", say("Nama dalam satu gaya", "Names in one style"),
			"warn: taste, though it becomes expensive after publication", lookNames},
	}
}

func lookReadable(t *test, c *Check) {
	if len(t.ops) == 0 {
		c.fail("contract", say("Kontrak tidak memuat satu operasi pun.", "The contract has not a single operation."),
			say("Sertakan dokumen OpenAPI 3.0 atau 3.1 pada spec.contract.", "Include an OpenAPI 3.0 or 3.1 document in spec.contract."))
	}
	for _, o := range t.ops {
		responses, _ := o.node["responses"].(object)
		success := false
		for status := range responses {
			success = success || strings.HasPrefix(status, "2") || status == "default"
			t.lookSchemas(c, o, status)
		}
		if !success {
			c.fail(o.String(), say("Tidak ada jawaban berhasil yang dideklarasikan.", "No successful answer is declared."),
				say("Tambahkan jawaban 200 dengan skemanya pada responses.", "Add an answer 200 with its schema to responses."))
		}
	}
}

// lookSchemas makes sure that the schemas of an answer can be checked.
func (t *test) lookSchemas(c *Check, o operation, status string) {
	answer, at := t.doc.answerOf(o, status)
	content, _ := answer["content"].(object)
	for media := range content {
		pointer, has := t.doc.schemaOf(answer, at, media)
		if !has || !isJSON(media) {
			continue
		}
		if _, err := t.schemas.compile(pointer); err != nil {
			c.fail(o.String()+" "+status, say("Skema jawaban tidak sah menurut JSON Schema 2020-12.", "The schema of the answer is not valid by JSON Schema 2020-12."),
				say("Periksa skema itu dengan alat OpenAPI; sering kali type atau required salah bentuk.", "Check the schema with an OpenAPI tool; often type or required has the wrong form."))
		}
	}
}

func lookDescribed(t *test, c *Check) {
	for _, o := range t.ops {
		if strings.TrimSpace(text(o.node["summary"])+text(o.node["description"])) == "" {
			c.warn(o.String(), say("Operasi tanpa ringkasan dan penjelasan.", "The operation has neither summary nor description."),
				say("Tulis satu kalimat pada summary: apa yang dijawab dan untuk siapa.", "Write one sentence in summary: what it answers and for whom."))
		}
		for _, p := range o.parameters {
			if strings.TrimSpace(text(p.node["description"])+text(p.schema["description"])) == "" {
				c.warn(o.String()+" "+p.name, say("Parameter tanpa penjelasan.", "The parameter has no description."),
					say("Tulis pada description apa artinya dan bentuk nilainya.", "Write in description what it means and which form its values have."))
			}
		}
	}
}

func lookExamples(t *test, c *Check) {
	m := t.maker()
	for _, o := range t.ops {
		if _, ok := m.exemplary(o); ok {
			continue
		}
		for _, p := range o.parameters {
			if _, has := m.example(p.node, p.schema); p.required && !has && p.schema["enum"] == nil && p.schema["default"] == nil {
				c.warn(o.String()+" "+p.name, say("Parameter wajib tanpa contoh nilai.", "A required parameter has no example."),
					say("Beri example yang benar-benar ada datanya; jangan data pribadi orang sungguhan.", "Give an example for which there is data; no personal data of real people."))
			}
		}
		if !t.doc.hasExample(o) {
			c.warn(o.String(), say("Jawaban tanpa contoh.", "The answer has no example."),
				say("Tambahkan example pada jawaban 200, atau pada tiap bidang skemanya.", "Add an example to the answer 200, or to each field of its schema."))
		}
	}
}

// hasExample reports whether an answer of the operation, or a field of it, has
// an example.
func (d *document) hasExample(o operation) bool {
	responses, _ := o.node["responses"].(object)
	for _, value := range responses {
		content, _ := d.resolve(value)["content"].(object)
		for _, media := range content {
			described := d.resolve(media)
			schema := d.resolve(described["schema"])
			_, found := maker{document: d}.example(described, schema)
			if found || described["schema"] == nil || d.fieldsHaveExample(schema, 0) {
				return true
			}
		}
	}
	return !d.answersContent(o)
}

func (d *document) answersContent(o operation) bool {
	responses, _ := o.node["responses"].(object)
	for status, value := range responses {
		content, _ := d.resolve(value)["content"].(object)
		if strings.HasPrefix(status, "2") && len(content) > 0 {
			return true
		}
	}
	return false
}

func (d *document) fieldsHaveExample(schema object, depth int) bool {
	if depth > 3 || schema == nil {
		return false
	}
	properties, _ := schema["properties"].(object)
	for _, value := range properties {
		member := d.resolve(value)
		if member["example"] != nil || member["examples"] != nil || member["enum"] != nil || d.fieldsHaveExample(member, depth+1) {
			return true
		}
	}
	return d.fieldsHaveExample(d.resolve(schema["items"]), depth+1)
}

func lookErrors(t *test, c *Check) {
	for _, o := range t.ops {
		responses, _ := o.node["responses"].(object)
		declared, problems := false, false
		for status, value := range responses {
			if strings.HasPrefix(status, "2") || strings.HasPrefix(status, "3") {
				continue
			}
			declared = true
			content, _ := t.doc.resolve(value)["content"].(object)
			for media := range content {
				problems = problems || mediaOf(media) == "application/problem+json"
			}
		}
		switch {
		case !declared:
			c.warn(o.String(), say("Tidak ada jawaban gagal yang dideklarasikan.", "No failure is declared."),
				say("Deklarasikan paling sedikit 400 atau default dengan media application/problem+json (RFC 9457).", "Declare at least 400 or default with the media type application/problem+json (RFC 9457)."))
		case !problems:
			c.warn(o.String(), say("Jawaban gagal tidak berbentuk application/problem+json.", "Failures are not of application/problem+json."),
				say("Pakai bentuk RFC 9457, supaya pemanfaat menangani semua LID dengan satu cara.", "Use the form of RFC 9457, so that consumers handle all LIDs in one way."))
		}
	}
}

func lookLimits(t *test, c *Check) {
	for _, o := range t.ops {
		if list := t.doc.unboundedList(o); list != "" && o.safe() && !slices.ContainsFunc(o.parameters, pages) {
			c.fail(o.String()+" "+list, say("Daftar tanpa batas: semua baris dijawab sekaligus.", "A list without limit: all rows are answered at once."),
				say("Tambahkan parameter limit dan cursor (atau page), atau maxItems pada skemanya bila daftarnya memang pendek.", "Add parameters limit and cursor (or page), or maxItems to its schema if the list is short by nature."))
		}
		for _, p := range o.parameters {
			if isLimit(p.name) && p.schema["maximum"] == nil && p.schema["enum"] == nil {
				c.warn(o.String()+" "+p.name, say("Parameter batas tanpa nilai terbesar.", "The limit parameter has no largest value."),
					say("Tulis maximum, misalnya 1000.", "Write maximum, such as 1000."))
			}
		}
	}
}

// pages reports parameters by which one gets a part of a list.
func pages(p parameter) bool {
	return isLimit(p.name) || slices.Contains([]string{"page", "halaman", "cursor", "offset", "after"}, strings.ToLower(p.name))
}

// unboundedList names the array in a successful answer that may grow without
// end: the answer itself, or a member of it; "" for none.
func (d *document) unboundedList(o operation) string {
	node, _ := d.answerOf(o, "200")
	content, _ := node["content"].(object)
	for media, value := range content {
		if !isJSON(media) {
			continue
		}
		schema := d.resolve(d.resolve(value)["schema"])
		if typeOf(schema) == "array" && schema["maxItems"] == nil {
			return "[]"
		}
		properties, _ := schema["properties"].(object)
		for name, member := range properties {
			if s := d.resolve(member); typeOf(s) == "array" && s["maxItems"] == nil && isCollection(name) {
				return name
			}
		}
	}
	return ""
}

// isCollection reports names under which answers hold their rows; arrays of
// other names are usually parts of one thing.
func isCollection(name string) bool {
	return slices.Contains([]string{"items", "data", "rows", "results", "records", "values", "hasil", "daftar", "list", "content", "entries"}, strings.ToLower(name))
}

func lookNames(t *test, c *Check) {
	styles := map[string]string{} // an example of each
	for _, o := range t.ops {
		for _, f := range t.doc.fields(o) {
			name := f.path[strings.LastIndexByte(f.path, '.')+1:]
			if style := styleOf(name); style != "" && styles[style] == "" {
				styles[style] = name
			}
		}
	}
	if len(styles) < 2 {
		return
	}
	var all []string
	for _, name := range styles {
		all = append(all, name)
	}
	slices.Sort(all)
	c.add(Finding{Outcome: Warn, Place: "components.schemas", What: say("Nama bidang memakai lebih dari satu gaya.", "Names of fields follow more than one style."),
		Expected: "one style", Got: strings.Join(all, ", "),
		Remedy: say("Pilih satu gaya, misalnya huruf_kecil_bergaris_bawah, sebelum ada pemanfaat.", "Choose one style, such as lower_snake_case, before there are consumers.")})
}

// styleOf tells how a name of several words joins them; "" for one word.
func styleOf(name string) string {
	upper := strings.ContainsFunc(name, func(r rune) bool { return 'A' <= r && r <= 'Z' })
	switch {
	case strings.Contains(name, "_"):
		return "snake"
	case strings.Contains(name, "-"):
		return "kebab"
	case upper && strings.ToUpper(name) != name && name[0] >= 'a':
		return "camel"
	case upper && strings.ToUpper(name) != name:
		return "pascal"
	}
	return ""
}
