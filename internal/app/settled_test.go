package app

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
)

func TestAnAnswerWaitsOnceBeforeItBegins(t *testing.T) {
	for name, c := range map[string]struct {
		handle http.HandlerFunc
		waits  int
	}{
		"stored":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201); io.WriteString(w, "{}") }, 1},
		"no status":   {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "a"); io.WriteString(w, "b") }, 1},
		"no body":     {func(http.ResponseWriter, *http.Request) {}, 1},
		"redirection": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(303) }, 1},
		"interim":     {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(103); w.WriteHeader(204) }, 1},
		"refusal":     {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403); io.WriteString(w, "no") }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var final begun
			waits := 0
			w := &settledWriter{ResponseWriter: &final, settle: func() {
				if final.yes {
					t.Error("the answer had begun")
				}
				waits++
			}}
			c.handle(w, nil)
			w.begin(http.StatusOK)
			if waits != c.waits {
				t.Errorf("waited %d times, want %d", waits, c.waits)
			}
		})
	}
}

// begun is an answer of which only its beginning matters.
type begun struct {
	http.ResponseWriter
	yes bool
}

func (b *begun) WriteHeader(status int) { b.yes = b.yes || status >= 200 }

func (b *begun) Write(p []byte) (int, error) {
	b.yes = true
	return len(p), nil
}

func TestProgressWakesWhoeverItReaches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p progress
		p.reach(3)
		if err := p.await(t.Context(), 3); err != nil {
			t.Fatal("what has been reached is not waited for")
		}
		arrived := make(chan int64, 2)
		for _, revision := range []int64{4, 6} {
			go func() {
				if p.await(t.Context(), revision) == nil {
					arrived <- revision
				}
			}()
		}
		synctest.Wait()
		p.reach(5)
		p.reach(2) // a late report does not set it back
		if got := <-arrived; got != 4 {
			t.Errorf("%d was woken at 5", got)
		}
		synctest.Wait()
		if len(arrived) > 0 {
			t.Error("6 was woken at 5")
		}
		p.reach(6)
		<-arrived
	})
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), settleWithin)
		defer cancel()
		var p progress
		if err := p.await(ctx, 1); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}
