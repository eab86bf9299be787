package violation

import (
	"context"
	"hash/maphash"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

// What a collector holds at most.
const (
	parts        = 16
	mostOfPart   = 2_000 // kinds that are counted apart
	mostSamples  = 2_000 // that wait to be written
	flushPause   = 2 * time.Second
	firstSamples = 3 // of each kind in an hour
)

// Notifier tells people, in the transaction of what it tells of.
type Notifier interface {
	Notify(ctx context.Context, tx *sqldb.Tx, n simpul.Notice) error
}

// Collector gathers violations from the path of calls. Run writes them.
type Collector struct {
	db      *sqldb.DB
	notices Notifier
	now     clock.Clock
	log     *slog.Logger

	seed    maphash.Seed
	parts   [parts]part
	samples chan sample
	dropped atomic.Int64 // samples for which there was no room
	turn    sync.Mutex   // one flush at a time
}

// part counts some of the kinds.
type part struct {
	mu     sync.Mutex
	counts map[key]*count
}

type count struct {
	expected simpul.Text
	amount   int64
	written  int64
}

// NewCollector returns a collector that writes to the database.
func NewCollector(db *sqldb.DB, notices Notifier, now clock.Clock, log *slog.Logger) *Collector {
	c := &Collector{db: db, notices: notices, now: now, log: log, seed: maphash.MakeSeed(), samples: make(chan sample, mostSamples)}
	for i := range c.parts {
		c.parts[i].counts = map[key]*count{}
	}
	return c
}

// Note counts what was found of one message, and keeps the exchange as an
// example of it where few were kept before.
func (c *Collector) Note(x *simpul.Exchange, d Direction, enforced bool, found []Found) {
	at := c.now()
	k := key{
		Kind: Kind{Address: x.Address, Provider: x.Provider, Operation: x.Operation, Direction: d},
		hour: at.Truncate(time.Hour).UnixMilli(), version: x.Version, application: x.Consumer.Application, enforced: enforced,
	}
	for i, f := range found {
		if repeats(found[:i], f) {
			continue // the same of another element is the same violation
		}
		k.Place, k.Keyword = f.Place, f.Keyword
		if nth := c.count(k, f.Expected); isExample(nth) {
			c.keep(sample{key: k, expected: f.Expected, exchange: x.ID, at: at})
		}
	}
}

func repeats(before []Found, f Found) bool {
	for _, b := range before {
		if b.Place == f.Place && b.Keyword == f.Keyword {
			return true
		}
	}
	return false
}

// count returns how many of the kind there were in the hour, and 0 where that is
// not known.
func (c *Collector) count(k key, expected simpul.Text) int64 {
	p := &c.parts[maphash.Comparable(c.seed, k)%parts]
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.counts[k]
	if n == nil && len(p.counts) >= mostOfPart {
		k.Place, k.Keyword, expected = other, other, simpul.Text{}
		if n = p.counts[k]; n != nil || len(p.counts) >= 2*mostOfPart {
			if n != nil {
				n.amount++
			}
			return 0
		}
	}
	if n == nil {
		n = &count{expected: expected}
		p.counts[k] = n
	}
	n.amount++
	return n.amount
}

// isExample chooses the first few, and then fewer and fewer.
func isExample(nth int64) bool {
	return nth > 0 && (nth <= firstSamples || nth&(nth-1) == 0)
}

func (c *Collector) keep(s sample) {
	select {
	case c.samples <- s:
	default:
		c.dropped.Add(1)
	}
}

// Dropped tells how many examples were not kept because too many waited.
func (c *Collector) Dropped() int64 { return c.dropped.Load() }
