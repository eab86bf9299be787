package app

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/catalog"
)

// What the condition of a life cycle asks for: a LID is fit once it passed, or
// once the operator has signed for it, and no longer when it changes.
func TestALIDIsFitOnceTested(t *testing.T) {
	h, _ := openScreens(t)
	answer := `{"kode":"32.73"}`
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/izin" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, answer)
	}))
	defer origin.Close()
	owner, operator := simpul.Acting("t-owner", simpul.RoleProvider, "bandungkota.go.id"), simpul.Acting("t-operator", simpul.RoleOperator, "")
	spec := catalog.Spec{Agency: "bandungkota.go.id", Title: "Izin", Class: simpul.Terbuka, Version: "1.0", State: catalog.Draft, Upstream: origin.URL + "/izin",
		Contract: []byte(`{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/":{"get":{"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"type":"object","properties":{"kode":{"type":"string"}}}}}}}}}}}`)}
	move := func(address simpul.Address) catalog.Move {
		return catalog.Move{Address: address, Waiver: spec.Waiver, Digest: spec.TestDigest(), Spec: spec}
	}
	fit := func(address simpul.Address) (passed bool) {
		t.Helper()
		err := h.db.Read(t.Context(), owner.Scope(), func(tx *sqldb.Tx) (err error) {
			passed, err = h.CheckFit(t.Context(), tx, move(address))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return passed
	}
	ensure := func(p simpul.Principal, address simpul.Address) error {
		return h.EnsureFit(context.WithoutCancel(t.Context()), p, move(address))
	}

	if fit("izin/Baru") {
		t.Error("fit before it was tested")
	}
	if err := ensure(owner, "izin/Baru"); err != nil || !fit("izin/Baru") {
		t.Errorf("a good one: %v", err)
	}
	if _, err := h.LIDs.Put(t.Context(), owner, "izin/Baru", spec, false); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Credentials.Put(t.Context(), owner, "izin/Baru", catalog.CredentialWish{Generate: true}); err != nil || fit("izin/Baru") {
		t.Errorf("fit with a credential that it was not tested with: %v", err)
	}

	answer = `{"kode":3273}`
	if err := ensure(owner, "izin/Salah"); simpul.CodeOf(err) != simpul.CodeConflict || fit("izin/Salah") {
		t.Errorf("a bad one: %v", err)
	}
	spec.Waiver = "Kolom kode diperbaiki sebelum Februari 2027"
	if err := ensure(owner, "izin/Lain"); simpul.CodeOf(err) != simpul.CodeConflict || fit("izin/Lain") {
		t.Errorf("the owner signs for itself: %v", err)
	}
	if err := ensure(operator, "izin/Lain"); err != nil || !fit("izin/Lain") {
		t.Errorf("signed by the operator: %v", err)
	}
}

// What is tested is what consumers will get: answers as the declared changes make
// them, and every origin that will be called.
func TestALIDIsTestedAsItIsDelivered(t *testing.T) {
	h, _ := openScreens(t)
	var elsewhere atomic.Int64
	serve := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"kd_kab":"3273"}`)
	}
	origin := httptest.NewServer(http.HandlerFunc(serve))
	defer origin.Close()
	further := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		elsewhere.Add(1)
		serve(w, r)
	}))
	defer further.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	owner := simpul.Acting("t-owner", simpul.RoleProvider, "bandungkota.go.id")
	spec := catalog.Spec{Agency: "bandungkota.go.id", Title: "Izin", Class: simpul.Terbuka, Version: "1.0", State: catalog.Draft, Upstream: origin.URL,
		Contract: []byte(`{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/":{"get":{"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{
			"type":"object","required":["kode"],"properties":{"kode":{"type":"string","pattern":"^[0-9]{2}[.][0-9]{2}$"}},"additionalProperties":false}}}}}}}}}`)}
	changes := []simpul.Change{
		{Field: "kd_kab", Recode: &simpul.Recode{Pairs: map[string]string{"3273": "32.73"}, Else: "refuse"}},
		{Field: "kd_kab", Rename: "kode"},
	}
	for name, c := range map[string]struct {
		delivery simpul.Delivery
		called   int64
		fit      bool
	}{
		"as the service answers": {simpul.Delivery{}, 0, false},
		"changed":                {simpul.Delivery{Changes: changes}, 0, true},
		"changed in part":        {simpul.Delivery{Changes: changes[1:]}, 0, false},
		"two origins, a canary":  {simpul.Delivery{Changes: changes, Origins: []string{further.URL}, Canary: &simpul.Canary{Upstream: further.URL + "/baru", Percent: 5, ErrorPercent: 5}}, 2, true},
		"an origin is gone":      {simpul.Delivery{Changes: changes, Origins: []string{further.URL, gone.URL}}, 1, false},
		"a canary is gone":       {simpul.Delivery{Changes: changes, Canary: &simpul.Canary{Upstream: gone.URL, Percent: 5, ErrorPercent: 5}}, 0, true},
	} {
		elsewhere.Store(0)
		spec.Delivery = c.delivery
		err := h.EnsureFit(context.WithoutCancel(t.Context()), owner, catalog.Move{Address: "izin/Baru", Digest: spec.TestDigest(), Spec: spec})
		if (err == nil) != c.fit {
			t.Errorf("%s: fit %v, %v", name, err == nil, err)
		}
		if got := elsewhere.Load(); got != c.called {
			t.Errorf("%s: %d calls of further origins, want %d", name, got, c.called)
		}
	}
}
