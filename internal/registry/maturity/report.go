package maturity

import (
	"time"

	"simpul"
)

// Report is what the hub knows of an agency. It is a function of the agency, the
// period and the state of the hub; when it was made is not in it.
type Report struct {
	Agency    Agency    `json:"agency"`
	Hub       string    `json:"hub" doc:"The hub that made the report"`
	Period    Period    `json:"period"`
	Approval  Approval  `json:"approval"`
	LIDs      []LID     `json:"lids"`
	Grants    Grants    `json:"grants"`
	Exchanges Exchanges `json:"exchanges"`
	Norms     Norms     `json:"norms"`
	Findings  []Finding `json:"findings"`
	Model     string    `json:"model" doc:"First day of the list of criteria that the findings follow"`
	How       []How     `json:"how" doc:"How each figure was counted"`
}

// Words is a text in both languages.
type Words struct {
	ID string `json:"id" maxLength:"1000"`
	EN string `json:"en" maxLength:"1000"`
}

// In returns the text in the language.
func (w Words) In(l simpul.Language) string { return simpul.Text(w).In(l) }

// Agency is whose report it is.
type Agency struct {
	ID     simpul.AgencyID `json:"id"`
	Name   string          `json:"name"`
	Level  string          `json:"level"`
	Region string          `json:"region,omitempty" doc:"Code of the region that it governs"`
}

// Approval is where the agency stands with the hub.
type Approval struct {
	Standing    string     `json:"standing" doc:"admitted, trial or operational"`
	Letter      string     `json:"letter,omitempty" doc:"Number of the letter of approval"`
	LetterDate  string     `json:"letterDate,omitempty"`
	DecidedAt   *time.Time `json:"decidedAt,omitempty"`
	Suspended   bool       `json:"suspended"`
	FormVersion int        `json:"formVersion,omitempty" doc:"Of the appointment of PICs that was accepted last; absent where there is none"`
	FormAt      *time.Time `json:"formAt,omitempty" doc:"When it was accepted"`
}

// LID is one service of the agency.
type LID struct {
	Address    simpul.Address  `json:"address"`
	Title      string          `json:"title"`
	Class      simpul.LIDClass `json:"class"`
	Version    string          `json:"version"`
	State      string          `json:"state"`
	Live       bool            `json:"live" doc:"In the catalogue, and callable"`
	Since      time.Time       `json:"since" doc:"First stored in the hub"`
	Updated    time.Time       `json:"updated"`
	Number     string          `json:"number,omitempty" doc:"Of its registration; absent where none is recorded"`
	Registered *time.Time      `json:"registeredAt,omitempty"`
	Evaluated  *time.Time      `json:"evaluatedAt,omitempty" doc:"Last evaluation in its life cycle; absent where none is recorded"`
	Score      *int            `json:"score,omitempty" doc:"Quality of its description, 0 to 100; absent where it is not published"`
}

// Grants are the permissions to call.
type Grants struct {
	Given Tally `json:"given" doc:"To call LIDs of the agency"`
	Held  Tally `json:"held" doc:"By applications of the agency"`
}

// Tally counts grants by how they stand.
type Tally struct {
	InEffect  int `json:"inEffect"`
	Suspended int `json:"suspended"`
	Over      int `json:"over" doc:"Not within their period"`
	Parties   int `json:"parties" doc:"Agencies on the other side of those in effect"`
}

// Side is on which side of an exchange the agency was.
type Side string

const (
	Provided Side = "provided"
	Called   Side = "called"
)

// Exchanges is what passed in the period.
type Exchanges struct {
	Provided Sum        `json:"provided"`
	Called   Sum        `json:"called"`
	Counts   []Count    `json:"counts" doc:"By LID and month"`
	Kept     *time.Time `json:"keptSince,omitempty" doc:"Records before this time have been dropped"`
	Samples  []Sample   `json:"samples" doc:"Exchanges of the period that can be looked up"`
}

// Sum adds up exchanges.
type Sum struct {
	Ended     int64 `json:"ended"`
	Delivered int64 `json:"delivered" doc:"Of them, those that were answered by the provider"`
}

// Count is one LID in one month.
type Count struct {
	LID   simpul.Address `json:"lid"`
	Side  Side           `json:"side" enum:"provided,called"`
	Month string         `json:"month" example:"2026-11"`
	Sum
}

// Sample is one exchange as proof.
type Sample struct {
	ID   simpul.ExchangeID `json:"id"`
	At   time.Time         `json:"at"`
	LID  simpul.Address    `json:"lid"`
	Side Side              `json:"side" enum:"provided,called"`
}

// Norms are the standards and metadata of the agency.
type Norms struct {
	Authored []Authored  `json:"authored" doc:"Standards and code lists that the agency keeps"`
	Followed []Followed  `json:"followed" doc:"To which fields of its LIDs are bound"`
	Forms    []FormCount `json:"forms" doc:"Statistical metadata that was filed"`
}

// Authored is a standard or a list of codes that the agency keeps.
type Authored struct {
	Kind  string `json:"kind" enum:"standard,list"`
	ID    string `json:"id"`
	Title string `json:"title"`
}

// Followed is a standard or a list to which fields are bound.
type Followed struct {
	Kind   string `json:"kind" enum:"standard,list"`
	ID     string `json:"id"`
	Fields int    `json:"fields"`
	LIDs   int    `json:"lids"`
}

// FormCount counts forms of one kind.
type FormCount struct {
	Form      string `json:"form" enum:"ms-keg,ms-var,ms-ind,prioritas"`
	Draft     int    `json:"draft"`
	Submitted int    `json:"submitted"`
	Approved  int    `json:"approved"`
}

// Document is a report with the proof of its data.
type Document struct {
	GeneratedAt time.Time `json:"generatedAt"`
	SHA256      string    `json:"sha256" doc:"Of data, as compact JSON in the order of its members, in hex"`
	Data        Report    `json:"data"`
}
