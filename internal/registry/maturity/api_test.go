package maturity_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
	"simpul/internal/registry/maturity"
)

// gatekeeper takes a token for the name of a role at Bandung.
type gatekeeper struct{}

func (gatekeeper) Principal(_ context.Context, token simpul.Secret) (simpul.Principal, error) {
	return simpul.Acting("t-1", simpul.Role(token.Reveal()), bandung), nil
}

func served(t *testing.T) (*httpapi.API, func(method, path, role, body string) *httptest.ResponseRecorder) {
	mux := http.NewServeMux()
	api := httpapi.New(mux, "1", gatekeeper{}, slog.New(slog.DiscardHandler))
	maturity.Register(api, service(t, testkit.SQLite(t), busy()))
	return api, func(method, path, role, body string) *httptest.ResponseRecorder {
		request := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
		request.Header.Set("Authorization", "Bearer "+role)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, request)
		return w
	}
}

func TestWhoMayCallWhat(t *testing.T) {
	everyRole := []simpul.Role{simpul.RoleOperator, simpul.RoleAdmin, simpul.RoleProvider, simpul.RoleConsumer, simpul.RoleSteward, simpul.RoleAuditor}
	want := map[string][]simpul.Role{"get-evidence-report": everyRole, "get-evidence-report-file": everyRole, "get-maturity-model": everyRole, "put-maturity-model": everyRole[:1]}
	api, do := served(t)
	for _, op := range api.Operations() {
		allowed, ok := want[op.ID]
		if !ok {
			t.Errorf("%s is not in the table", op.ID)
		}
		for _, role := range everyRole {
			w := do(op.Method, strings.Replace(op.Path, "{id}", string(bandung), 1), string(role), "")
			if refused := w.Code == http.StatusForbidden; refused == slices.Contains(allowed, role) {
				t.Errorf("%s as %s: got %d %s", op.ID, role, w.Code, w.Body)
			}
		}
	}
}

// What the API answers as data is what the SHA-256 is of, byte by byte.
func TestTheDigestCanBeReckonedAgain(t *testing.T) {
	_, do := served(t)
	w := do("GET", "/agencies/"+string(bandung)+"/evidence-report?from=2026-10-15&until=2026-11-22", "steward", "")
	var d struct {
		SHA256 string
		Data   json.RawMessage
	}
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(d.Data); hex.EncodeToString(sum[:]) != d.SHA256 {
		t.Errorf("the data have %x, the answer says %s", sum, d.SHA256)
	}
	table := do("GET", "/agencies/"+string(bandung)+"/evidence-report/file?format=csv&from=2026-10-15&until=2026-11-22", "steward", "")
	if !strings.Contains(table.Body.String(), d.SHA256) || !strings.HasPrefix(table.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("the CSV says otherwise: %s", table.Header())
	}
	paper := do("GET", "/agencies/"+string(bandung)+"/evidence-report/file", "auditor", "")
	if paper.Header().Get("Content-Type") != "application/pdf" || !strings.HasPrefix(paper.Body.String(), "%PDF-") {
		t.Errorf("got %v", paper.Header())
	}
	for path, status := range map[string]int{
		"/agencies/" + string(kemendagri) + "/evidence-report":           404,
		"/agencies/" + string(kemendagri) + "/evidence-report/file":      404,
		"/agencies/" + string(bandung) + "/evidence-report?from=kemarin": 400,
	} {
		if w := do("GET", path, "steward", ""); w.Code != status {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestTheScreen(t *testing.T) {
	s := service(t, testkit.SQLite(t), busy())
	var visitor *simpul.Principal
	agencies := func(context.Context) []maturity.Agency {
		return []maturity.Agency{{ID: bandung, Name: "Pemerintah Kota Bandung"}}
	}
	mux := http.NewServeMux()
	maturity.NewPages(s, agencies, web.Gate{SignIn: "/masuk", Visitor: func(context.Context) (simpul.Principal, bool) {
		if visitor == nil {
			return simpul.Principal{}, false
		}
		return *visitor, true
	}}).Register(mux)
	pages := web.Localize(web.Site{}.Frame(web.Secure(mux)))
	get := func(p *simpul.Principal, path string) *httptest.ResponseRecorder {
		visitor = p
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return w
	}
	for _, c := range []struct {
		p      *simpul.Principal
		path   string
		status int
		says   string
	}{
		{nil, maturity.Path, 303, ""},
		{&steward, maturity.Path, 200, "Unduh PDF"},
		{&operator, maturity.Path, 200, "Pilih instansi"},
		{&operator, maturity.Path + "?agency=" + string(bandung), 200, "Unduh CSV"},
		{&steward, maturity.Path + "?from=2026-11-23&until=2026-01-01", 400, "Awal periode"},
		{&stranger, maturity.Path + "?agency=" + string(bandung), 404, "tidak ditemukan"},
		{&stranger, maturity.Path + "/laporan.csv?agency=" + string(bandung), 404, "tidak ditemukan"},
		{&steward, maturity.Path + "/laporan.csv", 200, "sha256"},
		{&steward, maturity.Path + "/laporan.pdf", 200, "%PDF-"},
		{&simpul.Principal{ID: "x", Agency: bandung}, maturity.Path, 403, ""},
	} {
		if w := get(c.p, c.path); w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%v %s: %d, want %d with %q", c.p, c.path, w.Code, c.status, c.says)
		}
	}
}
