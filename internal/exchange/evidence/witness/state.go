package witness

import (
	"crypto/sha256"
	"slices"
	"time"
)

// State is what became of the last time that the hub asked a witness.
type State string

// The states. The last two are disputes: what the witness says and what the hub
// holds cannot both be true of a log that only grows.
const (
	Waiting     State = "waiting"     // nothing was asked yet
	Cosigned    State = "cosigned"    // it cosigned the newest checkpoint
	Unreachable State = "unreachable" // no answer, or none in time
	Refusing    State = "refusing"    // it does not follow this log, or knows it by another key
	Faulty      State = "faulty"      // its answer cannot be used; Reason says why
	Later       State = "later"       // it has seen a larger tree than the hub has
	Fork        State = "fork"        // it has seen another tree
)

// Disputes reports whether the witness has seen what cannot be.
func (s State) Disputes() bool { return s == Later || s == Fork }

// Reason says more about a state, from a closed list.
type Reason string

// The reasons.
const (
	BadSignature  Reason = "signature"    // no valid cosignature of its key
	ClockBehind   Reason = "clock_behind" // its clock is late, or it repeats an old answer
	ClockAhead    Reason = "clock_ahead"
	BadAnswer     Reason = "answer" // too long, or not of the protocol
	BadProof      Reason = "proof"  // it refuses a proof that is right
	UnknownLog    Reason = "log"    // it does not follow the log
	UnknownKey    Reason = "key"    // it knows the log by another key
	OwnEvidence   Reason = "own"    // the dispute is proven by its cosignature that the hub holds
	WitnessClaims Reason = "claim"  // the dispute is what the witness says
)

// Standing is where one witness stands with one log.
type Standing struct {
	Origin     string
	Witness    string // its key, as [Key.String] writes it
	State      State
	Reason     Reason
	Since      time.Time // of the state
	Tried      time.Time // when it was asked last; zero: never
	Failures   int       // in a row
	Claimed    uint64    // size that the witness says that it has seen, in a dispute
	Size       uint64    // of the newest checkpoint that it cosigned
	CosignedAt time.Time // when it did so last; zero: never
}

// ofSame reports whether another standing is of the same witness and log.
func (s Standing) ofSame(o Standing) bool { return s.Origin == o.Origin && s.Witness == o.Witness }

// FreshFor is how long a cosignature counts as present. After as long without any
// the hub is waiting for its witnesses, and says so.
const FreshFor = 10 * time.Minute

// Fresh reports whether the witness vouches for the log at present.
func (s Standing) Fresh(now time.Time) bool {
	return !s.State.Disputes() && !s.CosignedAt.IsZero() && now.Sub(s.CosignedAt) < FreshFor
}

// outcome is what one visit came to.
type outcome struct {
	state   State
	reason  Reason
	claimed uint64
	sealed  *sealed // with Cosigned
	cause   error   // for the log of the process

	nothing bool // was learnt of the witness, so that its standing stays
}

// sealed is a checkpoint with one cosignature.
type sealed struct {
	Origin  string
	Witness string
	Size    uint64
	Root    [sha256.Size]byte
	At      time.Time
	Note    string // as the log signed it
	Line    string // the cosignature
}

// after is the standing that follows an outcome. A dispute stays until the witness
// cosigns again: that it does not answer settles nothing.
func (s Standing) after(o outcome, now time.Time) Standing {
	next := s
	next.Tried = now
	next.Failures++
	if o.state == Cosigned {
		next.Failures = 0
		next.Size, next.CosignedAt = o.sealed.Size, o.sealed.At
	}
	if s.State.Disputes() && !o.state.Disputes() && o.state != Cosigned {
		return next
	}
	next.State, next.Reason, next.Claimed = o.state, o.reason, o.claimed
	if next.State != s.State {
		next.Since = now
	}
	return next
}

// Overall is where a log stands with all its witnesses.
type Overall string

// What can be said of a log.
const (
	NoWitness Overall = "none"     // none is configured
	Awaiting  Overall = "awaiting" // "menunggu saksi": none cosigned for ten minutes
	Vouched   Overall = "cosigned"
	Disputed  Overall = "disputed" // "saksi berselisih"
)

// Witness is a witness and where it stands.
type Witness struct {
	Peer
	Standing
}

// Report is where one log stands with its witnesses.
type Report struct {
	Origin      string
	State       Overall
	Witnesses   []Witness
	Cosigned    int // of them, how many vouch for the log at present
	Independent int // of these, how many are run by others than the hub's operator
	Newest      time.Time
	Size        uint64 // largest tree that is cosigned
}

// reportOf sums up. Witnesses that are not configured any more do not count.
func reportOf(origin string, peers []Peer, standings []Standing, now time.Time) Report {
	r := Report{Origin: origin, State: Awaiting}
	for _, p := range peers {
		w := Witness{p, Standing{Origin: origin, Witness: p.Key.String(), State: Waiting}}
		if i := slices.IndexFunc(standings, w.ofSame); i >= 0 {
			w.Standing = standings[i]
		}
		r.add(w, now)
	}
	switch {
	case len(peers) == 0:
		r.State = NoWitness
	case slices.ContainsFunc(r.Witnesses, func(w Witness) bool { return w.State.Disputes() }):
		r.State = Disputed
	case r.Cosigned > 0:
		r.State = Vouched
	}
	return r
}

func (r *Report) add(w Witness, now time.Time) {
	r.Witnesses = append(r.Witnesses, w)
	r.Size = max(r.Size, w.Size)
	if w.CosignedAt.After(r.Newest) {
		r.Newest = w.CosignedAt
	}
	if !w.Fresh(now) {
		return
	}
	r.Cosigned++
	if !w.Own {
		r.Independent++
	}
}
