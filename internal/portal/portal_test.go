package portal

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/web"
)

const hostile = `"><script>alert('x')</script>&`

var morning = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC) // 9.00 WIB

// stage is a hub with fixed answers, and who is looking at it.
type stage struct {
	behind   uint64
	figures  Figures
	agencies []Agency
	call     *FirstCall
	records  []Exchange
	proofs   Proofs
	visitor  *simpul.Principal

	worker     Worker
	tasks      []Task
	beginnings []Beginning

	asked Filter // of the last list
	scope simpul.Scope
	since time.Time
}

func (s *stage) Figures(_ context.Context, since time.Time) (Figures, error) {
	s.since = since
	return s.figures, nil
}

func (s *stage) FirstCall(context.Context) (FirstCall, bool) {
	if s.call == nil {
		return FirstCall{}, false
	}
	return *s.call, true
}

func (s *stage) Agencies(context.Context) []Agency { return s.agencies }

func (s *stage) Behind(context.Context) uint64 { return s.behind }

func (s *stage) AgencyName(_ context.Context, id simpul.AgencyID) string {
	return "Instansi " + string(id)
}

func (s *stage) List(_ context.Context, scope simpul.Scope, f Filter, limit int, cursor string) ([]Exchange, string, error) {
	s.asked, s.scope = f, scope
	var page []Exchange
	for _, x := range s.records {
		if seen(scope, x) {
			page = append(page, x)
		}
	}
	next := ""
	if cursor == "" && len(page) > 0 {
		next = "lanjut"
	}
	return page, next, nil
}

func (s *stage) Get(_ context.Context, scope simpul.Scope, id simpul.ExchangeID) (Exchange, error) {
	i := slices.IndexFunc(s.records, func(x Exchange) bool { return x.ID == id && seen(scope, x) })
	if i < 0 {
		return Exchange{}, simpul.NotFound(simpul.Text{ID: "Pertukaran", EN: "Exchange"}, string(id))
	}
	return s.records[i], nil
}

func (s *stage) Worker(context.Context, simpul.Principal) Worker { return s.worker }

func (s *stage) Tasks(context.Context, simpul.Principal) ([]Task, error) { return s.tasks, nil }

func (s *stage) Traffic(_ context.Context, scope simpul.Scope, since time.Time) (Figures, error) {
	s.scope, s.since = scope, since
	return s.figures, nil
}

func (s *stage) Beginnings(context.Context, simpul.Principal) ([]Beginning, error) {
	return s.beginnings, nil
}

func seen(scope simpul.Scope, x Exchange) bool {
	return scope.Covers(x.Provider) || scope.Covers(x.Consumer.Application.Agency())
}

func (s *stage) handler() http.Handler {
	visitor := func(context.Context) (simpul.Principal, bool) {
		if s.visitor == nil {
			return simpul.Principal{}, false
		}
		return *s.visitor, true
	}
	mux := http.NewServeMux()
	pages := New(s, s, s, web.Gate{Visitor: visitor, SignIn: "/masuk"}, "https://hub.example.go.id", clock.Fixed(morning))
	pages.ShowProofs(s.proofs)
	pages.Register(mux)
	return web.Localize(web.Secure(mux))
}

func (s *stage) get(t *testing.T, target string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.handler().ServeHTTP(w, r)
	return w
}

func (s *stage) as(role simpul.Role, agency simpul.AgencyID) *stage {
	visitor := simpul.Acting("t-1", role, agency)
	s.visitor = &visitor
	return s
}

const (
	first  simpul.ExchangeID = "019ab000-0000-7000-8000-000000000001"
	second simpul.ExchangeID = "019ab000-0000-7000-8000-000000000002"
	third  simpul.ExchangeID = "019ab000-0000-7000-8000-000000000003"
)

func someRecords() []Exchange {
	record := func(id simpul.ExchangeID, app, provider, lid string, code simpul.Code, status int) Exchange {
		return Exchange{Exchange: simpul.Exchange{
			ID: id, OpenedAt: morning.Add(-time.Hour), Consumer: simpul.Consumer{Application: simpul.ApplicationID(app), Credential: "k-rahasia"},
			Address: simpul.Address(lid), Version: "1.0", Class: simpul.Terbuka, Provider: simpul.AgencyID(provider),
			Operation: simpul.Operation{Method: "GET", Path: "/{kode}"}, Grant: "izin-7", Purpose: "Pelayanan warga",
			Status: status, Outcome: code, ResponseDigest: "ab12", ResponseBytes: 1234, Latency: 12 * time.Millisecond, Upstream: 9 * time.Millisecond,
		}, Ended: true, Journal: "jurnal-1", Sequence: 42}
	}
	open := record(first, "izin@surabaya.go.id", "bps.go.id", "bps/Indikator", "", 0)
	open.Ended = false
	return []Exchange{
		record(third, "layanan@bandungkota.go.id", "kemendagri.go.id", "master/Kota", "", 200),
		record(second, "bansos@kemensos.go.id", "kemendagri.go.id", "kependudukan/CekNIK", simpul.CodeDenied, 403),
		open,
	}
}

// contains reports every wanted text that the page lacks.
func contains(t *testing.T, page string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
}

func lacks(t *testing.T, page string, unwanted ...string) {
	t.Helper()
	for _, text := range unwanted {
		if strings.Contains(page, text) {
			t.Errorf("the page shows %q", text)
		}
	}
}
