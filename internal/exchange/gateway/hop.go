package gateway

import (
	"net/http"
	"strings"
)

// connectionHeaders are about one connection and go no further (RFC 9110 section
// 7.6.1), named or not by Connection. Upgrade is handled where a tunnel is; the
// settings that come with a wish for HTTP/2 (RFC 7540 section 3.2.1) end with it.
var connectionHeaders = []string{
	"Connection", "Http2-Settings", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection",
	"Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// dropConnectionHeaders leaves the headers that go from end to end.
func dropConnectionHeaders(h http.Header) {
	for _, list := range h["Connection"] {
		for name := range strings.SplitSeq(list, ",") {
			if name = strings.Trim(name, " \t"); name != "" {
				delete(h, http.CanonicalHeaderKey(name))
			}
		}
	}
	for _, name := range connectionHeaders {
		delete(h, name)
	}
}

// dropRequestHeaders is the same for a request, whose wish for trailers goes on:
// the hub passes them.
func dropRequestHeaders(h http.Header) {
	trailers := wantsTrailers(h["Te"])
	dropConnectionHeaders(h)
	delete(h, "Forwarded")
	if trailers {
		h.Set("Te", "trailers")
	}
}

func wantsTrailers(codings []string) bool {
	for _, list := range codings {
		for coding := range strings.SplitSeq(list, ",") {
			if strings.EqualFold(strings.Trim(coding, " \t"), "trailers") {
				return true
			}
		}
	}
	return false
}
