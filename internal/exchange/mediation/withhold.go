package mediation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// withhold replaces the body of an unsuccessful answer by a problem document with
// the same status.
func withhold(x *simpul.Exchange, res *http.Response) {
	io.CopyN(io.Discard, res.Body, maxDrained)
	res.Body.Close()

	lang := language(res.Request)
	document, _ := json.Marshal(problem(x, res.StatusCode, lang)) // strings and numbers always encode
	res.Body = io.NopCloser(bytes.NewReader(document))
	res.ContentLength = int64(len(document))
	res.TransferEncoding = nil

	h := res.Header
	h.Del("Content-Encoding")
	h.Del("Content-Disposition")
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Length", strconv.Itoa(len(document)))
	h.Set("Content-Language", string(lang))
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept-Language")
}

// language is what the consumer asked for, as far as the request that went to the
// provider tells.
func language(r *http.Request) simpul.Language {
	if r == nil {
		return simpul.Indonesian
	}
	return simpul.ParseLanguage(r.Header.Get("Accept-Language"))
}

func problem(x *simpul.Exchange, status int, lang simpul.Language) *httpapi.Problem {
	detail := simpul.Text{
		ID: fmt.Sprintf("Penyedia menjawab %d. Isi jawabannya tidak diteruskan karena izin Anda membatasi kolom.", status),
		EN: fmt.Sprintf("The provider answered %d. What it said is withheld because your grant restricts fields.", status),
	}
	remedy := simpul.Text{
		ID: "Coba lagi nanti. Bila tetap gagal, sampaikan nomor pertukaran ini kepada penyedia.",
		EN: "Try again later. If it keeps failing, give this exchange's number to the provider.",
	}
	if status >= 400 && status < 500 {
		remedy = simpul.Text{
			ID: "Periksa alamat, parameter, dan isi permintaan Anda menurut kontrak LID di katalog.",
			EN: "Check the address, parameters and body of your request against the LID's contract in the catalogue.",
		}
	}
	return &httpapi.Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Code: simpul.CodeUpstream,
		Detail: detail.In(lang), Remedy: remedy.In(lang), Owner: x.Provider, ExchangeID: x.ID,
	}
}
