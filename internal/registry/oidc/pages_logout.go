package oidc

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"simpul"
	"simpul/internal/platform/web"
)

// farewell is a request to sign out (OpenID Connect RP-Initiated Logout 1.0).
type farewell struct {
	place   string // where to go afterwards; empty for a page of ours
	session string // of which the application speaks; empty where it is not proved
}

// readFarewell believes a place only where the application that is named, by an
// ID token or by client_id, has registered it.
func (s *Pages) readFarewell(f form) (farewell, error) {
	claims, hinted := s.provider.hinted(f["id_token_hint"])
	client, out := f["client_id"], farewell{}
	if hinted {
		if client != "" && client != claims.Audience {
			return out, forPerson(invalidRequest("id_token_hint milik aplikasi lain.", "The id_token_hint belongs to another application."))
		}
		client, out.session = claims.Audience, claims.Session
	}
	wanted := f["post_logout_redirect_uri"]
	if wanted == "" {
		return out, nil
	}
	registration := s.provider.view.registered.Load().of(simpul.ApplicationID(client))
	if registration == nil || !slices.Contains(registration.Spec.PostLogoutRedirectURIs, wanted) {
		return out, unknownRedirect()
	}
	out.place = wanted
	if f["state"] != "" {
		joint := "?"
		if strings.Contains(wanted, "?") {
			joint = "&"
		}
		out.place += joint + url.Values{"state": {f["state"]}}.Encode()
	}
	return out, nil
}

// logout signs the person out at once where the application proves, by an ID
// token of this very session, that it may ask for it; else the person is asked,
// since anybody can send a browser here.
func (s *Pages) logout(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	f, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		web.Fail(w, r, forPerson(err))
		return
	}
	out, err := s.readFarewell(f)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	session, signedIn := s.provider.Sessions.SignedIn(r)
	switch {
	case !signedIn:
		s.farewell(w, r, out)
	case out.session == session.ID:
		if err := s.provider.Sessions.End(w, r); err != nil {
			web.Fail(w, r, err)
			return
		}
		s.farewell(w, r, out)
	default:
		web.Render(w, r, http.StatusOK, logoutPage(f))
	}
}

func (s *Pages) farewell(w http.ResponseWriter, r *http.Request, out farewell) {
	if out.place != "" {
		http.Redirect(w, r, out.place, http.StatusSeeOther)
		return
	}
	web.Render(w, r, http.StatusOK, signedOutPage())
}

// logoutNow is the person's own word.
func (s *Pages) logoutNow(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(w, r)
	if err != nil {
		web.Fail(w, r, forPerson(err))
		return
	}
	out, err := s.readFarewell(f)
	if err == nil {
		err = s.provider.Sessions.End(w, r)
	}
	switch {
	case err != nil:
		web.Fail(w, r, err)
	case out.place != "":
		handOver(w, r, out.place)
	default:
		web.Render(w, r, http.StatusOK, signedOutPage())
	}
}
