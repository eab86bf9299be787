package feasibility_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
	"simpul/internal/registry/feasibility"
)

// gatekeeper knows the three principals of the tests by their names.
type gatekeeper struct{}

func (gatekeeper) Principal(_ context.Context, token simpul.Secret) (simpul.Principal, error) {
	return map[string]simpul.Principal{"operator": operator, "owner": owner, "stranger": stranger}[token.Reveal()], nil
}

// served asks the API and decodes its answer.
func served(t *testing.T, r *room, method, path, token, body string, into any) int {
	t.Helper()
	mux := http.NewServeMux()
	feasibility.Register(httpapi.New(mux, "1", gatekeeper{}, slog.New(slog.DiscardHandler)), r.Service)
	request := httptest.NewRequest(method, "/api/v1/lids/"+path, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, request)
	if into != nil {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			t.Fatalf("%v: %s", err, w.Body)
		}
	}
	return w.Code
}

func TestTheAPI(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t), faulty())
	const at = "master/Kota/feasibility"
	var st feasibility.Standing
	if code := served(t, r, "GET", at, "owner", "", &st); code != 200 || st.Report != nil || st.Fit {
		t.Errorf("%d %+v", code, st)
	}
	var report feasibility.Report
	if code := served(t, r, "POST", at, "owner", "", &report); code != 200 || report.Outcome != feasibility.Fail || len(report.Checks) != 14 {
		t.Errorf("%d %+v", code, report)
	}
	if code := served(t, r, "POST", at, "owner", "", nil); code != 429 {
		t.Errorf("again at once: %d", code)
	}
	if code := served(t, r, "POST", "master/Baru/feasibility", "owner", `{"spec":`+wellBehaved+`}`, &report); code != 200 || report.Address != "master/Baru" {
		t.Errorf("planned: %d %+v", code, report)
	}
	for _, call := range []struct{ method, path, body string }{{"GET", at, ""}, {"POST", at, ""}} {
		if code := served(t, r, call.method, call.path, "stranger", call.body, nil); code != 404 {
			t.Errorf("a stranger: %s %d", call.method, code)
		}
	}
	const waiver = `{"reason":"Diperbaiki sebelum Februari 2027"}`
	for token, want := range map[string]int{"stranger": 403, "owner": 403, "operator": 201} {
		if code := served(t, r, "POST", at+"/waiver", token, waiver, nil); code != want {
			t.Errorf("waiver as %s: %d", token, code)
		}
	}
	if code := served(t, r, "GET", at, "operator", "", &st); code != 200 || !st.Fit || st.Waiver == nil || len(st.History) != 1 {
		t.Errorf("%d %+v", code, st)
	}
}

// ask opens a page, or posts to it.
func ask(r *room, p *simpul.Principal, method, path string, form url.Values) *httptest.ResponseRecorder {
	mux := http.NewServeMux()
	feasibility.NewPages(r.Service, web.Gate{SignIn: "/masuk", Visitor: func(context.Context) (simpul.Principal, bool) {
		if p == nil {
			return simpul.Principal{}, false
		}
		return *p, true
	}}).Register(mux)
	q := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	web.Localize(mux).ServeHTTP(w, q)
	return w
}

// shows checks an answer's status and what it has; "!" before a text says that it
// lacks it.
func shows(t *testing.T, w *httptest.ResponseRecorder, code int, texts ...string) {
	t.Helper()
	if w.Code != code {
		t.Errorf("got %d, want %d: %s", w.Code, code, w.Body)
	}
	for _, text := range texts {
		text, lacks := strings.CutPrefix(text, "!")
		if strings.Contains(w.Body.String(), text) == lacks {
			t.Errorf("%q: %v", text, lacks)
		}
	}
}

func TestThePage(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t), faulty())
	const at = "/catalog/master/Kota/uji"
	shows(t, ask(r, nil, "GET", at, nil), 303)
	shows(t, ask(r, &stranger, "GET", at, nil), 404)
	shows(t, ask(r, &owner, "GET", at, nil), 200, "Belum pernah diuji", "Uji sekarang", "!Kecualikan")
	if w := ask(r, &owner, "POST", at, nil); w.Code != 303 || w.Header().Get("Location") != at {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	shows(t, ask(r, &owner, "GET", at, nil), 200, "1 dari 14 pemeriksaan gagal; LID belum dapat didaftarkan.", "Jawaban sesuai kontrak", "Cara memperbaiki: ", "seharusnya type string", "Uji lagi", "!Kecualikan")
	shows(t, ask(r, &operator, "GET", at+"?lang=en", nil), 200, "1 of 14 checks failed", "Waive and sign")
	shows(t, ask(r, &owner, "POST", at, nil), 429, "baru saja diuji")
	shows(t, ask(r, &owner, "POST", at+"/pengecualian", url.Values{"reason": {"Diperbaiki sebelum Februari 2027"}}), 403)
	shows(t, ask(r, &operator, "POST", at+"/pengecualian", url.Values{"reason": {"pendek <b>"}}), 400, "terlalu pendek", "pendek &lt;b&gt;")
	if w := ask(r, &operator, "POST", at+"/pengecualian", url.Values{"reason": {"Diperbaiki sebelum Februari 2027"}}); w.Code != 303 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	shows(t, ask(r, &owner, "GET", at, nil), 200, "Boleh terbit walau tidak lulus", "Diperbaiki sebelum Februari 2027", operator.ID)
	r.subject.Tested = "another"
	shows(t, ask(r, &operator, "GET", at, nil), 200, "bukan tentang keadaan sekarang", "!Boleh terbit", "!Waive")
}
