package cache

import (
	"bytes"
	"container/list"
	"crypto/sha256"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"simpul"
)

// entry is one answer of a provider that is kept. It is immutable but for its place,
// which its share guards.
type entry struct {
	key       string
	address   simpul.Address
	delivery  *simpul.Delivery // of the LID as it was published; another one is another LID
	epoch     epoch
	selectors []selector
	status    int
	header    http.Header
	body      []byte
	control   directives
	born      time.Time // when its age was 0
	fresh     time.Duration
	print     [sha256.Size]byte // of the body and of what changes it

	place *list.Element
}

// newEntry makes an entry of an answer whose body was read to its end.
func newEntry(q *question, res *http.Response, body []byte, requested, received time.Time) *entry {
	e := &entry{
		key: q.key, address: q.route.Address, delivery: q.route.Delivery, epoch: q.epoch, status: res.StatusCode,
		header: lasting(res.Header), body: body, selectors: selectors(q.request.Header, res.Header),
	}
	e.time(q, res, requested, received)
	sum := sha256.New()
	if q.route.Delivery.Changed() {
		changes, _ := json.Marshal(q.route.Delivery.Changes) // texts always encode
		sum.Write(changes)
	}
	sum.Write([]byte(sep))
	sum.Write(body)
	sum.Sum(e.print[:0])
	return e
}

// time sets how old the answer is and how long it is fresh, from its own header.
func (e *entry) time(q *question, res *http.Response, requested, received time.Time) {
	e.control = readDirectives(res.Header)
	e.born = received.Add(-initialAge(res.Header, requested, received))
	e.fresh = lifetime(res, e.control, q.declared, received)
}

// passing are header fields that belong to one connection or one exchange.
var passing = []string{
	"Age", "Connection", "Exchange-Id", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Connection",
	"Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// lasting copies what of a header belongs to the answer itself.
func lasting(h http.Header) http.Header {
	kept := h.Clone()
	for _, line := range h["Connection"] {
		for name := range strings.SplitSeq(line, ",") {
			kept.Del(strings.TrimSpace(name))
		}
	}
	for _, name := range passing {
		delete(kept, name)
	}
	return kept
}

// describing are header fields of a body, which a 304 says nothing new of (RFC 9111
// section 3.2).
var describing = []string{"Content-Encoding", "Content-Length", "Content-Range", "Content-Type"}

// renewed is the entry after the provider said that it has not changed.
func (e *entry) renewed(q *question, res *http.Response, requested, received time.Time) *entry {
	next := *e
	next.place, next.header, next.epoch = nil, e.header.Clone(), q.epoch
	for name, values := range lasting(res.Header) {
		if !slices.Contains(describing, name) {
			next.header[name] = values
		}
	}
	merged := &http.Response{StatusCode: e.status, Header: next.header.Clone()}
	if age := res.Header["Age"]; age != nil {
		merged.Header["Age"] = age
	}
	next.time(q, merged, requested, received)
	return &next
}

// stands reports whether the entry holds for the question: the same LID as it was
// published, no write, purge or change of the grant since, and the fields by which
// the answer varies.
func (e *entry) stands(q *question) bool { return e.delivery == q.route.Delivery && e.epoch == q.epoch }

func (e *entry) age(now time.Time) time.Duration { return max(now.Sub(e.born), 0) }

// left is for how long the entry is fresh still; negative once it is stale.
func (e *entry) left(now time.Time) time.Duration { return e.fresh - e.age(now) }

// mayBeStale reports whether the entry may be given while the provider fails (RFC
// 5861 section 4). An answer that must be validated once it is stale never is.
func (e *entry) mayBeStale(q *question, now time.Time) bool {
	d := e.control
	if d.mustRevalidate || d.proxyRevalidate || d.sMaxAge.given() || d.noCache || q.control.noCache || q.control.maxAge.given() || q.control.minFresh.given() {
		return false
	}
	longest := time.Duration(q.declared.Stale) * time.Second
	if d.staleIfError.given() {
		longest = d.staleIfError.duration()
	}
	return e.left(now) > -longest
}

// overhead is about what an entry takes beside its texts, bytes.
const overhead = 1 << 10

// size is what the entry takes of memory, bytes.
func (e *entry) size() int64 {
	n := overhead + len(e.key) + len(e.body)
	for name, values := range e.header {
		n += len(name) + 64
		for _, v := range values {
			n += len(v) + 16
		}
	}
	for _, s := range e.selectors {
		n += len(s.name) + len(s.value) + 40
	}
	return int64(n)
}

// answer is the entry as an answer to the question.
func (e *entry) answer(q *question, now time.Time, status string) *http.Response {
	res := &http.Response{
		StatusCode: e.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: e.header.Clone(), Request: q.request,
		ContentLength: int64(len(e.body)), Body: io.NopCloser(bytes.NewReader(e.body)),
	}
	res.Header.Set("Age", strconv.FormatInt(int64(e.age(now)/time.Second), 10))
	res.Header.Add("Cache-Status", status)
	e.validate(q, res)
	switch {
	case res.StatusCode == http.StatusNotModified:
		return res
	case e.status == http.StatusNoContent:
		res.Header.Del("Content-Length")
	default:
		res.Header.Set("Content-Length", strconv.Itoa(len(e.body)))
	}
	if q.request.Method == http.MethodHead {
		res.Body = http.NoBody
	}
	return res
}
