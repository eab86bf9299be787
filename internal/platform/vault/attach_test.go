package vault_test

import (
	"os"
	"sync"
	"testing"

	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/vault"
)

func attach(t *testing.T, db *sqldb.DB, file string) *vault.Vault {
	t.Helper()
	v, err := vault.Attach(t.Context(), db, file)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAttachKnowsItsKeyFile(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		file := keyFile(t)
		v := attach(t, db, file)
		sealed := seal(t, v, "rahasia")
		wantOpen(t, attach(t, db, file), sealed, "rahasia")

		old := primary(t, v)
		rotate(t, v)
		if err := v.Destroy(old); err != nil {
			t.Fatal(err)
		}
		wantOpen(t, attach(t, db, file), seal(t, v, "baru"), "baru")

		other := keyFile(t)
		open(t, other)
		_, err := vault.Attach(t.Context(), db, other)
		wantRefusal(t, err, vault.ErrForeign)

		gone := keyFile(t)
		_, err = vault.Attach(t.Context(), db, gone)
		wantRefusal(t, err, vault.ErrLost)
		if _, err := os.Stat(gone); err == nil {
			t.Error("a fresh key file was made, which opens nothing")
		}
	})
}

// Of nodes that start at once on an empty database with files of their own, one
// wins, and the others say so.
func TestAttachAtOnce(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		const nodes = 4
		files := make([]string, nodes)
		for i := range files {
			files[i] = keyFile(t)
			open(t, files[i])
		}
		errs := make([]error, nodes)
		var wg sync.WaitGroup
		for i, file := range files {
			wg.Go(func() { _, errs[i] = vault.Attach(t.Context(), db, file) })
		}
		wg.Wait()
		winners := 0
		for _, err := range errs {
			if err == nil {
				winners++
				continue
			}
			wantRefusal(t, err, vault.ErrForeign)
		}
		if winners != 1 {
			t.Errorf("%d key files for one database", winners)
		}
	})
}
