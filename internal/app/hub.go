package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/gateway"
	"simpul/internal/exchange/mediation"
	"simpul/internal/exchange/policy"
	"simpul/internal/exchange/provider"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/config"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/telemetry"
	"simpul/internal/platform/vault"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/grant"
	"simpul/internal/registry/identity"
	"simpul/internal/registry/oidc"
	"simpul/internal/registry/standard"
)

// Version is the version of this build.
const Version = "0.1.0"

// Hub is one hub: its rooms, connected.
type Hub struct {
	Agencies     *agency.Agencies
	Applications *agency.Applications
	LIDs         *catalog.Service
	Grants       *grant.Service
	Identity     *identity.Service
	Exchanges    *evidence.Exchanges
	RefCodes     *standard.Lists
	Standards    *standard.Standards
	Bindings     *standard.Bindings
	Metadata     *standard.Metadatas
	Banner       simpul.Text // one line above every screen, such as that this is a demonstration

	config    config.Config
	log       *slog.Logger
	db        *sqldb.DB
	keyring   *agency.Keyring
	directory *catalog.Directory
	vault     *vault.Vault
	tokens    *oidc.Provider
	book      *policy.Book
	journal   *evidence.Journal
	index     *evidence.Index
	caller    *provider.Caller
	metrics   *telemetry.Metrics
	gateway   *gateway.Gateway
	proxies   httpapi.Proxies
	applied   progress // the views hold at least this revision
}

// OpenDatabase opens the configured database and brings it to this version.
func OpenDatabase(ctx context.Context, c config.Config) (*sqldb.DB, error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	db, err := sqldb.Open(ctx, c.Database.URL)
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// Open builds a hub from a validated configuration. Nothing is served yet.
func Open(ctx context.Context, c config.Config, log *slog.Logger) (*Hub, error) {
	db, err := OpenDatabase(ctx, c)
	if err != nil {
		return nil, err
	}
	journal, err := evidence.OpenJournal(c.Data, evidence.Options{Log: log})
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("open journal: %w", err)
	}
	h := &Hub{config: c, log: log, db: db, journal: journal, metrics: telemetry.NewMetrics()}
	h.caller = provider.New(c.Limits.Origin)
	if h.proxies, err = httpapi.ParseProxies(c.Proxies); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	if err := h.registry(ctx); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	h.exchange()
	return h, nil
}

func (h *Hub) registry(ctx context.Context) (err error) {
	if h.vault, err = vault.Attach(ctx, h.db, h.config.Vault.File); err != nil {
		return fmt.Errorf("open vault: %w", err)
	}
	h.Agencies = agency.NewAgencies(h.db, clock.System)
	h.Applications = agency.NewApplications(h.db, clock.System)
	h.LIDs = catalog.New(h.db, clock.System)
	h.Grants = grant.New(h.db, catalogue{h.LIDs}, clock.System)
	h.Identity = identity.New(h.db, clock.System)
	h.openStandards()
	h.keyring = agency.NewKeyring(h.db)
	h.directory = catalog.NewDirectory(h.db, h.log)
	h.tokens, err = oidc.New(h.db, sealer{h.vault}, h.keyring, h.keyring, clock.System, h.log)
	return err
}

func (h *Hub) exchange() {
	limits := h.config.Limits
	h.book = policy.NewBook(h.Grants, h.keyring.IsSuspended, h.log)
	h.index = evidence.NewIndex(h.db, h.journal, h.log)
	h.Exchanges = evidence.NewExchanges(h.db, h.ownIndex())
	h.gateway = gateway.New(credentials{h.keyring, h.tokens.Verifier()}, &gateway.Pipeline{
		Resolver: h.directory,
		Decider:  h.book,
		Recorder: metered{evidence.NewRecorder(h.journal), h.metrics},
		Mediator: &mediation.Mediator{},
		Caller:   indoors{standard.Host, h.RefCodes.Handler(), h.caller},
		MaxBody:  limits.Body,
	}, gateway.Patience{Grace: limits.Grace, MinRate: limits.MinRate}, h.log)
}

// indexes reports whether this process indexes its journal: every process that
// writes one does, since nobody else can read it.
func (h *Hub) indexes() bool { return h.config.Has(config.Gateway) || h.config.Has(config.Worker) }

// ownIndex is the index that this process runs, nil for none.
func (h *Hub) ownIndex() *evidence.Index {
	if h.indexes() {
		return h.index
	}
	return nil
}

// Close releases the doors. Whatever was acknowledged is on disk already.
func (h *Hub) Close() error {
	h.caller.Close()
	err := h.journal.Close()
	if dberr := h.db.Close(); err == nil {
		err = dberr
	}
	return err
}
