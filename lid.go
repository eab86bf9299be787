package simpul

import (
	"cmp"
	"net/url"
	"strings"
	"time"
)

// LIDClass is the openness of a LID (klasifikasi keterbukaan). It decides how
// access is approved and how strictly an exchange is recorded.
type LIDClass string

const (
	Terbuka  LIDClass = "terbuka"  // open: no personal data; evidence may be buffered
	Terbatas LIDClass = "terbatas" // restricted: the provider approves; evidence before the answer
	Tertutup LIDClass = "tertutup" // closed: agreement of both heads; evidence before the answer
)

// ParseLIDClass accepts the three class names.
func ParseLIDClass(s string) (LIDClass, error) {
	switch c := LIDClass(s); c {
	case Terbuka, Terbatas, Tertutup:
		return c, nil
	}
	return "", Invalid("class",
		Text{"Kelas LID \"" + s + "\" tidak dikenal.", "LID class \"" + s + "\" is unknown."},
		Text{"Pilih terbuka, terbatas, atau tertutup.", "Choose terbuka, terbatas or tertutup."})
}

// Durable reports whether the record of an exchange must be on disk before the
// answer is delivered.
func (c LIDClass) Durable() bool { return c != Terbuka }

// Operation is one call that a LID's contract allows.
type Operation struct {
	Method string // upper case
	Path   string // template below the address: "/" or "/{kode}"
}

// Route is a published LID as the gateway sees it. It is immutable: a change of
// the LID makes a new Route.
type Route struct {
	Address      Address
	Version      string
	Title        string
	Class        LIDClass
	Owner        AgencyID
	Upstream     *url.URL // base address of the provider; never shown outside the hub
	Operations   *Operations
	Timeout      time.Duration // longest silence of the provider, before and within the answer
	MaxBody      int64         // largest request body, bytes
	StatePurpose bool          // every call says what it is for
	Delivery     *Delivery     // how the hub delivers it; never nil in a directory
	Plan         any           // what mediation compiled of the contract and the delivery when the LID was published
	Subject      any           // what the tracker compiled of whose data calls are about; nil: the LID does not say
	Ending       *Ending       // nil: no end is in sight
	Older        []*Route      // earlier major versions that answer beside this one, newest first
	Fixed        bool          // the address that is called names the version, so that no pin counts
}

// Ending is what whoever calls a route is told of its end.
type Ending struct {
	Since     time.Time // from when nobody should build on it any more
	Sunset    time.Time // from when it may answer no more
	Successor Address   // what to call instead; empty where nothing is
	Version   string    // of the successor, where it is the same LID: the route then ends at its sunset by itself
}

// Major is the first number of a contract's version, within which nothing
// breaks whoever calls: "2" of "2.1".
func Major(version string) string {
	major, _, _ := strings.Cut(version, ".")
	return cmp.Or(strings.TrimLeft(major, "0"), "0")
}
