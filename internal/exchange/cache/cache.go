package cache

import (
	"bytes"
	"io"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
)

// Caller calls the provider.
type Caller interface {
	Call(route *simpul.Route, r *http.Request) (*http.Response, error)
}

// Cache keeps answers. It is safe for concurrent use.
type Cache struct {
	memory  memory
	epochs  epochs
	figures figures
	now     clock.Clock
}

// New returns a cache that holds nothing.
func New(limits Limits, now clock.Clock) *Cache {
	return &Cache{memory: memory{limits: limits}, now: now}
}

// Call answers from what was kept, or has the provider called. The route must be one
// of which answers are kept. An answer's body must be closed.
func (c *Cache) Call(x *simpul.Exchange, route *simpul.Route, o simpul.Obligations, r *http.Request, provider Caller) (*http.Response, error) {
	q := c.ask(x, route, o, r)
	if why := q.aside(); why != "" {
		return c.pass(q, provider, why)
	}
	share := c.memory.of(q.tenant)
	for alone := q.control.noCache || r.Method != http.MethodGet; ; {
		e, known := share.find(q)
		if now := c.now(); e != nil && q.control.accepts(e.age(now), e.left(now)) {
			c.figures.hits.Add(1)
			return e.answer(q, now, hit(e.left(now))), nil
		}
		if q.control.onlyIfCached {
			return nil, notKept(route)
		}
		f, first := share.join(q.key, c.memory.limits.Waiters, alone)
		if f == nil || first {
			defer share.land(q.key, f)
			res, err := c.fetch(q, e, reason(q, e, known), provider)
			f.leave(err, r.Context())
			return res, err
		}
		abandoned, err := f.wait(r.Context())
		if err != nil {
			return nil, err
		}
		alone = !abandoned
	}
}

// reason is why the provider is called, as RFC 9211 section 2.2 names it.
func reason(q *question, e *entry, known bool) string {
	switch {
	case e != nil && q.control.noCache:
		return "request"
	case e != nil:
		return "stale"
	case known:
		return "vary-miss"
	}
	return "uri-miss"
}

// pass has the provider called without a look at what is kept. What was kept of a LID
// is void once somebody has changed something there (RFC 9111 section 4.4); since
// nobody knows which of its other addresses show the change, all of it is.
func (c *Cache) pass(q *question, provider Caller, why string) (*http.Response, error) {
	request := q.request
	if q.reads() && q.reworked() {
		request = validated(request, nil)
	}
	res, err := provider.Call(q.route, request)
	if err != nil {
		return nil, err
	}
	if !q.safe() && res.StatusCode < 400 {
		c.epochs.endLID(q.route.Address)
	}
	if q.reads() {
		c.figures.misses.Add(1)
	}
	return c.unkept(q, res, forwarded(why, res.StatusCode, false)), nil
}

// unkept is an answer of the provider that is not kept. Its validator stands for what
// the provider said, and stays behind where something else is delivered.
func (c *Cache) unkept(q *question, res *http.Response, status string) *http.Response {
	res.Request = q.request
	if q.reworked() {
		delete(res.Header, "Etag")
	}
	res.Header.Add("Cache-Status", status)
	return res
}

// fetch asks the provider, whether an entry still holds or for an answer.
func (c *Cache) fetch(q *question, e *entry, why string, provider Caller) (*http.Response, error) {
	requested := c.now()
	res, err := provider.Call(q.route, validated(q.request, e))
	received := c.now()
	if e != nil && failed(res, err) && q.request.Context().Err() == nil && e.mayBeStale(q, received) {
		if err == nil {
			res.Body.Close()
		}
		c.figures.stale.Add(1)
		return e.answer(q, received, staleHit(e.left(received))), nil
	}
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusNotModified || e == nil {
		c.figures.misses.Add(1)
		return c.keep(q, res, why, requested, received)
	}
	res.Body.Close()
	if contradicts(res, e) {
		c.memory.drop(q, e)
		return c.fetch(q, nil, why, provider)
	}
	next := e.renewed(q, res, requested, received)
	c.memory.put(q, next)
	c.figures.renewed.Add(1)
	return next.answer(q, received, forwarded(why, http.StatusNotModified, true)), nil
}

// failed reports an outcome in which an answer that is stale is better than none (RFC
// 5861 section 4).
func failed(res *http.Response, err error) bool {
	if err != nil {
		switch simpul.CodeOf(err) {
		case simpul.CodeUnavailable, simpul.CodeTimeout, simpul.CodeUpstream:
			return true
		}
		return false
	}
	switch res.StatusCode {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// keep keeps an answer that may be kept. Its body is read to its end before anything
// goes out, so that a slow consumer holds up nobody who waits for it, and an answer
// that breaks off is never kept.
func (c *Cache) keep(q *question, res *http.Response, why string, requested, received time.Time) (*http.Response, error) {
	d := readDirectives(res.Header)
	worth := lifetime(res, d, q.declared, received) > 0 || canBeValidated(res.Header)
	if !worth || q.request.Method != http.MethodGet || !mayKeep(q, res, d, c.memory.limits.Entry) {
		return c.unkept(q, res, forwarded(why, res.StatusCode, false)), nil
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, c.memory.limits.Entry+1))
	if err != nil || int64(len(body)) > c.memory.limits.Entry || res.Trailer != nil {
		res.Body = resumed(body, res.Body, err)
		return c.unkept(q, res, forwarded(why, res.StatusCode, false)), nil
	}
	res.Body.Close()
	e := newEntry(q, res, body, requested, received)
	c.memory.put(q, e)
	return e.answer(q, received, forwarded(why, res.StatusCode, true)), nil
}

// resumedBody is a body of which a part was read.
type resumedBody struct {
	io.Reader
	io.Closer
}

func resumed(read []byte, rest io.ReadCloser, err error) io.ReadCloser {
	parts := []io.Reader{bytes.NewReader(read), rest}
	if err != nil {
		parts[1] = broken{err}
	}
	return resumedBody{io.MultiReader(parts...), rest}
}

// broken is the end of a body that broke off.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

func notKept(route *simpul.Route) error {
	return &simpul.Error{
		Code: simpul.CodeTimeout, Owner: route.Owner, Place: "header.Cache-Control",
		Message: simpul.Text{ID: "Hub tidak menyimpan jawaban untuk panggilan ini, dan Anda meminta yang tersimpan saja.", EN: "The hub has kept no answer to this call, and you asked for a kept one only."},
		Remedy:  simpul.Text{ID: "Panggil lagi tanpa only-if-cached.", EN: "Call again without only-if-cached."},
	}
}
