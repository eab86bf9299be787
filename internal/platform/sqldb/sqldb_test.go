package sqldb_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func insertAgency(ctx context.Context, tx *sqldb.Tx, id string) error {
	_, err := tx.Exec(ctx, `INSERT INTO agency_agency (id, name, level, created_at, updated_at) VALUES ($1, $2, 'kota', 0, 0)`, id, id)
	return err
}

func countApplications(ctx context.Context, tx *sqldb.Tx) (int, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int, err error) {
		return n, scan(&n)
	}, `SELECT COUNT(*) FROM agency_application`)
}

func TestConstraintErrorsAreTheSameOnBothEngines(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		write := func(query string, args ...any) error {
			return db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
				_, err := tx.Exec(t.Context(), query, args...)
				return err
			})
		}
		const agency = `INSERT INTO agency_agency (id, name, level, created_at, updated_at) VALUES ($1, 'A', $2, 0, 0)`
		if err := write(agency, "a.go.id", "kota"); err != nil {
			t.Fatal(err)
		}
		if err := write(agency, "a.go.id", "kota"); !errors.Is(err, sqldb.ErrDuplicate) {
			t.Errorf("same key again: got %v, want ErrDuplicate", err)
		}
		if err := write(agency, "b.go.id", "planet"); err == nil {
			t.Error("a level outside the CHECK was stored")
		}
		const application = `INSERT INTO agency_application (id, agency, name, created_at, updated_at) VALUES ($1, $2, 'A', 0, 0)`
		if err := write(application, "x@nobody.go.id", "nobody.go.id"); !errors.Is(err, sqldb.ErrReference) {
			t.Errorf("unknown agency: got %v, want ErrReference", err)
		}
		if err := write(application, "x@a.go.id", "a.go.id"); err != nil {
			t.Fatal(err)
		}
		if err := write(`DELETE FROM agency_agency WHERE id = $1`, "a.go.id"); !errors.Is(err, sqldb.ErrReference) {
			t.Errorf("agency that is still named: got %v, want ErrReference", err)
		}
	})
}

func TestAFailedWriteLeavesNothing(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		stop := errors.New("stop")
		err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
			if err := insertAgency(t.Context(), tx, "a.go.id"); err != nil {
				return err
			}
			if err := tx.Revise(t.Context(), "Agency", "a.go.id"); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatalf("got %v", err)
		}
		if last, err := db.LastRevision(t.Context()); err != nil || last != 0 {
			t.Errorf("last revision %d, %v; want 0", last, err)
		}
	})
}

// The statement below asks for every row; only row-level security stands
// between one tenant and another's.
func TestPostgresHidesOtherTenantsFromAStatementThatForgets(t *testing.T) {
	db := testkit.Postgres(t)
	err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, id := range []string{"a.go.id", "b.go.id"} {
			if err := insertAgency(t.Context(), tx, id); err != nil {
				return err
			}
			if _, err := tx.Exec(t.Context(), `INSERT INTO agency_application (id, agency, name, created_at, updated_at) VALUES ($1, $2, 'A', 0, 0)`, "x@"+id, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for scope, want := range map[simpul.Scope]int{
		simpul.NationScope():                  2,
		simpul.AgencyScope("a.go.id"):         1,
		simpul.AgencyScope("stranger.go.id"):  0,
		simpul.PublicScope():                  0,
		simpul.AgencyScope("' OR true OR '*"): 0,
	} {
		var got int
		err := db.Read(t.Context(), scope, func(tx *sqldb.Tx) (err error) {
			got, err = countApplications(t.Context(), tx)
			return err
		})
		if err != nil || got != want {
			t.Errorf("scope %q sees %d applications, %v; want %d", scope.Key(), got, err, want)
		}
	}
	err = db.Write(t.Context(), simpul.AgencyScope("a.go.id"), func(tx *sqldb.Tx) error {
		return insertAgency(t.Context(), tx, "c.go.id")
	})
	if !errors.Is(err, sqldb.ErrScope) {
		t.Errorf("writing another tenant's row: got %v, want ErrScope", err)
	}
}

func TestFollowDeliversEveryRevisionOnceAndInOrder(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		const writers, each = 8, 10
		ctx, stop := context.WithCancel(t.Context())
		var got []int64
		done := make(chan struct{})
		go func() {
			defer close(done)
			db.Follow(ctx, 0, func(batch []sqldb.Revision) error {
				for _, r := range batch {
					got = append(got, r.Seq)
				}
				if len(got) >= writers*each {
					stop()
				}
				return nil
			}, func(err error) { t.Error(err) })
		}()
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
						return tx.Revise(t.Context(), "Agency", fmt.Sprint(w, "-", i))
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		<-done
		for i, seq := range got {
			if seq != int64(i+1) {
				t.Fatalf("revision %d arrived in place %d", seq, i+1)
			}
		}
	})
}

func TestFollowTriesAgainAfterAFailure(t *testing.T) {
	db := testkit.SQLite(t)
	err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		return tx.Revise(t.Context(), "Agency", "a.go.id")
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	attempts, reported := 0, 0
	db.Follow(ctx, 0, func([]sqldb.Revision) error {
		if attempts++; attempts == 1 {
			return errors.New("not now")
		}
		stop()
		return nil
	}, func(error) { reported++ })
	if attempts != 2 || reported != 1 {
		t.Errorf("%d attempts and %d reports, want 2 and 1", attempts, reported)
	}
}

func TestOpenRefusesAnUnknownScheme(t *testing.T) {
	if _, err := sqldb.Open(t.Context(), "mysql://x"); simpul.CodeOf(err) != simpul.CodeInvalid {
		t.Errorf("got %v, want an invalid error", err)
	}
}
