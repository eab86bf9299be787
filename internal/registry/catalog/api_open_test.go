package catalog_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
			{"/quality/master/Kota", "consumer-" + bandung, 200, `"key":"fields"`},
			{"/quality/master/Rancangan", "provider-" + bandung, 404, "not_found"},
			{"/quality/agencies", "consumer-" + bandung, 200, `{"items":[{"agency":"bandungkota.go.id","score":`},
			{"/quality", "consumer-" + bandung, 200, `{"items":[{"lid":"izin/Usaha","title":"Kabupaten dan kota","agency":"bandungkota.go.id","score":`},
			{"/quality?agency=" + kemendagri, "consumer-" + bandung, 200, `{"items":[{"lid":"master/Kota"`},
			{"/quality", "operator", 200, `{"lid":"master/Kota"`},
			{"/quality/tasks", "consumer-" + bandung, 200, `{"items":[{"lid":"izin/Usaha","agency":"bandungkota.go.id","score":`},
			{"/quality/tasks?cursor=!", "operator", 400, "query.cursor"},
		} {
			w := do("GET", c.path, c.token, "")
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("%s as %s: %d %s", c.path, c.token, w.Code, w.Body)
			}
		}
	})
}

// Pages of the lists put together are the list.
func TestQualityInPages(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		for _, name := range []string{"A", "B", "C", "D"} {
			r.put(t, "master/"+name, lid(nil))
		}
		r.follow(t)
		_, do := served(r)
		for _, path := range []string{"/quality?", "/quality/tasks?"} {
			var whole, page struct {
				Items []map[string]any
				Next  string
			}
			if err := json.Unmarshal(do("GET", path+"limit=1000", "operator", "").Body.Bytes(), &whole); err != nil || len(whole.Items) < 4 {
				t.Fatalf("%s: %v, %d items", path, err, len(whole.Items))
			}
			var all []map[string]any
			for next := ""; ; next = page.Next {
				page.Items, page.Next = nil, ""
				if err := json.Unmarshal(do("GET", path+"limit=3&cursor="+next, "operator", "").Body.Bytes(), &page); err != nil {
					t.Fatal(err)
				}
				if all = append(all, page.Items...); page.Next == "" {
					break
				}
			}
			if diff := cmp.Diff(whole.Items, all); diff != "" {
				t.Errorf("%s: %s", path, diff)
			}
		}
	})
}
