package cache

import (
	"context"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"

	"simpul"
)

// One call goes to the provider for all that ask the same at the same time, and no
// more wait than may.
func TestCallsWaitForTheSameAnswer(t *testing.T) {
	b := newBench(t, simpul.Freshness{})
	asked, answer := make(chan struct{}, 10), make(chan struct{})
	b.does(func(*http.Request) (*http.Response, error) {
		asked <- struct{}{}
		<-answer
		return reply(200, "isi", "Cache-Control", "max-age=60"), nil
	})
	results := make(chan got, 10)
	call := func() { results <- b.get("/") }
	go call()
	<-asked
	for range 3 {
		go call()
	}
	b.until(func(s *share) bool { f := s.flights[b.keyOf("/")]; return f != nil && f.waiters == 3 })
	go call() // one too many: it goes by itself
	<-asked
	close(answer)
	for range 5 {
		if g := <-results; g.err != nil || g.body != "isi" {
			t.Errorf("got %+v", g)
		}
	}
	if b.called() != 2 {
		t.Errorf("%d calls", b.called())
	}
}

// until waits until the share of the first caller is as wanted.
func (b *bench) until(is func(*share) bool) {
	s := b.cache.memory.of(bandung.application.Agency())
	for {
		s.mu.Lock()
		done := is(s)
		s.mu.Unlock()
		if done {
			return
		}
		runtime.Gosched()
	}
}

func (b *bench) keyOf(target string) string {
	x := &simpul.Exchange{Grant: bandung.grant, Consumer: simpul.Consumer{Application: bandung.application}}
	return b.cache.ask(x, b.route, simpul.Obligations{}, httptest.NewRequest("GET", target, nil)).key
}

// A failure is one for all that wait; a consumer that hangs up leaves the call to the
// next.
func TestWaitingForWhatNeverComes(t *testing.T) {
	for _, gone := range []bool{false, true} {
		b := newBench(t, simpul.Freshness{})
		ctx, hangUp := context.WithCancel(t.Context())
		asked, answer := make(chan struct{}), make(chan struct{})
		down := &simpul.Error{Code: simpul.CodeUnavailable}
		b.does(func(*http.Request) (*http.Response, error) {
			b.say(200, "isi", "Cache-Control", "max-age=60")
			close(asked)
			<-answer
			return nil, down
		})
		results := make(chan got, 2)
		go func() { results <- b.send(bandung, httptest.NewRequest("GET", "/", http.NoBody).WithContext(ctx)) }()
		<-asked
		go func() { results <- b.get("/") }()
		b.until(func(s *share) bool { f := s.flights[b.keyOf("/")]; return f != nil && f.waiters == 1 })
		if gone {
			hangUp()
		}
		close(answer)
		first, second := <-results, <-results
		if first.err == nil {
			first, second = second, first
		}
		if first.err != down || gone && second.body != "isi" || !gone && second.err != down {
			t.Errorf("gone %v: got %+v and %+v", gone, first, second)
		}
		hangUp()
	}
}

func TestAWaitingConsumerMayHangUp(t *testing.T) {
	b := newBench(t, simpul.Freshness{})
	asked, answer := make(chan struct{}), make(chan struct{})
	b.does(func(*http.Request) (*http.Response, error) {
		close(asked)
		<-answer
		return reply(200, "isi"), nil
	})
	first := make(chan got)
	go func() { first <- b.get("/") }()
	<-asked
	ctx, hangUp := context.WithCancel(t.Context())
	hangUp()
	if g := b.send(bandung, httptest.NewRequest("GET", "/", http.NoBody).WithContext(ctx)); simpul.CodeOf(g.err) != simpul.CodeAborted {
		t.Errorf("got %+v", g)
	}
	close(answer)
	<-first
}
