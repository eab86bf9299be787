package metering

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// expected counts by hand what a question should be answered with.
func expected(all []simpul.Exchange, q Question, now time.Time) (calls int64, o Outcomes) {
	s := q.Period.steps(now)
	for _, x := range all {
		at := hourOf(x.OpenedAt.Add(x.Latency))
		if s.table == days {
			at = dayOfHour(at)
		}
		mine := q.View == AsNation || q.View == AsProvider && x.Provider == q.Agency || q.View == AsConsumer && x.Consumer.Application.Agency() == q.Agency
		if !mine || q.LID != "" && x.Address != q.LID || at < s.first() || at >= s.end() {
			continue
		}
		calls++
		o.add(x.Blame(), 1)
	}
	return calls, o
}

func TestEverybodySeesTheirOwnUsage(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		all := traffic(500, 11, noon, 20*24*time.Hour)
		s := counted(t, db, noon, all...)
		people := map[string]simpul.Principal{
			"operator":  simpul.Acting("t-o", simpul.RoleOperator, ""),
			"consumer":  simpul.Acting("t-c", simpul.RoleConsumer, bandung),
			"provider":  simpul.Acting("t-p", simpul.RoleProvider, kemendagri),
			"both":      simpul.Acting("t-b", simpul.RoleAdmin, kemenkeu),
			"stranger":  simpul.Acting("t-s", simpul.RoleAdmin, bps),
			"no agency": {ID: "t-n", Permissions: []simpul.Permission{simpul.ReadExchanges}},
		}
		for name, p := range people {
			for _, view := range []View{AsProvider, AsConsumer, AsNation} {
				for _, agency := range []simpul.AgencyID{"", bandung, kemendagri, kemenkeu, bps} {
					for _, period := range []Period{Day, Week, Month, Months} {
						q := Question{View: view, Agency: agency, Period: period}
						u, err := s.Usage(t.Context(), p, q)
						if view == AsNation {
							q.Agency = ""
						} else if agency == "" {
							q.Agency = p.Agency
						}
						allowed := view == AsNation && p.National || view != AsNation && q.Agency != "" && p.Scope().Covers(q.Agency)
						if allowed != (err == nil) {
							t.Fatalf("%s asks %+v: %v", name, q, err)
						}
						if err != nil {
							continue
						}
						calls, outcomes := expected(all, q, noon)
						if u.All.Calls != calls || u.Outcomes != outcomes {
							t.Errorf("%s asks %+v: %d calls %+v, want %d %+v", name, q, u.All.Calls, u.Outcomes, calls, outcomes)
						}
					}
				}
			}
		}
	})
}

// Whatever a stranger's transaction asks, it reads no row of others.
func TestRowsAreReadInTheirScope(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		counted(t, db, noon, traffic(60, 12, noon, time.Hour)...)
		for _, scope := range []simpul.Scope{simpul.PublicScope(), simpul.AgencyScope(bps), simpul.AgencyScope("")} {
			for _, table := range []table{hours, days} {
				err := db.Read(t.Context(), scope, func(tx *sqldb.Tx) error {
					if counts, err := table.eachHealth(t.Context(), tx, 0, 1<<40, ""); err != nil || len(counts) != 0 {
						t.Errorf("%q reads health %v, %v", scope.Key(), counts, err)
					}
					return table.each(t.Context(), tx, 0, 1<<40, "", nil, func(r *row) { t.Errorf("%q reads %+v", scope.Key(), r.key) })
				})
				if err != nil {
					t.Error(err)
				}
			}
		}
		err := db.Write(t.Context(), simpul.AgencyScope(bandung), func(tx *sqldb.Tx) error {
			if n, _, err := hours.dropOldest(t.Context(), tx, 1<<40); err == nil && n != 0 {
				t.Errorf("an agency drops %d rows", n)
			}
			return hours.raiseFloor(t.Context(), tx, 1<<40)
		})
		if err == nil {
			t.Error("an agency moves the floor")
		}
	})
}

func TestUsageAddsUp(t *testing.T) {
	db := testkit.SQLite(t)
	all := traffic(400, 13, noon, 6*24*time.Hour)
	s := counted(t, db, noon, all...)
	u, err := s.Usage(t.Context(), simpul.TheHub(), Question{Period: Week})
	if err != nil {
		t.Fatal(err)
	}
	var parts, causes, lids, agencies, apps, grants int64
	for _, p := range u.Parts {
		parts += p.Delivered + p.Failed()
	}
	for _, c := range u.Causes {
		causes += c.Calls
	}
	for sum, list := range map[*int64][]Party{&lids: u.LIDs, &agencies: u.Agencies, &apps: u.Apps} {
		for i, p := range list {
			*sum += p.Calls
			if i > 0 && p.Calls > list[i-1].Calls {
				t.Errorf("%+v is out of order", p)
			}
		}
	}
	for _, n := range u.Grants {
		grants += n
	}
	if parts != 400 || causes != u.Outcomes.Failed() || lids != 400 || agencies != 400 || apps != 400 || grants != 400 {
		t.Errorf("parts %d, causes %d of %d, LIDs %d, agencies %d, applications %d, grants %d", parts, causes, u.Outcomes.Failed(), lids, agencies, apps, grants)
	}
	if u.All.Latency.Count() != 400 || u.All.Upstream.Count() == 0 || u.All.UpstreamTime == 0 {
		t.Errorf("latency of %d, upstream of %d", u.All.Latency.Count(), u.All.Upstream.Count())
	}
}

func TestPeriodsEndNow(t *testing.T) {
	for _, now := range []time.Time{noon, time.Date(2026, 12, 31, 17, 0, 0, 0, time.UTC), time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 5, 31, 16, 59, 59, 0, time.UTC)} {
		for period, parts := range map[Period]int{Day: 24, Week: 28, Month: 30, Months: 12} {
			s := period.steps(now)
			if len(s.bounds) != parts+1 {
				t.Fatalf("%s has %d parts", period, len(s.bounds)-1)
			}
			if last := s.start(parts - 1); last.After(now) || !s.start(parts).After(now) {
				t.Errorf("%s at %v: the last part is from %v to %v", period, now, last, s.start(parts))
			}
			for i := range parts {
				if s.part(s.bounds[i]) != i || s.part(s.bounds[i+1]-1) != i {
					t.Errorf("%s: part %d does not find itself", period, i)
				}
			}
			if period != Day && s.start(0).In(wib).Hour()%6 != 0 {
				t.Errorf("%s begins at %v", period, s.start(0).In(wib))
			}
		}
	}
	if _, err := ParsePeriod("2y"); simpul.CodeOf(err) != simpul.CodeInvalid {
		t.Error("2y is a period")
	}
}

func TestUnusedGrants(t *testing.T) {
	db := testkit.SQLite(t)
	x := traffic(1, 14, noon, time.Hour)[0]
	x.Consumer.Application, x.Address, x.Provider, x.Grant = "layanan@bandungkota.go.id", "master/Kota", kemendagri, "terpakai"
	s := counted(t, db, noon, x)
	long := noon.AddDate(-1, 0, 0)
	s.grants = granted{
		{ID: "lama", LID: "master/Kota", Provider: kemendagri, Application: "layanan@bandungkota.go.id", Since: long.AddDate(0, -1, 0)},
		{ID: "terpakai", LID: "master/Kota", Provider: kemendagri, Application: "layanan@bandungkota.go.id", Since: long},
		{ID: "diam", LID: "master/Kota", Provider: kemendagri, Application: "layanan@bandungkota.go.id", Since: long},
		{ID: "baru", LID: "master/Kota", Provider: kemendagri, Application: "layanan@bandungkota.go.id", Since: noon.Add(-time.Hour)},
		{ID: "lain", LID: "pajak/Npwp", Provider: kemenkeu, Application: "layanan@bandungkota.go.id", Since: long},
	}
	for q, want := range map[Question][]simpul.GrantID{
		{View: AsProvider, Agency: kemendagri}:                 {"lama", "diam"},
		{View: AsConsumer, Agency: bandung}:                    {"lama", "diam", "lain"},
		{View: AsConsumer, Agency: bandung, LID: "pajak/Npwp"}: {"lain"},
		{View: AsProvider, Agency: kemenkeu}:                   {"lain"},
		{View: AsNation}:                                       {"lama", "diam", "lain"},
	} {
		u, err := s.Usage(t.Context(), simpul.TheHub(), q)
		if err != nil {
			t.Fatal(err)
		}
		found, err := s.Unused(t.Context(), simpul.TheHub(), u)
		var ids []simpul.GrantID
		for _, g := range found {
			ids = append(ids, g.ID)
		}
		if diff := cmp.Diff(want, ids); diff != "" || err != nil {
			t.Errorf("%+v: %s %v", q, diff, err)
		}
	}
}
