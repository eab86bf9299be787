package agency

import (
	"context"
	"errors"
	"maps"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

// Keyring is the gateway's view in memory of keys, of the addresses from which
// they count, and of how far agencies are admitted. Reading it takes no lock. It
// follows the revision log: Load once, then Refresh for each change.
type Keyring struct {
	db    *sqldb.DB
	clock clock.Clock
	now   atomic.Pointer[ring]
	turn  sync.Mutex // one refresh at a time
}

// ring is one immutable state of the view.
type ring struct {
	byDigest map[string]*ringKey
	digestOf map[string]string // key ID to digest
	places   map[simpul.ApplicationID][]netip.Prefix
	tenants  tenants
}

// ringKey is one key; only its last use ever changes.
type ringKey struct {
	consumer simpul.Consumer
	expires  time.Time // zero: never
	used     *usage
}

func (k *ringKey) expired(now time.Time) bool { return !k.expires.IsZero() && !now.Before(k.expires) }

// tenants is what the gateway knows of agencies. One that is in none of the maps
// is operational and may call from anywhere.
type tenants struct {
	suspended map[simpul.AgencyID]bool
	standing  map[simpul.AgencyID]Standing
	places    map[simpul.AgencyID][]netip.Prefix
}

// NewKeyring returns an empty keyring, which accepts nothing.
func NewKeyring(db *sqldb.DB, now clock.Clock) *Keyring {
	k := &Keyring{db: db, clock: now}
	k.now.Store(&ring{})
	return k
}

// Authenticate returns the application that a key stands for. It does not say
// whether a refused key ever existed, but for one that has expired: to hold it
// is to know.
func (k *Keyring) Authenticate(key simpul.Secret) (simpul.Consumer, error) {
	ring, now := k.now.Load(), k.clock()
	found, known := ring.byDigest[key.Digest()]
	switch {
	case !known:
		return simpul.Consumer{}, unknownKey()
	case found.expired(now):
		return simpul.Consumer{}, expiredKey(found)
	case ring.tenants.suspended[found.consumer.Application.Agency()]:
		return simpul.Consumer{}, Suspended(found.consumer.Application.Agency())
	}
	found.used.note(now)
	return found.consumer, nil
}

func unknownKey() error {
	return &simpul.Error{
		Code:    simpul.CodeUnauthenticated,
		Message: simpul.Text{ID: "Kunci API tidak dikenal atau sudah dicabut.", EN: "The API key is unknown or was revoked."},
		Remedy:  simpul.Text{ID: "Periksa kunci yang disalin, atau buat kunci baru untuk aplikasi Anda di portal.", EN: "Check the key that you copied, or make a new one for your application in the portal."},
	}
}

func expiredKey(k *ringKey) error {
	day := k.expires.UTC().Format(time.DateOnly)
	return &simpul.Error{
		Code:    simpul.CodeUnauthenticated,
		Message: simpul.Text{ID: "Kunci API " + k.consumer.Credential + " berakhir pada " + day + ".", EN: "API key " + k.consumer.Credential + " expired on " + day + "."},
		Remedy:  simpul.Text{ID: "Buat kunci baru untuk " + string(k.consumer.Application) + " di portal, lalu pasang di aplikasi.", EN: "Make a new key for " + string(k.consumer.Application) + " in the portal and install it in the application."},
	}
}

// IsLive reports whether a key with the identifier counts now.
func (k *Keyring) IsLive(id string) bool {
	ring := k.now.Load()
	digest, known := ring.digestOf[id]
	return known && !ring.byDigest[digest].expired(k.clock())
}

// IsSuspended reports whether the operator has suspended the agency.
func (k *Keyring) IsSuspended(id simpul.AgencyID) bool { return k.now.Load().tenants.suspended[id] }

// AdmitFrom refuses a caller whose credential is right and whose address is on
// neither list, the agency's or the application's own. Where both have one, the
// address must be on both.
func (k *Keyring) AdmitFrom(c simpul.Consumer, from netip.Addr) error {
	ring := k.now.Load()
	if within(ring.tenants.places[c.Application.Agency()], from) && within(ring.places[c.Application], from) {
		return nil
	}
	return &simpul.Error{
		Code: simpul.CodeDenied, Owner: c.Application.Agency(),
		Message: simpul.Text{ID: "Aplikasi " + string(c.Application) + " tidak boleh memanggil dari alamat " + from.String() + ".", EN: "Application " + string(c.Application) + " may not call from the address " + from.String() + "."},
		Remedy:  simpul.Text{ID: "Panggil dari jaringan instansi, atau minta admin instansi menambahkan alamat ini pada daftar alamat di portal.", EN: "Call from the agency's network, or ask the agency's administrator to add this address to the list in the portal."},
	}
}

// Permit refuses an exchange for which one of its two agencies lacks operational
// approval. Without it, an agency calls open LIDs and its own, and others call
// its open LIDs.
func (k *Keyring) Permit(c simpul.Consumer, route *simpul.Route) error {
	consumer := c.Application.Agency()
	if route.Class == simpul.Terbuka || route.Owner == consumer {
		return nil
	}
	ring := k.now.Load()
	switch {
	case !ring.tenants.operates(consumer):
		return consumerNotOperational(consumer, route)
	case !ring.tenants.operates(route.Owner):
		return providerNotOperational(route)
	}
	return nil
}

func (t tenants) operates(id simpul.AgencyID) bool {
	standing, known := t.standing[id]
	return !known || standing == Operational
}

func consumerNotOperational(consumer simpul.AgencyID, route *simpul.Route) error {
	return &simpul.Error{
		Code: simpul.CodeDenied, Owner: consumer,
		Message: simpul.Text{ID: "Instansi " + string(consumer) + " belum memiliki izin operasional, sehingga belum boleh memanggil " + string(route.Address) + " (kelas " + string(route.Class) + ").", EN: "Agency " + string(consumer) + " has no operational approval yet, so it may not call " + string(route.Address) + " (class " + string(route.Class) + ")."},
		Remedy:  simpul.Text{ID: "Selesaikan uji coba dengan LID terbuka, lalu minta izin operasional kepada operator nasional; lihat halaman Instansi saya.", EN: "Finish the trial with open LIDs, then ask the national operator for operational approval; see the page My agency."},
	}
}

func providerNotOperational(route *simpul.Route) error {
	return &simpul.Error{
		Code: simpul.CodeDenied, Owner: route.Owner,
		Message: simpul.Text{ID: "Penyedia " + string(route.Owner) + " belum memiliki izin operasional, sehingga " + string(route.Address) + " belum dapat dipanggil instansi lain.", EN: "Provider " + string(route.Owner) + " has no operational approval yet, so others cannot call " + string(route.Address) + "."},
		Remedy:  simpul.Text{ID: "Tanyakan kepada penyedia kapan ia mulai beroperasi.", EN: "Ask the provider when it begins to operate."},
	}
}

// Suspended is the refusal that a suspended agency meets.
func Suspended(id simpul.AgencyID) error {
	return &simpul.Error{
		Code: simpul.CodeDenied, Owner: id,
		Message: simpul.Text{ID: "Instansi " + string(id) + " sedang dibekukan.", EN: "Agency " + string(id) + " is suspended."},
		Remedy:  simpul.Text{ID: "Hubungi operator nasional untuk mengaktifkannya kembali.", EN: "Contact the national operator to reinstate it."},
	}
}

// Load replaces the view by what is stored.
func (k *Keyring) Load(ctx context.Context) error {
	k.turn.Lock()
	defer k.turn.Unlock()
	next := &ring{byDigest: map[string]*ringKey{}, digestOf: map[string]string{}, places: map[simpul.ApplicationID][]netip.Prefix{}}
	before := k.now.Load()
	err := k.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		entries, err := allRingEntries(ctx, tx)
		if err != nil {
			return err
		}
		for _, e := range entries {
			next.put(e, before.key(e.id))
		}
		if err := next.loadPlaces(ctx, tx); err != nil {
			return err
		}
		next.tenants, err = readTenants(ctx, tx)
		return err
	})
	if err == nil {
		k.now.Store(next)
	}
	return err
}

func (r *ring) loadPlaces(ctx context.Context, tx *sqldb.Tx) error {
	listed, err := listedApplications(ctx, tx)
	for _, a := range listed {
		r.places[a.application] = a.networks
	}
	return err
}

// Refresh reads again what the revisions name, if it is the keyring's matter.
func (k *Keyring) Refresh(ctx context.Context, changes []sqldb.Revision) error {
	k.turn.Lock()
	defer k.turn.Unlock()
	keys, applications, agencies := concerning(changes)
	if len(keys) == 0 && len(applications) == 0 && !agencies {
		return nil
	}
	next := k.now.Load().clone()
	err := k.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		for _, id := range keys {
			if err := next.rereadKey(ctx, tx, id); err != nil {
				return err
			}
		}
		for _, id := range applications {
			if err := next.rereadApplication(ctx, tx, id); err != nil {
				return err
			}
		}
		if agencies {
			next.tenants, err = readTenants(ctx, tx)
		}
		return err
	})
	if err == nil {
		k.now.Store(next)
	}
	return err
}

func concerning(changes []sqldb.Revision) (keys []string, applications []simpul.ApplicationID, agencies bool) {
	for _, c := range changes {
		switch c.Kind {
		case revisionKey:
			keys = append(keys, c.ID)
		case revisionApplication:
			applications = append(applications, simpul.ApplicationID(c.ID))
		case revisionAgency:
			agencies = true
		}
	}
	return keys, applications, agencies
}

func readTenants(ctx context.Context, tx *sqldb.Tx) (t tenants, err error) {
	ids, err := suspendedAgencies(ctx, tx)
	if err != nil {
		return t, err
	}
	t.suspended = make(map[simpul.AgencyID]bool, len(ids))
	for _, id := range ids {
		t.suspended[id] = true
	}
	if t.standing, err = standings(ctx, tx); err != nil {
		return t, err
	}
	t.places, err = allowlists(ctx, tx)
	return t, err
}

func (r *ring) clone() *ring {
	return &ring{maps.Clone(r.byDigest), maps.Clone(r.digestOf), maps.Clone(r.places), r.tenants}
}

// key returns the key of the identifier, or nil.
func (r *ring) key(id string) *ringKey { return r.byDigest[r.digestOf[id]] }

// put adds a key. What is known of its use and not stored yet stays known.
func (r *ring) put(e ringEntry, before *ringKey) {
	k := &ringKey{consumer: simpul.Consumer{Application: e.application, Credential: e.id}, expires: e.expires, used: &usage{}}
	if before != nil {
		k.used = before.used
	}
	r.byDigest[e.digest], r.digestOf[e.id] = k, e.digest
}

func (r *ring) remove(id string) {
	delete(r.byDigest, r.digestOf[id])
	delete(r.digestOf, id)
}

func (r *ring) rereadKey(ctx context.Context, tx *sqldb.Tx, id string) error {
	before := r.key(id)
	r.remove(id)
	e, err := ringEntryOf(ctx, tx, id)
	if errors.Is(err, sqldb.ErrNoRows) {
		return nil
	}
	if err == nil {
		r.put(e, before)
	}
	return err
}

// rereadApplication reads all keys of an application: those of one that was
// deleted went with it, also one that was issued at the same moment.
func (r *ring) rereadApplication(ctx context.Context, tx *sqldb.Tx, id simpul.ApplicationID) error {
	entries, err := ringEntriesOf(ctx, tx, id)
	if err != nil {
		return err
	}
	before := map[string]*ringKey{}
	for _, k := range r.byDigest {
		if k.consumer.Application == id {
			before[k.consumer.Credential] = k
		}
	}
	for key := range before {
		r.remove(key)
	}
	for _, e := range entries {
		r.put(e, before[e.id])
	}
	delete(r.places, id)
	networks, err := networksOf(ctx, tx, id)
	if err == nil && len(networks) > 0 {
		r.places[id] = networks
	}
	if errors.Is(err, sqldb.ErrNoRows) {
		return nil
	}
	return err
}
