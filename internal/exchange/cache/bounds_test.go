package cache

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"simpul"
)

// A tenant that asks for much loses its own answers, never those of others.
func TestATenantEvictsItselfOnly(t *testing.T) {
	b := newBench(t, simpul.Freshness{Seconds: 60})
	b.say(200, strings.Repeat("x", 10_000))
	b.as(surabaya, "GET", "/milik-surabaya")
	for i := range 1000 {
		b.get(fmt.Sprintf("/?n=%d", i))
		if held := b.cache.Figures().Bytes; held > 1<<20 || b.cache.memory.of("bandungkota.go.id").bytes.Load() > 1<<19 {
			t.Fatalf("%d bytes are held", held)
		}
	}
	before := b.called()
	b.as(surabaya, "GET", "/milik-surabaya")
	b.get("/?n=999")
	if b.called() != before {
		t.Error("what was used last is gone")
	}
	if b.get("/?n=0"); b.called() != before+1 {
		t.Error("what was used longest ago is kept")
	}
}

// Over all tenants there is a bound too, and whoever has most gives way.
func TestTheLargestGivesWay(t *testing.T) {
	b := newBench(t, simpul.Freshness{Seconds: 60})
	b.say(200, strings.Repeat("x", 10_000))
	small := caller{grant: "g-s", application: "layanan@kecil.go.id"}
	b.as(small, "GET", "/")
	for n := range 5 {
		c := caller{grant: simpul.GrantID(fmt.Sprintf("g-%d", n)), application: simpul.ApplicationID(fmt.Sprintf("layanan@besar%d.go.id", n))}
		for i := range 60 {
			b.as(c, "GET", fmt.Sprintf("/?n=%d", i))
		}
	}
	if held := b.cache.Figures().Bytes; held > 1<<20 || held < 1<<19 {
		t.Errorf("%d bytes are held", held)
	}
	before := b.called()
	if b.as(small, "GET", "/"); b.called() != before {
		t.Error("the smallest lost its answer")
	}
	b.cache.Forget("master/Kota")
	if f := b.cache.Figures(); f.Bytes != 0 {
		t.Errorf("after everything was forgotten %d bytes are held", f.Bytes)
	}
}

func TestFigures(t *testing.T) {
	b := newBench(t, simpul.Freshness{Stale: 60})
	b.say(200, "isi", "Cache-Control", "max-age=60", "ETag", `"1"`)
	b.get("/")
	b.get("/")
	b.later(61 * time.Second)
	b.say(304, "", "Cache-Control", "max-age=60")
	b.get("/")
	b.later(61 * time.Second)
	b.say(503, "")
	b.get("/")
	b.get("/", "Range", "bytes=0-1")
	f := b.cache.Figures()
	if f.Hits != 1 || f.Misses != 2 || f.Renewed != 1 || f.Stale != 1 || f.Bytes <= 0 {
		t.Errorf("got %+v", f)
	}
}
