package gateway

import (
	"net/http"
	"strconv"
	"strings"

	"simpul"
)

// bordered reports whether a request of HTTP/2 says of itself what it is. What
// it says of its length and path is not its border there, so net/http lets more
// pass than a reader of HTTP/1.1 would take in one way: two lengths, a length
// without a body, a whole URL for a path.
func bordered(r *http.Request) bool {
	if !strings.HasPrefix(r.RequestURI, "/") {
		return false
	}
	lengths := r.Header["Content-Length"]
	return len(lengths) == 0 || len(lengths) == 1 && lengths[0] == strconv.FormatInt(r.ContentLength, 10)
}

func unbordered() error {
	return simpul.Invalid("request",
		simpul.Text{ID: "Panjang isi atau alamat yang disebut permintaan ini tidak sesuai dengan permintaannya.", EN: "The length or path that this request states does not fit the request."},
		simpul.Text{ID: "Periksa pustaka HTTP/2 atau perantara yang menyusunnya terhadap RFC 9113, lalu kirim lagi.", EN: "Check the HTTP/2 library or intermediary that made it against RFC 9113, and send it again."})
}
