package feasibility

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// probe is one thing that is found out by calling the origin.
type probe struct {
	key   string
	title Words
	calls bool // the origin, beyond what was called before
	look  func(context.Context, *test, *Check)
}

// probes are in the order in which they are made: each may use what those before
// it were answered.
func probes() []probe {
	return []probe{
		{"reachable", say("Penyedia dapat dihubungi", "The provider can be reached"), true, lookReachable},
		{"tls", say("Sambungan terenkripsi", "The connection is encrypted"), false, lookTLS},
		{"answers", say("Jawaban sesuai kontrak", "Answers match the contract"), true, lookAnswers},
		{"errors", say("Jawaban gagal berbentuk benar", "Failures are answered properly"), true, lookFailures},
		{"authentication", say("Origin menolak orang asing", "The origin refuses strangers"), true, lookStrangers},
		{"latency", say("Kecepatan pada beban kecil", "Speed at a small load"), true, lookLatency},
		{"personal-data", say("Data pribadi dinyatakan", "Personal data is declared"), false, lookPersonal},
		{"codes", say("Kode referensi berlaku", "Reference codes are valid"), false, lookCodes},
	}
}

// answer is what an origin said to a specimen.
type answer struct {
	specimen
	status   int
	header   http.Header
	body     []byte
	whole    bool  // the body ended within what is read
	broken   error // of reading the body
	value    any   // of a JSON body
	notJSON  error // why it is none
	response *http.Response
}

// credentials says whether a call proves that the hub makes it.
type credentials bool

const (
	proven    credentials = true
	strangers credentials = false
)

// send calls the origin and reads at most limit bytes of the answer. The error
// is the caller's, or that ctx ended.
func (t *test) send(ctx context.Context, s specimen, who credentials, limit int64) (*answer, error) {
	ctx, cancel := context.WithTimeout(ctx, orUsual(t.Limits.Call, callTimeout))
	defer cancel()
	base := t.subject.Upstream
	if !s.safe() && !s.marked() {
		base, who = t.subject.Sandbox, strangers // another origin never gets the credential
	}
	r, err := s.request(ctx)
	if err != nil {
		return nil, err
	}
	if who == proven {
		t.subject.prove(r.Header)
	}
	return t.ask(base, r, s, limit)
}

// ask makes the call itself.
func (t *test) ask(base *url.URL, r *http.Request, s specimen, limit int64) (*answer, error) {
	res, err := t.Caller.Call(t.subject.route(base), r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	a := &answer{specimen: s, status: res.StatusCode, header: res.Header, response: res}
	a.body, a.broken = io.ReadAll(io.LimitReader(res.Body, limit+1))
	if a.whole = a.broken == nil && int64(len(a.body)) <= limit; a.whole && isJSON(res.Header.Get("Content-Type")) {
		a.value, a.notJSON = decodeJSON(a.body)
	}
	return a, nil
}

// request is the specimen as a request below the LID's address.
func (s specimen) request(ctx context.Context) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, s.method, "/", bytes.NewReader(s.body))
	if err != nil {
		return nil, err
	}
	r.URL, r.Header = s.target(), s.header.Clone()
	if r.Header == nil {
		r.Header = http.Header{}
	}
	if len(s.body) == 0 {
		r.Body, r.GetBody, r.ContentLength = http.NoBody, nil, 0
	} else {
		r.Header.Set("Content-Type", s.media)
	}
	r.Header.Set("Accept", "application/json, application/problem+json, */*;q=0.5")
	r.Header.Set("User-Agent", "Simpul-uji-kelaikan")
	return r, nil
}

// timedOut reports whether a call took longer than a call may, or than was left
// of the whole test.
func timedOut(err error) bool { return errors.Is(err, context.DeadlineExceeded) }

// bare is a specimen of the method at a path that no contract describes.
func bare(method, path string) specimen {
	return specimen{operation: operation{method: method, path: path}, path: path, query: url.Values{}}
}

// first is the call by which it is found out whether anybody answers: the first
// safe one of the contract, or the base.
func (t *test) first() specimen {
	m := t.maker()
	for _, o := range t.ops {
		if s, err := m.make(o); err == nil && o.safe() {
			return s
		}
	}
	return bare("GET", "/")
}

// callable says where an operation may be called, or why not.
func (t *test) callable(o operation) (Words, bool) {
	switch {
	case o.safe(), o.marked() && t.doc.hasRequestExample(o), t.subject.Sandbox != nil:
		return Words{}, true
	}
	return say("Tidak dipanggil: metode ini dapat mengubah data, dan LID tidak menyebut sandbox.", "Not called: this method may change data, and the LID names no sandbox."), false
}

// hasRequestExample reports whether the contract gives a body for the operation,
// or needs none.
func (d *document) hasRequestExample(o operation) bool {
	body := d.resolve(o.node["requestBody"])
	if body == nil {
		return true
	}
	content, _ := body["content"].(object)
	for _, media := range content {
		described := d.resolve(media)
		if _, found := (maker{document: d}).example(described, d.resolve(described["schema"])); found {
			return true
		}
	}
	return false
}

func mediaOf(contentType string) string {
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		media, _, _ = strings.Cut(strings.ToLower(contentType), ";")
	}
	return strings.TrimSpace(media)
}

// unavailable skips a check that needs an origin which answers.
func (t *test) unavailable(c *Check) bool {
	if t.base != nil {
		return false
	}
	c.skip(say("Penyedia belum dapat dihubungi, jadi ini belum diperiksa.", "The provider cannot be reached yet, so this was not checked."))
	return true
}

// outOfTime fails what could not be checked any more: else a provider that is
// slow enough would pass.
func outOfTime(c *Check) {
	c.fail("upstream", say("Waktu uji habis sebelum ini diperiksa, karena jawaban lain terlalu lama.", "The time of the test was over before this was checked, since other answers took too long."),
		say("Percepat operasi yang disebut pada pemeriksaan lain, lalu uji lagi.", "Make the operations faster that the other checks name, then test again."))
}
