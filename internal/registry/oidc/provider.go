package oidc

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"simpul/internal/platform/allowance"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

// tending is how often Run looks whether there is something to do.
const tending = time.Hour

// Provider gives tokens to applications and tells others how to check them.
//
// Load it once, then Refresh it for each change; Announce where it is served;
// Register its endpoints; Run it in the background.
type Provider struct {
	Neighbours
	view   *view
	sealer Sealer
	now    clock.Clock
	log    *slog.Logger
	nobody ClientKey
	tell   *http.Client // tells applications that a session has ended
	due    wake
	begun  *allowance.Allowance // requests that wait for people
}

// New returns a provider that knows no key yet, and so neither gives nor
// accepts a token.
func New(db *sqldb.DB, sealer Sealer, others Neighbours, now clock.Clock, log *slog.Logger) (*Provider, error) {
	nobody, err := keyOfNobody()
	if err != nil {
		return nil, err
	}
	return &Provider{Neighbours: others, view: newView(db, sealer, log), sealer: sealer, now: now, log: log, nobody: nobody, tell: newTeller(), due: newWake(), begun: allowance.New(mostBegun, begunWithin, now)}, nil
}

// Announce says where the outside finds the provider. Before it, nothing is
// given or accepted. After it, tokens of another issuer are refused.
func (p *Provider) Announce(at Addresses) error {
	if err := at.check(); err != nil {
		return err
	}
	if at.Audience == "" {
		at.Audience = at.Issuer
	}
	p.view.at.Store(&at)
	return nil
}

// Load makes the keys that are due and fills the view in memory.
func (p *Provider) Load(ctx context.Context) error {
	if err := p.rotate(ctx); err != nil {
		return fmt.Errorf("signing keys: %w", err)
	}
	if err := p.view.load(ctx, p.now()); err != nil {
		return fmt.Errorf("tokens: %w", err)
	}
	if err := p.reconcile(ctx); err != nil {
		return fmt.Errorf("sessions: %w", err)
	}
	return nil
}

// Refresh reads again what the revisions name, if it is the provider's matter.
// Tokens of a session that has ended are refused from here on; what else has to
// be done about it is left to Run.
func (p *Provider) Refresh(ctx context.Context, changes []sqldb.Revision) error {
	p.notice(changes)
	return p.view.refresh(ctx, changes, p.now())
}

// Issuer is what iss of the provider's tokens is; empty before it is announced.
func (p *Provider) Issuer() string {
	if at := p.view.at.Load(); at != nil {
		return at.Issuer
	}
	return ""
}

// Verifier returns what the gateway asks about access tokens.
func (p *Provider) Verifier() *Verifier { return &Verifier{p.view, p.Live, p.Certificates, p.now} }

// Run makes keys in time, drops what has expired, and tells applications that
// sessions have ended, until ctx ends.
func (p *Provider) Run(ctx context.Context) {
	var work sync.WaitGroup
	defer work.Wait()
	work.Go(func() { p.follow(ctx) })
	p.tendHourly(ctx)
}

func (p *Provider) tendHourly(ctx context.Context) {
	tick := time.NewTicker(tending)
	defer tick.Stop()
	for {
		if err := p.Tend(ctx); err != nil && ctx.Err() == nil {
			p.log.ErrorContext(ctx, "signing keys and expired tokens are not tended", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Register puts the endpoints on a mux. They may be served on several
// listeners; what they tell names the issuer that was announced.
func (p *Provider) Register(mux *http.ServeMux) {
	mux.HandleFunc(TokenPath, p.token)
	mux.HandleFunc(RevokePath, p.revoke)
	mux.HandleFunc(IntrospectPath, p.introspect)
	mux.HandleFunc(PushPath, p.push)
	mux.HandleFunc(UserInfoPath, p.userinfo)
	mux.HandleFunc("GET "+JWKSPath, p.jwks)
	mux.HandleFunc("GET "+DiscoveryPath, p.discovery)
	mux.HandleFunc("GET "+MetadataPath, p.discovery)
}
