package evidence

import (
	"bytes"
	"slices"

	"simpul"
)

// page is one row for several exchanges. What they share stands in columns, and
// what differs is packed. A page never grows: it is made of one batch.
type page struct {
	journal string
	shared  simpul.Exchange // with the fields of common alone
	entries []entry         // oldest first
}

const (
	pageEntries = 64 // most on a page

	// pageSpan is most that lies between the first and the last opened_at of a
	// page, ms. So whoever looks for a time knows in which pages it can be.
	pageSpan = 2000
)

// common is what the exchanges of a page share.
type common struct {
	application simpul.ApplicationID
	provider    simpul.AgencyID
	address     simpul.Address
	version     string
	class       simpul.LIDClass
	operation   simpul.Operation
	grant       simpul.GrantID
	purpose     string
}

func commonOf(x *simpul.Exchange) common {
	return common{x.Consumer.Application, x.Provider, x.Address, x.Version, x.Class, x.Operation, x.Grant, x.Purpose}
}

func (c *common) fill(x *simpul.Exchange) {
	x.Consumer.Application, x.Provider, x.Address, x.Version = c.application, c.provider, c.address, c.version
	x.Class, x.Operation, x.Grant, x.Purpose = c.class, c.operation, c.grant, c.purpose
}

// shared is an exchange that has what others share with the one, and nothing else.
func shared(of *simpul.Exchange) (x simpul.Exchange) {
	c := commonOf(of)
	c.fill(&x)
	return x
}

// pageable reports whether the record is of the many: delivered, and nothing that
// the view has of the exchange must be replaced by it. Of an open LID there is one
// record; of the others there are two, mostly in one batch.
func pageable(r *indexed) bool {
	x := &r.record.Exchange
	return r.record.Kind == Sealed && x.Outcome == "" && (x.Class == simpul.Terbuka || r.whole)
}

// paged makes pages of the records of a batch. The rest becomes rows: what is not
// pageable, and what has no company, since a page of one costs more than a row.
func paged(journal string, records []*indexed) (pages []page, rows []*indexed) {
	groups, rows := grouped(records)
	for _, group := range groups {
		if len(group) == 1 {
			rows = append(rows, group[0])
			continue
		}
		entries, others := entriesOf(group)
		rows = append(rows, others...)
		for _, p := range split(journal, shared(&group[0].record.Exchange), entries) {
			if len(p.entries) == 1 {
				rows = append(rows, p.records()...)
				continue
			}
			pages = append(pages, p)
		}
	}
	return pages, rows
}

func entriesOf(group []*indexed) (entries []entry, others []*indexed) {
	entries = make([]entry, 0, len(group))
	for _, r := range group {
		if e, ok := entryOf(r); ok {
			entries = append(entries, e)
		} else {
			others = append(others, r)
		}
	}
	return entries, others
}

// grouped brings pageable records together that have everything in common. A
// record is often like the one before it.
func grouped(records []*indexed) (groups [][]*indexed, others []*indexed) {
	at := map[common]int{}
	var last common
	g := -1
	for _, r := range records {
		if !pageable(r) {
			others = append(others, r)
			continue
		}
		if c := commonOf(&r.record.Exchange); g < 0 || c != last {
			known := false
			if g, known = at[c]; !known {
				g = len(groups)
				at[c], groups = g, append(groups, nil)
			}
			last = c
		}
		groups[g] = append(groups[g], r)
	}
	return groups, others
}

// split brings entries into the order of time and divides them into pages.
func split(journal string, shared simpul.Exchange, entries []entry) (pages []page) {
	slices.SortFunc(entries, func(a, b entry) int { return bytes.Compare(a.id[:], b.id[:]) })
	for len(entries) > 0 {
		n := fitting(entries)
		pages = append(pages, page{journal, shared, entries[:n]})
		entries = entries[n:]
	}
	return pages
}

// fitting is how many of the first entries fit on one page.
func fitting(entries []entry) int {
	last := entries[0].openedAt() + pageSpan
	for n := range min(len(entries), pageEntries) {
		if entries[n].openedAt() > last {
			return n
		}
	}
	return min(len(entries), pageEntries)
}

func (p *page) from() int64  { return p.entries[0].openedAt() }
func (p *page) until() int64 { return p.entries[len(p.entries)-1].openedAt() }

// at returns the exchange at the place.
func (p *page) at(i int) Indexed {
	e := &p.entries[i]
	return Indexed{Exchange: e.exchange(p.shared), State: Sealed, Journal: p.journal, Sequence: e.sequence}
}

// find returns the exchange, if the page has it.
func (p *page) find(id [16]byte) (Indexed, bool) {
	i, found := slices.BinarySearchFunc(p.entries, id, func(e entry, id [16]byte) int { return bytes.Compare(e.id[:], id[:]) })
	if !found {
		return Indexed{}, false
	}
	return p.at(i), true
}

// id is the identifier of the first exchange.
func (p *page) id() simpul.ExchangeID { return idOf(p.entries[0].id) }

// end is where the page stands among pages.
func (p *page) end() place { return place{p.until(), p.id()} }

// newest returns the exchanges within reach, the newest first, at most so many.
func (p *page) newest(r reach, limit int) (found []Indexed) {
	for i := len(p.entries) - 1; i >= 0 && len(found) < limit; i-- {
		if e := &p.entries[i]; r.has(e) {
			found = append(found, p.at(i))
		}
	}
	return found
}

// count is how many exchanges of the page were opened from the one time up to the other.
func (p *page) count(from, until int64) (n int64) {
	for i := range p.entries {
		if at := p.entries[i].openedAt(); from <= at && at < until {
			n++
		}
	}
	return n
}

// records are the entries as they were read from the journal.
func (p *page) records() []*indexed {
	records := make([]*indexed, len(p.entries))
	for i := range p.entries {
		records[i] = &indexed{sequence: p.entries[i].sequence, record: Record{Kind: Sealed, Exchange: p.at(i).Exchange}}
	}
	return records
}
