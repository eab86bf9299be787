package sqldb_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// held is a database in memory.
type held struct {
	versions []int64
	rows     map[string][][]byte
	sums     map[string]sqldb.Sum
	tables   map[string]sqldb.Table
}

func hold(t *testing.T, db *sqldb.DB) held {
	t.Helper()
	h := held{rows: map[string][][]byte{}, sums: map[string]sqldb.Sum{}, tables: map[string]sqldb.Table{}}
	err := db.Snapshot(t.Context(), func(s *sqldb.Snapshot) error {
		h.versions = s.Versions
		for _, table := range s.Tables {
			h.tables[table.Name] = table
			sum := sqldb.Sum{}
			err := s.Rows(t.Context(), table, func(r sqldb.Row) error {
				packed, err := r.Pack(nil)
				h.rows[table.Name] = append(h.rows[table.Name], packed)
				sum.Add(packed)
				return err
			})
			if err != nil {
				return err
			}
			h.sums[table.Name] = sum
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// Open gives the rows that are held.
func (h held) Open(t sqldb.Table) (func() (sqldb.Row, error), error) {
	at := 0
	return func() (sqldb.Row, error) {
		if at == len(h.rows[t.Name]) {
			return nil, io.EOF
		}
		at++
		return sqldb.UnpackRow(h.rows[t.Name][at-1], len(t.Columns))
	}, nil
}

// Check compares.
func (h held) Check(t sqldb.Table, sum sqldb.Sum) error {
	if h.sums[t.Name] != sum {
		return fmt.Errorf("%s holds something else", t.Name)
	}
	return nil
}

func populate(t *testing.T, db *sqldb.DB) {
	t.Helper()
	err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		for i := range 50 {
			id := fmt.Sprintf("uji%d.go.id", i)
			if _, err := tx.Exec(t.Context(), `INSERT INTO agency_agency (id, name, level, region, suspended, created_at, updated_at) VALUES ($1, $2, 'kota', '32.73', $3, $4, $4)`, id, "Uji 'kutip' ✓", i%2 == 0, int64(i)<<40); err != nil {
				return err
			}
		}
		_, err := tx.Exec(t.Context(), `INSERT INTO evidence_position (journal, sequence) VALUES ('j', 7)`)
		return errors.Join(err, tx.Revise(t.Context(), "agency", "uji1.go.id"))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func opened(t *testing.T, url string) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestADatabaseIsLoadedIntoEitherEngine(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, from *sqldb.DB) {
		populate(t, from)
		was := hold(t, from)
		for _, engine := range []string{"sqlite", "postgres"} {
			t.Run(engine, func(t *testing.T) {
				url := "sqlite://" + filepath.Join(t.TempDir(), "simpul.db")
				if engine == "postgres" {
					url = testkit.PostgresURL(t)
				}
				to := opened(t, url)
				if err := to.Load(t.Context(), was.versions, was); err != nil {
					t.Fatal(err)
				}
				is := hold(t, to)
				if diff := cmp.Diff(was.sums, is.sums); diff != "" {
					t.Error(diff)
				}
				if diff := cmp.Diff(was.tables, is.tables); diff != "" {
					t.Error("the tables differ", diff)
				}
				if err := to.Migrate(t.Context()); err != nil {
					t.Fatal(err)
				}
				if faults, err := to.Examine(t.Context()); err != nil || len(faults) > 0 {
					t.Error(faults, err)
				}
				populateMore(t, to)
				if err := to.Load(t.Context(), was.versions, was); simpul.CodeOf(err) != simpul.CodeConflict {
					t.Errorf("a database that is not empty was loaded: %v", err)
				}
			})
		}
	})
}

// populateMore writes as a tenant, so that row-level security is at work again.
func populateMore(t *testing.T, db *sqldb.DB) {
	t.Helper()
	change := func(scope simpul.Scope) (n int64, err error) {
		err = db.Write(t.Context(), scope, func(tx *sqldb.Tx) error {
			n, err = tx.Exec(t.Context(), `UPDATE agency_agency SET name = 'Baru' WHERE id = 'uji1.go.id' AND ($1 = '*' OR id = $1)`, tx.Tenant())
			return err
		})
		return n, err
	}
	if n, err := change(simpul.Acting("t-1", simpul.RoleAdmin, "uji1.go.id").Scope()); n != 1 || err != nil {
		t.Errorf("its own agency: %d, %v", n, err)
	}
	if n, err := change(simpul.Acting("t-1", simpul.RoleAdmin, "uji2.go.id").Scope()); n != 0 || err != nil {
		t.Errorf("another agency: %d, %v", n, err)
	}
}

func TestALoadThatFailsStoresNothing(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, from *sqldb.DB) {
		populate(t, from)
		was := hold(t, from)
		was.sums["agency_agency"] = sqldb.Sum{}
		url := "sqlite://" + filepath.Join(t.TempDir(), "simpul.db")
		if from.Engine() == "PostgreSQL" {
			url = testkit.PostgresURL(t)
		}
		to := opened(t, url)
		if err := to.Load(t.Context(), was.versions, was); err == nil {
			t.Fatal("other rows than promised were stored")
		}
		if err := to.MustBeEmpty(t.Context()); from.Engine() == "PostgreSQL" && err != nil {
			t.Error(err)
		}
		if from.Engine() == "SQLite" && hold(t, to).sums["agency_agency"].Rows != 0 {
			t.Error("rows were stored")
		}
		unknown := opened(t, "sqlite://"+filepath.Join(t.TempDir(), "simpul.db"))
		if err := unknown.Load(t.Context(), []int64{1, 99999}, was); simpul.CodeOf(err) != simpul.CodeConflict {
			t.Errorf("a schema of the future: %v", err)
		}
	})
}

func TestExamineNamesWhatPointsNowhere(t *testing.T) {
	db := testkit.SQLite(t)
	populate(t, db)
	if faults, err := db.Examine(t.Context()); err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(t.Context(), `DELETE FROM schema_version WHERE version_id = 30`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if faults, err := db.Examine(context.Background()); err != nil || len(faults) != 1 {
		t.Error(faults, err)
	}
}

// The owner of the tables need not be a superuser: row-level security, which is
// forced upon it, shows it all rows, and lets it load them.
func TestAnOwnerWithoutPrivilegesReadsAndLoadsAll(t *testing.T) {
	testkit.Postgres(t) // makes the role of the hub in the cluster
	from := opened(t, ownedURL(t))
	if err := from.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	populate(t, from)
	was := hold(t, from)
	if was.sums["agency_agency"].Rows != 50 || was.sums["evidence_position"].Rows != 1 {
		t.Fatalf("%v", was.sums["agency_agency"])
	}
	to := opened(t, ownedURL(t))
	if err := to.Load(t.Context(), was.versions, was); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(was.sums, hold(t, to).sums); diff != "" {
		t.Error(diff)
	}
	populateMore(t, to)
}

// ownedURL is an empty database that belongs to a role without privileges.
func ownedURL(t *testing.T) string {
	t.Helper()
	at, err := url.Parse(testkit.PostgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	admin, err := sql.Open("pgx", at.String())
	if err != nil {
		t.Fatal(err)
	}
	role := "pemilik_" + strings.ToLower(rand.Text())
	for _, statement := range []string{
		`CREATE ROLE ` + role + ` LOGIN PASSWORD 'uji' NOSUPERUSER NOBYPASSRLS`,
		`GRANT simpul_app TO ` + role,
		`ALTER DATABASE ` + strings.TrimPrefix(at.Path, "/") + ` OWNER TO ` + role,
	} {
		if _, err := admin.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		for _, statement := range []string{`REASSIGN OWNED BY ` + role + ` TO CURRENT_USER`, `DROP OWNED BY ` + role, `DROP ROLE ` + role} {
			if _, err := admin.ExecContext(context.Background(), statement); err != nil {
				t.Error(err)
			}
		}
		admin.Close()
	})
	at.User = url.UserPassword(role, "uji")
	return at.String()
}
