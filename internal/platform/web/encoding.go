package web

import (
	"net/http"
	"strconv"
	"strings"
)

// acceptsGzip reads Accept-Encoding (RFC 9110 section 12.5.3): gzip must be
// named and not refused with a quality of zero.
func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, params, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		name, value, weighed := strings.Cut(strings.TrimSpace(params), "=")
		if !weighed || !strings.EqualFold(name, "q") {
			return true
		}
		quality, err := strconv.ParseFloat(value, 64)
		return err == nil && quality > 0
	}
	return false
}
