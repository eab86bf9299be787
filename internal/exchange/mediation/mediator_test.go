package mediation

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
)

// answer is what a provider sends with status 200.
func answer(contentType string, body io.Reader) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK, ContentLength: -1,
		Header: http.Header{"Content-Type": {contentType}},
		Body:   io.NopCloser(body), Request: httptest.NewRequest(http.MethodGet, "/", nil),
	}
}

// closing tells whether a body was closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

var exchange = &simpul.Exchange{ID: "01890a5d-ac96-774b-bcce-b302099a8057", Provider: provider}

// plainRoute is one for which nothing was compiled.
var plainRoute = &simpul.Route{Delivery: &simpul.Delivery{}}

func TestRequest(t *testing.T) {
	all := []string{"Range", "If-Range", "A-IM", "If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "Accept"}
	tests := []struct {
		name, method string
		fields       simpul.FieldSet
		encoding     string
		dropped      string
	}{
		{"every field", "GET", nil, "br", ""},
		{"read", "GET", simpul.FieldSet{"a": nil}, "identity", "Range If-Range A-IM If-None-Match If-Modified-Since"},
		{"head", "HEAD", simpul.FieldSet{"a": nil}, "identity", "Range If-Range A-IM If-None-Match If-Modified-Since"},
		{"write keeps its preconditions", "PUT", simpul.FieldSet{"a": nil}, "identity", "Range If-Range A-IM"},
		{"no field", "GET", simpul.FieldSet{}, "identity", "Range If-Range A-IM If-None-Match If-Modified-Since"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(test.method, "/", nil)
			r.Header.Set("Accept-Encoding", "br")
			for _, name := range all {
				r.Header.Set(name, "x")
			}
			(&Mediator{}).Request(exchange, plainRoute, simpul.Obligations{Fields: test.fields}, r)
			if got := r.Header.Get("Accept-Encoding"); got != test.encoding {
				t.Errorf("Accept-Encoding %q, want %q", got, test.encoding)
			}
			for _, name := range all {
				if dropped := r.Header.Get(name) == ""; dropped != strings.Contains(" "+test.dropped+" ", " "+name+" ") {
					t.Errorf("%s dropped: %v", name, dropped)
				}
			}
		})
	}
}

func TestResponseWithoutObligations(t *testing.T) {
	for _, status := range []int{200, 206, 404, 500} {
		res := answer("text/html", strings.NewReader("apa saja"))
		res.StatusCode, res.ContentLength = status, 8
		res.Header.Set("ETag", `"x"`)
		res.Trailer = http.Header{"Digest": nil}
		before, header := *res, res.Header.Clone()
		if err := (&Mediator{}).Response(exchange, plainRoute, simpul.Obligations{}, res); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(header, res.Header); diff != "" || res.Body != before.Body || res.ContentLength != 8 || res.Trailer == nil {
			t.Errorf("%d was touched: %s", status, diff)
		}
	}
}

var onlyA = simpul.Obligations{Fields: simpul.FieldSet{"a": nil}}

func TestResponseSelects(t *testing.T) {
	types := []string{
		"application/json", "application/json; charset=utf-8", "Application/JSON;Charset=UTF-8",
		"application/geo+json", "application/vnd.go.id+json; charset=\"utf-8\"; version=1",
	}
	for _, contentType := range types {
		source := &closing{Reader: strings.NewReader(`{"a":1,"b":2}`)}
		res := answer(contentType, nil)
		res.Body, res.ContentLength = source, 13
		res.Header.Set("Content-Encoding", "identity")
		if err := (&Mediator{}).Response(exchange, plainRoute, onlyA, res); err != nil {
			t.Errorf("%s: %v", contentType, err)
			continue
		}
		got, err := io.ReadAll(res.Body)
		if string(got) != `{"a":1}` || err != nil || res.ContentLength != -1 || res.Header.Get("Content-Type") != contentType {
			t.Errorf("%s: %s, %v, length %d", contentType, got, err, res.ContentLength)
		}
		if res.Body.Close(); !source.closed {
			t.Errorf("%s: the provider's body stays open", contentType)
		}
	}
}

func TestResponseDropsDescriptions(t *testing.T) {
	dropped := []string{
		"Content-Length", "ETag", "Content-MD5", "Digest", "Content-Digest", "Repr-Digest",
		"Accept-Ranges", "Content-Range", "Trailer",
	}
	kept := []string{"Content-Type", "Last-Modified", "Link", "Deprecation"}
	for _, test := range []struct {
		method string
		status int
	}{{"GET", 200}, {"HEAD", 200}, {"GET", 204}, {"GET", 304}, {"GET", 404}} {
		res := answer("application/json", strings.NewReader(`{"a":1}`))
		res.StatusCode, res.Request.Method = test.status, test.method
		for _, name := range append(dropped, kept[1:]...) {
			res.Header.Set(name, "x")
		}
		if err := (&Mediator{}).Response(exchange, plainRoute, onlyA, res); err != nil {
			t.Fatal(err)
		}
		for _, name := range dropped {
			if v := res.Header.Get(name); v == "x" {
				t.Errorf("%s %d: %s stays", test.method, test.status, name)
			}
		}
		for _, name := range kept {
			if res.Header.Get(name) == "" {
				t.Errorf("%s %d: %s is gone", test.method, test.status, name)
			}
		}
	}
}

func TestTrailersAreNotDelivered(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Trailer", "Digest")
		io.WriteString(w, `{"a":1,"b":2}`)
		w.Header().Set("Digest", "sha-256=x")
		w.Header().Set(http.TrailerPrefix+"X-Nik", "3273011708450001")
	}))
	defer server.Close()
	res, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if err := (&Mediator{}).Response(exchange, plainRoute, onlyA, res); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(res.Body)
	if string(got) != `{"a":1}` || err != nil || len(res.Trailer) != 0 {
		t.Errorf("got %s, %v, trailers %v", got, err, res.Trailer)
	}
}

func TestResponseWithoutBody(t *testing.T) {
	for _, test := range []struct {
		method string
		status int
	}{{"HEAD", 200}, {"HEAD", 404}, {"GET", 204}, {"POST", 205}, {"GET", 304}} {
		res := answer("", nil)
		res.Body, res.StatusCode, res.Request.Method = http.NoBody, test.status, test.method
		if err := (&Mediator{}).Response(exchange, plainRoute, onlyA, res); err != nil || res.Body != http.NoBody {
			t.Errorf("%s %d: %v, body %v", test.method, test.status, err, res.Body)
		}
	}
}

// An answer that says it is empty is empty, whatever its body holds.
func TestResponseOfLengthZero(t *testing.T) {
	source := &closing{Reader: strings.NewReader(`{"b":"rahasia"}`)}
	res := answer("text/plain", nil)
	res.Body, res.ContentLength = source, 0
	err := (&Mediator{}).Response(exchange, plainRoute, onlyA, res)
	if got, _ := io.ReadAll(res.Body); err != nil || len(got) != 0 || !source.closed {
		t.Errorf("delivered %q, %v, closed %v", got, err, source.closed)
	}
}

func TestResponseRefuses(t *testing.T) {
	tests := []struct {
		name, contentType string
		status            int
		header            http.Header
	}{
		{"HTML", "text/html", 200, nil},
		{"no type", "", 200, nil},
		{"not a type", "application/json, text/html", 200, nil},
		{"lines of JSON", "application/x-ndjson", 200, nil},
		{"sequence of JSON", "application/json-seq", 200, nil},
		{"another charset", "application/json; charset=iso-8859-1", 200, nil},
		{"XML", "application/soap+xml", 200, nil},
		{"two types", "application/json", 200, http.Header{"Content-Type": {"application/json", "text/html"}}},
		{"gzip", "application/json", 200, http.Header{"Content-Encoding": {"gzip"}}},
		{"two codings", "application/json", 200, http.Header{"Content-Encoding": {"identity", "br"}}},
		{"part", "application/json", 206, nil},
		{"difference", "application/json", 226, nil},
		{"another protocol", "application/json", 101, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			source := &closing{Reader: strings.NewReader(`{"a":1}`)}
			res := answer(test.contentType, nil)
			res.Body, res.StatusCode = source, test.status
			for name, values := range test.header {
				res.Header[name] = values
			}
			err := (&Mediator{}).Response(exchange, plainRoute, onlyA, res)
			e, ok := errors.AsType[*simpul.Error](err)
			if !ok || e.Code != simpul.CodeUpstream || e.Owner != provider {
				t.Fatalf("error %#v", err)
			}
			if e.Message.ID == "" || e.Message.EN == "" || e.Remedy.ID == "" || e.Remedy.EN == "" {
				t.Errorf("a language is missing: %+v", e)
			}
			if !source.closed {
				t.Error("the provider's body stays open")
			}
		})
	}
}

func TestUnsuccessfulAnswersAreWithheld(t *testing.T) {
	tests := []struct {
		status         int
		accept, detail string
	}{
		{404, "", "Penyedia menjawab 404."},
		{422, "en-US, id;q=0.5", "The provider answered 422."},
		{500, "id", "Penyedia menjawab 500."},
		{302, "en", "The provider answered 302."},
	}
	for _, test := range tests {
		source := &closing{Reader: strings.NewReader(`{"pesan":"NIK 3273011708450001 tidak ada"}`)}
		res := answer("text/plain; charset=iso-8859-1", nil)
		res.Body, res.StatusCode = source, test.status
		res.Request.Header.Set("Accept-Language", test.accept)
		res.Header.Set("Content-Encoding", "gzip")
		if err := (&Mediator{}).Response(exchange, plainRoute, onlyA, res); err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		var problem struct {
			Status                int
			Code                  simpul.Code
			Title, Detail, Remedy string
			Owner                 simpul.AgencyID
			Exchange              simpul.ExchangeID `json:"exchange_id"`
		}
		if err := errors.Join(err, json.Unmarshal(body, &problem)); err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != test.status || problem.Status != test.status || problem.Code != simpul.CodeUpstream ||
			!strings.HasPrefix(problem.Detail, test.detail) || problem.Title == "" || problem.Remedy == "" ||
			problem.Owner != provider || problem.Exchange != exchange.ID {
			t.Errorf("%d: %s", test.status, body)
		}
		if strings.Contains(string(body), "3273") || !source.closed {
			t.Errorf("%d leaks %s, closed %v", test.status, body, source.closed)
		}
		if res.ContentLength != int64(len(body)) || res.Header.Get("Content-Type") != "application/problem+json" || res.Header.Get("Content-Encoding") != "" {
			t.Errorf("%d: length %d, header %v", test.status, res.ContentLength, res.Header)
		}
	}
}

// One mediator serves many exchanges at a time, and each gets its own answer.
func TestMediatorIsShared(t *testing.T) {
	m := &Mediator{}
	done := make(chan string)
	for i := range 8 {
		go func() {
			want := `{"a":"` + strings.Repeat(string(rune('a'+i)), 3*chunk) + `"}`
			for range 200 {
				res := answer("application/json", strings.NewReader(want))
				err := m.Response(exchange, plainRoute, onlyA, res)
				got, readErr := io.ReadAll(res.Body)
				if err != nil || readErr != nil || string(got) != want {
					done <- "an exchange got another one's answer"
					return
				}
			}
			done <- ""
		}()
	}
	for range 8 {
		if problem := <-done; problem != "" {
			t.Error(problem)
		}
	}
}
