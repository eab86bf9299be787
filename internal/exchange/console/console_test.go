package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

const own = simpul.ApplicationID("layanan@bandungkota.go.id")

var (
	person = simpul.Acting("ani@bandungkota.go.id", simpul.RoleConsumer, "bandungkota.go.id")
	monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
)

// bench is the room with everything around it stood in for.
type bench struct {
	subject  Subject
	ready    bool
	answer   http.HandlerFunc
	carried  []*http.Request
	body     string
	consumer simpul.Consumer
	now      time.Time
}

func (b *bench) Subject(_ context.Context, a simpul.Address) (Subject, error) {
	if a != b.subject.Address {
		return Subject{}, simpul.NotFound(kindLID, string(a))
	}
	return b.subject, nil
}

func (b *bench) Choices(_ context.Context, p simpul.Principal, _ simpul.Address) ([]Choice, error) {
	if p.Agency != own.Agency() {
		return nil, nil
	}
	return []Choice{{ID: own, Name: "Layanan", Granted: true}}, nil
}

func (b *bench) Ready() bool { return b.ready }

func (b *bench) Carry(w http.ResponseWriter, r *http.Request, c simpul.Consumer) {
	text, _ := io.ReadAll(r.Body)
	b.carried, b.body, b.consumer = append(b.carried, r), string(text), c
	b.answer(w, r)
}

func newBench(t *testing.T, db *sqldb.DB) (*bench, *Service) {
	t.Helper()
	b := &bench{ready: true, now: monday, subject: Subject{Address: "master/Kota", Title: "Kota", Owner: "kemendagri.go.id", Class: simpul.Terbuka, Operations: []Operation{
		{Operation: simpul.Operation{Method: "GET", Path: "/"}, Parameters: []Parameter{{Name: "q", In: "query", Type: "string"}, {Name: "limit", In: "query", Type: "integer"}}},
		{Operation: simpul.Operation{Method: "GET", Path: "/{kode}"}, Parameters: []Parameter{{Name: "kode", In: "path", Required: true, Example: "32.73"}}},
		{Operation: simpul.Operation{Method: "POST", Path: "/"}, Body: &Body{Media: "application/json", Required: true, Example: "{}"}},
	}}}
	b.answer = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Exchange-Id", "0192f000-0000-7000-8000-000000000000")
		io.WriteString(w, `{"n":12345678901234567890,"b":[1]}`)
	}
	return b, New(db, b, b, b, func() time.Time { return b.now }, func() string { return "https://gerbang.example.go.id/" })
}

// from is a browser's request.
func from(t *testing.T) *http.Request {
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/catalog/master/Kota/coba", nil)
	r.RemoteAddr = "198.51.100.7:4711"
	r.Header.Set("Cookie", "simpul=rahasia")
	r.Header.Set("X-Forwarded-For", "203.0.113.9")
	return r
}

func TestACallIsCarriedAsTheApplication(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		b, s := newBench(t, db)
		a, err := s.Call(from(t), person, b.subject, own, Entered{Operation: "GET /{kode}", Values: map[string]string{"path:kode": "32.73 a/b?"}}, false)
		if err != nil {
			t.Fatal(err)
		}
		r := b.carried[0]
		if r.URL.RequestURI() != "/master/Kota/32.73%20a%2Fb%3F" || r.RemoteAddr != "198.51.100.7:4711" || r.Header.Get("Cookie") != "" || r.Header.Get("Authorization") != "" || r.Header.Get("X-API-Key") != "" {
			t.Errorf("carried %s from %s with %v", r.URL.RequestURI(), r.RemoteAddr, r.Header)
		}
		if want := (simpul.Consumer{Application: own, Credential: "console:ani@bandungkota.go.id"}); b.consumer != want {
			t.Errorf("carried as %+v", b.consumer)
		}
		if a.Status != 200 || a.Exchange == "" || !strings.Contains(a.Text, "\n  \"n\": 12345678901234567890") || a.Refusal != nil {
			t.Errorf("shown as %+v", a)
		}
		if got := trailOf(t, db); len(got) != 1 || got[0] != "bandungkota.go.id ani@bandungkota.go.id lid.try master/Kota GET as layanan@bandungkota.go.id" {
			t.Errorf("the trail tells %q", got)
		}
	})
}

func trailOf(t *testing.T, db *sqldb.DB) (all []string) {
	t.Helper()
	err := db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		all, err = sqldb.All(t.Context(), tx, func(scan sqldb.Scan) (string, error) {
			var agency, actor, action, subject, detail string
			err := scan(&agency, &actor, &action, &subject, &detail)
			return strings.Join([]string{agency, actor, action, subject, detail}, " "), err
		}, "SELECT agency, actor, action, subject, detail FROM trail_event ORDER BY seq")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestCallsThatAreNotMade(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		b, s := newBench(t, db)
		elsewhere := simpul.Acting("budi@sumedangkab.go.id", simpul.RoleConsumer, "sumedangkab.go.id")
		reader := simpul.Acting("c@bandungkota.go.id", simpul.RoleAuditor, "bandungkota.go.id")
		sensitive := b.subject
		sensitive.Class = simpul.Terbatas
		list := Entered{Operation: "GET /"}
		with := func(values ...string) Entered {
			e := Entered{Operation: "GET /", Values: map[string]string{}}
			for i := 0; i < len(values); i += 2 {
				e.Values[values[i]] = values[i+1]
			}
			return e
		}
		one := func(kode string) Entered {
			return Entered{Operation: "GET /{kode}", Values: map[string]string{"path:kode": kode}}
		}
		for name, c := range map[string]struct {
			who         simpul.Principal
			subject     Subject
			application simpul.ApplicationID
			entered     Entered
			understood  bool
			code        simpul.Code
			place       string
		}{
			"another agency":          {elsewhere, b.subject, own, list, true, simpul.CodeNotFound, "application"},
			"nobody's application":    {person, b.subject, "tidak@ada.go.id", list, true, simpul.CodeNotFound, "application"},
			"the nation":              {simpul.Acting("o", simpul.RoleOperator, ""), b.subject, own, list, true, simpul.CodeNotFound, "application"},
			"without the permission":  {reader, b.subject, own, list, true, simpul.CodeDenied, ""},
			"an unknown operation":    {person, b.subject, own, Entered{Operation: "DELETE /"}, true, simpul.CodeNotFound, ""},
			"a missing value":         {person, b.subject, own, one(""), true, simpul.CodeInvalid, "value.path:kode"},
			"a step up":               {person, b.subject, own, one(".."), true, simpul.CodeInvalid, "value.path:kode"},
			"a line":                  {person, b.subject, own, one("a\nb"), true, simpul.CodeInvalid, "value.path:kode"},
			"no number":               {person, b.subject, own, with("query:limit", "sepuluh"), true, simpul.CodeInvalid, "value.query:limit"},
			"too long":                {person, b.subject, own, with("query:q", strings.Repeat("a", 2001)), true, simpul.CodeInvalid, "value.query:q"},
			"no body":                 {person, b.subject, own, Entered{Operation: "POST /"}, true, simpul.CodeInvalid, "body"},
			"no JSON":                 {person, b.subject, own, Entered{Operation: "POST /", Body: "{"}, true, simpul.CodeInvalid, "body"},
			"sensitive, no purpose":   {person, sensitive, own, list, true, simpul.CodeInvalid, "purpose"},
			"sensitive, not warned":   {person, sensitive, own, Entered{Operation: "GET /", Purpose: "uji rilis"}, false, simpul.CodeInvalid, "understood"},
			"a person in the purpose": {person, sensitive, own, Entered{Operation: "GET /", Purpose: "NIK 3273012345678901"}, true, simpul.CodeInvalid, "purpose"},
		} {
			_, err := s.Call(from(t), c.who, c.subject, c.application, c.entered, c.understood)
			e, ok := errors.AsType[*simpul.Error](err)
			if !ok || e.Code != c.code || e.Place != c.place || e.Message.EN == "" || e.Remedy.ID == "" {
				t.Errorf("%s: got %v", name, err)
			}
		}
		b.ready = false
		if _, err := s.Call(from(t), person, b.subject, own, list, false); simpul.CodeOf(err) != simpul.CodeUnavailable {
			t.Errorf("where no exchanges are carried: %v", err)
		}
		if len(b.carried) != 0 || len(trailOf(t, db)) != 0 {
			t.Errorf("%d were carried, the trail tells %q", len(b.carried), trailOf(t, db))
		}
		if _, err := s.Subject(t.Context(), "tidak/Ada"); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("an unknown LID: %v", err)
		}
	})
}

func TestASensitiveCallSaysWhatItIsFor(t *testing.T) {
	db := testkit.SQLite(t)
	b, s := newBench(t, db)
	b.subject.Personal, b.subject.StatePurpose = true, true
	if _, err := s.Call(from(t), person, b.subject, own, Entered{Operation: "GET /", Purpose: "uji rilis"}, true); err != nil {
		t.Fatal(err)
	}
	if got := b.carried[0].Header.Get("Simpul-Purpose"); got != "uji rilis" {
		t.Errorf("the gateway hears %q", got)
	}
	if got := trailOf(t, db); !strings.HasSuffix(got[0], ": uji rilis") {
		t.Errorf("the trail tells %q", got)
	}
	b.subject.StatePurpose, b.subject.Sandbox = false, true
	if _, err := s.Call(from(t), person, b.subject, own, Entered{Operation: "GET /", Sandbox: true}, false); err != nil {
		t.Fatal(err)
	}
	if got := b.carried[1].Header.Get("Simpul-Sandbox"); got != "true" {
		t.Errorf("the sandbox is asked for by %q", got)
	}
	b.subject.Sandbox = false
	if _, err := s.Call(from(t), person, b.subject, own, Entered{Operation: "GET /", Sandbox: true}, false); simpul.CodeOf(err) != simpul.CodeInvalid {
		t.Errorf("a sandbox that the LID does not offer passes the warning: %v", err)
	}
}

func TestAPersonCallsWithinBounds(t *testing.T) {
	b, s := newBench(t, testkit.SQLite(t))
	var err error
	for i := range mostPerMinute + 1 {
		if _, err = s.Call(from(t), person, b.subject, own, Entered{}, false); err != nil && i < mostPerMinute {
			t.Fatal(err)
		}
	}
	if simpul.CodeOf(err) != simpul.CodeLimited {
		t.Errorf("the call after %d: %v", mostPerMinute, err)
	}
	b.now = b.now.Add(time.Minute)
	if _, err := s.Call(from(t), person, b.subject, own, Entered{}, false); err != nil {
		t.Errorf("a minute later: %v", err)
	}
}

func TestHowAnswersAreShown(t *testing.T) {
	b, s := newBench(t, testkit.SQLite(t))
	id := "0192f000-0000-7000-8000-000000000000"
	problem, _ := json.Marshal(map[string]string{"code": "denied", "detail": "Belum berizin.", "remedy": "Ajukan akses.", "owner": "kemendagri.go.id", "exchange_id": id})
	for name, c := range map[string]struct {
		media, body string
		status      int
		want        func(Answer) bool
	}{
		"a refusal of the hub": {"application/problem+json", string(problem), 403, func(a Answer) bool { return a.Refusal != nil && a.Refusal.Remedy == "Ajukan akses." }},
		"a provider's problem": {"application/problem+json", `{"detail":"x"}`, 422, func(a Answer) bool { return a.Refusal == nil && a.Status == 422 }},
		"a long answer":        {"application/json", "[" + strings.Repeat("1234567890,", 100_000) + "0]", 200, func(a Answer) bool { return a.Cut && len(a.Text) < mostShown+10 && a.Bytes > 1_000_000 }},
		"many lines":           {"application/json", "[" + strings.Repeat("1,", 5_000) + "0]", 200, func(a Answer) bool { return a.Cut && strings.Count(a.Text, "\n") == mostLines }},
		"one long line": {"text/plain", strings.Repeat("é", mostShown), 200, func(a Answer) bool {
			return a.Cut && len(a.Text) < mostShown+10 && strings.HasSuffix(a.Text, "é\n…")
		}},
		"as long as there is room":     {"text/plain", strings.Repeat("a\n", mostLines-1) + "b", 200, func(a Answer) bool { return !a.Cut && strings.HasSuffix(a.Text, "b") }},
		"what is no text":              {"image/png", "\x89PNG\x00\xff\xfe\xfd", 200, func(a Answer) bool { return a.Text == "" && a.Bytes == 8 }},
		"no JSON, though it says so":   {"application/json", "<b>", 200, func(a Answer) bool { return a.Text == "<b>" }},
		"what would act on a terminal": {"text/plain", "a\x1b[2Jb", 200, func(a Answer) bool { return a.Text == "a·[2Jb" }},
		"nothing":                      {"", "", 204, func(a Answer) bool { return a.Text == "" && a.Bytes == 0 && a.Status == 204 }},
	} {
		b.answer = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", c.media)
			w.Header().Set("Exchange-Id", id)
			w.WriteHeader(103)
			w.WriteHeader(c.status)
			io.WriteString(w, c.body)
		}
		a, err := s.Call(from(t), person, b.subject, own, Entered{}, false)
		if err != nil || !c.want(a) {
			t.Errorf("%s: %.300v, %v", name, a, err)
		}
	}
}

func TestSnippetsAreWhole(t *testing.T) {
	b, s := newBench(t, testkit.SQLite(t))
	for _, o := range b.subject.Operations {
		for _, l := range []string{"curl", "go", "python", "php", "java", "javascript"} {
			if _, text, err := s.Snippet(b.subject, l, Entered{Operation: o.name()}); err != nil || !strings.Contains(text, "https://gerbang.example.go.id/master/Kota") {
				t.Errorf("%s in %s: %v\n%s", o.name(), l, err, text)
			}
		}
	}
	if _, text, err := s.Snippet(b.subject, "curl", Entered{Operation: "GET /{kode}"}); err != nil || !strings.Contains(text, "/master/Kota/32.73'") {
		t.Errorf("an example is not filled in: %v\n%s", err, text)
	}
	if _, _, err := s.Snippet(b.subject, "cobol", Entered{}); simpul.CodeOf(err) != simpul.CodeInvalid {
		t.Errorf("an unknown language: %v", err)
	}
	if _, err := named(b.subject, "GET /", []string{"tidak=ada"}); simpul.CodeOf(err) != simpul.CodeInvalid {
		t.Errorf("an unknown parameter: %v", err)
	}
}

func TestHeadersThatAreNotTheCallers(t *testing.T) {
	var all []Parameter
	for _, name := range []string{"X-API-Key", "authorization", "AuthorizationSPLP", "Simpul-Purpose", "simpul_application", "X-Forwarded-For", "Host", "Content-Length", "Cookie", "Client-Cert", "Transfer-Encoding", "@file", "Accept-Bahasa", "X-Unit"} {
		all = append(all, Parameter{Name: name, In: "header"})
	}
	all = append(all, Parameter{Name: "s", In: "cookie"})
	var kept []string
	for _, p := range Callable(all) {
		kept = append(kept, p.Name)
	}
	if fmt.Sprint(kept) != "[Accept-Bahasa X-Unit]" {
		t.Errorf("kept %v", kept)
	}
}
