package oidc

import (
	"slices"
	"strings"

	"simpul"
)

// Scopes: what an application may learn of a person (OpenID Connect Core 1.0
// section 5.4, and one of our own).
const (
	scopeOpenID  = "openid"
	scopeProfile = "profile"
	scopeEmail   = "email"
	scopeOffline = "offline_access" // tokens go on when the session has ended
	scopeAgency  = "agency"         // where the person works, and in which roles
)

func knownScopes() []string {
	return []string{scopeOpenID, scopeProfile, scopeEmail, scopeAgency, scopeOffline}
}

// parseScopes keeps what is known, once each and in one order; what is not is
// ignored, as OpenID Connect Core 1.0 section 3.1.2.1 asks.
func parseScopes(text string) []string {
	asked := strings.Fields(text)
	return slices.DeleteFunc(knownScopes(), func(s string) bool { return !slices.Contains(asked, s) })
}

// covers reports whether all of the asked are among the granted.
func covers(granted, asked []string) bool {
	return !slices.ContainsFunc(asked, func(s string) bool { return !slices.Contains(granted, s) })
}

// union returns the scopes of both.
func union(a, b []string) []string {
	return slices.DeleteFunc(knownScopes(), func(s string) bool { return !slices.Contains(a, s) && !slices.Contains(b, s) })
}

// meaning says what a scope passes on, for the person who decides.
func meaning(scope string) simpul.Text {
	switch scope {
	case scopeOpenID:
		return simpul.Text{ID: "Nomor pengenal acak Anda di hub ini, waktu Anda masuk, dan dengan cara apa", EN: "Your random identifier in this hub, when you signed in, and how"}
	case scopeProfile:
		return simpul.Text{ID: "Nama, nama akun, dan bahasa pilihan Anda", EN: "Your name, account name and preferred language"}
	case scopeEmail:
		return simpul.Text{ID: "Alamat surel Anda", EN: "Your e-mail address"}
	case scopeAgency:
		return simpul.Text{ID: "Instansi tempat Anda bekerja dan peran Anda di hub ini", EN: "The agency that you work for and your roles in this hub"}
	case scopeOffline:
		return simpul.Text{ID: "Tetap berlaku setelah Anda keluar, paling lama 30 hari", EN: "Stays valid after you sign out, for at most 30 days"}
	}
	return simpul.Text{}
}
