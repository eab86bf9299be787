package evidence

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

// Sealer seals what is stored in a column of a row; the vault does.
type Sealer interface {
	Seal(plaintext []byte, table, row, column string) ([]byte, error)
	Open(sealed []byte, table, row, column string) ([]byte, error)
}

// Keys seals the personal part of records, and opens it for those who may read it.
// There is a key for each class and month, and it seals what was opened in that month
// and nothing else, whenever that is sealed. It is made a month ahead, so that a
// database that does not answer at midnight of the first stops nothing, and shared by
// all processes of a database: whichever comes first makes it. Destroying it is how
// the personal part of all these records is erased.
//
// Sealing and opening read memory only, but for the first record of a month whose key
// was not made ahead (keys_demand.go). A Keys is safe for concurrent use.
type Keys struct {
	db     *sqldb.DB
	sealer Sealer
	now    clock.Clock
	ring   atomic.Pointer[ring]

	reading   sync.Mutex                                      // so that an older reading never replaces a newer one
	demand    demand                                          // makes what is missing and needed now
	destroyed func(context.Context, *sqldb.Tx, KeyLine) error // has everybody forget what a key opened
}

// OnDestroy has the function called within each transaction that destroys a key:
// whoever keeps what was opened with it, forgets it.
func (k *Keys) OnDestroy(forget func(context.Context, *sqldb.Tx, KeyLine) error) {
	k.destroyed = forget
}

// NewKeys makes the keys of the database; Load fills them.
func NewKeys(db *sqldb.DB, sealer Sealer, now clock.Clock) *Keys {
	k := &Keys{db: db, sealer: sealer, now: now, destroyed: func(context.Context, *sqldb.Tx, KeyLine) error { return nil }}
	k.ring.Store(&ring{})
	return k
}

// Load makes the keys of this month and the next where they are missing, and reads
// all of them.
func (k *Keys) Load(ctx context.Context) error {
	if err := k.ensure(ctx); err != nil {
		return fmt.Errorf("make evidence keys: %w", err)
	}
	return k.read(ctx)
}

// Refresh reads the keys again where the changes concern them.
func (k *Keys) Refresh(ctx context.Context, changes []sqldb.Revision) error {
	if !slices.ContainsFunc(changes, func(c sqldb.Revision) bool { return c.Kind == revisionKey }) {
		return nil
	}
	return k.read(ctx)
}

// tendEvery is how often keys are made ahead and salts taken anew.
const tendEvery = time.Hour

// Run makes keys ahead of time until ctx ends. What fails is tried again in an hour:
// there is a month for it.
func (k *Keys) Run(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(tendEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := k.tend(ctx); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "evidence keys: will try again", "err", err)
		}
	}
}

func (k *Keys) tend(ctx context.Context) error {
	for _, all := range k.ring.Load().fresh {
		for _, key := range all {
			if err := key.renew(); err != nil {
				return err
			}
		}
	}
	return k.Load(ctx)
}

// ensure stores the keys of this month and the next, unless somebody else has. Those
// that are destroyed are not made again, and none is made for a month that the hub has
// behind it: the clock is wrong then.
func (k *Keys) ensure(ctx context.Context) error {
	now := k.now()
	month := monthOf(now)
	return k.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		known, err := knownKeys(ctx, tx)
		if err != nil {
			return err
		}
		for _, class := range classes {
			for _, m := range []int{month, month + 1} {
				if known.has(class, m) || known.before(class, m) {
					continue
				}
				if err := k.makeKey(ctx, tx, class, m, now); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (k *Keys) makeKey(ctx context.Context, tx *sqldb.Tx, class simpul.LIDClass, month int, now time.Time) error {
	var secret [keyBytes]byte
	rand.Read(secret[:]) // never fails since Go 1.24
	id := keyID(class, month)
	sealed, err := k.sealer.Seal(secret[:], "evidence_key", id, "sealed")
	if err != nil {
		return err
	}
	return insertKey(ctx, tx, storedKey{id: id, class: class, month: month, sealed: sealed, created: now})
}

// read replaces the keys in memory by those that are stored. A key that was there
// before keeps its salts; one that was destroyed is dropped.
func (k *Keys) read(ctx context.Context) error {
	k.reading.Lock()
	defer k.reading.Unlock()
	before := k.ring.Load()
	next := &ring{keys: map[string]*sealingKey{}}
	err := k.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		stored, err := listKeys(ctx, tx)
		if err != nil {
			return err
		}
		if next.ended, err = endedKeys(ctx, tx); err != nil {
			return err
		}
		for _, s := range stored {
			key := before.keys[s.id]
			if key == nil {
				if key, err = k.unseal(s); err != nil {
					return err
				}
			}
			next.keys[s.id] = key
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read evidence keys: %w", err)
	}
	next.sort()
	k.ring.Store(next)
	return nil
}

func (k *Keys) unseal(s storedKey) (*sealingKey, error) {
	secret, err := k.sealer.Open(s.sealed, "evidence_key", s.id, "sealed")
	if err != nil {
		return nil, err
	}
	if len(secret) != keyBytes {
		return nil, fmt.Errorf("evidence key %s has %d bytes", s.id, len(secret))
	}
	key := &sealingKey{id: s.id, class: string(s.class), month: s.month, secret: [keyBytes]byte(secret)}
	return key, key.renew()
}

func (r *ring) sort() {
	for _, key := range r.keys {
		i := classIndex(simpul.LIDClass(key.class))
		r.fresh[i] = append(r.fresh[i], key)
	}
	for _, all := range r.fresh {
		slices.SortFunc(all, func(a, b *sealingKey) int { return cmp.Compare(b.month, a.month) })
	}
}

// Seal returns the sealed part of the exchange's record; one without a key where it
// has no such part.
func (k *Keys) Seal(x *simpul.Exchange) (Personal, error) {
	if !hasPersonal(x) {
		return Personal{}, nil
	}
	var s scratch
	key, err := k.box(x, &s)
	if err != nil {
		return Personal{}, err
	}
	return Personal{Key: key, Box: base64.RawURLEncoding.EncodeToString(s.box)}, nil
}

// scratch is memory that is used again for each record.
type scratch struct{ record, text, box, bound []byte }

// appendSealed adds the sealed part of the exchange to the object of its record.
func (k *Keys) appendSealed(record []byte, x *simpul.Exchange, s *scratch) ([]byte, error) {
	key, err := k.box(x, s)
	if err != nil {
		return record, err
	}
	return appendBox(record, s.box, key), nil
}

// box puts what is sealed of the exchange into s.box, and tells with which key.
func (k *Keys) box(x *simpul.Exchange, s *scratch) (id string, err error) {
	key := k.ring.Load().forSealing(x.Class, monthOf(x.OpenedAt))
	if key == nil {
		if key, err = k.unusual(x.Class, monthOf(x.OpenedAt)); err != nil {
			return "", err
		}
	}
	s.text = appendPersonal(s.text[:0], x)
	s.bound = appendAssociated(s.bound[:0], x.ID, key.id)
	s.box = key.seal(s.box[:0], s.text, s.bound)
	return key.id, nil
}

// Open fills in what stands sealed in the record: the exchange's Consumer.Subject,
// Case, Persons, FieldKey and DigestKey. A record without such a part stays as it is. Where the
// key was destroyed the error says so and wraps [ErrErased]; the record is otherwise
// whole.
func (k *Keys) Open(r *Record) error {
	if !r.Personal.Sealed() {
		return nil
	}
	text, err := k.openBox(r)
	if err != nil {
		return err
	}
	p, err := readPersonal(text)
	if err != nil {
		return err
	}
	p.fill(&r.Exchange)
	return nil
}

// OpenPersonal returns what stands sealed in a payload of the journal, as a JSON
// object; "" where nothing does. It fails as Open does.
func (k *Keys) OpenPersonal(payload []byte) (string, error) {
	r, err := DecodeRecord(payload)
	if err != nil || !r.Personal.Sealed() {
		return "", err
	}
	text, err := k.openBox(&r)
	return string(text), err
}

func (k *Keys) openBox(r *Record) ([]byte, error) {
	now := k.ring.Load()
	key := now.keys[r.Personal.Key]
	if key == nil {
		if at, ended := now.ended[r.Personal.Key]; ended {
			return nil, erased(r.Personal.Key, at)
		}
		return nil, unknownKey(r.Personal.Key)
	}
	box, err := r.Personal.unbox()
	if err != nil {
		return nil, unopenable(errors.Join(errBox, err))
	}
	text, err := key.open(box, appendAssociated(nil, r.Exchange.ID, key.id))
	if err != nil {
		return nil, unopenable(err)
	}
	return text, nil
}

// lives reports whether records of the class and month may still be opened.
func (k *Keys) lives(class simpul.LIDClass, month int) bool {
	return k.ring.Load().keys[keyID(class, month)] != nil
}
