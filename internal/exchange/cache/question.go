package cache

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"simpul"
)

// question is one call, as far as answers to it may have been kept.
type question struct {
	request  *http.Request
	route    *simpul.Route
	fields   simpul.FieldSet
	control  directives
	tenant   simpul.AgencyID // whose share of the memory the answer takes
	key      string
	epoch    epoch
	declared *simpul.Freshness
}

// sep stands between the parts of a key; none of them can hold it.
const sep = "\x00"

func (c *Cache) ask(x *simpul.Exchange, route *simpul.Route, o simpul.Obligations, r *http.Request) *question {
	q := &question{request: r, route: route, fields: o.Fields, control: readDirectives(r.Header), declared: route.Delivery.Cache}
	grant, consumer := x.Grant, x.Consumer
	scope := "g" + sep + string(grant) + sep + string(consumer.Application) + sep + consumer.Subject
	q.tenant = consumer.Application.Agency()
	if q.declared.Shared && route.Class == simpul.Terbuka {
		scope, grant = "s"+sep+fieldNames(o.Fields)+sep+rowNames(o.Rows), ""
		q.tenant = route.Owner
	}
	q.key = string(route.Address) + sep + route.Version + sep + r.URL.EscapedPath() + "?" + r.URL.RawQuery + sep + scope
	q.epoch = c.epochs.now(route.Address, grant)
	return q
}

// fieldNames writes a set of fields in one way, whatever its order.
func fieldNames(fields simpul.FieldSet) string {
	if fields == nil {
		return "*"
	}
	var b strings.Builder
	writeFields(&b, fields)
	return b.String()
}

func writeFields(b *strings.Builder, fields simpul.FieldSet) {
	b.WriteByte('{')
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		writePart(b, name)
		if below := fields[name]; below != nil {
			writeFields(b, below)
		}
	}
	b.WriteByte('}')
}

// writePart writes a text so that no other texts beside each other look the same.
func writePart(b *strings.Builder, text string) {
	b.WriteString(strings.ReplaceAll(strings.ReplaceAll(text, `\`, `\\`), ";", `\;`) + ";")
}

// rowNames writes limits of rows in one way.
func rowNames(rows []simpul.RowLimit) string {
	lines := make([]string, len(rows))
	for i, row := range rows {
		var b strings.Builder
		for _, part := range append([]string{row.Parameter}, slices.Sorted(slices.Values(row.Values))...) {
			writePart(&b, part)
		}
		lines[i] = b.String()
	}
	slices.Sort(lines)
	return strings.Join(lines, sep)
}

// reads reports whether the call changes nothing (RFC 9110 section 9.2.1) by a
// method whose answers are kept.
func (q *question) reads() bool {
	return q.request.Method == http.MethodGet || q.request.Method == http.MethodHead
}

// safe reports whether the call changes nothing.
func (q *question) safe() bool {
	return q.reads() || q.request.Method == http.MethodOptions || q.request.Method == http.MethodTrace
}

// aside says why a call passes without a look at what is kept; "" for none.
func (q *question) aside() string {
	h := q.request.Header
	switch {
	case q.route.Class == simpul.Tertutup:
		return "bypass"
	case !q.reads():
		return "method"
	case q.control.noStore, h["Range"] != nil, h["If-Match"] != nil, h["If-Unmodified-Since"] != nil, h["Upgrade"] != nil,
		q.request.Body != nil && q.request.Body != http.NoBody:
		return "request"
	}
	return ""
}

// reworked reports whether what is delivered is not what the provider said.
func (q *question) reworked() bool { return q.fields != nil || q.route.Delivery.Changed() }

// accepts reports whether the caller takes an answer of that age, which is fresh
// for so long still.
func (d directives) accepts(age, left time.Duration) bool {
	switch {
	case d.noCache:
		return false
	case d.maxAge.given() && age > d.maxAge.duration():
		return false
	}
	return left > max(d.minFresh.duration(), 0)
}
