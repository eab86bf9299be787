package feasibility

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
)

// Caller calls an origin as the gateway does, without a credential of its own.
type Caller interface {
	Call(route *simpul.Route, r *http.Request) (*http.Response, error)
}

// Resolver finds the addresses of a host.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Codes knows which reference codes are valid.
type Codes interface {
	// Invalid returns those of the codes that the list does not have today.
	Invalid(ctx context.Context, list string, codes []string) ([]string, error)
}

const (
	callTimeout  = 5 * time.Second
	wholeTimeout = 20 * time.Second
	mostBody     = 1 << 20 // of an answer that is read, bytes
	loadCalls    = 20
	loadAtOnce   = 4
)

// Limits bound one test. The zero value of each means its usual one.
type Limits struct {
	Call, Whole time.Duration
}

// Tester runs tests.
type Tester struct {
	Caller      Caller
	Resolver    Resolver
	Codes       Codes
	Indoors     string // host that the hub serves itself, without a connection
	PrivateHTTP bool   // plain http to loopback and private addresses is a warning, not a failure
	Version     string // of the hub
	Now         clock.Clock
	Limits      Limits
}

// test is one run.
type test struct {
	*Tester
	subject Subject
	doc     *document
	ops     []operation
	schemas *schemas
	told    known
	answers []answer // to requests that were made from the contract
	base    *answer  // to the first call; nil where there was none

	addresses []netip.Addr // of the origin
	tlsFailed error        // why the encrypted connection failed
	report    Report
}

// run tests a subject. It fails only where ctx ends: whatever is wrong with the
// subject is in the report.
func (t *Tester) run(ctx context.Context, s Subject) (Report, error) {
	started := t.Now()
	bounded, cancel := context.WithTimeout(ctx, orUsual(t.Limits.Whole, wholeTimeout))
	defer cancel()
	run := &test{Tester: t, subject: s, told: known{}, report: Report{
		Address: s.Address, Agency: s.Agency, Digest: s.Digest(), Started: started.UTC(), Version: t.Version,
	}}
	run.read()
	for _, l := range lints() {
		run.check(l.key, l.title, func(c *Check) { l.look(run, c) })
	}
	for _, p := range probes() {
		run.check(p.key, p.title, func(c *Check) {
			if p.calls && bounded.Err() != nil {
				outOfTime(c)
				return
			}
			p.look(bounded, run, c)
		})
	}
	run.report.conclude()
	run.report.Ended = t.Now().UTC()
	return run.report, ctx.Err()
}

// read takes the contract in; what cannot be read has no operations.
func (t *test) read() {
	var err error
	if t.doc, err = readDocument(t.subject.Contract); err == nil {
		t.schemas, err = newSchemas(t.doc)
	}
	if err != nil {
		t.doc = &document{}
		t.schemas, _ = newSchemas(t.doc)
		return
	}
	t.ops = t.doc.operations()
}

func (t *test) check(key string, title Words, look func(*Check)) {
	c := Check{Key: key, Title: title}
	look(&c)
	if c.Outcome == "" {
		c.Outcome = Pass
	}
	t.report.Checks = append(t.report.Checks, c)
}

func (t *test) maker() maker {
	all := make([]simpul.Operation, len(t.ops))
	for i, o := range t.ops {
		all[i] = simpul.Operation{Method: o.method, Path: o.path}
	}
	return maker{document: t.doc, all: simpul.NewOperations(all), known: t.told, examples: t.subject.Examples}
}

func orUsual(d, usual time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return usual
}
