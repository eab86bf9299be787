package simpul

// Delivery is how the hub delivers a LID, as its provider declares it beside the
// contract. Its zero value is the plainest way: one origin, the hub's own limits,
// nothing checked beyond the contract's operations, nothing kept.
type Delivery struct {
	Origins        []string     `json:"origins,omitempty" maxItems:"16" doc:"Further base URLs of the same service, beside upstream; calls are balanced over all of them"`
	Health         *Health      `json:"health,omitempty" doc:"How the hub asks the origins whether they are well, beside what it sees of calls"`
	Retry          *Retry       `json:"retry,omitempty" doc:"What the hub repeats by itself; only calls that are idempotent (RFC 9110 section 9.2.2), and within a budget"`
	Canary         *Canary      `json:"canary,omitempty" doc:"A new deployment of the service that gets a part of the calls, and loses them when it fails"`
	MaxAnswerBytes int64        `json:"maxAnswerBytes,omitempty" minimum:"1" maximum:"1099511627776" doc:"Largest body of an answer; no limit when absent. It is also the longest text in an answer of which fields are selected or that is changed: 1 MiB when absent, and 16 MiB at most"`
	MaxConcurrent  int          `json:"maxConcurrent,omitempty" minimum:"1" maximum:"10000" doc:"Calls that the origins take at one time, over all consumers; no limit of its own when absent"`
	Upgrade        bool         `json:"upgrade,omitempty" doc:"Calls may switch to WebSocket (RFC 6455); what passes then is counted, and checked no further"`
	LegacyHeader   bool         `json:"legacyHeader,omitempty" doc:"The key may come in the header AuthorizationSPLP, for programs that were written for the former hub"`
	Checks         *Checks      `json:"checks,omitempty" doc:"Whether calls and answers are held to the contract"`
	Cache          *Freshness   `json:"cache,omitempty" doc:"Whether the hub may keep answers and give them to the same grant again (RFC 9111)"`
	Changes        []Change     `json:"changes,omitempty" maxItems:"200" doc:"What the hub changes in the answers of the service to make them what the contract says, in this order"`
	DataSubject    *DataSubject `json:"dataSubject,omitempty" doc:"Where the NIK of the person stands whose data a call is about; each person can then see who looked at their data"`
	Provable       bool         `json:"provable,omitempty" doc:"Single fields of an answer can be proved later without showing the others; JSON answers of up to 32 KiB and 1,000 fields"`
	Sandbox        bool         `json:"sandbox,omitempty" doc:"Developers may call examples of the contract, without a grant, under the header Simpul-Sandbox"`
}

// Health is how origins are asked whether they are well.
type Health struct {
	Path         string `json:"path" pattern:"^/[A-Za-z0-9._~/-]*$" maxLength:"200" doc:"Asked by GET below each base URL; below 400 is well" example:"/sehat"`
	EverySeconds int    `json:"everySeconds,omitempty" minimum:"1" maximum:"3600" doc:"10 when absent"`
}

// Retry is what the hub repeats by itself.
type Retry struct {
	Attempts   int  `json:"attempts" minimum:"1" maximum:"3" doc:"Further attempts after the first"`
	HedgeAfter int  `json:"hedgeAfterMillis,omitempty" minimum:"10" maximum:"60000" doc:"Milliseconds of silence after which a second origin is asked beside the first; never when absent"`
	Keyed      bool `json:"keyed,omitempty" doc:"POST and PATCH that carry an Idempotency-Key are repeated too, one after the other: every origin does a key's request once, however often it comes"`
}

// Canary is a new deployment that proves itself on a part of the calls.
type Canary struct {
	Upstream     string `json:"upstream" maxLength:"2000" doc:"Base URL of the new deployment; seen by its owner only"`
	Percent      int    `json:"percent" minimum:"1" maximum:"100" doc:"Of calls; which applications is decided by name, so that one application meets one deployment"`
	ErrorPercent int    `json:"errorPercent" minimum:"1" maximum:"100" doc:"Failed calls of the last minutes from which the hub takes the new deployment out by itself"`
	AtLeast      int    `json:"atLeast,omitempty" minimum:"1" maximum:"100000" doc:"Calls before the hub judges; 20 when absent"`
}

// Check is whether messages are held to the contract.
type Check string

const (
	CheckOff     Check = "off"     // not looked at
	CheckObserve Check = "observe" // violations are reported to the provider, and pass
	CheckEnforce Check = "enforce" // violations are reported, and refused
)

// Checks says what is held to the contract. Empty means off.
type Checks struct {
	Request  Check `json:"request,omitempty" enum:"off,observe,enforce" doc:"Parameters and bodies of calls"`
	Response Check `json:"response,omitempty" enum:"off,observe,enforce" doc:"Bodies of successful answers"`
}

// Freshness says for how long answers may be given again.
type Freshness struct {
	Seconds int  `json:"seconds,omitempty" minimum:"1" maximum:"86400" doc:"How long an answer is fresh that says nothing of it itself; only what the service says when absent"`
	Stale   int  `json:"staleSeconds,omitempty" minimum:"1" maximum:"86400" doc:"How long it may be given after that while the service fails (RFC 5861)"`
	Shared  bool `json:"shared,omitempty" doc:"One answer serves every grant that delivers the same fields and rows; for class terbuka only"`
}

// Change is one step by which an answer of the service becomes what the contract
// says. Paths are written as [ParseFields] reads them. Exactly one of Rename,
// Recode, Unit and Drop is set.
type Change struct {
	Field  string  `json:"field" maxLength:"200" doc:"Path of the member in the service's answer, as items.kd_kab" example:"items.kd_kab"`
	Rename string  `json:"rename,omitempty" maxLength:"100" doc:"New name of the member, at the same place" example:"kode"`
	Recode *Recode `json:"recode,omitempty" doc:"Replace the value by a list"`
	Unit   *Unit   `json:"unit,omitempty" doc:"Convert a number"`
	Drop   bool    `json:"drop,omitempty" doc:"Leave the member out"`
}

// Recode replaces values by a list of reference codes or by pairs written here.
type Recode struct {
	List  string            `json:"list,omitempty" maxLength:"100" doc:"Reference list of the hub, by its id; values are matched to its codes and former codes"`
	Pairs map[string]string `json:"pairs,omitempty" doc:"Value of the service to value of the contract"`
	Else  string            `json:"else,omitempty" enum:"keep,null,refuse" doc:"What becomes of a value that is not listed; keep when absent"`
}

// Unit converts a number exactly, in decimal: value × Factor + Offset.
type Unit struct {
	Factor string `json:"factor" pattern:"^-?[0-9]{1,30}([.][0-9]{1,30})?$" doc:"Decimal number" example:"0.001"`
	Offset string `json:"offset,omitempty" pattern:"^-?[0-9]{1,30}([.][0-9]{1,30})?$" doc:"Decimal number; 0 when absent"`
	Digits int    `json:"digits,omitempty" minimum:"0" maximum:"12" doc:"Places after the point to which the result is rounded, half to even; exact when absent"`
}
