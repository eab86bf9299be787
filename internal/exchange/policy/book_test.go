package policy

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"simpul"
)

// shelf is a Source in memory.
type shelf struct {
	mu     sync.Mutex
	grants map[simpul.GrantID]simpul.Grant
	failed error // what the next reading ends in
}

func newShelf(grants ...simpul.Grant) *shelf {
	s := &shelf{grants: map[simpul.GrantID]simpul.Grant{}}
	for _, g := range grants {
		s.put(g)
	}
	return s
}

// put keeps what the store keeps: an application has one grant for one LID.
func (s *shelf) put(g simpul.Grant) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, other := range s.grants {
		if id != g.ID && other.Consumer == g.Consumer && other.LID == g.LID {
			return false
		}
	}
	s.grants[g.ID] = g
	return true
}

func (s *shelf) remove(id simpul.GrantID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.grants, id)
}

func (s *shelf) All(context.Context) ([]simpul.Grant, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Values(s.grants)), s.failed
}

func (s *shelf) Find(_ context.Context, id simpul.GrantID) (simpul.Grant, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, found := s.grants[id]
	return g, found, s.failed
}

// content is what a book decides by, without what was used up.
func (b *Book) content() map[pair]simpul.Grant {
	content := map[pair]simpul.Grant{}
	for _, part := range b.now.Load().shards {
		for key, r := range part {
			content[key] = r.Grant
		}
	}
	return content
}

func openBook(t *testing.T, s *shelf) *Book {
	t.Helper()
	b := NewBook(s, func(simpul.AgencyID) bool { return false }, slog.New(slog.DiscardHandler))
	if err := b.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

// Whatever changes, and in whatever batches the changes arrive, a book that
// follows ends as one that is loaded afresh.
func TestRefreshIsAsGoodAsLoad(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newShelf()
		book := openBook(t, s)
		var pending []simpul.GrantID
		rt.Repeat(map[string]func(*rapid.T){
			"put": func(rt *rapid.T) {
				g := drawGrant(rt)
				if s.put(g) {
					pending = append(pending, g.ID)
				}
			},
			"delete": func(rt *rapid.T) {
				id := drawID(rt)
				s.remove(id)
				pending = append(pending, id)
			},
			"refresh": func(rt *rapid.T) {
				n := rapid.IntRange(0, len(pending)).Draw(rt, "batch")
				if err := book.Refresh(t.Context(), pending[:n]); err != nil {
					rt.Fatal(err)
				}
				pending = pending[n:]
			},
		})
		if err := book.Refresh(t.Context(), pending); err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(openBook(t, s).content(), book.content()); diff != "" {
			rt.Fatalf("the book that followed differs (-loaded +followed)\n%s", diff)
		}
	})
}

func drawID(rt *rapid.T) simpul.GrantID {
	return simpul.GrantID(fmt.Sprint("g-", rapid.IntRange(1, 4).Draw(rt, "grant")))
}

func drawGrant(rt *rapid.T) simpul.Grant {
	return simpul.Grant{
		ID:         drawID(rt),
		LID:        rapid.SampledFrom([]simpul.Address{"master/Kota", "master/Provinsi", "master/Desa"}).Draw(rt, "lid"),
		Consumer:   rapid.SampledFrom([]simpul.ApplicationID{"a@a.go.id", "b@a.go.id"}).Draw(rt, "application"),
		Fields:     rapid.SampledFrom([][]string{nil, {"items.kode"}}).Draw(rt, "fields"),
		RatePerMin: rapid.SampledFrom([]int{0, 5, 9}).Draw(rt, "rate"),
		Suspended:  rapid.Bool().Draw(rt, "suspended"),
	}
}

// A page that somebody decides by does not change, whatever follows it.
func TestAPageInUseStaysAsItIs(t *testing.T) {
	s := newShelf(plain(nil))
	b := openBook(t, s)
	before := b.now.Load()
	key := pair{who.Application, lid}
	s.put(plain(func(g *simpul.Grant) { g.Suspended = true }))
	if err := b.Refresh(t.Context(), []simpul.GrantID{"g-1"}); err != nil {
		t.Fatal(err)
	}
	s.remove("g-1")
	if err := b.Refresh(t.Context(), []simpul.GrantID{"g-1"}); err != nil {
		t.Fatal(err)
	}
	if r := before.find(key); r == nil || r.Suspended {
		t.Errorf("the page before holds %+v", r)
	}
	if r := b.now.Load().find(key); r != nil {
		t.Errorf("the page now holds %+v", r)
	}
}

// A grant that has taken over the pair of another is not undone when the
// other's older change is read.
func TestALateChangeDoesNotUndoAnother(t *testing.T) {
	first := plain(nil)
	second := plain(func(g *simpul.Grant) { g.ID, g.LID = "g-2", "master/Provinsi" })
	s := newShelf(first, second)
	b := openBook(t, s)
	s.remove("g-1")
	second.LID = lid
	s.put(second)
	for _, batch := range [][]simpul.GrantID{{"g-2"}, {"g-1"}} {
		if err := b.Refresh(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		if d, err := b.Decide(who, route, noon); err != nil || d.Grant != "g-2" {
			t.Errorf("after %v: decided by %q, %v", batch, d.Grant, err)
		}
	}
}

// A source that fails leaves the book as it was: what was granted stays so,
// and the follower tries again.
func TestAFailingSourceChangesNothing(t *testing.T) {
	s := newShelf(plain(nil))
	b := openBook(t, s)
	s.remove("g-1")
	s.failed = errors.New("disk")
	if err := b.Refresh(t.Context(), []simpul.GrantID{"g-1"}); !errors.Is(err, s.failed) {
		t.Errorf("Refresh: got %v", err)
	}
	if err := b.Load(t.Context()); !errors.Is(err, s.failed) {
		t.Errorf("Load: got %v", err)
	}
	if _, err := b.Decide(who, route, noon); err != nil {
		t.Errorf("the book is lost: %v", err)
	}
	s.failed = nil
	if err := b.Refresh(t.Context(), []simpul.GrantID{"g-1"}); err != nil {
		t.Fatal(err)
	}
	_, err := b.Decide(who, route, noon)
	checkRefusal(t, err, simpul.CodeDenied, "no grant")
}

func TestDecideWhileTheBookChanges(t *testing.T) {
	g := plain(func(g *simpul.Grant) { g.RatePerMin = 10_000_000 })
	s := newShelf(g, plain(func(g *simpul.Grant) { g.ID, g.LID = "g-2", "master/Provinsi" }))
	b := openBook(t, s)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if d, err := b.Decide(who, route, noon); err != nil || d.Grant != "g-1" {
					t.Errorf("got %+v, %v", d, err)
					return
				}
			}
		})
	}
	for i := range 500 {
		s.put(plain(func(g *simpul.Grant) { g.ID, g.LID, g.Suspended = "g-2", "master/Provinsi", i%2 == 0 }))
		if err := b.Refresh(t.Context(), []simpul.GrantID{"g-2"}); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	readers.Wait()
}

func TestAGrantThatCannotBeCompiledKeepsNobodyElseOut(t *testing.T) {
	good, bad := plain(nil), plain(func(g *simpul.Grant) {
		g.ID, g.LID, g.Fields = "rusak", "master/Rusak", []string{"items..kode"}
	})
	s := newShelf(good, bad)
	b := NewBook(s, func(simpul.AgencyID) bool { return false }, slog.New(slog.DiscardHandler))
	if err := b.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := b.Refresh(t.Context(), []simpul.GrantID{bad.ID, good.ID}); err != nil {
		t.Fatal(err)
	}
	if b.byID[good.ID] == nil || b.byID[bad.ID] != nil {
		t.Errorf("the book holds %v", b.byID)
	}
}
