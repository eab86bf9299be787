package standard

// The two lists of region codes of the state. They agree on most provinces and
// differ in Papua: code 91 is Papua to Kemendagri and Papua Barat to BPS.
const (
	Kemendagri ListID = "wilayah-kemendagri"
	BPS        ListID = "wilayah-bps"
)

// The laws that split Papua and Papua Barat in 2022, by the day on which they
// were enacted.
const (
	papuaSplit      Day = "2022-07-25"
	papuaBaratSplit Day = "2022-12-08"
	lawSelatan          = "UU Nomor 14 Tahun 2022"
	lawTengah           = "UU Nomor 15 Tahun 2022"
	lawPegunungan       = "UU Nomor 16 Tahun 2022"
	lawBaratDaya        = "UU Nomor 29 Tahun 2022"
)

// newProvince is a province that a law of 2022 created.
type newProvince struct {
	kemendagri, bps, name string
	since                 Day
	law                   string
}

func newProvinces() []newProvince {
	return []newProvince{
		{"93", "95", "Papua Selatan", papuaSplit, lawSelatan},
		{"94", "96", "Papua Tengah", papuaSplit, lawTengah},
		{"95", "97", "Papua Pegunungan", papuaSplit, lawPegunungan},
		{"96", "92", "Papua Barat Daya", papuaBaratSplit, lawBaratDaya},
	}
}

// KemendagriSince is since when a code of Kemendagri's list is valid, and by
// which law, as far as that is known: those of the provinces of 2022 and of
// what lies in them.
func KemendagriSince(code string) (Day, string) {
	for _, n := range newProvinces() {
		if len(code) >= 2 && code[:2] == n.kemendagri {
			return n.since, n.law
		}
	}
	return "", ""
}

// KemendagriHistory is the history of the provinces in 2022.
func KemendagriHistory() []Succession {
	return []Succession{
		{papuaSplit, Split, []string{"91"}, []string{"91", "93", "94", "95"}, lawSelatan + ", " + lawTengah + ", " + lawPegunungan},
		{papuaBaratSplit, Split, []string{"92"}, []string{"92", "96"}, lawBaratDaya},
	}
}

// KemendagriToBPS maps the provinces of Kemendagri's list to those of BPS: same
// code, but for Papua.
func KemendagriToBPS(provinces []Code) []Mapping {
	all := make([]Mapping, 0, len(provinces))
	for _, p := range provinces {
		all = append(all, Mapping{Code: p.Code, Relation: Exact, List: BPS, Target: bpsOf(p.Code), Validity: p.Validity, Source: bpsSource})
	}
	return all
}

// bpsSource says where BPS's codes of provinces are published.
const bpsSource = "BPS, kode dan nama wilayah kerja statistik (kode provinsi)"

func bpsOf(kemendagri string) string {
	switch kemendagri {
	case "91":
		return "94"
	case "92":
		return "91"
	}
	for _, n := range newProvinces() {
		if n.kemendagri == kemendagri {
			return n.bps
		}
	}
	return kemendagri
}

// BPSProvinces derives the provinces of BPS's list from Kemendagri's. Since
// when BPS uses the codes of the four youngest is not known here; their law's
// day stands in, and a note says so.
func BPSProvinces(provinces []Code) []Code {
	all := make([]Code, 0, len(provinces))
	for _, p := range provinces {
		c := Code{Code: bpsOf(p.Code), Name: p.Name, Validity: p.Validity}
		if p.From != "" {
			c.Notes = "Berlaku sejak undang-undang pembentukannya; tanggal pemakaian oleh BPS perlu diperiksa."
		}
		all = append(all, c)
	}
	return all
}

// BPSHistory is the history of 2022 in the codes of BPS.
func BPSHistory() []Succession {
	return []Succession{
		{papuaSplit, Split, []string{"94"}, []string{"94", "95", "96", "97"}, lawSelatan + ", " + lawTengah + ", " + lawPegunungan},
		{papuaBaratSplit, Split, []string{"91"}, []string{"91", "92"}, lawBaratDaya},
	}
}
