package custody_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
	"simpul/internal/registry/custody"
)

const keyFile = `{"format":"simpul/keys/1"}`

var (
	monday   = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	proposer = simpul.Acting("t-proposer", simpul.RoleOperator, "")
	other    = simpul.Acting("t-other", simpul.RoleOperator, "")
	tenant   = simpul.Acting("t-proposer", simpul.RoleAdmin, "bandungkota.go.id")
)

// room is the room on a database, with what it proposed and a clock.
type room struct {
	*custody.Service
	db      *sqldb.DB
	now     time.Time
	content []byte
}

func newRoom(t testing.TB, db *sqldb.DB) *room {
	t.Helper()
	r := &room{db: db, now: monday}
	r.Service = custody.New(db, r, r, func() time.Time { return r.now })
	return r
}

func (r *room) Export() ([]byte, error) { return []byte(keyFile), nil }

func (r *room) Propose(_ context.Context, _ *sqldb.Tx, _ simpul.Principal, _, _ string, _ simpul.AgencyID, _, content []byte, _ string) (string, error) {
	r.content = content
	return "u-1", nil
}

func (r *room) propose(ctx context.Context, recipient, why string) (string, error) {
	return r.Service.Propose(ctx, proposer, recipient, why)
}

func (r *room) approve(ctx context.Context, scope simpul.Scope) error {
	return r.db.Write(ctx, scope, func(tx *sqldb.Tx) error { return r.Prepare(ctx, tx, "u-1", proposer, r.content) })
}

func identity(t testing.TB) *age.X25519Identity {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestOnlyTheRecipientOpensAnExport(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx, id := newRoom(t, db), t.Context(), identity(t)
		if made, err := r.propose(ctx, " "+id.Recipient().String()+"\n", "cadangan"); err != nil || made != "u-1" {
			t.Fatalf("%q, %v", made, err)
		}
		if _, err := r.Fetch(ctx, proposer, "u-1"); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("before the approval: %v", err)
		}
		if err := r.approve(ctx, tenant.Scope()); err == nil {
			t.Error("a tenant prepared an export")
		}
		if err := r.approve(ctx, simpul.NationScope()); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Fetch(ctx, other, "u-1"); simpul.CodeOf(err) != simpul.CodeDenied {
			t.Errorf("another operator: %v", err)
		}
		if _, err := r.Fetch(ctx, tenant, "u-1"); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("a tenant: %v", err)
		}
		var files []string
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				file, err := r.Fetch(ctx, proposer, "u-1")
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					files = append(files, file)
				} else if simpul.CodeOf(err) != simpul.CodeConflict {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if len(files) != 1 || strings.Contains(files[0], "simpul/keys") {
			t.Fatalf("%d fetched it: %q", len(files), files)
		}
		open, err := age.Decrypt(armor.NewReader(strings.NewReader(files[0])), id)
		if err != nil {
			t.Fatal(err)
		}
		if clear, err := io.ReadAll(open); err != nil || string(clear) != keyFile {
			t.Errorf("opened %q, %v", clear, err)
		}
		if _, err := age.Decrypt(armor.NewReader(strings.NewReader(files[0])), identity(t)); err == nil {
			t.Error("another key opens it")
		}
		if list, err := r.List(ctx, other); err != nil || len(list) != 1 || list[0].FetchedAt.IsZero() {
			t.Errorf("%+v, %v", list, err)
		}
		if list, err := r.List(ctx, tenant); err != nil || len(list) != 0 {
			t.Errorf("a tenant sees %+v, %v", list, err)
		}
	})
}

func TestAnExportExpires(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		if _, err := r.propose(ctx, identity(t).Recipient().String(), "cadangan"); err != nil {
			t.Fatal(err)
		}
		if err := r.approve(ctx, simpul.NationScope()); err != nil {
			t.Fatal(err)
		}
		r.now = monday.Add(custody.Life)
		if _, err := r.Fetch(ctx, proposer, "u-1"); simpul.CodeOf(err) != simpul.CodeConflict {
			t.Errorf("got %v", err)
		}
		if err := r.Expire(ctx); err != nil {
			t.Fatal(err)
		}
		err := db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
			left, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (s string, err error) { return s, scan(&s) }, `SELECT file FROM custody_export`)
			if left != "" {
				t.Errorf("the file stays: %s", left)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestWhatIsNoRecipient(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	for _, text := range []string{"", "age1", identity(t).String(), "ssh-ed25519 AAAA", "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8q"} {
		if _, err := r.propose(t.Context(), text, "x"); simpul.CodeOf(err) != simpul.CodeInvalid || text != "" && strings.Contains(err.Error(), text+" ") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := r.propose(t.Context(), identity(t).Recipient().String(), " "); simpul.CodeOf(err) != simpul.CodeInvalid {
		t.Errorf("without a reason: %v", err)
	}
}

type gatekeeper struct{}

func (gatekeeper) Principal(_ context.Context, token simpul.Secret) (simpul.Principal, error) {
	return simpul.Acting("t-"+token.Reveal(), simpul.Role(token.Reveal()), "bandungkota.go.id"), nil
}

func TestWhoMayCallWhat(t *testing.T) {
	r, mux := newRoom(t, testkit.SQLite(t)), http.NewServeMux()
	api := httpapi.New(mux, "1", gatekeeper{}, slog.New(slog.DiscardHandler))
	custody.Register(api, r.Service)
	ask := func(method, path, token, body string) *httptest.ResponseRecorder {
		q := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
		q.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, q)
		return w
	}
	for _, op := range api.Operations() {
		for _, role := range []simpul.Role{simpul.RoleOperator, simpul.RoleAdmin, simpul.RoleAuditor, simpul.RoleDPO, simpul.RoleProvider} {
			w := ask(op.Method, strings.Replace(op.Path, "{id}", "u-1", 1), string(role), "")
			if refused := w.Code == 403; refused != (role != simpul.RoleOperator) {
				t.Errorf("%s as %s: %d %s", op.ID, role, w.Code, w.Body)
			}
		}
	}
	w := ask("POST", "/keys/exports", "operator", `{"recipient":"`+identity(t).Recipient().String()+`","why":"cadangan"}`)
	if w.Code != 202 || w.Header().Get("Location") != "/api/v1/proposals/u-1" {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
}

func TestTheScreen(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	ask := func(p *simpul.Principal, method, path string, form url.Values) *httptest.ResponseRecorder {
		mux := http.NewServeMux()
		custody.NewPages(r.Service, web.Gate{SignIn: "/masuk", Visitor: func(context.Context) (simpul.Principal, bool) {
			if p == nil {
				return simpul.Principal{}, false
			}
			return *p, true
		}}, func(id string) string { return "/persetujuan/" + id }).Register(mux)
		q := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		web.Localize(mux).ServeHTTP(w, q)
		return w
	}
	for _, c := range []struct {
		p    *simpul.Principal
		code int
	}{{nil, 303}, {&tenant, 403}, {&proposer, 200}} {
		if w := ask(c.p, "GET", custody.Path, nil); w.Code != c.code {
			t.Errorf("%+v: %d", c.p, w.Code)
		}
	}
	if w := ask(&proposer, "POST", custody.Path, url.Values{"recipient": {"age1<x>"}, "why": {"y"}}); w.Code != 400 || !strings.Contains(w.Body.String(), "bukan kunci publik age") || strings.Contains(w.Body.String(), "<x>") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := ask(&proposer, "POST", custody.Path, url.Values{"recipient": {identity(t).Recipient().String()}, "why": {"y"}}); w.Code != 303 || w.Header().Get("Location") != "/persetujuan/u-1" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if err := r.approve(t.Context(), simpul.NationScope()); err != nil {
		t.Fatal(err)
	}
	if w := ask(&proposer, "GET", custody.Path, nil); !strings.Contains(w.Body.String(), "Unduh sekali") {
		t.Error("the proposer cannot fetch it")
	}
	if w := ask(&other, "GET", custody.Path, nil); strings.Contains(w.Body.String(), "Unduh sekali") {
		t.Error("another is offered the file")
	}
	if w := ask(&proposer, "POST", custody.Path+"/u-1", nil); w.Code != 200 || !strings.HasPrefix(w.Body.String(), "-----BEGIN AGE ENCRYPTED FILE-----") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
