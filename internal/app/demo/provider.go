package demo

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// Provider is the application of the Ministry of Home Affairs: region codes
// under /provinsi, /kota, /kecamatan and /desa, and the check of a NIK at
// /ceknik. GET /openapi.json describes it. It holds no state but its arguments,
// and knows no caller: whoever reaches it may call, which is why only the hub
// should.
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
