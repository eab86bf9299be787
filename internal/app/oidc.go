package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/identity"
	"simpul/internal/registry/oidc"
)

// openid connects the OpenID Provider with what it asks of others.
func (h *Hub) openid() (err error) {
	if h.shown, err = newCertificates(h.config, h.proxies, clock.System); err != nil {
		return err
	}
	h.tokens, err = oidc.New(h.db, sealer{h.vault}, oidc.Neighbours{
		Secrets: h.keyring, Live: h.keyring, Certificates: h.shown,
		Sessions:     sessions{h},
		People:       people{h.Identity},
		Applications: applicationNames{h.Applications, h.Agencies},
	}, clock.System, h.log)
	return err
}

// openidScreens puts the provider's screens on the mux of pages, and what other
// sites may post on the one outside of their guard.
func (h *Hub) openidScreens(outside, pages *http.ServeMux) {
	screens := oidc.NewPages(h.tokens, identity.Visitor, identity.SignInPath)
	screens.Register(pages)
	screens.RegisterPosted(outside)
}

// sessions tells the provider who is signed in. A session that began with a
// control API token is that token's: its subject stands where an account would.
type sessions struct{ hub *Hub }

func (s sessions) SignedIn(r *http.Request) (oidc.Session, bool) {
	visitor, ok := identity.Visitor(r.Context())
	cookie, found := sessionCookie(r)
	if !ok || !found {
		return oidc.Session{}, false
	}
	began, err := s.hub.Identity.SessionBegan(r.Context(), simpul.Secret(cookie.Value))
	if err != nil {
		return oidc.Session{}, false
	}
	return oidc.Session{ID: publicSession(cookie.Value), Account: holderOf(visitor), At: began, Methods: []string{"pwd"}}, true
}

// Ended cannot be answered for sessions that have no public name; their ends are
// learned from revisions alone.
func (s sessions) Ended(context.Context, string) (bool, error) { return false, nil }

func (s sessions) End(w http.ResponseWriter, r *http.Request) error {
	cookie, found := sessionCookie(r)
	if !found {
		return nil
	}
	if err := s.hub.Identity.SignOut(r.Context(), simpul.Secret(cookie.Value)); err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{Name: cookie.Name, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(cookie.Name, "__Host-")})
	return s.hub.db.Write(r.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		return tx.Revise(r.Context(), "Session", publicSession(cookie.Value))
	})
}

func sessionCookie(r *http.Request) (*http.Cookie, bool) {
	for _, name := range []string{"__Host-simpul", "simpul"} {
		if cookie, err := r.Cookie(name); err == nil && cookie.Value != "" {
			return cookie, true
		}
	}
	return nil, false
}

// publicSession names a session without telling its secret.
func publicSession(secret string) string {
	sum := sha256.Sum256([]byte("session\x00" + secret))
	return hex.EncodeToString(sum[:16])
}

func holderOf(p simpul.Principal) simpul.AccountID {
	if p.Account != "" {
		return p.Account
	}
	return simpul.AccountID(p.ID)
}

// people tells the provider whom an account belongs to: today the holder of a
// control API token.
type people struct{ identity *identity.Service }

func (p people) Person(ctx context.Context, id simpul.AccountID) (oidc.Person, error) {
	tokens, err := p.identity.Tokens(ctx)
	for _, t := range tokens {
		if t.ID == string(id) {
			return oidc.Person{Account: id, Name: string(id), Agency: t.Agency, Roles: []simpul.Role{t.Role}, Language: simpul.Indonesian, Active: true}, nil
		}
	}
	if err == nil {
		err = simpul.NotFound(simpul.Text{ID: "Akun", EN: "Account"}, string(id))
	}
	return oidc.Person{}, err
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
