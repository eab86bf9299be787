package evidence

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/testkit"
)

// tokens authenticates by a fixed list.
type tokens map[simpul.Secret]simpul.Principal

func (t tokens) Principal(_ context.Context, token simpul.Secret) (simpul.Principal, error) {
	if p, ok := t[token]; ok {
		return p, nil
	}
	return simpul.Principal{}, &simpul.Error{Code: simpul.CodeUnauthenticated}
}

func TestAPI(t *testing.T) {
	exchanges, all := indexed120(t, testkit.SQLite(t))
	mux, until := http.NewServeMux(), time.Date(2026, 11, 25, 5, 0, 0, 0, time.UTC)
	Register(httpapi.New(mux, "test", tokens{
		"operator": simpul.Acting("", simpul.RoleOperator, ""),
		"provider": simpul.Acting("", simpul.RoleProvider, kemendagri),
		"stranger": simpul.Acting("", simpul.RoleAdmin, bps),
	}, quiet), exchanges, func(context.Context) (httpapi.Lag, error) { return httpapi.Lag{Behind: 7, CompleteUntil: &until}, nil })

	call := func(token, path string, answer any) int {
		t.Helper()
		r := httptest.NewRequest(http.MethodGet, "/api/v1"+path, nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if err := json.Unmarshal(w.Body.Bytes(), answer); err != nil {
			t.Fatalf("%s: %v in %s", path, err, w.Body)
		}
		return w.Code
	}
	var late httpapi.Lag
	if status := call("operator", "/exchanges?limit=1", &late); status != 200 || late.Behind != 7 || late.CompleteUntil == nil || !late.CompleteUntil.Equal(until) {
		t.Errorf("status %d, %+v: the list does not say what it lacks", status, late)
	}
	i := firstOf(all, kemendagri)
	one := "/exchanges/" + string(all[i].ID)

	for name, c := range map[string]struct {
		token, path string
		status      int
		place       string
	}{
		"nobody":              {"", one, 401, ""},
		"stranger":            {"stranger", one, 404, ""},
		"no such exchange":    {"operator", "/exchanges/018f0000-0000-7000-8000-000000000000", 404, ""},
		"not an exchange":     {"operator", "/exchanges/x", 400, "path.id"},
		"not a LID":           {"operator", "/exchanges?lid=x", 400, "query.lid"},
		"not an application":  {"operator", "/exchanges?application=x", 400, "query.application"},
		"not a grant":         {"operator", "/exchanges?grant=X", 400, "query.grant"},
		"not an outcome":      {"operator", "/exchanges?outcome=x", 422, "query.outcome"},
		"not a time":          {"operator", "/exchanges?since=x", 422, "query.since"},
		"not a cursor":        {"operator", "/exchanges?cursor=x", 400, "query.cursor"},
		"a parameter unknown": {"operator", "/exchanges?nik=x", 422, "query.nik"},
	} {
		t.Run(name, func(t *testing.T) {
			var p httpapi.Problem
			if status := call(c.token, c.path, &p); status != c.status {
				t.Errorf("status %d, want %d", status, c.status)
			}
			if c.place != "" && (len(p.Errors) != 1 || p.Errors[0].Location != c.place) {
				t.Errorf("errors %+v, want %s", p.Errors, c.place)
			}
		})
	}

	t.Run("one", func(t *testing.T) {
		var got exchangeResource
		if status := call("provider", one, &got); status != 200 {
			t.Fatal(status)
		}
		found, err := exchanges.Get(t.Context(), nation, all[i].ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(resourceOf(found), got); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("list", func(t *testing.T) {
		var page httpapi.List[exchangeResource]
		if status := call("provider", "/exchanges?outcome=failed&limit=2&lid=master/Kota", &page); status != 200 || len(page.Items) != 2 {
			t.Fatalf("status %d, %d items", status, len(page.Items))
		}
		var next httpapi.List[exchangeResource]
		call("provider", "/exchanges?outcome=failed&limit=2&lid=master/Kota&cursor="+page.Next, &next)
		for _, x := range append(page.Items, next.Items...) {
			if x.Spec.LID != "master/Kota" || x.Status.Outcome != "denied" || x.Status.HTTPStatus != 403 {
				t.Errorf("item %+v", x)
			}
		}
		if len(next.Items) == 0 || next.Items[0].Metadata.ID >= page.Items[1].Metadata.ID {
			t.Errorf("the next page does not follow: %+v", next.Items)
		}
	})

	t.Run("empty list", func(t *testing.T) {
		var raw json.RawMessage
		call("stranger", "/exchanges", &raw)
		if got := strings.TrimSpace(string(raw)); got != `{"items":[],"behind":7,"completeUntil":"2026-11-25T05:00:00Z"}` {
			t.Errorf("answer %s", got)
		}
	})
}

// firstOf returns the place of the first delivered exchange of the provider.
func firstOf(all []*simpul.Exchange, provider simpul.AgencyID) int {
	for i, x := range all {
		if x.Provider == provider && x.Outcome == "" && sealed(i) {
			return i
		}
	}
	return -1
}
