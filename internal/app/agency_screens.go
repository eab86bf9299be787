package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/trail"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/grant"
	"simpul/internal/registry/signin"
)

// agencyPages are the screens of agencies and applications.
func (h *Hub) agencyPages(lids *catalog.Pages) *agency.Pages {
	return agency.NewPages(agency.PagesConfig{
		Agencies: h.Agencies, Applications: h.Applications,
		Grants: held{h.Grants}, FirstCalls: firstCalls{h.Grants, lids}, Form: appointments{h.Onboarding},
		Gate: signin.Gate(), Now: clock.System,
	})
}

// held shows the grants of an application.
type held struct{ grants *grant.Service }

func (g held) GrantsOf(ctx context.Context, p simpul.Principal, application simpul.ApplicationID) ([]agency.GivenGrant, error) {
	all, err := g.grants.Held(ctx, p, application)
	shown := make([]agency.GivenGrant, len(all))
	for i, one := range all {
		shown[i] = agency.GivenGrant{
			ID: simpul.GrantID(one.ID), LID: one.Spec.LID, Href: catalog.ListPath + "/" + string(one.Spec.LID),
			Purpose: one.Spec.Purpose, State: grantState(one.Spec, clock.System()),
		}
		if one.Spec.Until != nil {
			shown[i].Until = *one.Spec.Until
		}
	}
	return shown, err
}

func grantState(s grant.Spec, now time.Time) simpul.Text {
	switch {
	case s.Suspended:
		return simpul.Text{ID: "Dibekukan", EN: "Suspended"}
	case s.From != nil && now.Before(*s.From):
		return simpul.Text{ID: "Belum mulai", EN: "Not begun"}
	case s.Until != nil && !now.Before(*s.Until):
		return simpul.Text{ID: "Berakhir", EN: "Ended"}
	}
	return simpul.Text{ID: "Berlaku", EN: "Valid"}
}

// firstRate is how often a minute an application may make its first call.
const firstRate = 60

// firstCalls gives whoever has just made a key a call that works. An open LID
// needs nobody's decision, so an application that lacks the grant gets it.
type firstCalls struct {
	grants *grant.Service
	lids   *catalog.Pages
}

func (f firstCalls) FirstCall(ctx context.Context, p simpul.Principal, application simpul.ApplicationID, key simpul.Secret) (agency.FirstCall, bool, error) {
	lid, command, ok := f.lids.FirstCall()
	if !ok {
		return agency.FirstCall{}, false, nil
	}
	works, err := f.open(ctx, p, application, lid.Address)
	call := agency.FirstCall{Title: lid.Spec.Title, Command: strings.ReplaceAll(command, catalog.PlaceholderKey, key.Reveal())}
	return call, works && err == nil, err
}

// open makes sure that the application may call the open LID, unless somebody
// has decided otherwise.
func (f firstCalls) open(ctx context.Context, p simpul.Principal, application simpul.ApplicationID, address simpul.Address) (bool, error) {
	grants, err := f.grants.Held(ctx, p, application)
	if err != nil {
		return false, err
	}
	for _, g := range grants {
		if g.Spec.LID == address {
			return grantState(g.Spec, clock.System()).EN == "Valid", nil
		}
	}
	hub := simpul.Acting(trail.Hub, simpul.RoleOperator, "")
	_, err = f.grants.Put(ctx, hub, openGrantID(application, address), grant.Spec{
		LID: address, Application: application, RatePerMinute: firstRate,
		Purpose:    "Mencoba panggilan pertama pada LID terbuka",
		LegalBasis: "LID berkelas terbuka; diberikan otomatis oleh hub",
	}, false)
	return err == nil, err
}

// openGrantID is one for an application and a LID, and a DNS label.
func openGrantID(application simpul.ApplicationID, address simpul.Address) string {
	sum := sha256.Sum256([]byte(string(application) + " " + string(address)))
	return "terbuka-" + hex.EncodeToString(sum[:10])
}
