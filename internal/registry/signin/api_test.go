package signin_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/signin"
)

// bearers are principals by token.
type bearers map[simpul.Secret]simpul.Principal

func (b bearers) Principal(_ context.Context, token simpul.Secret) (simpul.Principal, error) {
	p, ok := b[token]
	if !ok {
		return p, refused(simpul.CodeUnauthenticated)
	}
	return p, nil
}

func TestTheProviderByAPI(t *testing.T) {
	w := quickWorld(t)
	withAgencies(t, w)
	mux := http.NewServeMux()
	signin.RegisterAPI(httpapi.New(mux, "0", bearers{
		"admin": admin(bandung), "neighbour": admin("surabayakota.go.id"), "reader": simpul.Acting("t-r", simpul.RoleAuditor, bandung),
	}, slog.New(slog.DiscardHandler)), w.Service)
	const path = "/api/v1/agencies/bandungkota.go.id/identity-provider"
	const good = `{"issuer":"https://sso.bandungkota.go.id","clientId":"simpul","clientSecret":"rahasia-klien","domain":"bandungkota.go.id"}`
	for _, c := range []struct {
		who, method, body string
		status            int
		says              string
	}{
		{"admin", http.MethodGet, "", http.StatusNotFound, "tidak ditemukan"},
		{"neighbour", http.MethodPut, good, http.StatusNotFound, "tidak ditemukan"},
		{"reader", http.MethodPut, good, http.StatusForbidden, "agency.write"},
		{"nobody", http.MethodGet, "", http.StatusUnauthorized, ""},
		{"admin", http.MethodPut, `{"issuer":"ftp://x","clientId":"simpul","clientSecret":"x"}`, http.StatusBadRequest, "issuer"},
		{"admin", http.MethodPut, `{"issuer":"https://sso.bandungkota.go.id","clientId":"simpul","scope":"x"}`, http.StatusUnprocessableEntity, "scope"},
		{"admin", http.MethodPut, good, http.StatusOK, `"claim":"email"`},
		{"admin", http.MethodGet, "", http.StatusOK, `"issuer":"https://sso.bandungkota.go.id"`},
		{"neighbour", http.MethodGet, "", http.StatusNotFound, "tidak ditemukan"},
		{"neighbour", http.MethodDelete, "", http.StatusNotFound, "tidak ditemukan"},
		{"admin", http.MethodDelete, "", http.StatusNoContent, ""},
		{"admin", http.MethodDelete, "", http.StatusNotFound, "tidak ditemukan"},
	} {
		r := httptest.NewRequest(c.method, path, strings.NewReader(c.body))
		r.Header.Set("Authorization", "Bearer "+c.who)
		r.Header.Set("Content-Type", "application/json")
		out := httptest.NewRecorder()
		mux.ServeHTTP(out, r)
		text, _ := io.ReadAll(out.Body)
		if out.Code != c.status || !strings.Contains(string(text), c.says) || strings.Contains(string(text), "rahasia-klien") {
			t.Errorf("%s %s: %d %s", c.who, c.method, out.Code, text)
		}
	}
}
