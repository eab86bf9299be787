package identity_test

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
	"simpul/internal/registry/identity"
)

// gatekeeper takes the name of an account for a token, and asks the room for
// anything else.
type gatekeeper struct{ *house }

func (g gatekeeper) Principal(ctx context.Context, token simpul.Secret) (simpul.Principal, error) {
	if strings.Contains(token.Reveal(), "@") {
		return g.PrincipalOf(ctx, simpul.AccountID(token.Reveal()))
	}
	role, agency, _ := strings.Cut(token.Reveal(), "/")
	return simpul.Acting("t-1", simpul.Role(role), simpul.AgencyID(agency)), nil
}

func served(h *house) (*httpapi.API, func(method, path, token, body string) *httptest.ResponseRecorder) {
	mux := http.NewServeMux()
	api := httpapi.New(mux, "1", gatekeeper{h}, slog.New(slog.DiscardHandler))
	identity.Register(api, h.Service)
	return api, func(method, path, token, body string) *httptest.ResponseRecorder {
		request := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
		request.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, request)
		return w
	}
}

func TestWhoMayCallWhat(t *testing.T) {
	everyone := []simpul.Role{simpul.RoleOperator, simpul.RoleAdmin, simpul.RoleProvider, simpul.RoleConsumer, simpul.RoleAuditor, simpul.RoleDPO}
	readers := []simpul.Role{simpul.RoleOperator, simpul.RoleAdmin, simpul.RoleAuditor, simpul.RoleDPO}
	keepers := everyone[:2]
	want := map[string][]simpul.Role{
		"list-role": readers, "get-role": readers, "put-role": everyone[:1], "delete-role": everyone[:1],
		"list-accounts": readers, "get-account": readers,
		"invite-account": keepers, "put-account-roles": keepers, "resend-invitation": keepers, "withdraw-invitation": keepers,
		"recover-account": keepers, "suspend-account": keepers, "reinstate-account": keepers,
		"change-account": everyone, "close-account": everyone, "export-account": everyone, // one's own; see below
		"erase-account":   {simpul.RoleDPO},
		"begin-emergency": keepers, "end-emergency": everyone, "list-emergencies": readers,
	}
	h := newHouse(t, testkit.SQLite(t))
	api, do := served(h)
	for _, op := range api.Operations() {
		allowed, ok := want[op.ID]
		if !ok {
			t.Errorf("%s is not in the table", op.ID)
		}
		delete(want, op.ID)
		path := strings.ReplaceAll(op.Path, "{id}", "none@"+string(bandung))
		for _, role := range everyone {
			token := string(role) + "/" + string(bandung)
			if role == simpul.RoleOperator {
				token = string(role)
			}
			need := simpul.Acting("", role, bandung).Can(op.Need)
			w := do(op.Method, path, token, "")
			if need != slices.Contains(allowed, role) || need != (w.Code != http.StatusForbidden) && op.Need != simpul.OwnAccount {
				t.Errorf("%s as %s: got %d", op.ID, role, w.Code)
			}
		}
	}
	for id := range want {
		t.Errorf("there is no operation %s", id)
	}
}

func TestOthersNeedMoreThanOneself(t *testing.T) {
	h := newHouse(t, testkit.SQLite(t))
	_, do := served(h)
	h.person(t, "p@bandungkota.go.id", of(simpul.RoleProvider))
	h.person(t, "q@bandungkota.go.id", of(simpul.RoleProvider))
	person := `{"name":"Nama Baru","email":"p@surat.example.id"}`
	for _, c := range []struct{ method, path, body string }{
		{"PUT", "", person}, {"POST", "/closure", ""}, {"POST", "/export", ""},
	} {
		if w := do(c.method, "/accounts/p@bandungkota.go.id"+c.path, "q@bandungkota.go.id", c.body); w.Code != http.StatusForbidden {
			t.Errorf("another's %s: got %d %s", c.path, w.Code, w.Body)
		}
	}
	for _, c := range []struct{ method, path, body string }{
		{"PUT", "", person}, {"POST", "/export", ""}, {"POST", "/closure", ""},
	} {
		if w := do(c.method, "/accounts/p@bandungkota.go.id"+c.path, "p@bandungkota.go.id", c.body); w.Code != http.StatusOK {
			t.Errorf("one's own %s: got %d %s", c.path, w.Code, w.Body)
		}
	}
}

func TestAnAccountsLifeOverTheAPI(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		_, do := served(h)
		h.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
		h.person(t, "dpo@bandungkota.go.id", of(simpul.RoleDPO))
		const one = "/accounts/siti@bandungkota.go.id"
		steps := []struct {
			method, path, token, body string
			status                    int
			shows                     string
		}{
			{"POST", "/accounts", "admin@bandungkota.go.id", `{"id":"siti@bandungkota.go.id","name":"Siti Rahma","email":"siti@surat.example.id","roles":[{"role":"consumer"}]}`, 201, `"state":"invited"`},
			{"POST", "/accounts", "admin@bandungkota.go.id", `{"id":"x@bandungkota.go.id","name":"Siti Rahma","email":"siti","roles":[{"role":"consumer"}]}`, 400, `"body.email"`},
			{"POST", "/accounts", "admin@bandungkota.go.id", `{"id":"x@bandungkota.go.id","name":"S\u0000iti","email":"x@surat.example.id","roles":[{"role":"consumer"}]}`, 422, `"body.name"`},
			{"POST", one + "/invitation", "admin@bandungkota.go.id", "", 200, `"invited"`},
			{"GET", "/accounts?state=invited&limit=1", "admin@bandungkota.go.id", "", 200, `"siti@bandungkota.go.id"`},
			{"GET", "/accounts?limit=1", "admin@bandungkota.go.id", "", 200, `"next":"`},
			{"GET", "/accounts?state=gone", "admin@bandungkota.go.id", "", 422, "query.state"},
			{"DELETE", one + "/invitation", "admin@bandungkota.go.id", "", 200, `"invited"`},
			{"DELETE", one + "/invitation", "admin@bandungkota.go.id", "", 409, "conflict"},
			{"PUT", one + "/roles", "admin@bandungkota.go.id", `{"roles":[{"role":"steward"}]}`, 200, `"steward"`},
			{"PUT", one + "/roles", "admin@bandungkota.go.id", `{"roles":[{"role":"operator","national":true}]}`, 403, "denied"},
			{"PUT", one, "admin@bandungkota.go.id", `{"name":"Siti R.","email":"siti@surat.example.id","language":"en"}`, 200, `"language":"en"`},
			{"POST", one + "/closure", "admin@bandungkota.go.id", "", 200, `"closed"`},
			{"POST", one + "/erasure", "dpo@bandungkota.go.id", "", 204, ""},
			{"GET", one, "dpo@bandungkota.go.id", "", 200, `"erasedAt"`},
			{"POST", "/emergencies", "admin@bandungkota.go.id", `{"role":"dpo","reason":"` + reason + `","minutes":10}`, 201, `"until"`},
			{"POST", "/emergencies", "admin@bandungkota.go.id", `{"role":"dpo","reason":"pendek"}`, 422, "body.reason"},
			{"GET", "/emergencies", "admin@bandungkota.go.id", "", 200, reason},
			{"POST", "/emergencies/e-none/end", "admin@bandungkota.go.id", "", 404, "not_found"},
		}
		for _, s := range steps {
			w := do(s.method, s.path, s.token, s.body)
			if w.Code != s.status || !strings.Contains(w.Body.String(), s.shows) {
				t.Errorf("%s %s: got %d %s, want %d with %s", s.method, s.path, w.Code, w.Body, s.status, s.shows)
			}
			for _, l := range h.letters {
				if strings.Contains(w.Body.String(), l.code().Reveal()) {
					t.Errorf("%s %s shows a code", s.method, s.path)
				}
			}
		}
	})
}

func TestAnExportIsNotCached(t *testing.T) {
	h := newHouse(t, testkit.SQLite(t))
	_, do := served(h)
	h.person(t, "p@bandungkota.go.id", of(simpul.RoleProvider))
	w := do("POST", "/accounts/p@bandungkota.go.id/export", "p@bandungkota.go.id", "")
	var got struct {
		Account struct{ Email string }
		Events  []struct{ Action string }
		SignIn  map[string]any
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Header().Get("Cache-Control") != "no-store" || got.Account.Email == "" || len(got.Events) != 2 || got.SignIn["passkeys"] == nil {
		t.Errorf("got %s, %v", w.Body, err)
	}
}
