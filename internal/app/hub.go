package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync"

	"simpul"
	"simpul/internal/exchange/cache"
	"simpul/internal/exchange/derived"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/evidence/fieldtree"
	"simpul/internal/exchange/evidence/ledger"
	"simpul/internal/exchange/evidence/witness"
	"simpul/internal/exchange/gateway"
	"simpul/internal/exchange/incident"
	"simpul/internal/exchange/metering"
	"simpul/internal/exchange/policy"
	"simpul/internal/exchange/provider"
	"simpul/internal/exchange/tracker"
	"simpul/internal/exchange/traffic"
	"simpul/internal/exchange/violation"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/config"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/telemetry"
	"simpul/internal/platform/vault"
	"simpul/internal/platform/web"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/custody"
	"simpul/internal/registry/duty"
	"simpul/internal/registry/feasibility"
	"simpul/internal/registry/grant"
	"simpul/internal/registry/identity"
	"simpul/internal/registry/issuer"
	"simpul/internal/registry/lifecycle"
	"simpul/internal/registry/maturity"
	"simpul/internal/registry/notice"
	"simpul/internal/registry/oidc"
	"simpul/internal/registry/onboarding"
	"simpul/internal/registry/retention"
	"simpul/internal/registry/signin"
	"simpul/internal/registry/standard"
)

// Version is the version of this build.
const Version = "0.1.0"

// Hub is one hub: its rooms, connected.
type Hub struct {
	Agencies     *agency.Agencies
	Applications *agency.Applications
	Onboarding   *onboarding.Service
	LIDs         *catalog.Service
	Grants       *grant.Service
	Access       *grant.Access
	Identity     *identity.Service
	SignIn       *signin.Service
	Exchanges    *evidence.Exchanges
	Ledger       *ledger.Ledger // nil in a process that writes no journal
	Notices      *notice.Service
	Proposals    *duty.Service
	Retention    *retention.Service
	RefCodes     *standard.Lists
	Standards    *standard.Standards
	Bindings     *standard.Bindings
	Metadata     *standard.Metadatas
	Credentials  *catalog.Credentials
	Feasibility  *feasibility.Service
	Maturity     *maturity.Service
	Lifecycle    *lifecycle.Service
	Violations   *violation.Service
	Issuers      *issuer.Issuers
	Limits       *traffic.Service
	Metering     *metering.Service
	Witnesses    *witness.Service
	Views        *derived.Service
	Incidents    *incident.Service
	Tracker      *tracker.Service
	Banner       simpul.Text // one line above every screen, such as that this is a demonstration

	Screens func(*http.ServeMux) // further ones, in the same frame; nil for none
	Footer  []web.NavItem        // further links at the foot of every screen

	config     config.Config
	log        *slog.Logger
	db         *sqldb.DB
	keyring    *agency.Keyring
	wallet     *agency.Wallet
	trust      *issuer.Trust
	strays     *agency.Strays
	directory  *catalog.Directory
	names      *roster
	finder     *catalog.Finder
	bound      *standard.Bound
	codebook   codebook
	kept       *cache.Cache
	portal     string // URL of the control listener, as the outside sees it
	callsAt    string // URL of the gateway, likewise
	vault      *vault.Vault
	mail       notice.Sender // nil: not configured
	custody    *custody.Service
	tokens     *oidc.Provider
	book       *policy.Book
	limiter    *traffic.Limiter
	journal    *evidence.Journal
	keys       *evidence.Keys
	timekeeper *evidence.Timekeeper
	cleaner    *evidence.Cleaner
	index      *evidence.Index
	keyLines   []ledger.Lines // of the public keys by which proofs are checked
	meter      *metering.Meter
	flow       flow
	caller     *provider.Caller
	canaries   *provider.Canaries
	metrics    *telemetry.Metrics
	gateway    *gateway.Gateway
	proxies    httpapi.Proxies
	signedIn   *signin.Pages
	shown      *certificates
	tracer     *telemetry.Tracer // nil: no traces are made
	applied    progress          // the views hold at least this revision

	violations *violation.Collector

	Citizens    []tracker.Citizen // of a demonstration, whose trackers everybody may open
	trackerKeys *tracker.Keys
	following   *tracker.Follower

	earlier  []*earlier        // journals of the data folder that have ended
	vouched  vouched           // the evidence log; nil: this process has none
	gatherer *witness.Gatherer // nil without a log
	witness  *witnessServer    // nil: this process is no witness

	closing sync.Once
	closed  error
}

// OpenDatabase opens the configured database and brings it to this version.
func OpenDatabase(ctx context.Context, c config.Config) (*sqldb.DB, error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := unchecked(c); err != nil {
		return nil, err
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
	if err := errors.Join(h.openTraces(ctx), h.openTraffic(), h.openWitnesses()); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	if err := h.openLedger(ctx); err != nil { // it asks the witnesses for their keys
		return nil, errors.Join(err, h.Close())
	}
	h.exchange()
	if err := h.openEarlier(ctx); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

func (h *Hub) registry(ctx context.Context) (err error) {
	if h.vault, err = openVault(ctx, h.db, h.config.Vault); err != nil {
		return fmt.Errorf("open vault: %w", err)
	}
	h.openSealing()
	h.Notices = notice.New(h.db, sealer{h.vault}, staff{h}, clock.System)
	if h.mail, err = mailSender(h.config.Mail); err != nil {
		return err
	}
	h.duties()
	h.Agencies = agency.NewAgencies(h.db, clock.System, h.notifier())
	h.Applications = agency.NewApplications(h.db, clock.System, h.notifier())
	h.Onboarding = onboarding.New(h.db, clock.System, sealer{h.vault}, admitter{h.Agencies}, inviter{h}, h.Notices)
	h.LIDs = catalog.New(h.db, h.Proposals, course{h}, clock.System)
	h.Grants = grant.New(h.db, catalogue{h.LIDs}, h.Proposals, h.grantLimits(), clock.System)
	h.Identity = identity.New(h.db, clock.System)
	h.Identity.Connect(h.people())
	h.SignIn = h.newSignIn()
	h.signedIn = h.signInPages()
	h.openStandards()
	h.openShape()
	h.openFeasibility()
	h.keyring = agency.NewKeyring(h.db, clock.System)
	h.directory = catalog.NewDirectory(h.db, h.log)
	h.compileRoutes()
	if err := h.catalogue(); err != nil {
		return err
	}
	if err := h.openLifecycle(ctx); err != nil {
		return err
	}
	h.openAccess()
	h.offerDuties()
	if err := h.openid(); err != nil {
		return err
	}
	return h.openIssuers()
}

func (h *Hub) exchange() {
	limits := h.config.Limits
	h.openOrigins()
	h.book = policy.NewBook(h.Grants, h.keyring.IsSuspended, h.log)
	h.index = evidence.NewIndex(h.db, h.journal, h.log)
	h.Exchanges = evidence.NewExchanges(h.db, h.ownIndex())
	h.openMetering()
	h.openTracker()
	h.openCleaner()
	h.openViews()
	h.openIncidents()
	h.openMaturity()
	h.openViolations()
	h.strays = agency.NewStrays(h.db, clock.System)
	mediator := h.mediator()
	h.gateway = gateway.New(h.credentials(), &gateway.Pipeline{
		Resolver: h.directory,
		Decider:  permitted{h.keyring, h.book},
		Limiter:  counted{h.limiter},
		Tracker:  watching{tracker.NewWatcher(h.trackerKeys)},
		Recorder: metered{evidence.NewRecorder(h.journal, h.keys, h.timekeeper), h.metrics},
		Mediator: mediator,
		Keeper:   answerKeeper{h.kept},
		Caller:   h.origins(),
		Foreseer: standing{h.keyring, h.book},
		Tracer:   h.traces(),
		Stager:   mediator,
		Fields:   new(fieldtree.Committer),
		MaxBody:  limits.Body,
	}, gateway.Patience{Grace: limits.Grace, MinRate: limits.MinRate, Idle: limits.IdleTimeout}, h.log)
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

// Close releases the doors. Whatever was acknowledged is on disk already. A second
// call gives the result of the first.
func (h *Hub) Close() error {
	h.closing.Do(func() { h.closed = h.close() })
	return h.closed
}

func (h *Hub) close() error {
	h.caller.Close()
	h.closeTraces()
	err := errors.Join(h.journal.Close(), h.closeEarlier(), h.closeCatalogue(), h.closeWitness())
	if dberr := h.db.Close(); err == nil {
		err = dberr
	}
	if err == nil {
		err = sumStore(h.config)
	}
	return err
}
