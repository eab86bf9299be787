package demo

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"net/http"

	"simpul"
)

// Provider is the application of the Ministry of Home Affairs: region codes
// under /provinsi, /kota, /kecamatan and /desa, and the check of a NIK at
// /ceknik. GET /openapi.json describes it. It holds no state but its arguments,
// and knows no caller: see [hubOnly].
func Provider(regions *Regions, citizens Citizens) http.Handler {
	mux := http.NewServeMux()
	for tier := range tiers {
		d := directory{regions: regions, tier: tier}
		base := "/" + tier.String()
		mount(mux, http.MethodGet, base, d.list)
		mount(mux, http.MethodGet, base+"/{$}", d.list)
		mount(mux, http.MethodGet, base+"/{kode}", d.one)
	}
	check := nikCheck{citizens}
	mount(mux, http.MethodPost, "/ceknik", check.answer)
	mount(mux, http.MethodPost, "/ceknik/{$}", check.answer)
	mount(mux, http.MethodGet, "/openapi.json", constant(applicationContract(Contracts())))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { notFound("", "Alamat ini tidak ada.").write(w) })
	return mux
}

// hubOnly lets only the hub pass, which sends the credential that was set for it;
// others learn no more than what the application is.
func hubOnly(credential simpul.Secret, next http.Handler) http.Handler {
	want := sha256.Sum256([]byte(credential.Reveal()))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := sha256.Sum256([]byte(r.Header.Get("Authorization")))
		if subtle.ConstantTimeCompare(want[:], got[:]) != 1 && r.URL.Path != "/openapi.json" {
			w.Header().Set("WWW-Authenticate", `Bearer realm="penyedia"`)
			newProblem(http.StatusUnauthorized, "Hanya untuk hub", "", "Panggil layanan ini lewat hub; alamat ini hanya melayani hub.").write(w)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// operation answers a request with a value to be written as JSON, and may set
// headers of the answer.
type operation func(header http.Header, r *http.Request) (any, *problem)

// mount binds an operation to one method of a path, and a problem to the others.
func mount(mux *http.ServeMux, method, path string, op operation) {
	mux.HandleFunc(method+" "+path, func(w http.ResponseWriter, r *http.Request) {
		answer, p := op(w.Header(), r)
		if p != nil {
			p.write(w)
			return
		}
		writeJSON(w, http.StatusOK, "application/json", answer)
	})
	allow := method
	if method == http.MethodGet {
		allow = "GET, HEAD" // ServeMux serves HEAD by the handler of GET
	}
	mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { wrongMethod(w, allow) })
}

// constant answers every request with the same document.
func constant(document json.RawMessage) operation {
	return func(http.Header, *http.Request) (any, *problem) { return document, nil }
}

// writeJSON encodes before it writes, so that an answer is whole or is a 500.
func writeJSON(w http.ResponseWriter, status int, mediaType string, value any) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	w.Write(body.Bytes())
}
