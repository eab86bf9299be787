package demo

import (
	"bytes"
	"embed"
	"encoding/json"
	"strings"
	"text/template"

	"simpul"
	"simpul/internal/registry/catalog"
)

// LIDSpec is one LID of the demo nation, published by [ProviderAgency].
type LIDSpec struct {
	Address      simpul.Address
	Title        string
	Description  string
	Class        simpul.LIDClass
	Version      string
	UpstreamPath string          // below the provider's base URL: "/kota"
	Contract     json.RawMessage // OpenAPI 3.1; its paths are relative to the address
	Keywords     []string
	LegalBasis   string
	Attribution  string
	Personal     catalog.PersonalData
	Checks       simpul.Checks // what the hub holds to the contract
}

// checkAddress is where a NIK is checked.
const checkAddress simpul.Address = "kependudukan/CekNIK"

// contractVersion is the version of every contract of the demo.
const contractVersion = "1.0.0"

// Contracts returns the five LIDs: the region codes of the four tiers, open, and
// the check of a NIK, restricted.
func Contracts() []LIDSpec {
	templates := contractTemplates()
	lids := []LIDSpec{
		regionLID(Province, "Provinsi",
			"Kode dan nama semua provinsi.",
			"provinsi"),
		regionLID(Regency, "Kabupaten dan Kota",
			"Kode, nama, dan jenis semua kabupaten dan kota, dengan provinsinya.",
			"kabupaten", "kota"),
		regionLID(District, "Kecamatan",
			"Kode dan nama semua kecamatan, dengan kabupaten atau kota dan provinsinya.",
			"kecamatan", "distrik"),
		regionLID(Village, "Desa dan Kelurahan",
			"Kode, nama, dan jenis semua desa, kelurahan, dan desa adat, dengan semua wilayah di atasnya.",
			"desa", "kelurahan", "desa adat"),
	}
	for i := range lids {
		lids[i].Contract = must(render(templates, "wilayah.json.tmpl", newRegionContract(Tier(i), lids[i])))
	}
	check := checkLID()
	check.Contract = must(render(templates, "ceknik.json.tmpl", check))
	return append(lids, check)
}

func regionLID(tier Tier, title, description string, keywords ...string) LIDSpec {
	return LIDSpec{
		Address:      simpul.Address("master/" + contractName(tier)),
		Title:        title,
		Description:  description + " Data induk kode wilayah administrasi pemerintahan.",
		Class:        simpul.Terbuka,
		Version:      contractVersion,
		UpstreamPath: "/" + tier.String(),
		Keywords:     append(keywords, "kode wilayah", "data induk"),
		LegalBasis:   "Keputusan Menteri Dalam Negeri Nomor 300.2.2-2138 Tahun 2025; Perpres Nomor 39 Tahun 2019 tentang Satu Data Indonesia",
		Attribution:  Attribution,
		Checks:       simpul.Checks{Request: simpul.CheckObserve, Response: simpul.CheckObserve},
	}
}

func checkLID() LIDSpec {
	return LIDSpec{
		Address:      checkAddress,
		Title:        "Cek NIK",
		Description:  "Mencocokkan sebuah NIK dengan data penduduk. Semua penduduk dalam negeri demo adalah sintetis: bukan orang sungguhan.",
		Class:        simpul.Terbatas,
		Version:      contractVersion,
		UpstreamPath: "/ceknik",
		Keywords:     []string{"NIK", "penduduk", "kependudukan", "sintetis"},
		LegalBasis:   "UU Nomor 24 Tahun 2013 tentang Administrasi Kependudukan; UU Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi",
		Attribution:  "Penduduk sintetis buatan Simpul. Kode wilayah: " + Attribution,
		Checks:       simpul.Checks{Request: simpul.CheckEnforce, Response: simpul.CheckEnforce},
		Personal:     catalog.PersonalData{Held: true, Categories: []catalog.PersonalCategory{"name", "gender", "identifying"}},
	}
}

// contractName is the tier as schemas, operations and addresses write it: "Kota".
func contractName(tier Tier) string { return capitalise(tier.String()) }

// regionContract is what the template of the region contracts needs.
type regionContract struct {
	LIDSpec
	Tier      Tier
	Ancestors []Tier
	Kinds     []string
	Item      regionItem // an example
	Detail    regionDetail
	MaxLimit  int
	MaxSearch int
}

// Name begins the names of the contract's schemas and operations.
func (c regionContract) Name() string { return contractName(c.Tier) }

// Noun is what the contract's sentences call one region of the tier.
func (c regionContract) Noun() string { return noun(c.Tier) }

func noun(tier Tier) string {
	return [...]string{"provinsi", "kabupaten atau kota", "kecamatan", "desa atau kelurahan"}[tier]
}

func newRegionContract(tier Tier, lid LIDSpec) regionContract {
	item := newItem(exampleRegion(tier), tier)
	c := regionContract{LIDSpec: lid, Tier: tier, Item: item, Detail: regionDetail{item, Attribution}, MaxLimit: maxLimit, MaxSearch: maxSearch}
	for ancestor := range tier {
		c.Ancestors = append(c.Ancestors, ancestor)
	}
	switch tier {
	case Regency:
		c.Kinds = []string{"kabupaten", "kota"}
	case Village:
		c.Kinds = []string{"desa", "kelurahan", "desa adat"}
	}
	return c
}

// exampleRegion is a real region of the tier, so that examples can be tried.
func exampleRegion(tier Tier) Region {
	return [...]Region{
		{"32", "Jawa Barat"},
		{"32.73", "Kota Bandung"},
		{"32.73.01", "Sukasari"},
		{"32.73.01.1001", "Sukarasa"},
	}[tier]
}

//go:embed contracts/*.tmpl
var contractFiles embed.FS

func contractTemplates() *template.Template {
	functions := template.FuncMap{"json": marshal, "code": exampleCode, "noun": noun, "pattern": codePattern}
	return must(template.New("").Funcs(functions).ParseFS(contractFiles, "contracts/*.tmpl"))
}

// render fills a contract and lays it out for readers.
func render(templates *template.Template, name string, data any) (json.RawMessage, error) {
	var filled, tidy bytes.Buffer
	if err := templates.ExecuteTemplate(&filled, name, data); err != nil {
		return nil, err
	}
	if err := json.Indent(&tidy, filled.Bytes(), "", "  "); err != nil {
		return nil, err
	}
	return tidy.Bytes(), nil
}

// must is for the embedded contracts alone: they depend on no input, and a test
// renders each of them, so a mistake in one cannot reach a release.
func must[T any](value T, err error) T {
	if err != nil {
		panic("demo: embedded contract: " + err.Error())
	}
	return value
}

// marshal writes a value as JSON inside a contract.
func marshal(value any) (string, error) {
	text, err := json.Marshal(value)
	return string(text), err
}

func exampleCode(tier Tier) string { return exampleRegion(tier).Code }

// codePattern is the form of a tier's codes as a regular expression (ECMA-262).
func codePattern(tier Tier) string {
	digits := strings.NewReplacer("0000", "[0-9]{4}", "00", "[0-9]{2}", ".", "[.]")
	return "^" + digits.Replace(tier.shape()) + "$"
}
