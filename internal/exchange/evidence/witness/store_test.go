package witness

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func TestStore(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx := t.Context()
		write := func(fn func(*sqldb.Tx) error) {
			t.Helper()
			if err := db.Write(ctx, nation, fn); err != nil {
				t.Fatal(err)
			}
		}
		s := Standing{Origin: origin, Witness: "w", State: Later, Reason: WitnessClaims, Since: noon, Tried: noon.Add(time.Second), Failures: 3, Claimed: 1 << 60, Size: 7, CosignedAt: noon.Add(-time.Hour)}
		never := Standing{Origin: origin, Witness: "x", State: Waiting}
		write(func(tx *sqldb.Tx) error {
			return putStanding(ctx, tx, Standing{Origin: origin, Witness: "w", State: Cosigned})
		})
		write(func(tx *sqldb.Tx) error { return errors.Join(putStanding(ctx, tx, s), putStanding(ctx, tx, never)) })
		at := func(size uint64, w string, at time.Time) sealed {
			return sealed{Origin: origin, Witness: w, Size: size, Root: [32]byte{byte(size)}, At: at, Note: "n\n\n", Line: at.String() + "\n"}
		}
		write(func(tx *sqldb.Tx) error {
			return errors.Join(putSealed(ctx, tx, at(7, "w", noon)), putSealed(ctx, tx, at(7, "w", noon.Add(time.Hour))),
				putSealed(ctx, tx, at(9, "w", noon)), putSealed(ctx, tx, at(8, "x", noon)))
		})
		for _, scope := range []simpul.Scope{nation, simpul.AgencyScope("bandungkota.go.id")} { // what witnesses say is for everybody
			err := db.Read(ctx, scope, func(tx *sqldb.Tx) error {
				all, err := standings(ctx, tx)
				if err != nil || !reflect.DeepEqual(all, []Standing{s, never}) {
					t.Errorf("standings %+v, %v", all, err)
				}
				newest, err := newestOf(ctx, tx, origin, "w")
				if err != nil || newest != at(9, "w", noon) {
					t.Errorf("newest %+v, %v", newest, err)
				}
				if none, err := newestOf(ctx, tx, origin, "nobody"); err != nil || none != (sealed{}) {
					t.Errorf("newest of nobody %+v, %v", none, err)
				}
				found, err := covering(ctx, tx, origin, 7, 8)
				if err != nil || !reflect.DeepEqual(found, []sealed{at(8, "x", noon), at(7, "w", noon.Add(time.Hour))}) {
					t.Errorf("covering %+v, %v", found, err)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// Only the hub writes.
func TestStoreRefusesOthers(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		for name, fn := range map[string]func(context.Context, *sqldb.Tx) error{
			"a standing": func(ctx context.Context, tx *sqldb.Tx) error {
				return putStanding(ctx, tx, Standing{Origin: origin, Witness: "w"})
			},
			"a cosignature": func(ctx context.Context, tx *sqldb.Tx) error {
				return putSealed(ctx, tx, sealed{Origin: origin, Witness: "w"})
			},
			"dropping": func(ctx context.Context, tx *sqldb.Tx) error { return prune(ctx, tx, origin, "w") },
		} {
			err := db.Write(t.Context(), simpul.AgencyScope("bandungkota.go.id"), func(tx *sqldb.Tx) error { return fn(t.Context(), tx) })
			if !errors.Is(err, sqldb.ErrScope) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// The newest stay, and of each day the last.
func TestPrune(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx := t.Context()
		const days, each = 5, 20
		err := db.Write(ctx, nation, func(tx *sqldb.Tx) error {
			for d := range days {
				for i := range each {
					s := sealed{Origin: origin, Witness: "w", Size: uint64(1 + d*each + i), At: noon.Add(time.Duration(d)*24*time.Hour + time.Duration(i)*time.Minute)}
					if err := errors.Join(putSealed(ctx, tx, s), prune(ctx, tx, origin, "w")); err != nil {
						return err
					}
				}
			}
			return putSealed(ctx, tx, sealed{Origin: origin, Witness: "x", Size: 1, At: noon})
		})
		if err != nil {
			t.Fatal(err)
		}
		var sizes []uint64
		err = db.Read(ctx, nation, func(tx *sqldb.Tx) error {
			all, err := covering(ctx, tx, origin, 0, 1000)
			for _, s := range all {
				sizes = append(sizes, s.Size)
			}
			return err
		})
		want := []uint64{100, 99, 98, 97, 96, 95, 94, 93, 92, 91, 90, 89, 88, 87, 86, 85, 80, 60, 40, 20, 1}
		if err != nil || !reflect.DeepEqual(sizes, want) {
			t.Errorf("kept %v, %v", sizes, err)
		}
	})
}
