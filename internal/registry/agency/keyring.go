package agency

import (
	"context"
	"errors"
	"maps"
	"sync"
	"sync/atomic"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Keyring is the gateway's view of keys and of suspended agencies, in memory.
// Reading it takes no lock. It follows the revision log: Load once, then
// Refresh for each change.
type Keyring struct {
	db   *sqldb.DB
	now  atomic.Pointer[ring]
	turn sync.Mutex // one refresh at a time
}

// ring is one immutable state of the view.
type ring struct {
	byDigest  map[string]simpul.Consumer
	digestOf  map[string]string // key ID to digest
	suspended map[simpul.AgencyID]bool
}

// NewKeyring returns an empty keyring, which accepts nothing.
func NewKeyring(db *sqldb.DB) *Keyring {
	k := &Keyring{db: db}
	k.now.Store(&ring{})
	return k
}

// Authenticate returns the application that a key stands for. It does not say
// whether a refused key ever existed.
func (k *Keyring) Authenticate(key simpul.Secret) (simpul.Consumer, error) {
	now := k.now.Load()
	consumer, known := now.byDigest[key.Digest()]
	switch {
	case !known:
		return simpul.Consumer{}, &simpul.Error{
			Code:    simpul.CodeUnauthenticated,
			Message: simpul.Text{ID: "Kunci API tidak dikenal atau sudah dicabut.", EN: "The API key is unknown or was revoked."},
			Remedy:  simpul.Text{ID: "Periksa kunci yang disalin, atau buat kunci baru untuk aplikasi Anda di portal.", EN: "Check the key that you copied, or make a new one for your application in the portal."},
		}
	case now.suspended[consumer.Application.Agency()]:
		return simpul.Consumer{}, Suspended(consumer.Application.Agency())
	}
	return consumer, nil
}

// IsLive reports whether a key with the identifier exists now.
func (k *Keyring) IsLive(id string) bool {
	_, live := k.now.Load().digestOf[id]
	return live
}

// IsSuspended reports whether the operator has suspended the agency.
func (k *Keyring) IsSuspended(id simpul.AgencyID) bool { return k.now.Load().suspended[id] }

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
	next := &ring{byDigest: map[string]simpul.Consumer{}, digestOf: map[string]string{}}
	err := k.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		entries, err := allRingEntries(ctx, tx)
		if err != nil {
			return err
		}
		for _, e := range entries {
			next.put(e)
		}
		next.suspended, err = suspendedSet(ctx, tx)
		return err
	})
	if err == nil {
		k.now.Store(next)
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
			next.suspended, err = suspendedSet(ctx, tx)
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

func suspendedSet(ctx context.Context, tx *sqldb.Tx) (map[simpul.AgencyID]bool, error) {
	ids, err := suspendedAgencies(ctx, tx)
	set := make(map[simpul.AgencyID]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set, err
}

func (r *ring) clone() *ring {
	return &ring{maps.Clone(r.byDigest), maps.Clone(r.digestOf), r.suspended}
}

func (r *ring) put(e ringEntry) {
	r.byDigest[e.digest] = e.consumer
	r.digestOf[e.consumer.Credential] = e.digest
}

func (r *ring) remove(id string) {
	delete(r.byDigest, r.digestOf[id])
	delete(r.digestOf, id)
}

func (r *ring) rereadKey(ctx context.Context, tx *sqldb.Tx, id string) error {
	r.remove(id)
	e, err := ringEntryOf(ctx, tx, id)
	if errors.Is(err, sqldb.ErrNoRows) {
		return nil
	}
	if err == nil {
		r.put(e)
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
	for _, consumer := range r.byDigest {
		if consumer.Application == id {
			r.remove(consumer.Credential)
		}
	}
	for _, e := range entries {
		r.put(e)
	}
	return nil
}
