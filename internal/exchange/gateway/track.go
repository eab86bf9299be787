package gateway

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"simpul"
)

// Tracker finds out whose data an exchange is about, where its LID says where
// that stands. It reads memory only.
type Tracker interface {
	// Watch names in the exchange whoever the called address names, and returns
	// what sees the bodies. It fails where nobody can be named at present: personal
	// data that leave no record of whose they are do not leave.
	Watch(x *simpul.Exchange, route *simpul.Route, below *url.URL) (Sight, error)
}

// Sight sees the bodies of one exchange. Its methods may be called at one time.
type Sight interface {
	Request(part []byte)     // of the body as the provider gets it, in order
	Answer(part []byte)      // of the provider's answer, before anything is left out
	ReadsAnswer() bool       // whether answers are looked at
	Name(x *simpul.Exchange) // names everybody whom it saw
}

// caseHeader is where a consumer states the number of the case that a call is for.
const caseHeader = "Case-Number"

// caseNumber is a number as people write it: printable ASCII.
var caseNumber = regexp.MustCompile(`^[!-~]([ -~]{0,98}[!-~])?$`)

// personNumber is as long as the number of a person, which no record may have.
var personNumber = regexp.MustCompile(`[0-9]{16}`)

// look notes the case that a call of a class that leaves evidence is for, and
// begins to watch whose data it is about, where the LID says so.
func (c *call) look(t Tracker, route *simpul.Route, r *http.Request) error {
	if values := r.Header[caseHeader]; values != nil && route.Class.Durable() {
		if err := c.stateCase(values); err != nil {
			return err
		}
	}
	if route.Subject == nil || t == nil {
		return nil
	}
	sight, err := t.Watch(&c.exchange, route, c.target.below)
	if err != nil || sight == nil {
		return err
	}
	c.sight = sight
	if c.body != nil {
		c.body.sight = sight
	}
	if sight.ReadsAnswer() {
		r.Header["Accept-Encoding"] = identity
	}
	return nil
}

// identity asks for an answer that can be read. Nobody changes it.
var identity = []string{"identity"}

func (c *call) stateCase(values []string) error {
	said := strings.TrimSpace(values[0])
	if len(values) != 1 || !caseNumber.MatchString(said) || personNumber.MatchString(said) {
		return simpul.Invalid("header."+caseHeader,
			simpul.Text{ID: "Nomor perkara atau berkas pada kepala " + caseHeader + " tidak sah.", EN: "The case number in the header " + caseHeader + " is not valid."},
			simpul.Text{
				ID: "Kirim satu kepala " + caseHeader + " berisi 1 sampai 100 karakter tanpa NIK, misalnya BA-12/XI/2026, atau hilangkan kepalanya.",
				EN: "Send one header " + caseHeader + " of 1 to 100 characters without a NIK, such as BA-12/XI/2026, or leave the header out."})
	}
	c.exchange.Case = said
	return nil
}

// lookAt has a successful answer seen as its body is read.
func (c *call) lookAt(res *http.Response) {
	if c.sight == nil || !c.sight.ReadsAnswer() || res.StatusCode < 200 || res.StatusCode > 299 || res.Body == http.NoBody {
		return
	}
	res.Body = &seenBody{res.Body, c.sight}
}

// seenBody shows what is read of it.
type seenBody struct {
	io.ReadCloser
	sight Sight
}

func (b *seenBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.sight.Answer(p[:n])
	}
	return n, err
}
