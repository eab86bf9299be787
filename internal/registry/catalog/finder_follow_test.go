package catalog_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
	"simpul/internal/registry/catalog"
)

// owners are agencies whose names a test changes.
type owners map[simpul.AgencyID]catalog.Agency

func (o owners) Agency(_ context.Context, id simpul.AgencyID) catalog.Agency {
	if a, ok := o[id]; ok {
		return a
	}
	return catalog.Agency{Name: string(id)}
}

func (owners) Region(context.Context, string) string { return "" }

// What is published can be found at once, by its new words and not by its old
// ones, and what is withdrawn cannot.
func TestTheFinderFollows(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, names := newRoom(t, db), owners{}
		d := loaded(t, db, silent)
		f, err := catalog.NewFinder(d, names)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := f.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		seen := lastRevision(t, db)
		titled := func(title string, change func(*catalog.Spec)) func() {
			return func() {
				r.put(t, kota, lid(func(s *catalog.Spec) {
					if s.Title = title; change != nil {
						change(s)
					}
				}))
			}
		}
		for _, c := range []struct {
			name   string
			change func()
			finds  map[string]bool
		}{
			{"a draft", titled("Sekolah", draft), map[string]bool{"sekolah": false}},
			{"published", titled("Sekolah", nil), map[string]bool{"sekolah": true, "puskesmas": false}},
			{"changed", titled("Puskesmas", nil), map[string]bool{"sekolah": false, "puskesmas": true}},
			{"its agency renamed", func() {
				names[kemendagri] = catalog.Agency{Name: "Kementerian Kebudayaan"}
				err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error { return tx.Revise(t.Context(), "Agency", kemendagri) })
				if err != nil {
					t.Fatal(err)
				}
			}, map[string]bool{"kebudayaan": true, "puskesmas": true}},
			{"retired", titled("Puskesmas", retired), map[string]bool{"puskesmas": false, "kebudayaan": false}},
		} {
			c.change()
			changes := revisionsAfter(t, db, seen)
			seen = lastRevision(t, db)
			if err := d.Refresh(t.Context(), changes); err != nil {
				t.Fatal(err)
			}
			if err := f.Refresh(t.Context(), changes); err != nil {
				t.Fatal(err)
			}
			for text, want := range c.finds {
				if got := strings.Contains(screen(f, "/catalog?q="+text), "/catalog/"+kota); got != want {
					t.Errorf("%s: %q is found: %t", c.name, text, got)
				}
			}
		}
	})
}

// screen is a page of the catalogue.
func screen(f *catalog.Finder, target string) string {
	mux := http.NewServeMux()
	catalog.NewPages(f, "", "").Register(mux)
	w := httptest.NewRecorder()
	web.Localize(mux).ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
	return w.Body.String()
}
