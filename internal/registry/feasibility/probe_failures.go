package feasibility

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// lookFailures asks for what does not exist, and with a value that cannot be.
func lookFailures(ctx context.Context, t *test, c *Check) {
	if t.unavailable(c) {
		return
	}
	nowhere := bare("GET", "/simpul-uji/"+strings.ToLower(rand.Text()[:8])+"/tidak-ada")
	t.lookFailure(ctx, c, nowhere, say("Alamat yang tidak ada", "A path that does not exist"))
	if bad, ok := t.malformed(); ok {
		t.lookFailure(ctx, c, bad, say("Parameter yang tidak sah", "A parameter that is not valid"))
	}
}

func (t *test) lookFailure(ctx context.Context, c *Check, s specimen, what Words) {
	a, err := t.send(ctx, s, proven, 64<<10)
	place := what.ID + " / " + what.EN
	if err != nil {
		c.fail(place, say("Penyedia tidak menjawab.", "The provider gives no answer."), say("Jawab dengan 4xx, jangan memutus sambungan.", "Answer with 4xx instead of hanging up."))
		return
	}
	got := strconv.Itoa(a.status)
	switch {
	case a.status >= 500:
		c.add(Finding{Outcome: Fail, Place: place, What: say("Kesalahan pemanggil dijawab sebagai kegagalan server.", "A mistake of the caller is answered as a failure of the server."), Expected: "4xx", Got: got,
			Remedy: say("Periksa masukan lebih dahulu, dan jawab 400 atau 404.", "Check the input first, and answer 400 or 404.")})
	case a.status < 400:
		c.add(Finding{Outcome: Fail, Place: place, What: say("Permintaan yang tidak sah dijawab seolah berhasil.", "A request that is not valid is answered as if it were."), Expected: "4xx", Got: got,
			Remedy: say("Tolak parameter dan alamat yang tidak dikenal dengan 400 atau 404.", "Refuse unknown parameters and paths with 400 or 404.")})
	case mediaOf(a.header.Get("Content-Type")) != "application/problem+json":
		c.add(Finding{Outcome: Warn, Place: place, What: say("Jawaban gagal tidak memakai bentuk RFC 9457.", "The failure is not of the form of RFC 9457."), Expected: "application/problem+json", Got: mediaOf(a.header.Get("Content-Type")),
			Remedy: say("Jawab dengan application/problem+json berisi title, status, dan detail.", "Answer with application/problem+json that has title, status and detail.")})
	}
	if trace.Match(a.body) {
		c.fail(place, say("Jawaban gagal memuat jejak program (stack trace).", "The failure shows a stack trace."),
			say("Matikan mode debug; jejak program hanya untuk log.", "Turn debug mode off; traces are for the log."))
	}
}

// trace finds what programs print when they crash, in the languages that
// services are written in most.
var trace = regexp.MustCompile(`Traceback \(most recent call last\)|\bat [\w.$<>]+\([\w]+\.java:\d+\)|goroutine \d+ \[|\.go:\d+|Stack trace:|\bin /[\w/.-]+\.php|\bat .+ \(?/.+\.(js|ts):\d+:\d+|System\.\w+Exception|SQLSTATE\[|ORA-\d{5}`)

// malformed is a request with one parameter that its schema refuses.
func (t *test) malformed() (specimen, bool) {
	m := t.maker()
	for _, o := range t.ops {
		if !o.safe() {
			continue
		}
		s, err := m.make(o)
		if err != nil {
			continue
		}
		for _, p := range o.parameters {
			if value, ok := wrongFor(p.schema); ok && (p.in == "query" || p.in == "path") {
				return s.with(p, value), true
			}
		}
	}
	return specimen{}, false
}

// with replaces the value of a parameter.
func (s specimen) with(p parameter, value string) specimen {
	if p.in == "path" {
		s.path = s.operation.path
		s.path = strings.ReplaceAll(s.path, "{"+p.name+"}", url.PathEscape(value))
		for _, other := range s.operation.parameters {
			s.path = strings.ReplaceAll(s.path, "{"+other.name+"}", "1")
		}
		return s
	}
	query := url.Values{}
	for name, values := range s.query {
		query[name] = values
	}
	query.Set(p.name, value)
	s.query = query
	return s
}

// wrongFor makes a value that a schema surely refuses; false where it takes
// anything.
func wrongFor(schema object) (string, bool) {
	const odd = "~bukan nilai yang sah~"
	switch {
	case typeOf(schema) == "integer" || typeOf(schema) == "number" || typeOf(schema) == "boolean", schema["enum"] != nil:
		return odd, true
	case text(schema["format"]) == "date" || text(schema["format"]) == "date-time" || text(schema["format"]) == "uuid":
		return odd, true
	}
	if pattern := text(schema["pattern"]); pattern != "" {
		re, err := regexp.Compile(pattern)
		return odd, err == nil && !re.MatchString(odd)
	}
	return "", false
}

// lookStrangers calls the origin as somebody who is not the hub.
func lookStrangers(ctx context.Context, t *test, c *Check) {
	if t.indoors() {
		c.Note = say("Dilayani hub sendiri; tidak ada jalan lain ke sana.", "Served by the hub itself; there is no other way to it.")
		return
	}
	if t.unavailable(c) {
		return
	}
	outcome := Fail
	if t.subject.Class == "terbuka" && !t.subject.Held {
		outcome = Warn
	}
	give := sayf("Buat kredensial hub dengan simpul lid credential %s --generate, dan suruh layanan menolak panggilan tanpanya dengan 401.", "Make the hub's credential with simpul lid credential %s --generate, and have the service refuse calls without it with 401.", t.subject.Address)
	if t.subject.Credential == nil {
		c.add(Finding{Outcome: outcome, Place: "upstream", What: say("Hub tidak punya kredensial untuk membuktikan dirinya kepada penyedia.", "The hub has no credential to prove itself to the provider."), Remedy: give})
	}
	a, err := t.send(ctx, t.revealing(), strangers, 0)
	switch {
	case err != nil:
		c.warn("upstream", say("Panggilan tanpa kredensial tidak dijawab, jadi belum pasti orang asing ditolak.", "The call without a credential was not answered, so it is not certain that strangers are refused."),
			say("Jawab 401 tanpa kredensial.", "Answer 401 without a credential."))
	case a.status == 401 || a.status == 403:
	case a.status < 300:
		c.add(Finding{Outcome: outcome, Place: a.String(), What: say("Siapa pun yang menjangkau alamat penyedia mendapat data tanpa kredensial, melewati hub.", "Whoever reaches the provider's address gets data without a credential, around the hub."),
			Expected: "401, 403", Got: fmt.Sprint(a.status), Remedy: give})
	default:
		c.add(Finding{Outcome: Warn, Place: a.String(), What: say("Belum pasti orang asing ditolak: jawabannya bukan 401 atau 403.", "It is not certain that strangers are refused: the answer is neither 401 nor 403."),
			Expected: "401, 403", Got: fmt.Sprint(a.status), Remedy: say("Periksa kredensial sebelum memeriksa yang lain.", "Check the credential before anything else.")})
	}
}

// revealing is a call that answered data to the hub, or else the first.
func (t *test) revealing() specimen {
	for _, a := range t.answers {
		if a.status < 300 && (a.safe() || a.marked()) {
			return a.specimen
		}
	}
	return t.base.specimen
}
