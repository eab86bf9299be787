package catalog

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"time"

	"simpul"
	"simpul/internal/registry/catalog/contract"
)

// State is where a LID is in its life.
type State string

const (
	Draft      State = "draft"      // only its owner sees it
	Published  State = "published"  // everybody sees it, grants let it be called
	Deprecated State = "deprecated" // as published, but it will end: whoever calls it is told when
	Retired    State = "retired"    // gone for good
)

// Live reports whether a LID in this state is seen by everybody and can be
// called.
func (s State) Live() bool { return s == Published || s == Deprecated }

// Spec is what people declare of a LID.
type Spec struct {
	Agency         simpul.AgencyID `json:"agency" doc:"The provider (Penyedia) that owns the LID" example:"kemendagri.go.id"`
	Title          string          `json:"title" minLength:"3" maxLength:"200" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" example:"Kabupaten dan kota"`
	Description    string          `json:"description" maxLength:"5000" doc:"What it holds and whom it helps, in Indonesian"`
	Class          simpul.LIDClass `json:"class" enum:"terbuka,terbatas,tertutup" doc:"Openness; decides how access is approved and recorded"`
	Version        string          `json:"version" pattern:"^[0-9]+(\\.[0-9]+){0,2}$" example:"1.0" doc:"Version of the contract"`
	State          State           `json:"state" enum:"draft,published,deprecated,retired"`
	Step           string          `json:"step,omitempty" pattern:"^[a-z0-9-]{1,63}$" doc:"Step of the life cycle to take the LID to; absent leaves it where its state has it" example:"testing"`
	Waiver         string          `json:"waiver,omitempty" minLength:"20" maxLength:"1000" doc:"Why the LID is published without having passed its feasibility test; needs the permission lid.waive"`
	Upstream       string          `json:"upstream" maxLength:"2000" doc:"Base URL of the provider's service; seen by its owner only. The scheme h2c is HTTP/2 without TLS, as gRPC services speak it. May be empty in a draft" example:"http://10.1.2.3:8080/kota"`
	Contract       json.RawMessage `json:"contract,omitempty" doc:"OpenAPI 3.0 or 3.1 document; paths are relative to the LID's address. Needed to publish"`
	OlderUntil     string          `json:"olderUntil,omitempty" doc:"With a new major version: the day from which the one before it answers no more, as 2027-03-01; 90 days after when absent, at least 30 days while grants are in effect"`
	Deprecation    *Deprecation    `json:"deprecation,omitempty" doc:"When the LID ends and what follows it; takes effect with the state deprecated"`
	Context        string          `json:"context,omitempty" pattern:"^[a-z0-9-]{1,63}$" doc:"Also answer at /t/{agency}/{context}/{version}"`
	TimeoutSeconds int             `json:"timeoutSeconds,omitempty" minimum:"1" maximum:"300" doc:"Longest silence of the provider; 30 when absent"`
	MaxBodyBytes   int64           `json:"maxBodyBytes,omitempty" minimum:"1" maximum:"1099511627776" doc:"Largest request body; the hub's limit when absent"`
	StatePurpose   bool            `json:"statePurpose,omitempty" doc:"Every call must say in the header Simpul-Purpose what it is for; it stands in the record of the exchange"`
	Delivery       simpul.Delivery `json:"delivery,omitzero" doc:"How the hub delivers the LID beside what the contract says: origins, checks, cache, changes"`
	Keywords       []string        `json:"keywords,omitempty" maxItems:"30"`
	LegalBasis     string          `json:"legalBasis,omitempty" maxLength:"500" doc:"Needed to publish under terbatas and tertutup"`
	Contact        string          `json:"contact,omitempty" maxLength:"200" doc:"Where consumers ask"`
	Attribution    string          `json:"attribution,omitempty" maxLength:"1000" doc:"Source and licence of the data, shown with it"`
	Metadata
}

// LID is a stored LID, with its contract read.
type LID struct {
	Address  simpul.Address
	Spec     Spec
	Contract *contract.Contract // nil for a draft without one
	Created  time.Time
	Updated  time.Time

	Older     []Older        // earlier major versions that are kept, newest first
	Successor simpul.Address // of one that is deprecated: the live end of the chain of successors; empty for none
}

var kindLID = simpul.Text{ID: "LID", EN: "LID"}

const defaultTimeout = 30 * time.Second

// read checks the spec and returns its contract.
func (s Spec) read() (*contract.Contract, error) {
	read, err := s.readContract()
	if err != nil {
		return nil, err
	}
	if err := s.checkSubjectIn(read); err != nil {
		return nil, err
	}
	if err := s.Metadata.check(s.Class); err != nil {
		return nil, err
	}
	return read, s.Metadata.checkExamples(read)
}

func (s Spec) readContract() (*contract.Contract, error) {
	if _, err := simpul.ParseAgencyID(string(s.Agency)); err != nil {
		return nil, simpul.At("spec.agency", err)
	}
	if _, err := s.upstream(); err != nil && !s.open(s.Upstream) {
		return nil, err
	}
	if err := s.checkDelivery(); err != nil {
		return nil, err
	}
	if err := s.checkEnd(); err != nil {
		return nil, err
	}
	if s.Class != simpul.Terbuka && strings.TrimSpace(s.LegalBasis) == "" && !s.open(s.LegalBasis) {
		return nil, simpul.Invalid("spec.legalBasis",
			simpul.Text{ID: "LID kelas " + string(s.Class) + " memerlukan dasar hukum.", EN: "A LID of class " + string(s.Class) + " needs a legal basis."},
			simpul.Text{ID: "Tulis peraturan dan pasalnya pada legalBasis.", EN: "Write the regulation and its article in legalBasis."})
	}
	if len(s.Contract) == 0 || string(s.Contract) == "null" {
		if s.State == Draft {
			return nil, nil
		}
		return nil, simpul.Invalid("spec.contract",
			simpul.Text{ID: "LID tidak dapat terbit tanpa kontrak.", EN: "A LID cannot be published without a contract."},
			simpul.Text{ID: "Sertakan dokumen OpenAPI 3.0 atau 3.1, atau simpan sebagai draft.", EN: "Include an OpenAPI 3.0 or 3.1 document, or keep the LID a draft."})
	}
	return contract.Parse(s.Contract)
}

// open reports whether a part may stay empty: a draft is written bit by bit.
func (s Spec) open(part string) bool { return s.State == Draft && strings.TrimSpace(part) == "" }

// plainPath is a base path without anything that a proxy might read twice.
var plainPath = regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)*/?$`)

func (s Spec) upstream() (*url.URL, error) { return baseURL("spec.upstream", s.Upstream) }

// baseURL reads where a service of the provider is. Its path has nothing that a
// proxy might read twice, and no slash at its end.
func baseURL(place, text string) (*url.URL, error) {
	u, err := url.Parse(text)
	ok := err == nil && (u.Scheme == "http" || u.Scheme == "https" || u.Scheme == "h2c") && u.Hostname() != "" &&
		u.User == nil && u.RawQuery == "" && u.Fragment == "" && u.RawPath == "" &&
		plainPath.MatchString(u.Path) && !strings.Contains(u.Path, "/.")
	if !ok || len(text) > mostUpstream {
		return nil, simpul.Invalid(place,
			simpul.Text{ID: "Alamat layanan penyedia bukan URL http atau https yang sederhana.", EN: "The provider's address is not a plain http or https URL."},
			simpul.Text{ID: "Tulis misalnya https://10.1.2.3:8443/kota, tanpa sandi, kueri, atau pagar.", EN: "Write for example https://10.1.2.3:8443/kota, without password, query or fragment."})
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	return u, nil
}

// legacyKey is the older call address, as the gateway looks it up; "" for none.
func (s Spec) legacyKey() string {
	if s.Context == "" {
		return ""
	}
	return "t/" + string(s.Agency) + "/" + s.Context + "/" + s.Version
}

// route is what the gateway needs of a live LID.
func (l LID) route() *simpul.Route {
	route := l.routeOf(l.Spec, l.Contract)
	route.Ending = l.ending()
	for _, o := range l.Older {
		older := l.routeOf(o.spec, o.contract)
		older.Ending = &simpul.Ending{Since: o.Since, Sunset: o.Sunset, Successor: l.Address, Version: l.Spec.Version}
		route.Older = append(route.Older, older)
	}
	return route
}

// routeOf is how one version of the LID is called. Whose it is, and how openly,
// is the LID's to say, whichever version answers.
func (l LID) routeOf(s Spec, read *contract.Contract) *simpul.Route {
	upstream, _ := s.upstream() // was checked when the LID was stored
	ops := make([]simpul.Operation, len(read.Operations))
	for i, op := range read.Operations {
		ops[i] = op.Operation
	}
	timeout := defaultTimeout
	if s.TimeoutSeconds > 0 {
		timeout = time.Duration(s.TimeoutSeconds) * time.Second
	}
	return &simpul.Route{
		Address: l.Address, Version: s.Version, Title: l.Spec.Title, Class: l.Spec.Class, Owner: l.Spec.Agency,
		Upstream: upstream, Operations: simpul.NewOperations(ops), Timeout: timeout, MaxBody: s.MaxBodyBytes,
		StatePurpose: s.StatePurpose, Delivery: &s.Delivery,
	}
}
