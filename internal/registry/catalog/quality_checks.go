package catalog

import (
	"slices"
	"strings"

	"simpul"
	"simpul/internal/registry/catalog/contract"
)

// check is one rule of quality.
type check struct {
	key, place    string
	points        int
	title, remedy simpul.Text

	// measure says how many of how many parts are met, and where one is missing.
	// Of 0 parts the check does not apply.
	measure func(Spec, *contract.Contract) (met, all int, missing []string)
}

// checks are the rules, 100 points in all: 55 for what people read before they
// ask for access, 45 for what they read before they write a program. The bound
// are the fields of the answers that are bound to a standard or a list of codes.
func checks(bound []string) []check {
	rule := func(key, place string, points int, title, remedy simpul.Text, measure func(Spec, *contract.Contract) (int, int, []string)) check {
		return check{key, place, points, title, remedy, measure}
	}
	text := func(id, en string) simpul.Text { return simpul.Text{ID: id, EN: en} }
	return []check{
		rule("description", "spec.description", 10, text("Keterangan", "Description"),
			text("Tulis paling sedikit dua kalimat: apa isinya, dan siapa yang terbantu.", "Write at least two sentences: what it holds, and whom it helps."),
			said(func(s Spec) bool { return len([]rune(strings.TrimSpace(s.Description))) >= enoughDescription })),
		rule("contacts", "spec.contacts", 8, text("Tempat bertanya", "Where to ask"),
			text("Sebutkan unit organisasi dengan kotak surat fungsinya.", "Name an organisational unit with the mailbox of its function."),
			said(func(s Spec) bool { return len(s.Contacts) > 0 && s.Contacts[0].Email != "" })),
		rule("personalData", "spec.personalData", 6, text("Pernyataan data pribadi", "Statement on personal data"),
			text("Nyatakan apakah orang dapat dikenali dari jawabannya (held: true atau false).", "State whether persons can be identified from the answers (held: true or false)."),
			said(func(s Spec) bool { return s.PersonalData != nil })),
		rule("themes", "spec.themes", 6, text("Tema", "Theme"),
			text("Pilih satu sampai tiga tema, agar LID ini ditemukan lewat saringan.", "Choose one to three themes, so that filters find this LID."),
			said(func(s Spec) bool { return len(s.Themes) > 0 })),
		rule("keywords", "spec.keywords", 5, text("Kata kunci", "Keywords"),
			text("Tulis paling sedikit tiga kata yang akan diketik orang.", "Write at least three words that people will type."),
			func(s Spec, _ *contract.Contract) (int, int, []string) { return min(len(s.Keywords), 3), 3, nil }),
		rule("licence", "spec.licence", 5, text("Lisensi", "Licence"),
			text("Pilih lisensi, atau perjanjian bila pemakaiannya diatur perjanjian.", "Choose a licence, or perjanjian where an agreement rules the use."),
			said(func(s Spec) bool { return s.Licence != "" })),
		rule("purpose", "spec.purpose", 4, text("Tujuan", "Purpose"),
			text("Tulis untuk apa datanya dikumpulkan.", "Write what the data is collected for."),
			said(func(s Spec) bool { return strings.TrimSpace(s.Purpose) != "" })),
		rule("frequency", "spec.frequency", 4, text("Kekerapan pembaruan", "Frequency of updates"),
			text("Sebutkan seberapa sering datanya diperbarui.", "Say how often the data is brought up to date."),
			said(func(s Spec) bool { return s.Frequency != "" })),
		rule("serviceLevel", "spec.serviceLevel", 4, text("Tingkat layanan", "Service level"),
			text("Janjikan ketersediaan, waktu jawab, dan jam bantuan.", "Promise availability, response time and support hours."), serviceLevelMet),
		rule("coverage", "spec.coverage", 3, text("Cakupan", "Coverage"),
			text("Sebutkan wilayah dan rentang waktu datanya.", "Name the regions and the period of the data."),
			said(func(s Spec) bool { return s.Coverage != nil })),

		rule("fields", "spec.contract", 12, text("Keterangan kolom jawaban", "Descriptions of fields"),
			text("Beri setiap kolom jawaban description dengan satuan atau kodenya.", "Give each field of the answers a description with its unit or code."), fieldsDescribed),
		rule("examples", "spec.contract", 9, text("Contoh jawaban", "Example answers"),
			text("Sertakan contoh jawaban karangan pada setiap operasi.", "Include a made-up example answer for each operation."),
			perOperation(func(op contract.Operation) bool { return len(op.Example) > 0 || len(op.ResponseFields) == 0 })),
		rule("summaries", "spec.contract", 6, text("Ringkasan operasi", "Summaries of operations"),
			text("Beri setiap operasi summary satu baris.", "Give each operation a summary of one line."),
			perOperation(func(op contract.Operation) bool { return op.Summary != "" })),
		rule("errors", "spec.contract", 6, text("Bentuk galat", "Form of errors"),
			text("Nyatakan jawaban galat sebagai application/problem+json (RFC 9457).", "State failures as application/problem+json (RFC 9457)."),
			perOperation(func(op contract.Operation) bool { return op.Problems })),
		rule("bindings", "Binding spec.fields", 8, text("Kolom wilayah dan orang terikat standar", "Fields of regions and persons are bound"),
			text("Ikat setiap kolom tentang wilayah atau orang ke standar data atau daftar kode (sumber daya Binding).", "Bind each field about a region or a person to a data standard or a list of codes (resource Binding)."), fieldsBound(bound)),
		rule("parameters", "spec.contract", 4, text("Keterangan parameter", "Descriptions of parameters"),
			text("Beri setiap parameter description.", "Give each parameter a description."), parametersDescribed),
	}
}

// enoughDescription is the length in characters below which a description says
// little more than a title.
const enoughDescription = 60

func said(ok func(Spec) bool) func(Spec, *contract.Contract) (int, int, []string) {
	return func(s Spec, _ *contract.Contract) (int, int, []string) {
		if ok(s) {
			return 1, 1, nil
		}
		return 0, 1, nil
	}
}

func serviceLevelMet(s Spec, _ *contract.Contract) (met, all int, missing []string) {
	if s.ServiceLevel == nil {
		return 0, 3, nil
	}
	for name, ok := range map[string]bool{"availability": s.ServiceLevel.Availability > 0, "latencyMillis": s.ServiceLevel.LatencyMillis > 0, "supportHours": s.ServiceLevel.SupportHours != ""} {
		if ok {
			met++
			continue
		}
		missing = append(missing, name)
	}
	return met, 3, sortedTexts(missing)
}

func perOperation(ok func(contract.Operation) bool) func(Spec, *contract.Contract) (int, int, []string) {
	return func(_ Spec, c *contract.Contract) (met, all int, missing []string) {
		for _, op := range operationsOf(c) {
			if all++; ok(op) {
				met++
				continue
			}
			missing = append(missing, op.Method+" "+op.Path)
		}
		return met, all, missing
	}
}

func operationsOf(c *contract.Contract) []contract.Operation {
	if c == nil {
		return nil
	}
	return c.Operations
}

// eachField visits the fields of the answers, each path once.
func eachField(c *contract.Contract, visit func(contract.Field)) {
	seen := map[string]bool{}
	for _, op := range operationsOf(c) {
		for _, f := range op.ResponseFields {
			if !seen[f.Path] {
				seen[f.Path] = true
				visit(f)
			}
		}
	}
}

func isObject(f contract.Field) bool { return f.Type == "object[]" || f.Type == "object" }

func fieldsDescribed(_ Spec, c *contract.Contract) (met, all int, missing []string) {
	eachField(c, func(f contract.Field) {
		if isObject(f) {
			return // its members are what needs words
		}
		if all++; f.Description != "" {
			met++
			return
		}
		missing = append(missing, f.Path)
	})
	return met, all, missing
}

func parametersDescribed(_ Spec, c *contract.Contract) (met, all int, missing []string) {
	for _, op := range operationsOf(c) {
		for _, p := range op.Parameters {
			if all++; p.Description != "" {
				met++
				continue
			}
			missing = append(missing, p.Name)
		}
	}
	return met, all, missing
}

// fieldsBound holds fields whose names speak of persons or regions against the
// bindings: what they mean is not left to guesses.
func fieldsBound(bound []string) func(Spec, *contract.Contract) (int, int, []string) {
	return func(_ Spec, c *contract.Contract) (met, all int, missing []string) {
		eachField(c, func(f contract.Field) {
			if isObject(f) || simpul.KindOfField(f.Path) == simpul.PlainField {
				return
			}
			if all++; slices.Contains(bound, f.Path) {
				met++
				return
			}
			missing = append(missing, f.Path)
		})
		return met, all, missing
	}
}

func sortedTexts(all []string) []string {
	slices.Sort(all)
	return all
}
