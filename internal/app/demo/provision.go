package demo

import (
	"context"
	"fmt"

	"simpul"
	"simpul/internal/app"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/grant"
)

// Applications of the demo nation.
const (
	// BandungApplication calls the region codes.
	BandungApplication simpul.ApplicationID = "layanan@bandungkota.go.id"
	// AidApplication checks a NIK before it pays aid.
	AidApplication simpul.ApplicationID = "bansos@kemensos.go.id"
)

// provisioner registers the nation as its operator. Every step can be repeated.
type provisioner struct {
	hub      *app.Hub
	operator simpul.Principal
	secret   simpul.Secret // by which the provider knows the hub
}

func (p provisioner) register(ctx context.Context, regions *Regions, upstream string) error {
	if err := p.agencies(ctx, regions); err != nil {
		return fmt.Errorf("register agencies: %w", err)
	}
	if err := p.applications(ctx); err != nil {
		return fmt.Errorf("register applications: %w", err)
	}
	if err := p.refcodes(ctx, regions); err != nil {
		return fmt.Errorf("store reference codes: %w", err)
	}
	if err := p.lids(ctx, upstream); err != nil {
		return fmt.Errorf("publish LIDs: %w", err)
	}
	if err := p.standards(ctx); err != nil {
		return fmt.Errorf("store standards: %w", err)
	}
	if err := p.bindings(ctx); err != nil {
		return fmt.Errorf("bind fields: %w", err)
	}
	if err := p.grants(ctx); err != nil {
		return fmt.Errorf("give grants: %w", err)
	}
	if err := p.lookers(ctx); err != nil {
		return fmt.Errorf("let applications check NIKs: %w", err)
	}
	return nil
}

func (p provisioner) agencies(ctx context.Context, regions *Regions) error {
	known, err := p.hub.Agencies.List(ctx, p.operator, httpapi.Page{Limit: 10_000})
	if err != nil {
		return err
	}
	have := make(map[string]bool, len(known))
	for _, a := range known {
		have[a.ID] = true
	}
	for _, a := range Agencies(regions) {
		if have[string(a.ID)] {
			continue
		}
		spec := agency.Spec{Name: a.Name, Level: agency.Level(a.Level), Region: a.Region}
		if _, err := p.hub.Agencies.Put(ctx, p.operator, string(a.ID), spec, false); err != nil {
			return err
		}
	}
	return nil
}

func (p provisioner) applications(ctx context.Context) error {
	for id, spec := range map[simpul.ApplicationID]agency.ApplicationSpec{
		BandungApplication: {Name: "Layanan Warga Bandung", Description: "Formulir layanan warga Kota Bandung yang memilih wilayah dari data rujukan nasional."},
		AidApplication:     {Name: "Bantuan Sosial", Description: "Penyaluran bantuan sosial; memeriksa NIK penerima."},
	} {
		if err := keep(ctx, p, p.hub.Applications, string(id), spec); err != nil {
			return err
		}
	}
	return nil
}

// lids publishes what is missing, and tells every LID where the provider is and
// how it knows the hub: its port and the secret are new ones at every start.
func (p provisioner) lids(ctx context.Context, upstream string) error {
	for _, l := range Contracts() {
		spec := catalog.Spec{
			Agency: ProviderAgency, Title: l.Title, Description: l.Description, Class: l.Class, Version: l.Version,
			State: catalog.Published, Contract: l.Contract, Keywords: l.Keywords,
			LegalBasis: l.LegalBasis, Attribution: l.Attribution, Contact: "pusdatin@kemendagri.go.id (contoh)", Metadata: metadataOf(l.Address),
			Delivery: deliveryOf(l),
		}
		stored, err := p.hub.LIDs.Get(ctx, p.operator, string(l.Address))
		switch {
		case err == nil:
			spec = stored.Spec
		case simpul.CodeOf(err) != simpul.CodeNotFound:
			return err
		}
		if spec.Upstream = upstream + l.UpstreamPath; !spec.Delivery.Changed() {
			spec.Delivery.Changes = deliveryOf(l).Changes // the provider answers so, whatever visitors made of the rest
		}
		if _, err := p.hub.LIDs.Put(ctx, p.operator, string(l.Address), spec, false); err != nil {
			return err
		}
		if _, err := p.hub.Credentials.Put(ctx, p.operator, string(l.Address), catalog.CredentialWish{Value: p.secret}); err != nil {
			return err
		}
		if err := p.test(ctx, l.Address, spec); err != nil {
			return err
		}
	}
	return nil
}

// test lets the hub test a LID, which its provider's new port calls for. What the
// test finds stands on its page and is no reason to have no demo.
func (p provisioner) test(ctx context.Context, address simpul.Address, spec catalog.Spec) error {
	err := p.hub.EnsureFit(ctx, p.operator, catalog.Move{Address: address, Digest: spec.TestDigest(), Spec: spec})
	if simpul.CodeOf(err) == simpul.CodeConflict {
		return nil
	}
	return err
}

// immunisations is where a visitor publishes the application of the health agency,
// if they do as the guide says.
const immunisations simpul.Address = "kesehatan/Imunisasi"

// health tells the LID that a visitor made of the health agency's application, if
// there is one, where that is and how it knows the hub: its port and the secret
// are new ones at every start.
func (p provisioner) health(ctx context.Context, upstream string) error {
	stored, err := p.hub.LIDs.Own(ctx, p.operator, string(immunisations))
	if simpul.CodeOf(err) == simpul.CodeNotFound {
		return nil
	}
	if err != nil || stored.Spec.Agency != HealthAgency || stored.Spec.Upstream == "" || stored.Spec.State == catalog.Retired {
		return err
	}
	stored.Spec.Upstream = upstream + "/imunisasi"
	if _, err = p.hub.LIDs.Put(ctx, p.operator, string(immunisations), stored.Spec, false); err != nil {
		return err
	}
	_, err = p.hub.Credentials.Put(ctx, p.operator, string(immunisations), catalog.CredentialWish{Value: p.secret})
	return err
}

// grants gives Bandung the region codes but not the check of a NIK, so that a
// visitor can see a refusal too.
func (p provisioner) grants(ctx context.Context) error {
	const basis = "Perpres 39/2019 tentang Satu Data Indonesia"
	for id, spec := range map[simpul.GrantID]grant.Spec{
		"bandung-provinsi":  {LID: "master/Provinsi", Application: BandungApplication, Purpose: "Pilihan provinsi pada formulir layanan warga", LegalBasis: basis},
		"bandung-kota":      {LID: "master/Kota", Application: BandungApplication, Purpose: "Pilihan kabupaten dan kota pada formulir layanan warga", LegalBasis: basis},
		"bandung-kecamatan": {LID: "master/Kecamatan", Application: BandungApplication, Purpose: "Pilihan kecamatan pada formulir layanan warga", LegalBasis: basis, RatePerMinute: 600},
		"bansos-ceknik":     aidGrant(),
	} {
		if err := keep(ctx, p, p.hub.Grants, string(id), spec); err != nil {
			return err
		}
	}
	return nil
}

// aidGrant lets the ministry of social affairs check a NIK before it pays aid.
func aidGrant() grant.Spec {
	nextYear := clock.System().AddDate(1, 0, 0)
	return grant.Spec{LID: checkAddress, Application: AidApplication, Fields: []string{"nik", "nama", "sintetis"},
		Purpose: "Memastikan penerima bantuan sosial ada dan namanya benar", LegalBasis: "UU 24/2013 pasal 58 (contoh untuk demo)", RatePerMinute: 600, Until: &nextYear}
}

// keep stores a resource unless there is one, whatever visitors made of it.
func keep[S any](ctx context.Context, p provisioner, kind httpapi.Collection[S], id string, spec S) error {
	_, err := kind.Get(ctx, p.operator, id)
	if simpul.CodeOf(err) == simpul.CodeNotFound {
		_, err = kind.Put(ctx, p.operator, id, spec, false)
	}
	return err
}
