package signin

import (
	"fmt"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"simpul"
)

// site is where people reach the hub, which passkeys are bound to.
type site struct {
	url      string // without a slash at the end
	webauthn *webauthn.WebAuthn
}

// Announce says where people reach the screens. Before, no passkey is made and
// none is believed.
func (s *Service) Announce(controlURL string) error {
	u, err := url.Parse(controlURL)
	if err != nil || u.Hostname() == "" {
		return fmt.Errorf("control URL %q: not an address", controlURL)
	}
	origin := u.Scheme + "://" + u.Host
	rp, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "Simpul", RPOrigins: []string{origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: new(true),
			UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return fmt.Errorf("control URL %q: %w", controlURL, err)
	}
	s.site.Store(&site{origin, rp})
	return nil
}

func (s *Service) relyingParty() (*webauthn.WebAuthn, error) {
	if at := s.site.Load(); at != nil {
		return at.webauthn, nil
	}
	return nil, &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: "Hub ini belum siap memakai passkey.", EN: "This hub is not ready for passkeys yet."},
		Remedy:  simpul.Text{ID: "Coba lagi sebentar lagi.", EN: "Try again in a moment."},
	}
}
