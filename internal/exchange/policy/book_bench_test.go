package policy

import (
	"fmt"
	"log/slog"
	"testing"

	"simpul"
)

// nation is the grants of a thousand applications, a hundred each.
func nation() *shelf {
	s := &shelf{grants: map[simpul.GrantID]simpul.Grant{}}
	for i := range 100_000 {
		g := simpul.Grant{
			ID:       simpul.GrantID(fmt.Sprint("n-", i)),
			LID:      simpul.Address(fmt.Sprint("nasional/L", i%1000*100+i/1000)),
			Consumer: simpul.ApplicationID(fmt.Sprintf("app@kab%d.go.id", i%1000)),
			Fields:   []string{"items.kode", "items.nama"}, RatePerMin: 6000,
		}
		s.grants[g.ID] = g
	}
	return s
}

// What one change costs beside 99,999 grants that did not change.
func BenchmarkRefreshOneOf100000(b *testing.B) {
	book := NewBook(nation(), func(simpul.AgencyID) bool { return false }, slog.New(slog.DiscardHandler))
	if err := book.Load(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := book.Refresh(b.Context(), []simpul.GrantID{simpul.GrantID(fmt.Sprint("n-", i%100_000))}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecideAmong100000(b *testing.B) {
	s := nation()
	book := NewBook(s, func(simpul.AgencyID) bool { return false }, slog.New(slog.DiscardHandler))
	if err := book.Load(b.Context()); err != nil {
		b.Fatal(err)
	}
	g := s.grants["n-7"]
	consumer, route := simpul.Consumer{Application: g.Consumer}, &simpul.Route{Address: g.LID}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := book.Decide(consumer, route, noon); err != nil {
			b.Fatal(err)
		}
	}
}
