package demo

import (
	"net/http"
)

// directory serves the regions of one tier.
type directory struct {
	regions *Regions
	tier    Tier
}

// regionItem is a region as the provider writes it, with the codes of all its
// ancestors.
type regionItem struct {
	Kode          string `json:"kode"`
	Nama          string `json:"nama"`
	Jenis         string `json:"jenis,omitempty"`
	KodeProvinsi  string `json:"kode_provinsi,omitempty"`
	KodeKota      string `json:"kode_kota,omitempty"`
	KodeKecamatan string `json:"kode_kecamatan,omitempty"`
}

// regionList is one page of regions. Total counts the regions on all pages.
type regionList struct {
	Items  []regionItem `json:"items"`
	Total  int          `json:"total"`
	Next   string       `json:"next,omitempty"`
	Sumber string       `json:"sumber"`
}

// regionDetail is one region.
type regionDetail struct {
	regionItem
	Sumber string `json:"sumber"`
}

func (d directory) list(header http.Header, r *http.Request) (any, *problem) {
	query, p := d.parse(r.URL.RawQuery)
	if p != nil {
		return nil, p
	}
	page := query.page(d.regions.Level(d.tier), d.tier)
	if page.Next != "" {
		header.Set("Link", "<"+query.link(page.Next)+`>; rel="next"`)
	}
	cacheable(header)
	return page, nil
}

func (d directory) one(header http.Header, r *http.Request) (any, *problem) {
	if _, p := parameters(r.URL.RawQuery); p != nil {
		return nil, p
	}
	code := r.PathValue("kode")
	if !d.tier.accepts(code) {
		return nil, badCode("kode", d.tier)
	}
	level := d.regions.Level(d.tier)
	i, ok := level.Index(code)
	if !ok {
		return nil, unknownCode("kode", code, d.tier)
	}
	cacheable(header)
	return regionDetail{newItem(level.At(i), d.tier), Attribution}, nil
}

// cacheable lets anybody keep region codes for an hour: they change by decree,
// a few times a year.
func cacheable(header http.Header) { header.Set("Cache-Control", "public, max-age=3600") }

func newItem(r Region, tier Tier) regionItem {
	item := regionItem{Kode: r.Code, Nama: r.Name, Jenis: r.Kind()}
	if tier > Province {
		item.KodeProvinsi = r.Ancestor(Province)
	}
	if tier > Regency {
		item.KodeKota = r.Ancestor(Regency)
	}
	if tier > District {
		item.KodeKecamatan = r.Ancestor(District)
	}
	return item
}

func badCode(parameter string, tier Tier) *problem {
	return badRequest(parameter, "Kode "+tier.String()+" berbentuk "+tier.shape()+", dengan angka di tempat 0.")
}

func unknownCode(parameter, code string, tier Tier) *problem {
	return notFound(parameter, "Kode "+tier.String()+" "+code+" tidak dikenal.")
}
