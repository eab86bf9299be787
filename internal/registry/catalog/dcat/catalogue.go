package dcat

import "time"

// Catalogue is one page of a catalogue.
type Catalogue struct {
	URI         string
	Title       string
	Description string
	Homepage    string
	Publisher   Agent
	Modified    time.Time // of the newest entry; zero where there is none
	Services    []Service
	View        View
}

// View says which part of the catalogue this is (Hydra, as DCAT-AP advises).
type View struct {
	URI, First, Previous, Next, Last string // "" where there is none
	Total                            int    // entries in the whole catalogue
}

// Agent is an organisation.
type Agent struct{ URI, Name string }

// Concept is an entry of a controlled list.
type Concept struct{ URI, Label string }

// Service is a LID: a service that can be called and, where Dataset is true,
// the dataset that it serves.
type Service struct {
	URI, DatasetURI     string
	Identifier          string
	Title, Description  string
	Keywords            []string
	Themes              []Concept
	Publisher           Agent
	Contacts            []Contact
	Endpoint            string // where it is called
	EndpointDescription string // its OpenAPI document
	Page                string // for people
	Access              Access
	Licence             Concept // URI "" for none that is public
	Rights              []string
	Standards           []Concept // URI "" for those without an address
	Version             string
	Issued, Modified    time.Time
	Dataset             bool
	Frequency           Concept
	Regions             []Region
	From, Until         string // dates
	Deprecated          bool   // it will end
	ReplacedBy          string // URI of the service that follows it; "" for none
}

// Contact is where to ask.
type Contact struct{ Name, Email string }

// Region is a part of Indonesia.
type Region struct{ Code, Name string }

// Access is who may have the data, of the EU's access rights.
type Access string

const (
	Public     Access = "PUBLIC"
	Restricted Access = "RESTRICTED"
	NonPublic  Access = "NON_PUBLIC"
)

const accessURI = "http://publications.europa.eu/resource/authority/access-right/"
