package mediation

import (
	"io"
	"net/http"

	"simpul"
	"simpul/internal/exchange/mediation/conform"
)

// checks are what is held to a contract, and how strictly.
type checks struct {
	contract *conform.Contract // nil: it could not be compiled, so that nothing can be held to it
	request  simpul.Check
	response simpul.Check
}

func newChecks(d *simpul.Delivery, document []byte, contracts *conform.Contracts) (*checks, error) {
	if d == nil || d.Checks == nil {
		return nil, nil
	}
	c := &checks{request: d.Checks.Request, response: d.Checks.Response}
	if !looks(c.request) && !looks(c.response) {
		return nil, nil
	}
	var err error
	c.contract, err = contracts.Of(document)
	return c, err
}

func looks(c simpul.Check) bool { return c == simpul.CheckObserve || c == simpul.CheckEnforce }

// Direction says which message of an exchange was checked.
type Direction string

const (
	ofRequest  Direction = "request"
	ofResponse Direction = "response"
)

// Reporter is told of each message that is not what its contract says, or could
// not be held to it. It does not wait, and keeps nothing of the exchange.
type Reporter interface {
	Report(x *simpul.Exchange, d Direction, enforced bool, found []conform.Fault)
}

func (m *Mediator) report(x *simpul.Exchange, d Direction, mode simpul.Check, found []conform.Fault) {
	if m.Reporter != nil {
		m.Reporter.Report(x, d, mode == simpul.CheckEnforce, found)
	}
}

// checkRequest holds a call to the contract before the provider is called. What
// it reads of the body goes to the provider byte for byte. An error of reading
// it is the consumer's, and comes out as it is.
func (m *Mediator) checkRequest(c *checks, x *simpul.Exchange, r *http.Request) error {
	o, err := c.operation(x)
	if o == nil {
		return c.unless(c.request, err)
	}
	k := m.checkers.Get()
	defer m.checkers.Put(k)
	found := k.Parameters(o, r)
	content, whole, err := m.requestBody(c, o, r, &found)
	switch {
	case err != nil:
		return err
	case !whole && c.request == simpul.CheckEnforce:
		m.report(x, ofRequest, c.request, []conform.Fault{conform.Unchecked("body", maxChecked)})
		return tooLargeToCheck()
	case !whole:
		found = append(found, conform.Unchecked("body", maxChecked))
	case content != nil:
		found = append(found, k.Body(o, r.Header, content)...)
	}
	if len(found) == 0 {
		return nil
	}
	m.report(x, ofRequest, c.request, found)
	if c.request == simpul.CheckEnforce {
		return violated(found)
	}
	return nil
}

// operation is what the contract says of the call. A plan has no contract where
// the hub could not compile it.
func (c *checks) operation(x *simpul.Exchange) (*conform.Operation, error) {
	if c.contract == nil {
		return nil, notCompiled()
	}
	return c.contract.Operation(x.Operation), nil
}

// unless lets an error stop what is enforced only.
func (c *checks) unless(mode simpul.Check, err error) error {
	if mode == simpul.CheckEnforce {
		return err
	}
	return nil
}

// requestBody reads the body of a call where it is to be checked; nil where not.
// whole is false where it is too long for that.
func (m *Mediator) requestBody(c *checks, o *conform.Operation, r *http.Request, found *[]conform.Fault) (content []byte, whole bool, err error) {
	there := r.Body != nil && r.Body != http.NoBody && r.ContentLength != 0
	read, wrong := o.NeedsBody(r.Header, there)
	*found = append(*found, wrong...)
	if !read {
		return nil, true, nil
	}
	if r.ContentLength > maxChecked {
		return nil, false, nil
	}
	content, whole, err = readUpTo(r.Body, r.ContentLength, nil)
	if err != nil {
		return nil, true, err
	}
	source := r.Body
	r.Body = newReplay(content, source, whole)
	if whole {
		r.GetBody = func() (io.ReadCloser, error) { return newReplay(content, source, true), nil }
	}
	return content, whole, nil
}

// prepareAnswer asks for an answer that can be checked: unencoded, and whole
// where it must be.
func (c *checks) prepareAnswer(r *http.Request) {
	r.Header.Set("Accept-Encoding", "identity")
	if c.response == simpul.CheckEnforce {
		r.Header.Del("Range")
		r.Header.Del("If-Range")
	}
}

// checkAnswer holds a successful answer to the contract before any of it is
// delivered.
func (m *Mediator) checkAnswer(c *checks, x *simpul.Exchange, res *http.Response) error {
	if res.StatusCode < 200 || res.StatusCode > 299 || hasNoBody(res) {
		return nil
	}
	o, err := c.operation(x)
	if o == nil {
		return c.unless(c.response, err)
	}
	read, found := o.NeedsAnswer(res.StatusCode, res.Header)
	if read && res.ContentLength <= maxChecked {
		if read, found, err = m.readAnswer(o, res); err != nil {
			return err
		}
	}
	if read { // and is too long for it
		found = []conform.Fault{conform.Unchecked("body", maxChecked)}
		m.report(x, ofResponse, c.response, found)
		return c.unless(c.response, answerTooLarge(x.Provider))
	}
	if len(found) == 0 {
		return nil
	}
	m.report(x, ofResponse, c.response, found)
	return c.unless(c.response, unlikeContract(x.Provider, found))
}

// readAnswer reads and checks the body of an answer; long reports that it is too
// long for that.
func (m *Mediator) readAnswer(o *conform.Operation, res *http.Response) (long bool, found []conform.Fault, err error) {
	room := m.answers.get()
	content, whole, err := readUpTo(res.Body, res.ContentLength, room)
	if err != nil {
		m.answers.put(content)
		return false, nil, err
	}
	replay := newReplay(content, res.Body, whole)
	replay.room = &m.answers
	res.Body = replay
	if !whole {
		return true, nil, nil
	}
	k := m.checkers.Get()
	defer m.checkers.Put(k)
	return false, k.Answer(o, res.StatusCode, res.Header, content), nil
}

// hasNoBody reports whether there is nothing to check.
func hasNoBody(res *http.Response) bool {
	return res.StatusCode == http.StatusNoContent || res.StatusCode == http.StatusResetContent ||
		res.Request != nil && res.Request.Method == http.MethodHead
}
