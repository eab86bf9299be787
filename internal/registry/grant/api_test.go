package grant_test

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
	"simpul/internal/registry/grant"
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
	grant.Register(api, r.Service)
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
	want := map[string][]simpul.Role{"get-grant": everyRole, "list-grant": everyRole, "put-grant": everyRole[:3], "delete-grant": everyRole[:3]}
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
			w := do(op.Method, strings.Replace(op.Path, "{id}", "g-0", 1), string(role), "")
			if refused := w.Code == http.StatusForbidden; refused == slices.Contains(allowed, role) {
				t.Errorf("%s as %s: got %d %s", op.ID, role, w.Code, w.Body)
			}
		}
	}
	if len(want) != 0 {
		t.Errorf("these do not exist: %v", want)
	}
}

func TestAGrantThroughTheAPI(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		_, do := served(newRoom(t, db))
		body := func(spec string) string {
			return `{"apiVersion":"simpul/v1","kind":"Grant","metadata":{"id":"g-1"},"spec":` + spec + `}`
		}
		good := `{"lid":"master/Kota","application":"` + layanan + `","purpose":"Melayani warga","legalBasis":"UU 25/2009","until":"2027-01-01T07:00:00+07:00"}`
		with := func(old, new string) string { return body(strings.Replace(good, old, new, 1)) }
		const owner, consumer = "provider-" + kemendagri, "consumer-" + bandung
		for _, c := range []struct {
			method, token, body string
			status              int
			says                string
		}{
			{"PUT", owner, body(good), 201, `"until":"2027-01-01T00:00:00Z"`},
			{"PUT", owner, body(good), 200, `"id":"g-1"`},
			{"GET", consumer, "", 200, "Melayani warga"},
			{"GET", "provider-" + bps, "", 404, "not_found"},
			{"PUT", "admin-" + bandung, body(good), 403, "body.spec.lid"},
			{"PUT", owner, with("warga", `warga\u0000`), 422, "body.spec.purpose"},
			{"PUT", owner, with("UU", `\u0007UU`), 422, "body.spec.legalBasis"},
			{"PUT", owner, with("Kota", `Kota\u0000`), 400, "body.spec.lid"},
			{"PUT", owner, with("2027", "1970"), 400, "body.spec.until"},
			{"PUT", owner, with(`"lid"`, `"ratePerMinute":0,"lid"`), 422, "body.spec.ratePerMinute"},
			{"PUT", owner, with(`"lid"`, `"rate":1,"lid"`), 422, "body.spec.rate"},
			{"DELETE", consumer, "", 403, "denied"},
			{"DELETE", owner, "", 204, ""},
		} {
			w := do(c.method, "/grants/g-1", c.token, c.body)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("%s %s as %s: got %d %s, want %d with %s", c.method, c.body, c.token, w.Code, w.Body, c.status, c.says)
			}
			if w.Code >= 400 && !json.Valid(w.Body.Bytes()) {
				t.Errorf("%s as %s: %s", c.method, c.token, w.Body)
			}
		}
	})
}
