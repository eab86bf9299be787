package portal

import (
	"net/http"

	"simpul/internal/platform/web"
)

// ProofPath is where anybody checks a proof, within their browser.
const ProofPath = "/periksa-bukti"

// keysPath is where a hub publishes its public keys.
const keysPath = "/.well-known/simpul-keys"

// RegisterProof puts the screen on the mux. It asks the hub for nothing: the check
// runs in the browser (web/islands/proof).
func RegisterProof(mux *http.ServeMux) {
	mux.HandleFunc("GET "+ProofPath, func(w http.ResponseWriter, r *http.Request) {
		web.Render(w, r, http.StatusOK, proofPage())
	})
}
