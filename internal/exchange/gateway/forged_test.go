package gateway

import (
	"net/http"
	"strings"
	"testing"
)

func TestForgedFields(t *testing.T) {
	for _, name := range append([]string{"Simpul-Application", "Simpul-Grant", "Simpul-Purpose", "Exchange-Id", "X-Forwarded-For", "Forwarded", "X-Real-Ip", "Content-Length"}, credentialHeaders...) {
		underscored := strings.ReplaceAll(name, "-", "_")
		for _, spelling := range []string{name, underscored, strings.ToLower(underscored), strings.ToUpper(underscored), strings.Replace(name, "-", "_", 1)} {
			if !forged(http.CanonicalHeaderKey(spelling)) {
				t.Errorf("%s reaches the provider", spelling)
			}
		}
	}
	for _, name := range []string{"Accept", "X-A", "x_a", "Content-Type", "Simpulan", "X-Forwarder", "_", "Exchange-Id-2"} {
		if forged(http.CanonicalHeaderKey(name)) {
			t.Errorf("%s does not", name)
		}
	}
}
