package retention_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
	"simpul/internal/registry/retention"
)

var (
	monday   = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	operator = simpul.Acting("t-operator", simpul.RoleOperator, "")
	admin    = simpul.Acting("t-admin", simpul.RoleAdmin, "bandungkota.go.id")
)

// room is the room on a database, with what it proposed and what was dropped.
type room struct {
	*retention.Service
	db              *sqldb.DB
	before, content []byte
	pruned          time.Time
	failing         error
}

func newRoom(t testing.TB, db *sqldb.DB) *room {
	t.Helper()
	r := &room{db: db}
	r.Service = retention.New(db, r, func() time.Time { return monday })
	r.Keep(r)
	return r
}

func (r *room) Propose(_ context.Context, _ *sqldb.Tx, _ simpul.Principal, _, _ string, _ simpul.AgencyID, before, content []byte, _ string) (string, error) {
	r.before, r.content = before, content
	return "u-1", nil
}

func (r *room) Kind() string { return "trail" }
func (r *room) Prune(_ context.Context, before time.Time) (int64, error) {
	r.pruned = before
	return 3, r.failing
}

func (r *room) approve(ctx context.Context, p simpul.Principal) error {
	return r.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error { return r.PutApproved(ctx, tx, p, r.before, r.content) })
}

func TestAChangeTakesTwoPeople(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		id, err := r.Change(ctx, operator, retention.Wish{Kind: "trail", Days: 800, Basis: " UU 43/2009 "}, "karena")
		if err != nil || id != "u-1" || string(r.content) != `{"kind":"trail","days":800,"basis":"UU 43/2009"}` || !strings.Contains(string(r.before), `"days":1825`) {
			t.Fatalf("%q, %v, %s from %s", id, err, r.content, r.before)
		}
		if rule, err := r.Rule(ctx, "trail"); err != nil || rule.Days != 1825 || !rule.UpdatedAt.IsZero() {
			t.Errorf("took effect at once: %+v, %v", rule, err)
		}
		if err := r.approve(ctx, admin); !errors.Is(err, sqldb.ErrScope) {
			t.Errorf("a tenant changed it: %v", err)
		}
		if err := r.approve(ctx, operator); err != nil {
			t.Fatal(err)
		}
		if rule, err := r.Rule(ctx, "trail"); err != nil || rule.Days != 800 || rule.Basis != "UU 43/2009" || !rule.UpdatedAt.Equal(monday) || !rule.Kept {
			t.Errorf("%+v, %v", rule, err)
		}
		if err := r.approve(ctx, operator); simpul.CodeOf(err) != simpul.CodeConflict {
			t.Errorf("approved from what is no more: %v", err)
		}
		if _, err := r.Change(ctx, operator, retention.Wish{Kind: "trail", Days: 800, Basis: "UU 43/2009"}, ""); simpul.CodeOf(err) != simpul.CodeConflict {
			t.Errorf("no change: %v", err)
		}
		if err := r.Sweep(ctx); err != nil || !r.pruned.Equal(monday.AddDate(0, 0, -800)) {
			t.Errorf("%v, pruned before %v", err, r.pruned)
		}
		if rule, _ := r.Rule(ctx, "trail"); rule.Dropped != 3 || !rule.RanAt.Equal(monday) {
			t.Errorf("%+v", rule)
		}
		r.failing = errors.New("broken")
		if err := r.Sweep(ctx); !errors.Is(err, r.failing) {
			t.Errorf("got %v", err)
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	for _, c := range []struct {
		w     retention.Wish
		code  simpul.Code
		place string
	}{
		{retention.Wish{Kind: "trail", Days: 364, Basis: "UU"}, simpul.CodeInvalid, "days"},
		{retention.Wish{Kind: "trail", Days: -1, Basis: "UU"}, simpul.CodeInvalid, "days"},
		{retention.Wish{Kind: "trail", Days: 40_000, Basis: "UU"}, simpul.CodeInvalid, "days"},
		{retention.Wish{Kind: "trail", Days: 400, Basis: " "}, simpul.CodeInvalid, "basis"},
		{retention.Wish{Kind: "trail", Days: 400, Basis: "a\nb"}, simpul.CodeInvalid, "basis"},
		{retention.Wish{Kind: "moon", Days: 400, Basis: "UU"}, simpul.CodeNotFound, ""},
	} {
		_, err := r.Change(t.Context(), operator, c.w, "")
		e, ok := errors.AsType[*simpul.Error](err)
		if !ok || e.Code != c.code || e.Place != c.place {
			t.Errorf("%+v: %v", c.w, err)
		}
		r.content, _ = json.Marshal(c.w)
		if err := r.approve(t.Context(), operator); err == nil {
			t.Errorf("%+v was stored", c.w)
		}
	}
}

// A rule below the minimum of its kind, however it came into the table, drops
// nothing that is younger than the minimum.
func TestNothingGoesBeforeTheFloor(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO retention_rule (kind, days, basis, updated_at) VALUES ('trail', 3, 'UU', 1)`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Sweep(t.Context()); err != nil || !r.pruned.Equal(monday.AddDate(0, 0, -retention.TrailFloor)) {
			t.Errorf("%v, pruned before %v", err, r.pruned)
		}
	})
}

func TestEveryKindIsSound(t *testing.T) {
	for _, k := range retention.Kinds() {
		if k.Default < k.Minimum || k.Basis == "" || k.Title.ID == "" || k.Title.EN == "" || k.Drops.ID == "" || k.Drops.EN == "" {
			t.Errorf("%+v", k)
		}
	}
}

type gatekeeper struct{}

func (gatekeeper) Principal(_ context.Context, token simpul.Secret) (simpul.Principal, error) {
	return simpul.Acting("t-1", simpul.Role(token.Reveal()), "bandungkota.go.id"), nil
}

func TestWhoMayCallWhat(t *testing.T) {
	mux := http.NewServeMux()
	r := newRoom(t, testkit.SQLite(t))
	retention.Register(httpapi.New(mux, "1", gatekeeper{}, slog.New(slog.DiscardHandler)), r.Service)
	for _, c := range []struct {
		role                  simpul.Role
		method, path, body    string
		code                  int
		has, location, hasNot string
	}{
		{simpul.RoleAuditor, "GET", "/retention", "", 200, `"kind":"trail"`, "", ""},
		{simpul.RoleConsumer, "GET", "/retention", "", 403, "", "", ""},
		{simpul.RoleAdmin, "PUT", "/retention/trail", `{"days":400,"basis":"UU"}`, 403, "", "", ""},
		{simpul.RoleOperator, "PUT", "/retention/trail", `{"days":400,"basis":"UU"}`, 202, `"proposal":"u-1"`, "/api/v1/proposals/u-1", ""},
		{simpul.RoleOperator, "PUT", "/retention/moon", `{"days":400,"basis":"UU"}`, 404, "", "", ""},
		{simpul.RoleOperator, "PUT", "/retention/trail", `{"days":0,"basis":"UU"}`, 422, "", "", ""},
	} {
		q := httptest.NewRequest(c.method, "/api/v1"+c.path, strings.NewReader(c.body))
		q.Header.Set("Authorization", "Bearer "+string(c.role))
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, q)
		if w.Code != c.code || !strings.Contains(w.Body.String(), c.has) || w.Header().Get("Location") != c.location {
			t.Errorf("%s %s as %s: %d %v %s", c.method, c.path, c.role, w.Code, w.Header(), w.Body)
		}
	}
}

func TestTheScreens(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	ask := func(p *simpul.Principal, method, path string, form url.Values) *httptest.ResponseRecorder {
		mux := http.NewServeMux()
		retention.NewPages(r.Service, web.Gate{SignIn: "/masuk", Visitor: func(context.Context) (simpul.Principal, bool) {
			if p == nil {
				return simpul.Principal{}, false
			}
			return *p, true
		}}, func(id string) string { return "/persetujuan/" + id }, func(kind string) string { return "/audit?subject=" + kind }).Register(mux)
		q := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		web.Localize(mux).ServeHTTP(w, q)
		return w
	}
	if w := ask(nil, "GET", "/retensi", nil); w.Code != 303 {
		t.Errorf("not signed in: %d", w.Code)
	}
	if w := ask(&admin, "GET", "/retensi", nil); w.Code != 200 || strings.Contains(w.Body.String(), "Usulkan perubahan") || !strings.Contains(w.Body.String(), "Belum dihapus otomatis") ||
		strings.Contains(w.Body.String(), "Semua penghapusan") || !strings.Contains(w.Body.String(), "Berkas jurnal, buktinya sendiri, tetap ada menurut masa simpan catatannya.") {
		t.Errorf("an admin sees %d %s", w.Code, w.Body)
	}
	if err := r.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w := ask(&admin, "GET", "/retensi", nil); !strings.Contains(w.Body.String(), `href="/audit?subject=trail"`) || !strings.Contains(w.Body.String(), "(3 dihapus)") {
		t.Errorf("after a sweep: %s", w.Body)
	}
	if w := ask(&admin, "GET", "/retensi/trail", nil); w.Code != 403 {
		t.Errorf("an admin at the form: %d", w.Code)
	}
	if w := ask(&operator, "GET", "/retensi/moon", nil); w.Code != 404 {
		t.Errorf("an unknown kind: %d", w.Code)
	}
	if w := ask(&operator, "POST", "/retensi/trail", url.Values{"days": {"7"}, "basis": {"UU"}, "why": {"<b>"}}); w.Code != 400 || !strings.Contains(w.Body.String(), "sekurang-kurangnya 365") || strings.Contains(w.Body.String(), "<b>") {
		t.Errorf("too short: %d %s", w.Code, w.Body)
	}
	if w := ask(&operator, "POST", "/retensi/trail", url.Values{"days": {"900"}, "basis": {"UU"}}); w.Code != 303 || w.Header().Get("Location") != "/persetujuan/u-1" {
		t.Errorf("proposed: %d %s", w.Code, w.Header())
	}
}
