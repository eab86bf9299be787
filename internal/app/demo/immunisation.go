package demo

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"simpul"
)

// HealthAgency is the agency whose application [HealthProvider] is. It has no LID
// when the nation begins: publishing its contract is what visitors try.
const HealthAgency simpul.AgencyID = "kemkes.go.id"

// ImmunisationContract is the OpenAPI document of [HealthProvider], as an agency
// would upload it.
//
//go:embed contracts/imunisasi.json
var ImmunisationContract json.RawMessage

// immunisation is one dose that an invented child got.
type immunisation struct {
	ID           string `json:"id"`
	NamaAnak     string `json:"nama_anak"`
	JenisKelamin Sex    `json:"jenis_kelamin"`
	TanggalLahir string `json:"tanggal_lahir"`
	KodeWilayah  string `json:"kode_wilayah"`
	Vaksin       string `json:"vaksin"`
	Dosis        int    `json:"dosis"`
	Tanggal      string `json:"tanggal_imunisasi"`
	Sintetis     bool   `json:"sintetis"`
}

// immunisationList is one page of them.
type immunisationList struct {
	Items []immunisation `json:"items"`
	Total int            `json:"total"`
	Next  string         `json:"next,omitempty"`
}

const (
	// dosesPerRegency is how many doses are invented for each regency.
	dosesPerRegency = 4
	// mostDoses is the size of the largest page.
	mostDoses = 100
)

// syntheticImmunisations invents doses, the same ones every time. The children
// are nobody: their names begin with "Contoh", and no number identifies them.
func syntheticImmunisations(regions *Regions) []immunisation {
	vaccines := [...]string{"HB-0", "BCG", "Polio", "DPT-HB-Hib", "Campak-Rubela"}
	regencies := regions.Level(Regency)
	all := make([]immunisation, 0, dosesPerRegency*regencies.Len())
	for i := range regencies.Len() {
		for k := range dosesPerRegency {
			n := dosesPerRegency*i + k
			born := time.Date(2022, time.January, 1+n*37%900, 0, 0, 0, 0, time.UTC)
			all = append(all, immunisation{
				ID: fmt.Sprintf("IMZ-%06d", n+1), NamaAnak: syntheticName(n), JenisKelamin: syntheticSex(n), TanggalLahir: born.Format(time.DateOnly),
				KodeWilayah: regencies.At(i).Code, Vaksin: vaccines[n%len(vaccines)], Dosis: 1 + n%3, Tanggal: born.AddDate(0, 1+n%12, 0).Format(time.DateOnly), Sintetis: true,
			})
		}
	}
	return all
}

// HealthProvider is an application of the Ministry of Health: doses that invented
// children got, under /imunisasi. It knows no caller, which is why only the hub
// should reach it.
func HealthProvider(regions *Regions) http.Handler {
	h := health{regions, syntheticImmunisations(regions)}
	mux := http.NewServeMux()
	for _, base := range []string{"/imunisasi", "/imunisasi/{$}"} {
		mount(mux, http.MethodGet, base, h.list)
	}
	mount(mux, http.MethodGet, "/imunisasi/{id}", h.one)
	mount(mux, http.MethodGet, "/openapi.json", constant(ImmunisationContract))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { notFound("", "Alamat ini tidak ada.").write(w) })
	return mux
}

type health struct {
	regions *Regions
	doses   []immunisation // by ID
}

func (h health) one(header http.Header, r *http.Request) (any, *problem) {
	header.Set("Cache-Control", "no-store")
	if _, p := parameters(r.URL.RawQuery); p != nil {
		return nil, p
	}
	id := r.PathValue("id")
	i, ok := slices.BinarySearchFunc(h.doses, id, func(one immunisation, id string) int { return strings.Compare(one.ID, id) })
	if !ok {
		return nil, notFound("id", "Tidak ada imunisasi dengan nomor ini.")
	}
	return h.doses[i], nil
}

func (h health) list(header http.Header, r *http.Request) (any, *problem) {
	header.Set("Cache-Control", "no-store")
	values, p := parameters(r.URL.RawQuery, "kode_wilayah", "limit", "cursor")
	if p != nil {
		return nil, p
	}
	doses, p := h.within(values.Get("kode_wilayah"))
	if p != nil {
		return nil, p
	}
	start, p := bounded("cursor", values.Get("cursor"), 0, 0, len(doses))
	if p != nil {
		return nil, p
	}
	limit, p := bounded("limit", values.Get("limit"), 20, 1, mostDoses)
	if p != nil {
		return nil, p
	}
	end := min(start+limit, len(doses))
	page := immunisationList{Items: append([]immunisation{}, doses[start:end]...), Total: len(doses)}
	if end < len(doses) {
		page.Next = strconv.Itoa(end)
	}
	return page, nil
}

// within keeps the doses of a regency; of all where the code is empty.
func (h health) within(code string) ([]immunisation, *problem) {
	if code == "" {
		return h.doses, nil
	}
	if !Regency.accepts(code) {
		return nil, badCode("kode_wilayah", Regency)
	}
	i, ok := h.regions.Level(Regency).Index(code)
	if !ok {
		return nil, unknownCode("kode_wilayah", code, Regency)
	}
	return h.doses[dosesPerRegency*i : dosesPerRegency*(i+1)], nil
}

// bounded reads a whole number of a range; a default where nothing is given.
func bounded(name, text string, otherwise, least, most int) (int, *problem) {
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, badRequest(name, fmt.Sprintf("Nilai %s adalah bilangan %d sampai %d.", name, least, most))
	}
	return n, nil
}
