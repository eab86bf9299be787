package catalog

import (
	"context"
	"net/url"
	"strings"

	"simpul"
	"simpul/internal/platform/web"
	"simpul/internal/registry/catalog/contract"
)

// section is one page of the wizard, which can be opened again at any time.
type section struct {
	Key   string // in the address
	Title simpul.Text
	Lead  simpul.Text

	fill    func(Spec) url.Values                        // what the form begins with
	read    func(*form, *Spec, *contract.Contract)       // takes what was entered, and notes what is wrong
	missing func(Spec, *contract.Contract) []simpul.Text // what keeps the LID from being submitted
}

// The keys of the sections.
const (
	sectionContract = "kontrak"
	sectionWords    = "kata"
	sectionLaw      = "aturan"
	sectionService  = "layanan"
	sectionFields   = "kolom"
	sectionSubmit   = "ajukan"
)

// sections are in the order of the wizard.
func sections() []section {
	text := func(id, en string) simpul.Text { return simpul.Text{ID: id, EN: en} }
	return []section{
		{Key: sectionContract, Title: text("Kontrak", "Contract"),
			Lead:    text("Dokumen OpenAPI mengatakan apa yang dapat dipanggil dan kolom apa yang dijawab. Hub menegakkannya: yang tidak tertulis tidak diteruskan.", "The OpenAPI document says what can be called and which fields are answered. The hub enforces it: what is not written is not passed on."),
			missing: missingContract},
		{Key: sectionWords, Title: text("Alamat dan keterangan", "Address and description"),
			Lead: text("Dengan kata-kata ini LID Anda ditemukan dan dipahami instansi lain.", "By these words other agencies find and understand your LID."),
			fill: fillWords, read: readWords, missing: missingWords},
		{Key: sectionLaw, Title: text("Kelas dan hukum", "Class and law"),
			Lead: text("Kelas menentukan siapa menyetujui akses dan seketat apa setiap pertukaran dicatat.", "The class decides who approves access and how strictly each exchange is recorded."),
			fill: fillLaw, read: readLaw, missing: missingLaw},
		{Key: sectionService, Title: text("Layanan", "Service"),
			Lead: text("Di mana layanan Anda berjalan, apa yang Anda janjikan, dan kepada siapa orang bertanya.", "Where your service runs, what you promise, and whom people ask."),
			fill: fillService, read: readService, missing: missingService},
		{Key: sectionFields, Title: text("Kolom dan kode", "Fields and codes"),
			Lead: text("Kolom yang diikat ke standar atau daftar kode berarti sama di semua instansi.", "A field that is bound to a standard or a list of codes means the same at every agency."),
			fill: fillFields, read: readFields, missing: func(Spec, *contract.Contract) []simpul.Text { return nil }},
		{Key: sectionSubmit, Title: text("Uji dan ajukan", "Test and submit"),
			Lead:    text("Periksa semuanya sekali lagi, lalu ajukan kepada operator nasional.", "Look at everything once more, then submit it to the national operator."),
			missing: func(Spec, *contract.Contract) []simpul.Text { return nil }},
	}
}

func sectionOf(key string) (section, bool) {
	for _, s := range sections() {
		if s.Key == key {
			return s, true
		}
	}
	return section{}, false
}

// after is the key of the section that follows; the last one follows itself.
func after(key string) string {
	all := sections()
	for i, s := range all[:len(all)-1] {
		if s.Key == key {
			return all[i+1].Key
		}
	}
	return key
}

// firstGap is the first section in which something is missing; "" for none.
func (v work) firstGap() string {
	for _, s := range sections() {
		if len(s.missing(v.Spec, v.Read)) > 0 {
			return s.Key
		}
	}
	return ""
}

// stepper shows the way through the sections. Whatever has no address yet can
// open the first two only.
func (v work) stepper(ctx context.Context, current string) web.Stepper {
	s := web.Stepper{Label: web.T(ctx, "Langkah menerbitkan LID", "Steps to publish a LID")}
	for i, one := range sections() {
		stage := web.Stage{Title: one.Title.In(web.Language(ctx)), Current: one.Key == current}
		if v.ID != "" && (!v.begun() || i < 2) {
			stage.Href = workPath(v.ID, one.Key)
		}
		stage.Done = v.ID != "" && one.Key != sectionSubmit && one.Key != sectionFields && !(v.begun() && one.Key != sectionContract) && len(one.missing(v.Spec, v.Read)) == 0
		s.Stages = append(s.Stages, stage)
	}
	return s
}

func missingContract(s Spec, c *contract.Contract) []simpul.Text {
	if c != nil {
		return nil
	}
	return []simpul.Text{{ID: "dokumen OpenAPI", EN: "an OpenAPI document"}}
}

func missingWords(s Spec, _ *contract.Contract) (all []simpul.Text) {
	if len([]rune(strings.TrimSpace(s.Title))) < leastTitle {
		all = append(all, simpul.Text{ID: "judul", EN: "a title"})
	}
	if strings.TrimSpace(s.Description) == "" {
		all = append(all, simpul.Text{ID: "keterangan", EN: "a description"})
	}
	return all
}

func missingLaw(s Spec, _ *contract.Contract) (all []simpul.Text) {
	if strings.TrimSpace(s.LegalBasis) == "" {
		all = append(all, simpul.Text{ID: "dasar hukum", EN: "a legal basis"})
	}
	if _, said := s.Personal(); !said {
		all = append(all, simpul.Text{ID: "pernyataan data pribadi", EN: "a statement on personal data"})
	}
	return all
}

func missingService(s Spec, _ *contract.Contract) (all []simpul.Text) {
	if strings.TrimSpace(s.Upstream) == "" {
		all = append(all, simpul.Text{ID: "alamat layanan", EN: "the address of the service"})
	}
	if len(s.Contacts) == 0 && strings.TrimSpace(s.Contact) == "" {
		all = append(all, simpul.Text{ID: "tempat bertanya", EN: "whom to ask"})
	}
	return all
}

// inWords joins texts in the reader's language.
func inWords(ctx context.Context, all []simpul.Text) string {
	words := make([]string, len(all))
	for i, t := range all {
		words[i] = t.In(web.Language(ctx))
	}
	return strings.Join(words, ", ")
}
