package provider

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"simpul"
)

// replayBytes is the longest body that is kept to be sent again.
const replayBytes = 64 << 10

// errLost ends an attempt when another one has won.
var errLost = errors.New("another origin answered first")

// idempotent reports a method that may be repeated (RFC 9110 section 9.2.2).
func idempotent(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace, http.MethodPut, http.MethodDelete:
		return true
	}
	return false
}

// longestKey bounds an Idempotency-Key, in bytes.
const longestKey = 255

// keyed reports a call that its method leaves in doubt and one key tells apart from
// others (draft-ietf-httpapi-idempotency-key-header). The hub reads no more of it:
// what a key means is the provider's.
func keyed(r *http.Request) bool {
	keys := r.Header["Idempotency-Key"]
	return (r.Method == http.MethodPost || r.Method == http.MethodPatch) && len(keys) == 1 && keys[0] != "" && len(keys[0]) <= longestKey
}

// persistent is one call that may take several attempts.
type persistent struct {
	*Caller
	group *group
	r     *http.Request
	proof Proof
	body  []byte // that is sent each time; nil for none
	start time.Time
	limit time.Duration // for the answer's head, over all attempts
	short bool          // the consumer set the limit
	keyed bool          // a key makes it repeatable, and its method does not
}

// outcome is how one attempt ended.
type outcome struct {
	origin *origin
	res    *http.Response
	err    error
}

// failed reports an outcome after which another origin may do better, without
// having done anything twice: nothing of an answer has been passed on.
func (o outcome) failed() bool {
	return o.err != nil || overloaded(o.res.StatusCode)
}

// overloaded reports a status by which a service says that it cannot serve now.
func overloaded(status int) bool {
	return status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
}

func (o outcome) discard() {
	if o.res != nil {
		o.res.Body.Close()
	}
}

// repeatable keeps a small body to be sent again, and reports whether the
// request may be.
func (p *persistent) repeatable() (bool, error) {
	p.keyed = p.group.retry.Keyed && keyed(p.r)
	if !idempotent(p.r.Method) && !p.keyed || p.r.Header.Get("Upgrade") != "" {
		return false, nil
	}
	if p.r.Body == nil || p.r.Body == http.NoBody {
		return true, nil
	}
	if p.r.ContentLength <= 0 || p.r.ContentLength > replayBytes {
		return false, nil
	}
	p.body = make([]byte, p.r.ContentLength)
	_, err := io.ReadFull(p.r.Body, p.body)
	p.r.Body.Close()
	return err == nil, err
}

// carry makes attempts until one is answered, the route's patience is over, or
// the budget is spent. What the last one brought is the answer.
func (p *persistent) carry() outcome {
	p.group.budget.earn()
	var last outcome
	for n := 0; ; n++ {
		next := p.pick(last.origin)
		if next == nil {
			return last
		}
		if n > 0 && !p.affords(last, next) {
			release(next)
			return last
		}
		last.discard()
		last = p.attempt(next)
		if !last.failed() || n == p.group.retry.Attempts || p.r.Context().Err() != nil {
			return last
		}
	}
}

// release gives an admission back that was not used.
func release(o *origin) { o.breaker.note(neutral, time.Time{}) }

// affords reports whether a further attempt may be made, and waits before one
// that meets the same origin.
func (p *persistent) affords(last outcome, next *origin) bool {
	pause := time.Duration(0)
	if next == last.origin {
		if last.res != nil && last.res.Header.Get("Retry-After") != "" {
			return false // it says itself that it wants to be left alone
		}
		pause = 25*time.Millisecond + rand.N(50*time.Millisecond)
	}
	if p.left() <= pause {
		return false
	}
	made := p.group.budget.spend(p.now())
	p.events.Repeated("retry", made)
	return made && p.rest(pause)
}

// rest waits, and reports whether the consumer is still there.
func (p *persistent) rest(d time.Duration) bool {
	if d == 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-p.r.Context().Done():
		return false
	}
}

func (p *persistent) left() time.Duration { return p.limit - p.now().Sub(p.start) }

// pick chooses where to go: the first attempt of an application of the canary to
// the canary, and everything else to the other origins.
func (p *persistent) pick(last *origin) *origin {
	if last == nil {
		return p.group.pick(p.r, p.now())
	}
	return choose(p.group.stable, last, p.now())
}

// attempt makes one attempt, or two at the same time where the first is silent.
func (p *persistent) attempt(o *origin) outcome {
	after := time.Duration(p.group.retry.HedgeAfter) * time.Millisecond
	// Two requests with one key at the same time are a conflict, says the draft.
	if p.keyed || after == 0 || len(p.group.stable) < 2 || after >= p.left() {
		ctx, cancel := context.WithCancelCause(p.r.Context())
		return p.once(ctx, cancel, o)
	}
	return p.hedged(o, after)
}

// hedged asks a second origin beside one that is silent. The first answer wins,
// and the loser's attempt is ended.
func (p *persistent) hedged(first *origin, after time.Duration) outcome {
	results := make(chan outcome, 2)
	cancels := map[*origin]context.CancelCauseFunc{}
	launch := func(o *origin) {
		ctx, cancel := context.WithCancelCause(p.r.Context())
		cancels[o] = cancel
		go func() { results <- p.once(ctx, cancel, o) }()
	}
	launch(first)
	patience := time.NewTimer(after)
	defer patience.Stop()
	var won outcome
	for under := 1; under > 0; {
		select {
		case <-patience.C:
			if second := p.second(first); second != nil {
				launch(second)
				under++
			}
		case got := <-results:
			under--
			if won.origin != nil {
				won.discard()
			}
			if won = got; !got.failed() {
				p.abandon(cancels, got.origin, results, under)
				return won
			}
		}
	}
	return won
}

// second is the origin that is asked beside the first; nil for none.
func (p *persistent) second(first *origin) *origin {
	o := choose(p.group.stable, first, p.now())
	switch {
	case o == nil:
		return nil
	case o == first, p.left() <= 0:
		release(o)
		return nil
	}
	made := p.group.budget.spend(p.now())
	p.events.Repeated("hedge", made)
	if !made {
		release(o)
		return nil
	}
	return o
}

// abandon ends the attempts that lost. What they bring nevertheless is dropped.
func (p *persistent) abandon(cancels map[*origin]context.CancelCauseFunc, winner *origin, results <-chan outcome, under int) {
	for o, cancel := range cancels {
		if o != winner {
			cancel(errLost)
		}
	}
	if under == 0 {
		return
	}
	go func() {
		for range under {
			(<-results).discard()
		}
	}()
}

// once makes one attempt that ends at the deadline of the call unless its answer
// has begun by then.
func (p *persistent) once(ctx context.Context, cancel context.CancelCauseFunc, o *origin) outcome {
	left := max(p.left(), time.Millisecond)
	timer := time.AfterFunc(left, func() { cancel(errSilent) })
	r := p.r.WithContext(ctx)
	r.Header = p.r.Header.Clone()
	if p.body != nil {
		r.Body = io.NopCloser(bytes.NewReader(p.body))
	}
	tell(r, left, p.group.route.Timeout, p.group.told)
	res, err := p.send(p.group, o, p.proof.on(p.group.route, o, r), target(o.base, r.URL), left, consumer{ctx: p.r.Context(), short: p.short})
	timer.Stop()
	if err != nil {
		cancel(nil)
		return outcome{o, nil, err}
	}
	res.Request = p.r
	res.Body = &leased{res.Body, cancel}
	return outcome{o, res, nil}
}

// leased is the body of an answer whose context ends with it.
type leased struct {
	io.ReadCloser
	cancel context.CancelCauseFunc
}

func (l *leased) Close() error {
	err := l.ReadCloser.Close()
	l.cancel(nil)
	return err
}

// pick chooses the origin for a first attempt.
func (g *group) pick(r *http.Request, now time.Time) *origin {
	if t := g.trial; t != nil && t.takes(r.Header.Get(applicationField)) && !t.origin.stranger.Load() && t.origin.breaker.admit(now) {
		return t.origin
	}
	return choose(g.stable, nil, now)
}

// applicationField names the application that calls. The gateway sets it itself.
const applicationField = "Simpul-Application"

// resting refuses a call at once: no origin may be called now.
func (g *group) resting(now time.Time) error {
	wait := time.Minute
	for _, o := range g.stable {
		wait = min(wait, o.breaker.wait(now))
	}
	route := g.route
	e := unreachable(route, errResting)
	e.Retry = wait
	e.Message = simpul.Text{
		ID: "Layanan " + string(route.Address) + " milik " + string(route.Owner) + " sedang gagal terus, jadi hub menahan panggilan kepadanya sebentar.",
		EN: "Service " + string(route.Address) + " of " + string(route.Owner) + " keeps failing, so the hub holds back calls to it for a moment."}
	e.Remedy = simpul.Text{
		ID: "Coba lagi setelah waktu pada kepala Retry-After. Bila berlanjut, tanyakan kepada penyedia kapan layanannya pulih.",
		EN: "Try again after the time in the header Retry-After. If it goes on, ask the provider when its service will be back."}
	return e
}

var errResting = errors.New("the breakers of all origins are open")
