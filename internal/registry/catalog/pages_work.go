package catalog

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
	"simpul/internal/registry/catalog/contract"
)

// Addresses of the provider's workplace.
const (
	WorkPath    = "/lid"
	NewWorkPath = WorkPath + "/baru"
)

// workPath is the page of one LID, and with a section the part of it.
func workPath(id string, section ...string) string {
	return strings.Join(append([]string{WorkPath, id}, section...), "/")
}

// WorkPagePath is where a provider works on a LID.
func WorkPagePath(a simpul.Address) string { return workPath(string(a)) }

// Road tells how LIDs go through their life.
type Road interface {
	// Stand tells where a LID stands, and which steps follow.
	Stand(ctx context.Context, p simpul.Principal, address simpul.Address, spec Spec) (Stand, error)
	// Timeline draws where it has been and what follows; nil for nothing to draw.
	Timeline(ctx context.Context, p simpul.Principal, address simpul.Address) (templ.Component, error)
}

// The steps of the standard life cycle that the workplace knows by name.
const (
	stepDeveloping  = "developing"
	stepRegistering = "registering"
)

// Stand is where a LID is on its way.
type Stand struct {
	Step   string
	Title  simpul.Text
	Due    time.Time // until when the step is to be over; zero: not set
	Onward []Onward  // steps that follow, the usual one first
}

// Onward is a step that follows.
type Onward struct {
	Step  string
	Title simpul.Text
	Who   simpul.Text // who takes it there: "penyedia", "operator nasional"
	Days  int         // working days that it may take; 0: not set
	Need  simpul.Permission
}

// next is the usual step that follows.
func (s Stand) next() Onward {
	if len(s.Onward) == 0 {
		return Onward{}
	}
	return s.Onward[0]
}

// Trials tells how LIDs did in their feasibility test.
type Trials interface {
	Fitness(ctx context.Context, p simpul.Principal, address simpul.Address) (Fitness, error)
}

// Fitness is the outcome of the newest feasibility test.
type Fitness struct {
	At      time.Time     // zero: never tested
	Passed  bool          // or waived
	Current bool          // of the contract and the origin as they are now
	Waived  bool          // somebody signed for what failed
	Failed  []simpul.Text // what failed, with its remedy
	Href    string        // page of the report, on which the test is run; empty for none
}

// Meanings tells and says what the fields of LIDs mean.
type Meanings interface {
	Bound(ctx context.Context, p simpul.Principal, address simpul.Address) ([]Meaning, error)
	Bind(ctx context.Context, p simpul.Principal, address simpul.Address, all []Meaning) error
	// Choices are the standards in force and the published code lists.
	Choices(ctx context.Context, p simpul.Principal) (standards, lists []web.Option, err error)
}

// Meaning binds a field to a data standard, a list of codes, or both.
type Meaning struct{ Field, Standard, List string }

// WorkConfig is what the workplace needs of others.
type WorkConfig struct {
	LIDs     *Service
	Finder   *Finder
	Agencies Agencies
	Road     Road
	Trials   Trials                                                                             // nil: the hub does not test
	Meanings Meanings                                                                           // nil: the hub has no standards
	Served   Served                                                                             // nil: nobody knows how origins do
	Also     func(ctx context.Context, p simpul.Principal, a simpul.Address, s Spec) []web.Link // other pages about a LID
	FromYAML func(name string, document []byte) ([]byte, error)                                 // rewrites YAML as JSON; each fault at NAME:LINE
	Gate     web.Gate
}

// Workplace is where a provider makes LIDs and looks after them, and where the
// national operator registers them.
type Workplace struct{ WorkConfig }

// NewWorkplace returns the screens.
func NewWorkplace(c WorkConfig) *Workplace { return &Workplace{c} }

// Register puts the screens on the mux.
func (p *Workplace) Register(mux *http.ServeMux) {
	on := func(pattern string, show func(http.ResponseWriter, *http.Request, simpul.Principal)) {
		mux.Handle(pattern, p.Gate.At(WorkPath).Admit(simpul.WriteLIDs, show))
	}
	on("GET "+WorkPath, p.list)
	on("GET "+NewWorkPath, p.begin)
	on("POST "+NewWorkPath, p.start)
	on("GET "+WorkPath+"/{group}/{name}", p.home)
	p.registerDelivery(on)
	on("GET "+WorkPath+"/{group}/{name}/{section}", p.section)
	on("POST "+WorkPath+"/{group}/{name}/{section}", p.save)
}

// work is one LID on the screens.
type work struct {
	httpapi.Stored[Spec]
	Read  *contract.Contract // nil without one
	Bound []string           // fields that are bound to a standard or a list of codes
	Stand Stand
	Who   simpul.Principal
	Owner Agency
}

// quality looks at what the LID says of itself.
func (v work) quality() Report { return Quality(v.Spec, v.Read, v.Bound...) }

// begun reports whether the LID has no address yet.
func (v work) begun() bool { return strings.HasPrefix(v.ID, begunPrefix) }

// address is the LID's, or none.
func (v work) address() simpul.Address {
	if v.begun() {
		return ""
	}
	return simpul.Address(v.ID)
}

// operates reports whether the reader registers LIDs.
func (v work) operates() bool { return v.Who.Can(simpul.RegisterLIDs) }

// open reads the LID that a request is about, of those that the reader keeps.
func (p *Workplace) open(r *http.Request, who simpul.Principal) (v work, err error) {
	id := r.PathValue("group") + "/" + r.PathValue("name")
	if v.Stored, err = p.LIDs.Own(r.Context(), who, id); err != nil {
		return v, err
	}
	v.Who = who
	v.Owner = p.Agencies.Agency(r.Context(), v.Spec.Agency)
	if len(v.Spec.Contract) > 0 {
		if v.Read, err = contract.Parse(v.Spec.Contract); err != nil {
			return v, err
		}
	}
	if !v.begun() {
		v.Bound = p.Finder.gauge.bound(v.address())
		v.Stand, err = p.Road.Stand(r.Context(), who, v.address(), v.Spec)
	}
	return v, err
}
