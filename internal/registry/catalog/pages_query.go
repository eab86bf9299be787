package catalog

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"simpul"
)

// national stands for the agencies that govern no region, where the address of
// a list names a region.
const national = "nasional"

// perPage is how many LIDs a page of the list shows.
const perPage = 20

// lastPage bounds what is reckoned with; no catalogue is that long.
const lastPage = 1_000_000

// query is what somebody asks of the list. Its address can be shared: whoever
// opens it sees the same.
type query struct {
	Text    string
	Classes []simpul.LIDClass
	Agency  simpul.AgencyID
	Region  string // code of a province or regency, or national
	Level   string // of the agency
	Theme   Theme
	Holds   string // personal data: one of the answers in holdings
	Page    int    // from 1
}

// parseQuery reads the parameters of an address. What makes no sense is left
// out: a link that somebody mistyped still leads to a list.
func parseQuery(v url.Values) query {
	q := query{
		Text:   clipped(strings.TrimSpace(v.Get("q")), 200),
		Agency: simpul.AgencyID(clipped(v.Get("agency"), 253)),
		Region: clipped(v.Get("region"), 16),
		Level:  clipped(v.Get("level"), 16),
		Theme:  Theme(clipped(v.Get("theme"), 16)),
		Holds:  clipped(v.Get("personal"), 16),
		Page:   1,
	}
	for _, s := range v["class"] {
		if c, err := simpul.ParseLIDClass(s); err == nil && !slices.Contains(q.Classes, c) {
			q.Classes = append(q.Classes, c)
		}
	}
	if n, err := strconv.Atoi(v.Get("page")); err == nil && n > 1 && n <= lastPage {
		q.Page = n
	}
	return q
}

// clipped is the beginning of s, at most that many characters.
func clipped(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most])
	}
	return s
}

func (q query) values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("q", q.Text)
	for _, c := range q.Classes {
		v.Add("class", string(c))
	}
	set("agency", string(q.Agency))
	set("region", q.Region)
	set("level", q.Level)
	set("theme", string(q.Theme))
	set("personal", q.Holds)
	return v
}

// href is the shortest address of the list that the query asks for.
func (q query) href() string {
	v := q.values()
	if q.Page > 1 {
		v.Set("page", strconv.Itoa(q.Page))
	}
	return address(ListPath, v)
}

// download is the address of the whole list as a table.
func (q query) download() string { return address("/catalog.csv", q.values()) }

func address(path string, v url.Values) string {
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// The query without one of its narrowings, to count what that one could choose.
func (q query) anyClass() query  { q.Classes = nil; return q }
func (q query) anyAgency() query { q.Agency = ""; return q }
func (q query) anyRegion() query { q.Region = ""; return q }
func (q query) anyLevel() query  { q.Level = ""; return q }
func (q query) anyTheme() query  { q.Theme = ""; return q }
func (q query) anyHolds() query  { q.Holds = ""; return q }

// unnarrowed is the query with its text alone.
func (q query) unnarrowed() query { return query{Text: q.Text} }

// firstPage is the query from its beginning.
func (q query) firstPage() query { q.Page = 1; return q }

// narrowings counts the filters in force.
func (q query) narrowings() int {
	n := len(q.Classes)
	for _, choice := range []string{string(q.Agency), q.Region, q.Level, string(q.Theme), q.Holds} {
		if choice != "" {
			n++
		}
	}
	return n
}

func (q query) hasClass(c simpul.LIDClass) bool { return slices.Contains(q.Classes, c) }
