package maturity_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/trail"
	"simpul/internal/registry/maturity"
)

func TestWhoMakesAReport(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := service(t, db, busy())
		for _, p := range []simpul.Principal{steward, operator, auditor} {
			if d, err := s.Make(t.Context(), p, bandung, year, "pdf"); err != nil || d.Data.Agency.ID != bandung || len(d.SHA256) != 64 {
				t.Errorf("%s: %v", p.ID, err)
			}
		}
		_, unknown := s.Make(t.Context(), operator, "tiada.go.id", year, "pdf")
		_, foreign := s.Make(t.Context(), stranger, bandung, year, "pdf")
		_, neither := s.Make(t.Context(), stranger, "tiada.go.id", year, "pdf")
		for _, err := range []error{unknown, foreign, neither} {
			if simpul.CodeOf(err) != simpul.CodeNotFound {
				t.Errorf("got %v", err)
			}
		}
		if a, b := strings.ReplaceAll(foreign.Error(), string(bandung), "…"), strings.ReplaceAll(neither.Error(), "tiada.go.id", "…"); a != b {
			t.Errorf("not one's own is told as %q, unknown as %q", a, b)
		}
		events := events(t, db, steward)
		if len(events) != 3 || events[2].Action != "report.make" || events[2].Actor != steward.ID || !strings.Contains(events[2].Detail, "sha256 ") {
			t.Errorf("the trail has %+v", events)
		}
		if _, err := s.Look(t.Context(), steward, bandung, year); err != nil || len(eventsOf(t, db)) != 3 {
			t.Errorf("a look is noted as a report: %v", err)
		}
	})
}

func eventsOf(t *testing.T, db *sqldb.DB) []trail.Event { return events(t, db, steward) }

func events(t *testing.T, db *sqldb.DB, p simpul.Principal) (all []trail.Event) {
	t.Helper()
	err := db.Read(t.Context(), p.Scope(), func(tx *sqldb.Tx) (err error) {
		all, err = trail.List(t.Context(), tx, trail.Filter{}, 0, 10)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func look(t *testing.T, n *nation, period maturity.Period) maturity.Document {
	t.Helper()
	d, err := service(t, testkit.SQLite(t), n).Look(t.Context(), steward, bandung, period)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestMonthsAreCountedByTheTimeOfJakarta(t *testing.T) {
	n := busy()
	x := look(t, n, year).Data.Exchanges
	at := func(day string) time.Time {
		parsed, _ := time.ParseInLocation(time.DateOnly, day, time.FixedZone("", 7*3600))
		return parsed
	}
	want := [][2]time.Time{{at("2026-10-15"), at("2026-11-01")}, {at("2026-11-01"), at("2026-11-23")}}
	for i := range want {
		if len(n.asked) != 2 || !n.asked[i][0].Equal(want[i][0]) || !n.asked[i][1].Equal(want[i][1]) {
			t.Fatalf("asked for %v", n.asked)
		}
	}
	if x.Provided != (maturity.Sum{Ended: 2400, Delivered: 2000}) || x.Called != (maturity.Sum{Ended: 6, Delivered: 6}) || len(x.Counts) != 4 || x.Counts[0].Month != "2026-10" || x.Counts[3].Month != "2026-11" {
		t.Errorf("got %+v", x)
	}
}

func TestPeriods(t *testing.T) {
	for _, c := range []struct{ from, until, place, wantFrom, wantUntil string }{
		{"", "", "", "2025-11-24", "2026-11-23"},
		{"", "2026-06-30", "", "2025-07-01", "2026-06-30"},
		{"2024-11-23", "2026-11-23", "", "2024-11-23", "2026-11-23"},
		{"2026-11-23", "2026-11-23", "", "2026-11-23", "2026-11-23"},
		{"2024-11-22", "2026-11-23", "query.from", "", ""},
		{"2026-11-02", "2026-11-01", "query.from", "", ""},
		{"", "2026-11-24", "query.until", "", ""},
		{"kemarin", "", "query.from", "", ""},
		{"", "0001-01-01", "query.until", "", ""},
		{"9999-12-31", "9999-12-31", "query.until", "", ""},
	} {
		got, err := maturity.ParsePeriod(c.from, c.until, monday)
		e, _ := err.(*simpul.Error)
		if (e != nil) != (c.place != "") || e != nil && e.Place != c.place || e == nil && (got.From != c.wantFrom || got.Until != c.wantUntil) {
			t.Errorf("%q to %q: got %+v, %v", c.from, c.until, got, err)
		}
	}
}

// Each thing that an assessor asks for is found, found missing, or said to be
// beyond the hub.
func TestFindings(t *testing.T) {
	states := func(n *nation) map[maturity.Evidence]maturity.Status {
		all := map[maturity.Evidence]maturity.Status{}
		for _, f := range look(t, n, year).Data.Findings {
			all[f.Evidence] = f.Status
			if f.Why.ID == "" || f.Why.EN == "" || f.Why.ID == f.Why.EN || f.Remedy.ID == "" {
				t.Errorf("%s does not speak: %+v", f.Evidence, f)
			}
		}
		return all
	}
	met, missing, unknown := maturity.Met, maturity.Missing, maturity.Unknown
	for _, c := range []struct {
		name string
		n    *nation
		want map[maturity.Evidence]maturity.Status
	}{
		{"everything", busy(), map[maturity.Evidence]maturity.Status{"connected": met, "exchanging": met, "catalogued": met, "documented": met, "standards": met, "policy": unknown, "reviewed": met, "renewed": met}},
		{"nothing", &nation{}, map[maturity.Evidence]maturity.Status{"connected": missing, "exchanging": missing, "catalogued": missing, "documented": missing, "standards": missing, "policy": unknown, "reviewed": missing, "renewed": missing}},
	} {
		if diff := cmp.Diff(c.want, states(c.n)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	suspended, stale, unevaluated := busy(), busy(), busy()
	suspended.approval.Suspended = true
	old := monday.AddDate(-2, 0, 0)
	stale.lids[0].Evaluated = &old
	unevaluated.lids[0].Evaluated = nil
	if got := []maturity.Status{states(suspended)["connected"], states(stale)["reviewed"], states(unevaluated)["reviewed"]}; !cmp.Equal(got, []maturity.Status{missing, missing, unknown}) {
		t.Errorf("got %v", got)
	}
}

// The SHA-256 is of the data: when they are the same it is, and when one figure
// is another it is not.
func TestTheDigestIsOfTheData(t *testing.T) {
	a, b := look(t, busy(), year), look(t, busy(), year)
	changed := busy()
	changed.counts[1].Ended++
	c := look(t, changed, year)
	if a.SHA256 != b.SHA256 || a.SHA256 == c.SHA256 {
		t.Errorf("same %v, changed %v", a.SHA256 == b.SHA256, a.SHA256 != c.SHA256)
	}
}

func TestAReportAsATable(t *testing.T) {
	d := look(t, busy(), year)
	var file bytes.Buffer
	if err := d.WriteCSV(&file, simpul.Indonesian); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	has := func(want ...string) {
		t.Helper()
		for _, row := range rows {
			if cmp.Equal(row[:4], want) {
				return
			}
		}
		t.Errorf("no row %v", want)
	}
	has("report", "", "sha256", d.SHA256)
	has("lids", "izin/Usaha", "title", "'=Izin usaha")
	has("lids", "izin/Usaha", "score", "98")
	has("lids", "izin/Baru", "score", "")
	has("exchanges", "izin/Usaha 2026-11 provided", "ended", "1200")
	has("samples", "01a2139b-0019-7fb3-8cbb-65d1f3cc0f4d", "lid", "izin/Usaha")
	has("forms", "ms-ind", "approved", "1")
	has("findings", "Evaluasi statistik sektoral / 3 / policy", "status", "unknown")
}

func TestAReportOnPaper(t *testing.T) {
	for name, n := range map[string]*nation{"busy": busy(), "empty": {}} {
		n.kept = monday.AddDate(0, 0, -20)
		d := look(t, n, year)
		file, err := d.PDF()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		text, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", path, "-").Output()
		if err != nil {
			t.Fatalf("pdftotext (package poppler-utils): %v", err)
		}
		want := []string{"Pemerintah Kota Bandung", "15 Oktober 2026 – 22 November 2026", d.SHA256[:32], "Halaman 1 dari", "penilaian adalah wewenang asesor", "sudah dihapus menurut masa simpan"}
		if name == "busy" {
			want = append(want, "B-12/2026", "izin/Usaha", "LID-7", "1.200", "01a2139b-0019-7fb3-8cbb-65d1f3cc0f4d", "2 kolom pada 1 LID", "98/100")
		} else {
			want = append(want, "Instansi belum memiliki LID.", "Tidak ada pertukaran dalam periode ini.")
		}
		for _, w := range want {
			if !bytes.Contains(text, []byte(w)) {
				t.Errorf("%s: the document lacks %q", name, w)
			}
		}
	}
}

func TestOnlyTheNationSaysWhatIsAskedFor(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := service(t, db, busy())
		m := maturity.FirstModel()
		m.From, m.Source, m.Criteria = "2026-11-01", "Pedoman baru", m.Criteria[:1]
		if err := s.PutModel(t.Context(), steward, m); simpul.CodeOf(err) != simpul.CodeDenied {
			t.Errorf("an agency may: %v", err)
		}
		if err := s.PutModel(t.Context(), operator, m); err != nil {
			t.Fatal(err)
		}
		before, err := s.Model(t.Context(), "2026-10-31")
		after, err2 := s.Model(t.Context(), "2026-11-01")
		if err != nil || err2 != nil || before.From != "2000-01-01" || after.Source != "Pedoman baru" {
			t.Errorf("before %v, after %v, %v %v", before.From, after.Source, err, err2)
		}
		d, err := s.Look(t.Context(), steward, bandung, year)
		if err != nil || len(d.Data.Findings) != 1 || d.Data.Model != "2026-11-01" {
			t.Errorf("the report follows %s: %v", d.Data.Model, err)
		}
		for place, change := range map[string]func(*maturity.Model){
			"body.from":                 func(m *maturity.Model) { m.From = "besok" },
			"body.source":               func(m *maturity.Model) { m.Source = " " },
			"body.criteria[0].evidence": func(m *maturity.Model) { m.Criteria = []maturity.Criterion{{Evidence: "x"}} },
			"body.criteria[0].asks.id": func(m *maturity.Model) {
				m.Criteria = []maturity.Criterion{m.Criteria[0]}
				m.Criteria[0].Asks.ID = "\x00"
			},
		} {
			bad := maturity.FirstModel()
			change(&bad)
			if e, _ := s.PutModel(t.Context(), operator, bad).(*simpul.Error); e == nil || e.Place != place {
				t.Errorf("%s: got %v", place, e)
			}
		}
	})
}
