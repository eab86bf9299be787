package duty_test

import (
	"bytes"
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
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/duty"
)

// gatekeeper knows people by their first names, and roles.
type gatekeeper struct{}

func (gatekeeper) Principal(_ context.Context, token simpul.Secret) (simpul.Principal, error) {
	switch token.Reveal() {
	case "ani":
		return ani, nil
	case "budi":
		return budi, nil
	}
	return simpul.Acting("t-1", simpul.Role(token.Reveal()), bandung), nil
}

func api(r *room) (*httpapi.API, *http.ServeMux) {
	mux := http.NewServeMux()
	a := httpapi.New(mux, "1", gatekeeper{}, slog.New(slog.DiscardHandler))
	duty.Register(a, r.Service)
	return a, mux
}

// served asks the API and decodes its answer.
func served(t testing.TB, r *room, method, path, token string, body, into any) int {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	_, mux := api(r)
	request := httptest.NewRequest(method, "/api/v1"+path, bytes.NewReader(text))
	request.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, request)
	if into != nil {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			t.Fatalf("%v: %s", err, w.Body)
		}
	}
	return w.Code
}

func TestWhoMayCallWhat(t *testing.T) {
	everyRole := []simpul.Role{simpul.RoleOperator, simpul.RoleAdmin, simpul.RoleProvider, simpul.RoleSteward, simpul.RoleConsumer, simpul.RoleProducer, simpul.RoleAuditor, simpul.RoleDPO}
	readers := []simpul.Role{simpul.RoleOperator, simpul.RoleAdmin, simpul.RoleProvider, simpul.RoleSteward, simpul.RoleAuditor, simpul.RoleDPO}
	deciders := []simpul.Role{simpul.RoleOperator, simpul.RoleAdmin, simpul.RoleProvider, simpul.RoleSteward, simpul.RoleDPO}
	want := map[string][]simpul.Role{"list-proposals": readers, "get-proposal": readers, "decide-proposal": deciders, "withdraw-proposal": readers}
	r := newRoom(t, testkit.SQLite(t), duty.Rules{})
	a, _ := api(r)
	for _, op := range a.Operations() {
		allowed, ok := want[op.ID]
		if !ok {
			t.Errorf("%s is not in the table", op.ID)
		}
		delete(want, op.ID)
		for _, role := range everyRole {
			code := served(t, r, op.Method, strings.Replace(op.Path, "{id}", "u-unknown", 1), string(role), nil, nil)
			if refused := code == http.StatusForbidden; refused == slices.Contains(allowed, role) {
				t.Errorf("%s as %s: got %d", op.ID, role, code)
			}
		}
	}
	for id := range want {
		t.Errorf("there is no operation %s", id)
	}
}

func TestDecidingByTheAPI(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t), duty.Rules{})
	r.board["papan"] = "lama"
	id := r.propose(t, ani, bandung, "papan", "baru")
	var got struct {
		ID, State, Proposer, Decider, Digest, BeforeDigest, Reason string
		Content                                                    any
		Changes                                                    []struct {
			Term          struct{ ID, EN string }
			Before, After string
		}
	}
	if code := served(t, r, "GET", "/proposals/"+id, "budi", nil, &got); code != 200 || got.Content != "baru" || got.State != "open" || len(got.Digest) != 64 || len(got.BeforeDigest) != 64 {
		t.Errorf("%d %+v", code, got)
	}
	if len(got.Changes) != 1 || got.Changes[0].Term.EN != "Text" || got.Changes[0].Before != "lama" || got.Changes[0].After != "baru" {
		t.Errorf("changes %+v", got.Changes)
	}
	verdict := map[string]string{"verdict": "approve", "reason": "sudah diperiksa"}
	if code := served(t, r, "POST", "/proposals/"+id+"/decision", "ani", verdict, nil); code != 403 {
		t.Errorf("oneself: %d", code)
	}
	if code := served(t, r, "POST", "/proposals/"+id+"/decision", "budi", map[string]string{"verdict": "maybe", "reason": "x"}, nil); code != 422 {
		t.Errorf("another verdict: %d", code)
	}
	if code := served(t, r, "POST", "/proposals/"+id+"/decision", "budi", verdict, &got); code != 200 || got.State != "approved" || got.Decider != budi.ID || got.Reason != "sudah diperiksa" {
		t.Errorf("%d %+v", code, got)
	}
	if code := served(t, r, "POST", "/proposals/"+id+"/decision", "budi", verdict, nil); code != 409 {
		t.Errorf("twice: %d", code)
	}
	other := r.propose(t, ani, bandung, "papan", "lain lagi")
	if code := served(t, r, "POST", "/proposals/"+other+"/withdrawal", "ani", nil, &got); code != 200 || got.State != "withdrawn" {
		t.Errorf("%d %+v", code, got)
	}
}
