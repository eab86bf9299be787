package proof

import (
	"slices"
	"time"

	"simpul"
)

// Status sums a verdict up.
type Status string

const (
	Valid     Status = "valid"     // every step that could be checked holds, and a witness has seen the log
	Awaiting  Status = "awaiting"  // the same, but no witness that the keys name has seen it yet
	Unchecked Status = "unchecked" // the proof holds, and of a body that was given it cannot be told whether it is the exchange's
	Invalid   Status = "invalid"   // something does not fit
)

// State is what came of one step.
type State string

const (
	OK      State = "ok"
	Failed  State = "failed"
	Missing State = "missing" // there is nothing to check, or nothing to check it against
	Erased  State = "erased"  // it is gone on purpose, says the hub, and nothing else with it
)

// Names of the steps, in their order. The last four stand in a verdict only where
// there is something to say.
const (
	StepRecord     = "record"     // the record is of the exchange that the bundle names
	StepBlock      = "block"      // the record is in its block
	StepLog        = "log"        // the block is in the log
	StepCheckpoint = "checkpoint" // the checkpoint is of the journal's log and covers the block
	StepSignature  = "signature"  // the log signed the checkpoint
	StepWitnesses  = "witnesses"  // witnesses cosigned it
	StepRequest    = "request"    // a given body is that of the call
	StepResponse   = "response"   // a given body is that of the answer
	StepField      = "field"      // the field is of the answer
	StepPersonal   = "personal"   // what was sealed
)

// Step is one thing that was checked, and what came of it in a sentence: what is proved,
// or what does not fit and what to do.
type Step struct {
	Name  string
	State State
	Text  simpul.Text
}

// Witness is who cosigned the checkpoint, and when. That there is a cosignature
// proves that the record existed then.
type Witness struct {
	Name string
	At   time.Time
}

// Verdict is what the check of a bundle came to.
type Verdict struct {
	Status    Status
	Steps     []Step
	Record    Statement // what the record says; proved where the verdict is sound
	Origin    string    // of the log
	Size      uint64    // of the log at the checkpoint, entries
	Witnesses []Witness // by name
}

// Newest is when the last cosignature was made, the zero time without any.
func (v *Verdict) Newest() (at time.Time) {
	for _, w := range v.Witnesses {
		if w.At.After(at) {
			at = w.At
		}
	}
	return at
}

// Sound reports whether the proof itself holds, whatever came of a body beside it.
func (v *Verdict) Sound() bool {
	return !slices.ContainsFunc(v.Steps, func(s Step) bool { return s.State == Failed && !s.ofBody() })
}

func (s *Step) ofBody() bool { return s.Name == StepRequest || s.Name == StepResponse }

func (v *Verdict) say(name string, state State, id, en string) {
	v.Steps = append(v.Steps, Step{name, state, simpul.Text{ID: id, EN: en}})
}

// sum sets the status when every step is done.
func (v *Verdict) sum() {
	switch {
	case slices.ContainsFunc(v.Steps, func(s Step) bool { return s.State == Failed }):
		v.Status = Invalid
	case slices.ContainsFunc(v.Steps, func(s Step) bool { return s.State == Missing && s.ofBody() }):
		v.Status = Unchecked
	case len(v.Witnesses) == 0:
		v.Status = Awaiting
	default:
		v.Status = Valid
	}
}
