package console

import (
	"bytes"
	"context"
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"simpul"
	"simpul/internal/exchange/console/snippet"
	"simpul/internal/platform/allowance"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
	"simpul/internal/platform/web"
)

const (
	mostPerMinute = 30
	callTime      = 45 * time.Second // less than a screen may take
	mostKept      = 256 << 10        // bytes of an answer, so that it can be laid out whole
	mostShown     = 12 << 10         // bytes of the text that is shown
	mostLines     = 80               // of it
)

// Gateway carries a call of the console through the pipeline. The consumer is whom
// the caller of this method vouches for.
type Gateway interface {
	// Ready reports whether this process carries exchanges.
	Ready() bool
	Carry(w http.ResponseWriter, r *http.Request, consumer simpul.Consumer)
}

// Service is the use cases.
type Service struct {
	db           *sqldb.DB
	catalogue    Catalogue
	applications Applications
	gateway      Gateway
	allowed      *allowance.Allowance
	now          clock.Clock
	url          func() string // of the gateway, as the outside sees it
}

// New returns the use cases.
func New(db *sqldb.DB, catalogue Catalogue, applications Applications, gateway Gateway, now clock.Clock, url func() string) *Service {
	return &Service{db, catalogue, applications, gateway, allowance.New(mostPerMinute, time.Minute, now), now, url}
}

// Answer is what came of a call, as it is shown.
type Answer struct {
	Status   int
	Took     time.Duration
	Exchange simpul.ExchangeID
	Header   []snippet.Field // that matter
	Text     string          // of the body, laid out where it is JSON
	Bytes    int             // of the body
	Cut      bool            // not all of it is shown
	Media    string
	Refusal  *Refusal // nil where the provider answered
}

// Refusal is why the hub did not pass the call on, or the answer.
type Refusal struct {
	Code     string `json:"code"`
	Detail   string `json:"detail"`
	Remedy   string `json:"remedy"`
	Owner    string `json:"owner"`
	Exchange string `json:"exchange_id"`
}

// Subject returns what can be called at the address.
func (s *Service) Subject(ctx context.Context, id string) (Subject, error) {
	address, err := simpul.ParseAddress(id)
	if err != nil {
		return Subject{}, simpul.NotFound(kindLID, id)
	}
	return s.catalogue.Subject(ctx, address)
}

var (
	kindLID         = simpul.Text{ID: "LID", EN: "LID"}
	kindApplication = simpul.Text{ID: "Aplikasi", EN: "Application"}
	kindOperation   = simpul.Text{ID: "Operasi", EN: "Operation"}
)

// Call calls a LID as an application of the principal's agency. from is the
// request by which they asked for it: where it came from counts as where the
// application calls from, and its language is that of refusals.
func (s *Service) Call(from *http.Request, p simpul.Principal, subject Subject, application simpul.ApplicationID, e Entered, understood bool) (Answer, error) {
	ctx := from.Context()
	b, err := s.prepare(ctx, p, subject, application, e, understood)
	if err != nil {
		return Answer{}, err
	}
	if err := s.record(ctx, p, subject, application, b, e); err != nil {
		return Answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	r, err := b.request(ctx)
	if err != nil {
		return Answer{}, err
	}
	r.RemoteAddr, r.TLS = from.RemoteAddr, nil
	r.Header["X-Forwarded-For"] = from.Header["X-Forwarded-For"] // read where the connection is a proxy's, and passed on to nobody
	r.Header.Set("Accept-Language", string(web.Language(from.Context())))
	w := newRecorder(mostKept)
	began := s.now()
	s.gateway.Carry(w, r, simpul.Consumer{Application: application, Credential: credentialOf(p)})
	return w.answer(s.now().Sub(began)), nil
}

// credentialOf names in evidence by whose hand a call was made.
func credentialOf(p simpul.Principal) string { return "console:" + p.ID }

// prepare checks everything that can be checked before anything happens.
func (s *Service) prepare(ctx context.Context, p simpul.Principal, subject Subject, application simpul.ApplicationID, e Entered, understood bool) (built, error) {
	if err := p.Need(simpul.TryLIDs); err != nil {
		return built{}, err
	}
	choices, err := s.applications.Choices(ctx, p, subject.Address)
	if err != nil {
		return built{}, err
	}
	if !slices.ContainsFunc(choices, func(c Choice) bool { return c.ID == application }) {
		return built{}, simpul.At("application", simpul.NotFound(kindApplication, string(application)))
	}
	o, ok := subject.operation(e.Operation)
	if !ok {
		return built{}, simpul.NotFound(kindOperation, e.Operation)
	}
	e.Sandbox = e.Sandbox && subject.Sandbox
	b, err := build(subject, o, e)
	switch {
	case err != nil:
		return b, err
	case subject.Sensitive() && !e.Sandbox && (!stated.MatchString(e.Purpose) || longNumber.MatchString(e.Purpose)):
		return b, badPurpose()
	case subject.Sensitive() && !e.Sandbox && !understood:
		return b, bad("understood", "Anda belum menyatakan paham.", "You have not said that you understand.",
			"Baca peringatannya, lalu centang pernyataannya.", "Read the warning, then tick the statement.")
	case !s.gateway.Ready():
		return b, elsewhere()
	case !s.allowed.Take(p.ID):
		return b, tooMany()
	}
	return b, nil
}

// record writes down who calls, before the call is made.
func (s *Service) record(ctx context.Context, p simpul.Principal, subject Subject, application simpul.ApplicationID, b built, e Entered) error {
	event := trail.By(p, application.Agency(), "lid.try", string(subject.Address))
	event.Detail = b.method + " as " + string(application)
	if subject.Sensitive() && !e.Sandbox {
		event.Detail += ": " + e.Purpose
	}
	return s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error { return trail.Append(ctx, tx, event) })
}

func elsewhere() error {
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: "Proses hub ini tidak membawa pertukaran, jadi tidak dapat memanggil dari sini.", EN: "This process of the hub carries no exchanges, so it cannot call from here."},
		Remedy:  simpul.Text{ID: "Salin contoh kodenya dan jalankan dari mesin Anda, atau minta operator menjalankan peran gateway pada proses portal.", EN: "Copy the program and run it on your machine, or ask the operator to run the role gateway in the portal's process."},
	}
}

func tooMany() error {
	return &simpul.Error{
		Code: simpul.CodeLimited, Retry: time.Minute / mostPerMinute,
		Message: simpul.Text{ID: "Anda sudah memanggil 30 kali dalam satu menit.", EN: "You have called 30 times within a minute."},
		Remedy:  simpul.Text{ID: "Tunggu sebentar. Untuk panggilan yang banyak, jalankan contoh kodenya dengan kunci aplikasi.", EN: "Wait a moment. For many calls, run the program with the application's key."},
	}
}

// Snippet writes a call as a program. Nobody is called, so nothing but the LID has
// to exist; what is missing is filled from examples.
func (s *Service) Snippet(subject Subject, language string, e Entered) (snippet.Language, string, error) {
	l, ok := snippet.ByName(language)
	if !ok {
		return l, "", bad("language", "Bahasa ini tidak tersedia.", "This language is not available.", "Pilih curl, go, python, php, java, atau javascript.", "Choose curl, go, python, php, java or javascript.")
	}
	o, ok := subject.operation(e.Operation)
	if !ok {
		return l, "", simpul.NotFound(kindOperation, e.Operation)
	}
	b, err := build(subject, o, exemplary(subject, o, e))
	if err != nil {
		return l, "", err
	}
	text, err := l.Write(b.call(s.url()))
	if err != nil {
		return l, "", bad("values", "Nilai ini tidak dapat ditulis sebagai program.", "These values cannot be written as a program.", "Hapus karakter kendali.", "Remove control characters.")
	}
	return l, text, nil
}

// exemplary fills what is required and missing, so that a program is whole.
func exemplary(s Subject, o Operation, e Entered) Entered {
	filled := map[string]string{}
	for _, p := range o.Parameters {
		switch value := e.Values[valueKey(p)]; {
		case value != "":
			filled[valueKey(p)] = value
		case p.Required:
			filled[valueKey(p)] = standIn(p)
		}
	}
	e.Values = filled
	if o.Body != nil && strings.TrimSpace(e.Body) == "" {
		e.Body = o.Body.Example
	}
	if s.StatePurpose && e.Purpose == "" {
		e.Purpose = "pemeriksaan permohonan"
	}
	return e
}

func standIn(p Parameter) string {
	switch {
	case p.Example != "":
		return p.Example
	case len(p.Values) > 0:
		return p.Values[0]
	case p.Type == "integer" || p.Type == "number":
		return "1"
	case p.Type == "boolean":
		return "true"
	}
	return strings.ToUpper(p.Name)
}

// recorder takes an answer of the gateway, and keeps the beginning of its body.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
	most   int
	seen   int
}

func newRecorder(most int) *recorder { return &recorder{header: http.Header{}, most: most} }

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
}

func (w *recorder) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	w.seen += len(b)
	w.body.Write(b[:min(len(b), w.most-w.body.Len())])
	return len(b), nil
}

// Flush lets answers stream.
func (w *recorder) Flush() {}

// telling are the headers that matter to whoever tries a call.
func telling() []string {
	return []string{"Content-Type", "LID-Version", "RateLimit", "Retry-After", "Cache-Control", "ETag", "Deprecation", "Sunset", "Allow"}
}

func (w *recorder) answer(took time.Duration) Answer {
	w.WriteHeader(http.StatusOK)
	a := Answer{Status: w.status, Took: took, Exchange: simpul.ExchangeID(w.header.Get("Exchange-Id")), Bytes: w.seen, Cut: w.seen > w.body.Len()}
	a.Media, _, _ = mime.ParseMediaType(w.header.Get("Content-Type"))
	for _, name := range telling() {
		if value := w.header.Get(name); value != "" {
			a.Header = append(a.Header, snippet.Field{Name: name, Value: value})
		}
	}
	a.Text = laidOut(w.body.Bytes(), a.Media)
	if text, cut := beginning(a.Text); cut {
		a.Text, a.Cut = text, true
	}
	var refusal Refusal
	if a.Media == "application/problem+json" && json.Unmarshal(w.body.Bytes(), &refusal) == nil && refusal.Exchange == string(a.Exchange) && a.Exchange != "" {
		a.Refusal = &refusal
	}
	return a
}

// beginning is as much of a text as a page has room for. It ends with a whole
// line, or at least a whole character.
func beginning(text string) (begins string, cut bool) {
	end, lines := len(text), 0
	for i := range min(len(text), mostShown) {
		if text[i] == '\n' {
			if lines++; lines == mostLines {
				end = i
				break
			}
		}
	}
	if end <= mostShown {
		return text[:end] + continued(end < len(text)), end < len(text)
	}
	end = mostShown
	if i := strings.LastIndexByte(text[:end], '\n'); i > mostShown/2 {
		end = i
	}
	return strings.ToValidUTF8(text[:end], "") + continued(true), true
}

func continued(cut bool) string {
	if cut {
		return "\n…"
	}
	return ""
}

// laidOut is a body as people read it. Numbers stay as they were written.
func laidOut(body []byte, media string) string {
	if strings.Contains(media, "json") {
		var out bytes.Buffer
		if json.Indent(&out, body, "", "  ") == nil && out.Len() <= 4*mostKept {
			return out.String()
		}
	}
	text := strings.ToValidUTF8(string(body), "�")
	if !utf8.Valid(body) && strings.Count(text, "�")*10 > len(body) {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return '·'
		}
		return r
	}, text)
}
