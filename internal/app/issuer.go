package app

import (
	"context"
	"net/http"
	"net/netip"

	"simpul"
	"simpul/internal/exchange/gateway"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/issuer"
	"simpul/internal/registry/oidc"
	"simpul/internal/registry/signin"
)

// openIssuers builds the room of whom the gateway believes besides the hub itself.
func (h *Hub) openIssuers() error {
	h.wallet = agency.NewWallet(h.db, clock.System, h.keyring)
	h.trust = issuer.NewTrust(h.db, h.keyring, h.shown, clock.System, h.log)
	h.Issuers = issuer.NewIssuers(h.db, clock.System, h.notifier(), h.tokens.Issuer)
	return nil
}

func (h *Hub) issuerPages(mux *http.ServeMux) {
	issuer.NewPages(h.Issuers, h.trust, signin.Gate(), clock.System).Register(mux)
}

func (h *Hub) refreshIssuers(ctx context.Context, changes []sqldb.Revision) error {
	if err := h.wallet.Refresh(ctx, changes); err != nil {
		return err
	}
	return h.trust.Refresh(ctx, changes)
}

func (h *Hub) credentials() credentials {
	return credentials{h.keyring, h.wallet, h.tokens.Verifier(), h.trust, h.shown, h.proxies, h.strays.Note}
}

// credentials asks whoever knows the kind of credential, and then whether it
// counts from there.
type credentials struct {
	keys    *agency.Keyring
	wallet  *agency.Wallet
	tokens  *oidc.Verifier
	issuers *issuer.Trust
	shown   *certificates
	from    httpapi.Proxies
	refused func(simpul.Consumer, netip.Addr)
}

func (c credentials) Authenticate(r *http.Request, credential simpul.Secret) (simpul.Consumer, error) {
	consumer, err := c.identify(r, credential)
	if err != nil {
		return consumer, err
	}
	from := c.from.Client(r)
	if err := c.keys.AdmitFrom(consumer, from); err != nil {
		c.refused(consumer, from)
		return consumer, err
	}
	return consumer, nil
}

// identify asks the hub's own provider first, so that its tokens cost nothing for
// the issuers that there are besides it, and none of those can speak for it.
func (c credentials) identify(r *http.Request, credential simpul.Secret) (simpul.Consumer, error) {
	switch {
	case credential == "":
		return c.unnamed(r)
	case !oidc.IsAccessToken(credential):
		return c.keys.Authenticate(credential)
	case c.issuers.None() || c.tokens.Issued(credential):
		return c.tokens.Authenticate(r, credential)
	}
	return c.issuers.Authenticate(r, credential)
}

// unnamed finds who sends a request without a credential in its header.
func (c credentials) unnamed(r *http.Request) (simpul.Consumer, error) {
	if consumer, is, err := byHand(r, c.keys.IsSuspended); is {
		return consumer, err
	}
	if shown := c.shown.Proven(r); shown != nil {
		return c.wallet.Authenticate(shown)
	}
	return simpul.Consumer{}, gateway.NoCredential()
}
