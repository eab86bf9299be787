package identity_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/identity"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 123_456_789, time.UTC)

// room is the identity room on a database, with a clock that the test moves.
type room struct {
	*identity.Service
	db  *sqldb.DB
	now time.Time
}

func newRoom(db *sqldb.DB) *room {
	r := &room{db: db, now: monday}
	r.Service = identity.New(db, func() time.Time { return r.now })
	return r
}

func (r *room) token(t *testing.T, role simpul.Role, agency simpul.AgencyID) simpul.Secret {
	t.Helper()
	token, err := r.CreateToken(t.Context(), role, agency)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// column is one column of a table, as the scope sees it.
func column(t *testing.T, db *sqldb.DB, scope simpul.Scope, query string) (all []string) {
	t.Helper()
	err := db.Read(t.Context(), scope, func(tx *sqldb.Tx) (err error) {
		all, err = sqldb.All(t.Context(), tx, func(scan sqldb.Scan) (s string, err error) { return s, scan(&s) }, query)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// checkUnknown checks that a credential is refused in the words that every bad
// one meets.
func checkUnknown(t *testing.T, p simpul.Principal, err error) {
	t.Helper()
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok || e.Code != simpul.CodeUnauthenticated || e.Message.EN != "The token is unknown, revoked or expired." || e.Remedy.ID == "" || !cmp.Equal(p, simpul.Principal{}) {
		t.Errorf("got %+v, %v; want unauthenticated", p, err)
	}
}

func TestATokenStandsForItsRole(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(db)
		for _, want := range []simpul.Principal{
			simpul.Acting("", simpul.RoleOperator, ""),
			simpul.Acting("", simpul.RoleAuditor, ""),
			simpul.Acting("", simpul.RoleAuditor, "a.go.id"),
			simpul.Acting("", simpul.RoleAdmin, "a.go.id"),
			simpul.Acting("", simpul.RoleProvider, "a.go.id"),
			simpul.Acting("", simpul.RoleConsumer, "b.go.id"),
		} {
			token := r.token(t, want.Roles[0], want.Agency)
			if !regexp.MustCompile(`^spt_[a-z2-7]{26}$`).MatchString(token.Reveal()) {
				t.Error("the token does not look like one")
			}
			got, err := r.Principal(t.Context(), token)
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(simpul.Principal{}, "ID")); err != nil || diff != "" {
				t.Errorf("%v (-want +got)\n%s", err, diff)
			}
			if !regexp.MustCompile(`^t-[a-z2-7]{12}$`).MatchString(got.ID) || strings.Contains(token.Reveal(), got.ID[2:]) {
				t.Errorf("the token is called %q", got.ID)
			}
		}
	})
}

func TestRolesAndAgenciesFitTogether(t *testing.T) {
	r := newRoom(testkit.SQLite(t))
	for _, c := range []struct {
		role   simpul.Role
		agency simpul.AgencyID
		place  string
	}{
		{simpul.RoleOperator, "a.go.id", "agency"},
		{simpul.RoleAdmin, "", "agency"},
		{simpul.RoleProvider, "", "agency"},
		{simpul.RoleConsumer, "", "agency"},
		{simpul.RoleAdmin, "*", "agency"}, // the nation's key
		{simpul.RoleAuditor, "A.go.id", "agency"},
		{"", "a.go.id", "role"},
		{"emperor", "a.go.id", "role"},
	} {
		token, err := r.CreateToken(t.Context(), c.role, c.agency)
		e, ok := errors.AsType[*simpul.Error](err)
		if !ok || e.Code != simpul.CodeInvalid || e.Place != c.place || token != "" {
			t.Errorf("%s of %q: got %v", c.role, c.agency, err)
		}
	}
	if all, err := r.Tokens(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("refused tokens were stored: %v, %v", all, err)
	}
}

func TestBadCredentialsAreAllAlike(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(db)
		token := r.token(t, simpul.RoleOperator, "")
		for _, bad := range []simpul.Secret{"", "spt_", token + "a", token[:len(token)-1], simpul.Secret(strings.ToUpper(token.Reveal())), "\x00", "' OR ''='"} {
			p, err := r.Principal(t.Context(), bad)
			checkUnknown(t, p, err)
		}
	})
}

func TestCredentialsAreStoredHashed(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(db)
		token := r.token(t, simpul.RoleOperator, "")
		stored := fmt.Sprint(column(t, db, simpul.NationScope(), `SELECT id || ' ' || digest || ' ' || role || ' ' || agency FROM identity_token`))
		for _, secret := range []simpul.Secret{token} {
			if strings.Contains(stored, strings.TrimPrefix(secret.Reveal(), "spt_")) {
				t.Error("a secret can be read from the database")
			}
		}
		if n := len(regexp.MustCompile(`\b[0-9a-f]{64}\b`).FindAllString(stored, -1)); n != 1 {
			t.Errorf("%d digests are stored, want 1: %s", n, stored)
		}
	})
}

func TestARevokedTokenEndsAlone(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(db)
		token, kept := r.token(t, simpul.RoleOperator, ""), r.token(t, simpul.RoleOperator, "")
		who, err := r.Principal(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.RevokeToken(t.Context(), who.ID); err != nil {
			t.Fatal(err)
		}
		p, err := r.Principal(t.Context(), token)
		checkUnknown(t, p, err)
		if _, err := r.Principal(t.Context(), kept); err != nil {
			t.Errorf("another token ended too: %v", err)
		}
		for _, id := range []string{who.ID, "", "t-none"} {
			if err := r.RevokeToken(t.Context(), id); simpul.CodeOf(err) != simpul.CodeNotFound {
				t.Errorf("%q: got %v", id, err)
			}
		}
	})
}

func TestTokensAreListedWithoutTheirSecrets(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(db)
		var secrets []simpul.Secret
		var want []identity.Token
		for i, role := range []simpul.Role{simpul.RoleOperator, simpul.RoleAdmin, simpul.RoleAuditor} {
			r.now = monday.Add(time.Duration(i) * time.Second)
			token := identity.Token{Role: role, CreatedAt: r.now.Truncate(time.Millisecond)}
			if role == simpul.RoleAdmin {
				token.Agency = "a.go.id"
			}
			secrets, want = append(secrets, r.token(t, role, token.Agency)), append(want, token)
		}
		got, err := r.Tokens(t.Context())
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(identity.Token{}, "ID")); err != nil || diff != "" {
			t.Errorf("%v (-want +got)\n%s", err, diff)
		}
		for _, secret := range secrets {
			if strings.Contains(fmt.Sprintf("%+v", got), secret.Reveal()[4:]) {
				t.Error("the list shows a secret")
			}
		}
	})
}

// Who works on the control plane is the hub's own matter. On PostgreSQL no
// tenant's transaction sees it, even where a statement forgets to ask.
func TestNoTenantSeesCredentials(t *testing.T) {
	r := newRoom(testkit.Postgres(t))
	r.token(t, simpul.RoleAdmin, "a.go.id")
	for _, scope := range []simpul.Scope{simpul.AgencyScope("a.go.id"), simpul.PublicScope()} {
		for _, query := range []string{`SELECT digest FROM identity_token`} {
			if got := column(t, r.db, scope, query); len(got) != 0 {
				t.Errorf("scope %q sees %d rows of %s", scope.Key(), len(got), query)
			}
		}
	}
}
