package oidc

import (
	"context"
	"crypto/x509"
	"net/http"
	"time"

	"simpul"
)

// Neighbours are what the provider asks of others.
type Neighbours struct {
	Secrets      Secrets
	Live         LiveKeys
	Sessions     Sessions
	People       People
	Applications Applications
	Certificates Certificates
}

// Secrets knows which application an API key stands for. It reads memory only,
// and takes as long for a key that exists as for one that does not.
type Secrets interface {
	Authenticate(key simpul.Secret) (simpul.Consumer, error)
}

// LiveKeys knows which API keys still stand, and which agencies may not call.
// It reads memory only.
type LiveKeys interface {
	// IsLive reports whether an API key with the identifier exists now.
	IsLive(key string) bool
	// IsSuspended reports whether the operator has suspended the agency.
	IsSuspended(agency simpul.AgencyID) bool
}

// Session is that of a person in a browser.
type Session struct {
	ID      string // public; what the sid of tokens is, never the cookie
	Account simpul.AccountID
	At      time.Time // when the person proved who they are
	Methods []string  // how: RFC 8176
}

// Sessions knows who is signed in. When a session ends, its owner writes a
// revision of the kind "Session" with its ID.
type Sessions interface {
	SignedIn(r *http.Request) (Session, bool)
	// Ended reports whether the session has ended, or never was.
	Ended(ctx context.Context, id string) (bool, error)
	// End signs out the browser that sends the request.
	End(w http.ResponseWriter, r *http.Request) error
}

// Person is what applications may learn of somebody.
type Person struct {
	Account  simpul.AccountID
	Name     string
	Email    string // empty where there is none
	Language simpul.Language
	Agency   simpul.AgencyID
	Roles    []simpul.Role
	Active   bool
}

// People knows who has an account. An account that does not exist, or not any
// more, is a not_found error. When one changes, a revision of the kind
// "Account" says so.
type People interface {
	Person(ctx context.Context, id simpul.AccountID) (Person, error)
}

// Application is how people know an application.
type Application struct{ Name, Agency string }

// Applications knows their names.
type Applications interface {
	Application(ctx context.Context, id simpul.ApplicationID) (Application, error)
}

// Certificates knows which TLS certificate a client has shown.
type Certificates interface {
	// Shown returns the certificate for which the sender of the request has
	// proved to have the private key, nil for none, and whether an authority
	// that the hub trusts for clients has issued it.
	Shown(r *http.Request) (certificate *x509.Certificate, trusted bool)
}
