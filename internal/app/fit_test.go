package app

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
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
