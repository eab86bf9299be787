package cache

import (
	"net/http"
	"testing"

	"simpul"
)

// What changes something makes what is kept of the LID void; what only fails to does
// not.
func TestWritesMakeVoid(t *testing.T) {
	for _, test := range []struct {
		method string
		status int
		void   bool
	}{
		{"POST", 201, true}, {"PUT", 204, true}, {"PATCH", 200, true}, {"DELETE", 303, true}, {"LOCK", 200, true},
		{"POST", 404, false}, {"PUT", 500, false}, {"OPTIONS", 200, false}, {"TRACE", 200, false},
	} {
		b := newBench(t, simpul.Freshness{})
		b.get("/1")
		b.as(surabaya, "GET", "/2")
		b.say(test.status, "")
		b.as(bandung, test.method, "/1")
		b.say(200, "baru", "Cache-Control", "max-age=60")
		want := 3
		if test.void {
			want = 5
		}
		b.get("/1")
		if b.as(surabaya, "GET", "/2"); b.called() != want {
			t.Errorf("%s %d: %d calls", test.method, test.status, b.called())
		}
	}
}

// An answer that was asked for before a write is not given after it.
func TestAnAnswerUnderWayDuringAWrite(t *testing.T) {
	b := newBench(t, simpul.Freshness{Seconds: 60})
	b.does(func(*http.Request) (*http.Response, error) {
		b.say(204, "")
		b.as(surabaya, "PUT", "/")
		return reply(200, "lama"), nil
	})
	b.get("/")
	b.say(200, "baru")
	b.wants(b.get("/"), 200, "baru", 3)
}

func TestWhatMakesVoid(t *testing.T) {
	tests := map[string]struct {
		do   func(*bench)
		void bool
	}{
		"nothing":                   {func(*bench) {}, false},
		"a purge":                   {func(b *bench) { b.cache.Forget("master/Kota") }, true},
		"a purge of another LID":    {func(b *bench) { b.cache.Forget("master/Desa") }, false},
		"a change of the grant":     {func(b *bench) { b.cache.ForgetGrants([]simpul.GrantID{"g-9", "g-1"}) }, true},
		"a change of another grant": {func(b *bench) { b.cache.ForgetGrants([]simpul.GrantID{"g-2"}) }, false},
		"the LID is stored again": {func(b *bench) {
			again := *b.route.Delivery
			b.route.Delivery = &again
		}, true},
		"its route is made again": {func(b *bench) {
			again := *b.route
			b.route = &again
		}, false},
		"another version": {func(b *bench) {
			again := *b.route
			again.Version = "2.0"
			b.route = &again
		}, true},
		"it is closed": {func(b *bench) { b.route.Class = simpul.Tertutup }, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, simpul.Freshness{})
			b.get("/")
			test.do(b)
			b.get("/")
			if void := b.called() == 2; void != test.void {
				t.Errorf("void: %v", void)
			}
		})
	}
}

func TestClosedLIDsAreNotKept(t *testing.T) {
	b := newBench(t, simpul.Freshness{Seconds: 60})
	b.route.Class = simpul.Tertutup
	b.get("/")
	b.get("/")
	if b.called() != 2 || b.cache.Figures().Bytes != 0 {
		t.Errorf("%d calls, %d bytes", b.called(), b.cache.Figures().Bytes)
	}
}
