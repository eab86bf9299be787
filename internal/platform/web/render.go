package web

import (
	"compress/gzip"
	"net/http"

	"github.com/a-h/templ"
)

// Render answers with the component as an HTML page. It draws the whole page
// before it sends a byte, so that a failure becomes an error page, never half a
// page. Pages are private to their reader: caches must not share them.
func Render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) {
	page := templ.GetBuffer()
	defer templ.ReleaseBuffer(page)
	if err := c.Render(r.Context(), page); err != nil {
		Fail(w, r, err)
		return
	}
	send(w, r, status, page.Bytes())
}

func send(w http.ResponseWriter, r *http.Request, status int, page []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(Language(r.Context())))
	h.Add("Vary", "Accept-Language, Accept-Encoding, Cookie")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "private, no-cache")
	}
	if !compressible(r, page) {
		w.WriteHeader(status)
		w.Write(page)
		return
	}
	h.Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	z := gzip.NewWriter(w)
	z.Write(page)
	z.Close()
}

// compressible says whether to compress a page. Only answers to GET are: the
// answer to a POST may show a new secret beside text from the request, and the
// length of a compressed answer would tell about it.
func compressible(r *http.Request, page []byte) bool {
	return r.Method == http.MethodGet && len(page) > 1024 && acceptsGzip(r)
}
