package lifecycle

import (
	"slices"

	"simpul"
)

// State is what other rooms act by: whether a LID can be called, and whether it
// will be. The finer steps are the model's; each says which state it means.
type State string

const (
	Draft      State = "draft"
	Published  State = "published"
	Deprecated State = "deprecated" // can still be called, until its end
	Retired    State = "retired"    // gone for good
)

func states() []State { return []State{Draft, Published, Deprecated, Retired} }

// Live reports whether a LID of the state can be called.
func (s State) Live() bool { return s == Published || s == Deprecated }

// Subject is what passes through a step.
type Subject string

const (
	OfLID     Subject = "lid"
	OfRequest Subject = "request" // for access
)

// Owner is who acts in a step.
type Owner string

const (
	ByProvider Owner = "provider" // Penyedia
	ByOperator Owner = "operator" // of the nation
	ByConsumer Owner = "consumer" // Pemanfaat
	ByHub      Owner = "hub"      // the program itself
)

func owners() []Owner { return []Owner{ByProvider, ByOperator, ByConsumer, ByHub} }

// Unit is what a timer counts.
type Unit string

const (
	Working Unit = "working-days"
	Days    Unit = "days" // of the calendar
	Years   Unit = "years"
)

func units() []Unit { return []Unit{Working, Days, Years} }

// Timer is how long a step may take.
type Timer struct {
	Length int  `json:"length" minimum:"1" maximum:"3650"`
	Unit   Unit `json:"unit" enum:"working-days,days,years" doc:"Working days count neither weekends nor holidays"`
}

// Level is where somebody is told of what is late.
type Level string

const (
	LevelAgency Level = "agency" // of the LID
	LevelNation Level = "nation"
)

// Escalation says who is told when a step is late.
type Escalation struct {
	Permission simpul.Permission `json:"permission" doc:"Whoever has it is told"`
	Level      Level             `json:"level" enum:"agency,nation" doc:"In the agency of the LID, or in the nation"`
}

// Names is a text in both languages; Indonesian stands in for the other.
type Names struct {
	ID string `json:"id" maxLength:"1000" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters"`
	EN string `json:"en,omitempty" maxLength:"1000" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters"`
}

// Text is the text for screens.
func (n Names) Text() simpul.Text { return simpul.Text(n) }

// Step is one place where a LID, or a request for access, can stand.
type Step struct {
	Code     string      `json:"code" pattern:"^[a-z][a-z0-9]*(-[a-z0-9]+)*$" maxLength:"63" example:"registering"`
	Title    Names       `json:"title"`
	Subject  Subject     `json:"subject" enum:"lid,request"`
	State    State       `json:"state,omitempty" enum:"draft,published,deprecated,retired" doc:"What the step means for the LID; absent for requests"`
	Owner    Owner       `json:"owner" enum:"provider,operator,consumer,hub" doc:"Who acts in the step"`
	Timer    *Timer      `json:"timer,omitempty" doc:"How long the step may take; absent: as long as it takes"`
	Escalate *Escalation `json:"escalate,omitempty" doc:"Who is told when the step is late, beside those who act in it"`
	Guidance *Names      `json:"guidance,omitempty" doc:"What has to be done in the step"`
}

// Transition is a way from one step to another.
type Transition struct {
	From       string            `json:"from"`
	To         string            `json:"to"`
	Permission simpul.Permission `json:"permission" doc:"Who may go this way"`
	Conditions []string          `json:"conditions,omitempty" maxItems:"10" doc:"What must be met: feasibility, metadata, as the hub offers them"`
}

// Model is the steps and the ways between them. The first LID step is where a
// new LID begins; the order of steps is the order in which people read them, and
// of several ways out of a step the first that leads onwards is the usual one.
type Model struct {
	Note        string       `json:"note,omitempty" maxLength:"1000" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"What changed, and why"`
	Steps       []Step       `json:"steps" minItems:"1" maxItems:"60"`
	Transitions []Transition `json:"transitions" maxItems:"400"`
}

// Step finds a step by its code.
func (m Model) Step(code string) (Step, bool) {
	if i := m.index(code); i >= 0 {
		return m.Steps[i], true
	}
	return Step{}, false
}

func (m Model) index(code string) int {
	return slices.IndexFunc(m.Steps, func(s Step) bool { return s.Code == code })
}

// beginning is where a new LID stands. A model that was checked has one.
func (m Model) beginning() Step { return m.fitting(Draft) }

// fitting is the first step that means the state.
func (m Model) fitting(state State) Step {
	i := slices.IndexFunc(m.Steps, func(s Step) bool { return s.Subject == OfLID && s.State == state })
	if i < 0 {
		return Step{}
	}
	return m.Steps[i]
}

// out lists the ways out of a step, in the model's order.
func (m Model) out(code string) (all []Transition) {
	for _, t := range m.Transitions {
		if t.From == code {
			all = append(all, t)
		}
	}
	return all
}

// onwards is the usual way out of a step: the first that leads to a later one.
func (m Model) onwards(code string) (Transition, bool) {
	at := m.index(code)
	for _, t := range m.out(code) {
		if m.index(t.To) > at {
			return t, true
		}
	}
	return Transition{}, false
}

// before lists what must be met on the shortest way from the beginning to a
// step, each once.
func (m Model) before(code string) (conditions []string) {
	way, _ := m.way(m.beginning().Code, func(s Step) bool { return s.Code == code }, anybody)
	for _, t := range way {
		for _, c := range t.Conditions {
			if !slices.Contains(conditions, c) {
				conditions = append(conditions, c)
			}
		}
	}
	return conditions
}

func anybody(Transition) bool { return true }

// way is the shortest way from a step to one that is wanted, along transitions
// that are allowed; of several, the one that the model names first. A way has at
// least one transition.
func (m Model) way(from string, wanted func(Step) bool, may func(Transition) bool) ([]Transition, bool) {
	came := map[string]Transition{}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		for _, t := range m.out(queue[0]) {
			if _, seen := came[t.To]; seen || t.To == from || !may(t) {
				continue
			}
			came[t.To] = t
			if s, _ := m.Step(t.To); wanted(s) {
				return back(came, from, t), true
			}
			queue = append(queue, t.To)
		}
	}
	return nil, false
}

// back follows a way from its last transition to where it began.
func back(came map[string]Transition, from string, last Transition) []Transition {
	way := []Transition{last}
	for way[0].From != from {
		way = append([]Transition{came[way[0].From]}, way...)
	}
	return way
}
