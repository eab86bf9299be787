package httpapi

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
)

var everyRole = []simpul.Role{simpul.RoleOperator, simpul.RoleAdmin, simpul.RoleProvider, simpul.RoleConsumer, simpul.RoleAuditor}

type nothing struct{}

// at fills an operation's path.
var at = strings.NewReplacer("{id}", "x", "{group}", "g", "{name}", "N")

func TestAnOperationAdmitsItsPermissionOnly(t *testing.T) {
	h := newHub(gatekeeper{})
	Register(h.api, Operation{ID: "nobody", Method: "GET", Path: "/nobody", Tag: "t"},
		func(context.Context, simpul.Principal, *nothing) (*nothing, error) {
			t.Error("an operation without a permission was called")
			return nil, nil
		})
	h.widgets.stored["x"], h.gadgets.stored["g/N"] = widget{}, widget{}
	ops := h.api.Operations()
	if len(ops) != 9 {
		t.Fatalf("%d operations are registered, want 9", len(ops))
	}
	for _, op := range ops {
		for _, role := range everyRole {
			path := at.Replace(op.Path)
			w := h.do(call{method: op.Method, path: path, header: map[string]string{"Authorization": "Bearer " + string(role)}})
			if admitted := simpul.Acting("", role, "a.go.id").Can(op.Need); (w.Code == http.StatusForbidden) == admitted {
				t.Errorf("%s as %s: got %d, allowed %v", op.ID, role, w.Code, admitted)
			}
			if w.Code == http.StatusForbidden {
				p := problem(t, w, http.StatusForbidden)
				if p.Code != simpul.CodeDenied || op.Need != "" && !strings.Contains(p.Detail, string(op.Need)) {
					t.Errorf("%s as %s: got %+v", op.ID, role, p)
				}
			}
		}
	}
}

func TestOperationsCannotBeChangedFromOutside(t *testing.T) {
	h := newHub(gatekeeper{})
	h.api.Operations()[0] = Operation{}
	if h.api.Operations()[0].ID == "" {
		t.Error("the list of operations was changed")
	}
}

// unread fails the test when somebody reads it.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body was read before the caller was known")
	return 0, nil
}

func TestNobodyUnknownIsHeard(t *testing.T) {
	for _, c := range []struct {
		authorization string
		status        int
	}{
		{"", http.StatusUnauthorized},
		{"Bearer", http.StatusUnauthorized},
		{"Bearer ", http.StatusUnauthorized},
		{"Bearer   ", http.StatusUnauthorized},
		{"Basic YTpi", http.StatusUnauthorized},
		{"admin", http.StatusUnauthorized},
		{"Bearer stranger", http.StatusUnauthorized},
		{"Bearer admin admin", http.StatusUnauthorized},
		{"Bearer auditor", http.StatusForbidden},
	} {
		h := newHub(gatekeeper{})
		r := httptest.NewRequest("PUT", "/api/v1/widgets/x?nonsense=%zz", unread{t})
		r.Header.Set("Accept-Language", "en")
		r.Header.Set("Authorization", c.authorization)
		w := httptest.NewRecorder()
		h.mux.ServeHTTP(w, r)
		problem(t, w, c.status)
		challenge := w.Header().Get("WWW-Authenticate")
		if (challenge == `Bearer realm="simpul"`) != (c.status == http.StatusUnauthorized) || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%q: got header %v", c.authorization, w.Header())
		}
	}
}

func TestTheSchemeIsReadAsHTTPDoes(t *testing.T) {
	for _, authorization := range []string{"Bearer admin", "bearer admin", "BEARER  admin ", "Bearer\u0020admin"} {
		h := newHub(gatekeeper{})
		if w := h.do(call{method: "GET", path: "/widgets", header: map[string]string{"Authorization": authorization}}); w.Code != http.StatusOK {
			t.Errorf("%q: got %d", authorization, w.Code)
		}
	}
}

func TestTheHandlerLearnsWhoCalls(t *testing.T) {
	h := newHub(gatekeeper{})
	h.do(call{method: "PUT", path: "/widgets/x", body: enveloped("Widget", "x", goodSpec)})
	if want := (simpul.Acting("t-1", simpul.RoleAdmin, "a.go.id")); !cmp.Equal(h.widgets.by, want) {
		t.Errorf("got %+v, want %+v", h.widgets.by, want)
	}
}

func TestAnAuthenticatorThatFailsAdmitsNobody(t *testing.T) {
	h := newHub(gatekeeper{failed: errDisk})
	w := h.do(call{method: "GET", path: "/widgets"})
	if strings.Contains(w.Body.String(), "disk") {
		t.Errorf("the client learns %s", w.Body)
	}
	if p := problem(t, w, http.StatusInternalServerError); p.Code != simpul.CodeInternal || !strings.Contains(h.log.String(), "disk error") {
		t.Errorf("got %+v and log %s", p, &h.log)
	}
}

func TestHostileAddressesAreRefused(t *testing.T) {
	for _, c := range []struct{ path, place string }{
		{"/widgets/%00", "path"},
		{"/widgets/a%00b", "path"},
		{"/widgets/%ff%fe", "path"},
		{"/widgets/a%0Ab", "path"},
		{"/widgets/x?cursor=%00", "query"},
		{"/widgets?cursor=a%ffb", "query"},
		{"/widgets?%0D=1", "query"},
		{"/widgets?cursor=%zz", "query"},
	} {
		h := newHub(gatekeeper{})
		p := problem(t, h.do(call{method: "GET", path: c.path}), http.StatusBadRequest)
		if p.Code != simpul.CodeInvalid || len(p.Errors) != 1 || p.Errors[0].Location != c.place {
			t.Errorf("%s: got %+v, want %s", c.path, p, c.place)
		}
	}
}
