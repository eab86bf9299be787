package agency_test

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
	"simpul/internal/registry/agency"
)

// gatekeeper knows tokens that say role and agency: "admin bandungkota.go.id"
// with a dash between.
type gatekeeper struct{}

func (gatekeeper) Principal(_ context.Context, token simpul.Secret) (simpul.Principal, error) {
	role, id, _ := strings.Cut(token.Reveal(), "-")
	return simpul.Acting("t-1", simpul.Role(role), simpul.AgencyID(id)), nil
}

// served is the room behind its API.
func served(r *room) (*httpapi.API, func(method, path, token, body string) *httptest.ResponseRecorder) {
	mux := http.NewServeMux()
	api := httpapi.New(mux, "1", gatekeeper{}, slog.New(slog.DiscardHandler))
	agency.Register(api, r.agencies, r.applications)
	return api, func(method, path, token, body string) *httptest.ResponseRecorder {
		request := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
		request.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, request)
		return w
	}
}

func TestWhoMayCallWhat(t *testing.T) {
	everyone := []simpul.Role{simpul.RoleOperator, simpul.RoleAdmin, simpul.RoleProvider, simpul.RoleConsumer, simpul.RoleAuditor}
	workers := everyone[:4]
	want := map[string][]simpul.Role{
		"get-agency": everyone, "list-agency": everyone,
		"put-agency": everyone[:2], "delete-agency": everyone[:2],
		"get-application": everyone, "list-application": everyone, "list-keys": everyone,
		"get-standing": everyone, "put-standing": everyone[:1], "suspend-agency": everyone[:1], "reinstate-agency": everyone[:1],
		"get-addresses": everyone, "put-addresses": everyone[:2], "list-units": everyone, "put-unit": everyone[:2], "delete-unit": everyone[:2],
		"rotate-key": workers, "report-leaked-key": workers, "report-leak": everyone,
		"put-application": workers, "delete-application": workers, "issue-key": workers, "revoke-key": workers,
		"add-certificate": workers, "list-certificates": everyone, "revoke-certificate": workers,
	}
	r := furnished(t, testkit.SQLite(t))
	api, do := served(r)
	path := strings.NewReplacer("/agencies/{id}", "/agencies/none.go.id", "{id}", "none@"+bandung, "{key}", "k-none", "{unit}", "none")
	for _, op := range api.Operations() {
		allowed, ok := want[op.ID]
		if !ok {
			t.Errorf("%s is not in the table", op.ID)
		}
		delete(want, op.ID)
		for _, role := range everyone {
			// Without a body a PUT is malformed and everything else names nothing,
			// so that only the role can be the reason for a 403.
			w := do(op.Method, path.Replace(op.Path), string(role)+"-none.go.id", "")
			if refused := w.Code == http.StatusForbidden; refused == slices.Contains(allowed, role) {
				t.Errorf("%s as %s: got %d %s", op.ID, role, w.Code, w.Body)
			}
		}
	}
	if len(want) != 0 {
		t.Errorf("these do not exist: %v", want)
	}
}

func TestKeysThroughTheAPI(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		_, do := served(furnished(t, db))
		const path, token = "/applications/" + layanan + "/keys", "consumer-" + bandung
		w := do("POST", path, token, `{"label":"uji"}`)
		var issued struct{ ID, Application, Label, CreatedAt, Key string }
		if err := json.Unmarshal(w.Body.Bytes(), &issued); err != nil || w.Code != 201 {
			t.Fatalf("got %d %s", w.Code, w.Body)
		}
		if issued.Application != layanan || issued.Label != "uji" || !strings.HasPrefix(issued.Key, "spk_") || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("got %+v with %v", issued, w.Header())
		}
		w = do("GET", path, token, "")
		if text := w.Body.String(); w.Code != 200 || !strings.Contains(text, issued.ID) || strings.Contains(text, issued.Key) || strings.Contains(text, `"key"`) {
			t.Errorf("got %d %s", w.Code, text)
		}
		if w = do("GET", path, "consumer-"+sumedang, ""); w.Code != 404 {
			t.Errorf("another agency: got %d %s", w.Code, w.Body)
		}
		if w = do("DELETE", path+"/"+issued.ID, token, ""); w.Code != 204 || w.Body.Len() != 0 {
			t.Errorf("got %d %s", w.Code, w.Body)
		}
		if w = do("GET", path, token, ""); strings.TrimSpace(w.Body.String()) != `{"items":[]}` {
			t.Errorf("got %s", w.Body)
		}
	})
}

// A text that one engine takes and the other does not is refused before either
// sees it.
func TestTextsThatNoDatabaseShouldSee(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		_, do := served(furnished(t, db))
		resource := func(kind, id, spec string) string {
			return `{"apiVersion":"simpul/v1","kind":"` + kind + `","metadata":{"id":"` + id + `"},"spec":` + spec + `}`
		}
		for _, c := range []struct{ method, path, body, place string }{
			{"PUT", "/agencies/" + bandung, resource("Agency", bandung, `{"name":"a\u0000b","level":"nasional"}`), "body.spec.name"},
			{"PUT", "/applications/" + layanan, resource("Application", layanan, `{"name":"a\u0000b"}`), "body.spec.name"},
			{"PUT", "/applications/" + layanan, resource("Application", layanan, `{"name":"ab","description":"a\u0000b"}`), "body.spec.description"},
			{"PUT", "/agencies/Bandung", resource("Agency", "Bandung", `{"name":"ab","level":"nasional"}`), "body.metadata.id"},
			{"POST", "/applications/" + layanan + "/keys", `{"label":"a\u0000b"}`, "body.label"},
			{"GET", "/agencies/a%00b", "", "path"},
			{"GET", "/applications/a%ffb", "", "path"},
			{"DELETE", "/applications/" + layanan + "/keys/%00", "", "path"},
			{"GET", "/applications?cursor=" + httpapi.EncodeCursor("a\x00"), "", "query.cursor"},
		} {
			w := do(c.method, c.path, "operator", c.body)
			var p httpapi.Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code/100 != 4 || len(p.Errors) != 1 || p.Errors[0].Location != c.place {
				t.Errorf("%s %s: got %d %s", c.method, c.path, w.Code, w.Body)
			}
		}
	})
}
