package provider

import (
	"net/http"
	"testing"
)

// BenchmarkPlain is what a LID with one origin pays for being watched over:
// everything that a call does but the call.
func BenchmarkPlain(b *testing.B) {
	c := New(connections)
	defer c.Close()
	route := routeTo(b, "http://127.0.0.1:1")
	r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, "/", nil)
	if err != nil {
		b.Fatal(err)
	}
	res := &http.Response{StatusCode: http.StatusOK}
	b.ReportAllocs()
	for b.Loop() {
		g := c.groupOf(route)
		o := g.stable[0]
		if !g.plain() || !o.breaker.isClosed() {
			b.Fatal("the breaker is open")
		}
		delete(r.Header, deadlineField)
		agree(r, route.Timeout, g.told)
		began := c.now()
		g.touch(began)
		o.underWay.Add(1)
		if v := (consumer{ctx: r.Context()}).judge(r.Context(), res, nil); v == good {
			c.turn(o, good, began)
		}
		o.underWay.Add(-1)
	}
}

// What is not asked for costs nothing on the heap.
func TestAPlainLIDAllocatesNothingForBeingWatched(t *testing.T) {
	c := newCaller(t)
	route := routeTo(t, "http://127.0.0.1:1")
	r := request(t, http.MethodGet, "/", nil)
	c.groupOf(route)
	if n := testing.AllocsPerRun(100, func() {
		g := c.groupOf(route)
		delete(r.Header, deadlineField)
		agree(r, route.Timeout, g.told)
		c.turn(g.stable[0], good, c.now())
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
