package wire

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"
)

// parties is a client of so many connections whose calls are of whom they name, and an
// origin whose long answers nobody has to read.
func parties(t *testing.T, connections int) (c *Client, of func(party string, silence time.Duration) (*http.Response, error)) {
	t.Helper()
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1048576")
		w.Write(make([]byte, 1<<20))
	}))
	t.Cleanup(origin.Close)
	to, _ := url.Parse(origin.URL)
	c = New(connections, nil)
	c.Party = func(r *http.Request) string { return r.Header.Get("Party") }
	t.Cleanup(c.Close)
	return c, func(party string, silence time.Duration) (*http.Response, error) {
		r := httptest.NewRequestWithContext(context.Background(), "GET", "/", nil)
		r.Header.Set("Party", party)
		return c.Do(r, to, silence)
	}
}

const ample = time.Minute // bounds waits that end by themselves

// A party whose calls take their time over long answers leaves a quarter of the
// connections to others, and gets one again as soon as one of its own comes back.
func TestOnePartyLeavesConnectionsToOthers(t *testing.T) {
	c, call := parties(t, 4)
	var slow []*http.Response
	for range 3 {
		res, err := call("slow", ample)
		if err != nil {
			t.Fatal(err)
		}
		slow = append(slow, res)
	}
	if _, err := call("slow", 50*time.Millisecond); !errors.Is(err, ErrCrowded) {
		t.Fatalf("its fourth call at one time: %v", err)
	}
	for range 3 {
		res, err := call("other", ample)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, res.Body); n != 1<<20 || err != nil {
			t.Fatal(n, err)
		}
		res.Body.Close()
	}
	again := make(chan error, 1)
	go func() {
		res, err := call("slow", ample)
		if err == nil {
			err = res.Body.Close()
		}
		again <- err
	}()
	for pools(c)[0].line() == 0 {
		time.Sleep(time.Millisecond)
	}
	slow[0].Body.Close()
	if err := <-again; err != nil {
		t.Error(err)
	}
	for _, res := range slow[1:] {
		res.Body.Close()
	}
	if p := pools(c)[0]; len(p.lent) != 0 {
		t.Errorf("nobody has a connection, and the pool knows of %v", p.lent)
	}
}

// Whoever is nobody in particular, as the hub itself, may have all of them.
func TestNobodyInParticularMayHaveAll(t *testing.T) {
	_, call := parties(t, 2)
	for range 2 {
		res, err := call("", ample)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
	}
}

// A party that gives up waiting leaves nothing behind, also where its turn came at the
// same moment.
func TestAPartyThatGivesUpLeavesNothingBehind(t *testing.T) {
	c, call := parties(t, 1)
	for range 50 {
		held, err := call("a", ample)
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			if res, err := call("a", time.Millisecond); err == nil {
				res.Body.Close()
			} else if !errors.Is(err, ErrCrowded) && !IsSilence(err) {
				t.Error(err)
			}
		}()
		held.Body.Close()
		<-done
	}
	if p := pools(c)[0]; len(p.lent) != 0 || p.line() != 0 {
		t.Errorf("%v, %d in the line", p.lent, p.line())
	}
	if res, err := call("b", ample); err != nil {
		t.Error(err)
	} else {
		res.Body.Close()
	}
}

func pools(c *Client) (all []*pool) {
	c.pools.Range(func(_, p any) bool {
		all = append(all, p.(*pool))
		return true
	})
	return all
}

func (p *pool) line() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.waiting)
}
