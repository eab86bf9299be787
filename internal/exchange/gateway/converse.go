package gateway

import (
	"net/http"
	"strings"
)

// converses reports an answer whose parts must not wait for the next, nor for a
// record: whoever reads it may say or do something because of each. Its exchange
// was recorded when it opened. What makes a gRPC call complete is its trailer,
// which follows the record.
func converses(res *http.Response) bool {
	kind := res.Header.Get("Content-Type")
	return strings.HasPrefix(kind, "text/event-stream") || isGRPC(kind)
}

// isGRPC reports the content type of gRPC, with or without its message format.
func isGRPC(kind string) bool {
	format, ok := strings.CutPrefix(kind, "application/grpc")
	return ok && (format == "" || format[0] == '+' || format[0] == ';')
}

// callsGRPC reports a call whose client reads the status of gRPC and no other.
func callsGRPC(r *http.Request) bool {
	return r.ProtoMajor >= 2 && isGRPC(r.Header.Get("Content-Type"))
}

// with is the patience for a call: a stream of gRPC may be silent for as long as
// a conversation may, and as often.
func (p Patience) with(r *http.Request) Patience {
	p.fires = r.ProtoMajor >= 2
	if p.Idle > 0 && callsGRPC(r) {
		p.Grace, p.MinRate = p.Idle, 0
	}
	return p
}
