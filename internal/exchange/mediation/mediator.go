package mediation

import (
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"

	"simpul"
	"simpul/internal/exchange/mediation/conform"
)

// Mediator holds calls and answers to the contract, and answers to their
// obligations. Its zero value is ready, and many exchanges may use one at a time.
type Mediator struct {
	Reporter Reporter // nil: nobody is told of what the contract does not say

	selections sync.Pool // of *selection, at rest
	checkers   conform.Checkers
	answers    answers
}

// Request prepares the request to the provider so that the answer can be held to
// the obligations: whole and unencoded. The consumer's cache validators stay
// behind, since they stand for what an earlier grant delivered; preconditions of
// a write go to the provider, who alone can judge them.
//
// So it is where answers are changed. Where answers are kept, the validators stay
// with the request: whoever keeps them judges by what this grant delivers.
//
// Before that it holds the call to the contract, where the LID asks for it.
func (m *Mediator) Request(x *simpul.Exchange, route *simpul.Route, o simpul.Obligations, r *http.Request) error {
	if c := checksOf(route); c != nil {
		if looks(c.request) {
			if err := m.checkRequest(c, x, r); err != nil {
				return err
			}
		}
		if looks(c.response) {
			c.prepareAnswer(r)
		}
	}
	if o.Fields == nil && !route.Delivery.Changed() {
		return nil
	}
	r.Header.Set("Accept-Encoding", "identity")
	for _, name := range []string{"Range", "If-Range", "A-IM"} {
		r.Header.Del(name)
	}
	if reads := r.Method == http.MethodGet || r.Method == http.MethodHead; reads && !route.Delivery.Kept() {
		r.Header.Del("If-None-Match")
		r.Header.Del("If-Modified-Since")
	}
	return nil
}

// Response makes the answer what the contract says, and then deliver what the
// obligations allow and nothing more.
//
// A successful answer delivers the granted fields as its body is read. A body
// that turns out not to be valid JSON ends with a *simpul.Error from Read; an
// error of the connection to the provider comes out of Read as it is. The body of
// any other answer is replaced by a problem document (RFC 9457) with the same
// status, since an error message can hold what the grant does not.
//
// It returns a *simpul.Error, with the body closed, when nothing can be selected
// from the answer. Where the LID asks for it, the answer is changed first, and
// held to the contract then.
func (m *Mediator) Response(x *simpul.Exchange, route *simpul.Route, o simpul.Obligations, res *http.Response) error {
	if route.Delivery.Changed() {
		if err := change(x, route, res); err != nil {
			res.Body.Close()
			return err
		}
	}
	if c := checksOf(route); c != nil && looks(c.response) {
		if err := m.checkAnswer(c, x, res); err != nil {
			res.Body.Close()
			return err
		}
	}
	if o.Fields == nil {
		return nil
	}
	dropDescriptions(route, res)
	switch {
	case bodiless(res):
		return nil
	case res.StatusCode >= 300:
		withhold(x, res)
		return nil
	case res.StatusCode >= 200 && res.ContentLength == 0:
		return empty(res)
	}
	if err := selectable(x.Provider, res); err != nil {
		res.Body.Close()
		return err
	}
	res.Body = m.open(res, x.Provider, o.Fields, route.Delivery.LongestText())
	res.ContentLength = -1
	return nil
}

// empty makes sure that an answer delivers nothing when it says so.
func empty(res *http.Response) error {
	err := res.Body.Close()
	res.Body = http.NoBody
	return err
}

// open returns the answer's body, reduced to the fields.
func (m *Mediator) open(res *http.Response, provider simpul.AgencyID, fields simpul.FieldSet, text int64) io.ReadCloser {
	s, ok := m.selections.Get().(*selection)
	if !ok {
		s = newSelection()
	}
	s.reset(res.Body, fields, text)
	return &body{response: res, source: res.Body, provider: provider, mediator: m, selection: s}
}

func (m *Mediator) keep(s *selection) {
	if !s.light() {
		return
	}
	s.reset(nil, nil, 0)
	m.selections.Put(s)
}

// dropDescriptions removes the headers that describe the provider's own
// representation: its length, its parts, its digests (RFC 9110 section 8, RFC
// 9530, RFC 1864) and its validator. Where answers are kept, the validator is that of
// what is delivered, and stays.
func dropDescriptions(route *simpul.Route, res *http.Response) {
	validator := res.Header["Etag"]
	for _, name := range []string{
		"Content-Length", "ETag", "Accept-Ranges", "Content-Range", "Trailer",
		"Content-MD5", "Digest", "Content-Digest", "Repr-Digest",
	} {
		res.Header.Del(name)
	}
	if validator != nil && route.Delivery.Kept() {
		res.Header["Etag"] = validator
	}
	res.Trailer = nil
}

// bodiless reports whether the answer has no body by definition, RFC 9110
// section 6.4.1.
func bodiless(res *http.Response) bool {
	switch res.StatusCode {
	case http.StatusNoContent, http.StatusResetContent, http.StatusNotModified:
		return true
	}
	if res.Request == nil || res.Request.Method != http.MethodHead {
		return false
	}
	res.ContentLength = -1 // that of the provider's own representation
	return true
}

// selectable refuses an answer from which fields cannot be selected.
func selectable(provider simpul.AgencyID, res *http.Response) error {
	switch res.StatusCode {
	case http.StatusSwitchingProtocols, http.StatusPartialContent, http.StatusIMUsed:
		return notWhole(provider, res.StatusCode)
	}
	if coding := strings.Join(res.Header.Values("Content-Encoding"), ", "); coding != "" && !strings.EqualFold(coding, "identity") {
		return encoded(provider)
	}
	types := res.Header.Values("Content-Type")
	if len(types) != 1 || !isJSON(types[0]) {
		return notJSON(provider)
	}
	return nil
}

// isJSON accepts application/json and the +json types (RFC 6839 section 3.1), in
// UTF-8.
func isJSON(contentType string) bool {
	media, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || media != "application/json" && !strings.HasSuffix(media, "+json") {
		return false
	}
	charset := parameters["charset"]
	return charset == "" || strings.EqualFold(charset, "utf-8")
}
