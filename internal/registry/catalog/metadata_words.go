package catalog

import (
	"context"
	"strconv"
	"strings"

	"simpul/internal/platform/web"
)

// nameOf says a code of a list in the reader's language; a code that the list
// lacks stays as it is.
func nameOf[T ~string](ctx context.Context, list []term[T], code T) string {
	if t, ok := lookUp(list, code); ok {
		return web.T(ctx, t.Name.ID, t.Name.EN)
	}
	return string(code)
}

func namesOf[T ~string](ctx context.Context, list []term[T], of []T) string {
	names := make([]string, len(of))
	for i, code := range of {
		names[i] = nameOf(ctx, list, code)
	}
	return strings.Join(names, "; ")
}

// personalDataWords says what is known of personal data.
func personalDataWords(ctx context.Context, m Metadata) string {
	held, said := m.Personal()
	switch {
	case !said:
		return ""
	case !held:
		return web.T(ctx, "Tidak memuat data pribadi", "Holds no personal data")
	case len(m.PersonalData.Categories) == 0:
		return web.T(ctx, "Memuat data pribadi", "Holds personal data")
	}
	return web.T(ctx, "Memuat: ", "Holds: ") + namesOf(ctx, personalCategories(), m.PersonalData.Categories)
}

func serviceLevelWords(ctx context.Context, l *ServiceLevel) string {
	if l == nil {
		return ""
	}
	var parts []string
	if l.Availability > 0 {
		parts = append(parts, web.T(ctx, "menjawab ", "answers ")+web.Decimal(ctx, l.Availability, decimals(l.Availability))+web.T(ctx, " % dari waktu sebulan", " % of the time in a month"))
	}
	if l.LatencyMillis > 0 {
		parts = append(parts, web.T(ctx, "95 dari 100 jawaban mulai dalam ", "95 of 100 answers begin within ")+web.Number(ctx, l.LatencyMillis)+web.T(ctx, " milidetik", " milliseconds"))
	}
	if l.SupportHours != "" {
		parts = append(parts, web.T(ctx, "bantuan ", "support ")+l.SupportHours)
	}
	return strings.Join(parts, "; ")
}

// decimals is how many places a promise of availability was written with: 99.95
// says more than 99.9.
func decimals(f float64) int {
	_, places, _ := strings.Cut(strconv.FormatFloat(f, 'f', -1, 64), ".")
	return min(len(places), 4)
}

// periodWords says when the data holds.
func periodWords(ctx context.Context, c *Coverage) string {
	switch {
	case c == nil || c.From == "" && c.Until == "":
		return ""
	case c.Until == "":
		return web.T(ctx, "sejak ", "since ") + c.From
	case c.From == "":
		return web.T(ctx, "sampai ", "until ") + c.Until
	}
	return c.From + web.T(ctx, " sampai ", " to ") + c.Until
}

// mostRegions is how many regions are named before they are counted only.
const mostRegions = 5

// regionWords says where the data holds.
func (p *Pages) regionWords(ctx context.Context, c *Coverage) string {
	if c == nil {
		return ""
	}
	if len(c.Regions) == 0 {
		return web.T(ctx, "Seluruh Indonesia", "All of Indonesia")
	}
	var names []string
	for _, code := range c.Regions[:min(len(c.Regions), mostRegions)] {
		name := p.agencies.Region(ctx, code)
		if name == "" {
			name = code
		}
		names = append(names, name)
	}
	words := strings.Join(names, ", ")
	if more := len(c.Regions) - mostRegions; more > 0 {
		words += web.T(ctx, ", dan "+strconv.Itoa(more)+" lagi", ", and "+strconv.Itoa(more)+" more")
	}
	return words
}
