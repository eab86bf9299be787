package identity

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

const (
	theirs   = simpul.AgencyID("tetangga.go.id")
	neighbor = simpul.AccountID("ada@tetangga.go.id")
)

var (
	then    = time.UnixMilli(1_000_000)
	someday = then.Add(time.Hour)
)

// reach is one store function as it is tried on what belongs to a neighbour. It
// says whether it met anything.
type reach func(ctx context.Context, tx *sqldb.Tx) (met bool, err error)

func row[T any](_ T, err error) (bool, error)      { return err == nil, err }
func rows[T any](all []T, err error) (bool, error) { return len(all) > 0, err }
func changed(n int64, err error) (bool, error)     { return n > 0, err }
func done(err error) (bool, error)                 { return err == nil, err }

// reaches are all functions of store.go that take a transaction; hub says that
// the function is of the hub's own tables, which have no tenant.
var reaches = map[string]reach{
	"insertRole":            nil, // row-level security refuses, see TestRolesAreTheNations; on SQLite Load alone calls it
	"listRoles":             nil, // what roles contain is no secret
	"getRole":               nil,
	"pageOfRoles":           nil,
	"insertToken":           nil, // credentials are the hub's own, see TestNoTenantSeesCredentials
	"listTokens":            nil,
	"deleteToken":           nil,
	"tokenByDigest":         nil,
	"tokenByID":             nil,
	"insertSession":         nil,
	"principalBySession":    nil,
	"deleteSession":         nil,
	"deleteExpiredSessions": nil,
	"putRole": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
		return row(putRole(ctx, tx, "consumer", simpul.RoleSpec{Reach: simpul.ReachAgency}, then))
	},
	"roleHeld":   func(ctx context.Context, tx *sqldb.Tx) (bool, error) { return roleHeld(ctx, tx, "consumer") },
	"deleteRole": func(ctx context.Context, tx *sqldb.Tx) (bool, error) { return done(deleteRole(ctx, tx, "consumer")) },
	"getAccount": func(ctx context.Context, tx *sqldb.Tx) (bool, error) { return row(getAccount(ctx, tx, neighbor)) },
	"holdingsOf": func(ctx context.Context, tx *sqldb.Tx) (bool, error) { return rows(holdingsOf(ctx, tx, neighbor)) },
	"eachActiveHolding": func(ctx context.Context, tx *sqldb.Tx) (met bool, err error) {
		err = eachActiveHolding(ctx, tx, theirs, func(simpul.AccountID, simpul.Role) { met = true })
		return met, err
	},
	"setState": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
		return done(setState(ctx, tx, neighbor, Suspended, then))
	},
	"insertAccount": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
		return done(insertAccount(ctx, tx, Account{ID: "baru@tetangga.go.id", State: Active, Language: "id"}, "x", "y", then))
	},
	"listAccounts": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
		return rows(listAccounts(ctx, tx, "", "", "ada", httpapi.Page{Limit: 10}))
	},
	"updatePerson": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
		return done(updatePerson(ctx, tx, neighbor, "id", "diubah", "diubah", then))
	},
	"eraseAccount": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
		return done(eraseAccount(ctx, tx, "pergi@tetangga.go.id", then))
	},
	"putHoldings": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
		return done(putHoldings(ctx, tx, neighbor, nil, []Assignment{{Role: "admin"}}, "t-1", then))
	},
	"openInvitation": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
		return row(openInvitation(ctx, tx, "digest", then))
	},
	"useInvitation": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
		return row(useInvitation(ctx, tx, "digest", then))
	},
	"insertInvitation": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
		return done(insertInvitation(ctx, tx, Issued{ID: "i-2", Account: neighbor, Purpose: Join, Created: then, Until: someday}, "other"))
	},
	"withdrawInvitations": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
		return changed(withdrawInvitations(ctx, tx, neighbor, then))
	},
	"invitationsOf": func(ctx context.Context, tx *sqldb.Tx) (bool, error) { return rows(invitationsOf(ctx, tx, neighbor)) },
	"countInvitations": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
		agency, person, err := countInvitations(ctx, tx, theirs, neighbor, time.UnixMilli(0))
		return agency+person > 0, err
	},
	"runningEmergency": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
		return row(runningEmergency(ctx, tx, neighbor, then))
	},
	"insertEmergency": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
		return done(insertEmergency(ctx, tx, Emergency{ID: "e-2", Account: neighbor, Role: "admin", Begun: then, Until: someday}))
	},
	"getEmergency": func(ctx context.Context, tx *sqldb.Tx) (bool, error) { return row(getEmergency(ctx, tx, "e-1")) },
	"listEmergencies": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
		return rows(listEmergencies(ctx, tx, "", "", 10))
	},
	"unendedEmergencies": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
		return rows(unendedEmergencies(ctx, tx, neighbor))
	},
	"overdueEmergencies": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
		return rows(overdueEmergencies(ctx, tx, someday))
	},
	"endEmergency": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
		return changed(endEmergency(ctx, tx, "e-1", then, "t-1"))
	},
}

// Every function of the store is listed above, so that a new one is tried too.
func TestEveryStoreFunctionIsTried(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "store.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || len(f.Type.Params.List) < 2 {
			continue
		}
		if _, ok := f.Type.Params.List[1].Type.(*ast.StarExpr); !ok {
			continue
		}
		if _, listed := reaches[f.Name.Name]; !listed {
			t.Errorf("%s is not tried as the wrong tenant", f.Name.Name)
		}
	}
}

func TestNoStoreFunctionReachesANeighbour(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		furnish(t, db)
		before := everyRow(t, db)
		for _, scope := range []simpul.Scope{simpul.AgencyScope("sendiri.go.id"), simpul.PublicScope()} {
			for name, try := range reaches {
				if try == nil {
					continue
				}
				err := db.Write(t.Context(), scope, func(tx *sqldb.Tx) error {
					met, err := try(t.Context(), tx)
					if met {
						t.Errorf("%s reaches a neighbour from %q", name, scope.Key())
					}
					return err
				})
				if err != nil && !errors.Is(err, sqldb.ErrScope) && !errors.Is(err, sqldb.ErrNoRows) {
					t.Errorf("%s from %q: %v", name, scope.Key(), err)
				}
			}
		}
		if diff := cmp.Diff(before, everyRow(t, db)); diff != "" {
			t.Errorf("strangers changed something: %s", diff)
		}
		for name, try := range reaches { // the same attempts succeed for the nation, or they prove nothing
			if try == nil {
				continue
			}
			undo := errors.New("undo")
			err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
				if name == "deleteRole" {
					tx.Exec(t.Context(), `DELETE FROM identity_holding`)
				}
				if met, err := try(t.Context(), tx); !met || err != nil {
					t.Errorf("%s does nothing for the nation: %v", name, err)
				}
				return undo
			})
			if !errors.Is(err, undo) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// No agency gives a national role, or takes one in an emergency, even where a
// rule forgot to ask.
func TestNationalIsTheNations(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		furnish(t, db)
		for name, try := range map[string]reach{
			"putHoldings": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
				return done(putHoldings(ctx, tx, neighbor, nil, []Assignment{{Role: "auditor", National: true}}, "t-1", then))
			},
			"insertEmergency": func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
				return done(insertEmergency(ctx, tx, Emergency{ID: "e-2", Account: neighbor, National: true, Role: "operator", Begun: then, Until: someday}))
			},
		} {
			err := db.Write(t.Context(), simpul.AgencyScope(theirs), func(tx *sqldb.Tx) error {
				_, err := try(t.Context(), tx)
				return err
			})
			if !errors.Is(err, sqldb.ErrScope) {
				t.Errorf("%s: got %v", name, err)
			}
		}
	})
}

// On PostgreSQL no agency changes what roles contain.
func TestRolesAreTheNations(t *testing.T) {
	db := testkit.Postgres(t)
	furnish(t, db)
	for _, scope := range []simpul.Scope{simpul.AgencyScope(theirs), simpul.PublicScope()} {
		err := db.Write(t.Context(), scope, func(tx *sqldb.Tx) error {
			return insertRole(t.Context(), tx, "baru", simpul.RoleSpec{Reach: simpul.ReachAgency}, then)
		})
		if !errors.Is(err, sqldb.ErrScope) {
			t.Errorf("insert from %q: %v", scope.Key(), err)
		}
		err = db.Write(t.Context(), scope, func(tx *sqldb.Tx) error {
			n, err := tx.Exec(t.Context(), `UPDATE identity_role SET permissions = 'role.write'`)
			if n != 0 {
				t.Errorf("%d roles changed from %q", n, scope.Key())
			}
			return err
		})
		if err != nil && !errors.Is(err, sqldb.ErrScope) {
			t.Error(err)
		}
	}
}

// furnish gives the neighbour one of everything.
func furnish(t *testing.T, db *sqldb.DB) {
	t.Helper()
	err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		ctx := t.Context()
		for _, agency := range []simpul.AgencyID{theirs, "sendiri.go.id"} {
			if _, err := tx.Exec(ctx, `INSERT INTO agency_agency (id, name, level, created_at, updated_at) VALUES ($1, $1, 'nasional', 0, 0)`, agency); err != nil {
				return err
			}
		}
		return errors.Join(
			seedRoles(ctx, tx, then),
			insertAccount(ctx, tx, Account{ID: neighbor, State: Active, Language: "id"}, "rahasia", "d1", then),
			insertAccount(ctx, tx, Account{ID: "pergi@tetangga.go.id", State: Closed, Language: "id"}, "rahasia", "d2", then),
			putHoldings(ctx, tx, neighbor, nil, []Assignment{{Role: "consumer"}}, "t-1", then),
			insertInvitation(ctx, tx, Issued{ID: "i-1", Account: neighbor, Purpose: Join, Created: then, Until: someday}, "digest"),
			insertEmergency(ctx, tx, Emergency{ID: "e-1", Account: neighbor, Role: "dpo", sealed: "rahasia", Begun: then, Until: someday}))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func everyRow(t *testing.T, db *sqldb.DB) (all []string) {
	t.Helper()
	err := db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, query := range []string{
			`SELECT name || permissions FROM identity_role ORDER BY name`,
			`SELECT id || state || person || email_digest FROM identity_account ORDER BY id`,
			`SELECT account || role FROM identity_holding ORDER BY account, role`,
			`SELECT id || digest || used_at || '/' || withdrawn_at FROM identity_invitation ORDER BY id`,
			`SELECT id || ended_at || ended_by FROM identity_emergency ORDER BY id`,
		} {
			some, err := sqldb.All(t.Context(), tx, func(scan sqldb.Scan) (s string, err error) { return s, scan(&s) }, query)
			if err != nil {
				return err
			}
			all = append(all, some...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
