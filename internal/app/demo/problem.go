package demo

import "net/http"

// problem is an answer that is not the one asked for (RFC 9457). Its detail
// never repeats a NIK.
type problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Parameter string `json:"parameter,omitempty"` // the parameter or member that is wrong
}

func newProblem(status int, title, parameter, detail string) *problem {
	return &problem{Type: "about:blank", Title: title, Status: status, Detail: detail, Parameter: parameter}
}

func badRequest(parameter, detail string) *problem {
	return newProblem(http.StatusBadRequest, "Permintaan tidak sah", parameter, detail)
}

func notFound(parameter, detail string) *problem {
	return newProblem(http.StatusNotFound, "Tidak ditemukan", parameter, detail)
}

// wrongMethod answers a method that the path does not have (RFC 9110 section 15.5.6).
func wrongMethod(w http.ResponseWriter, allow string) {
	w.Header().Set("Allow", allow)
	newProblem(http.StatusMethodNotAllowed, "Metode tidak didukung", "", "Gunakan metode "+allow+".").write(w)
}

func (p *problem) write(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, p.Status, "application/problem+json", p)
}
