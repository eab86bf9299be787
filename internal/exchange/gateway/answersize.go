package gateway

import (
	"fmt"
	"io"
	"net/http"

	"simpul"
)

// limitAnswer holds an answer to the size that its LID allows: one that says that
// it is larger is refused, one that turns out to be breaks off. What counts is
// what the provider sends.
func limitAnswer(route *simpul.Route, res *http.Response) error {
	if route.Delivery == nil || route.Delivery.MaxAnswerBytes == 0 {
		return nil
	}
	most := route.Delivery.MaxAnswerBytes
	if res.ContentLength > most && res.Request.Method != http.MethodHead {
		res.Body.Close()
		return answerTooLarge(route)
	}
	if res.ContentLength < 0 {
		res.Body = &limitedAnswer{res.Body, route, most}
	}
	return nil
}

// limitedAnswer is an answer that does not say how long it is.
type limitedAnswer struct {
	io.ReadCloser
	route *simpul.Route
	left  int64
}

// Read gives out nothing beyond the limit.
func (a *limitedAnswer) Read(p []byte) (int, error) {
	if a.left < 0 {
		return 0, answerTooLarge(a.route)
	}
	n, err := a.ReadCloser.Read(p)
	if a.left -= int64(n); a.left < 0 {
		return n + int(a.left), answerTooLarge(a.route)
	}
	return n, err
}

func answerTooLarge(route *simpul.Route) error {
	most, lid := route.Delivery.MaxAnswerBytes, string(route.Address)
	return &simpul.Error{
		Code: simpul.CodeUpstream, Owner: route.Owner,
		Message: simpul.Text{ID: fmt.Sprintf("Jawaban %s melebihi %d bita yang ditetapkan penyedianya.", lid, most), EN: fmt.Sprintf("The answer of %s is larger than the %d bytes that its provider has set.", lid, most)},
		Remedy:  simpul.Text{ID: "Minta data yang lebih sedikit, misalnya per halaman; bila tidak bisa, kabari penyedia.", EN: "Ask for less data, such as page by page; where that is not possible, tell the provider."},
	}
}
