package portal

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"simpul"
)

func TestExchangesNeedSigningIn(t *testing.T) {
	s := &stage{records: someRecords()}
	for target, next := range map[string]string{
		"/exchanges":                         "/exchanges",
		"/exchanges?outcome=denied&lid=a%26": "/exchanges?outcome=denied&lid=a%26",
		"/exchanges/" + string(third):        "/exchanges/" + string(third),
	} {
		w := s.get(t, target)
		if at := w.Header().Get("Location"); w.Code != http.StatusSeeOther || at != "/masuk?next="+url.QueryEscape(next) {
			t.Errorf("%s: %d %q", target, w.Code, at)
		}
		lacks(t, w.Body.String(), "layanan@", "master/Kota")
	}
	w := s.get(t, "/exchanges", "HX-Request", "true")
	if w.Code != http.StatusNoContent || w.Header().Get("HX-Redirect") != "/masuk?next=%2Fexchanges" {
		t.Errorf("a page whose session ended: %d %q", w.Code, w.Header())
	}
}

func TestExchangesAreThoseOfTheScope(t *testing.T) {
	for name, c := range map[string]struct {
		role          simpul.Role
		agency        simpul.AgencyID
		shown, hidden []string
	}{
		"operator":            {simpul.RoleOperator, "", []string{"layanan@", "bansos@", "izin@", "dari instansi mana pun"}, nil},
		"national auditor":    {simpul.RoleAuditor, "", []string{"layanan@", "bansos@", "izin@"}, nil},
		"consumer":            {simpul.RoleConsumer, "bandungkota.go.id", []string{"layanan@", "Instansi bandungkota.go.id"}, []string{"bansos@", "izin@"}},
		"provider":            {simpul.RoleProvider, "kemendagri.go.id", []string{"layanan@", "bansos@"}, []string{"izin@"}},
		"stranger":            {simpul.RoleAdmin, "pajak.go.id", []string{"Belum ada pertukaran"}, []string{"layanan@", "bansos@", "izin@", "kependudukan/"}},
		"role without agency": {simpul.RoleAdmin, "", []string{"Belum ada pertukaran"}, []string{"layanan@", "bansos@", "izin@"}},
	} {
		s := (&stage{records: someRecords()}).as(c.role, c.agency)
		page := s.get(t, "/exchanges").Body.String()
		t.Run(name, func(t *testing.T) {
			for _, want := range c.shown {
				contains(t, unbroken(page), want)
			}
			lacks(t, unbroken(page), c.hidden...)
		})
	}
}

// unbroken removes the places where an identifier may break.
func unbroken(page string) string { return strings.ReplaceAll(page, "<wbr>", "") }

func TestExchangesAreFiltered(t *testing.T) {
	for query, want := range map[string]Filter{
		"":                               {},
		"outcome=delivered":              {Outcome: "delivered"},
		"outcome=failed":                 {Outcome: "failed"},
		"outcome=denied&lid=master/Kota": {Outcome: "denied", Address: "master/Kota"},
		"outcome=nonsense":               {},
		"lid=+master/Kota+":              {Address: "master/Kota"},
	} {
		s := (&stage{records: someRecords()}).as(simpul.RoleOperator, "")
		if w := s.get(t, "/exchanges?"+query); w.Code != http.StatusOK || s.asked != want {
			t.Errorf("%q: %d, asked %+v", query, w.Code, s.asked)
		}
	}
}

func TestAMistypedLIDIsExplained(t *testing.T) {
	s := (&stage{records: someRecords()}).as(simpul.RoleOperator, "")
	w := s.get(t, "/exchanges?lid=kota")
	if w.Code != http.StatusBadRequest {
		t.Errorf("got %d", w.Code)
	}
	contains(t, w.Body.String(), "tidak berbentuk grup/Nama", `aria-invalid="true"`, `value="kota"`)
	lacks(t, w.Body.String(), "layanan@", "hx-trigger", "Diperbarui sendiri")
}

func TestTheListRefreshesItself(t *testing.T) {
	s := (&stage{records: someRecords()}).as(simpul.RoleOperator, "")
	page := s.get(t, "/exchanges?outcome=failed").Body.String()
	contains(t, page, `hx-trigger="every 2s"`, "Jeda", "outcome=failed")

	poll := attribute(t, page, "hx-get", "seen=")
	if w := s.get(t, poll, "HX-Request", "true"); w.Code != http.StatusNoContent || w.Body.Len() != 0 {
		t.Errorf("without news: %d, %d bytes", w.Code, w.Body.Len())
	}
	news := s.records[0]
	news.ID = "019ab000-0000-7000-8000-000000000004"
	s.records = append([]Exchange{news}, s.records...)
	w := s.get(t, poll, "HX-Request", "true")
	if n := strings.Count(w.Body.String(), "parties--new"); w.Code != http.StatusOK || n != 1 {
		t.Errorf("with news: %d, %d marked as new", w.Code, n)
	}
}

func TestTheFirstExchangeOfAnEmptyListIsMarked(t *testing.T) {
	s := (&stage{}).as(simpul.RoleOperator, "")
	page := s.get(t, "/exchanges").Body.String()
	poll := attribute(t, page, "hx-get", "seen=")
	s.records = someRecords()[:1]
	w := s.get(t, poll, "HX-Request", "true")
	if n := strings.Count(w.Body.String(), "parties--new"); w.Code != http.StatusOK || n != 1 {
		t.Errorf("%d, %d marked as new", w.Code, n)
	}
}

func TestAnExchangeThatEndsIsNews(t *testing.T) {
	s := (&stage{records: someRecords()}).as(simpul.RoleOperator, "")
	page := s.get(t, "/exchanges").Body.String()
	contains(t, page, "Berlangsung")
	poll := attribute(t, page, "hx-get", "seen=")
	s.records[2].Ended = true
	if w := s.get(t, poll, "HX-Request", "true"); w.Code != http.StatusOK {
		t.Errorf("got %d", w.Code)
	}
}

// attribute returns the unescaped value of the first such attribute that has
// the text in it.
func attribute(t *testing.T, page, name, with string) string {
	t.Helper()
	for _, part := range strings.Split(page, name+`="`)[1:] {
		if value, _, _ := strings.Cut(part, `"`); strings.Contains(value, with) {
			return strings.ReplaceAll(value, "&amp;", "&")
		}
	}
	t.Fatalf("no %s with %q", name, with)
	return ""
}

func TestTheListCanBePaused(t *testing.T) {
	s := (&stage{records: someRecords()}).as(simpul.RoleOperator, "")
	for query, running := range map[string]bool{"": true, "?live=on": true, "?live=off": false, "?cursor=lanjut": false, "?live=later": true} {
		page := s.get(t, "/exchanges"+query).Body.String()
		if strings.Contains(page, `hx-trigger="every 2s"`) != running {
			t.Errorf("%q: running should be %v", query, running)
		}
	}
	paused := s.get(t, "/exchanges?live=off&outcome=failed").Body.String()
	contains(t, paused, "Lanjutkan", `name="live" value="off"`, "live=on&amp;outcome=failed")
}

func TestExchangeInPlainWords(t *testing.T) {
	s := (&stage{records: someRecords()}).as(simpul.RoleAdmin, "kemendagri.go.id")
	page := unbroken(s.get(t, "/exchanges/"+string(second)).Body.String())
	contains(t, page, string(second), "bansos@kemensos.go.id", "Instansi kemensos.go.id", "Instansi kemendagri.go.id", "kependudukan/CekNIK", `href="/catalog/kependudukan/CekNIK"`,
		"izin-7", "Pelayanan warga", "tidak punya izin yang berlaku", "403 Forbidden", "12 ms", "9,0 ms", "1,2 kB", "ab12", "tanpa isi", "jurnal-1", "catatan ke-42", "pemanfaat")
	contains(t, page, "sha256sum", "Sidik jawaban")
	lacks(t, page, "k-rahasia", "--personal")
}

// A commitment is not called the SHA-256 of a file, which it never equals.
func TestAKeyedFingerprintIsCalledSo(t *testing.T) {
	records := someRecords()
	records[0].ResponseDigest = simpul.KeyedDigest([32]byte{0xab})
	s := (&stage{records: records}).as(simpul.RoleAdmin, "kemendagri.go.id")
	page := unbroken(s.get(t, "/exchanges/"+string(third)).Body.String())
	contains(t, page, "Sidik terkunci jawaban", ">ab00", "bukan SHA-256 isinya", "simpul evidence get "+string(third)+" --personal", "Sidik permintaan", "tanpa isi")
	lacks(t, page, "keyed:", "Hitung sidik berkas Anda")
	english := unbroken(s.get(t, "/exchanges/"+string(third), "Accept-Language", "en").Body.String())
	contains(t, english, "Keyed fingerprint of the answer", "they are not the SHA-256 of the content")
}

func TestAnExchangeUnderWay(t *testing.T) {
	s := (&stage{records: someRecords()}).as(simpul.RoleOperator, "")
	page := s.get(t, "/exchanges/"+string(first)).Body.String()
	contains(t, page, "masih berlangsung")
	lacks(t, page, "Status HTTP", "0 ms")
}

// Whoever may not see an exchange learns no more than if it did not exist.
func TestExchangesOfOthersDoNotExist(t *testing.T) {
	s := (&stage{records: someRecords()}).as(simpul.RoleAdmin, "pajak.go.id")
	const nobodys = "019ab000-0000-7000-8000-0000000000ff"
	others, missing := s.get(t, "/exchanges/"+string(third)), s.get(t, "/exchanges/"+nobodys)
	if others.Code != http.StatusNotFound || missing.Code != http.StatusNotFound {
		t.Errorf("got %d and %d", others.Code, missing.Code)
	}
	if a, b := strings.ReplaceAll(others.Body.String(), string(third), "ID"), strings.ReplaceAll(missing.Body.String(), nobodys, "ID"); a != b {
		t.Error("the two pages differ")
	}
	if w := s.get(t, "/exchanges/bukan-nomor"); w.Code != http.StatusNotFound {
		t.Errorf("a malformed number: %d", w.Code)
	}
}

// Every code that an exchange can end with has words in both languages.
func TestEveryEndingHasWords(t *testing.T) {
	for _, code := range []simpul.Code{"", simpul.CodeInvalid, simpul.CodeUnauthenticated, simpul.CodeDenied, simpul.CodeNotFound, simpul.CodeMethodNotAllowed, simpul.CodeConflict,
		simpul.CodeTooLarge, simpul.CodeLimited, simpul.CodeInternal, simpul.CodeUpstream, simpul.CodeUnavailable, simpul.CodeTimeout, simpul.CodeAborted} {
		if e := endingOf(code); e.name.ID == "" || e.name.EN == "" || e.meaning.ID == "" || e.meaning.EN == "" {
			t.Errorf("%q: %+v", code, e)
		}
	}
	if e := endingOf("neu"); e.name.ID != "neu" {
		t.Errorf("an unknown code is shown as %q", e.name.ID)
	}
}

func TestExchangesAreForWhoMaySeeThem(t *testing.T) {
	visitor := simpul.Principal{ID: "t-1", Agency: "bandungkota.go.id", Permissions: []simpul.Permission{simpul.OwnAccount}}
	s := &stage{visitor: &visitor}
	for _, page := range []string{ExchangesPath, ExchangesPath + "/" + string(first)} {
		if got := s.get(t, page); got.Code != http.StatusForbidden {
			t.Errorf("%s: %d", page, got.Code)
		}
	}
}
