package httpapi

import (
	"net/http"

	"simpul"
)

// Unserved serves the mux, and calls fail where the mux has nothing at the path,
// or nothing under the method: net/http itself would answer in plain text.
func Unserved(mux *http.ServeMux, fail func(http.ResponseWriter, *http.Request, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		answer := verdict{header: http.Header{}}
		handler.ServeHTTP(&answer, r)
		if allow := answer.header.Get("Allow"); allow != "" {
			w.Header().Set("Allow", allow)
			fail(w, r, wrongMethod(r.Method, allow))
			return
		}
		fail(w, r, nothingHere())
	})
}

// FailProblem answers with the problem document of an error.
func FailProblem(w http.ResponseWriter, r *http.Request, err error) {
	ProblemOf(err, simpul.ParseLanguage(r.Header.Get("Accept-Language"))).Write(w)
}

// verdict is what the mux would have answered; its text is not used.
type verdict struct{ header http.Header }

func (v *verdict) Header() http.Header         { return v.header }
func (v *verdict) Write(b []byte) (int, error) { return len(b), nil }
func (v *verdict) WriteHeader(int)             {}

func wrongMethod(method, allow string) error {
	return &simpul.Error{
		Code:    simpul.CodeMethodNotAllowed,
		Message: simpul.Text{ID: "Metode " + method + " tidak dikenal di alamat ini.", EN: "Method " + method + " is not known at this address."},
		Remedy:  simpul.Text{ID: "Gunakan " + allow + ".", EN: "Use " + allow + "."},
	}
}

func nothingHere() error {
	return &simpul.Error{
		Code:    simpul.CodeNotFound,
		Message: simpul.Text{ID: "Tidak ada apa-apa di alamat ini.", EN: "There is nothing at this address."},
		Remedy:  simpul.Text{ID: "Periksa ejaannya; daftar operasi ada di /api/openapi.json.", EN: "Check the spelling; the operations are listed at /api/openapi.json."},
	}
}
