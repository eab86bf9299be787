package catalog_test

import (
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/catalog"
)

func TestQualityThroughTheAPI(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, "master/Rancangan", lid(draft))
		r.put(t, kota, lid(func(s *catalog.Spec) { s.Metadata = wellDescribed() }))
		r.put(t, "izin/Usaha", lid(func(s *catalog.Spec) { s.Agency, s.Class, s.LegalBasis = bandung, simpul.Terbatas, "UU 1" }))
		r.follow(t)
		_, do := served(r)
		for _, c := range []struct {
			path, token string
			status      int
			says        string
		}{
			{"/lids/master/Kota/quality", "consumer-" + bandung, 200, `"key":"fields"`},
			{"/lids/master/Rancangan/quality", "provider-" + kemendagri, 200, `"place":"spec.themes"`},
			{"/lids/master/Rancangan/quality", "provider-" + bandung, 404, "not_found"},
			{"/quality", "consumer-" + bandung, 200, `{"items":[{"agency":"bandungkota.go.id","score":`},
		} {
			w := do("GET", c.path, c.token, "")
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("%s as %s: %d %s", c.path, c.token, w.Code, w.Body)
			}
		}
	})
}
