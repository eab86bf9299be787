package catalog_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/catalog"
)

func closed(s *catalog.Spec) { s.Class, s.LegalBasis = simpul.Tertutup, "UU 27/2022" }

func both(changes ...func(*catalog.Spec)) func(*catalog.Spec) {
	return func(s *catalog.Spec) {
		for _, change := range changes {
			change(s)
		}
	}
}

func TestWhatNeedsASecondPerson(t *testing.T) {
	retitled := func(s *catalog.Spec) { s.Title = "Judul lain" }
	moved := func(s *catalog.Spec) { s.Upstream = "http://10.9.9.9/kota" }
	spaced := func(s *catalog.Spec) { s.Contract = append(json.RawMessage(" "), s.Contract...) }
	reordered := func(s *catalog.Spec) {
		var value any
		if err := json.Unmarshal(s.Contract, &value); err != nil {
			t.Fatal(err)
		}
		s.Contract, _ = json.Marshal(value)
	}
	recontracted := func(s *catalog.Spec) {
		s.Contract = json.RawMessage(`{"openapi":"3.1.0","info":{"title":"Lain","version":"2"},"paths":{"/":{"get":{"responses":{"200":{"description":"ok"}}}}}}`)
	}
	for _, c := range []struct {
		name         string
		before, next func(*catalog.Spec) // no before: the LID is new
		waits        bool
	}{
		{"a new open one", nil, func(*catalog.Spec) {}, false},
		{"a new closed draft", nil, both(closed, draft), false},
		{"a new closed one", nil, closed, true},
		{"a closed draft is published", both(closed, draft), closed, true},
		{"an open one is closed", func(*catalog.Spec) {}, closed, true},
		{"a closed one is opened", closed, func(*catalog.Spec) {}, true},
		{"a closed one is opened as a draft", closed, draft, true},
		{"a closed draft is opened as a draft", both(closed, draft), draft, true},
		{"a closed one moves", closed, both(closed, moved), true},
		{"a closed one gets another contract", closed, both(closed, recontracted), true},
		{"a closed one gets white space", closed, both(closed, spaced), false},
		{"a closed one gets its contract in another order", closed, both(closed, reordered), false},
		{"a closed one gets another title", closed, both(closed, retitled), false},
		{"a closed one is withdrawn", closed, both(closed, draft), false},
		{"a closed one retires", closed, both(closed, retired), false},
		{"an open one moves", func(*catalog.Spec) {}, moved, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRoom(t, testkit.SQLite(t))
			if c.before != nil {
				r.put(t, kota, lid(c.before))
			}
			r.proposed = nil
			before, _ := r.Get(t.Context(), operator, kota)
			stored, err := r.Put(t.Context(), providerOf(kemendagri), kota, lid(c.next), false)
			if err != nil || stored.Waits != c.waits || (stored.Proposal != "") != c.waits || (len(r.proposed) == 1) != c.waits {
				t.Fatalf("waits %v (%q), %v; want %v", stored.Waits, stored.Proposal, err, c.waits)
			}
			after, _ := r.Get(t.Context(), operator, kota)
			if unchanged := after.Times == before.Times && after.Spec.Title == before.Spec.Title && after.Spec.Class == before.Spec.Class && after.Spec.State == before.Spec.State; c.waits && !unchanged {
				t.Errorf("took effect at once: %+v", after.Spec)
			}
		})
	}
}

func TestTheHubItselfNeedsNobody(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	stored, err := r.Put(t.Context(), simpul.TheHub(), kota, lid(closed), false)
	if err != nil || stored.Waits || len(r.proposed) != 0 {
		t.Errorf("%+v, %v, proposed %v", stored, err, r.proposed)
	}
	named := operator
	named.ID = "hub" // an ID alone does not make one the hub
	if stored, err = r.Put(t.Context(), named, "master/Lain", lid(closed), false); err != nil || !stored.Waits {
		t.Errorf("somebody named hub: %+v, %v", stored, err)
	}
}

func TestTryingProposesNothing(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		stored, err := r.Put(t.Context(), operator, kota, lid(closed), true)
		if err != nil || !stored.Waits || stored.Proposal != "" {
			t.Errorf("%+v, %v", stored, err)
		}
		// The address was not taken either.
		s := lid(nil)
		s.Agency = bandung
		if _, err := r.Put(t.Context(), operator, kota, s, false); err != nil {
			t.Error(err)
		}
	})
}

func TestAnApprovedChangeIsWhatWasProposed(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, kota, lid(draft))
		p := providerOf(kemendagri)
		if _, err := r.Put(t.Context(), p, kota, lid(closed), false); err != nil {
			t.Fatal(err)
		}
		made := r.proposed[0]
		err := db.Write(t.Context(), p.Scope(), func(tx *sqldb.Tx) error {
			present, err := r.Present(t.Context(), tx, kota)
			if string(present) != made.before {
				t.Errorf("present %s, proposed from %s", present, made.before)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.approve(t.Context(), p, made); err != nil {
			t.Fatal(err)
		}
		got, err := r.Get(t.Context(), p, kota)
		if err != nil || got.Spec.Class != simpul.Tertutup || got.Spec.State != catalog.Published {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestAWaitingPutIsAccepted(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	_, do := served(r)
	body, err := json.Marshal(map[string]any{"apiVersion": "simpul/v1", "kind": "LID", "metadata": map[string]string{"id": kota}, "spec": lid(closed)})
	if err != nil {
		t.Fatal(err)
	}
	w := do(http.MethodPut, "/lids/"+kota, "provider-"+kemendagri, string(body))
	var got struct {
		Proposal string
		Status   *struct{}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusAccepted || got.Proposal != "u-1" || got.Status != nil {
		t.Errorf("%d %s, %v", w.Code, w.Body, err)
	}
	if at := w.Header().Get("Location"); at != "/api/v1/proposals/u-1" {
		t.Errorf("Location %q", at)
	}
	w = do(http.MethodPut, "/lids/"+kota+"?dryRun=true", "provider-"+kemendagri, string(body))
	if w.Code != http.StatusAccepted || w.Header().Get("Location") != "" {
		t.Errorf("tried: %d, Location %q", w.Code, w.Header().Get("Location"))
	}
}

// Deleting is no way around the second person.
func TestAClosedLIDDoesNotComeBackOpen(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, provider := newRoom(t, db), providerOf(kemendagri)
		r.put(t, kota, lid(both(closed, draft)))
		for _, step := range []struct {
			by   simpul.Principal
			want simpul.Code
		}{{provider, simpul.CodeConflict}, {operator, simpul.CodeConflict}, {providerOf("kemkes.go.id"), simpul.CodeNotFound}} {
			if err := r.Delete(t.Context(), step.by, kota); simpul.CodeOf(err) != step.want {
				t.Errorf("deleted by %s: %v", step.by.Agency, err)
			}
		}
		r.put(t, kota, lid(both(closed, retired)))
		if err := r.Delete(t.Context(), provider, kota); err != nil {
			t.Errorf("a retired one stays: %v", err)
		}
		if _, err := r.Put(t.Context(), provider, kota, lid(func(*catalog.Spec) {}), false); simpul.CodeOf(err) != simpul.CodeConflict {
			t.Errorf("it comes back: %v", err)
		}
	})
}
