package grant

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"simpul"
)

// Gate is what the gateway decides by. Asking it uses nothing up.
type Gate interface {
	Route(address simpul.Address) (*simpul.Route, error)
	Admit(c simpul.Consumer, from netip.Addr) error
	Permit(c simpul.Consumer, route *simpul.Route) error
	Foresee(c simpul.Consumer, route *simpul.Route, now time.Time) (simpul.Decision, error)
	// Version returns the route of the version that a grant is pinned to.
	Version(route *simpul.Route, pin string, now time.Time) (*simpul.Route, error)
}

// Question is a call that somebody wonders about.
type Question struct {
	Application simpul.ApplicationID `json:"application" example:"layanan@bandungkota.go.id"`
	LID         simpul.Address       `json:"lid" example:"master/Kota"`
	Method      string               `json:"method,omitempty" enum:"GET,HEAD,POST,PUT,PATCH,DELETE" doc:"GET when absent"`
	Path        string               `json:"path,omitempty" maxLength:"2000" doc:"Below the LID's address, with the query" example:"/?kode=32.73"`
	Address     string               `json:"address,omitempty" maxLength:"64" doc:"From which the application calls; not checked when absent"`
}

// Step is one thing that the gateway checks.
type Step struct {
	Name    simpul.Text
	Outcome Outcome
	Finding simpul.Text // why it failed
	Remedy  simpul.Text // what to do then
}

// Outcome is how a step ended.
type Outcome string

const (
	Passed    Outcome = "passed"
	Failed    Outcome = "failed"
	Unchecked Outcome = "unchecked" // an earlier step failed, or the question does not say
)

// Explain replays what the gateway would decide on a call now, whoever makes it
// with a good key. It answers the application's agency, the LID's provider and
// the operator.
func (a *Access) Explain(ctx context.Context, p simpul.Principal, gate Gate, q Question) ([]Step, error) {
	if _, err := simpul.ParseApplicationID(string(q.Application)); err != nil {
		return nil, simpul.At("application", err)
	}
	if _, err := simpul.ParseAddress(string(q.LID)); err != nil {
		return nil, simpul.At("lid", err)
	}
	offer, err := a.offers.Offer(ctx, q.LID)
	known := err == nil
	if !p.Scope().Covers(q.Application.Agency()) && (!known || !p.Scope().Covers(offer.Provider)) {
		return nil, noApplication(Ask{Application: q.Application})
	}
	below, from, err := q.parse()
	if err != nil {
		return nil, err
	}
	return replay(gate, q, below, from, a.now()), nil
}

func (q Question) parse() (*url.URL, netip.Addr, error) {
	below, err := url.Parse("/" + strings.TrimPrefix(q.Path, "/"))
	if err != nil || below.Host != "" {
		return nil, netip.Addr{}, wrong("path", simpul.Text{ID: "Alamat tidak terbaca.", EN: "The path cannot be read."},
			simpul.Text{ID: "Tulis bagian sesudah alamat LID, misalnya /?kode=32.73.", EN: "Write what follows the LID's address, such as /?kode=32.73."})
	}
	if strings.TrimSpace(q.Address) == "" {
		return below, netip.Addr{}, nil
	}
	from, err := netip.ParseAddr(strings.TrimSpace(q.Address))
	if err != nil {
		return nil, from, wrong("address", simpul.Text{ID: "Alamat IP tidak terbaca.", EN: "The IP address cannot be read."},
			simpul.Text{ID: "Tulis misalnya 203.0.113.7.", EN: "Write for example 203.0.113.7."})
	}
	return below, from, nil
}

// replay asks in the order of the gateway and stops at what fails.
func replay(gate Gate, q Question, below *url.URL, from netip.Addr, now time.Time) []Step {
	c := simpul.Consumer{Application: q.Application}
	var route *simpul.Route
	var op simpul.Operation
	var decision simpul.Decision
	var limited error
	checks := []struct {
		id, en string
		do     func() error
	}{
		{"Panggilan datang dari jaringan yang diizinkan", "The call comes from a network that is allowed", func() error { return gate.Admit(c, from) }},
		{"LID sudah terbit", "The LID is published", func() (err error) { route, err = gate.Route(q.LID); return err }},
		{"Kedua instansi boleh bertukar data", "Both agencies may exchange data", func() error { return gate.Permit(c, route) }},
		{"Ada izin yang berlaku", "There is a grant in effect", func() (err error) {
			decision, err = gate.Foresee(c, route, now)
			if simpul.CodeOf(err) == simpul.CodeLimited {
				limited, err = err, nil
			}
			return err
		}},
		{"Batas panggilan belum tercapai", "No limit of calls is reached", func() error { return limited }},
		{"Versi kontrak yang dipakai izin masih dijawab", "The contract version that the grant builds on still answers", func() (err error) {
			route, err = gate.Version(route, decision.Version, now)
			return err
		}},
		{"Kontrak mengenal metode dan alamat ini", "The contract has this method and path", func() (err error) { op, err = operation(route, q.Method, below); return err }},
		{"Izin mencakup baris yang diminta", "The grant covers the rows that are asked for", func() error {
			return simpul.Confine(decision.Obligations.Rows, op, below, route.Owner)
		}},
	}
	steps, failed := make([]Step, len(checks)), false
	for i, check := range checks {
		steps[i] = Step{Name: simpul.Text{ID: check.id, EN: check.en}, Outcome: Unchecked}
		if failed || i == 0 && !from.IsValid() {
			continue
		}
		steps[i].conclude(check.do())
		failed = steps[i].Outcome == Failed
	}
	return steps
}

func (s *Step) conclude(err error) {
	if err == nil {
		s.Outcome = Passed
		return
	}
	s.Outcome = Failed
	if e, ok := errors.AsType[*simpul.Error](err); ok {
		s.Finding, s.Remedy = e.Message, e.Remedy
	}
}

// operation finds what a contract says of a call.
func operation(route *simpul.Route, method string, below *url.URL) (simpul.Operation, error) {
	op, allowed, ok := route.Operations.Find(cmp.Or(method, "GET"), strings.TrimSuffix(below.Path, "/"))
	if ok {
		return op, nil
	}
	remedy := simpul.Text{ID: "Lihat daftar operasi pada halaman LID.", EN: "See the operations on the LID's page."}
	if len(allowed) > 0 {
		remedy = simpul.Text{ID: "Gunakan " + strings.Join(allowed, " atau ") + ".", EN: "Use " + strings.Join(allowed, " or ") + "."}
	}
	return op, &simpul.Error{
		Code: simpul.CodeNotFound, Owner: route.Owner, Remedy: remedy,
		Message: simpul.Text{ID: "Kontrak " + string(route.Address) + " tidak mengenal panggilan ini.", EN: "The contract of " + string(route.Address) + " does not have this call."},
	}
}
