package catalog

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"simpul"
	"simpul/internal/registry/catalog/contract"
)

// check refuses metadata that is not what it says. Its texts are plain: no
// markup, no control characters, nothing that a spreadsheet would run.
func (m Metadata) check(class simpul.LIDClass) error {
	for _, step := range []func() error{
		m.checkTexts, m.checkLists, m.checkContacts, m.checkCoverage, m.checkAddresses,
		func() error { return m.checkPersonalData(class) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// texts are the metadata that people write freely, by place.
func (m Metadata) texts() map[string]string {
	all := map[string]string{"purpose": m.Purpose}
	if m.ServiceLevel != nil {
		all["serviceLevel.supportHours"] = m.ServiceLevel.SupportHours
	}
	for i, c := range m.Contacts {
		all[at("contacts", i)+".unit"] = c.Unit
	}
	for i, s := range m.Standards {
		all[at("standards", i)+".name"] = s.Name
	}
	for i, e := range m.Examples {
		all[at("examples", i)+".title"] = e.Title
	}
	return all
}

func at(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

func (m Metadata) checkTexts() error {
	texts := m.texts()
	places := make([]string, 0, len(texts))
	for place := range texts {
		places = append(places, place)
	}
	slices.Sort(places) // so that the same input always meets the same refusal
	for _, place := range places {
		if err := plain("spec."+place, texts[place]); err != nil {
			return err
		}
	}
	return nil
}

// markup is the beginning of an HTML tag, comment or declaration, or of a
// character reference.
var markup = regexp.MustCompile(`<[A-Za-z/!?]|&(#[0-9]|#[xX]|[A-Za-z]+;)`)

// plain refuses what is more than text.
func plain(place, text string) error {
	control := strings.ContainsFunc(text, func(r rune) bool {
		return unicode.Is(unicode.Cc, r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r)
	})
	switch {
	case control:
		return simpul.Invalid(place,
			simpul.Text{ID: "Teks memuat karakter kendali.", EN: "The text holds control characters."},
			simpul.Text{ID: "Ketik ulang teksnya; baris baru boleh, tab dan karakter tak tampak lain tidak.", EN: "Type the text again; new lines are fine, tabs and other invisible characters are not."})
	case markup.MatchString(text):
		return simpul.Invalid(place,
			simpul.Text{ID: "Teks memuat markah seperti HTML.", EN: "The text holds markup such as HTML."},
			simpul.Text{ID: "Tulis teks biasa tanpa tanda seperti <b> atau &amp;.", EN: "Write plain text without marks such as <b> or &amp;."})
	case inert(text) != text:
		return simpul.Invalid(place,
			simpul.Text{ID: "Teks dimulai seperti rumus lembar kerja.", EN: "The text begins like a formula of a spreadsheet."},
			simpul.Text{ID: "Mulai dengan huruf atau angka, bukan =, +, - atau @.", EN: "Begin with a letter or a digit, not with =, +, - or @."})
	}
	return nil
}

func (m Metadata) checkLists() error {
	for i, theme := range m.Themes {
		if err := fromList(at("spec.themes", i), themes(), theme, i > 0 && slices.Contains(m.Themes[:i], theme)); err != nil {
			return err
		}
	}
	if m.Frequency != "" {
		if err := fromList("spec.frequency", frequencies(), m.Frequency, false); err != nil {
			return err
		}
	}
	if m.Licence != "" {
		if err := fromList("spec.licence", licences(), m.Licence, false); err != nil {
			return err
		}
	}
	if m.PersonalData == nil {
		return nil
	}
	for i, c := range m.PersonalData.Categories {
		if err := fromList(at("spec.personalData.categories", i), personalCategories(), c, slices.Contains(m.PersonalData.Categories[:i], c)); err != nil {
			return err
		}
	}
	return nil
}

// fromList refuses a code that the list lacks, or that was named before.
func fromList[T ~string](place string, list []term[T], code T, again bool) error {
	if _, ok := lookUp(list, code); ok && !again {
		return nil
	}
	if again {
		return simpul.Invalid(place,
			simpul.Text{ID: "\"" + string(code) + "\" tertulis dua kali.", EN: "\"" + string(code) + "\" is written twice."},
			simpul.Text{ID: "Hapus salah satunya.", EN: "Remove one of them."})
	}
	known := make([]string, len(list))
	for i, c := range codes(list) {
		known[i] = string(c)
	}
	choices := strings.Join(known, ", ")
	return simpul.Invalid(place,
		simpul.Text{ID: "\"" + string(code) + "\" tidak ada di daftar.", EN: "\"" + string(code) + "\" is not in the list."},
		simpul.Text{ID: "Pilih salah satu: " + choices + ".", EN: "Choose one of: " + choices + "."})
}

// mailbox is an address of one mailbox in the plain form of RFC 5321.
var mailbox = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$`)

func (m Metadata) checkContacts() error {
	for i, c := range m.Contacts {
		if c.Email != "" && !mailbox.MatchString(c.Email) {
			return simpul.Invalid(at("spec.contacts", i)+".email",
				simpul.Text{ID: "Alamat surel tidak sah.", EN: "The e-mail address is not valid."},
				simpul.Text{ID: "Tulis kotak surat fungsi, misalnya layanan.data@kemendagri.go.id.", EN: "Write the mailbox of a function, such as layanan.data@kemendagri.go.id."})
		}
	}
	return nil
}

var regionCode = regexp.MustCompile(`^[0-9]{2}(\.[0-9]{2})?$`)

func (m Metadata) checkCoverage() error {
	if m.Coverage == nil {
		return nil
	}
	for i, code := range m.Coverage.Regions {
		if !regionCode.MatchString(code) {
			return simpul.Invalid(at("spec.coverage.regions", i),
				simpul.Text{ID: "\"" + code + "\" bukan kode wilayah.", EN: "\"" + code + "\" is not a region code."},
				simpul.Text{ID: "Tulis kode provinsi atau kabupaten/kota dari Kemendagri, misalnya 32 atau 32.73.", EN: "Write the Kemendagri code of a province or regency, such as 32 or 32.73."})
		}
	}
	return m.Coverage.checkPeriod()
}

func (c Coverage) checkPeriod() error {
	days := map[string]time.Time{}
	for _, d := range []struct{ place, text string }{{"from", c.From}, {"until", c.Until}} {
		day, err := time.Parse(time.DateOnly, d.text)
		if d.text != "" && err != nil {
			return simpul.Invalid("spec.coverage."+d.place,
				simpul.Text{ID: "Tanggal tidak sah.", EN: "The date is not valid."},
				simpul.Text{ID: "Tulis tahun-bulan-hari, misalnya 2020-01-31.", EN: "Write year-month-day, such as 2020-01-31."})
		}
		days[d.place] = day
	}
	if c.From != "" && c.Until != "" && days["until"].Before(days["from"]) {
		return simpul.Invalid("spec.coverage.until",
			simpul.Text{ID: "Akhir rentang waktu mendahului awalnya.", EN: "The period ends before it begins."},
			simpul.Text{ID: "Tukar from dan until, atau hapus until bila datanya masih berlanjut.", EN: "Swap from and until, or remove until where the data goes on."})
	}
	return nil
}

func (m Metadata) checkAddresses() error {
	if m.Sandbox != "" && !publicURL(m.Sandbox, "https") {
		return simpul.Invalid("spec.sandbox",
			simpul.Text{ID: "Alamat uji coba bukan URL https yang sederhana.", EN: "The sandbox is not a plain https URL."},
			simpul.Text{ID: "Tulis misalnya https://uji.example.go.id/kota, tanpa sandi.", EN: "Write for example https://uji.example.go.id/kota, without a password."})
	}
	for i, s := range m.Standards {
		if s.URL != "" && !publicURL(s.URL, "https", "http") {
			return simpul.Invalid(at("spec.standards", i)+".url",
				simpul.Text{ID: "Alamat standar bukan URL http atau https.", EN: "The standard's address is not an http or https URL."},
				simpul.Text{ID: "Tulis alamat halaman standarnya, atau hapus url.", EN: "Write the address of the standard's page, or remove url."})
		}
	}
	return nil
}

// publicURL accepts an absolute address that can stand on a page and in RDF.
func publicURL(text string, schemes ...string) bool {
	u, err := url.Parse(text)
	return err == nil && slices.Contains(schemes, u.Scheme) && u.Hostname() != "" && u.User == nil &&
		!strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("<>\"{}|\\^`", r) })
}

func (m Metadata) checkPersonalData(class simpul.LIDClass) error {
	held, _ := m.Personal()
	switch {
	case held && class == simpul.Terbuka:
		return simpul.Invalid("spec.personalData.held",
			simpul.Text{ID: "LID kelas terbuka tidak boleh memuat data pribadi.", EN: "A LID of class terbuka may not hold personal data."},
			simpul.Text{ID: "Pilih kelas terbatas atau tertutup, atau keluarkan data pribadinya.", EN: "Choose class terbatas or tertutup, or take the personal data out."})
	case m.PersonalData != nil && !held && len(m.PersonalData.Categories) > 0:
		return simpul.Invalid("spec.personalData.categories",
			simpul.Text{ID: "Kategori data pribadi tertulis, padahal held: false.", EN: "Categories of personal data are named although held is false."},
			simpul.Text{ID: "Tulis held: true, atau hapus categories.", EN: "Write held: true, or remove categories."})
	}
	return nil
}

// checkExamples makes sure that the contract has what the examples call.
func (m Metadata) checkExamples(c *contract.Contract) error {
	for i, e := range m.Examples {
		if exampleCallShape.MatchString(e.Call) && (c == nil || calls(c, e.Call)) {
			continue
		}
		return simpul.Invalid(at("spec.examples", i)+".call",
			simpul.Text{ID: "Kontrak tidak punya panggilan ini.", EN: "The contract has no such call."},
			simpul.Text{ID: "Tulis metode dan alamat relatif seperti di kontrak, misalnya GET /?provinsi=32.", EN: "Write the method and the relative path as in the contract, such as GET /?provinsi=32."})
	}
	return nil
}

func calls(c *contract.Contract, call string) bool {
	method, target, _ := strings.Cut(call, " ")
	path, _, _ := strings.Cut(target, "?")
	ops := make([]simpul.Operation, len(c.Operations))
	for i, op := range c.Operations {
		ops[i] = op.Operation
	}
	_, _, ok := simpul.NewOperations(ops).Find(method, path)
	return ok
}

// exampleCallShape is a method and a path with an optional query, of characters
// that a shell and a browser take as they are.
var exampleCallShape = regexp.MustCompile(`^[A-Z]{3,7} /[A-Za-z0-9._~/%?&=,:+-]*$`)
