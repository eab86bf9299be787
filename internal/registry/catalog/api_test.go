package catalog_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/catalog"
)

// gatekeeper knows tokens that say role and agency: "provider-kemendagri.go.id".
type gatekeeper struct{}

func (gatekeeper) Principal(_ context.Context, token simpul.Secret) (simpul.Principal, error) {
	role, id, _ := strings.Cut(token.Reveal(), "-")
	return simpul.Acting("t-1", simpul.Role(role), simpul.AgencyID(id)), nil
}

// served is the room behind its API.
func served(r *room) (*httpapi.API, func(method, path, token, body string) *httptest.ResponseRecorder) {
	mux := http.NewServeMux()
	api := httpapi.New(mux, "1", gatekeeper{}, slog.New(slog.DiscardHandler))
	catalog.Register(api, r.Service)
	catalog.RegisterOpen(api, r.Service, r.finder)
	catalog.RegisterSimilar(api, r.finder)
	catalog.RegisterHarvests(api, r.harvests)
	return api, func(method, path, token, body string) *httptest.ResponseRecorder {
		request := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
		request.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, request)
		return w
	}
}

func TestWhoMayCallWhat(t *testing.T) {
	everyRole := []simpul.Role{simpul.RoleOperator, simpul.RoleAdmin, simpul.RoleProvider, simpul.RoleConsumer, simpul.RoleAuditor}
	want := map[string][]simpul.Role{"get-lid": everyRole, "list-lid": everyRole, "put-lid": everyRole[:3], "delete-lid": everyRole[:3],
		"get-lid-quality": everyRole, "list-quality": everyRole, "find-similar-lids": everyRole[:3], "advance-lid": everyRole[:3],
		"harvest-catalog": everyRole[:1], "list-harvests": everyRole, "forget-harvest": everyRole[:1]}
	api, do := served(newRoom(t, testkit.SQLite(t)))
	for _, op := range api.Operations() {
		allowed, ok := want[op.ID]
		if !ok {
			t.Errorf("%s is not in the table", op.ID)
		}
		delete(want, op.ID)
		for _, role := range everyRole {
			// Without a body a PUT is malformed and everything else names nothing, so
			// that only the role can be the reason for a 403.
			w := do(op.Method, strings.Replace(op.Path, "{group}/{name}", kota, 1), string(role), "")
			if refused := w.Code == http.StatusForbidden; refused == slices.Contains(allowed, role) {
				t.Errorf("%s as %s: got %d %s", op.ID, role, w.Code, w.Body)
			}
		}
	}
	if len(want) != 0 {
		t.Errorf("these do not exist: %v", want)
	}
}

func TestALIDThroughTheAPI(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		_, do := served(newRoom(t, db))
		body := func(spec any) string {
			text, err := json.Marshal(map[string]any{"apiVersion": "simpul/v1", "kind": "LID", "metadata": map[string]string{"id": kota}, "spec": spec})
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		const path, owner = "/lids/" + kota, "provider-" + kemendagri
		spoilt := lid(nil)
		spoilt.Contract = json.RawMessage(`{"openapi":"3.1.0","info":{},"paths":7}`)
		secret := lid(func(s *catalog.Spec) { s.Title = "a\x00b" })
		for _, c := range []struct {
			method, token, body string
			status              int
			says                string
		}{
			{"PUT", owner, body(lid(draft)), 201, `"id":"master/Kota"`},
			{"GET", owner, "", 200, upstream},
			{"GET", "provider-" + bandung, "", 404, "not_found"},
			{"PUT", owner, body(lid(nil)), 200, `"state":"published"`},
			{"GET", "provider-" + bandung, "", 200, `"upstream":""`},
			{"PUT", "provider-" + bandung, body(lid(nil)), 403, "denied"},
			{"PUT", owner, body(spoilt), 400, "body.spec.contract.info.title"},
			{"PUT", owner, body(secret), 422, "body.spec.title"},
			{"PUT", owner, body(map[string]any{"agency": kemendagri, "warna": 1}), 422, "body.spec.warna"},
			{"DELETE", "provider-" + bandung, "", 404, "not_found"},
			{"DELETE", owner, "", 204, ""},
			{"PUT", "operator", body(lid(func(s *catalog.Spec) { s.Agency = bandung })), 409, "body.metadata.id"},
		} {
			w := do(c.method, path, c.token, c.body)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("%s as %s: got %d %s, want %d with %s", c.method, c.token, w.Code, w.Body, c.status, c.says)
			}
		}
	})
}
