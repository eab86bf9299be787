package feasibility_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/feasibility"
)

const (
	kemendagri = "kemendagri.go.id"
	bandung    = "bandungkota.go.id"
	kota       = simpul.Address("master/Kota")
)

var (
	operator = simpul.Acting("t-operator", simpul.RoleOperator, "")
	owner    = simpul.Acting("t-owner", simpul.RoleProvider, kemendagri)
	stranger = simpul.Acting("t-stranger", simpul.RoleProvider, bandung)
	monday   = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
)

// proof is the credential that the well-behaved provider asks for.
const proof = "Bearer rahasia-hub"

// wellBehaved is a contract without a fault.
const wellBehaved = `{"openapi":"3.1.0","info":{"title":"Kota","version":"1"},"paths":{
	"/":{"get":{"summary":"Daftar kota","parameters":[
		{"name":"limit","in":"query","description":"Banyaknya baris","schema":{"type":"integer","minimum":1,"maximum":100}}],
		"responses":{
			"200":{"description":"ok","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Daftar"},"example":{"items":[{"kode":"32.73","jumlah":1}]}}}},
			"400":{"description":"salah","content":{"application/problem+json":{}}}}}},
	"/{kode}":{"get":{"summary":"Satu kota","parameters":[
		{"name":"kode","in":"path","required":true,"description":"Kodenya","schema":{"type":"string","pattern":"^[0-9]{2}[.][0-9]{2}$"},"example":"32.73"}],
		"responses":{
			"200":{"description":"ok","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Kota"},"example":{"kode":"32.73","jumlah":1}}}},
			"404":{"description":"tidak ada","content":{"application/problem+json":{}}}}}}},
	"components":{"schemas":{
		"Kota":{"type":"object","required":["kode"],"properties":{"kode":{"type":"string","pattern":"^[0-9.]+$"},"jumlah":{"type":"integer","minimum":0},"catatan":{"type":["string","null"]}}},
		"Daftar":{"type":"object","required":["items"],"properties":{"items":{"type":"array","maxItems":100,"items":{"$ref":"#/components/schemas/Kota"}}}}}}}`

// provider is an origin that does everything right until a test changes it.
type provider struct {
	proof   string
	list    http.HandlerFunc
	one     http.HandlerFunc
	nowhere http.HandlerFunc
	wrong   http.HandlerFunc // of a parameter that is not valid
	barred  http.HandlerFunc // of somebody who is not the hub
}

func newProvider() *provider {
	return &provider{
		proof:   proof,
		list:    answers(200, "application/json", `{"items":[{"kode":"32.73","jumlah":12345678901234567890}]}`),
		one:     answers(200, "application/json", `{"kode":"32.73","jumlah":1,"catatan":null}`),
		nowhere: answers(404, "application/problem+json", `{"title":"Tidak ada","status":404}`),
		wrong:   answers(400, "application/problem+json", `{"title":"Salah","status":400}`),
		barred:  answers(401, "application/problem+json", `{"title":"Siapa Anda","status":401}`),
	}
}

func answers(status int, media, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", media)
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	limit := r.URL.Query().Get("limit") + r.URL.Query().Get("saring")
	switch {
	case p.proof != "" && r.Header.Get("Authorization") != p.proof:
		p.barred(w, r)
	case r.URL.Path == "/kota" && strings.Trim(limit, "0123456789") == "":
		p.list(w, r)
	case r.URL.Path == "/kota/32.73":
		p.one(w, r)
	case r.URL.Path == "/kota" || strings.Count(r.URL.Path, "/") == 2:
		p.wrong(w, r)
	default:
		p.nowhere(w, r)
	}
}

// direct calls origins without the hub's provider room, in the same words.
type direct struct{ transport *http.Transport }

func newDirect(t *testing.T, roots *x509.CertPool) direct {
	d := direct{&http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	t.Cleanup(d.transport.CloseIdleConnections)
	return d
}

func (d direct) Call(route *simpul.Route, r *http.Request) (*http.Response, error) {
	out := r.Clone(r.Context())
	u := *route.Upstream
	u.Path, u.RawQuery = strings.TrimSuffix(u.Path+r.URL.Path, "/"), r.URL.RawQuery
	out.URL, out.Host, out.RequestURI = &u, "", ""
	res, err := d.transport.RoundTrip(out)
	if err == nil {
		return res, nil
	}
	code := simpul.CodeUpstream
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		code = simpul.CodeUnavailable
	}
	return nil, &simpul.Error{Code: code, Err: err}
}

// hosts is a resolver that knows some names; an address stands for itself.
type hosts map[string]netip.Addr

func (h hosts) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	if a, ok := h[host]; ok {
		return []netip.Addr{a}, nil
	}
	return nil, errors.New("no such host")
}

// valid is a list of codes.
type valid []string

func (v valid) Invalid(_ context.Context, list string, codes []string) (invalid []string, err error) {
	if list != "wilayah" {
		return nil, errors.New("no such list")
	}
	for _, c := range codes {
		known := false
		for _, one := range v {
			known = known || one == c
		}
		if !known {
			invalid = append(invalid, c)
		}
	}
	return invalid, nil
}

// ticking is a clock that a test moves, and that moves by itself at each look
// once step is set.
type ticking struct {
	mu   sync.Mutex
	at   time.Time
	step time.Duration
}

func (c *ticking) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(c.step)
	return c.at
}

func (c *ticking) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// subjectAt is a LID whose origin is the server.
func subjectAt(t testing.TB, server string) feasibility.Subject {
	t.Helper()
	u, err := url.Parse(server + "/kota")
	if err != nil {
		t.Fatal(err)
	}
	return feasibility.Subject{
		Address: kota, Agency: kemendagri, Title: "Kota", Class: simpul.Terbuka, Version: "1.0", Upstream: u, Tested: "digest of " + server,
		Contract: json.RawMessage(wellBehaved), Said: true, Credential: &feasibility.Credential{Header: "Authorization", Value: proof, Print: "p1"},
	}
}

func newTester(caller feasibility.Caller, clock *ticking) *feasibility.Tester {
	return &feasibility.Tester{
		Caller: caller, Resolver: hosts{}, Codes: valid{"32.73"}, PrivateHTTP: true, Version: "uji", Now: clock.now,
		Limits: feasibility.Limits{Call: time.Minute, Whole: 10 * time.Minute},
	}
}

// room is the use cases on a database with two agencies, and a catalogue of one
// LID that belongs to the first.
type room struct {
	*feasibility.Service
	db      *sqldb.DB
	clock   *ticking
	subject feasibility.Subject
	tester  *feasibility.Tester
}

func newRoom(t *testing.T, db *sqldb.DB, origin http.Handler) *room {
	t.Helper()
	server := httptest.NewServer(origin)
	t.Cleanup(server.Close)
	r := &room{db: db, clock: &ticking{at: monday}, subject: subjectAt(t, server.URL)}
	r.tester = newTester(newDirect(t, nil), r.clock)
	r.Service = feasibility.New(db, r, r.tester, feasibility.Rules{Valid: 720 * time.Hour})
	for _, id := range []string{kemendagri, bandung} {
		err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO agency_agency (id, name, level, created_at, updated_at) VALUES ($1, 'A', 'nasional', 0, 0)`, id)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// Subject is the catalogue's answer: LIDs of others are not found.
func (r *room) Subject(_ context.Context, p simpul.Principal, address simpul.Address) (feasibility.Subject, error) {
	if address != kota || !p.Scope().Covers(kemendagri) {
		return feasibility.Subject{}, simpul.NotFound(simpul.Text{ID: "LID", EN: "LID"}, string(address))
	}
	return r.subject, nil
}

// Planned takes the spec for the contract.
func (r *room) Planned(_ context.Context, p simpul.Principal, address simpul.Address, spec json.RawMessage) (feasibility.Subject, error) {
	s := r.subject
	s.Address, s.Contract, s.Tested = address, spec, string(spec)
	return s, nil
}

// checkRefusal checks the code, and that both languages say what is wrong and
// what to do.
func checkRefusal(t *testing.T, err error, code simpul.Code) {
	t.Helper()
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok || e.Code != code {
		t.Errorf("got %v, want %s", err, code)
		return
	}
	for _, text := range []simpul.Text{e.Message, e.Remedy} {
		if text.ID == "" || text.EN == "" || text.ID == text.EN {
			t.Errorf("%+v does not speak both languages", text)
		}
	}
}

// wait tells that a request has come and answers it once it is released.
func wait(begun chan<- struct{}, release <-chan struct{}, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		begun <- struct{}{}
		select {
		case <-release:
		case <-r.Context().Done():
		}
		next(w, r)
	}
}
