package sqldb_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// unforced are the tables without row-level security, each with the reason.
var unforced = map[string]string{
	"schema_version":          "which migrations have run; of no tenant",
	"schema_version_postgres": "likewise",
	"revision":                "the number, kind and identifier of each change, which every process follows",
}

// A table that a migration forgot is open to every tenant on PostgreSQL, so each
// must force row-level security upon its owner too, and say who may.
func TestEveryTableForcesRowLevelSecurity(t *testing.T) {
	db := testkit.Postgres(t)
	open := map[string]bool{}
	err := db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		return sqldb.Each(t.Context(), tx, func(scan sqldb.Scan) error {
			var table string
			err := scan(&table)
			open[table] = true
			return err
		}, `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
				AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))`)
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for table := range unforced {
		want[table] = true
	}
	if diff := cmp.Diff(want, open); diff != "" {
		t.Errorf("tables without forced row-level security (-listed +found):\n%s", diff)
	}
}
