package ledger

import (
	"context"
	"net/http"
	"strings"
	"time"

	"simpul/internal/platform/httpapi"
)

// KeysPath is where the public keys are that proofs are checked with.
const KeysPath = "/.well-known/simpul-keys"

// Lines gives lines of the file of keys: "log" or "witness", and a public key as
// C2SP signed-note writes it.
type Lines func(context.Context) ([]string, error)

const keysHead = `# Kunci publik hub ini, untuk memeriksa bukti pertukaran: simpul verify BERKAS --keys BERKAS-INI
# Public keys of this hub, to check proofs of exchanges: simpul verify FILE --keys THIS-FILE
`

// RegisterKeys puts the file of keys on the mux, for everybody to read. It has
// the lines of all sources, in their order.
func RegisterKeys(mux *http.ServeMux, sources ...Lines) {
	mux.HandleFunc("GET "+KeysPath, func(w http.ResponseWriter, r *http.Request) {
		text := keysHead
		for _, source := range sources {
			lines, err := source(r.Context())
			if err != nil {
				httpapi.FailProblem(w, r, unreadable(err))
				return
			}
			for _, line := range lines {
				text += line + "\n"
			}
		}
		h := w.Header()
		h.Set("Content-Type", "text/plain; charset=utf-8")
		h.Set("Cache-Control", "no-cache")
		h.Set("X-Content-Type-Options", "nosniff")
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(text))
	})
}
