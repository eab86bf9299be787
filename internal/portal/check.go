package portal

import (
	"net/http"

	"simpul/internal/platform/web"
)

// CheckPath is where anybody checks a proof, within their browser.
const CheckPath = "/periksa-bukti"

// trackerPath is where people see who looked at their data.
const trackerPath = "/jejak"

// publishedKeys is where a hub publishes its public keys.
const publishedKeys = "/.well-known/simpul-keys"

// RegisterCheck puts the screen on the mux. It asks the hub for nothing: the check
// runs in the browser (web/islands/proof).
func RegisterCheck(mux *http.ServeMux) {
	mux.HandleFunc("GET "+CheckPath, func(w http.ResponseWriter, r *http.Request) {
		web.Render(w, r, http.StatusOK, checkPage())
	})
}
