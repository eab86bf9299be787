package gateway

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"simpul"
)

// onlooker notes what it saw.
type onlooker struct {
	err error

	mu              sync.Mutex
	address         string
	request, answer strings.Builder
}

func (o *onlooker) Watch(x *simpul.Exchange, _ *simpul.Route, below *url.URL) (Sight, error) {
	o.address = below.String()
	x.Persons = []simpul.Pseudonym{"2026-11:address"}
	return o, o.err
}

func (o *onlooker) Request(part []byte) { o.mu.Lock(); defer o.mu.Unlock(); o.request.Write(part) }
func (o *onlooker) Answer(part []byte)  { o.mu.Lock(); defer o.mu.Unlock(); o.answer.Write(part) }
func (o *onlooker) ReadsAnswer() bool   { return true }
func (o *onlooker) Name(x *simpul.Exchange) {
	x.Persons, x.Unnamed = []simpul.Pseudonym{"2026-11:address", "2026-11:body"}, 3
}

func TestThePersonsOfACallAreInItsRecords(t *testing.T) {
	long := strings.Repeat("x", 3*heldBytes)
	h := newHub(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Accept-Encoding"); got != "identity" {
			t.Errorf("the provider is asked for the encoding %q", got)
		}
		w.Write([]byte(long))
	})
	o := &onlooker{}
	h.pipeline.Tracker, h.route.Subject, h.route.Class = o, "somewhere", simpul.Terbatas
	if _, body, err := h.do(t, "POST", "/master/Kota?nik=1", strings.NewReader("the call"), "X-API-Key", "good", "Case-Number", " BA-1/XI/2026 "); err != nil || body != long {
		t.Fatalf("%d bytes, %v", len(body), err)
	}
	<-h.recorded
	if o.address != "/?nik=1" || o.request.String() != "the call" || o.answer.String() != long {
		t.Errorf("saw %q, %q and %d bytes", o.address, o.request.String(), o.answer.Len())
	}
	sealed := h.record(t)
	if opened := h.opened[0]; !slices.Equal(opened.Persons, []simpul.Pseudonym{"2026-11:address"}) || opened.Case != "BA-1/XI/2026" {
		t.Errorf("opened with %v of case %q", opened.Persons, opened.Case)
	}
	if len(sealed.Persons) != 2 || sealed.Unnamed != 3 || sealed.Case != "BA-1/XI/2026" {
		t.Errorf("sealed with %v, %d more, of case %q", sealed.Persons, sealed.Unnamed, sealed.Case)
	}
}

func TestNoDataWithoutNamingWhoseTheyAre(t *testing.T) {
	called := false
	h := newHub(t, func(http.ResponseWriter, *http.Request) { called = true })
	h.pipeline.Tracker, h.route.Subject, h.route.Class = &onlooker{err: errors.New("no key")}, "somewhere", simpul.Terbatas
	res, _, err := h.do(t, "GET", "/master/Kota", nil, "X-API-Key", "good")
	if err != nil || res.StatusCode != http.StatusInternalServerError || called || len(h.opened) != 0 {
		t.Errorf("%v, %v; called: %v, %d opened", res.StatusCode, err, called, len(h.opened))
	}
}

func TestALIDThatDoesNotAskIsNotWatched(t *testing.T) {
	h := newHub(t, func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("ok")) })
	o := &onlooker{}
	h.pipeline.Tracker = o
	if _, _, err := h.do(t, "GET", "/master/Kota", nil, "X-API-Key", "good", "Case-Number", "BA-1"); err != nil {
		t.Fatal(err)
	}
	<-h.recorded
	if x := h.record(t); o.address != "" || x.Persons != nil || x.Case != "" {
		t.Errorf("watched at %q: %+v", o.address, x)
	}
}

func TestTheNumberOfACase(t *testing.T) {
	for _, test := range []struct {
		header []string
		status int
		want   string
	}{
		{nil, 200, ""},
		{[]string{"LP/B/112/XI/2026"}, 200, "LP/B/112/XI/2026"},
		{[]string{strings.Repeat("a", 100)}, 200, strings.Repeat("a", 100)},
		{[]string{strings.Repeat("a", 101)}, 400, ""},
		{[]string{""}, 400, ""},
		{[]string{"perkara é"}, 400, ""},
		{[]string{"3273016609849962"}, 400, ""},
		{[]string{"nik-32730166098499620"}, 400, ""},
	} {
		h := newHub(t, func(w http.ResponseWriter, r *http.Request) {})
		h.route.Class = simpul.Terbatas
		var header []string
		for _, value := range test.header {
			header = append(header, "Case-Number", value)
		}
		res, _, err := h.do(t, "GET", "/master/Kota", nil, append([]string{"X-API-Key", "good"}, header...)...)
		if err != nil {
			t.Fatal(err)
		}
		<-h.recorded
		if x := h.record(t); res.StatusCode != test.status || x.Case != test.want {
			t.Errorf("%q: status %d and case %q, want %d and %q", test.header, res.StatusCode, x.Case, test.status, test.want)
		}
	}
}

func TestACallIsForOneCase(t *testing.T) {
	c := &call{}
	if err := c.stateCase([]string{"a", "b"}); simpul.CodeOf(err) != simpul.CodeInvalid || c.exchange.Case != "" {
		t.Errorf("case %q, %v", c.exchange.Case, err)
	}
}
