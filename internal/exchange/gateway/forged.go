package gateway

import (
	"net/http"
	"slices"
	"strings"
)

// forged reports a field of a request that would tell the provider what the hub
// alone may tell: who calls, from where, under which exchange, by which
// credential, and where the message ends. Programs behind CGI and its heirs read
// "_" and "-" as one character (RFC 3875, section 4.1.18), so a name counts in
// either spelling.
func forged(name string) bool {
	if strings.Contains(name, "_") {
		name = http.CanonicalHeaderKey(strings.ReplaceAll(name, "_", "-"))
	}
	switch name {
	case "Exchange-Id", "Forwarded", "X-Real-Ip", "Host", "Content-Length", "Transfer-Encoding":
		return true
	}
	return strings.HasPrefix(name, "Simpul-") || strings.HasPrefix(name, "X-Forwarded-") || slices.Contains(credentialHeaders, name)
}
