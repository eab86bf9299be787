package front

import (
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"simpul/internal/exchange/wire"
)

// ownFields are the fields of an answer that this package writes.
var ownFields = map[string]bool{"Connection": true, "Transfer-Encoding": true, "Content-Length": true}

// appendHead writes the status line and the fields. A field that could not be
// one is left out: nothing in it may end a line.
func (a *answer) appendHead(b []byte) []byte {
	b = strconv.AppendInt(append(b, "HTTP/1.1 "...), int64(a.status), 10)
	b = append(append(append(b, ' '), http.StatusText(a.status)...), "\r\n"...)
	trailer := a.trailerNames()
	if a.status == http.StatusNotModified {
		delete(a.header, "Content-Type") // it describes what is not sent
	}
	for name, values := range a.header {
		if ownFields[name] || trailer[name] || strings.HasPrefix(name, http.TrailerPrefix) || !wire.IsToken(name) {
			continue
		}
		for _, value := range values {
			if wire.IsText(value) {
				b = appendField(b, name, value)
			}
		}
	}
	if a.header["Date"] == nil {
		b = appendField(b, "Date", today())
	}
	b = a.appendFraming(b)
	return append(b, "\r\n"...)
}

func appendField(b []byte, name, value string) []byte {
	b = append(append(b, name...), ": "...)
	return append(append(b, value...), "\r\n"...)
}

// appendFraming writes where the body ends, and whether the connection does.
func (a *answer) appendFraming(b []byte) []byte {
	switch {
	case a.length >= 0 && a.status != http.StatusNoContent:
		b = append(strconv.AppendInt(append(b, "Content-Length: "...), a.length, 10), "\r\n"...)
	case a.length == chunked && !a.bodiless():
		b = append(b, "Transfer-Encoding: chunked\r\n"...)
	}
	if wire.HasToken(a.header["Connection"], "close") {
		a.lasts = false
	}
	switch {
	case !a.lasts:
		b = append(b, "Connection: close\r\n"...)
	case a.request.ProtoMinor == 0:
		b = append(b, "Connection: keep-alive\r\n"...)
	}
	return b
}

// trailerNames are the fields that the handler has announced for the end.
func (a *answer) trailerNames() map[string]bool {
	lists := a.header["Trailer"]
	if len(lists) == 0 {
		return nil
	}
	names := map[string]bool{}
	for _, list := range lists {
		for name := range wire.Tokens(list) {
			if name = http.CanonicalHeaderKey(name); !ownFields[name] && name != "Trailer" {
				names[name] = true
			}
		}
	}
	return names
}

// appendTrailer writes the fields behind the last chunk: those announced, and
// those marked by http.TrailerPrefix.
func (a *answer) appendTrailer(b []byte) []byte {
	announced := a.trailerNames()
	for name, values := range a.header {
		bare, marked := strings.CutPrefix(name, http.TrailerPrefix)
		if !marked && !announced[name] || ownFields[bare] || !wire.IsToken(bare) {
			continue
		}
		for _, value := range values {
			if wire.IsText(value) {
				b = appendField(b, bare, value)
			}
		}
	}
	return append(b, "\r\n"...)
}

// date is the date of the present second as a field has it.
type date struct {
	second int64
	text   string
}

var present atomic.Pointer[date]

// today is the value of Date (RFC 9110 section 6.6.1).
func today() string {
	now := time.Now()
	if d := present.Load(); d != nil && d.second == now.Unix() {
		return d.text
	}
	d := &date{now.Unix(), now.UTC().Format(http.TimeFormat)}
	present.Store(d)
	return d.text
}
