package metering

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// TestFill fills a database with a year of exchanges that never happened, to look
// at the screens: SIMPUL_METERING_FILL=sqlite:///tmp/x/simpul.db go test -run Fill
func TestFill(t *testing.T) {
	url := os.Getenv("SIMPUL_METERING_FILL")
	if url == "" {
		t.Skip("for looking at screens only")
	}
	db, err := sqldb.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	m := NewMeter(db, newLedger("karangan", year(time.Now())...), quiet, time.Now)
	run(t, m)
	if err := m.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// year makes traffic with working hours, weekends, growth and one bad day.
func year(now time.Time) (all []simpul.Exchange) {
	r := rand.New(rand.NewPCG(1, 1))
	lids := []simpul.Exchange{
		{Address: "master/Kota", Provider: "kemendagri.go.id", Version: "1.0.0", Class: simpul.Terbuka, Operation: simpul.Operation{Method: "GET", Path: "/"}},
		{Address: "kependudukan/CekNIK", Provider: "kemendagri.go.id", Version: "1.0.0", Class: simpul.Terbatas, Operation: simpul.Operation{Method: "POST", Path: "/"}},
		{Address: "kesehatan/Imunisasi", Provider: "kemkes.go.id", Version: "1.0.0", Class: simpul.Terbatas, Operation: simpul.Operation{Method: "GET", Path: "/"}},
	}
	applications := []simpul.ApplicationID{"layanan@bandungkota.go.id", "bansos@kemsos.go.id", "statistik@bps.go.id", "layanan@surabaya.go.id", "pajak@pajak.go.id",
		"imunisasi@dinkes.jabarprov.go.id", "simpus@semarangkota.go.id", "arsip@anri.go.id", "layanan@kemendagri.go.id"}
	for hour := 365 * 24; hour >= 0; hour-- {
		at := now.Add(-time.Duration(hour) * time.Hour)
		local := at.In(wib)
		load := 1 + 9*math.Exp(-math.Pow(float64(local.Hour())-11, 2)/18)
		if local.Weekday() == time.Saturday || local.Weekday() == time.Sunday {
			load /= 4
		}
		load *= 1.6 - float64(hour)/(365*24)
		for range int(load * (1 + r.Float64()/3)) {
			x := lids[int(math.Min(math.Abs(r.NormFloat64()), 2.9))]
			x.Consumer.Application = applications[int(math.Min(math.Abs(r.NormFloat64()*3), 8.9))]
			x.Grant = simpul.GrantID("izin-" + string(x.Consumer.Application[:3]))
			x.OpenedAt = at.Add(-time.Duration(r.IntN(3600)) * time.Second)
			x.RequestBytes, x.ResponseBytes = int64(r.IntN(400)), int64(r.ExpFloat64()*9000)
			x.Upstream = time.Duration(8e6 * math.Exp(r.NormFloat64()*.8))
			x.Latency = x.Upstream + time.Duration(3e5*(1+r.ExpFloat64()))
			x.Status = 200
			bad := hour/24 == 3 && local.Hour() > 8 && local.Hour() < 15
			switch n := r.IntN(1000); {
			case bad && n < 400:
				x.Outcome, x.Latency, x.Upstream = simpul.CodeTimeout, 10*time.Second, 10*time.Second
			case n < 14:
				x.Outcome, x.Upstream = simpul.CodeDenied, 0
			case n < 22:
				x.Outcome, x.Upstream = simpul.CodeLimited, 0
			case n < 25:
				x.Status = 503
			case n < 26:
				x.Outcome, x.Upstream = simpul.CodeUnavailable, 0
			}
			all = append(all, x)
		}
	}
	return all
}
