package demo

import (
	"context"
	"strings"

	"simpul"
	"simpul/internal/registry/standard"
)

// RegionCodes returns the regions down to the tier as codes of Kemendagri's
// list, with what is known of the provinces of 2022.
func RegionCodes(regions *Regions, down Tier) (codes []standard.Code) {
	for tier := range down + 1 {
		for r := range regions.Level(tier).All() {
			c := standard.Code{Code: r.Code, Name: standard.Names{ID: r.Name}}
			if tier > Province {
				c.Parent = r.Code[:strings.LastIndexByte(r.Code, '.')]
			}
			c.From, c.Notes = standard.KemendagriSince(r.Code)
			codes = append(codes, c)
		}
	}
	return codes
}

// statistics is the agency that keeps the other list of region codes.
const statistics simpul.AgencyID = "bps.go.id"

// refcodes stores the two lists of region codes: Kemendagri's down to the
// districts, since villages would make the demo wait, and the provinces of BPS.
func (p provisioner) refcodes(ctx context.Context, regions *Regions) error {
	provinces := RegionCodes(regions, Province)
	bps := standard.ListSpec{
		Agency: statistics, Title: standard.Names{ID: "Kode wilayah BPS", EN: "Region codes of BPS"}, State: standard.ListPublished,
		Description: "Kode provinsi menurut Badan Pusat Statistik. Data contoh: hanya provinsi, ditulis dengan tangan; isi sisanya dengan impor dari BPS.",
		Source:      "BPS, kode dan nama wilayah kerja statistik; contoh untuk negara demo",
		Codes:       standard.BPSProvinces(provinces), Successions: standard.BPSHistory(),
	}
	if err := keep(ctx, p, p.hub.RefCodes, string(standard.BPS), bps); err != nil {
		return err
	}
	_, err := p.hub.RefCodes.Get(ctx, p.operator, string(standard.Kemendagri))
	if simpul.CodeOf(err) != simpul.CodeNotFound {
		return err
	}
	home := standard.ListSpec{
		Agency: ProviderAgency, Title: standard.Names{ID: "Kode wilayah Kemendagri", EN: "Region codes of the Ministry of Home Affairs"}, State: standard.ListPublished,
		Description: "Kode dan nama provinsi, kabupaten dan kota, serta kecamatan. Riwayat sebelum 2022 belum dimuat.",
		Source:      Attribution, Licence: "ODbL 1.0",
	}
	if _, err := p.hub.RefCodes.Put(ctx, p.operator, string(standard.Kemendagri), home, false); err != nil {
		return err
	}
	if _, err := p.hub.RefCodes.Replace(ctx, p.operator, string(standard.Kemendagri), RegionCodes(regions, District)); err != nil {
		return err
	}
	home.Successions, home.Mappings = standard.KemendagriHistory(), standard.KemendagriToBPS(provinces)
	if _, err := p.hub.RefCodes.Put(ctx, p.operator, string(standard.Kemendagri), home, false); err != nil {
		return err
	}
	return p.offer(ctx)
}

// offer publishes the list as a LID, and describes it as the others are.
func (p provisioner) offer(ctx context.Context) error {
	address, err := p.hub.RefCodes.Offer(ctx, p.operator, p.hub.Shelf(), string(standard.Kemendagri))
	if err != nil {
		return err
	}
	stored, err := p.hub.LIDs.Get(ctx, p.operator, string(address))
	if err != nil {
		return err
	}
	stored.Spec.Metadata, stored.Spec.Keywords = metadataOf(address), []string{"kode referensi", "data induk", "kode wilayah"}
	_, err = p.hub.LIDs.Put(ctx, p.operator, string(address), stored.Spec, false)
	return err
}

// standards stores those of the demo, approved as their authority would.
func (p provisioner) standards(ctx context.Context) error {
	authority := simpul.Acting("demo-pembina", simpul.RoleAuthority, "")
	for id, s := range demoStandards() {
		s.Agency, s.Authority, s.Version = ProviderAgency, statistics, 1
		_, err := p.hub.Standards.Get(ctx, p.operator, id)
		if err == nil {
			continue
		}
		if simpul.CodeOf(err) != simpul.CodeNotFound {
			return err
		}
		if _, err := p.hub.Standards.Put(ctx, p.operator, id, s, false); err != nil {
			return err
		}
		if _, err := p.hub.Standards.Take(ctx, p.operator, id, 1, standard.Propose, ""); err != nil {
			return err
		}
		if _, err := p.hub.Standards.Take(ctx, authority, id, 1, standard.Approve, "Contoh untuk negara demo."); err != nil {
			return err
		}
	}
	return nil
}
