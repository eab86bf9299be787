package identity

import (
	"slices"
	"time"

	"simpul"
)

// State is where a person's account stands.
type State string

const (
	Invited   State = "invited"   // has not joined yet
	Active    State = "active"    // may sign in
	Suspended State = "suspended" // may not, for now
	Closed    State = "closed"    // may not, ever again
)

// Personal is what the hub knows of somebody as a person. It is stored sealed,
// and destroyed when the account is erased.
type Personal struct {
	Name     string `json:"name"`
	Email    string `json:"email"`
	Phone    string `json:"phone,omitempty"`
	Position string `json:"position,omitempty"`
}

// Holding is a role that an account holds.
type Holding struct {
	Role     simpul.Role
	National bool   // for every agency
	GivenBy  string // an account, or a token's ID
	GivenAt  time.Time
}

// Account is a person's account.
type Account struct {
	ID       simpul.AccountID
	State    State
	Language simpul.Language
	Personal Personal // empty once it is erased
	Holdings []Holding
	Created  time.Time
	Updated  time.Time
	Erased   time.Time // zero while it is not
}

// Agency is the one that the person works for.
func (a Account) Agency() simpul.AgencyID { return a.ID.Agency() }

// National reports whether the account acts for every agency.
func (a Account) National() bool {
	return slices.ContainsFunc(a.Holdings, func(h Holding) bool { return h.National })
}

// Holds reports whether the account holds the role.
func (a Account) Holds(role simpul.Role) bool {
	return slices.ContainsFunc(a.Holdings, func(h Holding) bool { return h.Role == role })
}

// Roles are the names of the roles that the account holds.
func (a Account) Roles() []simpul.Role {
	roles := make([]simpul.Role, len(a.Holdings))
	for i, h := range a.Holdings {
		roles[i] = h.Role
	}
	return roles
}

// Person is what other rooms learn of an account.
type Person struct {
	ID       simpul.AccountID
	Name     string
	Email    string
	Language simpul.Language
	State    State
	Roles    []simpul.Role
}

var kindAccount = simpul.Text{ID: "Akun", EN: "Account"}
