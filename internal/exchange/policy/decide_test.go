package policy

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
)

const (
	provider = simpul.AgencyID("kemendagri.go.id")
	consumer = simpul.ApplicationID("layanan@bandungkota.go.id")
	lid      = simpul.Address("master/Kota")
)

var (
	noon  = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	route = &simpul.Route{Address: lid, Title: "Kabupaten dan kota", Owner: provider}
	who   = simpul.Consumer{Application: consumer, Credential: "k-1"}
)

// plain is a grant with nothing that could refuse.
func plain(change func(*simpul.Grant)) simpul.Grant {
	g := simpul.Grant{ID: "g-1", LID: lid, Provider: provider, Consumer: consumer, Purpose: "Melayani warga", LegalBasis: "UU 25/2009"}
	if change != nil {
		change(&g)
	}
	return g
}

// bookOf returns a loaded book of the grants, in which nobody is suspended.
func bookOf(t *testing.T, grants ...simpul.Grant) *Book {
	t.Helper()
	b := NewBook(newShelf(grants...), func(simpul.AgencyID) bool { return false }, slog.New(slog.DiscardHandler))
	if err := b.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecideRefuses(t *testing.T) {
	bound := func(from, until time.Time) simpul.Grant {
		return plain(func(g *simpul.Grant) { g.From, g.Until = from, until })
	}
	for _, c := range []struct {
		name  string
		grant simpul.Grant
		now   time.Time
		code  simpul.Code // "" where the call is allowed
		says  string
	}{
		{"no grant", plain(func(g *simpul.Grant) { g.LID = "master/Provinsi" }), noon, simpul.CodeDenied, "no grant for master/Kota (Kabupaten dan kota)"},
		{"grant of another application", plain(func(g *simpul.Grant) { g.Consumer = "lain@bandungkota.go.id" }), noon, simpul.CodeDenied, "no grant"},
		{"suspended", plain(func(g *simpul.Grant) { g.Suspended = true }), noon, simpul.CodeDenied, "Grant g-1 is suspended"},
		{"suspended and expired", plain(func(g *simpul.Grant) { g.Suspended, g.Until = true, noon }), noon, simpul.CodeDenied, "suspended"},
		{"a nanosecond early", bound(noon, time.Time{}), noon.Add(-1), simpul.CodeDenied, "begins at 2026-11-23T12:00:00Z"},
		{"at the beginning", bound(noon, time.Time{}), noon, "", ""},
		{"a nanosecond before the end", bound(time.Time{}, noon), noon.Add(-1), "", ""},
		{"at the end", bound(time.Time{}, noon), noon, simpul.CodeDenied, "expired at 2026-11-23T12:00:00Z"},
		{"long after the end", bound(time.Time{}, noon), noon.AddDate(9, 0, 0), simpul.CodeDenied, "expired"},
		{"an instant is the same in every zone", bound(noon, time.Time{}), noon.In(time.FixedZone("WIB", 7*3600)), "", ""},
		{"without end", bound(noon, time.Time{}), noon.AddDate(99, 0, 0), "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := bookOf(t, c.grant).Decide(who, route, c.now)
			if c.code == "" {
				if err != nil || d.Grant != "g-1" {
					t.Errorf("got %+v, %v", d, err)
				}
				return
			}
			checkRefusal(t, err, c.code, c.says)
			if diff := cmp.Diff(simpul.Decision{}, d); diff != "" {
				t.Errorf("a refusal decides something: %s", diff)
			}
		})
	}
}

// checkRefusal checks the code, that the English text says what it must, that
// both languages name the provider as the one who can help, and that it owns
// the refusal.
func checkRefusal(t *testing.T, err error, code simpul.Code, says string) {
	t.Helper()
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok || e.Code != code || e.Owner != provider {
		t.Fatalf("got %v, want %s of %s", err, code, provider)
	}
	if !strings.Contains(e.Message.EN, says) {
		t.Errorf("%q does not say %q", e.Message.EN, says)
	}
	if e.Message.ID == "" || e.Message.ID == e.Message.EN || e.Remedy.ID == "" || e.Remedy.EN == "" || e.Remedy.ID == e.Remedy.EN {
		t.Errorf("the refusal does not speak both languages: %+v", e)
	}
}

func TestAnEmptyBookAllowsNothing(t *testing.T) {
	b := NewBook(newShelf(plain(nil)), func(simpul.AgencyID) bool { return false }, slog.New(slog.DiscardHandler))
	_, err := b.Decide(who, route, noon)
	checkRefusal(t, err, simpul.CodeDenied, "no grant")
}

func TestASuspendedProviderCannotBeCalled(t *testing.T) {
	suspended := map[simpul.AgencyID]bool{}
	b := NewBook(newShelf(plain(func(g *simpul.Grant) { g.RatePerMin = 1 })), func(id simpul.AgencyID) bool { return suspended[id] }, slog.New(slog.DiscardHandler))
	if err := b.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	suspended[provider] = true
	_, err := b.Decide(who, route, noon)
	checkRefusal(t, err, simpul.CodeUnavailable, "is suspended, so master/Kota cannot be called")
	suspended = map[simpul.AgencyID]bool{"bandungkota.go.id": true}
	if _, err := b.Decide(who, route, noon); err != nil {
		t.Errorf("another's suspension counts: %v", err)
	}
}

func TestADecisionCarriesTheGrant(t *testing.T) {
	g := plain(func(g *simpul.Grant) { g.Fields = []string{"items.kode", "items.nama", "next"} })
	want := simpul.Decision{
		Grant: "g-1", Purpose: "Melayani warga", Basis: "UU 25/2009", Paths: "items.kode items.nama next",
		Obligations: simpul.Obligations{Fields: simpul.FieldSet{"items": {"kode": nil, "nama": nil}, "next": nil}},
	}
	got, err := bookOf(t, g).Decide(who, route, noon)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	if got, _ := bookOf(t, plain(nil)).Decide(who, route, noon); got.Obligations.Fields != nil {
		t.Errorf("a grant without fields withholds: %v", got.Obligations.Fields)
	}
}

// Who counts the calls learns of the rate here, and from nowhere else.
func TestADecisionTellsTheRateAndCountsNothing(t *testing.T) {
	b := bookOf(t, plain(func(g *simpul.Grant) { g.RatePerMin = 2 }))
	for range 5 {
		if d, err := b.Decide(who, route, noon); err != nil || d.RatePerMin != 2 {
			t.Fatalf("got %+v, %v", d, err)
		}
	}
	if d, _ := bookOf(t, plain(nil)).Decide(who, route, noon); d.RatePerMin != 0 {
		t.Errorf("a grant without a rate has %d", d.RatePerMin)
	}
}

// Deciding is on the path of every call.
func TestDecideAllocatesNothing(t *testing.T) {
	b := bookOf(t, plain(func(g *simpul.Grant) { g.RatePerMin, g.Fields = 10_000_000, []string{"items.kode"} }))
	if n := testing.AllocsPerRun(1000, func() {
		if _, err := b.Decide(who, route, noon); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
