package evidence

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// months are the keys that there are or were, by class and month: true for those that
// are destroyed.
type months map[simpul.LIDClass]map[int]bool

func (m months) add(class simpul.LIDClass, month int, destroyed bool) {
	if m[class] == nil {
		m[class] = map[int]bool{}
	}
	m[class][month] = destroyed
}

func (m months) has(class simpul.LIDClass, month int) bool {
	_, known := m[class][month]
	return known
}

// before reports whether a month that has no key is behind the class: older than all of
// its keys, or than one that is destroyed. A key that is made for it nonetheless is the
// next that retention destroys, whatever time it truly was.
func (m months) before(class simpul.LIDClass, month int) bool {
	oldest := true
	for known, destroyed := range m[class] {
		if known > month && destroyed {
			return true
		}
		oldest = oldest && known > month
	}
	return oldest && len(m[class]) > 0
}

// demand is how a key is made that was not made ahead: the clock has jumped, or the
// database did not answer for a month.
type demand struct {
	mu     sync.Mutex // of those who miss a key one asks the database
	failed time.Time  // when it did not answer; zero: it did
}

const (
	demandWithin = 2 * time.Second // for which a record waits for its key
	demandAgain  = time.Second     // after the database did not answer
)

// unusual returns the key of a month that has none in memory.
//
//   - A month whose key is destroyed: what comes late is erased as it is written, sealed
//     with a key that nobody keeps. Where that month is not over by the clock, the clock was
//     set back, and nothing is sealed.
//   - A month without a key that the hub has behind it: likewise.
//   - Any other month gets its key now.
func (k *Keys) unusual(class simpul.LIDClass, month int) (*sealingKey, error) {
	class = classes[classIndex(class)]
	now := k.ring.Load()
	switch {
	case len(now.keys) == 0:
		return nil, noKey() // nothing is loaded
	case now.isEnded(class, month):
		return k.late(class, month)
	case now.known().before(class, month):
		return nil, clockBehind(month)
	}
	return k.makeNow(class, month)
}

func (k *Keys) late(class simpul.LIDClass, month int) (*sealingKey, error) {
	if monthOf(k.now()) <= month {
		return nil, clockBehind(month)
	}
	key := &sealingKey{id: keyID(class, month), class: string(class), month: month}
	rand.Read(key.secret[:]) // never fails since Go 1.24
	return key, key.renew()
}

// makeNow makes the key of the month, unless it is there by then.
func (k *Keys) makeNow(class simpul.LIDClass, month int) (*sealingKey, error) {
	k.demand.mu.Lock()
	defer k.demand.mu.Unlock()
	if key := k.ring.Load().forSealing(class, month); key != nil {
		return key, nil
	}
	if since := k.now().Sub(k.demand.failed); since >= 0 && since < demandAgain {
		return nil, noKey()
	}
	ctx, stop := context.WithTimeout(context.Background(), demandWithin)
	defer stop()
	if err := k.MakeFor(ctx, startOf(month), class); err != nil {
		k.demand.failed = k.now()
		return nil, unmade(err)
	}
	k.demand.failed = time.Time{}
	if key := k.ring.Load().forSealing(class, month); key != nil {
		return key, nil
	}
	return nil, noKey() // destroyed by another process meanwhile
}

// MakeFor makes the keys of a month where they are missing: of the classes, or of all.
// It is for what was, or is said to have been, in another month than this one.
func (k *Keys) MakeFor(ctx context.Context, at time.Time, of ...simpul.LIDClass) error {
	if len(of) == 0 {
		of = classes[:]
	}
	month := monthOf(at)
	err := k.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		known, err := knownKeys(ctx, tx)
		if err != nil {
			return err
		}
		for _, class := range of {
			if known.has(class, month) {
				continue
			}
			if err := k.makeKey(ctx, tx, class, month, k.now()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("make evidence keys: %w", err)
	}
	return k.read(ctx)
}

func (r *ring) isEnded(class simpul.LIDClass, month int) bool {
	_, ended := r.ended[keyID(class, month)]
	return ended
}

// known are the keys that the ring has, destroyed ones among them.
func (r *ring) known() months {
	all := months{}
	for _, key := range r.keys {
		all.add(simpul.LIDClass(key.class), key.month, false)
	}
	for id := range r.ended {
		if class, month, ok := parseKeyID(id); ok {
			all.add(class, month, true)
		}
	}
	return all
}
