package provider

import (
	"crypto/sha256"
	"fmt"
	"hash/fnv"
	"sync/atomic"
	"time"

	"simpul"
)

// usualLeast is how many calls a canary answers before it is judged, where its
// provider does not say.
const usualLeast = 20

// trialKey names a canary as its provider declared it: another share or another
// bound is another trial.
type trialKey struct {
	lid   simpul.Address
	print string
}

// standing is what became of a trial.
type standing int32

const (
	running standing = iota // gets its share
	fallen                  // failed here; to be told to the other nodes
	out                     // failed, as is stored
)

// trial is a canary that proves itself on a part of the applications.
type trial struct {
	key    trialKey
	owner  simpul.AgencyID
	canary simpul.Canary
	origin *origin
	window window // of 10 minutes
	state  atomic.Int32
	felled atomic.Pointer[Fall] // set before the state
}

// Fall is why a canary was taken out.
type Fall struct {
	Address simpul.Address
	Owner   simpul.AgencyID
	Print   string
	Calls   int
	Failed  int
	At      time.Time
}

// PrintOf names a canary by what its provider declared.
func PrintOf(c simpul.Canary) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%d\n%d", c.Upstream, c.Percent, c.ErrorPercent, c.AtLeast))
	return fmt.Sprintf("%x", sum[:16])
}

func (c *Caller) trialOf(route *simpul.Route, canary simpul.Canary, o *origin) *trial {
	key := trialKey{route.Address, PrintOf(canary)}
	known, ok := c.trials.Load(key)
	if !ok {
		t := &trial{key: key, owner: route.Owner, canary: canary, origin: o, window: window{pane: time.Minute}}
		if _, is := (*c.fallen.Load())[key]; is {
			t.state.Store(int32(out))
		}
		known, _ = c.trials.LoadOrStore(key, t)
	}
	return known.(*trial)
}

// takes reports whether the calls of an application go to the canary: always all
// of them or none, and different ones for each LID, so that it is not always the
// same that meet what is new.
func (t *trial) takes(application string) bool {
	if standing(t.state.Load()) != running || application == "" {
		return false
	}
	h := fnv.New32a()
	h.Write([]byte(t.key.lid))
	h.Write([]byte{0})
	h.Write([]byte(application))
	return mixed(h.Sum32())%100 < uint32(t.canary.Percent)
}

// mixed spreads what FNV leaves close together (the finaliser of MurmurHash3).
func mixed(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	return h ^ h>>16
}

// count takes how one call of the canary ended, and reports that this call has
// felled it.
func (t *trial) count(failed bool, now time.Time) bool {
	t.window.add(now, failed)
	if !failed || standing(t.state.Load()) != running {
		return false
	}
	least := t.canary.AtLeast
	if least == 0 {
		least = usualLeast
	}
	calls, failures := t.window.sum(now)
	if calls < least || failures*100 < calls*t.canary.ErrorPercent {
		return false
	}
	t.felled.CompareAndSwap(nil, &Fall{t.key.lid, t.owner, t.key.print, calls, failures, now})
	return t.state.CompareAndSwap(int32(running), int32(fallen))
}

// again lets the canary begin anew.
func (t *trial) again() {
	t.window.forget()
	t.felled.Store(nil)
	t.state.CompareAndSwap(int32(out), int32(running))
}

// forgettable reports a trial of which nothing is lost.
func (t *trial) forgettable(now time.Time) bool {
	calls, _ := t.window.sum(now)
	return calls == 0 && standing(t.state.Load()) != fallen
}
