package app

import (
	"context"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/identity"
	"simpul/internal/registry/onboarding"
	"simpul/internal/registry/signin"
)

// inviter invites the first administrator of an agency.
type inviter struct{ hub *Hub }

func (i inviter) Invite(ctx context.Context, p simpul.Principal, account simpul.AccountID, name, email string, roles []simpul.Role) error {
	who := identity.Newcomer{ID: string(account), Personal: identity.Personal{Name: name, Email: email}}
	for _, role := range roles {
		who.Roles = append(who.Roles, identity.Assignment{Role: role})
	}
	_, err := i.hub.Identity.Invite(ctx, p, who)
	return err
}

// admitter makes an agency of an accepted appointment.
type admitter struct{ agencies *agency.Agencies }

func (a admitter) Admit(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, w onboarding.Admission) error {
	spec := agency.Spec{Name: w.Name, Level: agency.Level(w.Level), Region: w.Region}
	var err error
	if w.New {
		err = a.agencies.Admit(ctx, tx, p, w.ID, spec)
	} else {
		err = a.agencies.Amend(ctx, tx, w.ID, spec)
	}
	if err != nil {
		return err
	}
	return a.agencies.AllowFrom(ctx, tx, w.ID, w.Addresses)
}

// onboardingPages are the screens of appointments.
func (h *Hub) onboardingPages() *onboarding.Pages {
	return onboarding.NewPages(onboarding.PagesConfig{
		Service: h.Onboarding, Facts: h.factsOf, Gate: signin.Gate(),
		TLS: strings.HasPrefix(h.config.Control.URL, "https://"), Now: clock.System,
	})
}

// factsOf begins the form of an agency with what is public of it.
func (h *Hub) factsOf(ctx context.Context, id simpul.AgencyID) onboarding.Form {
	known, err := h.Agencies.Get(ctx, simpul.Principal{}, string(id))
	if err != nil {
		return onboarding.Form{} // to be filled by hand
	}
	return onboarding.Form{Agency: string(id), Name: known.Spec.Name, Level: string(known.Spec.Level), Region: known.Spec.Region}
}

// appointments shows an agency its PIC team.
type appointments struct{ forms *onboarding.Service }

func (a appointments) AppointedForm(ctx context.Context, p simpul.Principal, id simpul.AgencyID) (agency.AppointedForm, error) {
	c, versions, found, err := a.forms.OfAgency(ctx, p, id)
	shown := agency.AppointedForm{}
	own := !p.National && p.Agency == id && p.Can(simpul.WriteAgencies)
	if own && (!found || c.State == onboarding.Locked || len(versions) == 0) {
		shown.NewHref = onboarding.OwnPath
	}
	for _, v := range versions {
		state := v.Outcome
		if state == "" {
			state = onboarding.Submitted
		}
		href := onboarding.OwnPath
		if p.National {
			href = onboarding.InboxPath + "/" + c.ID
		}
		number := strconv.Itoa(v.Number)
		shown.Versions = append(shown.Versions, agency.FormVersion{Label: number, Href: href, State: state.Name(), At: v.SubmittedAt})
		if len(shown.Team) == 0 && v.Outcome == onboarding.Accepted {
			shown.Team = team(v.Form)
		}
	}
	return shown, err
}

func team(f onboarding.Form) (people []agency.AppointedPerson) {
	for _, p := range f.Team {
		people = append(people, agency.AppointedPerson{Name: p.Name, Position: p.Position, Email: p.Email, Tasks: p.Tasks})
	}
	return people
}
