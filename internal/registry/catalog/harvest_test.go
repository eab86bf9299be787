package catalog_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

const elsewhere = "https://data.jabarprov.go.id"

// dataset is one entry of a catalogue elsewhere.
func dataset(number int, title, modified string) string {
	if modified != "" {
		modified = `,"dct:modified":"` + modified + `"`
	}
	return fmt.Sprintf(`{"@id":"%s/d/%d","@type":"dcat:Dataset","dct:title":%q%s}`, elsewhere, number, title, modified)
}

func pageOf(entries ...string) []byte {
	return []byte(`{"@context":{"dcat":"http://www.w3.org/ns/dcat#","dct":"http://purl.org/dc/terms/"},"@graph":[` + strings.Join(entries, ",") + `]}`)
}

// heldOf is what is held of a source, by address.
func heldOf(t testing.TB, db *sqldb.DB, source string) map[string]string {
	t.Helper()
	held := map[string]string{}
	err := db.Read(t.Context(), simpul.PublicScope(), func(tx *sqldb.Tx) error {
		return sqldb.Each(t.Context(), tx, func(scan sqldb.Scan) error {
			var uri, document string
			err := scan(&uri, &document)
			held[uri] = document
			return err
		}, `SELECT uri, document FROM catalog_harvested WHERE source = $1`, source)
	})
	if err != nil {
		t.Fatal(err)
	}
	return held
}

// Whichever way the same pages arrive, once or more, in whatever order, the same
// is held in the end.
func TestHarvestsComeInAnyOrder(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		trial := 0
		rapid.Check(t, func(rt *rapid.T) {
			pages := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) string {
				entry := dataset(rapid.IntRange(1, 4).Draw(rt, "entry"), rapid.SampledFrom([]string{"A", "B", "C"}).Draw(rt, "title"),
					rapid.SampledFrom([]string{"", "2026-01-31", "2026-02-01T08:00:00+07:00"}).Draw(rt, "modified"))
				return string(pageOf(entry))
			}), 1, 8).Draw(rt, "pages")
			deliver := func(order []string) map[string]string {
				trial++
				source := fmt.Sprintf("%s/%d", elsewhere, trial)
				for _, page := range order {
					if _, err := r.harvests.Take(t.Context(), operator, source, []byte(page)); err != nil {
						rt.Fatal(err)
					}
				}
				return heldOf(t, db, source)
			}
			again := append(rapid.Permutation(pages).Draw(rt, "order"), rapid.Permutation(pages).Draw(rt, "replay")...)
			if diff := cmp.Diff(deliver(pages), deliver(again)); diff != "" {
				rt.Fatalf("-once +again: %s", diff)
			}
		})
	})
}

func TestALaterEntryReplacesAnEarlierOne(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		for _, c := range []struct {
			page    []byte
			changed int
			titles  string
		}{
			{pageOf(dataset(1, "Sekolah", "2026-01-31"), dataset(2, "Pasar", "")), 2, "Sekolah Pasar"},
			{pageOf(dataset(1, "Sekolah", "2026-01-31"), dataset(2, "Pasar", "")), 0, "Sekolah Pasar"},
			{pageOf(dataset(1, "Lama", "2025-01-31")), 0, "Sekolah Pasar"},
			{pageOf(dataset(1, "Madrasah", "2026-02-01")), 1, "Madrasah Pasar"},
		} {
			before := lastRevision(t, db)
			done, err := r.harvests.Take(t.Context(), operator, elsewhere, c.page)
			if err != nil || done.Changed != c.changed {
				t.Errorf("got %+v, %v, want %d changed", done, err, c.changed)
			}
			if revised := lastRevision(t, db) > before; revised != (c.changed > 0) {
				t.Errorf("a harvest that changed %d was revised: %t", c.changed, revised)
			}
			held := fmt.Sprint(heldOf(t, db, elsewhere))
			for title := range strings.FieldsSeq(c.titles) {
				if !strings.Contains(held, title) {
					t.Errorf("%s is not held: %s", title, held)
				}
			}
		}
	})
}

// Only the nation takes in and removes, on both engines; everybody sees.
func TestOnlyTheNationHarvests(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		if _, err := r.harvests.Take(t.Context(), operator, elsewhere, pageOf(dataset(1, "A", ""))); err != nil {
			t.Fatal(err)
		}
		before := heldOf(t, db, elsewhere)
		for _, p := range []simpul.Principal{providerOf(kemendagri), public} {
			_, err := r.harvests.Take(t.Context(), p, elsewhere, pageOf(dataset(1, "Z", "2026-01-31")))
			checkRefusal(t, err, simpul.CodeDenied, "")
			checkRefusal(t, r.harvests.Forget(t.Context(), p, elsewhere), simpul.CodeDenied, "")
		}
		if diff := cmp.Diff(before, heldOf(t, db, elsewhere)); diff != "" {
			t.Errorf("strangers changed something: %s", diff)
		}
		if err := r.harvests.Forget(t.Context(), operator, elsewhere); err != nil || len(heldOf(t, db, elsewhere)) != 0 {
			t.Errorf("forget: %v", err)
		}
		checkRefusal(t, r.harvests.Forget(t.Context(), operator, elsewhere), simpul.CodeNotFound, "")
		if events := trailOf(t, db); !strings.Contains(events, "catalog.harvest") || !strings.Contains(events, "catalog.forget") {
			t.Errorf("the trail tells %s", events)
		}
	})
}

func trailOf(t *testing.T, db *sqldb.DB) string {
	t.Helper()
	var actions []string
	err := db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		actions, err = sqldb.All(t.Context(), tx, func(scan sqldb.Scan) (a string, err error) { return a, scan(&a) }, `SELECT action FROM trail_event ORDER BY seq`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(actions, " ")
}

func TestAWrongHarvestTakesInNothing(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	broken := pageOf(dataset(1, "Sekolah", ""), `{"@id":"https://a.go.id/2","@type":"dcat:Dataset"}`)
	_, err := r.harvests.Take(t.Context(), operator, elsewhere, broken)
	checkRefusal(t, err, simpul.CodeInvalid, "document.@graph[1].dct:title")
	if held := heldOf(t, r.db, elsewhere); len(held) != 0 {
		t.Errorf("held %v", held)
	}
	_, err = r.harvests.Take(t.Context(), operator, "ftp://data", pageOf(dataset(1, "A", "")))
	checkRefusal(t, err, simpul.CodeInvalid, "source")
}

func TestHarvestedEntriesAreFoundAndCannotBeCalled(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, kota, lid(nil))
		r.follow(t)
		_, do := served(r)
		document, _ := json.Marshal(map[string]any{"source": elsewhere, "document": json.RawMessage(pageOf(dataset(1, "Kota <b>layak</b> anak", "")))})
		seen := lastRevision(t, db)
		if w := do("POST", "/catalog/harvests", "operator", string(document)); w.Code != 200 || !strings.Contains(w.Body.String(), `{"entries":1,"changed":1}`) {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if w := do("POST", "/catalog/harvests", "operator", `{"source":"`+elsewhere+`","document":{"@context":"https://jahat.example/"}}`); w.Code != 400 || !strings.Contains(w.Body.String(), "body.document.@context") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if err := r.finder.Refresh(t.Context(), revisionsAfter(t, db, seen)); err != nil {
			t.Fatal(err)
		}
		html := screen(r.finder, "/catalog?q=kota")
		for _, want := range []string{"Di katalog lain", `href="` + elsewhere + `/d/1"`, "data.jabarprov.go.id", "&lt;b&gt;"} {
			if !strings.Contains(html, want) {
				t.Errorf("the list lacks %q", want)
			}
		}
		if html := screen(r.finder, "/catalog"); strings.Contains(html, "Di katalog lain") {
			t.Error("other catalogues stand where nobody asked")
		}
		if w := do("DELETE", "/catalog/harvests?source="+elsewhere, "operator", ""); w.Code != 204 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if err := r.finder.Refresh(t.Context(), revisionsAfter(t, db, seen)); err != nil {
			t.Fatal(err)
		}
		if html := screen(r.finder, "/catalog?q=kota"); strings.Contains(html, "Di katalog lain") {
			t.Error("what was forgotten is still found")
		}
	})
}

// Past the use case, PostgreSQL itself lets an agency neither add, change nor
// remove an entry.
func TestTheStorageKeepsHarvestsFromAgencies(t *testing.T) {
	db := testkit.Postgres(t)
	r := newRoom(t, db)
	if _, err := r.harvests.Take(t.Context(), operator, elsewhere, pageOf(dataset(1, "A", ""))); err != nil {
		t.Fatal(err)
	}
	before := heldOf(t, db, elsewhere)
	for _, statement := range []string{
		`INSERT INTO catalog_harvested (source, uri, title, publisher, modified, digest, document, taken_at) VALUES ('` + elsewhere + `', 'x', 'x', '', 0, '', '{}', 0)`,
		`UPDATE catalog_harvested SET document = '{}'`,
		`DELETE FROM catalog_harvested`,
	} {
		_ = db.Write(t.Context(), simpul.AgencyScope(kemendagri), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(t.Context(), statement)
			return err
		})
		if diff := cmp.Diff(before, heldOf(t, db, elsewhere)); diff != "" {
			t.Errorf("%s: %s", statement, diff)
		}
	}
}
