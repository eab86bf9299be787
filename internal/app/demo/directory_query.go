package demo

import (
	"encoding/base64"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxLimit is the size of the largest page, and of a page when none is asked
// for: a plain GET of all 514 regencies needs one call.
const maxLimit = 1000

// maxSearch is the longest search text, in characters.
const maxSearch = 64

// regionQuery is what a list request asks for.
type regionQuery struct {
	values   url.Values
	from, to int    // positions of the regions below the ancestors asked for
	search   string // folded; empty for every name
	start    int    // position of the first region of the page
	limit    int
}

// parse reads the query of a list. Every parameter is optional; an unknown or
// repeated one is refused, so that a misspelt filter never returns everything.
func (d directory) parse(raw string) (regionQuery, *problem) {
	ancestors := d.ancestors()
	values, p := parameters(raw, append(ancestors, "limit", "cursor", "q")...)
	if p != nil {
		return regionQuery{}, p
	}
	level := d.regions.Level(d.tier)
	query := regionQuery{values: values, to: level.Len(), limit: maxLimit}
	for tier := range d.tier {
		if p := query.narrow(d.regions, tier, level); p != nil {
			return regionQuery{}, p
		}
	}
	for _, read := range []func(*Level) *problem{query.readLimit, query.readSearch, query.readCursor} {
		if p := read(level); p != nil {
			return regionQuery{}, p
		}
	}
	return query, nil
}

// ancestors are the names of the filters: the tiers above.
func (d directory) ancestors() []string {
	var names []string
	for tier := range d.tier {
		names = append(names, tier.String())
	}
	return names
}

// parameters reads a query string in which only the known names may occur, each
// once and not empty.
func parameters(raw string, known ...string) (url.Values, *problem) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, badRequest("", "Bagian alamat sesudah tanda tanya tidak terbaca.")
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		switch {
		case !slices.Contains(known, name):
			return nil, badRequest(name, "Parameter ini tidak dikenal. "+advice(known))
		case len(values[name]) > 1:
			return nil, badRequest(name, "Parameter ini diberikan lebih dari sekali.")
		case values[name][0] == "":
			return nil, badRequest(name, "Parameter ini kosong.")
		}
	}
	return values, nil
}

func advice(known []string) string {
	if len(known) == 0 {
		return "Alamat ini tidak berparameter."
	}
	return "Yang dikenal: " + strings.Join(known, ", ") + "."
}

// narrow keeps the regions below the ancestor that the query names, if any.
func (q *regionQuery) narrow(regions *Regions, ancestor Tier, level *Level) *problem {
	name := ancestor.String()
	code := q.values.Get(name)
	if code == "" {
		return nil
	}
	if !ancestor.accepts(code) {
		return badCode(name, ancestor)
	}
	if _, ok := regions.Level(ancestor).Index(code); !ok {
		return unknownCode(name, code, ancestor)
	}
	from, to := level.Within(code)
	q.from, q.to = max(q.from, from), min(q.to, to)
	q.start = q.from
	return nil
}

func (q *regionQuery) readLimit(*Level) *problem {
	text := q.values.Get("limit")
	if text == "" {
		return nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 || limit > maxLimit {
		return badRequest("limit", "Nilai limit adalah bilangan 1 sampai "+strconv.Itoa(maxLimit)+".")
	}
	q.limit = limit
	return nil
}

func (q *regionQuery) readSearch(*Level) *problem {
	text := q.values.Get("q")
	q.search = fold(strings.TrimSpace(text))
	if text != "" && q.search == "" || !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxSearch {
		return badRequest("q", "Teks pencarian berisi 1 sampai "+strconv.Itoa(maxSearch)+" huruf.")
	}
	return nil
}

// readCursor continues after the region that ended the page before. A cursor of
// another query is refused when that region is not among this query's.
func (q *regionQuery) readCursor(level *Level) *problem {
	cursor := q.values.Get("cursor")
	if cursor == "" {
		return nil
	}
	code, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	last, ok := level.Index(string(code))
	if err != nil || !ok || last < q.from || last >= q.to || !level.Matches(last, q.search) {
		return badRequest("cursor", "Nilai cursor bukan milik pencarian ini. Salin nilai next dari jawaban sebelumnya.")
	}
	q.start = last + 1
	return nil
}

// newCursor names the region that ends a page. It is opaque to callers.
func newCursor(last Region) string { return base64.RawURLEncoding.EncodeToString([]byte(last.Code)) }

// page collects the answer: it counts every match and keeps those of the page.
func (q regionQuery) page(level *Level, tier Tier) regionList {
	list := regionList{Items: []regionItem{}, Sumber: Attribution}
	var last Region
	for i := q.from; i < q.to; i++ {
		if !level.Matches(i, q.search) {
			continue
		}
		list.Total++
		switch {
		case i < q.start:
		case len(list.Items) < q.limit:
			last = level.At(i)
			list.Items = append(list.Items, newItem(last, tier))
		case list.Next == "":
			list.Next = newCursor(last)
		}
	}
	return list
}

// link is the address of the page at the cursor, relative to the list, so that
// it holds behind any hub.
func (q regionQuery) link(cursor string) string {
	values := maps.Clone(q.values)
	values.Set("cursor", cursor)
	return "?" + values.Encode()
}
