package grant_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/testkit"
)

// nation is an office with 100,000 grants and 20,000 requests of 100 agencies,
// each of which runs ten applications.
func nation(b *testing.B) *office {
	o := newOffice(b, testkit.SQLite(b))
	agency := func(i int) string { return fmt.Sprintf("kab%d.go.id", i%100) }
	application := func(i int) string { return fmt.Sprintf("app%d@%s", i%1000/100, agency(i)) }
	insert := func(table string, n int, row func(int) string) {
		const batch = 500
		for from := 0; from < n; from += batch {
			var rows []string
			for i := from; i < min(from+batch, n); i++ {
				rows = append(rows, "("+row(i)+")")
			}
			exec(b, o.room.db, "INSERT INTO "+table+" VALUES "+strings.Join(rows, ","))
		}
	}
	insert("agency_agency (id, name, level, created_at, updated_at)", 100, func(i int) string { return fmt.Sprintf("'%s', 'A', 'nasional', 0, 0", agency(i)) })
	insert("agency_application (id, agency, name, created_at, updated_at)", 1000, func(i int) string {
		return fmt.Sprintf("'%s', '%s', 'A', 0, 0", application(i), agency(i))
	})
	insert("catalog_lid (address, agency, class, state, title, document, created_at, updated_at)", 10_000, func(i int) string {
		return fmt.Sprintf("'nasional/L%d', '%s', 'terbuka', 'published', 'T', '{}', 0, 0", i, agency(i))
	})
	at := monday.UnixMilli()
	insert("grant_grant (id, lid, provider, application, consumer, purpose, legal_basis, fields, rate_per_min, valid_from, valid_until, suspended, created_at, updated_at)", 100_000, func(i int) string {
		lid := (i%1000*100 + i/1000) % 10_000
		return fmt.Sprintf("'n-%d', 'nasional/L%d', '%s', '%s', '%s', 'Melayani warga dengan data yang sudah ada', 'UU 25/2009', '[\"items.kode\"]', 60, 0, %d, %t, %d, %d",
			i, lid, agency(lid), application(i), agency(i), at+int64(i%700-20)*86_400_000, i%50 == 0, at-int64(i), at-int64(i))
	})
	insert("grant_request (id, lid, provider, application, consumer, class, state, version, due_at, submitted_at, created_at, updated_at)", 20_000, func(i int) string {
		state, lid := "approved", (i%1000*100+i/1000)%10_000
		if i%20 == 0 {
			state = "submitted"
		}
		return fmt.Sprintf("'p-%05d', 'nasional/L%d', '%s', '%s', '%s', 'terbatas', '%s', 1, %d, %d, 0, 0", i, lid, agency(lid), application(i), agency(i), state, at+int64(i), at-int64(i))
	})
	return o
}

// BenchmarkNation measures whole pages and lists with 100,000 grants, as the
// operator and as one agency of a hundred; p95-ms is the 95th percentile.
func BenchmarkNation(b *testing.B) {
	o := nation(b)
	operator := simpul.Acting("t-operator", simpul.RoleOperator, "")
	one := of("kab7.go.id")
	for name, who := range map[string]*simpul.Principal{"operator": &operator, "agency": &one} {
		visit := o.screens(who)
		for _, path := range []string{
			"/akses", "/akses/masuk", "/akses/masuk?status=submitted&lid=L7", "/izin", "/izin?sisi=penyedia&status=active", "/izin?urut=akhir", "/izin?hal=20", "/izin?lid=L77&pihak=kab", "/izin/n-7",
		} {
			b.Run(name+path, func(b *testing.B) {
				timed(b, func() {
					if w := visit("GET", path, nil); w.Code != http.StatusOK {
						b.Fatalf("%d %.300s", w.Code, w.Body)
					}
				})
			})
		}
		b.Run(name+" list of the API", func(b *testing.B) {
			after := ""
			timed(b, func() {
				all, err := o.room.List(b.Context(), *who, httpapi.Page{Limit: 101, After: after})
				if err != nil {
					b.Fatal(err)
				}
				after = ""
				if len(all) == 101 {
					after = all[100].ID
				}
			})
		})
	}
}

func timed(b *testing.B, do func()) {
	var all []time.Duration
	for b.Loop() {
		begin := time.Now()
		do()
		all = append(all, time.Since(begin))
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)*95/100].Microseconds())/1e3, "p95-ms")
	b.ReportMetric(float64(all[len(all)/2].Microseconds())/1e3, "p50-ms")
}
