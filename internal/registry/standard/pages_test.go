package standard_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
	"simpul/internal/registry/standard"
)

type readerKey struct{}

// offered keeps the LIDs that were published.
type offered struct{ all []standard.Offered }

func (o *offered) Publish(_ context.Context, _ simpul.Principal, lid standard.Offered) error {
	o.all = append(o.all, lid)
	return nil
}

// browser is somebody who looks at the screens.
type browser struct {
	handler http.Handler
	reader  simpul.Principal
	shelf   *offered
}

func (r *room) browser() browser {
	shelf := &offered{}
	visitor := func(ctx context.Context) (simpul.Principal, bool) {
		p, _ := ctx.Value(readerKey{}).(simpul.Principal)
		return p, p.ID != ""
	}
	name := func(_ context.Context, id simpul.AgencyID) string { return "Nama " + string(id) }
	mux := http.NewServeMux()
	standard.NewPages(r.lists, r.standards, r.bindings, r.metadata, shelf, name, web.Gate{Visitor: visitor, SignIn: "/masuk"}).Register(mux)
	return browser{handler: web.Localize(mux), shelf: shelf}
}

func (b browser) as(p simpul.Principal) browser { b.reader = p; return b }

func (b browser) get(t *testing.T, path string) (int, string) {
	t.Helper()
	return b.send(t, http.MethodGet, path, nil)
}

// send returns the status and the page, or where it leads.
func (b browser) send(t *testing.T, method, path string, form url.Values) (int, string) {
	t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, request.WithContext(context.WithValue(request.Context(), readerKey{}, b.reader)))
	if to := w.Header().Get("Location"); to != "" {
		return w.Code, to
	}
	return w.Code, w.Body.String()
}

func TestEverybodyReadsCodes(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := furnished(t, db)
		draft := listSpec(kemendagri, []standard.Code{code("rhs", "RAHASIA", "")})
		draft.State = standard.ListDraft
		r.put(t, steward, "rancangan", draft)
		b := r.browser()
		for _, c := range []struct {
			path   string
			status int
			holds  string
		}{
			{"/kode", 200, "wilayah-kemendagri"},
			{"/kode?q=32", 200, "Jawa Barat"},
			{"/kode?q=91", 200, `href="/kode/wilayah-bps/91"`},
			{"/kode?q=%3Cscript%3E", 200, "tidak ditemukan"},
			{"/kode?q=93&date=2022-07-24", 200, "tidak ditemukan"},
			{"/kode/wilayah-kemendagri", 200, "Papua Selatan"},
			{"/kode/wilayah-kemendagri?date=2022-07-24", 200, "4 kode berlaku"},
			{"/kode/wilayah-kemendagri?date=kemarin&after=&q=jawa", 200, "Jawa Barat"},
			{"/kode/wilayah-kemendagri?q=zzz", 200, "Tidak ada kode yang cocok"},
			{"/kode/wilayah-kemendagri?parent=91", 200, "Kota Jayapura"},
			{"/kode/wilayah-kemendagri?parent=tiada", 404, "tidak ditemukan"},
			{"/kode/wilayah-kemendagri/91", 200, "UU Nomor 14 Tahun 2022"},
			{"/kode/wilayah-kemendagri/93?date=2020-01-01", 200, "tidak berlaku pada"},
			{"/kode/wilayah-kemendagri/00", 404, "tidak ditemukan"},
			{"/kode/wilayah-kemendagri/berkas.csv", 200, "91,,Papua"},
			{"/kode/wilayah-kemendagri/berkas.json", 200, `"codelists"`},
			{"/kode/a%00b", 400, "karakter kendali"},
			{"/kode?q=%ff", 400, "karakter kendali"},
			{"/kode/wilayah-kemendagri?after=%00", 400, "karakter kendali"},
			{"/standar/%00", 400, "karakter kendali"},
			{"/metadata/%01", 400, "karakter kendali"},
			{"/kode/rancangan", 404, "tidak ditemukan"},
			{"/kode/rancangan/rhs", 404, "tidak ditemukan"},
			{"/kode/rancangan/berkas.csv", 404, "tidak ditemukan"},
		} {
			status, page := b.get(t, c.path)
			if status != c.status || !strings.Contains(page, c.holds) || strings.Contains(page, "RAHASIA") {
				t.Errorf("%s: %d without %q:\n%.600s", c.path, status, c.holds, page)
			}
		}
		if status, page := b.as(steward).get(t, "/kode/rancangan"); status != 200 || !strings.Contains(page, "RAHASIA") {
			t.Errorf("its steward: %d", status)
		}
		if _, page := b.as(steward).get(t, "/kode/rancangan"); strings.Contains(page, "Terbitkan sebagai LID") {
			t.Error("a draft may be offered")
		}
		if status, to := b.send(t, "POST", "/kode/wilayah-kemendagri", nil); status != 303 || !strings.HasPrefix(to, "/masuk?next=") {
			t.Errorf("nobody offers: %d %s", status, to)
		}
		if status, _ := b.as(stranger).send(t, "POST", "/kode/wilayah-kemendagri", nil); status != 403 {
			t.Errorf("a stranger offers: %d", status)
		}
		if status, _ := b.as(steward).send(t, "POST", "/kode/wilayah-kemendagri", nil); status != 303 || len(b.shelf.all) != 1 || b.shelf.all[0].Address != "referensi/WilayahKemendagri" {
			t.Errorf("the steward offers: %d %v", status, b.shelf.all)
		}
		if _, page := b.get(t, "/kode/wilayah-kemendagri"); !strings.Contains(page, "/catalog/referensi/WilayahKemendagri") {
			t.Error("the page does not name the LID")
		}
	})
}

func TestAStandardOnItsPage(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		b := r.browser()
		const path = "/standar/jumlah-penduduk"
		if _, page := b.get(t, "/standar"); !strings.Contains(page, "Belum ada standar data") {
			t.Error("an empty browser does not say so")
		}
		if _, err := r.standards.Put(t.Context(), steward, "jumlah-penduduk", populationOf(1), false); err != nil {
			t.Fatal(err)
		}
		if status, _ := b.get(t, path); status != 404 {
			t.Errorf("the public sees a draft: %d", status)
		}
		step := func(who browser, step string) (int, string) {
			return who.send(t, "POST", path, url.Values{"version": {"1"}, "step": {step}, "note": {"ok"}})
		}
		if status, to := step(b, "propose"); status != 303 || !strings.HasPrefix(to, "/masuk") {
			t.Errorf("nobody proposes: %d %s", status, to)
		}
		if status, _ := step(b.as(stranger), "propose"); status != 404 {
			t.Errorf("a stranger proposes: %d", status)
		}
		if _, page := b.as(steward).get(t, path); !strings.Contains(page, `value="propose"`) || strings.Contains(page, `value="approve"`) {
			t.Error("the steward is offered the wrong step")
		}
		if status, to := step(b.as(steward), "propose"); status != 303 || !strings.HasPrefix(to, path) {
			t.Errorf("%d %s", status, to)
		}
		if status, _ := step(b.as(steward), "approve"); status != 403 {
			t.Errorf("the steward approves: %d", status)
		}
		if status, _ := step(b.as(authority), "burn"); status != 400 {
			t.Errorf("a step that does not exist: %d", status)
		}
		if _, page := b.as(authority).get(t, path); !strings.Contains(page, `value="approve"`) {
			t.Error("the authority is not asked")
		}
		if status, _ := step(b.as(authority), "approve"); status != 303 {
			t.Errorf("%d", status)
		}
		for path, holds := range map[string]string{"/standar?q=PENDUDUK": "Jumlah penduduk", "/standar?q=zzz": "Tidak ada standar yang cocok", path: "Berlaku", path + "?version=1": "jiwa", path + "?version=x": "jiwa"} {
			if status, page := b.get(t, path); status != 200 || !strings.Contains(page, holds) {
				t.Errorf("%s: %d", path, status)
			}
		}
	})
}

func TestAFormIsFilledInSectionBySection(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		b := r.browser()
		if status, to := b.send(t, "POST", "/metadata", url.Values{}); status != 303 || !strings.HasPrefix(to, "/masuk") {
			t.Errorf("nobody begins: %d %s", status, to)
		}
		who := b.as(producer)
		begin := url.Values{"form": {"ms-var"}, "id": {"umur"}, "title": {"Umur"}}
		if status, page := who.send(t, "POST", "/metadata", url.Values{"form": {"ms-var"}, "id": {"Umur"}, "title": {"Umur"}}); status != 400 || !strings.Contains(page, "tidak sah") || !strings.Contains(page, `value="Umur"`) {
			t.Errorf("a bad name: %d", status)
		}
		if status, to := who.send(t, "POST", "/metadata", begin); status != 303 || to != "/metadata/umur/1" {
			t.Fatalf("%d %.300s", status, to)
		}
		if status, _ := who.send(t, "POST", "/metadata", begin); status != 409 {
			t.Errorf("begun twice: %d", status)
		}
		for _, path := range []string{"/metadata/umur", "/metadata/umur/1"} {
			if status, _ := b.as(stranger).get(t, path); status != 404 {
				t.Errorf("a stranger sees %s: %d", path, status)
			}
		}
		if status, _ := who.get(t, "/metadata/umur/9"); status != 404 {
			t.Errorf("a section that is not there: %d", status)
		}
		s := complete(standard.Variable)
		parts := standard.FormOf(standard.Variable).Parts
		wrong := url.Values{"tipe_data": {"angin"}}
		if status, page := who.send(t, "POST", "/metadata/umur/3", wrong); status != 400 || !strings.Contains(page, "tidak sesuai") {
			t.Errorf("a wrong answer: %d", status)
		}
		for i, part := range parts {
			answers := url.Values{}
			for _, q := range part.Questions {
				answers.Set(q.Key, s.Values[q.Key])
			}
			path := "/metadata/umur/" + string(rune('1'+i))
			if status, page := who.get(t, path); status != 200 || !strings.Contains(page, part.Questions[0].Label.ID) {
				t.Errorf("%s: %d", path, status)
			}
			if status, _ := who.send(t, "POST", path, answers); status != 303 {
				t.Errorf("%s is not saved: %d", path, status)
			}
		}
		if _, page := who.get(t, "/metadata/umur"); !strings.Contains(page, `value="submit"`) || strings.Contains(page, "Belum lengkap") {
			t.Error("a complete form cannot be submitted")
		}
		for _, move := range []struct {
			who    browser
			move   string
			status int
		}{{who, "approve", 403}, {b.as(steward), "burn", 400}, {who, "submit", 303}, {b.as(steward), "approve", 303}} {
			if status, page := move.who.send(t, "POST", "/metadata/umur", url.Values{"move": {move.move}}); status != move.status {
				t.Errorf("%s: %d %.300s", move.move, status, page)
			}
		}
		if status, page := b.get(t, "/metadata?form=ms-var"); status != 200 || !strings.Contains(page, "/metadata/umur") {
			t.Errorf("the public does not find it: %d", status)
		}
		if status, page := b.get(t, "/metadata/umur"); status != 200 || strings.Contains(page, "<form class=\"panel") {
			t.Errorf("the public gets %d", status)
		}
	})
}

func TestAStandardIsWrittenOnAPage(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		b := r.browser()
		const path = "/tulis-standar"
		if status, to := b.get(t, path); status != 303 || !strings.HasPrefix(to, "/masuk") {
			t.Errorf("nobody writes: %d %s", status, to)
		}
		if status, _ := b.as(authority).get(t, path); status != 403 {
			t.Errorf("the authority writes: %d", status)
		}
		who := b.as(steward)
		form := url.Values{"id": {"lama-pelayanan"}, "version": {"1"}, "name": {"Lama pelayanan"}, "field": {"layanan"}, "authority": {bps}, "concept": {"Waktu"}, "definition": {"Sejak berkas lengkap."}, "measure": {"Lama"}}
		if status, page := who.send(t, "POST", path, form); status != 400 || !strings.Contains(page, "tidak bersatuan") || !strings.Contains(page, "Sejak berkas lengkap.") {
			t.Errorf("without a unit: %d", status)
		}
		form.Set("unit", "hari\x00")
		if status, page := who.send(t, "POST", path, form); status != 400 || !strings.Contains(page, "karakter kendali") {
			t.Errorf("a control character: %d", status)
		}
		form.Set("unit", "hari")
		if status, to := who.send(t, "POST", path, form); status != 303 || !strings.HasPrefix(to, "/standar/lama-pelayanan?") {
			t.Fatalf("%d %.300s", status, to)
		}
		if status, page := who.get(t, path+"?id=lama-pelayanan"); status != 200 || !strings.Contains(page, "Sejak berkas lengkap.") || strings.Contains(page, "Nama pendek") {
			t.Errorf("the draft is not there again: %d", status)
		}
		if status, page := b.as(stranger).get(t, path+"?id=lama-pelayanan"); status != 200 || strings.Contains(page, "Sejak berkas") {
			t.Errorf("a stranger sees the draft: %d", status)
		}
		if status, _ := b.as(stranger).send(t, "POST", path, form); status != 409 {
			t.Errorf("a stranger takes the name: %d", status)
		}
		for _, s := range []struct {
			who  simpul.Principal
			step standard.Step
		}{{steward, standard.Propose}, {authority, standard.Approve}} {
			if _, err := r.standards.Take(t.Context(), s.who, "lama-pelayanan", 1, s.step, ""); err != nil {
				t.Fatal(err)
			}
		}
		if _, page := who.get(t, path+"?id=lama-pelayanan"); !strings.Contains(page, `name="version" value="2"`) {
			t.Error("the next version is not offered")
		}
		if status, _ := b.as(stranger).get(t, path+"?id=lama-pelayanan"); status != 403 {
			t.Errorf("a stranger writes the next version: %d", status)
		}
	})
}

// uploadFile sends a file and the other fields of a form.
func (b browser) uploadFile(t *testing.T, path, file string, fields map[string]string) (int, string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		form.WriteField(name, value)
	}
	part, err := form.CreateFormFile("file", "berkas.csv")
	if err != nil {
		t.Fatal(err)
	}
	part.Write([]byte(file))
	form.Close()
	request := httptest.NewRequest(http.MethodPost, path, &body)
	request.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, request.WithContext(context.WithValue(request.Context(), readerKey{}, b.reader)))
	return w.Code, w.Body.String() + w.Header().Get("Location")
}

func TestFilesAreSentOnPages(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := furnished(t, db)
		b := r.browser()
		r.put(t, steward, "contoh", listSpec(kemendagri, nil))
		good, bad := "code,name_id\n1,Satu\n", "code,name_id\n1,Satu\n1,Dua\n"
		for _, c := range []struct {
			who    simpul.Principal
			file   string
			status int
			holds  string
		}{
			{public, good, 303, "/masuk"},
			{stranger, good, 403, ""},
			{authority, good, 403, ""},
			{steward, bad, 400, "baris 3, kolom from: Kode 1 bermakna ganda"},
			{steward, good, 303, "/kode/contoh"},
		} {
			if status, page := b.as(c.who).uploadFile(t, "/kode/contoh/berkas", c.file, nil); status != c.status || !strings.Contains(page, c.holds) {
				t.Errorf("%s: %d %.300s", c.who.ID, status, page)
			}
		}
		if status, page := b.as(steward).send(t, "POST", "/kode/contoh/berkas", nil); status != 400 || !strings.Contains(page, "Berkas belum terpilih") {
			t.Errorf("no file: %d", status)
		}
		if got, err := r.lists.Lookup(t.Context(), public, "contoh", "1", ""); err != nil || got.Name.ID != "Satu" {
			t.Errorf("%v, %v", got, err)
		}
		fields := map[string]string{"form": "ms-var"}
		if status, page := b.as(producer).uploadFile(t, "/metadata-berkas", "id,nama\numur,=1\n", fields); status != 400 || !strings.Contains(page, "baris 2, kolom nama") {
			t.Errorf("a formula: %d", status)
		}
		if status, page := b.as(producer).uploadFile(t, "/metadata-berkas", "id,nama\numur,Umur\n", fields); status != 303 || !strings.HasSuffix(page, "/metadata?form=ms-var") {
			t.Errorf("%d %.300s", status, page)
		}
		if status, page := b.as(producer).get(t, "/metadata-berkas?form=ms-var"); status != 200 || !strings.Contains(page, "umur") {
			t.Errorf("%d %s", status, page)
		}
		if status, page := b.get(t, "/metadata-berkas?form=ms-var&format=json"); status != 200 || page != `{"items":[]}` {
			t.Errorf("the public gets %d %s", status, page)
		}
		if status, _ := b.get(t, "/metadata-berkas?form=x"); status != 400 {
			t.Errorf("an unknown form: %d", status)
		}
	})
}
