package policy

import (
	"fmt"
	"time"

	"simpul"
)

// Decide allows the exchange under the consumer's grant for the route, or
// refuses with what is missing. It counts nothing: asking twice is the same as
// asking once.
func (b *Book) Decide(c simpul.Consumer, route *simpul.Route, now time.Time) (simpul.Decision, error) {
	r, err := b.find(c, route, now)
	if err != nil {
		return simpul.Decision{}, err
	}
	return simpul.Decision{
		Grant: r.ID, Purpose: r.Purpose, Basis: r.LegalBasis, Paths: r.paths, Version: r.Version, RatePerMin: r.RatePerMin,
		Obligations: simpul.Obligations{Rows: r.Rows, Fields: r.fields},
	}, nil
}

// find returns the rule that allows the exchange at the time.
func (b *Book) find(c simpul.Consumer, route *simpul.Route, now time.Time) (*rule, error) {
	if b.suspended(route.Owner) {
		return nil, providerSuspended(route)
	}
	r := b.now.Load().find(pair{c.Application, route.Address})
	switch {
	case r == nil:
		return nil, noGrant(c, route)
	case r.Suspended:
		return nil, suspendedGrant(r)
	case now.Before(r.From):
		return nil, notYet(r)
	case !r.Until.IsZero() && !now.Before(r.Until):
		return nil, expired(r)
	}
	return r, nil
}

func noGrant(c simpul.Consumer, route *simpul.Route) error {
	app, lid := string(c.Application), string(route.Address)
	return &simpul.Error{
		Code: simpul.CodeDenied, Owner: route.Owner,
		Message: simpul.Text{
			ID: fmt.Sprintf("Aplikasi %s belum memiliki izin untuk %s (%s).", app, lid, route.Title),
			EN: fmt.Sprintf("Application %s has no grant for %s (%s).", app, lid, route.Title)},
		Remedy: simpul.Text{
			ID: fmt.Sprintf("Ajukan izin kepada %s dengan menyebut tujuan, dasar hukum, dan kolom yang diperlukan.", route.Owner),
			EN: fmt.Sprintf("Ask %s for a grant and state the purpose, the legal basis and the fields that you need.", route.Owner)},
	}
}

func suspendedGrant(r *rule) error {
	return &simpul.Error{
		Code: simpul.CodeDenied, Owner: r.Provider,
		Message: simpul.Text{ID: fmt.Sprintf("Izin %s sedang dibekukan.", r.ID), EN: fmt.Sprintf("Grant %s is suspended.", r.ID)},
		Remedy: simpul.Text{
			ID: fmt.Sprintf("Tanyakan alasannya kepada %s.", r.Provider),
			EN: fmt.Sprintf("Ask %s for the reason.", r.Provider)},
	}
}

func notYet(r *rule) error {
	day := r.From.Format(time.RFC3339)
	return &simpul.Error{
		Code: simpul.CodeDenied, Owner: r.Provider,
		Message: simpul.Text{ID: fmt.Sprintf("Izin %s baru berlaku pada %s.", r.ID, day), EN: fmt.Sprintf("Grant %s begins at %s.", r.ID, day)},
		Remedy: simpul.Text{
			ID: fmt.Sprintf("Panggil lagi setelah waktu itu, atau minta %s memajukannya.", r.Provider),
			EN: fmt.Sprintf("Call again after that time, or ask %s to begin it earlier.", r.Provider)},
	}
}

func expired(r *rule) error {
	day := r.Until.Format(time.RFC3339)
	return &simpul.Error{
		Code: simpul.CodeDenied, Owner: r.Provider,
		Message: simpul.Text{ID: fmt.Sprintf("Izin %s berakhir pada %s.", r.ID, day), EN: fmt.Sprintf("Grant %s expired at %s.", r.ID, day)},
		Remedy: simpul.Text{
			ID: fmt.Sprintf("Minta %s memperpanjang izin.", r.Provider),
			EN: fmt.Sprintf("Ask %s to renew the grant.", r.Provider)},
	}
}

func providerSuspended(route *simpul.Route) error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Owner: route.Owner,
		Message: simpul.Text{
			ID: fmt.Sprintf("Penyedia %s sedang dibekukan, sehingga %s tidak dapat dipanggil.", route.Owner, route.Address),
			EN: fmt.Sprintf("Provider %s is suspended, so %s cannot be called.", route.Owner, route.Address)},
		Remedy: simpul.Text{ID: "Tunggu sampai operator nasional mengaktifkannya kembali.", EN: "Wait until the national operator reinstates it."},
	}
}
