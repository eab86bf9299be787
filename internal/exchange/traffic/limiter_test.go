package traffic

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func TestEachLimitOfEachSubject(t *testing.T) {
	db := testkit.SQLite(t)
	clock := &ticking{noon}
	service := serviceOn(t, db, registry{}, clock)
	for _, c := range []struct {
		id     string
		spec   Spec
		most   int
		says   string
		remedy string
		owner  simpul.AgencyID
		wait   time.Duration
	}{
		{"grant/izin-bandung", Spec{PerDay: 3}, 3, "quota of 3 calls a day of grant izin-bandung is used up", "at 2026-11-24 00:00 WIB, or ask kemendagri.go.id", kemendagri, 5 * time.Hour},
		{"grant/izin-bandung", Spec{PerMonth: 4}, 4, "quota of 4 calls a month of grant izin-bandung", "at 2026-12-01 00:00 WIB", kemendagri, (7*24 + 5) * time.Hour},
		{"application/layanan@bandungkota.go.id", Spec{RatePerMinute: 6}, 6, "limit of 6 calls a minute of application layanan@bandungkota.go.id", "in 10 seconds, or ask the national operator", bandung, 10 * time.Second},
		{"application/layanan@bandungkota.go.id", Spec{RatePerMinute: 6, Burst: 2}, 2, "limit of 6 calls a minute", "in 10 seconds", bandung, 10 * time.Second},
		{"agency/bandungkota.go.id", Spec{PerDay: 5, PerMonth: 100}, 5, "quota of 5 calls a day of agency bandungkota.go.id", "ask the national operator to raise it", bandung, 5 * time.Hour},
		{"lid/master/Kota", Spec{RatePerMinute: 7}, 7, "limit of 7 calls a minute of LID master/Kota", "ask kemendagri.go.id to raise", kemendagri, time.Minute / 7},
	} {
		t.Run(c.id+" "+c.says, func(t *testing.T) {
			set(t, db, clock, c.id, c.spec)
			l := node(t, db, "a", clock)
			n, err := admitted(l, callAt(noon, 0), 1000)
			e := checkRefusal(t, err, simpul.CodeLimited)
			if n != c.most || e.Owner != c.owner || e.Retry != c.wait {
				t.Errorf("%d calls, want %d; owner %s, wait %v", n, c.most, e.Owner, e.Retry)
			}
			if !strings.Contains(e.Message.EN, c.says) || !strings.Contains(e.Remedy.EN, c.remedy) {
				t.Errorf("%q %q", e.Message.EN, e.Remedy.EN)
			}
			if foreseen := l.Foresee(callAt(noon, 0)); simpul.CodeOf(foreseen) != simpul.CodeLimited {
				t.Errorf("foresaw %v", foreseen)
			}
			if _, err := admitted(l, callAt(noon.Add(c.wait), 0), 1); err != nil {
				t.Errorf("after the wait: %v", err)
			}
			if err := service.Delete(t.Context(), operator, c.id); err != nil {
				t.Fatal(err)
			}
			follow(t, l, c.id)
			if n, err := admitted(l, callAt(noon, 0), 100); n != 100 {
				t.Errorf("%d calls without a limit: %v", n, err)
			}
			forgetQuotas(t, db)
		})
	}
}

// forgetQuotas begins every quota anew.
func forgetQuotas(t *testing.T, db *sqldb.DB) {
	t.Helper()
	err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		return pruneQuotas(t.Context(), tx, noon.AddDate(9, 0, 0))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheGrantsRateComesWithTheCall(t *testing.T) {
	l := node(t, testkit.SQLite(t), "a", &ticking{noon})
	n, err := admitted(l, callAt(noon, 5), 1000)
	e := checkRefusal(t, err, simpul.CodeLimited)
	if n != 5 || e.Retry != 12*time.Second || !strings.Contains(e.Message.EN, "limit of 5 calls a minute of grant izin-bandung is reached") {
		t.Errorf("%d calls, then %v after %v", n, err, e.Retry)
	}
	if n, _ := admitted(l, callAt(noon, 7), 1000); n != 2 { // another rate: what was used stays used
		t.Errorf("%d more calls at once under a rate that is 2 higher", n)
	}
	if n, _ := admitted(l, callAt(noon, 0), 1000); n != 1000 {
		t.Errorf("%d calls without a rate", n)
	}
}

func TestCallsUnderWay(t *testing.T) {
	db, clock := testkit.SQLite(t), &ticking{noon}
	set(t, db, clock, "agency/bandungkota.go.id", Spec{Concurrent: 3})
	l := node(t, db, "a", clock)
	route := &simpul.Route{Address: kota, Owner: kemendagri, Delivery: &simpul.Delivery{MaxConcurrent: 2}}
	call := callAt(noon, 0)
	call.Route = route
	first, err := l.Admit(call)
	if err != nil {
		t.Fatal(err)
	}
	second, err := l.Admit(call)
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.Admit(call)
	e := checkRefusal(t, err, simpul.CodeLimited)
	if !strings.Contains(e.Message.EN, "limit of 2 calls at one time of LID master/Kota") || e.Owner != kemendagri || e.Retry != time.Second {
		t.Errorf("%+v", e)
	}
	third, err := l.Admit(callAt(noon, 0)) // the LID's origins take any number
	if err != nil {
		t.Fatalf("the refused call stayed under way: %v", err)
	}
	_, err = l.Admit(callAt(noon, 0))
	if e := checkRefusal(t, err, simpul.CodeLimited); !strings.Contains(e.Message.EN, "3 calls at one time of agency bandungkota.go.id") {
		t.Errorf("%+v", e)
	}
	for _, p := range []*Pass{first, second, third} {
		p.Release()
	}
	for range 3 {
		if _, err := l.Admit(callAt(noon, 0)); err != nil {
			t.Errorf("after the others ended: %v", err)
		}
	}
}

// A call that one limit refuses counts against none of the others.
func TestARefusedCallCountsNowhere(t *testing.T) {
	db, clock := testkit.SQLite(t), &ticking{noon}
	set(t, db, clock, "application/layanan@bandungkota.go.id", Spec{RatePerMinute: 100, PerDay: 50, PerMonth: 60, Concurrent: 70})
	set(t, db, clock, "lid/master/Kota", Spec{RatePerMinute: 10})
	l := node(t, db, "a", clock)
	if n, _ := admitted(l, callAt(noon, 20), 1000); n != 10 {
		t.Fatalf("%d calls, want 10", n)
	}
	for range 1000 {
		admitted(l, callAt(noon, 20), 1)
	}
	p, _ := l.Admit(callAt(noon, 20))
	for i, want := range []int64{10, 90, 0} {
		if left, _ := p.holds[i].rate.left(noon.UnixNano()); left != want {
			t.Errorf("%s has %d calls left at once, want %d", p.holds[i].subject, left, want)
		}
	}
	app := p.holds[1]
	if day, _ := app.day.remains(noon.UnixNano()); day != 40 {
		t.Errorf("%d left of the day, want 40", day)
	}
	if month, _ := app.month.remains(noon.UnixNano()); month != 50 {
		t.Errorf("%d left of the month, want 50", month)
	}
	if n := app.underway.Load(); n != 0 {
		t.Errorf("%d calls are under way", n)
	}
}

func TestAChangedLimitKeepsWhatWasUsed(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		clock := &ticking{noon}
		const id = "agency/bandungkota.go.id"
		set(t, db, clock, id, Spec{PerDay: 100})
		l := node(t, db, "a", clock)
		admitted(l, callAt(noon, 0), 40)
		for _, c := range []struct {
			limit int64
			more  int
		}{{60, 20}, {60, 0}, {70, 10}, {30, 0}, {90, 20}} {
			set(t, db, clock, id, Spec{PerDay: c.limit})
			follow(t, l, id)
			if n, _ := admitted(l, callAt(noon, 0), 1000); n != c.more {
				t.Errorf("%d more calls under a quota of %d, want %d", n, c.limit, c.more)
			}
		}
	})
}

func TestAQuotaBeginsAnewAtMidnightOfItsZone(t *testing.T) {
	db, clock := testkit.SQLite(t), &ticking{noon}
	set(t, db, clock, "lid/master/Kota", Spec{PerDay: 10, PerMonth: 15})
	l := node(t, db, "a", clock)
	if n, _ := admitted(l, callAt(noon, 0), 100); n != 10 {
		t.Fatalf("%d calls on the first day", n)
	}
	clock.pass(5*time.Hour - 1)
	if n, _ := admitted(l, callAt(clock.at, 0), 100); n != 0 {
		t.Errorf("%d calls a nanosecond before midnight", n)
	}
	clock.pass(1)
	if n, _ := admitted(l, callAt(clock.at, 0), 100); n != 5 { // the month has no more
		t.Errorf("%d calls on the second day, want 5", n)
	}
}

func TestWhatAnswersSay(t *testing.T) {
	db, clock := testkit.SQLite(t), &ticking{noon}
	header := func(l *Limiter, c Call) [2]string {
		p, _ := l.Admit(c)
		h := http.Header{}
		p.Announce(h)
		p.Release()
		return [2]string{h.Get("RateLimit-Policy"), h.Get("RateLimit")}
	}
	l := node(t, db, "a", clock)
	if got := header(l, callAt(noon, 0)); got != [2]string{} {
		t.Errorf("without limits: %q", got)
	}
	if got := header(l, callAt(noon, 60)); got != [2]string{`"grant";q=60;w=60`, `"grant";r=59;t=1`} {
		t.Errorf("a grant's rate: %q", got)
	}
	set(t, db, clock, "agency/bandungkota.go.id", Spec{PerDay: 100, PerMonth: 1000, Concurrent: 500})
	set(t, db, clock, "lid/master/Kota", Spec{RatePerMinute: 600, Burst: 10})
	follow(t, l, "agency/bandungkota.go.id", "lid/master/Kota")
	policy := `"grant";q=60;w=60, "agency-day";q=100;w=86400, "agency-month";q=1000;w=2592000, "agency-calls";q=500;qu="concurrent-requests", "lid";q=600;w=60`
	if got := header(l, callAt(noon, 60)); got != [2]string{policy, `"lid";r=9;t=1`} {
		t.Errorf("five limits: %q", got)
	}
	for i := range 60 {
		admitted(l, callAt(noon.Add(time.Duration(i)*time.Minute), 60), 1)
	}
	clock.pass(time.Hour)
	if got := header(l, callAt(clock.at, 60)); got != [2]string{policy, `"agency-day";r=38;t=14400`} {
		t.Errorf("the day is the tightest: %q", got)
	}
}

// A full hub refuses with its own words, and what it refuses counts nowhere.
func TestAFullHub(t *testing.T) {
	db, clock := testkit.SQLite(t), &ticking{noon}
	l := node(t, db, "a", clock)
	l.crowd = newCrowd(2)
	var under []*Pass
	for range 2 {
		p, err := l.Admit(callAt(noon, 10))
		if err != nil {
			t.Fatal(err)
		}
		under = append(under, p)
	}
	_, err := l.Admit(callAt(noon, 10))
	e := checkRefusal(t, err, simpul.CodeUnavailable)
	if e.Retry != time.Second || e.Owner != bandung || !strings.Contains(e.Message.EN, "agency bandungkota.go.id has 2 calls under way; its part is 2") {
		t.Errorf("%+v", e)
	}
	other := callAt(noon, 0)
	other.Grant, other.Application = "izin-bps", "sensus@bps.go.id"
	if _, err := l.Admit(other); err != nil {
		t.Errorf("another agency was refused: %v", err)
	}
	for _, p := range under {
		p.Release()
	}
	if n, _ := admitted(l, callAt(noon, 10), 1); n != 1 {
		t.Error("the hub stays full")
	}
	if left, _ := under[0].holds[0].rate.left(noon.UnixNano()); left != 7 {
		t.Errorf("%d left of 10 after 3 calls and a refusal", left)
	}
}

func TestAdmittingAllocatesNothing(t *testing.T) {
	l, call := busy(t)
	if n := testing.AllocsPerRun(1000, func() {
		p, err := l.Admit(call)
		if err != nil {
			t.Fatal(err)
		}
		p.Release()
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// busy is a limiter among whose limits every kind applies to the call.
func busy(t testing.TB) (*Limiter, Call) {
	db, clock := testkit.SQLite(t), &ticking{noon}
	every := Spec{RatePerMinute: 10_000_000, PerDay: 1_000_000_000_000, PerMonth: 1_000_000_000_000, Concurrent: 10_000}
	for _, id := range []string{"application/layanan@bandungkota.go.id", "agency/bandungkota.go.id", "lid/master/Kota"} {
		set(t, db, clock, id, every)
	}
	every.RatePerMinute = 0
	set(t, db, clock, "grant/izin-bandung", every)
	return node(t, db, "a", clock), callAt(noon, 10_000_000)
}

// Whoever admits while limits change meets one state or the other, and what is
// under way is counted down to nothing.
func TestAdmittingWhileLimitsChange(t *testing.T) {
	db, clock := testkit.SQLite(t), &ticking{noon}
	const id = "lid/master/Kota"
	l := node(t, db, "a", clock)
	stop := make(chan struct{})
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				admitted(l, callAt(noon, 1000), 10)
			}
		})
	}
	for i := range 50 {
		set(t, db, clock, id, Spec{RatePerMinute: 1000 + i, PerDay: 500, Concurrent: 5})
		follow(t, l, id)
	}
	close(stop)
	callers.Wait()
	if inside := l.crowd.inside.Load(); inside != 0 {
		t.Errorf("%d calls are still inside", inside)
	}
	for s, c := range l.counters {
		if n := c.underway.Load(); n != 0 {
			t.Errorf("%d calls of %s are still under way", n, s)
		}
	}
}

// The sandbox counts against the application and its agency, and against neither the
// LID nor any grant.
func TestTheSandboxCountsAgainstWhoeverCalls(t *testing.T) {
	db, clock := testkit.SQLite(t), &ticking{noon}
	set(t, db, clock, "lid/master/Kota", Spec{RatePerMinute: 1, PerDay: 1, Concurrent: 1})
	l := node(t, db, "a", clock)
	call := callAt(noon, 0)
	call.Grant, call.Sandbox = "", true
	call.Route = &simpul.Route{Address: kota, Owner: kemendagri, Delivery: &simpul.Delivery{MaxConcurrent: 1}}
	if n, err := admitted(l, call, 100); n != 100 {
		t.Errorf("%d calls under a limit of the LID: %v", n, err)
	}
	for _, c := range []struct {
		id   string
		spec Spec
		want int
		says string
	}{
		{"application/layanan@bandungkota.go.id", Spec{RatePerMinute: 7}, 7, "application layanan@bandungkota.go.id"},
		{"agency/bandungkota.go.id", Spec{RatePerMinute: 3}, 3, "agency bandungkota.go.id"},
	} {
		set(t, db, clock, c.id, c.spec)
		follow(t, l, c.id)
		n, err := admitted(l, call, 100)
		if e := checkRefusal(t, err, simpul.CodeLimited); n != c.want || !strings.Contains(e.Message.EN, c.says) || e.Owner != bandung {
			t.Errorf("%s: %d calls, then %+v", c.id, n, e)
		}
		clock.pass(time.Hour)
		call.At = clock.at
	}
	l.crowd = newCrowd(2)
	l.passes = passes{}
	for i := range 3 {
		if _, err := l.Admit(call); (err == nil) != (i < 2) {
			t.Errorf("call %d of a hub that takes 2: %v", i+1, err)
		}
	}
}

func TestAGrantThatRestsIsForgotten(t *testing.T) {
	clock := &ticking{noon}
	l := node(t, testkit.SQLite(t), "a", clock)
	admitted(l, callAt(noon, 5), 5)
	for range 1000 {
		clock.pass(time.Second)
		if err := l.look(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(l.counters) != 0 || l.passes.find(izin) != nil || len(l.told) != 0 {
		t.Errorf("%d counters, told %v", len(l.counters), l.told)
	}
	if n, _ := admitted(l, callAt(clock.at, 5), 100); n != 5 {
		t.Errorf("%d calls after a rest, want 5", n)
	}
}
