package web_test

import (
	"context"
	"math"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"simpul/internal/platform/web"
)

// inContext returns the context that a page has in the language, on the zone.
func inContext(t *testing.T, lang string, zone web.Zone) context.Context {
	t.Helper()
	var ctx context.Context
	keep := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { ctx = r.Context() })
	web.Localize(web.Site{Zone: zone}.Frame(keep)).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/?lang="+lang, nil))
	return ctx
}

func TestNumbers(t *testing.T) {
	id, en := inContext(t, "id", web.WIB), inContext(t, "en", web.WIB)
	for _, c := range []struct {
		write  func(context.Context) string
		id, en string
	}{
		{func(c context.Context) string { return web.Number(c, 0) }, "0", "0"},
		{func(c context.Context) string { return web.Number(c, 999) }, "999", "999"},
		{func(c context.Context) string { return web.Number(c, 1000) }, "1.000", "1,000"},
		{func(c context.Context) string { return web.Number(c, -1234567) }, "−1.234.567", "−1,234,567"},
		{func(c context.Context) string { return web.Number(c, int64(math.MinInt64)) }, "−9.223.372.036.854.775.808", "−9,223,372,036,854,775,808"},
		{func(c context.Context) string { return web.Decimal(c, 1234.5, 1) }, "1.234,5", "1,234.5"},
		{func(c context.Context) string { return web.Decimal(c, 0.05, 2) }, "0,05", "0.05"},
		{func(c context.Context) string { return web.Decimal(c, -0.5, 1) }, "−0,5", "−0.5"},
		{func(c context.Context) string { return web.Decimal(c, 2, -3) }, "2", "2"},
		{func(c context.Context) string { return web.Decimal(c, math.NaN(), 1) }, "–", "–"},
		{func(c context.Context) string { return web.Decimal(c, math.Inf(1), 1) }, "–", "–"},
		{func(c context.Context) string { return web.Percent(c, 0.9987, 2) }, "99,87%", "99.87%"},
		{func(c context.Context) string { return web.Bytes(c, 999) }, "999 B", "999 B"},
		{func(c context.Context) string { return web.Bytes(c, 1240) }, "1,2 kB", "1.2 kB"},
		{func(c context.Context) string { return web.Bytes(c, 999_999) }, "1,0 MB", "1.0 MB"},
		{func(c context.Context) string { return web.Bytes(c, math.MaxInt64) }, "9,2 EB", "9.2 EB"},
		{func(c context.Context) string { return web.Duration(c, 400*time.Microsecond) }, "0,4 ms", "0.4 ms"},
		{func(c context.Context) string { return web.Duration(c, 12*time.Millisecond) }, "12 ms", "12 ms"},
		{func(c context.Context) string { return web.Duration(c, 1500*time.Millisecond) }, "1,5 dtk", "1.5 s"},
		{func(c context.Context) string { return web.Duration(c, 3*time.Minute) }, "3 mnt", "3 min"},
	} {
		if got := c.write(id); got != c.id {
			t.Errorf("Indonesian %q, want %q", got, c.id)
		}
		if got := c.write(en); got != c.en {
			t.Errorf("English %q, want %q", got, c.en)
		}
	}
}

func TestMoments(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 10, 7, 0, time.UTC)
	midnight := time.Date(2026, 4, 30, 17, 0, 0, 0, time.UTC) // 1 May in Jakarta
	for _, c := range []struct {
		lang string
		zone web.Zone
		at   time.Time
		want string
	}{
		{"id", web.WIB, at, "23 Nov 2026 16.10 WIB"},
		{"en", web.WIB, at, "23 Nov 2026, 16:10 WIB"},
		{"id", web.WITA, at, "23 Nov 2026 17.10 WITA"},
		{"id", web.WIT, at, "23 Nov 2026 18.10 WIT"},
		{"id", web.WIB, midnight, "1 Mei 2026 00.00 WIB"},
		{"en", web.WIB, midnight, "1 May 2026, 00:00 WIB"},
		{"id", web.WIB, time.Time{}, "–"},
	} {
		if got := web.Moment(inContext(t, c.lang, c.zone), c.at); got != c.want {
			t.Errorf("Moment = %q, want %q", got, c.want)
		}
	}
	if got := web.Second(inContext(t, "id", web.WIB), at); got != "16.10.07" {
		t.Errorf("Second = %q", got)
	}
	if got := web.Exact(inContext(t, "id", web.WITA), at); got != "23 Nov 2026 17.10.07 WITA" {
		t.Errorf("Exact = %q", got)
	}
	if got := web.Exact(inContext(t, "en", web.WIB), at); got != "23 Nov 2026, 16:10:07 WIB" {
		t.Errorf("Exact = %q", got)
	}
}
