package grant_test

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/grant"
)

// A grant that was written directly is shown as one that was asked for: to both
// parties in the same sentences.
func TestBothPartiesReadTheSameGrant(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := newOffice(t, db)
		o.room.agreed(t, "g-1", closed(func(s *grant.Spec) { s.Rows = []grant.Row{{Parameter: "kode", Values: []string{"32", "33"}}} }))
		consumer, provider := o.screens(&asker), o.screens(&decider)
		said := []string{"Aplikasi layanan@bandungkota.go.id boleh memanggil master/Rahasia.", "Hanya kolom items.kode yang disampaikan.", "Hanya untuk kode = 32 atau 33.",
			"Menurut perjanjian PKS-12/2026 tanggal 2 November 2026.", "Ditulis langsung oleh penyedia", "Lembar persetujuan"}
		says(t, consumer("GET", "/izin/g-1", nil), 200, append(said, "Ajukan perubahan atau perpanjangan")...)
		says(t, provider("GET", "/izin/g-1", nil), 200, append(said, "Bekukan")...)
		if strings.Contains(consumer("GET", "/izin/g-1", nil).Body.String(), `value="suspend"`) {
			t.Error("the consumer may suspend")
		}
		says(t, consumer("GET", "/izin/g-1/lembar", nil), 200, "Hanya untuk kode = 32 atau 33.", "Only for kode = 32 or 33.", "Nama "+kemendagri, "Tanda tangan")
		got := consumer("GET", "/izin/g-1/csv", nil)
		rows, err := csv.NewReader(got.Body).ReadAll()
		if err != nil || !strings.Contains(fmt.Sprint(rows), "Under agreement PKS-12/2026 of 2 November 2026.") || got.Header().Get("Content-Disposition") != `attachment; filename="izin-g-1.csv"` {
			t.Errorf("%v %v, %v", got.Header(), rows, err)
		}
		stranger := of(bps)
		for _, path := range []string{"/izin/g-1", "/izin/g-1/lembar", "/izin/g-1/csv"} {
			says(t, o.screens(&stranger)("GET", path, nil), 404)
		}
	})
}

func TestAGrantIsStoppedOnItsPage(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	o.room.put(t, "g-1", spec(nil))
	o.room.agreed(t, "g-2", closed(nil))
	consumer, provider := o.screens(&asker), o.screens(&decider)
	why := func(act string) url.Values { return url.Values{"act": {act}, "reason": {"Sedang diperiksa"}} }
	says(t, consumer("POST", "/izin/g-1", why("suspend")), 403)
	says(t, provider("POST", "/izin/g-1", url.Values{"act": {"suspend"}}), 400, "Tulis alasannya")
	says(t, provider("POST", "/izin/g-1", why("menari")), 400, "Tindakan tidak dikenal")
	says(t, provider("POST", "/izin/g-1", why("suspend")), 303)
	says(t, consumer("GET", "/izin/g-1", nil), 200, "Mengapa dibekukan", "Sedang diperiksa")
	says(t, provider("POST", "/izin/g-1", why("resume")), 303)
	says(t, consumer("GET", "/izin/g-1", nil), 200, "Berlaku")

	says(t, provider("POST", "/izin/g-2", why("suspend")), 303)
	says(t, provider("GET", "/izin/g-2", nil), 200, "Usulkan diaktifkan kembali")
	if w := provider("POST", "/izin/g-2", why("resume")); w.Header().Get("Location") != "/persetujuan/u-2" {
		t.Errorf("got %d to %s", w.Code, w.Header().Get("Location"))
	}
	if w := provider("POST", "/izin/g-1", why("revoke")); w.Header().Get("Location") != "/izin?sisi=penyedia" {
		t.Errorf("got %d to %s", w.Code, w.Header().Get("Location"))
	}
	says(t, provider("GET", "/izin/g-1", nil), 404)
}

func TestListsHavePages(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := newOffice(t, db)
		for i := range 30 {
			exec(t, db, fmt.Sprintf(`INSERT INTO catalog_lid (address, agency, class, state, title, document, created_at, updated_at)
				VALUES ('banyak/L%02d', '%s', 'terbuka', 'published', 'T', '{}', 0, 0)`, i, kemendagri))
			exec(t, db, fmt.Sprintf(`INSERT INTO grant_grant (id, lid, provider, application, consumer, purpose, legal_basis, fields, valid_from, valid_until, suspended, created_at, updated_at)
				VALUES ('n-%02d', 'banyak/L%02d', '%s', '%s', '%s', 'P', 'B', '[]', 0, %d, %t, %d, 0)`, i, i, kemendagri, layanan, bandung, monday.AddDate(0, 0, i).UnixMilli()*int64(i%2), i == 29, i))
		}
		consumer, provider := o.screens(&asker), o.screens(&decider)
		says(t, consumer("GET", "/izin", nil), 200, "1–25 dari 30", "banyak/L29", "banyak/L05", "Dibekukan (1)", "hal=2")
		says(t, consumer("GET", "/izin?hal=2", nil), 200, "26–30 dari 30", "banyak/L00", "Ke awal")
		says(t, consumer("GET", "/izin?status=suspended", nil), 200, "1–1 dari 1", "banyak/L29")
		says(t, consumer("GET", "/izin?lid=L07&pihak=kemendagri", nil), 200, "banyak/L07", "1–1 dari 1")
		says(t, consumer("GET", "/izin?lid=L%25", nil), 200, "Tidak ada yang cocok")
		says(t, consumer("GET", "/izin?urut=akhir", nil), 200, "1–15 dari 15")
		says(t, provider("GET", "/izin?sisi=penyedia&hal=99999999999", nil), 200)
		says(t, provider("GET", "/izin", nil), 200, "Belum ada izin")
		stranger := of(bps)
		if strings.Contains(o.screens(&stranger)("GET", "/izin?sisi=penyedia", nil).Body.String(), "banyak/") {
			t.Error("a stranger sees grants")
		}
		body := consumer("GET", "/izin?urut=akhir", nil).Body.String()
		if strings.Index(body, "banyak/L01") > strings.Index(body, "banyak/L03") {
			t.Error("what ends later comes first")
		}
	})
}

func TestWhatIsUrgentComesFirst(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := newOffice(t, db)
		first := o.submit(t, ask(desa, nil))
		o.room.now = monday.Add(time.Hour)
		later := o.submit(t, ask(desa, func(a *grant.Ask) { a.Application = "lain@" + bandung }))
		o.submit(t, ask(kota, nil)) // approved at once
		provider := o.screens(&decider)
		body := provider("GET", "/akses/masuk", nil).Body.String()
		if a, b := strings.Index(body, first.ID), strings.Index(body, later.ID); a < 0 || b < a {
			t.Errorf("the older at %d, the later at %d", a, b)
		}
		says(t, provider("GET", "/akses/masuk", nil), 200, "Menunggu keputusan (2)", "Disetujui (1)", "Putusan dalam")
		says(t, o.screens(&asker)("GET", grant.RequestPath(first.ID), nil), 200, "Belum dibuka penyedia")
		provider("GET", grant.RequestPath(first.ID), nil)
		says(t, o.screens(&asker)("GET", grant.RequestPath(first.ID), nil), 200, "Penyedia sudah membukanya")
		o.room.now = later.OpenDue.Add(time.Hour)
		says(t, o.screens(&asker)("GET", "/akses", nil), 200, "Belum dibuka sejak", "sudah dibuka")
		o.room.now = later.Due.Add(24 * time.Hour)
		says(t, provider("GET", "/akses/masuk?status=submitted", nil), 200, "Terlambat sejak")
		says(t, o.screens(&asker)("GET", grant.RequestPath(first.ID), nil), 200, "seharusnya memutuskan", "Operator nasional")
	})
}
