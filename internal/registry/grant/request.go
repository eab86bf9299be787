package grant

import (
	"crypto/rand"
	"strings"
	"time"

	"simpul"
)

// State is where a request for access stands.
type State string

const (
	Submitted State = "submitted" // waits for the provider
	Returned  State = "returned"  // must be mended, as the reason says
	Approved  State = "approved"  // led to a grant
	Refused   State = "refused"
	Withdrawn State = "withdrawn" // by the consumer
	Lapsed    State = "lapsed"    // nobody acted in time
)

// States lists the states in the order in which people look for them.
func States() []State {
	return []State{Submitted, Returned, Approved, Refused, Withdrawn, Lapsed}
}

// open reports whether somebody still has to act.
func (s State) open() bool { return s == Submitted || s == Returned }

// Name is the state in words.
func (s State) Name() simpul.Text {
	switch s {
	case Submitted:
		return simpul.Text{ID: "Menunggu keputusan", EN: "Waiting for a decision"}
	case Returned:
		return simpul.Text{ID: "Dikembalikan untuk diperbaiki", EN: "Returned to be mended"}
	case Approved:
		return simpul.Text{ID: "Disetujui", EN: "Approved"}
	case Refused:
		return simpul.Text{ID: "Ditolak", EN: "Refused"}
	case Withdrawn:
		return simpul.Text{ID: "Ditarik pemohon", EN: "Withdrawn"}
	case Lapsed:
		return simpul.Text{ID: "Gugur", EN: "Lapsed"}
	}
	return simpul.Text{ID: string(s), EN: string(s)}
}

// Ask is what somebody asks for.
type Ask struct {
	LID         simpul.Address       `json:"lid" doc:"Address of a published LID" example:"master/Kota"`
	Application simpul.ApplicationID `json:"application" doc:"Which application would call it" example:"layanan@bandungkota.go.id"`
	Purpose     string               `json:"purpose" maxLength:"500" doc:"What the data is for, in a sentence that a citizen understands"`
	LegalBasis  string               `json:"legalBasis" maxLength:"500" doc:"Regulation and article, or agreement"`
	Contact     string               `json:"contact,omitempty" maxLength:"200" doc:"Whom the provider asks; kept sealed"`
	Terms
}

// Terms are what is asked, or given: how much, how fast, for how long.
type Terms struct {
	Fields        []string   `json:"fields,omitempty" maxItems:"500" doc:"Fields of the answer, as dotted paths; all when absent" example:"[\"items.kode\"]"`
	Rows          []Row      `json:"rows,omitempty" maxItems:"20" doc:"Parameters that must have one of the values; every call when absent"`
	RatePerMinute int        `json:"ratePerMinute" minimum:"1" maximum:"10000000" doc:"Calls a minute" example:"60"`
	From          *time.Time `json:"from,omitempty" doc:"Valid from; at once when absent"`
	Until         *time.Time `json:"until" doc:"Valid until; the class of the LID says how far ahead at most"`
}

// Row confines calls to some values of a parameter of the path or the query.
type Row struct {
	Parameter string   `json:"parameter" maxLength:"100" example:"kode"`
	Values    []string `json:"values" minItems:"1" maxItems:"100" example:"[\"32.73\"]"`
}

// Agreement is what access to a closed LID rests on.
type Agreement struct {
	Number string `json:"number,omitempty" maxLength:"200" doc:"Of the agreement between the agencies"`
	Date   string `json:"date,omitempty" maxLength:"10" doc:"Its date, ISO 8601" example:"2026-11-02"`
}

// Request is a request for access from its first submission on.
type Request struct {
	ID          string
	LID         simpul.Address
	Provider    simpul.AgencyID
	Application simpul.ApplicationID
	Class       simpul.LIDClass // as it was when this was submitted last
	State       State
	Version     int            // the last that was submitted
	Renews      simpul.GrantID // the grant that the application had already; empty for none
	Grant       simpul.GrantID // that this led to
	Proposal    string         // with which a second person was asked; empty for none
	OpenDue     time.Time      // until when somebody of the provider should open this; zero for none
	OpenedAt    time.Time      // when somebody did; zero for not yet
	OpenedBy    string         // principal
	Due         time.Time      // until when the provider should decide
	DelayTold   Delay          // of which people were told
	SubmittedAt time.Time
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Consumer is the agency that asks.
func (r Request) Consumer() simpul.AgencyID { return r.Application.Agency() }

// Version is what was submitted once, and what was decided on it.
type Version struct {
	Number        int
	Ask           Ask
	Author        string
	AuthorAccount simpul.AccountID // empty for a program
	SubmittedAt   time.Time
	Outcome       State // empty, Returned, Approved or Refused
	Reason        string
	Given         Terms // where approved
	Agreement     Agreement
	DecidedBy     string // principal; the hub's where it was approved by itself
	DecidedAt     time.Time
}

// Case is a request with all its versions, newest first.
type Case struct {
	Request
	Versions []Version
}

// Latest is the version that counts.
func (c Case) Latest() Version {
	if len(c.Versions) == 0 {
		return Version{}
	}
	return c.Versions[0]
}

// Filter narrows a list of requests. A zero part does not.
type Filter struct {
	Provider simpul.AgencyID
	Consumer simpul.AgencyID
	State    State
	LID      string // a part of its address
	Party    string // a part of the application's or the provider's name
}

var kindRequest = simpul.Text{ID: "Permohonan akses", EN: "Access request"}

// newRequestID makes an identifier that sorts by time and is short enough to be
// read out.
func newRequestID(now time.Time) string {
	return "p-" + now.UTC().Format("060102150405") + "-" + strings.ToLower(rand.Text()[:6])
}

func newGrantID() string { return "g-" + strings.ToLower(rand.Text()[:12]) }

func notNow(s State) error {
	name := s.Name()
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "state",
		Message: simpul.Text{ID: "Permohonan ini berstatus \"" + name.ID + "\", jadi tindakan itu tidak dapat dilakukan.", EN: "This request's state is \"" + name.EN + "\", so that cannot be done."},
		Remedy:  simpul.Text{ID: "Muat ulang halamannya. Bila masih diperlukan, ajukan permohonan baru.", EN: "Reload the page. If it is still needed, make a new request."},
	}
}
