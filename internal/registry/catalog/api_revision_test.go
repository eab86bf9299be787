package catalog_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/catalog"
)

func TestRevisionsThroughTheAPI(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		_, do := served(r)
		r.put(t, kota, lid(draft))
		r.put(t, kota, lid(nil))
		r.put(t, kota, lid(contracted(`{"kode":{"type":"string"},"nama":{"type":"string"}}`)))
		r.Service.Connect(holders{kota: 2}, nil)
		plan := func(change func(*catalog.Spec)) string {
			text, err := json.Marshal(map[string]any{"spec": lid(change)})
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		const path, owner, other = "/lids/" + kota, "provider-" + kemendagri, "provider-" + bandung
		for _, c := range []struct {
			method, path, token, body string
			status                    int
			says, hides               string
		}{
			{"GET", path + "/revisions", owner, "", 200, `"number":1`, `"next"`},
			{"GET", path + "/revisions", other, "", 200, `"number":2`, `"number":1,`},
			{"GET", path + "/revisions", other, "", 200, `"1 tambahan"`, `author`},
			{"GET", path + "/revisions?limit=1", owner, "", 200, `"next"`, `"number":2`},
			{"GET", path + "/revisions?cursor=Mw", owner, "", 200, `"number":2`, `"number":3`},
			{"GET", path + "/revisions?cursor=eA", owner, "", 400, "query.cursor", ""},
			{"GET", path + "/revisions/1", owner, "", 200, `"state":"draft"`, ""},
			{"GET", path + "/revisions/1", other, "", 404, "not_found", "draft"},
			{"GET", path + "/revisions/2", other, "", 200, `"upstream":""`, "10.1.2.3"},
			{"GET", path + "/revisions/0", owner, "", 422, "path.n", ""},
			{"GET", path + "/diff", other, "", 200, `"place":"GET / → 200 → nama"`, "10.1.2.3"},
			{"GET", path + "/diff?from=3&to=2", other, "", 200, `"breaking":1`, "10.1.2.3"},
			{"GET", path + "/diff?from=1&to=3", other, "", 404, "not_found", ""},
			{"GET", "/lids/master/Tiada/diff", owner, "", 404, "not_found", ""},
			{"POST", path + "/diff", owner, plan(contracted(`{}`)), 200, `"refused":{"message"`, `"to":`},
			{"POST", path + "/diff", other, plan(contracted(`{}`)), 200, `"breaking":2`, `refused`},
			{"POST", path + "/diff", owner, plan(func(s *catalog.Spec) { s.Contract = json.RawMessage(`{"openapi":"3.1.0","info":{}}`) }), 400, "body.spec.contract.info.title", ""},
			{"POST", path + "/diff", owner, `{}`, 422, "spec", ""},
		} {
			w := do(c.method, c.path, c.token, c.body)
			said := w.Body.String()
			if w.Code != c.status || !strings.Contains(said, c.says) || c.hides != "" && strings.Contains(said, c.hides) {
				t.Errorf("%s %s as %s: got %d %s, want %d with %s, without %s", c.method, c.path, c.token, w.Code, said, c.status, c.says, c.hides)
			}
		}
		if now := do(http.MethodGet, path, owner, ""); !strings.Contains(now.Body.String(), `nama`) {
			t.Error("a plan changed the LID:", now.Body)
		}
	})
}

// A reader walks all pages and meets each revision once.
func TestPagesOfRevisions(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	_, do := served(r)
	for i := range 7 {
		r.put(t, kota, lid(func(s *catalog.Spec) { s.Version = fmt.Sprintf("1.%d", i) }))
	}
	var numbers []int
	for cursor := ""; ; {
		var page struct {
			Items []struct{ Number int }
			Next  string
		}
		if err := json.Unmarshal(do("GET", "/lids/"+kota+"/revisions?limit=3&cursor="+cursor, "operator", "").Body.Bytes(), &page); err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Items {
			numbers = append(numbers, item.Number)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if fmt.Sprint(numbers) != "[7 6 5 4 3 2 1]" {
		t.Errorf("got %v", numbers)
	}
}
