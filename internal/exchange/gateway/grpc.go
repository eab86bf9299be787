package gateway

import (
	"net/http"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// tell writes a refusal in the form that the client reads: a problem document, or
// the status of gRPC.
func tell(w http.ResponseWriter, r *http.Request, p *httpapi.Problem) {
	if callsGRPC(r) {
		tellGRPC(w.Header(), p)
		w.WriteHeader(http.StatusOK)
		return
	}
	p.Write(w)
}

// tellGRPC writes the fields of an answer that has a head alone ("Trailers-Only" of
// the protocol gRPC over HTTP/2). The record keeps the status that the same
// refusal has in plain HTTP.
func tellGRPC(h http.Header, p *httpapi.Problem) {
	h.Set("Content-Type", "application/grpc")
	h.Set("Grpc-Status", strconv.Itoa(statusOf(p.Code)))
	h.Set("Grpc-Message", encodeMessage(strings.TrimSpace(p.Detail+" "+p.Remedy)))
	h.Set("Simpul-Code", string(p.Code))
}

// statuses are the codes of gRPC (google.rpc.Code) for those of the hub. Their
// clients repeat a call that is unavailable, and no other.
var statuses = map[simpul.Code]int{
	simpul.CodeAborted:          1,  // CANCELLED
	simpul.CodeInvalid:          3,  // INVALID_ARGUMENT
	simpul.CodeTimeout:          4,  // DEADLINE_EXCEEDED
	simpul.CodeDenied:           7,  // PERMISSION_DENIED
	simpul.CodeTooLarge:         8,  // RESOURCE_EXHAUSTED
	simpul.CodeLimited:          8,  // RESOURCE_EXHAUSTED
	simpul.CodeGone:             9,  // FAILED_PRECONDITION
	simpul.CodeConflict:         10, // ABORTED
	simpul.CodeNotFound:         12, // UNIMPLEMENTED: no such service or method
	simpul.CodeMethodNotAllowed: 12, // UNIMPLEMENTED
	simpul.CodeInternal:         13, // INTERNAL
	simpul.CodeUpstream:         13, // INTERNAL
	simpul.CodeUnavailable:      14, // UNAVAILABLE
	simpul.CodeUnauthenticated:  16, // UNAUTHENTICATED
}

func statusOf(code simpul.Code) int {
	if status, ok := statuses[code]; ok {
		return status
	}
	return 2 // UNKNOWN
}

// encodeMessage writes what is not printable ASCII by its octets, as "%C3%BC".
func encodeMessage(s string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '%' {
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
