package app

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/identity"
	"simpul/internal/registry/oidc"
	"simpul/internal/registry/signin"
)

// openid connects the OpenID Provider with what it asks of others.
func (h *Hub) openid() (err error) {
	if h.shown, err = newCertificates(h.config, h.proxies, clock.System); err != nil {
		return err
	}
	h.tokens, err = oidc.New(h.db, sealer{h.vault}, oidc.Neighbours{
		Secrets: h.keyring, Live: h.keyring, Certificates: h.shown,
		Sessions:     sessions{h},
		People:       members{h.Identity},
		Applications: applicationNames{h.Applications, h.Agencies},
	}, clock.System, h.log)
	return err
}

// openidScreens puts the provider's screens on the mux of pages, and what other
// sites may post on the one outside of their guard.
func (h *Hub) openidScreens(outside, pages *http.ServeMux) {
	screens := oidc.NewPages(h.tokens, signin.Visitor, signin.SignInPath)
	screens.Register(pages)
	screens.RegisterPosted(outside)
}

// sessions tells the provider who is signed in. A session that began with a
// control API token is of nobody who could sign in to an application.
type sessions struct{ hub *Hub }

func (s sessions) SignedIn(r *http.Request) (oidc.Session, bool) {
	session, ok := s.hub.signedIn.SignedIn(r)
	if !ok || session.Account == "" {
		return oidc.Session{}, false
	}
	return oidc.Session{ID: session.ID, Account: session.Account, At: session.At, Methods: session.Methods}, true
}

func (s sessions) Ended(ctx context.Context, id string) (bool, error) {
	return s.hub.SignIn.Ended(ctx, id)
}

func (s sessions) End(w http.ResponseWriter, r *http.Request) error {
	return s.hub.signedIn.End(w, r)
}

// members tells the provider whom an account belongs to.
type members struct{ identity *identity.Service }

func (m members) Person(ctx context.Context, id simpul.AccountID) (oidc.Person, error) {
	p, err := m.identity.Person(ctx, id)
	return oidc.Person{Account: p.ID, Name: p.Name, Email: p.Email, Language: p.Language, Agency: p.ID.Agency(), Roles: p.Roles, Active: p.State == identity.Active}, err
}

// applicationNames tells the provider how people know an application. Who is
// asked to consent may see the names, whatever their own scope.
type applicationNames struct {
	applications *agency.Applications
	agencies     *agency.Agencies
}

func (n applicationNames) Application(ctx context.Context, id simpul.ApplicationID) (oidc.Application, error) {
	hub := simpul.Principal{ID: "hub", National: true}
	application, err := n.applications.Get(ctx, hub, string(id))
	if err != nil {
		return oidc.Application{}, err
	}
	owner, err := n.agencies.Get(ctx, hub, string(id.Agency()))
	return oidc.Application{Name: application.Spec.Name, Agency: owner.Spec.Name}, err
}
