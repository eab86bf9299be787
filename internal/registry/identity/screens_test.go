package identity_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
	"simpul/internal/registry/identity"
)

// screens are the pages as somebody sees them; nobody, where who is empty.
type screens struct {
	*house
	who string
	mux *http.ServeMux
}

func newScreens(t *testing.T, db *sqldb.DB) *screens {
	t.Helper()
	s := &screens{house: newHouse(t, db), mux: http.NewServeMux()}
	visitor := func(ctx context.Context) (simpul.Principal, bool) {
		p, err := s.PrincipalOf(ctx, simpul.AccountID(s.who))
		return p, err == nil
	}
	name := func(_ context.Context, id simpul.AgencyID) string { return "Nama " + string(id) }
	identity.NewPeoplePages(s.Service, web.Gate{Visitor: visitor, SignIn: "/masuk"}, name, func() time.Time { return s.now }).Register(s.mux)
	return s
}

func (s *screens) do(method, path string, form url.Values) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if method == "POST" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	web.Localize(s.mux).ServeHTTP(w, request)
	return w
}

func (s *screens) get(path string) *httptest.ResponseRecorder { return s.do("GET", path, nil) }

func (s *screens) want(t *testing.T, w *httptest.ResponseRecorder, status int, shown ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("got %d %s, want %d", w.Code, w.Header().Get("Location"), status)
	}
	for _, text := range shown {
		if !strings.Contains(w.Body.String()+w.Header().Get("Location"), text) {
			t.Errorf("%q is not shown", text)
		}
	}
}

func TestScreensAskToSignIn(t *testing.T) {
	s := newScreens(t, testkit.SQLite(t))
	for _, path := range []string{"/pengguna?q=a", "/pengguna/baru", "/pengguna/a@b.go.id", "/peran", "/peran/admin", "/darurat"} {
		s.want(t, s.get(path), http.StatusSeeOther, "/masuk?next="+url.QueryEscape(path))
	}
	for _, path := range []string{"/pengguna/baru", "/pengguna/a@b.go.id/peran", "/peran/admin", "/darurat"} {
		s.want(t, s.do("POST", path, url.Values{}), http.StatusSeeOther, "/masuk?next=")
	}
}

func TestScreensNeedPermissions(t *testing.T) {
	s := newScreens(t, testkit.SQLite(t))
	s.person(t, "p@bandungkota.go.id", of(simpul.RoleProvider))
	s.person(t, "a@bandungkota.go.id", of(simpul.RoleAuditor))
	s.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
	for who, paths := range map[string]map[string]int{
		"p@bandungkota.go.id":     {"/pengguna": 403, "/pengguna/baru": 403, "/pengguna/a@bandungkota.go.id": 403, "/peran": 403, "/darurat": 200},
		"a@bandungkota.go.id":     {"/pengguna": 200, "/pengguna/baru": 403, "/pengguna/p@bandungkota.go.id": 200, "/peran": 200, "/peran/admin": 403, "/darurat": 200},
		"admin@bandungkota.go.id": {"/pengguna": 200, "/pengguna/baru": 200, "/pengguna/tiada@bandungkota.go.id": 404, "/peran/admin": 403, "/darurat": 200},
	} {
		for path, status := range paths {
			s.who = who
			if w := s.get(path); w.Code != status {
				t.Errorf("%s at %s: got %d, want %d", who, path, w.Code, status)
			}
		}
	}
	s.who = "a@bandungkota.go.id"
	for _, path := range []string{"/pengguna/p@bandungkota.go.id/peran", "/pengguna/p@bandungkota.go.id/tindakan", "/pengguna/p@bandungkota.go.id/data", "/pengguna/p@bandungkota.go.id/hapus", "/pengguna/baru", "/peran/admin", "/darurat"} {
		s.want(t, s.do("POST", path, url.Values{"tindakan": {"tutup"}}), http.StatusForbidden)
	}
}

func TestSomebodyIsInvitedOnTheScreen(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newScreens(t, db)
		s.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
		s.who = "admin@bandungkota.go.id"
		s.want(t, s.get("/pengguna/baru"), 200, "Admin instansi", "Penyedia", `value="auditor"`)
		if strings.Contains(s.get("/pengguna/baru").Body.String(), `value="operator`) {
			t.Error("an administrator is offered the operator's role")
		}
		form := url.Values{"id": {"siti"}, "name": {"<b>Siti</b>"}, "email": {"siti"}, "role": {"consumer", "steward"}, "language": {"en"}}
		s.want(t, s.do("POST", "/pengguna/baru", form), http.StatusBadRequest, "Alamat surel ini tidak sah", "&lt;b&gt;Siti&lt;/b&gt;", `value="steward" checked`)
		form.Set("email", "siti@surat.example.id")
		form["role"] = []string{"operator:nasional"}
		s.want(t, s.do("POST", "/pengguna/baru", form), http.StatusForbidden, "Undangan belum dikirim")
		form["role"] = []string{"consumer"}
		s.want(t, s.do("POST", "/pengguna/baru", form), http.StatusSeeOther, "/pengguna/siti@bandungkota.go.id?hasil=undangan")
		if l := s.last(t); l.to != "siti@surat.example.id" {
			t.Errorf("got %+v", l)
		}
		w := s.get("/pengguna/siti@bandungkota.go.id?hasil=undangan")
		s.want(t, w, 200, "Undangan dikirim", "Kirim ulang undangan", "&lt;b&gt;Siti&lt;/b&gt;")
		if strings.Contains(w.Body.String(), s.last(t).code().Reveal()) {
			t.Error("the screen shows the code")
		}
		s.want(t, s.get("/pengguna?status=invited"), 200, "siti@bandungkota.go.id", "Diundang")
		s.want(t, s.get("/pengguna?q=tiada"), 200, "Tidak ada yang cocok")
	})
}

func TestAnAccountIsKeptOnTheScreen(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newScreens(t, db)
		s.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
		s.person(t, "dpo@bandungkota.go.id", of(simpul.RoleDPO))
		s.person(t, "p@bandungkota.go.id", of(simpul.RoleProvider))
		const one = "/pengguna/p@bandungkota.go.id"
		act := func(name string) url.Values { return url.Values{"tindakan": {name}} }
		for _, step := range []struct {
			who, path string
			form      url.Values
			status    int
			shown     string
		}{
			{"admin", one + "/peran", url.Values{"role": {"consumer", "producer"}}, 303, "hasil=peran"},
			{"admin", one + "/peran", url.Values{}, 400, "sedikitnya satu peran"},
			{"admin", one + "/peran", url.Values{"role": {"dpo"}}, 403, "account.export"},
			{"admin", one + "/data", url.Values{"name": {"x"}, "email": {"p@surat.example.id"}}, 400, "Nama harus satu baris"},
			{"admin", one + "/data", url.Values{"name": {"Nama Baru"}, "email": {"p@surat.example.id"}}, 303, "hasil=data"},
			{"admin", one + "/tindakan", act("melompat"), 400, "Tindakan itu tidak dikenal"},
			{"admin", one + "/tindakan", act("pulihkan"), 303, "hasil=pulihkan"},
			{"admin", one + "/tindakan", act("tarik"), 303, "hasil=tarik"},
			{"admin", one + "/tindakan", act("tarik"), 409, "Tidak ada kode"},
			{"admin", one + "/tindakan", act("tangguhkan"), 303, "hasil=tangguhkan"},
			{"admin", one + "/tindakan", act("aktifkan"), 303, "hasil=aktifkan"},
			{"admin", "/pengguna/admin@bandungkota.go.id/tindakan", act("tutup"), 409, "admin aktif terakhir"},
			{"admin", "/pengguna/admin@bandungkota.go.id/peran", url.Values{"role": {"provider"}}, 403, "akun Anda sendiri"},
			{"admin", "/pengguna/dpo@bandungkota.go.id/tindakan", act("tutup"), 403, "tidak Anda miliki"},
			{"dpo", one + "/hapus", nil, 409, "sudah ditutup"},
			{"admin", one + "/tindakan", act("tutup"), 303, "hasil=tutup"},
			{"dpo", one + "/ekspor", nil, 200, `"email": "p@surat.example.id"`},
			{"dpo", one + "/hapus", nil, 303, "hasil=hapus"},
		} {
			s.who = step.who + "@bandungkota.go.id"
			w := s.do("POST", step.path, step.form)
			if w.Code != step.status || !strings.Contains(w.Body.String()+w.Header().Get("Location"), step.shown) {
				t.Errorf("%s posts %v to %s: got %d %s", step.who, step.form, step.path, w.Code, w.Header().Get("Location"))
			}
		}
		s.want(t, s.get(one), 200, "(data pribadi dihapus)")
	})
}

func TestTheOperatorEditsRolesOnTheScreen(t *testing.T) {
	s := newScreens(t, testkit.SQLite(t))
	s.person(t, "op@komdigi.go.id", nationally(simpul.RoleOperator))
	s.who = "op@komdigi.go.id"
	s.want(t, s.get("/peran"), 200, "Admin instansi", "Tambah peran", "/peran/consumer")
	s.want(t, s.get("/peran/baru"), 200, "Nama pendek")
	form := url.Values{"name": {"consumer"}, "title_id": {"Petugas"}, "title_en": {"Clerk"}, "reach": {"agency"}, "permission": {"self", "lid.read"}}
	s.want(t, s.do("POST", "/peran/baru", form), 400, "sudah ada")
	form.Set("name", "petugas")
	s.want(t, s.do("POST", "/peran/baru", form), 303, "/peran?hasil")
	s.want(t, s.get("/peran?hasil=peran"), 200, "Petugas", "Peran disimpan")
	form["permission"] = []string{"role.write"}
	s.want(t, s.do("POST", "/peran/petugas", form), 400, "semua instansi")
	s.want(t, s.do("POST", "/peran/consumer", url.Values{"tindakan": {"hapus"}}), 409, "tidak dapat dihapus")
	s.want(t, s.do("POST", "/peran/petugas", url.Values{"tindakan": {"hapus"}}), 303, "/peran")
	s.want(t, s.get("/peran/petugas"), 404)
}

func TestAnEmergencyOnTheScreen(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newScreens(t, db)
		s.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
		s.who = "admin@bandungkota.go.id"
		s.want(t, s.get("/darurat"), 200, "Belum pernah dipakai", "Peran yang diperlukan", `value="dpo"`)
		if strings.Contains(s.get("/darurat").Body.String(), `value="operator"`) {
			t.Error("the operator's role is offered within an agency")
		}
		form := url.Values{"role": {"dpo"}, "reason": {"pendek"}, "minutes": {"15"}}
		s.want(t, s.do("POST", "/darurat", form), 400, "20 sampai 1.000", "pendek")
		form.Set("reason", reason)
		s.want(t, s.do("POST", "/darurat", form), 303, "hasil=mulai")
		w := s.get("/darurat?hasil=mulai")
		s.want(t, w, 200, "Anda sedang memegang peran darurat", reason, "Berjalan")
		_, rest, _ := strings.Cut(w.Body.String(), `action="/darurat/`)
		id, _, _ := strings.Cut(rest, "/")
		s.want(t, s.do("POST", "/darurat/"+id+"/akhiri", nil), 303, "hasil=akhir")
		s.want(t, s.get("/darurat"), 200, "Diakhiri lebih awal")
		s.want(t, s.do("POST", "/darurat/e-none/akhiri", nil), 404)
	})
}

func TestLongFormsAreRefused(t *testing.T) {
	s := newScreens(t, testkit.SQLite(t))
	s.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
	s.who = "admin@bandungkota.go.id"
	s.want(t, s.do("POST", "/pengguna/baru", url.Values{"name": {strings.Repeat("a", 70_000)}}), http.StatusRequestEntityTooLarge)
}
