package agency_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/agency"
)

func TestAKeyIsShownOnceAndStoredHashed(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := furnished(t, db)
		key, secret := r.issue(t, layanan)
		if !agency.LooksLikeKey(secret.Reveal()) || !regexp.MustCompile(`^spk_[a-z2-7]{33}$`).MatchString(secret.Reveal()) {
			t.Errorf("the key does not look like one")
		}
		var columns []string
		err := db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
			return sqldb.Each(t.Context(), tx, func(scan sqldb.Scan) error {
				columns = make([]string, 6)
				return scan(&columns[0], &columns[1], &columns[2], &columns[3], &columns[4], &columns[5])
			}, `SELECT id, application, agency, label, digest, created_at FROM agency_key`)
		})
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(secret.Reveal()))
		want := []string{key.ID, layanan, bandung, "uji", hex.EncodeToString(sum[:]), fmt.Sprint(monday.UnixMilli())}
		if diff := cmp.Diff(want, columns); diff != "" {
			t.Errorf("stored (-want +got)\n%s", diff)
		}
		if strings.Contains(strings.Join(columns, " "), secret.Reveal()[len("spk_"):]) || strings.Contains(fmt.Sprintf("%+v", key), secret.Reveal()) {
			t.Error("the key can be read after it was shown")
		}
	})
}

func TestKeysAreListedAndRevoked(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := furnished(t, db), t.Context()
		r.putApplication(t, "lain@"+bandung)
		var issued []agency.Key
		for i := range 3 {
			r.now = monday.Add(time.Duration(i) * time.Second)
			key, _ := r.issue(t, layanan)
			issued = append(issued, key)
		}
		other, _ := r.issue(t, "lain@"+bandung)
		keys, err := r.applications.Keys(ctx, adminOf(bandung), layanan)
		if diff := cmp.Diff(issued, keys); err != nil || diff != "" {
			t.Fatalf("%v (-issued +listed)\n%s", err, diff)
		}

		checkRefusal(t, r.applications.RevokeKey(ctx, operator, layanan, other.ID), simpul.CodeNotFound, "")
		checkRefusal(t, r.applications.RevokeKey(ctx, operator, layanan, "k-none"), simpul.CodeNotFound, "")
		if err := r.applications.RevokeKey(ctx, adminOf(bandung), layanan, issued[1].ID); err != nil {
			t.Fatal(err)
		}
		checkRefusal(t, r.applications.RevokeKey(ctx, operator, layanan, issued[1].ID), simpul.CodeNotFound, "")
		keys, err = r.applications.Keys(ctx, operator, layanan)
		if diff := cmp.Diff([]agency.Key{issued[0], issued[2]}, keys); err != nil || diff != "" {
			t.Errorf("%v (-want +got)\n%s", err, diff)
		}
	})
}

func TestARefusedKeyIsNoKey(t *testing.T) {
	r := furnished(t, testkit.SQLite(t))
	key, secret, err := r.applications.IssueKey(t.Context(), operator, "tidak-ada@"+bandung, agency.KeyWish{})
	checkRefusal(t, err, simpul.CodeNotFound, "")
	if key != (agency.Key{}) || secret != "" {
		t.Errorf("got %+v and a secret of %d characters", key, len(secret))
	}
}
