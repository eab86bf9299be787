package traffic

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
)

// screen shows the page to somebody.
func screen(s *Service, p *simpul.Principal, path string) *httptest.ResponseRecorder {
	mux := http.NewServeMux()
	gate := web.Gate{SignIn: "/masuk", Visitor: func(context.Context) (simpul.Principal, bool) {
		if p == nil {
			return simpul.Principal{}, false
		}
		return *p, true
	}}
	NewPages(s, gate, func(_ context.Context, id simpul.AgencyID) string { return string(id) }).Register(mux)
	w := httptest.NewRecorder()
	web.Localize(mux).ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w
}

// shows checks an answer's status and what it has and lacks; "!" before a text
// says that it lacks it.
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

func TestTheScreen(t *testing.T) {
	db := testkit.SQLite(t)
	n := newNation(t, db, 1, onAgency, Spec{PerDay: 100, Concurrent: 50, Note: "Masa <uji coba>"})
	service := serviceOn(t, db, registry{ratePerMin: 6000, origins: 5}, n.clock)
	shows(t, screen(service, nil, Path), 303)
	powerless := simpul.Acting("t-x", "nothing", bandung)
	shows(t, screen(service, &powerless, Path), 403)
	shows(t, screen(service, &stranger, Path), 200, "Belum ada batas", "batas.yaml", "!bandungkota.go.id (", "!Hampir atau sudah tercapai")

	n.run(20*time.Second, 6000, 9)
	for range 2 {
		n.run(10*time.Second, 6000, 0)
	}
	shows(t, screen(service, &consumer, Path), 200, "Hampir atau sudah tercapai", "Instansi bandungkota.go.id, hari ini", "100 dari 100",
		"Masa &lt;uji coba&gt;", "dimulai lagi 24 Nov 2026 00.00 WIB", "Yang Anda pakai", ", per menit", "dari 6.000", "!LID master/Kota", "<svg")
	shows(t, screen(service, &provider, Path+"?lang=en"), 200, "What you provide", "LID master/Kota (Kota)", ", at once", "of 5", "!100 of 100", "lid/master/Kota")
	shows(t, screen(service, &operator, Path), 200, "seluruh negeri", "Izin yang sedang dipakai", "100 dari 100", "kind: Limit")
	reader := simpul.Acting("t-r", simpul.RoleConsumer, bandung)
	shows(t, screen(service, &reader, Path), 200, "100 dari 100", "!batas.yaml")
}

func TestMoreLimitsThanAreDrawn(t *testing.T) {
	p := NewPages(nil, web.Gate{}, nil)
	var uses []Use
	for range mostBars + 7 {
		uses = append(uses, Use{What: Rate, Limit: 100, Used: 1, Subject: simpul.Subject{Kind: grantKind, ID: "x"}, Parties: Parties{Consumer: bandung}})
	}
	v := p.divide(t.Context(), consumer, uses)
	if len(v.Groups) != 1 || len(v.Groups[0].Uses) != mostBars || v.Groups[0].Left != 7 || v.All != mostBars+7 || v.Near != 0 {
		t.Errorf("%+v", v)
	}
}

// gatekeeper gives a role to whoever shows its name.
type gatekeeper struct{}

func (gatekeeper) Principal(_ context.Context, token simpul.Secret) (simpul.Principal, error) {
	role, agency, _ := strings.Cut(token.Reveal(), "@")
	return simpul.Acting("t-"+role, simpul.Role(role), simpul.AgencyID(agency)), nil
}

func TestTheAPI(t *testing.T) {
	db := testkit.SQLite(t)
	service := serviceOn(t, db, registry{origins: 5}, &ticking{noon})
	mux := http.NewServeMux()
	Register(httpapi.New(mux, "1", gatekeeper{}, slog.New(slog.DiscardHandler)), service)
	ask := func(token, method, path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w
	}
	limit := func(id, spec string) string {
		return `{"apiVersion":"simpul/v1","kind":"Limit","metadata":{"id":"` + id + `"},"spec":` + spec + `}`
	}
	const at, own = "/limits/lid/master%2FKota", "provider@kemendagri.go.id"
	shows(t, ask(own, "PUT", at, limit(onLID, `{"concurrent":3}`)), 201, `"concurrent":3`)
	shows(t, ask(own, "PUT", at, limit(onLID, `{"concurrent":9,"perDay":70}`)), 200)
	shows(t, ask(own, "PUT", at, limit(onLID, `{"concurrent":9,"perHour":70}`)), 422, "body.spec")
	shows(t, ask(own, "PUT", at, limit(onLID, `{"perDay":0}`)), 422, "body.spec.perDay")
	shows(t, ask(own, "PUT", at, limit(onLID, `{}`)), 400, "body.spec")
	shows(t, ask(own, "PUT", at, limit("lid/master/Lain", `{"perDay":1}`)), 400, "body.metadata.id")
	shows(t, ask(own, "GET", at, ""), 200, `"id":"lid/master/Kota"`)
	shows(t, ask(own, "GET", at+"/use", ""), 200, `{"id":"lid/master/Kota","what":"day","limit":70,"used":0,"endsAt":"2026-11-23T17:00:00Z"}`, `"what":"concurrent","limit":5`)
	shows(t, ask(own, "GET", "/limits", ""), 200, `"lid/master/Kota"`)
	shows(t, ask(own, "GET", "/limit-uses", ""), 200, `"lid/master/Kota"`)
	shows(t, ask("provider@bps.go.id", "GET", "/limit-uses", ""), 200, `"items":[]`)
	shows(t, ask("provider@bps.go.id", "GET", at+"/use", ""), 404, "!perDay")
	shows(t, ask("consumer@kemendagri.go.id", "PUT", at, limit(onLID, `{"perDay":1}`)), 403)
	shows(t, ask("consumer@kemendagri.go.id", "DELETE", at, ""), 403)
	shows(t, ask(own, "DELETE", at, ""), 204)
	shows(t, ask(own, "GET", at, ""), 404)
}
