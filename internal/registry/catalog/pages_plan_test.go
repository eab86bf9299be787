package catalog_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
	"simpul/internal/registry/catalog"
)

func TestScreensOfAPlan(t *testing.T) {
	r, plans, _, next := broken(t, testkit.SQLite(t))
	plan, err := plans.Announce(t.Context(), providerOf(kemendagri), kota, next)
	if err != nil {
		t.Fatal(err)
	}
	path := catalog.PlanPath(kota, plan.Contract)
	visit := func(who simpul.Principal, form url.Values) *httptest.ResponseRecorder {
		mux := http.NewServeMux()
		gate := web.Gate{SignIn: "/masuk", Visitor: func(context.Context) (simpul.Principal, bool) { return who, who.ID != "" }}
		catalog.NewPlanPages(plans, owners{}, gate).Register(mux)
		request := httptest.NewRequest(http.MethodGet, path, nil)
		if form != nil {
			request = httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		w := httptest.NewRecorder()
		web.Localize(mux).ServeHTTP(w, request)
		return w
	}
	consumer, auditor := consumerOf(bandung), simpul.Acting("t-auditor", simpul.RoleAuditor, bandung)
	for _, c := range []struct {
		name        string
		who         simpul.Principal
		form        url.Values
		status      int
		says, hides string
	}{
		{"a stranger signs in first", simpul.Principal{}, nil, 303, "", "nama"},
		{"the consumer reads and may answer", consumer, nil, 200, "Kolom jawaban nama dihapus.", "10.1.2.3"},
		{"the consumer has a form", consumer, nil, 200, `name="verdict"`, "Jawaban pemakai"},
		{"who looks on has none", auditor, nil, 200, "Minta rekan", `name="verdict"`},
		{"who looks on does not answer", auditor, url.Values{"verdict": {"consents"}}, 403, "", ""},
		{"another agency finds nothing", consumerOf("bps.go.id"), nil, 404, "tidak ditemukan", "nama dihapus"},
		{"another agency does not answer", consumerOf("bps.go.id"), url.Values{"verdict": {"consents"}}, 404, "tidak ditemukan", ""},
		{"the provider sees who answers", providerOf(kemendagri), nil, 200, "Belum menjawab", `name="verdict"`},
		{"an objection needs a reason", consumer, url.Values{"verdict": {"objects"}, "reason": {"tidak"}}, 400, "Keberatan memerlukan alasan.", ""},
		{"an objection", consumer, url.Values{"verdict": {"objects"}, "reason": {"loket membaca nama"}}, 303, "", ""},
		{"the provider reads it", providerOf(kemendagri), nil, 200, "loket membaca nama", ""},
		{"consent", consumer, url.Values{"verdict": {"consents"}}, 303, "", ""},
		{"the consumer sees its answer", consumer, nil, 200, "Setuju", ""},
	} {
		w := visit(c.who, c.form)
		if body := w.Body.String(); w.Code != c.status || !strings.Contains(body, c.says) || c.hides != "" && strings.Contains(body, c.hides) {
			t.Errorf("%s: %d, want %d with %q without %q", c.name, w.Code, c.status, c.says, c.hides)
		}
	}
	if _, err := r.Put(t.Context(), providerOf(kemendagri), kota, next, false); err != nil {
		t.Fatal(err)
	}
	if w := visit(consumer, nil); w.Code != 200 || !strings.Contains(w.Body.String(), "Sudah berlaku") {
		t.Errorf("a plan that is carried out: %d", w.Code)
	}
}
