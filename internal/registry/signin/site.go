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
	url      string             // without a slash at the end
	webauthn *webauthn.WebAuthn // nil where passkeys cannot be: they need a name
}

// Announce says where people reach the screens. Before, no passkey is made and
// none is believed. At a host without a name, such as an IP address, there are
// none either; the hub says so and serves the other ways.
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
		s.log.Warn("no passkeys at this address; give control.url a host name", "control", origin, "error", err)
		rp = nil
	}
	s.site.Store(&site{origin, rp})
	return nil
}

func (s *Service) relyingParty() (*webauthn.WebAuthn, error) {
	if at := s.site.Load(); at != nil && at.webauthn != nil {
		return at.webauthn, nil
	}
	return nil, &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: "Passkey tidak dapat dipakai di alamat ini.", EN: "Passkeys cannot be used at this address."},
		Remedy:  simpul.Text{ID: "Pakai kata sandi dan kode. Operator: beri control.url sebuah nama host, bukan alamat IP.", EN: "Use a password and a code. Operator: give control.url a host name, not an IP address."},
	}
}
